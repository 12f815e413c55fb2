"""The files with which the icalendar library tests itself: read, published, compared by another engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import icalendar
import pytest

from calendar_import.roundtrip import codes, publish, read, said

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(icalendar.__file__).with_name("tests")
FILES = {path.relative_to(CORPUS).as_posix(): path for path in sorted(CORPUS.rglob("*.ics"))}

SECONDS = "its times have seconds, records have minutes: that is told"
NO_DAY = (
    "whole days that end on the day on which they begin: to the engine they take no time, to people a day"
)
UNKNOWN = "its zone is defined nowhere, and read as the site's: that is told, and the record is a draft"
BROKEN = "the engine gives up the whole file or event; what can be read of it is read"
BAD_PERIOD = "periods of days: the event is refused, that is told"
MIXED = (
    "its start has no zone and its exceptions are in UTC: an engine must guess how one relates to the other"
)
#: The files that are not published with the dates that the engine finds in them, and why.
DIFFERENT = {
    "calendars/america_new_york_forward_reference.ics": BROKEN,
    "calendars/broken_ical.ics": BROKEN,
    "calendars/example.ics": NO_DAY,
    "calendars/fuzz_testcase_invalid_month.ics": BROKEN,
    "calendars/fuzz_testcase_vtimezone_lone_cr.ics": BROKEN,
    "calendars/issue_104_broken_calendar.ics": BROKEN,
    "calendars/issue_1633_rdate_with_dates.ics": BAD_PERIOD,
    "calendars/issue_1633_rdate_with_dates_and_tzid.ics": BAD_PERIOD,
    "calendars/issue_526_calendar_with_different_events.ics": UNKNOWN,
    "calendars/issue_526_calendar_with_event_subset.ics": UNKNOWN,
    "calendars/issue_526_calendar_with_events.ics": UNKNOWN,
    "calendars/issue_526_calendar_with_shuffeled_events.ics": UNKNOWN,
    "calendars/issue_722_timezone_transition_ambiguity.ics": SECONDS,
    "calendars/multiple_timezones.ics": BROKEN,
    "calendars/pacific_fiji.ics": BROKEN,
    "calendars/parsing_error_in_UTC_offset.ics": BROKEN,
    "calendars/rfc_9253_examples.ics": SECONDS,
    "events/event_with_recurrence.ics": MIXED,
    "events/issue_157_removes_trailing_semicolon.ics": SECONDS,
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    """All that can be read of all files, published by one site."""
    calendars = {name: read(path.read_bytes()) for name, path in FILES.items()}
    return publish(tmp_path_factory.mktemp("corpus") / "site", calendars)


def test_the_corpus_is_the_one_that_is_meant() -> None:
    assert set(DIFFERENT) <= set(FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_is_read_without_a_fault_of_ours(name: str) -> None:
    assert "internal-error" not in codes(read(FILES[name].read_bytes()))


@pytest.mark.parametrize("name", sorted(set(FILES) - set(DIFFERENT)))
def test_a_file_is_published_with_the_dates_that_it_has(name: str, published: dict[str, list[bytes]]) -> None:
    assert said(*published[name]) == said(FILES[name].read_bytes())


@pytest.mark.parametrize(
    "name", sorted(name for name, why in DIFFERENT.items() if why in {SECONDS, UNKNOWN, BAD_PERIOD})
)
def test_what_is_different_in_a_file_is_told(name: str) -> None:  # fmt: skip
    told = set(codes(read(FILES[name].read_bytes())))

    assert told & {"import-time-changed", "import-unknown-time-zone", "import-unreadable"}


def test_what_is_listed_as_different_is(published: dict[str, list[bytes]]) -> None:
    same = [name for name, theirs in _readable() if theirs == said(*published[name])]

    assert same == []


def _readable() -> Iterator[tuple[str, object]]:
    for name in DIFFERENT:
        try:
            yield name, said(FILES[name].read_bytes())
        except (ValueError, TypeError, AttributeError):  # what the engine gives up
            continue
