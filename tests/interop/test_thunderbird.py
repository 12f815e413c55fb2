"""A subscriber's Thunderbird is right, and stays right when the event moves or is cancelled."""

import re

import pytest

from .occurrences import Reading
from .recorder import Recorder, recording
from .site import Site, set_field
from .thunderbird import Shown, Thunderbird

pytestmark = pytest.mark.interop

LANGUAGES = ("en", "ru")
CYRILLIC = r"\u0400-\u04ff"


@pytest.fixture
def conference(site: Site, reading: Reading) -> str:
    """The UID of AlmaU's conference, read from the published calendar."""
    (uid,) = (one.uid for one in reading[site.published / "en" / "calendar.ics"] if one.start == "20260611")
    return uid


def shown(thunderbird: Thunderbird, url: str, uid: str) -> list[Shown]:
    """Return what the user sees of one event."""
    return [one for one in thunderbird.shows(url) if one.uid == uid]


def test_the_conference_is_one_bar_of_three_days(
    recorder: Recorder, thunderbird: Thunderbird, conference: str
) -> None:
    titles = {}
    for language in LANGUAGES:
        url = f"{recorder.url}/{language}/calendar.ics"
        thunderbird.subscribe(url)
        (bar,) = shown(thunderbird, url, conference)
        titles[language] = bar.title

        assert (bar.start, bar.end, bar.all_day, bar.status) == ("20260611", "20260614", True, "CONFIRMED")

    assert re.fullmatch(rf"[^{CYRILLIC}]+", titles["en"])
    assert re.search(rf"[{CYRILLIC}]{{4}}", titles["ru"])


def test_a_second_poll_costs_nothing(recorder: Recorder, thunderbird: Thunderbird) -> None:
    url = f"{recorder.url}/en/calendar.ics"
    thunderbird.subscribe(url)
    before = thunderbird.shows(url)

    thunderbird.refresh(url)

    assert recorder.statuses("/en/calendar.ics") == [200, 304]
    assert thunderbird.shows(url) == before


def test_the_calendar_follows_the_event(own_site: Site, thunderbird: Thunderbird, conference: str) -> None:
    """It moves, is cancelled, and takes place after all."""
    record = own_site.event_file("2026-06-11")
    with own_site.served() as server, recording(server) as recorder:
        urls = [f"{recorder.url}/{language}/calendar.ics" for language in LANGUAGES]
        for url in urls:
            thunderbird.subscribe(url)
        others = [one for one in thunderbird.shows(urls[0]) if one.uid != conference]

        for hour, fields, dates, status in (
            (9, {"start": "2026-06-12", "end": "2026-06-14"}, ("20260612", "20260615"), "CONFIRMED"),
            (10, {"status": "cancelled"}, ("20260612", "20260615"), "CANCELLED"),
            (11, {"status": "confirmed"}, ("20260612", "20260615"), "CONFIRMED"),
        ):
            for name, value in fields.items():
                set_field(record, name, value)
            own_site.build(f"2026-06-02T{hour:02}:00:00+05:00")
            for url in urls:
                thunderbird.refresh(url)
                (bar,) = shown(thunderbird, url, conference)

                assert (bar.start, bar.end, bar.status) == (*dates, status)
            assert [one for one in thunderbird.shows(urls[0]) if one.uid != conference] == others
