"""The headings of a text, in the outline of the page that shows it."""

from __future__ import annotations

import re

_HEADING = re.compile(r"<(/?)h([1-6])>")


def outline(html: str, top: int = 2) -> str:
    """Headings renumbered so that the highest is `top` and none is skipped (WCAG 2.2, technique G141)."""
    open_levels: list[int] = []

    def renumber(match: re.Match[str]) -> str:
        level = int(match[2])
        if not match[1]:
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
        return f"<{match[1]}h{min(6, top + len(open_levels) - 1)}>"

    return _HEADING.sub(renumber, html)
