"""Any choice of topics, organisations, places and series is a calendar and a feed of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from publisher.errors import SiteBusy
from publisher.server.asgi import application

from .sites import FILES, SmallSite, WrittenDown, edition, write
from .wire import PATIENCE, get, running

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.model.edition import Edition

WANTED = [
    (
        "/en/calendar.ics?topic=law",
        "calendar in en of topics=law at en/calendar.ics?topic=law called News: Law",
    ),
    (
        "/en/calendar.ics?topic=law&topic=arts&place=astana",
        (
            "calendar in en of topics=arts|law places=astana"
            " at en/calendar.ics?place=astana&topic=arts&topic=law called News: Astana, The Arts, Law"
        ),
    ),
    (
        "/kk/programme.ics?organisation=almau",
        (
            "programme in kk of organisations=almau"
            " at kk/programme.ics?organisation=almau called Жаңалықтар: AlmaU"
        ),
    ),
    (
        "/en/deadlines.ics?series=forum",
        "deadlines in en of series=forum at en/deadlines.ics?series=forum called News: The Forum",
    ),
    (
        "/en/calendar-2023.ics?topic=law",
        "calendar 2023 in en of topics=law at en/calendar-2023.ics?topic=law called News: Law",
    ),
    (
        "/en/programme-2023-05.ics?topic=law",
        "programme 2023-05 in en of topics=law at en/programme-2023-05.ics?topic=law called News: Law",
    ),
    (
        "/en/feed.atom?topic=law",
        "atom in en of topics=law at https://news.example.org/en/feed.atom?topic=law",
    ),
    (
        "/kk/feed.rss?topic=law&kind=event",
        "rss in kk of topics=law kinds=event at https://news.example.org/kk/feed.rss?kind=event&topic=law",
    ),
    (
        "/en/feed.atom?kind=change&topic=law",
        "atom in en of topics=law kinds=change at https://news.example.org/en/feed.atom?kind=change&topic=law",
    ),
    (
        "/en/feed.json?kind=announcement&kind=event",
        "json in en of kinds=announcement|event at https://news.example.org/en/feed.json?kind=announcement&kind=event",
    ),
]


@pytest.mark.parametrize(("address", "made"), WANTED)
def test_what_is_asked_for_is_what_is_made(
    client: TestClient, renderings: WrittenDown, address: str, made: str
) -> None:
    answer = client.get(address)

    assert answer.status_code == 200
    assert renderings.made == [made]
    assert answer.text == f"{made} with 3 topics\n"


@pytest.mark.parametrize(("address", "_made"), WANTED)
def test_it_is_answered_as_its_plain_file_is(client: TestClient, address: str, _made: str) -> None:
    combination, plain = client.get(address), client.get(address.replace("/kk/", "/en/").partition("?")[0])

    assert plain.status_code in {200, 404}
    for name in (
        ("content-type", "cache-control", "access-control-allow-origin", "vary") if plain.is_success else ()
    ):
        assert combination.headers[name] == plain.headers[name]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "?fbclid=IwAR0&utm_source=mail",
        "?topic=",
        "?topic=&place=&organisation=&series=",
        "?page=law",
        "?kind=announcement",
        "?&&&",
    ],
)
def test_without_a_choice_it_is_the_plain_file(
    client: TestClient, renderings: WrittenDown, query: str
) -> None:
    answer = client.get(f"/en/calendar.ics{query}")

    assert answer.content == FILES["en/calendar.ics"]
    assert renderings.made == []


def test_names_that_calendar_programs_add_change_nothing(client: TestClient) -> None:
    plain = client.get("/en/calendar.ics?topic=law")
    added = client.get("/en/calendar.ics?nocache=17&topic=law&utm_source=x&topic=")

    assert added.headers["etag"] == plain.headers["etag"]
    assert added.content == plain.content


@pytest.mark.parametrize(
    "query", ["topic=arts&topic=law", "topic=law&topic=arts&topic=law", "%74opic=l%61w&topic=arts"]
)
def test_equal_choices_have_equal_bytes_however_they_are_written(
    client: TestClient, renderings: WrittenDown, query: str
) -> None:
    assert (
        client.get(f"/en/calendar.ics?{query}").headers["etag"]
        == client.get("/en/calendar.ics?topic=arts&topic=law").headers["etag"]
    )
    assert len(renderings.made) == 1


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/en/calendar.ics?topic=nonsense", "there is no topic 'nonsense'\n"),
        ("/en/calendar.ics?topic=law&place=moon", "there is no place 'moon'\n"),
        ("/en/calendar.ics?topic=LAW", "there is no topic 'LAW'\n"),
        ("/en/calendar.ics?topic=law,arts", "there is no topic 'law,arts'\n"),
        ("/en/calendar.ics?place=law", "there is no place 'law'\n"),
        ("/en/feed.atom?kind=page", "there is no kind 'page'\n"),
        ("/en/feed.atom?topic=1%20OR%201=1", "there is no topic '1 OR 1=1'\n"),
        ("/en/feed.atom?topic=../../etc/passwd", "there is no topic '../../etc/passwd'\n"),
        ("/en/feed.atom?topic=" + quote("құқық"), "there is no topic 'құқық'\n"),
        ("/en/feed.atom?topic=%0d%0aSet-Cookie:%20a=b", "there is no topic '\\r\\nSet-Cookie: a=b'\n"),
        ("/en/feed.atom?topic=%1b[31m%00%e2%80%ae", "there is no topic '\\x1b[31m\\x00\\u202e'\n"),
        ("/en/feed.atom?topic=<script>alert(1)</script>", "there is no topic '<script>alert(1)</script>'\n"),
    ],
)
def test_what_there_is_not_is_named_in_plain_text(
    client: TestClient, renderings: WrittenDown, address: str, sentence: str
) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text == sentence
    assert renderings.made == []


@pytest.mark.parametrize(
    "query",
    [
        "&".join(f"topic=t{n}" for n in range(51)),
        "&".join(["topic=law"] * 51),
        "topic=" + "a" * 81,
        "utm=" + "a" * 9000 + "&topic=law",
        "topic=%ff%fe",
        "topic=law&place=%c0%af",
    ],
)
def test_too_much_is_refused(client: TestClient, renderings: WrittenDown, query: str) -> None:
    answer = client.get(f"/en/calendar.ics?{query}")

    assert answer.status_code == 400
    assert len(answer.text) < 100
    assert renderings.made == []


@pytest.mark.parametrize("query", ["kind=change&kind=event", "kind=announcement&topic=law&kind=change"])
def test_changes_and_records_are_not_mixed(client: TestClient, renderings: WrittenDown, query: str) -> None:
    answer = client.get(f"/en/feed.rss?{query}")

    assert answer.status_code == 400
    assert answer.text == "expected 'kind=change' alone: changes are entries of their own\n"
    assert renderings.made == []


def test_fifty_values_are_not_too_much(client: TestClient) -> None:
    assert client.get("/en/calendar.ics?" + "&".join(["topic=law"] * 50)).status_code == 200


@pytest.mark.parametrize(
    "path", ["/de/calendar.ics", "/calendar.ics", "/en/topics/law/calendar.ics", "/en/other.ics"]
)
def test_there_are_combinations_only_where_the_plain_file_is(
    client: TestClient, renderings: WrittenDown, path: str
) -> None:
    assert client.get(f"{path}?topic=law").status_code == 404
    assert renderings.made == []


def test_a_combination_is_made_once_while_nothing_changes(
    client: TestClient, renderings: WrittenDown
) -> None:
    answers = [client.get("/en/calendar.ics?topic=law") for _ in range(3)]

    assert len({answer.content for answer in answers}) == 1
    assert len(renderings.made) == 1


def test_a_new_edition_makes_it_anew(client: TestClient, site: SmallSite, renderings: WrittenDown) -> None:
    before = client.get("/en/calendar.ics?topic=law")
    site.public = edition(topics={"law": "Law"})
    after = client.get("/en/calendar.ics?topic=law", headers={"if-none-match": before.headers["etag"]})

    assert after.status_code == 200
    assert after.text.endswith("with 1 topics\n")
    assert len(renderings.made) == 2


def test_an_edition_that_changes_nothing_for_it_transfers_nothing(
    client: TestClient, site: SmallSite
) -> None:
    before = client.get("/en/calendar.ics?topic=law")
    site.public = edition(topics={"law": "Law", "arts": "Arts", "kz": "KZ"})
    after = client.get("/en/calendar.ics?topic=law", headers={"if-none-match": before.headers["etag"]})

    assert after.status_code == 304


def test_before_the_first_release_it_says_when_to_come_back(client: TestClient, site: SmallSite) -> None:
    site.public = None

    answer = client.get("/en/calendar.ics?topic=law")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"


def test_while_the_database_does_not_answer_files_are_served_and_combinations_come_later(
    tmp_path: Path,
) -> None:
    client = TestClient(application(Locked(write(tmp_path)), WrittenDown()))

    answer = client.get("/en/calendar.ics?topic=law")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    assert client.get("/en/calendar.ics").content == FILES["en/calendar.ics"]


def test_a_fault_in_rendering_tells_the_client_nothing_of_it(site: SmallSite) -> None:
    client = TestClient(application(site, Failing()), raise_server_exceptions=False)

    answer = client.get("/en/calendar.ics?topic=law")

    assert answer.status_code == 500
    assert answer.text == "something went wrong here\n"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert client.get("/en/calendar.ics").status_code == 200


def test_while_one_is_made_files_are_served_equal_ones_are_made_once_and_a_crowd_is_told_to_wait(
    site: SmallSite,
) -> None:
    slow = Slow()
    with running(application(site, slow)) as port, ThreadPoolExecutor(60) as crowd:
        asked = [crowd.submit(get, port, b"/en/calendar.ics?topic=law") for _ in range(60)]
        assert slow.began.wait(PATIENCE)
        assert get(port, b"/robots.txt")[0] == 200
        turned_away = next(as_completed(asked, PATIENCE)).result()
        slow.may_end.set()
        answers = [one.result(PATIENCE) for one in asked]

    assert turned_away[0] == 503
    assert turned_away[1]["retry-after"] == "10"
    assert {200, 503} == {status for status, _, _ in answers}
    assert len({body for status, _, body in answers if status == 200}) == 1
    assert len(slow.made) == 1


class Locked(SmallSite):
    """A site whose database is locked."""

    def edition(self) -> Edition | None:
        raise SiteBusy("site.db")


class Failing(WrittenDown):
    """Renders nothing, ever."""

    def _write(self, edition: Edition, text: str) -> bytes:
        del edition, text
        raise RuntimeError("the secret of the house")


@dataclass
class Slow(WrittenDown):
    """Renders when it is told that it may."""

    began: Event = field(default_factory=Event)
    may_end: Event = field(default_factory=Event)

    def _write(self, edition: Edition, text: str) -> bytes:
        self.began.set()
        assert self.may_end.wait(PATIENCE)
        return super()._write(edition, text)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("topics=law", "topic"),
        ("TOPIC=law", "topic"),
        ("topic[]=law", "topic"),
        ("%74opi=law", "topic"),
        ("topic=law&organization=almau", "organisation"),
    ],
)
def test_a_slip_of_the_pen_is_told_and_never_answered_with_everything(
    client: TestClient, query: str, meant: str
) -> None:
    answer = client.get(f"/en/calendar.ics?{query}")

    assert answer.status_code == 400
    assert f"did you mean '{meant}'?" in answer.text
