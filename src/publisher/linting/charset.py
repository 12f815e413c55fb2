"""Which characters octets are most likely that are no UTF-8."""

from __future__ import annotations

from typing import Final

_ASCII: Final = 0x80


def guessed(line: bytes) -> tuple[str, str]:
    """The text of octets that are no UTF-8, and the name of the charset that they are most like.

    Cyrillic words are runs of octets above ASCII; in Latin ones such octets stand alone.
    """
    high = [octet >= _ASCII for octet in line]
    alone = sum(
        here and not before and not after
        for before, here, after in zip([False, *high], high, [*high[1:], False], strict=False)
    )
    name = "windows-1251" if alone * 2 < sum(high) else "windows-1252"
    return line.decode(name, "replace"), name
