"""Which characters the octets of a calendar are: UTF-8 (RFC 5545 section 3.1.4), else the best guess."""

from __future__ import annotations

import codecs
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: How a stream begins that has no mark: the letter B of BEGIN.
_BEGINNINGS: Final = (
    (b"B\0\0\0", "utf-32-le"),
    (b"\0\0\0B", "utf-32-be"),
    (b"B\0", "utf-16-le"),
    (b"\0B", "utf-16-be"),
)


def to_utf8(data: bytes) -> tuple[bytes, str]:
    """The octets in a charset that has ASCII within it, and the wide one that they were in, if so."""
    for start, encoding in (*_MARKS, *_BEGINNINGS):
        if data.startswith(start):
            return data.decode(encoding, "replace").encode("utf-8", "replace"), encoding.upper()
    return data, ""
