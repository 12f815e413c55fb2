"""Writes docs/reference/calendar-rules.md: why there is each rule, who misreads what, what to do.

`python -m publisher.ics.rules.reference` rewrites it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.diagnostics import Severity
from publisher.ics.rules import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.ics.rules.rule import Rule

DOCUMENT = Path("docs/reference/calendar-rules.md")
_HEAD = """\
# Calendar rules

`publisher check FILE.ics` holds these rules against anybody's calendar; every build holds them against
what it writes. This page is made of the rules themselves: `python -m publisher.ics.rules.reference`
writes it anew.

An *error* breaks what a standard demands, puts an event at a wrong instant, or loses it in a program
that is in use; the exit status is then 1, and a build does not publish it. A *warning* is misread by
somebody, and fails nothing. Why the line is drawn there: [0018](../decisions/0018-a-lint-of-our-own.md).

Lines are those of the file, before unfolding; columns count characters. Of one sort of finding fifty are
shown, the last one with how many more there are.
"""


def page() -> str:
    """The whole document."""
    return "\n".join(
        [_HEAD, *_contents(), *(part for title, rules in GROUPS for part in _group(title, rules))]
    )


def _contents() -> Iterator[str]:
    for title, rules in GROUPS:
        codes = ", ".join(f"[{rule.code}](#{rule.code})" for rule in rules)
        yield f"- **{title}**: {codes}"
    yield ""


def _group(title: str, rules: tuple[Rule, ...]) -> Iterator[str]:
    yield f"## {title}\n"
    yield from map(_section, rules)


def _section(rule: Rule) -> str:
    severity = "An error" if rule.severity is Severity.ERROR else "A warning"
    return (
        f"### {rule.code}\n\n*{severity}.* {rule.why}\n\n"
        f"- In practice: {rule.misread}\n- Said in: {rule.source}.\n\nTo mend it: {rule.mend}.\n"
    )


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENT).write_text(page(), "utf-8")
