"""Calendars as clients ask for them: declared ones, any other choice, and those of years gone by."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from publisher import app
from publisher.ics.lint import check
from publisher.served import LiveSite
from publisher.server.asgi import application
from sites import CONFIG, CuratedSite

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMED = """
[calendars.both]
title = "Both"
topics = ["science", "law"]
"""
WEEKLY = """\
timezone: Europe/Berlin
recurrence: {every: week, count: 5, changed: [{occurrence: 2026-06-08, start: 2026-06-09}]}
"""
PARTS = """\
sessions: [{id: talk, title: A Talk, start: 2026-06-11 10:00}]
deadlines: [{id: papers, title: Papers due, at: 2026-06-01}]
"""
#: What is declared -> the question that asks for the same.
ASKED = {
    "/en/topics/science/calendar.ics": "/en/calendar.ics?topic=science",
    "/ru/topics/science/calendar.ics": "/ru/calendar.ics?topic=science",
    "/en/topics/science/calendar-2023.ics": "/en/calendar-2023.ics?topic=science",
    "/en/organisations/almau/calendar.ics": "/en/calendar.ics?organisation=almau",
    "/en/calendars/both.ics": "/en/calendar.ics?topic=law&topic=science",
    "/en/calendars/both/2023.ics": "/en/calendar-2023.ics?topic=science&topic=law",
}
#: Names that no calendar has.
STRANGE = (
    "calendar-9999.ics",
    "calendar-0000.ics",
    "calendar-2023-00.ics",
    "calendar-2023-13.ics",
    "calendar-2023-05-01.ics", "calendar-20233.ics", "calendar--2023.ics", "calendar-.ics",
    "calendar-2023.ics.ics", "calendar-\u0662\u0660\u0662\u0663.ics", "calendar-2023%0d%0aX-Evil:1.ics",
    "calendar-2023%00.ics", "calendar-..%2f2023.ics", "CALENDAR-2023.ICS", "calendar-2023.ics%20",
    "calendar-2e3.ics", "event.ics",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    site = CuratedSite.create(tmp_path_factory.mktemp("site"), CONFIG + NAMED)
    site.write("content/topics/law.md", "---\nid: law\nname: Law; and order\n---\n")
    site.write("content/organisations/almau.md", "---\nid: almau\nname: AlmaU\n---\n")
    site.write(
        "content/events/case.md", "---\nid: case\ntitle: A Case\nstart: 2026-07-01\ntopics: [law]\n---\n"
    )
    site.event("conference", more=f"organisers: [almau]\n{PARTS}")
    site.event("weekly", start="2026-06-01 18:00", end='"19:00"', more=WEEKLY)
    site.event("long-ago", start="2023-05-01", end="2023-05-02", more="organisers: [almau]")
    site.build()
    opened = app.open_site(site.root)
    live = LiveSite(opened)
    with TestClient(
        application(live, live), "http://localhost", headers={"accept-encoding": "identity"}
    ) as client:
        yield client
    opened.database.close()


def entries(data: bytes) -> list[bytes]:
    """The entries of a calendar, byte for byte."""
    return re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", data, re.DOTALL)


@pytest.mark.parametrize("declared", ASKED)
def test_who_asks_for_what_is_declared_gets_the_same_entries(client: TestClient, declared: str) -> None:
    answer, asked = client.get(declared), client.get(ASKED[declared])

    assert (answer.status_code, asked.status_code) == (200, 200)
    assert entries(asked.content) == entries(answer.content) != []
    assert [check(each.content, declared) for each in (answer, asked)] == [(), ()]


@pytest.mark.parametrize("path", [*ASKED, *ASKED.values()])
def test_a_calendar_says_what_it_is_and_when_it_changed(client: TestClient, path: str) -> None:
    answer = client.get(path)
    head = client.head(path)

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert re.fullmatch('"[0-9a-f]+"', answer.headers["etag"])
    assert (head.status_code, head.content, head.headers) == (200, b"", answer.headers)


@pytest.mark.parametrize("path", [*ASKED, *ASKED.values()])
@pytest.mark.parametrize("field", ["{}", "W/{}", '"another", {}', "*"])
def test_who_has_it_already_is_told_so(client: TestClient, path: str, field: str) -> None:
    tag = client.get(path).headers["etag"]

    again = client.get(path, headers={"if-none-match": field.format(tag)})
    other = client.get(path, headers={"if-none-match": '"another"'})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert other.status_code == 200


@pytest.mark.parametrize("path", [*ASKED, *ASKED.values()])
def test_a_calendar_is_compressed_for_whoever_reads_that(client: TestClient, path: str) -> None:
    plain = client.get(path)
    with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["etag"] != plain.headers["etag"]
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert gzip.decompress(packed) == plain.content


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("query", ["?topic=science", "?topic=science&organisation=almau"])
def test_a_name_that_no_calendar_has_leads_nowhere(client: TestClient, name: str, query: str) -> None:
    answer = client.get(f"/en/{name}{query}")

    assert answer.status_code == 404
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("year", ["2019", "1970", "2199-12"])
def test_a_year_of_nothing_is_an_empty_calendar(client: TestClient, year: str) -> None:
    answer = client.get(f"/en/calendar-{year}.ics?topic=science")

    assert answer.status_code == 200
    assert entries(answer.content) == []
    assert check(answer.content, "empty.ics") == ()


@pytest.mark.parametrize(
    "query", ["?topic=law%0d%0aX-EVIL:1", "?topic=%00", "?topic=" + "a" * 81, "?topic=a&" * 60, "?topic=%ff"]
)
def test_a_question_brings_nothing_into_a_calendar(client: TestClient, query: str) -> None:
    answer = client.get(f"/en/calendar.ics{query}")

    assert answer.status_code in {400, 404}
    assert b"\nX-EVIL:1" not in answer.content
    assert b"BEGIN:VCALENDAR" not in answer.content


def test_what_nothing_belongs_to_is_a_calendar_all_the_same(client: TestClient) -> None:
    """RFC 5545 section 3.6 wants a component; a client that gets none says that the calendar is broken."""
    answer = client.get("/en/deadlines.ics?topic=science&place=nowhere")
    empty = client.get("/en/programme.ics?organisation=almau&topic=science")

    assert answer.status_code == 404
    assert check(empty.content, "empty.ics") == ()
    assert b"BEGIN:V" in empty.content
