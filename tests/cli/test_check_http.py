"""What HTTP says of a feed or a calendar: for each rule a server that breaks it, and one that keeps it."""

from __future__ import annotations

import gzip
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publisher.cli.check.web import check
from publisher.syndication import http
from publisher.syndication.http.rule import Sight
from webserver import answer, redirect, web

if TYPE_CHECKING:
    from collections.abc import Iterator
    from socket import socket

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
EPOCH = "Thu, 01 Jan 1970 00:00:00 GMT"
BEFORE, LATER = "Sat, 21 Nov 2026 08:00:00 GMT", "Sat, 16 Nov 2041 19:11:00 GMT"
LAST_OF_ALL = "Fri, 31 Dec 9999 23:59:59 GMT"
#: What is tried out on one's own machine will stand under another host.
ELSEWHERE = "https://example.org/"
HUB, OTHER_HUB = "https://hub.example.org/secret", "https://hub.example.net/"
HUB_LINK = f'Link: <{HUB}>; rel="hub"'
SELF_LINK = 'Link: <{url}>; rel="self"'


def atom(
    more: str = "", own: str = "{url}", declared: str = "utf-8", entry: str = "2026-11-20T10:00:00Z"
) -> str:
    """A feed of one entry; `{url}` becomes its own address."""
    return f"""\
<?xml version="1.0" encoding="{declared}"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>tag:example.org,2026:feed/en</id><title>News</title><updated>{entry}</updated>
<author><name>Example University</name></author>
<link rel="self" type="application/atom+xml" href="{own}"/>{more}
<entry><id>tag:example.org,2026:event/a/en</id><title>Forum</title><updated>{entry}</updated>
<link rel="alternate" type="text/html" href="https://example.org/en/events/a/"/><summary>A forum.</summary>
<content type="html">A forum in &lt;em&gt;Almaty&lt;/em&gt;.</content></entry></feed>
"""


RSS = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title>
<link>https://example.org/en/</link><description>News of the office.</description><language>en</language>
<atom:link rel="self" type="application/rss+xml" href="{url}"/></channel></rss>
"""
JSON = """\
{{"version": "https://jsonfeed.org/version/1.1", "title": "News", "home_page_url": "https://example.org/en/",
 "feed_url": "{url}", "language": "en", "items": []}}
