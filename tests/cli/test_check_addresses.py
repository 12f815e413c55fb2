"""`publisher check URL`: what a server gives is looked at as a reader would get it, wherever it leads."""

from __future__ import annotations

import gzip
import json
import socketserver
import threading
import time
from contextlib import chdir
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from publisher.cli import cli
from publisher.cli.check import web as checking
from publisher.fetching import Limits, Network
from webserver import Web, answer, redirect, unchanged, web

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from socket import socket

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
KEPT = "Cache-Control: max-age=900"
FEED = b"""\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>tag:example.org,2026:feed/en</id><title>News</title><updated>2026-11-20T10:00:00Z</updated>
<author><name>Example University</name></author>
<link rel="self" type="application/atom+xml" href="https://example.org/feed.atom"/>
<link rel="alternate" type="text/html" href="https://example.org/en/"/>
<entry><id>tag:example.org,2026:event/a/en</id><title>Forum</title><published>2026-11-20T10:00:00Z</published>
<updated>2026-11-20T10:00:00Z</updated><summary>A forum in Almaty.</summary>
<link rel="alternate" type="text/html" href="https://example.org/en/events/a/"/>
<content type="html">A forum in &lt;em&gt;Almaty&lt;/em&gt;.</content></entry></feed>
"""
CALENDAR = b"""\
BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Example//EN\r
BEGIN:VEVENT\r
UID:1@example.org\r
DTSTAMP:20260101T000000Z\r
DTSTART;VALUE=DATE:20261201\r
SUMMARY:Forum\r
STATUS:CANCELED\r
END:VEVENT\r
END:VCALENDAR\r
"""
PAGE = b"""\
<!doctype html><html lang="en"><head><title>News</title>
<link rel="alternate" type="application/atom+xml" title="All news" href="feed.atom">
<link rel="alternate" type="text/calendar" href="/calendar.ics"></head><body><p>News</p></body></html>
"""


class Plain(socketserver.BaseRequestHandler):
    """A server of http, to which anything else is a bad request."""

    def handle(self) -> None:
        self.request.recv(4096)
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


def run(*words: str) -> Result:
    """The command, as it is called on a terminal."""
    return CliRunner().invoke(cli, ["check", "--now", "2026-11-22T08:00:00Z", *words])


@pytest.fixture
def server() -> Iterator[Web]:
    """A server with a feed, a calendar and a page that names them."""
    answers = {
        "/feed.atom": unchanged(FEED, KEPT, kind="application/atom+xml"),
        "/calendar.ics": unchanged(CALENDAR, KEPT, kind="text/calendar"),
        "/": answer(PAGE, kind="text/html; charset=utf-8"),
    }
    with web(answers) as running:
        yield running


def test_a_sound_feed_on_ones_own_machine_has_nothing_to_mend(server: Web) -> None:
    done = run(server.url("/feed.atom", "localhost"))

    assert (done.exit_code, done.stdout, done.stderr) == (0, "1 URL, nothing to mend\n", "")
    assert ["If-None-Match" in head for head in server.asked] == [False, True]


def test_what_the_file_says_and_what_its_server_says_is_told_together(server: Web) -> None:
    server.answers["/calendar.ics"] = answer(CALENDAR, 'ETag: "1"', kind="text/calendar")
    url = server.url("/calendar.ics")

    done = run(url)

    assert done.exit_code == 1
    assert [line.partition("]")[0] for line in done.stderr.splitlines() if not line.startswith("  ")] == [
        f"{url}:1:1: warning[http-etag-ignored",
        f"{url}:1:1: warning[http-cache-control",
        f"{url}:9:8: error[status-unknown",
    ]


def test_a_page_is_told_with_the_feeds_and_calendars_that_it_names(server: Web) -> None:
    page, feed, calendar = map(server.url, ("/", "/feed.atom", "/calendar.ics"))

    done = run(page)

    assert done.exit_code == 1
    assert done.stderr == (
        f"{page}:1:1: error[web-page]: expected a feed or a calendar, got a web page\n"
        f"  hint: check what the page names: {feed} (All news), {calendar}\n"
    )


