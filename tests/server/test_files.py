"""Whoever asks for what was published gets it whole, and is told how long it holds."""

from __future__ import annotations

import gzip
import os
import resource
import threading
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from publisher.server.asgi import application
from publisher.server.files import Folder, find

from .sites import CALENDAR, FILES, LONG_AGO_HTTP, PAGE, SmallSite, WrittenDown, replace, write

if TYPE_CHECKING:
    from pathlib import Path

MINUTE, FIVE_MINUTES = "public, max-age=60", "public, max-age=300"
FOR_EVER = "public, max-age=31536000, immutable"
TABLE = [
    ("/", "text/html; charset=utf-8", MINUTE, None),
    ("/en/", "text/html; charset=utf-8", MINUTE, None),
    ("/en/index.html", "text/html; charset=utf-8", MINUTE, None),
    ("/en/calendar.ics", "text/calendar; charset=utf-8", FIVE_MINUTES, "*"),
    ("/en/events/forum/event.ics", "text/calendar; charset=utf-8", FIVE_MINUTES, "*"),
    ("/en/feed.atom", "application/atom+xml; charset=utf-8", FIVE_MINUTES, "*"),
    ("/en/feed.rss", "application/rss+xml; charset=utf-8", FIVE_MINUTES, "*"),
    ("/en/feed.json", "application/feed+json; charset=utf-8", FIVE_MINUTES, "*"),
    ("/en/feeds/sport.json", "application/feed+json; charset=utf-8", FIVE_MINUTES, "*"),
    ("/en/archive/1.atom", "application/atom+xml; charset=utf-8", FIVE_MINUTES, "*"),
    ("/feeds.opml", "text/x-opml; charset=utf-8", FIVE_MINUTES, "*"),
    ("/catalogue.json", "application/json; charset=utf-8", FIVE_MINUTES, "*"),
    ("/sitemap.xml", "application/xml; charset=utf-8", MINUTE, None),
    ("/robots.txt", "text/plain; charset=utf-8", MINUTE, None),
    ("/assets/site.0123abcd.css", "text/css; charset=utf-8", FOR_EVER, None),
    ("/assets/plain.css", "text/css; charset=utf-8", MINUTE, None),
    ("/assets/files/0123456789abcdef/report.pdf", "application/pdf", FOR_EVER, None),
    ("/assets/picture.0a1b2c3d.png", "image/png", FOR_EVER, None),
]


@pytest.mark.parametrize(("path", "media_type", "kept", "for_all"), TABLE)
def test_every_file_has_its_type_and_time_and_whoever_may_read_it(
    client: TestClient, path: str, media_type: str, kept: str, for_all: str | None
) -> None:
    answer = client.get(path)

    name = f"{path}index.html" if path.endswith("/") else path
    assert answer.status_code == 200
    assert answer.content == FILES[name[1:]]
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == kept
    assert answer.headers.get("access-control-allow-origin") == for_all
    assert answer.headers["last-modified"] == LONG_AGO_HTTP
    assert answer.headers["etag"] == f'"{blake2b(answer.content, digest_size=16).hexdigest()}"'