"""
CALENDAR = """\
BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Example//EN\r
BEGIN:VEVENT\r
UID:1@example.org\r
DTSTAMP:20260101T000000Z\r
DTSTART;VALUE=DATE:20261201\r
SUMMARY:Forum\r
END:VEVENT\r
END:VCALENDAR\r
"""
ATOM_TYPE, RSS_TYPE = "application/atom+xml; charset=utf-8", "application/rss+xml; charset=utf-8"
JSON_TYPE, CALENDAR_TYPE = "application/feed+json; charset=utf-8", "text/calendar; charset=utf-8"
KEPT = "Cache-Control: public, max-age=900"


@contextmanager
def serving(
    body: str | None = None, kind: str = ATOM_TYPE, *headers: str, tag: str = '"1"', modified: str = BEFORE,
    kept: str = KEPT, obeys: str = "etag, date", again: str = "", packed: bool = False,
) -> Iterator[str]:  # fmt: skip
    """The address of a feed on a server that does everything right, but for what is given."""
    with web({}) as server:
        url = server.url("/feed")
        first, second = ((body or atom()).format(url=url).encode(), again.encode())

        def said(connection: socket) -> None:
            head = server.asked[-1]
            is_known = (f"If-None-Match: {tag}\r\n" in head and "etag" in obeys) or (
                f"If-Modified-Since: {modified}\r\n" in head and "date" in obeys
            )
            validators = [f"ETag: {tag}"] * bool(tag) + [f"Last-Modified: {modified}"] * bool(modified)
            more = [each.format(url=url) for each in (*headers, *validators, kept) if each]
            if is_known:
                connection.sendall(answer(b"", *more, status="304 Not Modified", kind=kind))
                return
            sent = second if again and len(server.asked) > 1 else first
            coding = ["Content-Encoding: gzip"] if packed else []
            connection.sendall(answer(gzip.compress(sent) if packed else sent, *more, *coding, kind=kind))

        server.answers |= {
            "/feed": said,
            "/moved": redirect("/feed", "301 Moved Permanently"),
            "/led": redirect("/feed"),
        }
        yield url


def codes(url: str) -> list[str]:
    """What is said of HTTP."""
    return [each.code for each in check(url, NOW).findings if each.code.startswith("http-")]


LONG = atom("<rights>" + "All rights reserved. " * 500 + "</rights>")
HUBBED = atom(f'<link rel="hub" href="{HUB}"/>')
ARCHIVE = atom('<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>')

UTF8, LATIN1 = "application/atom+xml; charset=UTF8", "application/atom+xml; charset=ISO-8859-1"
LONG_KEPT, LONGER_KEPT = "Cache-Control: max-age=2591034", "Cache-Control: max-age=99999999"

#: For each rule what a server does that breaks it, and something near that which does not.
CASES = {
    "http-media-type": ({"kind": "text/html; charset=utf-8"}, {}),
    "http-media-type-wide": ({"kind": "text/xml; charset=utf-8"}, {}),
    "http-media-type-twice": (
        {"headers": ("Content-Type: text/html; charset=utf-8",)},
        {"headers": (f"Content-Type: {ATOM_TYPE}",)},
    ),
    "http-charset": ({"kind": LATIN1}, {"kind": UTF8}),
    "http-not-packed": ({"body": LONG}, {"body": LONG, "packed": True}),
    "http-no-validator": ({"tag": "", "modified": ""}, {"tag": ""}),
    "http-etag-ignored": ({"obeys": "date"}, {"tag": 'W/"1"'}),
    "http-date-ignored": ({"obeys": "etag"}, {"modified": ""}),
    "http-never-the-same": ({"obeys": "", "again": "another"}, {"again": "another, which nobody gets"}),
    "http-date-unreadable": ({"modified": "yesterday"}, {}),
    "http-date-in-future": ({"modified": LATER}, {"modified": "Sun, 22 Nov 2026 08:05:00 GMT"}),
    "http-date-behind": ({"modified": EPOCH}, {"modified": "Thu, 19 Nov 2026 22:00:00 GMT"}),
    "http-cache-control": ({"kept": ""}, {"kept": "Expires: Sun, 22 Nov 2026 09:00:00 GMT"}),
    "http-kept-long": ({"kept": LONG_KEPT}, {"kept": LONGER_KEPT, "body": ARCHIVE}),
    "http-max-age-malformed": (
        {"kept": "Cache-Control: max-age=1h"},
        {"kept": 'Cache-Control: max-age="900", s-maxage=60'},
    ),
    "http-etag-malformed": ({"tag": "abc"}, {"tag": 'W/"abc"'}),
    "http-vary-any": ({"headers": ("Vary: Accept, *",)}, {"headers": ("Vary: Accept-Encoding",)}),
    "http-self-other": ({"body": atom(own=f"{ELSEWHERE}old")}, {"body": atom(own=f"{ELSEWHERE}feed")}),
    "http-hub-one-sided": ({"body": HUBBED}, {"body": HUBBED, "headers": (HUB_LINK, SELF_LINK)}),
    "http-hub-without-self": ({"body": HUBBED, "headers": (HUB_LINK,)}, {}),
}


def said_of(case: dict[str, object]) -> list[str]:
    case = dict(case)
    body, kind, headers = case.pop("body", None), case.pop("kind", ATOM_TYPE), case.pop("headers", ())
    with serving(body, kind, *headers, **case) as url:
        return codes(url)


@pytest.mark.parametrize("code", CASES)
def test_a_server_that_breaks_a_rule_is_told_so_and_nothing_else(code: str) -> None:
    broken, _ = CASES[code]

    assert said_of(broken) == [code]


@pytest.mark.parametrize("code", CASES)
def test_and_what_is_near_that_is_sound(code: str) -> None:
    _, sound = CASES[code]

    assert said_of(sound) == []


def test_an_address_that_has_moved_for_good_is_told_from_one_that_leads_on_for_now() -> None:
    with serving() as url:
        moved, led = (check(url.replace("/feed", path), NOW).findings for path in ("/moved", "/led"))

    assert [each.code for each in moved + led if each.code.startswith("http-")] == [
        "http-moved",
        "http-led-on",
    ]
    assert f"give {url} wherever this one stands" in moved[0].hint


def test_every_rule_about_answers_has_its_server() -> None:
    about_answers = {rule.code for rule in http.RULES if rule.sight is Sight.EXCHANGE}

    assert {*CASES, "http-moved", "http-led-on"} == about_answers


@pytest.mark.parametrize(("body", "kind"), [(RSS, RSS_TYPE), (JSON, JSON_TYPE), (CALENDAR, CALENDAR_TYPE)])
def test_the_other_formats_are_held_against_the_same_rules(body: str, kind: str) -> None:
    assert said_of({"body": body, "kind": kind, "modified": BEFORE}) == []
    assert said_of({"body": body, "kind": "text/html"}) == ["http-media-type"]
    assert said_of({"body": body, "kind": kind, "obeys": ""}) == ["http-etag-ignored", "http-date-ignored"]


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (None, "text/plain", "http-media-type"),
        (None, "application/octet-stream", "http-media-type"),
        (None, "", "http-media-type"),
        (None, RSS_TYPE, "http-media-type-wide"),
        (RSS, "application/xml", "http-media-type-wide"),
        (JSON, "application/octet-stream", "http-media-type-wide"),
        (JSON, "application/json; charset=latin1", "http-charset"),
        (CALENDAR, "text/plain", "http-media-type-wide"),
        (CALENDAR, "text/calendar; charset=windows-1251", "http-charset"),
    ],
)
def test_each_format_has_types_that_are_wrong_and_types_that_are_too_wide(
    body: str | None, kind: str, code: str
) -> None:
    assert said_of({"body": body, "kind": kind}) == [code]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("no-store", "no-store"),
        ("private, no-cache", "no-cache"),
        ("max-age=0, must-revalidate", "'max-age=0, must-revalidate'"),
        ("private", "'private'"),
        ("", "none"),
    ],
)
def test_what_may_not_be_kept_is_told_as_such(said: str, told: str) -> None:
    with serving(kept=f"Cache-Control: {said}" if said else "") as url:
        found = [each.message for each in check(url, NOW).findings if each.code == "http-cache-control"]

    assert len(found) == 1
    assert found[0].endswith(f"got {told}")


def test_a_server_whose_clock_is_wrong_is_measured_by_its_own() -> None:
    assert said_of({"modified": LATER, "headers": (f"Date: {LATER}",)}) == []


#: The path of a hub may be a secret.
ONLY_IN_FEED = (
    "expected the hub 'https://hub.example.org/...' in the header Link too, got it in the feed alone"
)
ONLY_IN_HEADER = "expected the hub 'https://hub.example.net' in the feed too, got it in the header Link alone"
TWO_OF_ITSELF = "expected one link to itself beside the hub in the header Link, got 2"
OTHER_LINK = f"Link: <{OTHER_HUB}>; "


@pytest.mark.parametrize(
    ("headers", "messages"),
    [
        ((SELF_LINK,), [ONLY_IN_FEED]),
        ((HUB_LINK, SELF_LINK, f"{OTHER_LINK}rel='hub'; title=\"a, b\""), []),
        ((HUB_LINK, SELF_LINK, f'{OTHER_LINK}rel="preload HUB"'), [ONLY_IN_HEADER]),
        ((HUB_LINK, SELF_LINK, f'{OTHER_LINK}rel=hub; anchor="/other"'), []),
        ((f"Link: <{HUB}>; rel=hub, <{{url}}>; rel=self",), []),
        ((HUB_LINK, 'Link: </feed>; rel="self"'), []),
        ((HUB_LINK, 'Link: </feed>; rel="self"', 'Link: </x>; rel="self"'), [TWO_OF_ITSELF]),
    ],
)
def test_hubs_are_the_same_in_feed_and_header(headers: tuple[str, ...], messages: list[str]) -> None:
    with serving(HUBBED, ATOM_TYPE, *headers) as url:
        found = [each.message for each in check(url, NOW).findings if each.code.startswith("http-")]

    assert found == messages


@pytest.mark.parametrize(
    "header",
    [
        "Link: <<<<<",
        "Link: " + "<a>;" * 5_000,
        "Link: <http://[>; rel=hub",
        "Cache-Control: =,=max-age=,,max-age",
        "Cache-Control: max-age=" + "9" * 5_000,
        "Content-Type: ;;;charset=",
        "Content-Type: text/xml; charset=\0",
        "Link: " + "<a>; rel=hub, " * 4_000,
        "ETag: \x01",
        "Last-Modified: Sun, 99 Nov 99999 99:99:99 GMT",
        "Last-Modified: Mon, 01 Jan 0001 00:00:00 GMT",
        f"Date: {LAST_OF_ALL}\r\nLast-Modified: {LAST_OF_ALL}",
    ],
)
def test_headers_without_sense_break_nothing(header: str) -> None:
    with serving(None, ATOM_TYPE, header, tag="", modified="", kept="") as url:
        assert check(url, NOW).kind == "atom"