def test_a_page_that_names_none_says_what_to_look_for(server: Web) -> None:
    server.answers["/"] = answer(b"<script>1</script>", kind="text/html")

    assert "hint: take the address of the feed or the calendar itself" in run(server.url("/")).stderr


def test_a_feed_that_calls_itself_a_page_is_looked_at_as_a_feed(server: Web) -> None:
    server.answers["/feed"] = answer(FEED, 'ETag: "1"', KEPT, kind="text/html")

    done = run(server.url("/feed"))

    assert "error[http-media-type]" in done.stderr
    assert "web-page" not in done.stderr


def test_several_are_checked_though_one_fails_and_files_with_them(server: Web, tmp_path: Path) -> None:
    (tmp_path / "own.ics").write_bytes(CALENDAR)
    gone, feed = server.url("/gone"), server.url("/feed.atom")

    with chdir(tmp_path):
        done = run("--json", gone, feed, "own.ics")

    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert told["files"] == 3
    assert told["checked"] == [
        {"path": gone, "kind": ""}, {"path": feed, "kind": "atom"}, {"path": "own.ics", "kind": "calendar"},
    ]  # fmt: skip
    assert [(each["path"], each["line"], each["code"]) for each in told["findings"]] == [
        (gone, 1, "http-refused"),
        ("own.ics", 9, "status-unknown"),
    ]


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        ("204 No Content", 1, "the server says that there is nothing"),
        ("206 Partial Content", 1, "the server sends a part, though nobody asked for one"),
        ("302 Found", 1, "the server leads elsewhere without the header Location"),
        ("404 Not Found", 1, "see whether the address is complete"),
        ("410 Gone", 1, "no longer shared"),
        ("401 Unauthorized", 1, "save the file and check that"),
        ("403 Forbidden", 1, "save the file and check that"),
        ("500 Oops\x1b[31m", 3, "try again later"),
        ("503 Busy", 3, "try again later"),
        ("429 Slow down", 3, "try again later"),
    ],
)
def test_an_answer_without_a_feed_fails_and_a_server_that_may_do_better_later_otherwise(
    server: Web, status: str, code: int, hint: str
) -> None:
    server.answers["/x"] = answer(b"", status=status)

    done = run(server.url("/x"))

    assert done.exit_code == code
    assert f"it answers {status[:3]}" in done.stderr
    assert hint in done.stderr
    assert "\x1b" not in done.stderr


def test_an_answer_without_a_name_ends_without_a_blank(server: Web) -> None:
    server.answers["/x"] = answer(b"", status="599 ")

    assert "it answers 599\n" in run(server.url("/x")).stderr


def test_a_server_that_leads_on_and_does_not_say_where_to_is_told_so(server: Web) -> None:
    server.answers["/x"] = answer(b"", status="302 Found")

    assert "it answers 302 Found, and does not say where to\n" in run(server.url("/x")).stderr


def test_an_encrypted_question_to_a_port_without_encryption_is_told_as_that() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), Plain) as plain:
        threading.Thread(target=plain.handle_request, daemon=True).start()
        done = run(f"https://127.0.0.1:{plain.server_address[1]}/feed.atom")

    assert done.exit_code == 3
    assert "'127.0.0.1' gives no feed or calendar: what it answers is no TLS\n" in done.stderr
    assert "hint: see whether the port is right: it may be one of http://" in done.stderr


def test_nobody_there_is_a_failure_of_its_own(server: Web) -> None:
    with web({}) as other:
        nobody = other.url("/feed")

    done = run(nobody, server.url("/feed.atom"))

    assert done.exit_code == 3
    assert done.stderr.startswith(
        f"{nobody}:1:1: error[http-not-reached]: '127.0.0.1' gives no feed or calendar: "
    )
    assert done.stdout == "2 URLs, 1 error, 0 warnings\n"


