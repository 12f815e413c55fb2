"""docs/reference/feed-rules.md says what the rules say."""

from __future__ import annotations

from pathlib import Path

from publisher.syndication import http
from publisher.syndication.rules import RULES
from publisher.syndication.rules.reference import page

DOCUMENT = Path(__file__).parents[2] / "docs/reference/feed-rules.md"


def test_the_reference_is_that_of_the_rules() -> None:
    """If not: `python -m publisher.syndication.rules.reference` writes it anew."""
    assert DOCUMENT.read_text("utf-8") == page()


def test_every_rule_has_its_heading() -> None:
    text = page()
    codes = [rule.code for rule in (*RULES, *http.RULES)]

    assert [code for code in codes if text.count(f"\n### {code}\n") != 1] == []
