"""The order of names: Kazakh and Russian letters at their places, case and quotation marks aside.

The Kazakh alphabet contains the Russian one, so one order serves both; other
letters stand where Unicode has them, accents after their base letter.
"""

from __future__ import annotations

import unicodedata

_KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_RANKS = {letter: (0x430, rank) for rank, letter in enumerate(_KAZAKH)}


def collation_key(name: str) -> tuple[tuple[int, int], ...]:
    """What to sort names by."""
    return tuple(
        _RANKS.get(letter) or _rank(letter) for letter in name.casefold() if letter.isalnum() or letter == " "
    )


def _rank(letter: str) -> tuple[int, int]:
    base = unicodedata.normalize("NFD", letter)[0]
    return ord(base), 0 if base == letter else 1
