"""Every hour of 2020 to 2037 in every zone is read from our VTIMEZONE as zoneinfo has it: `make fuzz`.

Zones whose VTIMEZONE says the same under another name, and whose clocks show the same, are read once.
Where a reader has edge hours of its own, `test_vtimezone` says which; there are none in these years.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import pytest

from publisher.ics.vtimezone import vtimezone
from publisher.zones import zone, zone_file, zone_names

from .test_vtimezone import FIRST, HOUR, LAST, READERS, clock_changes, wrong_hours, zones_that_differ

if TYPE_CHECKING:
    from collections.abc import Callable

    from .test_vtimezone import Reader

BEGIN = datetime(FIRST.year, 1, 1, tzinfo=UTC)
HOURS = (LAST - FIRST).days * 24
_NAMES = re.compile(rb"(?:TZID|TZNAME):.*?\r\n")


@cache
def groups() -> list[list[str]]:
    """One name for each set of rules, in groups that no reader can tell apart in these years."""
    found: dict[object, list[str]] = {}
    for name in zones_that_differ():
        changes = [(at, at.astimezone(zone(name)).utcoffset()) for at in clock_changes(name)]
        shown = (_NAMES.sub(b"", vtimezone(name, FIRST, LAST)), BEGIN.astimezone(zone(name)).utcoffset())
        found.setdefault((shown, tuple(changes)), []).append(name)
    return list(found.values())


def test_names_of_one_set_of_rules_have_the_same_observances() -> None:
    """`Europe/Oslo` is another name of `Europe/Berlin`: the files are the same, so is what is written."""
    by_file: dict[bytes, set[bytes]] = {}
    for name in zone_names():
        data = vtimezone(name, FIRST, LAST)
        by_file.setdefault(zone_file(name), set()).add(data.replace(f"TZID:{name}\r\n".encode(), b""))

    assert {len(written) for written in by_file.values()} == {1}


@pytest.mark.exhaustive
@READERS
def test_every_hour_of_every_zone(read: Callable[[bytes], Reader]) -> None:
    wrong = []
    for group in groups():
        hours = (BEGIN + n * HOUR for n in range(HOURS))
        wrong += wrong_hours(read(vtimezone(group[0], FIRST, LAST)), zone(group[0]), hours)

    assert wrong == []


@READERS
@pytest.mark.parametrize("name", ["Europe/Dublin", "Australia/Lord_Howe", "Africa/Cairo"])
def test_every_hour_of_a_year(read: Callable[[bytes], Reader], name: str) -> None:
    """Dublin's winter is the exception, Lord Howe moves by half an hour, Cairo on a Friday."""
    hours = (datetime(2026, 1, 1, tzinfo=UTC) + n * HOUR for n in range(365 * 24))

    assert wrong_hours(read(vtimezone(name, FIRST, LAST)), zone(name), hours) == []
