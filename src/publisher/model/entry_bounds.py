"""How much an entry of a feed may say: a feed is fetched again and again, and whole.

A record may hold five hundred sources and names without end; its page has them all. An entry
has the first ones, the same in every format, so that it takes about 150,000 bytes at most
(`MOST_ENTRY`) in each of them.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Of an entry, in bytes: what follows adds up to less. Names in the site's configuration are not bounded.
MOST_ENTRY: Final = 150_000
#: Of its content, in bytes of UTF-8 as `weight` counts them.
MOST_CONTENT: Final = 60_000
#: Of its content what a record's fields and body can surely have; `publisher check` tells of longer ones.
#: The rest is for what the fields become when they are written out.
SURE_CONTENT: Final = 50_000
#: Of its summary, its places and its organisers, in characters.
MOST_CHARACTERS: Final = 1_000
#: Sources that are links of the entry; its content lists them all as far as it goes.
MOST_SOURCES: Final = 20
#: Files, and likewise categories, and pages in other languages.
MOST_FILES: Final = 50
MOST_CATEGORIES: Final = 50
MOST_TRANSLATIONS: Final = 50
#: Of all of one such sort together, in bytes as they are written.
_MOST_OF_A_SORT: Final = 8_000
#: So many bytes the names of elements, attributes and members take at most.
_AROUND_ONE: Final = 120

_T = TypeVar("_T")


def weight(html: str) -> int:
    """How many bytes of `MOST_CONTENT` it takes: those of its UTF-8, or two thirds of those in a feed.

    A feed escapes markup: a table of short cells takes more than twice its bytes in Atom and RSS.
    """
    as_xml = escape(html, quote=False).replace("\r", "&#13;")
    as_json = json.dumps(html, ensure_ascii=False)
    return max(len(html.encode()), *(len(text.encode()) * 2 // 3 for text in (as_xml, as_json)))


def first_words(text: str) -> str:
    """The first `MOST_CHARACTERS` of a text, up to the end of a word where there is one."""
    if len(text) <= MOST_CHARACTERS:
        return text
    end = text.rfind(" ", MOST_CHARACTERS // 2, MOST_CHARACTERS - 1)
    return text[: end if end > 0 else MOST_CHARACTERS - 2].rstrip() + " …"


def first_ones(members: Iterable[_T], most: int) -> Iterator[_T]:
    """The first links, files or categories of an entry: so many, while they do not take too many bytes."""
    left = _MOST_OF_A_SORT
    for member, _ in zip(members, range(most), strict=False):
        left -= _AROUND_ONE + sum(len(escape(str(value)).encode()) for value in vars(member).values())
        if left < 0:
            return
        yield member
