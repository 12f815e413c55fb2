"""The elements of Atom (RFC 4287 section 4): where each may stand, how often, with which attributes."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PEOPLE: Final = ("atom:author", "atom:contributor")
_BOTH: Final = (
    "atom:category",
    "atom:id",
    "atom:link",
    "atom:rights",
    "atom:title",
    "atom:updated",
    *_PEOPLE,
)
_OF_FEED: Final = ("atom:generator", "atom:icon", "atom:logo", "atom:subtitle", *_BOTH)
_OF_ENTRY: Final = ("atom:content", "atom:published", "atom:source", "atom:summary", *_BOTH)
_OF_PERSON: Final = ("atom:name", "atom:uri", "atom:email")

#: What may stand in which element of Atom.
CHILDREN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "atom:feed": frozenset({*_OF_FEED, "atom:entry"}),
        "atom:entry": frozenset(_OF_ENTRY),
        "atom:source": frozenset(_OF_FEED),
        "atom:author": frozenset(_OF_PERSON),
        "atom:contributor": frozenset(_OF_PERSON),
    }
)
#: All that there are.
ELEMENTS: Final = frozenset({"atom:feed", *(name for names in CHILDREN.values() for name in names)})

#: What must be there.
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "atom:feed": ("atom:id", "atom:title", "atom:updated"),
        "atom:entry": ("atom:id", "atom:title", "atom:updated"),
        "atom:author": ("atom:name",),
        "atom:contributor": ("atom:name",),
    }
)
#: What may be there more than once.
MANY: Final = frozenset({"atom:entry", "atom:category", "atom:link", *_PEOPLE})
#: Texts for people, which have a type (section 3.1).
TEXTS: Final = ("atom:title", "atom:subtitle", "atom:summary", "atom:rights")
#: What holds nothing but text.
PLAIN: Final = frozenset(
    {"atom:id", "atom:updated", "atom:published", "atom:icon", "atom:logo", "atom:generator", *_OF_PERSON}
)

_COMMON: Final = frozenset({"xml:lang", "xml:base", "xml:space", "xml:id"})
_TEXT: Final = _COMMON | {"type"}
#: The attributes of each, those of all elements included; those in namespaces are anybody's.
ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        **dict.fromkeys(ELEMENTS, _COMMON),
        **dict.fromkeys(TEXTS, _TEXT),
        "atom:content": _TEXT | {"src"},
        "atom:category": _COMMON | {"term", "scheme", "label"},
        "atom:generator": _COMMON | {"uri", "version"},
        "atom:link": _COMMON | {"href", "rel", "type", "hreflang", "title", "length"},
    }
)
