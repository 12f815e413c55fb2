"""Chromium with axe: what a browser says of a page, and whether people with any abilities can use it."""

from dataclasses import dataclass

from .tools import node, program

#: A telephone held upright and a desk, in CSS pixels.
WIDTHS = (360, 1200)
SCHEMES = ("light", "dark")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One page on one screen."""

    url: str
    width: int
    scheme: str
    #: Of the answer to the page itself.
    status: int
    #: What the browser's console shows in red, each with the address it is about.
    console_errors: list[str]
    #: Addresses on other hosts that the page asked for.
    outside: list[str]
    #: How wide the page is, and how much of it the window can show.
    scroll_width: int
    inner_width: int
    #: How many of axe's rules found something to judge and were content.
    rules_passed: int
    #: One sentence for each element that breaks a rule.
    violations: list[str]

    def __str__(self) -> str:
        return f"{self.url} at {self.width} px, {self.scheme}"


def look_at(urls: list[str]) -> list[Visit]:
    """Open each page at every width and in both colour schemes."""
    program("chromium")
    question = {"urls": urls, "widths": WIDTHS, "schemes": SCHEMES}
    return [Visit(**visit) for visit in node("axe.mjs", question, "axe-core", "playwright-core")]