def test_a_feed_that_leads_on_for_ever_is_given_up(server: Web) -> None:
    server.answers["/loop"] = redirect("/loop", "301 Moved")

    done = run(server.url("/loop"))

    assert done.exit_code == 1
    assert (
        "error[http-refused]: '127.0.0.1' gives no feed or calendar: it leads on more than 5 times"
        in done.stderr
    )
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "location", ["ftp://example.org/", "http://169.254.169.254/latest/", "http://ann:pw@127.0.0.1/"]
)
def test_a_way_that_leads_astray_is_not_followed(server: Web, location: str) -> None:
    server.answers["/away"] = redirect(location)

    done = run(server.url("/away"))

    assert done.exit_code == 1
    assert "error[http-out-of-bounds]: " in done.stderr
    assert ("leads on to what is no web address" in done.stderr) is ("169.254" not in location)
    assert "pw" not in done.stderr


@pytest.mark.parametrize("coding", ["utf-8", "br", "gzip"])
def test_what_is_not_packed_as_it_says_is_told_as_that(server: Web, coding: str) -> None:
    server.answers["/x"] = answer(FEED, f"Content-Encoding: {coding}", kind="application/atom+xml")

    done = run(server.url("/x"))

    assert done.exit_code == 1
    assert "error[http-coding]: '127.0.0.1' gives no feed or calendar: " in done.stderr


def endless(connection: socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/atom+xml\r\n\r\n<feed>")
    while True:
        connection.sendall(b"<entry/>" * 8_192)


def drip(connection: socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"<")
        time.sleep(0.02)


@pytest.mark.parametrize(
    "said",
    [endless, answer(gzip.compress(bytes(30_000_000), 1), "Content-Encoding: gzip")],
    ids=["endless", "packed"],
)
def test_more_than_any_reader_would_take_is_given_up(server: Web, said: object) -> None:
    server.answers["/much"] = said

    done = run(server.url("/much"))

    assert done.exit_code == 1
    assert "error[http-out-of-bounds]: '127.0.0.1' sends more than 20 MiB" in done.stderr


@pytest.mark.parametrize(
    "said", [drip, lambda connection: connection.recv(1) and None], ids=["drips", "is silent"]
)
def test_a_server_that_takes_too_long_is_given_up(server: Web, said: object) -> None:
    server.answers["/slow"] = said
    hasty = Network(may_begin=checking.NETWORK.may_begin, limits=Limits(seconds=0.4))

    done = checking.check(server.url("/slow"), NOW, hasty)

    assert done.is_unanswered
    assert [(each.code, "in time" in each.message) for each in done.findings] == [("http-not-reached", True)]


def test_a_server_that_does_not_answer_twice_is_told_with_what_it_said_first(server: Web) -> None:
    def once(connection: socket) -> None:
        if len(server.asked) == 1:
            connection.sendall(answer(CALENDAR, 'ETag: "1"', KEPT))

    server.answers["/once.ics"] = once

    done = run(server.url("/once.ics"))

    assert done.exit_code == 3
    assert "error[http-not-reached]: asked again: '127.0.0.1' gives no feed or calendar" in done.stderr
    assert "error[status-unknown]" in done.stderr


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (answer(b"", kind="application/atom+xml"), "got nothing"),
        (answer(b'{"error": "no such feed"}', kind="application/json"), "got JSON of another sort"),
        (answer(b"<?xml version='1.0'?><urlset/>", kind="text/xml"), "got XML with the root <urlset>"),
        (answer(b"%PDF-1.7\n\x00\xff", kind="application/pdf"), "got '%PDF-1.7"),
    ],
)
def test_what_is_neither_feed_nor_calendar_is_told_as_what_it_is(server: Web, said: bytes, told: str) -> None:
    server.answers["/x"] = said

    done = run(server.url("/x"))

    assert done.exit_code == 1
    assert "error[neither-feed-nor-calendar]: expected a feed or a calendar, " + told in done.stderr


def test_a_list_of_feeds_says_where_the_feeds_are(server: Web) -> None:
    server.answers["/feeds.opml"] = answer(b'<?xml version="1.0"?><opml version="2.0"/>', kind="text/x-opml")

    assert (
        "hint: check the feeds that the list names: the values of xmlUrl"
        in run(server.url("/feeds.opml")).stderr
    )
