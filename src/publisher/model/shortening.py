"""The beginning of a text where there is no room for all of it."""

from __future__ import annotations


def shortened(text: str, most: int) -> str:
    """The first `most` characters of a text, up to the end of a word, and an ellipsis."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
