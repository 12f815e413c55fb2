"""What the checks of the lint are given: a feed and its entries, each thing that they say with its place.

A check is a function in `rules/` under the decorator of `rules.rule`: `rule(code, severity, sight, *on,
source=, misread=, mend=)`; its docstring is the reason for the rule. By its sight it is given

- `Sight.FEED`: `(feed)`, once; `on` names formats ("atom", "rss", "json"), none means all;
- `Sight.ENTRY`: `(entry, feed)`, for each entry; `on` likewise;
- `Sight.FACTS`: `(facts, feed)`, for what the feed itself says and for what each entry does; `on` likewise;
- `Sight.CONTENT`: `(content, feed)`, for each text for people, of the feed and of entries; `on` names roles;
- `Sight.ELEMENT`: `(element, feed)`, for each element of XML; `on` names elements as `places.PREFIXES`
  writes them ("item", "atom:link", "ev:startdate"), none means all; `having="length"` only those with this
  attribute;
- `Sight.OBJECT`: `(value, feed)`, for each object of JSON; `on` names the members in which it stands
  ("items", "authors", "attachments", "hubs"), the outermost is "feed";
- `Sight.NODE`: `(node, feed)`, for each element and each object.

It gives one `Found`, several, or nothing. `Said.found(message, about=...)` makes one at the right place.

What holds for all formats is asked of `Feed` and `Entry`, what is of one format of its elements or values.
A value that is missing or no text at all is None or empty here: whether it has to be there is for a rule to
say. An entry whose end was not read (the file is cut off) is not among the entries, and then rules about the
whole feed are not asked.

Values are read by `values.py` (dates, addresses, media types) and `languages.py`, which say in words what is
amiss with one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from publisher.syndication.places import Element, Found, Value

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.syndication.places import Instruction, Near

Format: TypeAlias = Literal["atom", "rss", "json"]
Role: TypeAlias = Literal["title", "subtitle", "summary", "content", "rights", "description", "name"]
Markup: TypeAlias = Literal["text", "html", "xhtml"]


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the document, and where it stands."""

    #: The element or the value; of JSON the object that has it as a member.
    node: Element | Value
    #: As it came, blanks around it included.
    text: str
    #: In which attribute of the element, or in which member of the object; else it is the element's text.
    attribute: str = ""

    @property
    def name(self) -> str:
        """What it is called in messages: `<link href>`, `"url"`."""
        if isinstance(self.node, Value):
            return f'"{self.attribute or self.node.role}"'
        return f"<{self.node.name.removeprefix('atom:')}{f' {self.attribute}' if self.attribute else ''}>"

    def found(self, message: str, about: str = "", hint: str | Near = "") -> Found:
        """A finding at this place, or at a text within it."""
        return Found(self.node, message, about, self.attribute, hint)


@dataclass(frozen=True, slots=True)
class Dated:
    """A time that is told, or was to be."""

    said: Said
    #: None if it cannot be read.
    when: datetime | None
    #: What is amiss with it: `expected ..., got ...`; nothing if it is sound.
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An address, and what it is to the feed or the entry; the same words in all formats."""

    #: "alternate", "self", "enclosure", "hub", "prev-archive", ...: as Atom's `rel`, in lower case. What is
    #: no link has words of its own: "icon", "logo", "image", "author", "content", "category", "permalink",
    #: "media".
    rel: str
    href: Said
    #: The media type that is given, or nothing.
    type: str = ""
    #: The language that is given, or nothing.
    hreflang: str = ""
    #: The length in octets as it is written; None without one.
    length: Said | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A text for people."""

    role: Role
    markup: Markup
    #: Unescaped once: HTML is read as it stands here; of XHTML all text within it, its elements stand in the
    #: node.
    said: Said
    #: The address against which it may be resolved (`xml:base`), nothing without one.
    base: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What feeds and entries both say. The first of each where there are more."""

    id: Said | None = None
    title: Said | None = None
    published: Dated | None = None
    updated: Dated | None = None
    links: tuple[Link, ...] = ()
    contents: tuple[Content, ...] = ()
    #: Every time that is told, `published` and `updated` among them.
    dates: tuple[Dated, ...] = ()
    #: Who has written it: names, or addresses where there is no name.
    authors: tuple[Said, ...] = ()
    #: The language that it says it is in: `xml:lang`, `<language>`, `"language"`.
    language: Said | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of Atom, an item of RSS or JSON Feed."""

    node: Element | Value
    facts: Facts = field(default_factory=Facts)

    def links(self, rel: str) -> list[Link]:
        """Its links of one kind."""
        return [link for link in self.facts.links if link.rel == rel]


@dataclass(frozen=True)
class Feed:
    """A feed as a whole."""

    format: Format
    #: The outermost element or object.
    root: Element | Value
    #: What holds the feed's own elements: the root of Atom and JSON Feed, `<channel>` of RSS.
    channel: Element | Value
    facts: Facts
    entries: tuple[Entry, ...]
    #: What stands before the outermost element, such as which style sheet there is.
    instructions: tuple[Instruction, ...] = ()
    #: The moment at which it is looked at, in UTC; None if nobody has said.
    now: datetime | None = None

    def links(self, rel: str) -> list[Link]:
        """The feed's own links of one kind."""
        return [link for link in self.facts.links if link.rel == rel]

    @cached_property
    def address(self) -> str:
        """Where it says that it is: its link to itself; nothing without one."""
        own = self.links("self")
        return own[0].href.text.strip() if own else ""
