"""The colour names that calendars may use (RFC 7986 section 5.9): the CSS name nearest to a colour."""

from __future__ import annotations

from functools import lru_cache

from publisher.ics.colours import COLOURS

Lab = tuple[float, float, float]

#: Where the curve of CIE Lab stops being a cube root, and the line before it (CIE 15).
_LINEAR_BELOW, _SLOPE, _OFFSET = 216 / 24389, 841 / 108, 4 / 29
#: Likewise of sRGB, as screens have it (IEC 61966-2-1).
_SRGB_LINEAR_BELOW = 0.04045


@lru_cache(maxsize=4096)
def css_colour(colour: str) -> str:
    """The name of the CSS colour that people see as nearest to `#rrggbb`: distance in CIE Lab."""
    sought = _lab(colour.removeprefix("#"))
    return min(_named(), key=lambda name: (_distance(_named()[name], sought), name))


@lru_cache(maxsize=1)
def _named() -> dict[str, Lab]:
    return {name: _lab(value) for name, value in COLOURS.items()}


def _distance(one: Lab, other: Lab) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _lab(digits: str) -> Lab:
    """CIE Lab of six hexadecimal digits, under the white of screens (D65)."""
    red, green, blue = (_linear(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4))
    x = _root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505)
    y = _root(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = _root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= _SRGB_LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4)


def _root(part: float) -> float:
    return float(part ** (1 / 3)) if part > _LINEAR_BELOW else _SLOPE * part + _OFFSET
