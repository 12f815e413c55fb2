"""The operator starts it, is told where it answers, and stops it; what stands in the way is said."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from inspect import signature
from typing import TYPE_CHECKING

import pytest

from publisher.errors import PublisherError
from publisher.server.asgi import application
from publisher.server.run import CannotListen, PortInUse, address, listen, serve

from .sites import FILES, SmallSite, WrittenDown, write
from .wire import PATIENCE, get, running

if TYPE_CHECKING:
    from pathlib import Path

#: Serves a folder beside a thread of its own, as `publisher run` does, and winds up afterwards.
PROGRAM = """
import sys, threading, signal
from inspect import signature
from pathlib import Path
from publisher.server.asgi import Published, assemble
from publisher.server.files import Folder
from publisher.server.run import serve

beside = threading.Event()
scheduler = threading.Thread(target=beside.wait)
scheduler.start()
before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
app = assemble(Published(Folder(Path(sys.argv[1])), None), [], {})
serve(app, port=0, on_ready=lambda url: print(url, flush=True))
assert before == (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM))
beside.set()
scheduler.join()
print("wound up", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_program_that_is_told_to_stop_finishes_and_winds_up(tmp_path: Path, number: signal.Signals) -> None:
    program = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(write(tmp_path))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout
    url = program.stdout.readline().strip()
    with urllib.request.urlopen(f"{url}robots.txt", timeout=PATIENCE) as answer:  # noqa: S310 -- the address is ours
        assert answer.read() == FILES["robots.txt"]
    program.send_signal(number)
    out, err = program.communicate(timeout=PATIENCE)

    assert (program.returncode, out, err) == (0, "wound up\n", "")


def test_an_answer_without_an_end_is_ended_so_that_the_program_stops(tmp_path: Path) -> None:
    """A browser that still reads from a slow answer does not keep the server from stopping."""
    huge = write(tmp_path, {"huge.pdf": b"x" * (16 << 20)})
    app = application(SmallSite(huge), WrittenDown())
    with socket.socket() as connection, running(app) as port:
        connection.connect(("127.0.0.1", port))
        connection.sendall(b"GET /huge.pdf HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 200"


def test_it_answers_before_it_says_so(tmp_path: Path) -> None:
    stop = threading.Event()
    seen: list[int] = []

    def ready(url: str) -> None:
        threading.Thread(target=ask, args=(url,)).start()

    def ask(url: str) -> None:
        seen.append(get(int(url.rstrip("/").rsplit(":", 1)[1]), b"/robots.txt")[0])
        stop.set()

    serve(application(SmallSite(write(tmp_path)), WrittenDown()), port=0, on_ready=ready, stop=stop)

    assert seen == [200]


def test_what_runs_beside_is_told_when_it_begins_to_stop(tmp_path: Path) -> None:
    stop, told = threading.Event(), []
    app = application(SmallSite(tmp_path), WrittenDown())

    serve(app, port=0, on_ready=lambda _: stop.set(), on_stop=lambda: told.append("stopping"), stop=stop)

    assert told == ["stopping"]


def test_a_port_in_use_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUse) as caught:
            serve(application(SmallSite(tmp_path), WrittenDown()), port=port, on_ready=pytest.fail)

    assert str(caught.value) == f"port {port} is in use\nhint: choose another with --port"
    assert isinstance(caught.value, PublisherError)
    assert caught.value.exit_status == 3


@pytest.mark.parametrize(
    ("host", "port"),
    [("192.0.2.1", 0), ("127.0.0.1", 99999), ("a" * 300, 0), ("127.0.0.1", 65536), ("127.0.0.1", -1)],
)
def test_an_address_that_cannot_be_had_is_said(host: str, port: int) -> None:
    with pytest.raises(CannotListen, match=r"cannot listen on '.*' port .*: .*\nhint: choose others"):
        listen(host, port)


def test_it_can_start_again_at_once_where_it_just_stopped(tmp_path: Path) -> None:
    app = application(SmallSite(write(tmp_path)), WrittenDown())
    with running(app) as port:
        get(port, b"/")
    with listen("127.0.0.1", port) as listener:
        assert listener.getsockname()[1] == port


def test_nobody_outside_this_machine_is_served_unless_it_is_said() -> None:
    assert signature(serve).parameters["host"].default == "127.0.0.1"


@pytest.mark.parametrize(
    ("host", "opened"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),  # noqa: S104 -- shown, not bound
        ("::", "http://[::1]:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("localhost", "http://localhost:8000/"),
    ],
)
def test_the_address_that_is_shown_can_be_opened(host: str, opened: str) -> None:
    assert address(host, 8000) == opened
