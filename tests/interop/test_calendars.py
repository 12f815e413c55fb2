"""Every calendar says the same to every engine: what, when, and whether it takes place."""

from pathlib import Path

import pytest

from .engines import ENGINES
from .occurrences import Reading
from .site import Site
from .thunderbird import Thunderbird

pytestmark = pytest.mark.interop


def test_the_conference_is_in_the_calendar(site: Site, reading: Reading) -> None:
    headlines = reading[site.published / "en" / "calendar.ics"]

    assert [(one.end, one.status) for one in headlines if one.start == "20260611"] == [
        ("20260614", "CONFIRMED")
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_reads_the_same(engine: str, calendars: list[Path], reading: Reading) -> None:
    assert ENGINES[engine](calendars) == reading


def test_thunderbird_shows_what_the_engines_read(
    site: Site, server: str, reading: Reading, thunderbird: Thunderbird
) -> None:
    """The calendars of each whole language: headlines, programme, deadlines."""
    for calendar in site.published.glob("*/*.ics"):
        url = server + site.address(calendar)
        thunderbird.subscribe(url)

        shown = [(one.uid, one.start, one.end, one.status) for one in thunderbird.shows(url)]

        assert sorted(shown) == reading[calendar], calendar
