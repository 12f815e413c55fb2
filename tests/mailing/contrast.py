"""How well the text of a mail can be read: its colours as its elements have them, by day and by night."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import html

_MEDIA = re.compile(r"@media \(prefers-color-scheme: dark\) \{(.*?\})\s*\}", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
Styles = dict[str, str]


def colours(page: str, *, night: bool) -> Iterator[tuple[str, str, str]]:
    """Each text of a mail with its own colour and that of its ground."""
    tree = html.document_fromstring(page)
    rules = _rules(page) if night else []
    for element in tree.body.iter():
        if isinstance(element.tag, str) and (element.text or "").strip() and not _is_hidden(element):
            text = " ".join(element.text.split())
            yield text, _computed(element, "color", rules), _computed(element, "background-color", rules)


def _computed(element: Any, name: str, rules: list[tuple[str, Styles]]) -> str:
    """The value of a property, the nearest one that is set: grounds show through, colours are inherited."""
    for each in (element, *element.iterancestors()):
        styles = _own(each) | {
            key: value for selector, found in rules if _fits(each, selector) for key, value in found.items()
        }
        if name in styles:
            return _six(styles[name])
    raise AssertionError(f"no {name} for {element.text!r}")


def _own(element: Any) -> Styles:
    return _declarations(element.get("style", ""))


def _declarations(text: str) -> Styles:
    pairs = (part.partition(":") for part in text.split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value}


def _rules(page: str) -> list[tuple[str, Styles]]:
    (dark,) = _MEDIA.findall(page)
    return [
        (selector.strip(), _declarations(styles))
        for selectors, styles in _RULE.findall(dark)
        for selector in selectors.split(",")
    ]


def _fits(element: Any, selector: str) -> bool:
    """Whether a selector of classes, elements and descendants means this element."""
    *above, last = selector.split()
    if not _is(element, last):
        return False
    ancestors = list(element.iterancestors())
    return all(any(_is(each, part) for each in ancestors) for part in above)


def _is(element: Any, simple: str) -> bool:
    if simple.startswith("."):
        return simple[1:] in element.get("class", "").split()
    return bool(element.tag == simple)


def _is_hidden(element: Any) -> bool:
    return any(_own(each).get("display") == "none" for each in (element, *element.iterancestors()))


def _six(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(c * 2 for c in colour[1:])
