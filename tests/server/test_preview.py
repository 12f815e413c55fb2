"""The curator sees what readers will see, and what is wrong, in the browser, as soon as it is saved."""

from __future__ import annotations

import json
import re
import socket
import threading
from contextlib import contextmanager
from queue import Queue
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from publisher.diagnostics import Diagnostic, Span, warning
from publisher.model.artifact import Artifact, Stage
from publisher.server.preview import PreviewSite
from publisher.server.preview_page import with_preview
from publisher.server.run import serve

from .sites import WrittenDown, edition
from .wire import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = b"<!doctype html><html><head><title>Home</title></head><body class='home'><p>Hi</p></body></html>"
ERROR = Diagnostic(
    Span("content/events/x.md", 4, 6), "unknown-timezone", "unknown '<Almaty>'", "did you mean 'Asia/Almaty'?"
)
WARNING = warning(Span("content/events/y.md"), "outdated-translation", "the translation is older")


def artifacts(**pages: bytes) -> dict[str, Artifact]:
    named = {name.replace("__", "/").replace("_", "."): data for name, data in pages.items()}
    return {path: Artifact(path, data, Stage.PAGE) for path, data in named.items()}


@pytest.fixture
def preview() -> PreviewSite:
    preview = PreviewSite(("en", "kk"), WrittenDown())
    preview.show(artifacts(en__index_html=PAGE, en__calendar_ics=b"BEGIN:VCALENDAR", assets__a_css=b"body{}"))
    return preview


@pytest.fixture
def client(preview: PreviewSite) -> Iterator[TestClient]:
    with TestClient(preview.application(), "http://localhost", follow_redirects=False) as client:
        yield client


def test_pages_are_shown_as_they_will_be_with_one_script_at_their_end(client: TestClient) -> None:
    page = client.get("/en/").content

    assert re.sub(rb'<script src="/_preview/reload\.js\?version=[0-9a-f]{16}"></script>\n', b"", page) == PAGE
    assert page.endswith(b"</script>\n</body></html>")


@pytest.mark.parametrize("path", ["/en/calendar.ics", "/assets/a.css"])
def test_everything_else_is_shown_to_the_byte(client: TestClient, path: str) -> None:
    assert client.get(path).content in {b"BEGIN:VCALENDAR", b"body{}"}


def test_addresses_work_as_they_will(client: TestClient) -> None:
    assert client.get("/en").headers["location"] == "/en/"
    assert client.get("/nothing").status_code == 404
    assert client.get("/en/%2e%2e/en/").status_code == 404
    assert client.post("/en/").status_code == 405
    assert client.head("/en/").headers["content-length"] == str(len(client.get("/en/").content))


@pytest.mark.parametrize(
    "path", ["/en/", "/en/calendar.ics", "/nothing", "/en", "/_preview/reload.js", "/_preview/preview.css"]
)
def test_browsers_keep_nothing_and_other_sites_read_nothing(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "'unsafe-inline'" not in headers["content-security-policy"]
    assert headers["content-security-policy"].endswith("; connect-src 'self'")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("rebound.evil.example", 400),
        ("", 400),
    ],
)
def test_a_site_that_has_its_name_resolved_to_this_machine_reads_nothing(
    client: TestClient, host: str, status: int
) -> None:
    assert client.get("/en/", headers={"host": host}).status_code == status


def test_who_previews_for_others_says_so(preview: PreviewSite) -> None:
    client = TestClient(preview.application(own_names=["*"]), "http://press-office.example")

    assert client.get("/en/").status_code == 200


def test_a_change_is_shown_whole(client: TestClient, preview: PreviewSite) -> None:
    preview.show(artifacts(en__new_html=PAGE))

    assert client.get("/en/new.html").status_code == 200
    assert client.get("/en/").status_code == 404
    assert client.get("/en/calendar.ics").status_code == 404


def test_findings_stand_at_the_top_of_every_page_and_can_be_put_away(
    client: TestClient, preview: PreviewSite
) -> None:
    preview.show(artifacts(en__index_html=PAGE), [ERROR, WARNING])

    page = client.get("/en/").text
    assert '<body class=\'home\'><link rel="stylesheet" href="/_preview/preview.css"><aside ' in page
    assert "<details open><summary>1 error, 1 warning</summary>" in page
    assert (
        "<code>content/events/x.md:4:6</code> error[unknown-timezone]: unknown &#x27;&lt;Almaty&gt;&#x27;"
        in page
    )
    assert "hint: did you mean &#x27;Asia/Almaty&#x27;?" in page
    assert (
        '<input type="checkbox" id="publisher-dismiss"><label for="publisher-dismiss">Dismiss</label>' in page
    )
    assert "style=" not in page
    assert "onclick" not in page


def test_warnings_alone_are_shown_folded(client: TestClient, preview: PreviewSite) -> None:
    preview.show(artifacts(en__index_html=PAGE), [WARNING, WARNING])

    assert "<details><summary>2 warnings</summary>" in client.get("/en/").text


