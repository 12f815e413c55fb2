"""The reference knows every finding of an import, and a test brings about every one."""

from __future__ import annotations

import re
from pathlib import Path

import publisher.calendar_import

CODE = re.compile(r'"(import-[a-z-]+)"')
REFERENCE = Path(__file__).parents[2] / "docs/reference/import-findings.md"


def codes() -> set[str]:
    """Every code in the code of the import."""
    package = Path(publisher.calendar_import.__file__).parent
    return {code for path in package.glob("*.py") for code in CODE.findall(path.read_text("utf-8"))}


def test_every_finding_has_a_line_in_alphabetical_order() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \|", REFERENCE.read_text("utf-8"), re.MULTILINE)

    assert told == sorted(codes())


def test_every_finding_is_brought_about_by_a_test() -> None:
    tests = [path for path in Path(__file__).parent.glob("*.py") if path != Path(__file__)]
    cases = Path(__file__).parents[1] / "diagnostics/calendar-import.txt"
    shown = "".join(path.read_text("utf-8") for path in [*tests, cases])

    assert {code for code in codes() if code not in shown} == set()
