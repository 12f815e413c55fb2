"""What the reference of commands says about reports on readers, issues and mail."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from sites import CONFIG, CuratedSite

from .commands import REFERENCE

if TYPE_CHECKING:
    from pathlib import Path

TEXT = REFERENCE.read_text("utf-8")
LISTS = '\n[lists.weekly]\ntitle = "Weekly"\n'
READERS = "email,consent_source,consent_date\nann@example.org,fair,2026-05-01\n"


@pytest.fixture
def site(tmp_path: Path) -> CuratedSite:
    """A site with a reader, whose first issue is due and in the outbox."""
    made = CuratedSite.create(tmp_path / "site", CONFIG + LISTS)
    made.write("readers.csv", READERS)
    made.event()
    made.build("2026-06-01T12:00:00+05:00")
    made.run(
        "subscribers",
        "import",
        str(made.root / "readers.csv"),
        "--confirmed",
        "--now",
        "2026-06-01T12:00:00Z",
    )
    made.event("more", start="2026-07-01", end="2026-07-02")
    made.build("2026-06-02T12:00:00+05:00")
    made.run("tick", "--no-deliver", "--now", "2026-06-08T08:00:00+05:00")
    return made


@pytest.mark.parametrize(
    "call",
    [
        "deliver --now 2026-06-08T08:00:00+05:00",
        "digest list",
        "doctor",
        "subscribers import {}/readers.csv --confirmed",
        "subscribers list",
        "subscribers show ann@example.org",
    ],
)
def test_reports_for_machines_have_the_keys_that_are_told(site: CuratedSite, call: str) -> None:
    reported = json.loads(site.run(*call.format(site.root).split(), "--json", status=None).stdout)

    told = _told(" ".join(word for word in call.split()[:2] if not word.startswith("-")))
    assert reported.keys() <= told
    assert told <= _keys(reported)


def test_an_issue_and_a_delivery_for_machines_are_as_told(site: CuratedSite) -> None:
    ticked = json.loads(site.run("tick", "--now", "2026-06-08T08:01:00+05:00", "--json").stdout)
    listed = json.loads(site.run("digest", "list", "--json").stdout)

    issue = _quoted(TEXT.partition("\nAn issue has ")[2].partition("\n\n")[0])
    assert ticked["issues"][0].keys() == issue
    assert listed["issues"][0].keys() == issue | {"deliveries"}
    paragraph = TEXT.partition("\n`delivered` is null")[2].partition("\n\n")[0]
    assert ticked["delivered"].keys() == _quoted(paragraph)
    assert ticked["delivered"]["counts"] == {"sent": 1}


def _told(command: str) -> set[str]:
    section = TEXT.partition(f"<!-- help: {command} -->")[2].partition("<!-- help:")[0]
    return _quoted(section.partition("\n`--json`:")[2].partition("\n\n")[0])


def _quoted(text: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", text))


def _keys(report: object) -> set[str]:
    """Every key, at whatever depth."""
    if isinstance(report, list):
        return set().union(*map(_keys, report))
    return set(report) | _keys(list(report.values())) if isinstance(report, dict) else set()
