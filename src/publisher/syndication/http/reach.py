"""Whether anything that can be checked comes from an address: whoever asks tells it."""

from __future__ import annotations

from publisher.linting.rule import ERROR
from publisher.syndication.http.rule import of_reach

NOT_REACHED = of_reach(
    "http-not-reached", ERROR, "A feed or a calendar can be fetched.",
    source="RFC 9110 15.6; the names, networks and certificates below it",
    misread="Readers show what they had; after some days many mark a feed as dead and ask no more.",
    mend="see whether the server runs, and try again later",
)  # fmt: skip
REFUSED = of_reach(
    "http-refused", ERROR, "Everybody gets it at the address that is given.",
    source="RFC 9110 15.4, 15.5",
    misread="Readers lose the feed with 410 and many with 404; programs cannot log in.",
    mend="see whether the address is complete, and give access to everybody",
)  # fmt: skip
CODING = of_reach(
    "http-coding", ERROR, "An answer is packed as it says, and in no way that was not asked for.",
    source="RFC 9110 8.4, 12.5.3, tedder/aws-release-notes-rss#6",
    misread="Readers cannot unpack it, and show what they had: a feed whose Content-Encoding named a"
    " character set stood still in Inoreader for a year.",
    mend="send Content-Encoding: gzip with what is packed with gzip, and none with what is not packed",
)  # fmt: skip
OUT_OF_BOUNDS = of_reach(
    "http-out-of-bounds", ERROR,
    "The way to it leads to public addresses, always encrypted if it begins so, and it has an end.",
    source="RFC 9110 7.4, 17",
    misread="Readers on servers go nowhere else, and give up on what is too large or never ends.",
    mend="give the address at which it really is",
)  # fmt: skip
WEB_PAGE = of_reach(
    "web-page", ERROR, "It is a feed or a calendar, not the page that tells of one.",
    source="RFC 4287 2, RFC 5545 8.1",
    misread="Some readers look through the page for a feed, and may take another one than is meant; programs"
    " for calendars say that they cannot subscribe, or show nothing.",
    mend="take the address of the feed or the calendar itself",
)  # fmt: skip
NEITHER = of_reach(
    "neither-feed-nor-calendar", ERROR,
    "A file is Atom, RSS, JSON Feed or iCalendar, as its own beginning says.",
    source="RFC 4287 4.1.1, RSS 2.0, JSON Feed 1.1, RFC 5545 3.4",
    misread="Readers go by the beginning of a file, not by its name, and find nothing.",
    mend="see whether it is the right file: an export, or the address of a feed or a calendar",
)  # fmt: skip

RULES = (NOT_REACHED, REFUSED, CODING, OUT_OF_BOUNDS, WEB_PAGE, NEITHER)
