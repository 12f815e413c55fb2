"""docs/reference/calendar-rules.md says what the rules say."""

from __future__ import annotations

from pathlib import Path

from publisher.ics.rules import RULES
from publisher.ics.rules.reference import page

DOCUMENT = Path(__file__).parents[2] / "docs/reference/calendar-rules.md"


def test_the_reference_is_that_of_the_rules() -> None:
    """If not: `python -m publisher.ics.rules.reference` writes it anew."""
    assert DOCUMENT.read_text("utf-8") == page()


def test_every_rule_has_its_heading() -> None:
    text = page()

    assert [code for code in (rule.code for rule in RULES) if text.count(f"\n### {code}\n") != 1] == []
