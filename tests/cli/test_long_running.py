"""`run`, `serve` and `preview` as real processes, looked at over HTTP by their user."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from sites import CuratedSite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 60


@pytest.fixture
def site(tmp_path: Path) -> CuratedSite:
    curated = CuratedSite.create(tmp_path / "site")
    curated.event(start="2027-06-11", end="2027-06-13")
    return curated


@contextlib.contextmanager
def running(site: CuratedSite, *arguments: str) -> Iterator[str]:
    """The command in a process of its own; yields the address it prints, and ends it as Ctrl-C does."""
    command = [sys.executable, "-u", "-m", "publisher", *arguments, "--port", "0", "--site", str(site.root)]
    with (site.root / "stderr.log").open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            assert process.stdout
            line = process.stdout.readline()
            match = re.search(r"http://[\d.]+:\d+/", line)
            assert match, (line, (site.root / "stderr.log").read_text())
            yield match[0]
        finally:
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=PATIENCE)
            assert process.returncode == 0, (out, (site.root / "stderr.log").read_text())


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 -- our own server
        return answer.read().decode()


def eventually(look: Callable[[], bool]) -> None:
    """Look until it is so; give up after a good while."""
    for _ in range(PATIENCE * 10):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            if look():
                return
        time.sleep(0.1)
    pytest.fail("it never came")


def test_run_builds_serves_and_is_healthy(site):
    with running(site, "run", "--build") as url:
        eventually(lambda: "A Meeting" in fetch(f"{url}en/index.html"))
        assert "BEGIN:VEVENT" in fetch(f"{url}en/calendar.ics?topic=science")
        assert json.loads(fetch(f"{url}healthz"))["status"] == "ok"
        eventually(lambda: json.loads(site.run("status", "--json").stdout)["last_tick"] is not None)


def test_run_without_build_makes_the_first_edition_of_a_new_site_by_itself(site):
    with running(site, "run") as url:
        eventually(lambda: "A Meeting" in fetch(f"{url}en/index.html"))


def test_a_fault_in_the_configuration_does_not_end_a_running_site(site):
    with running(site, "run", "--build") as url:
        eventually(lambda: "A Meeting" in fetch(f"{url}en/index.html"))
        site.write("publisher.toml", "[site]\nurl = 7\n")
        assert "A Meeting" in fetch(f"{url}en/index.html")


def test_serve_gives_combinations_as_the_same_entries(site):
    site.event("other", title="Another", start="2027-09-01", end="2027-09-01")
    site.build()
    with running(site, "serve") as url:
        whole = fetch(f"{url}en/calendar.ics")
        chosen = fetch(f"{url}en/calendar.ics?topic=science")
        vevents = re.compile(r"BEGIN:VEVENT.*?END:VEVENT", re.DOTALL)

        assert vevents.findall(whole) == vevents.findall(chosen)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            fetch(f"{url}en/calendar.ics?topic=nothing")


def test_preview_shows_changes_and_findings_and_releases_nothing(site):
    with running(site, "preview") as url:
        assert "A Meeting" in fetch(f"{url}en/")
        site.event(title="Renamed", start="2027-06-11", end="2027-06-13")
        eventually(lambda: "Renamed" in fetch(f"{url}en/"))
        site.event("broken", start="2027-06-11", end="2027-06-01")
        eventually(lambda: "end-before-start" in fetch(f"{url}en/"))

    assert not any((site.root / "build").glob("**/*.html"))
    assert json.loads(site.run("status", "--json").stdout)["edition"] is None


@pytest.mark.parametrize("command", ["run", "serve", "preview"])
def test_a_port_in_use_is_said_in_a_sentence(site, command):
    site.build()
    with running(site, "serve") as url:
        port = url.rstrip("/").rsplit(":", 1)[1]
        done = subprocess.run(
            [sys.executable, "-m", "publisher", command, "--port", port, "--site", str(site.root)],
            capture_output=True, text=True, timeout=PATIENCE, check=False, env=dict(os.environ),
        )  # fmt: skip

    assert done.returncode == 3
    assert f"port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr
