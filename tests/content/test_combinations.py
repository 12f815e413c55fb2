"""What named calendars and feeds of publisher.toml choose by must exist; else a warning says so."""

from __future__ import annotations

import tomllib

import pytest

from publisher.config import parse
from publisher.content.combinations import unknown_choices
from publisher.model.records import Kind

SITE = """\
[site]
url = "https://calendar.example.org"
identity = "calendar.example.org,2026"
title.en = "A Calendar"
"""
KNOWN = frozenset({(Kind.TOPIC, "science"), (Kind.PLACE, "almaty"), (Kind.ORGANISATION, "uni")})


def findings(text: str, *unsure: Kind) -> list[str]:
    config = parse(tomllib.loads(SITE + text), SITE + text)
    return [str(finding) for finding in unknown_choices(config, SITE + text, KNOWN, unsure)]


def test_an_id_that_no_record_has_is_told_with_its_line_and_the_nearest_one() -> None:
    (said,) = findings(
        '[calendars.labs]\ntitle = "Labs"\nplaces = ["almaty"]\ntopics = ["scince", "science"]\n'
    )

    assert said == (
        "publisher.toml:8:1: warning[unknown-topic]: calendars.labs: unknown topic 'scince'\n"
        "  hint: did you mean 'science'?"
    )


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("topics", "unknown-topic"),
        ("organisations", "unknown-organisation"),
        ("places", "unknown-place"),
        ("series", "unknown-series"),
    ],
)
def test_feeds_are_looked_at_as_calendars_are(field: str, code: str) -> None:
    (said,) = findings(f'[feeds.labs]\ntitle = "Labs"\n{field} = ["x-9"]\n')

    assert said.startswith(f"publisher.toml:7:1: warning[{code}]: feeds.labs: unknown ")


def test_an_id_that_a_broken_file_may_have_is_not_told() -> None:
    assert findings('[calendars.labs]\ntitle = "Labs"\ntopics = ["nope"]\n', Kind.TOPIC) == []
