"""Every calendar says the same to every engine: what, when, and whether it takes place."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from .engines import ENGINES, Reading
from .recorder import recording
from .site import Site
from .thunderbird import Thunderbird

pytestmark = pytest.mark.interop

HEADLINES = Path("en", "calendar.ics")


def test_the_conference_is_in_the_calendar(site: Site, reading: Reading):
    headlines = reading[site.published / HEADLINES]

    assert [(one.end, one.status) for one in headlines if one.start == "20260611"] == [("20260614", "CONFIRMED")]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_reads_the_same(engine: str, calendars: list[Path], reading: Reading):
    assert ENGINES[engine](calendars) == reading


def test_thunderbird_shows_what_the_engines_read(
    site: Site, server: str, reading: Reading, thunderbird: Thunderbird
):
    """All calendars of a whole language: one subscriber could have each of them."""
    for calendar in (path for language in ("en", "ru", "kk") for path in (site.published / language).glob("*.ics")):
        url = server + site.address(calendar)
        thunderbird.subscribe(url)

        shown = [(one.uid, one.start, one.end, one.status) for one in thunderbird.shows(url)]

        assert sorted(shown) == reading[calendar], calendar
