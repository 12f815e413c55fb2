"""Rules about times: when entries were published and last changed, never when their events are."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.places import Element, Value
from publisher.syndication.rules.json_names import has
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import to_utc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from publisher.syndication.subject import Dated, Entry, Facts, Feed

#: Clocks are not quite alike.
_SLACK: Final = timedelta(minutes=10)
#: From when most programs count; Go counts from the year 1.
_EPOCH: Final = 1970
_DATES: Final = ("date_published", "date_modified")
#: What was made for whoever asks for it is not older.
_JUST_NOW: Final = timedelta(minutes=1)


def _moment(dated: Dated | None) -> datetime | None:
    """The moment that is told, in UTC; nothing if none is, or none can be read."""
    return to_utc(dated.when) if dated and dated.when else None


def _changed(facts: Facts) -> datetime | None:
    """When it last changed, as far as it says."""
    return _moment(facts.updated) or _moment(facts.published)


@rule(
    "date-malformed", ERROR, Sight.FACTS,
    source="RFC 4287 3.3 and JSON Feed 1.1 (RFC 3339); RSS 2.0 (RFC 822); Dublin Core (W3C-DTF)",
    misread="Readers take the time at which they fetch it, each time anew, or refuse the feed.",
    mend="write a time that there is, in the form of this format, with its offset from UTC",
)  # fmt: skip
def date_malformed(facts: Facts, feed: Feed) -> Iterator[Found]:
    """A time is written as its format demands, and there is such a day and hour."""
    del feed
    for dated in facts.dates:
        if dated.fault:
            yield dated.said.found(dated.fault, dated.said.text.strip())


@rule(
    "date-future", WARNING, Sight.FACTS,
    source="RFC 4287 4.2.9, 4.2.15; ElixirTeSS/TeSS#942, thomersch/openstreetmap-calendar#149, "
    "WordPress/wordcamp.org#1561",
    misread="Readers hide the entry until then, or keep it above all others until then.",
    mend="write when the entry was published or changed; when an event is belongs into its text",
)  # fmt: skip
def date_future(facts: Facts, feed: Feed) -> Iterator[Found]:
    """What is published was published before now: the date of an entry is never that of its event."""
    for dated in facts.dates:
        moment = _moment(dated)
        if feed.now and moment and moment > feed.now + _SLACK:
            text = dated.said.text.strip()
            yield dated.said.found(f"expected a time that has been, got {quoted(text)}", text)


@rule(
    "date-zero", WARNING, Sight.FACTS,
    source="RFC 4287 4.2.9; the W3C validator's ImplausibleDate",
    misread="Readers sort the entry below all others and throw it away as old; nobody sees it.",
    mend="say when it was published; leave out a time that is not known, where it may be left out",
)  # fmt: skip
def date_zero(facts: Facts, feed: Feed) -> Iterator[Found]:
    """No entry was published before there were feeds: such a time is a program's word for none."""
    del feed
    for dated in facts.dates:
        if dated.when and dated.when.year <= _EPOCH:
            text = dated.said.text.strip()
            yield dated.said.found(f"expected the time of publication, got {quoted(text)}", text)


@rule(
    "updated-early", WARNING, Sight.FACTS,
    source="RFC 4287 4.2.9, 4.2.15",
    misread="Readers that sort by the one and say the other show a change from before there was anything.",
    mend="write the later of the two as the time of the last change",
)  # fmt: skip
def updated_early(facts: Facts, feed: Feed) -> Found | None:
    """Nothing changes before it is published."""
    del feed
    published, updated = _moment(facts.published), _moment(facts.updated)
    if not (published and updated and facts.updated) or updated >= published:
        return None
    return facts.updated.said.found(
        f"expected it at or after the publication, got {quoted(facts.updated.said.text.strip())}"
    )


@rule(
    "date-missing", WARNING, Sight.ENTRY, "rss", "json",
    source="RSS 2.0, 'pubDate'; JSON Feed 1.1, 'date_published'",
    misread="Readers take the time at which they first fetched it: everybody sees another order.",
    mend="say when it was published",
)  # fmt: skip
def date_missing(entry: Entry, feed: Feed) -> Found | None:
    """An entry says when it was published."""
    del feed
    node = entry.node
    if entry.facts.dates or (isinstance(node, Value) and has(node, *_DATES)):  # which is of another type
        return None
    return Found(node, "expected the time of publication, got none")


@rule(
    "feed-updated-old", WARNING, Sight.FEED,
    source="RFC 4287 4.2.15; RSS 2.0, 'lastBuildDate'",
    misread="Programs that look at it first believe that nothing is new.",
    mend="write the time of the entry that changed last",
)  # fmt: skip
def feed_updated_old(feed: Feed) -> Found | None:
    """A feed changed when the last of its entries did, or later; entries in the future do not count."""
    updated = feed.facts.updated
    own, newest = _moment(updated), _newest(feed, feed.now + _SLACK if feed.now else None)
    if not (updated and own and newest) or own >= newest:
        return None
    got = quoted(updated.said.text.strip())
    return updated.said.found(
        f"expected {newest:%Y-%m-%dT%H:%M:%SZ} or later, as its newest entry says, got {got}"
    )


@rule(
    "feed-updated-now", WARNING, Sight.FEED,
    source="RFC 4287 4.2.15 (significant change)",
    misread="The file is another one each time it is asked for: it is sent whole, never answered with 304.",
    mend="write the time of the entry that changed last, not that of the request",
)  # fmt: skip
def feed_updated_now(feed: Feed) -> Found | None:
    """The time of a feed is that of its last change, not that of whoever looks."""
    updated = feed.facts.updated
    own, newest = _moment(updated), _newest(feed)
    if not (feed.now and updated and own) or not abs(feed.now - own) < _JUST_NOW or own == newest:
        return None
    return updated.said.found("expected the time of the last change, got the present moment")


def _newest(feed: Feed, latest: datetime | None = None) -> datetime | None:
    """When the entry changed that changed last, up to a moment if one is given."""
    moments = (moment for entry in feed.entries if (moment := _changed(entry.facts)))
    return max((each for each in moments if latest is None or each <= latest), default=None)


@rule(
    "entries-not-newest-first", WARNING, Sight.FEED,
    source="RSS profile, 'item'; sunpy/ablog#171, lkiesow/python-feedgen#55",
    misread="Mailing lists and programs that look at the first entry send an old one; others stop before "
    "the new "
    "ones.",
    mend="write the newest entry first",
)  # fmt: skip
def entries_not_newest_first(feed: Feed) -> Found | None:
    """Entries stand with the newest first, by their publication or by their last change."""
    if isinstance(feed.channel, Element) and feed.channel.first("fh:archive"):
        return None  # nobody is told of what is new by an archive
    late = []
    for when in (_changed, lambda facts: _moment(facts.published)):
        dated = [(moment, entry) for entry in feed.entries if (moment := when(entry.facts))]
        first = next((after for (earlier, _), (later, after) in pairwise(dated) if later > earlier), None)
        if first is None and len(dated) > 1:
            return None
        late += [first] if first else []
    if not late:
        return None
    return Found(
        late[0].node, "expected the newest entry first, got one that is newer than the entry before it"
    )


RULES = (
    date_malformed,
    date_future,
    date_zero,
    updated_early,
    date_missing,
    feed_updated_old,
    feed_updated_now,
    entries_not_newest_first,
)
