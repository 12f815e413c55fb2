"""The lint: what is amiss with a feed, by the rules of `rules/`, each finding at its place.

`check` looks at anybody's file. It never fails, and takes a bounded time: `reading.py` refuses what is too
large, too deep, or would be expanded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import Diagnostic, Span
from publisher.linting.tally import Tally
from publisher.syndication.feeds import feed_of
from publisher.syndication.places import Element, Fault, Found, Value
from publisher.syndication.reading import is_feed, read
from publisher.syndication.rules import RULES
from publisher.syndication.rules.rule import Sight
from publisher.syndication.texts import Text, XmlText

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from publisher.linting.rule import Rule
    from publisher.syndication.subject import Facts, Feed

__all__ = ["check", "is_feed"]


class _Rules:
    """The rules of one sight, by what they are about."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._all = tuple(rules)
        self._everywhere = tuple(rule for rule in self._all if not rule.on)
        names = {name for rule in self._all for name in rule.on}
        self._by = {name: tuple(r for r in self._all if not r.on or name in r.on) for name in names}

    def about(self, name: str) -> tuple[Rule, ...]:
        """Those about what has this name."""
        return self._by.get(name, self._everywhere)

    def without(self, code: str) -> _Rules:
        """All but one."""
        return _Rules(rule for rule in self._all if rule.code != code)


def _seen(sight: Sight) -> _Rules:
    return _Rules(rule for rule in RULES if rule.sight is sight)


_OF_FORM: Final = {rule.code: rule for rule in RULES if rule.sight is Sight.FORM}
_OF_FEEDS, _OF_ENTRIES, _OF_CONTENTS = map(_seen, (Sight.FEED, Sight.ENTRY, Sight.CONTENT))
_OF_ELEMENTS, _OF_OBJECTS = map(_seen, (Sight.ELEMENT, Sight.OBJECT))
_OF_FACTS, _OF_NODES = map(_seen, (Sight.FACTS, Sight.NODE))


@dataclass
class _Findings:
    """What has been found so far: of each sort the first places, and how many there are."""

    kept: list[tuple[Rule, Found]] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def hold(self, rule: Rule, subject: object, *seen: object) -> None:
        """Hold a rule against what its sight is given, and note where that breaks it: mostly nowhere."""
        found = rule.check(subject, *seen)
        if found is None:
            return
        for place in (found,) if isinstance(found, Found) else found:
            if self.tally.keeps(rule.code):
                self.kept.append((rule, place))

    def add(self, faults: Iterable[Fault]) -> None:
        """Note what reading has found."""
        for fault in faults:
            rule = _OF_FORM.get(fault.code)
            if rule and self.tally.keeps(fault.code):
                self.kept.append((rule, Found(fault.at, fault.message, hint=fault.hint)))

    def diagnostics(self, path: str, text: Text) -> tuple[Diagnostic, ...]:
        """All of it, in the order of the file."""
        offsets = [_offset(found, text) for _, found in self.kept]
        places = text.places(offsets)
        return self.tally.told(
            Diagnostic(
                Span(path, *places[at]), rule.code, found.message, str(found.hint) or rule.mend, rule.severity
            )
            for (rule, found), at in zip(self.kept, offsets, strict=True)
        )


def _offset(found: Found, text: Text) -> int:
    """Where the finding points."""
    if isinstance(found.node, int):
        return found.node
    if isinstance(text, XmlText):
        return text.find(found.node, found.attribute, found.about) if isinstance(found.node, Element) else 0
    return text.find(found.node, found.attribute, found.about) if isinstance(found.node, Value) else 0


def check(data: bytes, path: str, now: datetime | None = None) -> tuple[Diagnostic, ...]:
    """What is amiss with a file, in its order; of the future it is asked only who says what is now."""
    found = _Findings()
    reading = read(data)
    found.add(reading.faults)
    feed = feed_of(reading, now)
    if feed is not None:
        _check_feed(feed, found)
        _check_nodes(feed, found)
    return found.diagnostics(path, reading.text)


def _check_feed(feed: Feed, found: _Findings) -> None:
    """What feed and entries say, whatever they are written in; of the feed only if all of it was read."""
    if feed.root.closed:
        for rule in _OF_FEEDS.about(feed.format):
            found.hold(rule, feed)
    _check_facts(feed.facts, feed, found)
    for entry in feed.entries:
        for rule in _OF_ENTRIES.about(feed.format):
            found.hold(rule, entry, feed)
        _check_facts(entry.facts, feed, found)


def _check_facts(facts: Facts, feed: Feed, found: _Findings) -> None:
    for rule in _OF_FACTS.about(feed.format):
        found.hold(rule, facts, feed)
    for content in facts.contents:
        for rule in _OF_CONTENTS.about(content.role):
            found.hold(rule, content, feed)


def _check_nodes(feed: Feed, found: _Findings) -> None:
    """Elements, or objects, one by one; of those that go on after the end of the file nothing is said."""
    if isinstance(feed.root, Element):
        for element in feed.root.within():
            if element.closed:
                _check_element(element, feed, found)
        return
    for value in feed.root.within():
        if value.closed and value.kind == "object":
            for rule in (*_OF_OBJECTS.about(value.role), *_OF_NODES.about(value.role)):
                found.hold(rule, value, feed)


def _check_element(element: Element, feed: Feed, found: _Findings) -> None:
    for rules in (_OF_ELEMENTS.about(element.name), _OF_NODES.about(element.name)):
        for rule in rules:
            if not rule.having or rule.having in element.attributes:
                found.hold(rule, element, feed)
