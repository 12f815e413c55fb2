"""The operator sees each request in one line; nobody can write into the log, and no secret ends up there."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from publisher.server.asgi import application
from publisher.server.log import LOGGER, shown, write_access_log

from .sites import CALENDAR, SmallSite, WrittenDown
from .wire import get, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    before = LOGGER.handlers[:], LOGGER.level, LOGGER.propagate
    write_access_log(stream)
    yield stream
    LOGGER.handlers[:], _, LOGGER.propagate = before
    LOGGER.setLevel(before[1])


def test_a_line_tells_method_path_status_bytes_and_time(client: TestClient, log: io.StringIO) -> None:
    client.get("/en/calendar.ics")
    client.head("/nothing")

    first, second = log.getvalue().splitlines()
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d \S+ GET /en/calendar\.ics 200 {len(CALENDAR)} \d+\.\dms", first)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \S+ HEAD /nothing 404 0 \d+\.\dms", second)


def test_it_is_off_until_it_is_turned_on(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/")

    assert caplog.records == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("topic=law&place=astana", "topic=law&place=astana"),
        ("token=SECRET", "..."),
        ("SECRET", "..."),
        ("SECRET=1&topic=law", "...&topic=law"),
        ("topicSECRET=1", "..."),
        ("email=SECRET%40example.org&kind=event", "...&kind=event"),
    ],
)
def test_of_a_query_only_the_choice_of_records_is_written(
    client: TestClient, log: io.StringIO, query: str, shown: str
) -> None:
    client.get(f"/en/feed.atom?{query}")

    assert f" /en/feed.atom?{shown} " in log.getvalue()
    assert "SECRET" not in log.getvalue()


TOKEN = "AgEAATuvB1iMMkMkAAAAAAAAAAAAAAAAU6I45UmmxI-h8c0rlue0"  # noqa: S105 -- the shape of one


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (f"/confirm/{TOKEN}", "/confirm/..."),
        (f"/preferences/{TOKEN}", "/preferences/..."),
        (f"/unsubscribe/{TOKEN}", "/unsubscribe/..."),
        (f"/refuse/{TOKEN}?{TOKEN}", "/refuse/...?..."),
        (f"/unsubscribe/{TOKEN[:-9]}", "/unsubscribe/..."),
        (f"//unsubscribe//{TOKEN}", "//unsubscribe//..."),
        (f"/UNSUBSCRIBE/{TOKEN}/", "/UNSUBSCRIBE/..."),
        (f"/%75nsubscribe/{TOKEN}", "/unsubscribe/..."),
        (f"/unsubscribe%2F{TOKEN}", "/unsubscribe/..."),
        (f"/en/{TOKEN}", "/en/..."),
        (f"/{TOKEN}.html", "/....html"),
        ("/subscribe/ann@example.org", "/subscribe/..."),
        ("/ann%40example.org/x", "/.../x"),
        ("/confirmations/", "/confirmations/"),
        ("/en/events/a-conference-with-a-very-long-name-that-nobody-ever-cut-short/", None),
    ],
)
def test_no_token_and_no_address_of_mail_is_written(
    site: SmallSite, log: io.StringIO, target: str, shown: str | None
) -> None:
    with running(application(site, WrittenDown())) as port:
        get(port, target.encode())

    assert (
        f" GET {shown or target} 404 " in log.getvalue() or f" GET {shown or target} 308 " in log.getvalue()
    )


def test_no_header_and_no_address_of_a_client_is_written(client: TestClient, log: io.StringIO) -> None:
    client.get(
        "/",
        headers={"user-agent": "SECRET", "cookie": "SECRET", "referer": "SECRET", "authorization": "SECRET"},
    )

    assert "SECRET" not in log.getvalue()
    assert "testclient" not in log.getvalue()


@pytest.mark.parametrize(
    "target",
    [
        b"/a%0aGET%20/forged",
        b"/%1b[31mred",
        b"/%0d%0a",
        b"/\\x1b[2J",
        b"/?topic=%0a%1b[31m",
        b"/" + b"a" * 4000,
    ],
)
def test_nobody_writes_a_line_of_their_own(site: SmallSite, log: io.StringIO, target: bytes) -> None:
    with running(application(site, WrittenDown())) as port:
        get(port, target)

    (line,) = log.getvalue().splitlines()
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 500


def test_whatever_a_server_lets_through_is_written_in_visible_ascii() -> None:
    assert shown("/a\nb\r\x1b[31m\x00 ü") == "/a%0Ab%0D%1B[31m%00%20%FC"


def test_a_fault_is_logged_as_one(site: SmallSite, log: io.StringIO) -> None:
    site.edition = None  # type: ignore[method-assign,assignment]
    TestClient(application(site, WrittenDown()), raise_server_exceptions=False).get(
        "/en/calendar.ics?topic=law"
    )

    assert " GET /en/calendar.ics?topic=law 500 " in log.getvalue()


@pytest.mark.usefixtures("log")
def test_the_log_goes_to_stderr(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    write_access_log()
    client.get("/robots.txt")

    out, err = capsys.readouterr()
    assert out == ""
    assert " GET /robots.txt 200 " in err
    assert logging.getLogger().handlers != LOGGER.handlers
