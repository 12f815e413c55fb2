"""What the lint says of calendars that others have written: of sound ones nothing, else what is so."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publisher.ics.lint import check

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

HERE = Path(__file__).parent
#: The packages whose tests carry calendars.
PACKAGES = ("icalendar", "recurring_ical_events")
_EXPECTED = dict(
    line.split(":", 1)
    for line in (HERE / "corpus.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
)


def _calendars(folder: Traversable, path: str) -> dict[str, bytes]:
    found = {}
    for each in folder.iterdir():
        if each.is_dir():
            found |= _calendars(each, f"{path}/{each.name}")
        elif each.name.endswith(".ics"):
            found[f"{path}/{each.name}"] = each.read_bytes()
    return found


CALENDARS = {
    path: data for name in PACKAGES for path, data in _calendars(resources.files(name), name).items()
}


def test_every_calendar_of_others_has_been_looked_at() -> None:
    assert sorted(CALENDARS) == sorted(_EXPECTED)


@pytest.mark.parametrize("path", sorted(_EXPECTED))
def test_a_calendar_of_others_breaks_just_these_rules(path: str) -> None:
    found = {finding.code for finding in check(CALENDARS[path], path)}

    assert found == set(_EXPECTED[path].split())


@pytest.mark.parametrize("path", sorted((HERE / "sound").glob("*.ics")), ids=lambda path: path.stem)
def test_what_the_common_programs_export_is_sound(path: Path) -> None:
    assert [str(finding) for finding in check(path.read_bytes(), path.name)] == []
