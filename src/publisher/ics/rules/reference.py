"""Writes docs/reference/calendar-rules.md: why there is each rule, who misreads what, what to do.

`python -m publisher.ics.rules.reference` rewrites it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from publisher.ics.rules import GROUPS
from publisher.linting import reference

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

What is deliberately no rule, because it is read as it is meant, or is a matter of taste:

- *A VTIMEZONE that begins in 1601.* Every export of Outlook has it, and all engines read it. One that begins
  after what uses it is [an error](#zone-begins-later).
- *A TZID that is no name of IANA's*, such as `Central Asia Standard Time`, or one of the calendar's own. With
  its VTIMEZONE it is sound, and readers follow that.
- *A VALARM in a file that does not say how often it wants to be fetched* (REFRESH-INTERVAL,
  X-PUBLISHED-TTL or SOURCE). Whoever exports their own calendar wants their alarms in it; only on
  subscribers they are [imposed](#alarm-in-feed).
- *STATUS:CANCELLED without a word about it in the title.* Some readers show such an event like any other,
  and a word helps them; but whether the title is the place for it, publishers decide.
- *A date that cannot be told from the rule of its series by looking at one day*, such as an EXDATE far behind
  a COUNT. Nothing is expanded; such a date counts as one of the series.
"""


def page() -> str:
    """The whole document."""
    return reference.page(_HEAD, GROUPS)


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENT).write_text(page(), "utf-8")
