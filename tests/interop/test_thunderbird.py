"""A subscriber's Thunderbird is right, and stays right whatever becomes of the event."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from .occurrences import Reading
from .recorder import Recorder, recording
from .site import Site, set_field
from .thunderbird import Shown, Thunderbird

pytestmark = pytest.mark.interop

LANGUAGES = ("en", "ru")
CYRILLIC = r"\u0400-\u04ff"

ADDED = """\
---
id: added-round-table
title: A Round Table
start: 2026-06-15 10:00
end: "12:30"
---
"""


@dataclass(frozen=True)
class Subscriber:
    """Somebody who subscribed to the calendars of a site that changes."""

    site: Site
    thunderbird: Thunderbird
    recorder: Recorder
    #: The hours at which the site is built, all on 2 June 2026, in its own zone.
    hours: Iterator[int]

    def polls_after_release(self) -> dict[str, list[Shown]]:
        """Release the content as it is, poll, and say what is shown of the calendar in each language."""
        self.site.build(f"2026-06-02T{next(self.hours):02}:00:00+05:00")
        for language in LANGUAGES:
            self.thunderbird.refresh(self.url(language))
        return self.sees()

    def sees(self) -> dict[str, list[Shown]]:
        """Say what is shown of the calendar in each language."""
        return {language: self.thunderbird.shows(self.url(language)) for language in LANGUAGES}

    def url(self, language: str) -> str:
        """Return the address of the calendar in one language."""
        return f"{self.recorder.url}/{language}/calendar.ics"


@pytest.fixture
def subscriber(own_site: Site, thunderbird: Thunderbird) -> Iterator[Subscriber]:
    """A subscriber who has polled once."""
    with own_site.served() as server, recording(server) as recorder:
        subscriber = Subscriber(own_site, thunderbird, recorder, count(9))
        for language in LANGUAGES:
            thunderbird.subscribe(subscriber.url(language))
        yield subscriber


@pytest.fixture
def conference(site: Site, reading: Reading) -> str:
    """The UID of AlmaU's conference, read from the published calendar."""
    (uid,) = (one.uid for one in reading[site.published / "en" / "calendar.ics"] if one.start == "20260611")
    return uid


def of(uid: str, shown: list[Shown]) -> list[Shown]:
    """Pick what is shown of one event."""
    return [one for one in shown if one.uid == uid]


def test_the_conference_is_one_bar_of_three_days(
    recorder: Recorder, thunderbird: Thunderbird, conference: str
) -> None:
    titles = {}
    for language in LANGUAGES:
        url = f"{recorder.url}/{language}/calendar.ics"
        thunderbird.subscribe(url)
        (bar,) = of(conference, thunderbird.shows(url))
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


def test_a_release_without_a_change_is_not_fetched(subscriber: Subscriber) -> None:
    before = subscriber.sees()

    assert subscriber.polls_after_release() == before
    assert subscriber.recorder.statuses("/en/calendar.ics") == [200, 304]


def test_the_event_moves_is_cancelled_and_takes_place_after_all(
    subscriber: Subscriber, conference: str
) -> None:
    """It is one bar at every moment, and no other event is touched."""
    record = subscriber.site.event_file("2026-06-11")
    others = [one for one in subscriber.sees()["en"] if one.uid != conference]

    for fields, status in (
        ({"start": "2026-06-12", "end": "2026-06-14"}, "CONFIRMED"),
        ({"status": "cancelled"}, "CANCELLED"),
        ({"status": "confirmed"}, "CONFIRMED"),
    ):
        for name, value in fields.items():
            set_field(record, name, value)
        shown = subscriber.polls_after_release()

        for language in LANGUAGES:
            (bar,) = of(conference, shown[language])
            assert (bar.start, bar.end, bar.status) == ("20260612", "20260615", status)
        assert [one for one in shown["en"] if one.uid != conference] == others


def test_a_better_title_replaces_the_old_one(subscriber: Subscriber, conference: str) -> None:
    set_field(subscriber.site.event_file("2026-06-11"), "title", "A Better Title")

    (bar,) = of(conference, subscriber.polls_after_release()["en"])

    assert (bar.title, bar.start, bar.end) == ("A Better Title", "20260611", "20260614")


def test_a_new_event_appears_and_is_cancelled_when_its_file_goes(subscriber: Subscriber) -> None:
    """It has no translation, so it is shown in its own language everywhere; Almaty is five hours ahead."""
    before = subscriber.sees()
    record = subscriber.site.root / "content" / "events" / "added.md"

    record.write_text(ADDED, encoding="utf-8")
    after = subscriber.polls_after_release()

    added = {}
    for language in LANGUAGES:
        (added[language],) = set(after[language]) - set(before[language])
        assert (added[language].title, added[language].status) == ("A Round Table", "CONFIRMED")
        assert (added[language].start, added[language].end) == ("20260615T050000Z", "20260615T073000Z")

    record.unlink()
    after = subscriber.polls_after_release()

    for language in LANGUAGES:
        (left,) = of(added[language].uid, after[language])
        assert (left.start, left.end, left.status) == ("20260615T050000Z", "20260615T073000Z", "CANCELLED")