def test_a_page_that_is_not_there_yet_is_waited_for_and_tells_why(
    client: TestClient, preview: PreviewSite
) -> None:
    preview.show({}, [ERROR])

    answer = client.get("/en/events/new/")

    assert answer.status_code == 404
    assert "unknown-timezone" in answer.text
    assert "/_preview/reload.js" in answer.text


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (b"<body>x", b"<body>[BAR]x[SCRIPT]"),
        (b"<BODY data-a='1'>x</BODY >", b"<BODY data-a='1'>[BAR]x[SCRIPT]</BODY >"),
        (
            b"<head><script>'<body>'</script></head><body>x</body>",
            b"<head><script>'<body>'</script></head><body>[BAR]x[SCRIPT]</body>",
        ),
        (
            b"<body>&lt;/body> <pre></body></pre></body>",
            b"<body>[BAR]&lt;/body> <pre></body></pre>[SCRIPT]</body>",
        ),
        (b"just text", b"just text[BAR][SCRIPT]"),
        (b"", b"[BAR][SCRIPT]"),
    ],
)
def test_any_page_can_be_previewed(page: bytes, shown: bytes) -> None:
    made = with_preview(page, "v", [ERROR])

    made = re.sub(rb"<link.*</aside>\n", b"[BAR]", made, flags=re.DOTALL)
    assert re.sub(rb"<script src.*?</script>\n", b"[SCRIPT]", made) == shown


def test_combinations_are_previewed_too(client: TestClient, preview: PreviewSite) -> None:
    preview.show({}, edition=edition(topics={"law": "Law"}))

    answer = client.get("/en/calendar.ics?topic=law")

    assert answer.text.startswith("calendar in en of topics=law")
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers


def test_the_script_and_the_style_are_files_of_their_own(client: TestClient) -> None:
    assert client.get("/_preview/reload.js").headers["content-type"] == "text/javascript; charset=utf-8"
    assert client.get("/_preview/preview.css").headers["content-type"] == "text/css; charset=utf-8"


@contextmanager
def served(preview: PreviewSite) -> Iterator[int]:
    stop, ready = threading.Event(), Queue[str]()
    options = {"port": 0, "on_ready": ready.put, "on_stop": preview.close, "stop": stop}
    thread = threading.Thread(target=serve, args=(preview.application(),), kwargs=options)
    thread.start()
    try:
        yield int(ready.get(timeout=PATIENCE).rstrip("/").rsplit(":", 1)[1])
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive(), "the server does not stop"


class Listener:
    """A browser that listens to the events of a page."""

    def __init__(self, port: int, since: str = "") -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.connection.sendall(
            f"GET /_preview/events?since={since} HTTP/1.1\r\n"
            "Host: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        self.lines = self.connection.makefile("r", encoding="utf-8", newline="\r\n")

    def next(self) -> tuple[str, str]:
        """Name and data of the next event."""
        said = ""
        while not (match := re.search(r"event: (\w+)\ndata: (.*)\n\n", said)):
            piece = self.lines.readline()
            assert piece, f"the stream ended after {said!r}"
            said += piece
        return match[1], match[2]

    def close(self) -> None:
        self.lines.close()
        self.connection.close()


def test_an_open_page_is_told_of_findings_and_of_every_change(preview: PreviewSite) -> None:
    with served(preview) as port:
        one, other = Listener(port), Listener(port)
        assert [one.next(), other.next()] == [("findings", "[]")] * 2
        for findings in ([ERROR], [ERROR, WARNING], []):
            preview.show({}, findings)
            for listener in (one, other):
                name, data = listener.next()
                assert (name, json.loads(data)) == ("findings", [f.as_json() for f in findings])
                assert listener.next()[0] == "reload"
        one.close()
        other.close()


def test_a_change_while_a_page_loads_is_not_missed(preview: PreviewSite) -> None:
    with served(preview) as port:
        made_from = re.search(
            r"version=(\w+)", TestClient(preview.application(), "http://localhost").get("/en/").text
        )
        assert made_from
        preview.show({})
        listener = Listener(port, made_from[1])

        assert [listener.next()[0], listener.next()[0]] == ["findings", "reload"]
        listener.close()


def test_a_page_that_is_up_to_date_is_not_reloaded(preview: PreviewSite) -> None:
    with served(preview) as port:
        made_from = re.search(
            r"version=(\w+)", TestClient(preview.application(), "http://localhost").get("/en/").text
        )
        assert made_from
        listener = Listener(port, made_from[1])
        assert listener.next()[0] == "findings"
        preview.close()

        assert "reload" not in listener.lines.read()
        listener.close()


def test_the_preview_stops_though_pages_are_open(
    preview: PreviewSite, caplog: pytest.LogCaptureFixture
) -> None:
    with served(preview) as port:
        listener = Listener(port)
        listener.next()
    listener.close()

    assert caplog.records == []
