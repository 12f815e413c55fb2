"""Every calendar says the same to every engine: what, when, and whether it takes place."""

import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from .engines import ENGINES, read_icaljs
from .occurrences import Reading
from .site import Site
from .thunderbird import Thunderbird

pytestmark = pytest.mark.interop

#: khal takes minutes for calendars so large; it is made of icalendar and dateutil, who read them too.
OF_A_CROWD = sorted(ENGINES.keys() - {"khal"})

#: What was cancelled leaves the calendars of many thirty days after its end; the sites are of 1 June 2026.
LONG_AGO = "20260503"


def test_the_conference_is_in_the_calendar(site: Site, reading: Reading) -> None:
    headlines = reading[site.published / "en" / "calendar.ics"]

    assert [(one.end, one.status) for one in headlines if one.start == "20260611"] == [
        ("20260614", "CONFIRMED")
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_reads_the_same(engine: str, calendars: list[Path], reading: Reading) -> None:
    assert ENGINES[engine](calendars) == reading


@pytest.fixture(scope="module")
def of_everything(everything: Site) -> Reading:
    """What ical.js reads in all calendars of the site with one of everything."""
    return read_icaljs(everything.files(".ics"))


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_reads_one_of_everything_the_same(engine: str, of_everything: Reading) -> None:
    assert ENGINES[engine](of_everything) == of_everything


@pytest.fixture(scope="module")
def of_the_crowd(crowd: Site) -> Reading:
    """What ical.js reads in the large site's calendars, those of earlier and later years among them."""
    return read_icaljs(sorted((crowd.published / "en").glob("*.ics")))


@pytest.mark.parametrize("engine", OF_A_CROWD)
def test_every_engine_reads_thousands_of_events_of_fifteen_years_the_same(
    engine: str, of_the_crowd: Reading
) -> None:
    assert ENGINES[engine](of_the_crowd) == of_the_crowd


@pytest.mark.parametrize(
    ("which", "kind"), [("calendar", "event"), ("programme", "session"), ("deadlines", "deadline")]
)
def test_a_calendar_and_those_of_other_years_hold_each_entry_once(
    which: str, kind: str, crowd: Site, of_the_crowd: Reading
) -> None:
    """What the events' own calendars hold and these do not is cancelled and was to take place long ago."""
    family = [rows for path, rows in of_the_crowd.items() if path.stem.partition("-")[0] == which]
    held = Counter(uid for rows in family for uid in {row.uid for row in rows})
    own = read_icaljs(sorted(crowd.published.glob("en/events/*/event.ics")))
    rows_of = groupby(
        sorted(row for rows in own.values() for row in rows if kind_of(row.uid) == kind), lambda row: row.uid
    )
    left = {uid: list(rows) for uid, rows in rows_of if uid not in held}

    assert len(family) > 1
    assert set(held.values()) == {1}
    assert {row.status for rows in left.values() for row in rows} <= {"CANCELLED"}
    assert all(row.end < LONG_AGO for rows in left.values() for row in rows)


def kind_of(uid: str) -> str:
    """Return what has this UID: event, session or deadline."""
    part = re.search(r"\.(session|deadline)\.", uid)
    return part[1] if part else "event"


def test_an_event_says_the_same_in_its_own_calendar_and_in_all_others(of_everything: Reading) -> None:
    """Headline, sessions and deadlines: `event.ics` holds all of them, with the same UIDs."""
    own = {row for path, rows in of_everything.items() if path.name == "event.ics" for row in rows}
    others = {row for path, rows in of_everything.items() if path.name != "event.ics" for row in rows}

    assert {kind_of(row.uid) for row in own} == {"event", "session", "deadline"}
    assert others <= own


def test_thunderbird_shows_what_the_engines_read(
    site: Site, server: str, reading: Reading, thunderbird: Thunderbird
) -> None:
    """The calendars of each whole language: headlines, programme, deadlines."""
    for calendar in site.published.glob("*/*.ics"):
        url = server + site.address(calendar)
        thunderbird.subscribe(url)

        shown = [(one.uid, one.start, one.end, one.status) for one in thunderbird.shows(url)]

        assert sorted(shown) == reading[calendar], calendar


def test_thunderbird_shows_one_of_everything(
    everything: Site, of_everything: Reading, thunderbird: Thunderbird
) -> None:
    with everything.served() as server:
        for calendar in (everything.published / "en").glob("*.ics"):
            url = server + everything.address(calendar)
            thunderbird.subscribe(url)

            shown = [(one.uid, one.start, one.end, one.status) for one in thunderbird.shows(url)]

            assert sorted(shown) == of_everything[calendar], calendar