@pytest.mark.parametrize(
    "path", ["/", "/en", "/en/calendar.ics", "/nothing", "/en/calendar.ics?topic=nothing", "/healthz"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS"])
def test_every_answer_has_the_security_headers(client: TestClient, method: str, path: str) -> None:
    headers = client.request(method, path).headers

    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_an_event_is_saved_under_its_own_name_and_can_still_be_subscribed_to(client: TestClient) -> None:
    headers = client.get("/en/events/forum/event.ics").headers

    assert headers["content-disposition"] == 'inline; filename="forum.ics"'


@pytest.mark.parametrize("path", ["/", "/en/calendar.ics", "/assets/picture.0a1b2c3d.png", "/nothing", "/en"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_head_says_what_get_says_without_saying_it(client: TestClient, path: str, coding: str) -> None:
    head, get = (client.request(m, path, headers={"accept-encoding": coding}) for m in ("HEAD", "GET"))

    assert head.content == b""
    assert head.status_code == get.status_code
    assert head.headers == get.headers
    assert int(get.headers["content-length"]) >= 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/en/calendar.ics", "/en/calendar.ics?topic=law", "/nothing"])
def test_nothing_can_be_changed_over_http(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_folder_without_slash_leads_to_the_folder(client: TestClient) -> None:
    answer = client.get(
        "/en/events/forum?from=mail", headers={"host": "evil.example", "x-forwarded-host": "evil.example"}
    )

    assert answer.status_code == 308
    assert answer.headers["location"] == "/en/events/forum/?from=mail"


@pytest.mark.parametrize("path", ["/no-index", "/no-index/", "/nothing", "/en/nothing/", "/en/calendar.ics/"])
def test_what_is_not_there_is_answered_with_the_sites_own_page(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.content == FILES["404.html"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "etag" not in answer.headers


def test_a_site_without_such_a_page_says_it_shortly(client: TestClient, site: SmallSite) -> None:
    (site.build / "404.html").unlink()

    answer = client.get("/nothing")

    assert answer.status_code == 404
    assert answer.text == "there is nothing here\n"


def test_before_the_first_release_there_is_nothing(tmp_path: Path) -> None:
    client = TestClient(application(SmallSite(tmp_path / "not-made-yet"), WrittenDown()))

    assert client.get("/").status_code == 404


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/en/calendar.ics", CALENDAR),
        ("/en/", PAGE),
        ("/assets/site.0123abcd.css", FILES["assets/site.0123abcd.css"]),
    ],
)
def test_text_is_compressed_for_those_who_can_read_it(client: TestClient, path: str, data: bytes) -> None:
    plain = client.get(path)
    packed = client.get(path, headers={"accept-encoding": "br, gzip"})

    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.content == plain.content == data


def test_the_compressed_bytes_are_the_same_on_every_machine_and_at_every_time(tmp_path: Path) -> None:
    bodies = set()
    for folder in ("one", "other"):
        source = Folder(write(tmp_path / folder, when=datetime(2026, 2, len(folder), tzinfo=UTC)))
        bodies.add(find(source, ("en", "index.html"), b"", Headers({"accept-encoding": "gzip"}), 2e9).body)

    assert {gzip.decompress(body) for body in bodies} == {PAGE}
    assert {body[4:8] for body in bodies} == {bytes(4)}, "a time is written into it (RFC 1952 section 2.3)"
    assert len(bodies) == 1


@pytest.mark.parametrize(
    "path", ["/assets/picture.0a1b2c3d.png", "/assets/files/0123456789abcdef/report.pdf"]
)
def test_pictures_and_documents_are_left_as_they_are(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept-encoding": "gzip"})

    assert "content-encoding" not in answer.headers
    assert "vary" not in answer.headers


def test_what_is_too_short_to_gain_is_left_as_it_is(client: TestClient) -> None:
    answer = client.get("/en/feed.atom", headers={"accept-encoding": "gzip"})

    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding, Sec-Fetch-Dest"


def test_a_changed_file_is_served_at_once_though_name_length_and_time_are_the_same(
    client: TestClient, site: SmallSite
) -> None:
    changed = CALENDAR.replace(b"again", b"AGAIN")
    before = client.get("/en/calendar.ics")
    replace(site.build / "en/calendar.ics", changed)
    after = client.get("/en/calendar.ics", headers={"if-none-match": before.headers["etag"]})

    assert after.status_code == 200
    assert after.content == changed
    assert after.headers["etag"] != before.headers["etag"]


def test_a_file_that_is_changed_in_place_is_noticed_whatever_time_it_is_given(tmp_path: Path) -> None:
    path = write(tmp_path, {"robots.txt": b"before"}) / "robots.txt"
    source, first = Folder(tmp_path), path.stat()
    source.read(("robots.txt",))
    while path.stat().st_ctime_ns == first.st_ctime_ns:  # the clock of files is coarse
        path.write_bytes(b"behind")
        os.utime(path, ns=(first.st_mtime_ns, first.st_mtime_ns))

    found = source.read(("robots.txt",))

    assert found
    assert found.body == b"behind"


def test_a_file_that_is_replaced_all_the_time_is_never_served_half_nor_under_anothers_tag(
    tmp_path: Path,
) -> None:
    """Two generations take turns, of different lengths; each answer is the whole of one with its own tag."""
    generations = [bytes([letter]) * length for letter, length in ((65, 200_000), (66, 150_000))]
    tags = {body: f'"{blake2b(body, digest_size=16).hexdigest()}"' for body in generations}
    write(tmp_path, {"en/calendar.ics": generations[0]})
    stop = threading.Event()

    def release() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            replace(tmp_path / "en/calendar.ics", generations[turn % 2])

    thread = threading.Thread(target=release)
    thread.start()
    try:
        answers = [find(Folder(tmp_path), ("en", "calendar.ics"), b"", Headers(), 2e9) for _ in range(300)]
    finally:
        stop.set()
        thread.join()

    assert {answer.status for answer in answers} == {200}
    assert all(tags.get(answer.body) == answer.headers["ETag"] for answer in answers)


def test_memory_is_bounded_whatever_is_asked_for(tmp_path: Path) -> None:
    files = {f"assets/{n}.png": bytes([n]) * 1000 for n in range(50)} | {"assets/huge.pdf": b"x" * 9_000}
    source = Folder(write(tmp_path, files), kept_bytes=10_000)

    for path, data in files.items():
        found = source.read(tuple(path.split("/")))
        assert found
        assert found.body == data

    assert 9_000 <= source.kept_bytes <= 10_000


def test_a_file_is_read_once_while_it_stays_the_same(site: SmallSite) -> None:
    source = Folder(site.build)

    assert source.read(("en", "calendar.ics")) is source.read(("en", "calendar.ics"))


def test_links_hidden_files_and_things_that_are_no_files_are_not_served(
    client: TestClient, site: SmallSite, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "private").mkdir()
    (tmp_path / "private/secret.txt").write_text("secret")
    (site.build / "link.txt").symlink_to(tmp_path / "secret.txt")
    (site.build / "folder").symlink_to(tmp_path / "private")
    (site.build / "inner.txt").symlink_to(site.build / "robots.txt")
    (site.build / ".hidden").write_text("secret")
    (site.build / "en/.git").mkdir()
    (site.build / "en/.git/config").write_text("secret")
    os.mkfifo(site.build / "pipe.txt")

    paths = [
        "/link.txt",
        "/folder/secret.txt",
        "/inner.txt",
        "/.hidden",
        "/en/.git/config",
        "/pipe.txt",
        "/folder",
    ]
    assert dict.fromkeys(paths, 404) == {path: client.get(path).status_code for path in paths}


def test_the_folder_itself_may_be_the_current_of_several_releases(tmp_path: Path) -> None:
    write(tmp_path / "releases/1")
    (tmp_path / "current").symlink_to("releases/1")

    assert Folder(tmp_path / "current").read(("robots.txt",))


def test_too_many_open_files_is_a_fault_and_no_answer_that_a_page_is_gone(site: SmallSite) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    source, request = Folder(site.build), Headers()
    source.read(("robots.txt",))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            find(source, ("robots.txt",), b"", request, 2e9)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_feed_that_a_person_opens_is_shown_and_not_printed(client: TestClient) -> None:
    """Browsers print as plain text what is called Atom or RSS; to XML they apply the style sheet it names."""
    for path in ("/en/feed.atom", "/en/feed.rss", "/en/archive/1.atom"):
        opened = client.get(path, headers={"sec-fetch-dest": "document"})
        fetched = client.get(path, headers={"sec-fetch-dest": "empty"})

        assert opened.headers["content-type"] == "application/xml; charset=utf-8"
        assert fetched.headers["content-type"].startswith(("application/atom+xml", "application/rss+xml"))
        assert opened.headers["vary"] == fetched.headers["vary"] == "Accept-Encoding, Sec-Fetch-Dest"
        assert (opened.content, opened.headers["etag"]) == (fetched.content, fetched.headers["etag"])


def test_everything_else_is_the_same_for_whoever_opens_it(client: TestClient) -> None:
    for path in ("/en/", "/en/feed.json", "/en/calendar.ics", "/sitemap.xml"):
        opened = client.get(path, headers={"sec-fetch-dest": "document"})

        assert opened.headers["content-type"] == client.get(path).headers["content-type"]
        assert opened.headers["vary"] == "Accept-Encoding"
