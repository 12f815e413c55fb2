"""A topic's colour, adapted so that it stands out by day and by night (WCAG 2.2, criterion 1.4.3)."""

from __future__ import annotations

from functools import lru_cache

from publisher.render.css_colours import css_colour

__all__ = ["adapted", "contrast", "css_colour"]

#: The backgrounds of assets/site.css, light and dark, that colours must stand out from.
DAY, NIGHT = "#f3f1ea", "#22292c"
CONTRAST = 4.5
_STEPS = 40
#: Where the sRGB curve stops being a straight line.
_LINEAR_BELOW = 0.04045

Rgb = tuple[float, float, float]


@lru_cache(maxsize=4096)
def adapted(colour: str) -> tuple[str, str]:
    """The colour for a light and for a dark page: as it is where it can be read, else darker or lighter."""
    return _towards(colour, "#000000", DAY), _towards(colour, "#ffffff", NIGHT)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    high, low = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _towards(colour: str, limit: str, background: str) -> str:
    start, end = _rgb(colour), _rgb(limit)
    for step in range(_STEPS + 1):
        share = step / _STEPS
        mixed = _hex(tuple(a + (b - a) * share for a, b in zip(start, end, strict=True)))  # type: ignore[arg-type]
        if contrast(mixed, background) >= CONTRAST:
            return mixed
    return limit


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _luminance(rgb: Rgb) -> float:
    linear = [part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
