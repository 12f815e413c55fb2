"""Writes docs/reference/feed-rules.md: why there is each rule, who misreads what, what to do.

`python -m publisher.syndication.rules.reference` rewrites it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from publisher.linting import reference
from publisher.syndication import http
from publisher.syndication.rules import GROUPS

DOCUMENT = Path("docs/reference/feed-rules.md")
_HEAD = """\
# Feed rules

`publisher check FILE` holds these rules against anybody's feed, whether Atom, RSS or JSON Feed, and
`publisher check URL` against what an address answers, too. This page is made of the rules themselves:
`python -m publisher.syndication.rules.reference` writes it anew.

An *error* breaks what a standard demands, or loses an entry, an address or the whole feed in a program
that is in use; the exit status is then 1. A *warning* is misread by somebody, and fails nothing. Why the
line is drawn there: [0025](../decisions/0025-a-lint-for-feeds.md).

Lines and columns count characters of the file; findings point at the element, the attribute or the value
that they are about. Of one sort of finding fifty are shown, the last one with how many more there are.
After a fault of syntax nothing of what follows is read: mend it and check again.

Nothing is fetched that a feed names, and no entity is unfolded. What lies in the future, or has the time of
the request, is seen only by the clock of whoever checks.

What is deliberately no rule, because it is read as it is meant, or is a matter of taste:

- *Several entries with the same time.* Records that are published together are.
- *An empty feed.* Nothing may be known yet, or no longer.
- *No language.* Many feeds have several; one that is told and is none is [an error](#language-unknown).
- *Elements in namespaces that nobody knows.* They are anybody's, and readers pass them over.
- *A byte order mark before XML.* All parsers know it; before JSON it is [an error](#byte-order-mark).
- *An id that is a web address.* It is sound as long as it never changes, which no one file can show.
- *Any element of Atom in a channel or an item of RSS.* What stands there for what, readers have agreed upon.
"""


def page() -> str:
    """The whole document."""
    return reference.page(_HEAD, (*GROUPS, *http.GROUPS))


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENT).write_text(page(), "utf-8")
