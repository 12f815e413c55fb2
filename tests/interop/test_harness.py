"""The tools see what they are here to see: a green run of the others means something."""

import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .browser import Visit, look_at
from .engines import ENGINES
from .occurrences import Occurrence
from .thunderbird import Thunderbird
from .tools import HERE, check_html, environment, program

pytestmark = pytest.mark.interop

SAMPLES = HERE / "samples"

#: What `agreed.ics` says, worked out by hand.
AGREED = [
    Occurrence("days", "20260611", "20260614", "CONFIRMED"),
    Occurrence("endless", "20260611T040000Z", "20260611T040000Z", ""),
    Occurrence("instant", "20260611T040000Z", "20260611T053000Z", "TENTATIVE"),
    Occurrence("weekly", "20260320T170000Z", "20260320T180000Z", "CONFIRMED"),
    Occurrence("weekly", "20260404T160000Z", "20260404T180000Z", "CANCELLED"),
    Occurrence("weekly", "20260410T160000Z", "20260410T170000Z", "CONFIRMED"),
]


@pytest.fixture(scope="module")
def samples() -> Iterator[str]:
    """The address at which the samples are served."""
    handler = partial(SimpleHTTPRequestHandler, directory=SAMPLES)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_expand_repetitions_and_exceptions(engine: str) -> None:
    sample = SAMPLES / "agreed.ics"

    assert ENGINES[engine]([sample]) == {sample: AGREED}


def test_thunderbird_expands_repetitions_and_exceptions(samples: str, thunderbird: Thunderbird) -> None:
    url = f"{samples}/agreed.ics"
    thunderbird.subscribe(url)

    shown = [Occurrence(one.uid, one.start, one.end, one.status) for one in thunderbird.shows(url)]

    assert sorted(shown) == AGREED


@pytest.mark.parametrize("name", ["zone-as-list", "zone-missing"])
def test_a_zone_that_some_clients_misread_divides_the_engines(name: str) -> None:
    """Zones as lists of dates, or by name alone: some clients are then hours off."""
    sample = SAMPLES / f"{name}.ics"
    readings = [read([sample])[sample] for read in ENGINES.values()]

    assert any(reading != readings[0] for reading in readings)


def test_the_html_checker_finds_wrong_nesting() -> None:
    assert check_html([SAMPLES / "sound.html"]) == []
    assert any("violates nesting rules" in error for error in check_html([SAMPLES / "poor.html"]))


def test_the_browser_finds_what_is_poor(samples: str) -> None:
    visits = look_at([f"{samples}/sound.html", f"{samples}/poor.html"])
    sound, poor = (
        [visit for visit in visits if visit.url.endswith(name)] for name in ("sound.html", "poor.html")
    )

    assert all(visit.violations == visit.console_errors == visit.outside == [] for visit in sound)
    assert all(visit.scroll_width <= visit.inner_width for visit in sound)
    assert {rules(visit) >= {"html-has-lang", "color-contrast"} for visit in poor} == {True}
    assert all(any("complaint" in error for error in visit.console_errors) for visit in poor)
    assert [visit.outside for visit in poor] == [["https://elsewhere.example/pixel.png"]] * 4
    assert [visit.width for visit in poor if visit.scroll_width > visit.inner_width] == [360, 360]


def rules(visit: Visit) -> set[str]:
    """Return the names of the rules that a page breaks."""
    return {violation.partition(":")[0] for violation in visit.violations}


def test_a_picture_of_a_whole_page_is_taken(samples: str, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    command = [
        program("node"),
        str(HERE / "screenshots.mjs"),
        f"{samples}/poor.html",
        str(picture),
        "360",
        "dark",
    ]
    subprocess.run(command, env=environment(tmp_path), check=True)

    assert picture.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(
        pytest.fail.Exception, match="the program 'newsboat' is not installed: run `make interop`"
    ):
        program("newsboat")
