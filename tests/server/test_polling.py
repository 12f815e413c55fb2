"""Programs that poll are told when nothing changed, and never told so wrongly."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from publisher.server.representation import accepts_gzip

from .sites import FILES, LONG_AGO_HTTP, SmallSite, write

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PATHS = ["/en/calendar.ics", "/en/", "/en/calendar.ics?topic=law", "/assets/picture.0a1b2c3d.png"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_holds_it_gets_a_short_answer_that_repeats_what_caches_need(
    client: TestClient, path: str, coding: str, method: str
) -> None:
    first = client.get(path, headers={"accept-encoding": coding})
    again = client.request(
        method, path, headers={"accept-encoding": coding, "if-none-match": first.headers["etag"]}
    )

    assert again.status_code == 304
    assert again.content == b""
    for name in ("etag", "cache-control", "vary", "last-modified", "access-control-allow-origin"):
        assert again.headers.get(name) == first.headers.get(name)
    assert not {"content-length", "content-type", "content-encoding"} & set(again.headers)


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("{}", 304),
        ("W/{}", 304),
        ('"other", {}', 304),
        ('"other",W/{} , "third"', 304),
        ("*", 304),
        (" * ", 304),
        ('"with, comma", {}', 304),
        ('"other"', 200),
        ('W/"other"', 200),
        ("", 200),
        ("garbage", 200),
        ('"', 200),
        ('"unfinished', 200),
        (", , ,", 200),
    ],
)
def test_the_tag_may_be_one_of_a_list_weak_or_anything(client: TestClient, field: str, status: int) -> None:
    tag = client.get("/en/calendar.ics").headers["etag"]

    answer = client.get("/en/calendar.ics", headers={"if-none-match": field.format(tag)})

    assert answer.status_code == status


def test_several_lines_of_tags_are_one_list(client: TestClient) -> None:
    tag = client.get("/en/calendar.ics").headers["etag"]

    answer = client.get("/en/calendar.ics", headers=[("if-none-match", '"a"'), ("if-none-match", tag)])

    assert answer.status_code == 304


def test_the_tag_of_the_compressed_form_is_not_that_of_the_plain_one(client: TestClient) -> None:
    packed = client.get("/en/calendar.ics", headers={"accept-encoding": "gzip"}).headers["etag"]

    answer = client.get("/en/calendar.ics", headers={"accept-encoding": "identity", "if-none-match": packed})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (LONG_AGO_HTTP, 304),
        ("Sat, 03 Jan 2026 00:00:00 GMT", 304),
        ("Friday, 02-Jan-26 03:04:05 GMT", 304),
        ("Fri Jan  2 03:04:05 2026", 304),
        ("Fri, 02 Jan 2026 03:04:04 GMT", 200),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
        ("Tue, 01 Jan 2999 00:00:00 GMT", 200),
        ("yesterday", 200),
        ("Fri, 99 Foo 2026 03:04:05 GMT", 200),
        ("Fri, 02 Jan 99999999999 03:04:05 GMT", 200),
        ("", 200),
    ],
)
def test_a_date_says_it_as_well_unless_it_is_none_or_still_to_come(
    client: TestClient, since: str, status: int
) -> None:
    assert client.get("/en/calendar.ics", headers={"if-modified-since": since}).status_code == status


def test_the_tag_wins_over_the_date(client: TestClient) -> None:
    tag = client.get("/en/calendar.ics").headers["etag"]
    late = "Sat, 03 Jan 2026 00:00:00 GMT"

    stale = client.get("/en/calendar.ics", headers={"if-none-match": '"old"', "if-modified-since": late})
    fresh = client.get(
        "/en/calendar.ics",
        headers={"if-none-match": tag, "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    )

    assert (stale.status_code, fresh.status_code) == (200, 304)


@pytest.mark.parametrize(
    "when", [datetime.now(UTC), datetime(2999, 1, 1, tzinfo=UTC)], ids=["just now", "to come"]
)
def test_no_date_is_told_that_another_change_could_bear_too(
    client: TestClient, site: SmallSite, when: datetime
) -> None:
    """A second change within the second would be hidden for ever from whoever asks by date."""
    soon = max(when, datetime.fromtimestamp(time.time() + 60, UTC))
    write(site.build, {"en/feed.rss": FILES["en/feed.rss"]}, soon)

    assert "last-modified" not in client.get("/en/feed.rss").headers
    since = formatdate(soon.timestamp(), usegmt=True)
    assert client.get("/en/feed.rss", headers={"if-modified-since": since}).status_code == 200


@pytest.mark.parametrize("ranges", ["bytes=0-4", "bytes=-1", "bytes=" + "0-," * 1000 + "0-", "lines=1-2"])
def test_parts_are_not_served_the_whole_is(client: TestClient, ranges: str) -> None:
    answer = client.get("/en/calendar.ics", headers={"range": ranges})

    assert answer.status_code == 200
    assert answer.content == FILES["en/calendar.ics"]


@pytest.mark.parametrize(
    ("field", "taken"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("br, gzip;q=0.5", True),
        ("br;q=1.0 , gzip ; q=0.001", True),
        ("*", True),
        ("identity;q=0, *;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("gzip;q=0, *;q=1", False),
        ("*;q=0", False),
        ("identity", False),
        ("br, zstd", False),
        ("", False),
        ("gzip;q=..", False),
        ("gzip;q", False),
        ("notgzip", False),
    ],
)
def test_compression_is_for_those_who_ask_for_it(field: str, *, taken: bool) -> None:
    assert accepts_gzip(field) is taken
