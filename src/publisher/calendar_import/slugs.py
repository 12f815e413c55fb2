"""Ids of imported events: made of their titles, in letters that every address has."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from publisher.model.fields import MAX_ID, read_id

if TYPE_CHECKING:
    from collections.abc import Container

#: Russian, Kazakh and Ukrainian letters as people write them in addresses, and Latin ones without a mark to
#: take away.
_LETTERS = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya",
    "ә": "a", "ғ": "g", "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i",
    "є": "ye", "ї": "yi", "ґ": "g",
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i",
    "'": "", "\u2019": "", "\u02bc": "",
})  # fmt: skip
_OTHERS = re.compile(r"[^a-z0-9]+")
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
#: What a title may give; room is left for a year and a number.
_LONGEST = 60


def slug(title: str) -> str:
    """The title in small ASCII letters, digits and hyphens; empty where it has none of them."""
    # Composed first: what looks like a letter with a mark is, in Cyrillic, a letter of its own.
    spelt = unicodedata.normalize("NFC", title[: _LONGEST * 4]).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", spelt)
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return _cut(_OTHERS.sub("-", bare).strip("-"))


def _cut(name: str) -> str:
    """The name up to the last whole word that fits."""
    if len(name) <= _LONGEST:
        return name
    whole, _, _ = name[: _LONGEST + 1].rpartition("-")
    return (whole or name[:_LONGEST]).strip("-")


def base_id(title: str, day: str, *, recurring: bool = False) -> str:
    """The id that a title suggests, with the year unless it has one or the event goes on for years.

    `day` is when it takes place as its record says: a day, a month or a year.
    """
    name = slug(title) or f"event-{_OTHERS.sub('-', day[:10])}".strip("-")
    if day and not recurring and not _YEAR.search(name):
        name = f"{name}-{day[:4]}"
    return name if _is_free(name) else f"event-{name}"


def numbered(name: str, taken: Container[str], first: int = 1) -> tuple[str, int]:
    """The id with the first number from `first` on with which it is free, and that number; 1 adds none."""
    number = first
    while (free := name if number == 1 else f"{name[: MAX_ID - 7]}-{number}") in taken:
        number += 1
    return free, number


def _is_free(name: str) -> bool:
    """Whether file systems and web servers leave the name to us."""
    try:
        return bool(read_id(name))
    except ValueError:
        return False
