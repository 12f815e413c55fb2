"""What the checks of feeds look at, and how they tell where a rule is broken."""

from __future__ import annotations

from enum import StrEnum
from functools import partial

from publisher.linting.rule import ERROR, WARNING, Rule, held_by_reading, rule
from publisher.syndication.places import Found

__all__ = ["ERROR", "WARNING", "Found", "Rule", "Sight", "of_form", "rule"]


class Sight(StrEnum):
    """How much a check looks at, and so what it is given."""

    #: What reading finds: there is no check.
    FORM = "the form of the file"
    #: `(feed)`: the whole feed; `on` names formats: "atom", "rss", "json".
    FEED = "a feed"
    #: `(entry, feed)`: one of its entries; `on` names formats.
    ENTRY = "an entry"
    #: `(facts, feed)`: what the feed itself says, and what each entry does; `on` names formats.
    FACTS = "what a feed or an entry says"
    #: `(content, feed)`: a text for people, in any format; `on` names roles: "title", "summary", ...
    CONTENT = "a text"
    #: `(element, feed)`: an element of XML; `on` names elements, as `atom:link`, `item`, `ev:startdate`.
    ELEMENT = "an element"
    #: `(value, feed)`: an object of JSON; `on` names the members that it stands in: "items", "authors",
    #: "attachments", "hubs"; the outermost is "feed".
    OBJECT = "an object"
    #: `(node, feed)`: every element, or every object; `on` names both.
    NODE = "an element or an object"


#: A rule that reading itself holds.
of_form = partial(held_by_reading, sight=Sight.FORM)
