"""Values of feeds: times, addresses and media types, and in words what is amiss with one.

Readers of a value raise `BadValue`, whose text is `expected ..., got ...`; a `..._fault` is that text, or
nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from urllib.parse import urlsplit

from publisher.diagnostics import quoted

_RFC_3339: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(?:(Z)|([+-])(\d\d):(\d\d))", re.ASCII
)
_W3C: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(?:(Z)|([+-])(\d\d):(\d\d)))?)?)?",
    re.ASCII,
)
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HOUR: Final = 60  # minutes
_LATEST_OFFSET: Final = 23 * _HOUR + 59


class BadValue(ValueError):
    """The value is not what stands in its place: `expected ..., got ...`."""


def _expected(what: str, text: str, reason: str = "") -> BadValue:
    return BadValue(f"expected {what}, got {quoted(text)}{f': {reason}' if reason else ''}")


# Times.


def rfc_3339(text: str) -> datetime:
    """A time as Atom and JSON Feed tell it (RFC 3339, with the upper case of RFC 4287 section 3.3).

    Raises:
        BadValue: for anything else, blanks around it included.
    """
    found = _RFC_3339.fullmatch(text)
    if not found:
        raise _expected("a time with its offset, such as 2026-11-20T09:00:00+05:00", text, _why(text))
    return _moment(found, text)


def w3c(text: str) -> datetime:
    """A time or a day as Dublin Core and the event module tell it (W3C-DTF); the first moment that it may be.

    Raises:
        BadValue: for anything else.
    """
    found = _W3C.fullmatch(text)
    if not found:
        raise _expected(
            "a day or a time with its offset, such as 2026-11-20T09:00:00+05:00", text, _why(text)
        )
    return _moment(found, text)


def _why(text: str) -> str:
    """What a reader of it would want to know, where the form is nearly right."""
    if text != text.strip():
        return "there are blanks around it"
    if _LOCAL.fullmatch(text):
        return "it has no offset from UTC"
    if _DAY.fullmatch(text):
        return "it has no time of day"
    if _RFC_3339.fullmatch(text.upper().replace(" ", "T", 1)):
        return "T and Z are capital letters without a blank"
    return ""


def _moment(found: re.Match[str], text: str) -> datetime:
    year, month, day, hour, minute, second, fraction, _, sign, hours, minutes = found.groups()
    offset = int(hours or 0) * _HOUR + int(minutes or 0)
    if int(minutes or 0) >= _HOUR or offset > _LATEST_OFFSET:
        raise _expected("an offset of less than a day", text)
    zone = timezone(timedelta(minutes=-offset if sign == "-" else offset))
    micro = int(f"{fraction or '.0'}000000"[1:7])
    try:
        return datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0),
            _second(second), micro, tzinfo=zone,
        )  # fmt: skip
    except ValueError:
        raise _expected("a time that there is", text) from None


_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZONES: Final = {
    "UT": 0, "GMT": 0, "Z": 0,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
#: Years of two digits are of this century up to here (RFC 2822 section 4.3).
_TURN: Final = 50
_CENTURIES: Final = (2000, 1900)
_RFC_822: Final = re.compile(
    r"(?:([A-Za-z]{3}),\s+)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4}|\d{2})\s+(\d\d):(\d\d)(?::(\d\d))?\s+([+-]\d{4}|[A-Z]{1,3})",
    re.ASCII,
)


def rfc_822(text: str) -> datetime:
    """A time as RSS tells it (RFC 822 section 5, with years of four digits also).

    Raises:
        BadValue: for anything else: names in other languages, a weekday that is another's, no zone.
    """
    found = _RFC_822.fullmatch(text.strip())
    if not found:
        raise _expected("a time such as Fri, 20 Nov 2026 09:00:00 +0500", text)
    weekday, day, month, year, hour, minute, second, zone = found.groups()
    if month not in _MONTHS or (weekday and weekday not in _DAYS):
        raise _expected("English names of days and months, such as Fri, 20 Nov 2026", text)
    full_year = int(year) + (0 if len(year) > 2 else _CENTURIES[int(year) >= _TURN])  # noqa: PLR2004 -- digits
    there = _zone(zone, text)
    clock = int(hour), int(minute), _second(second)
    try:
        moment = datetime(full_year, _MONTHS.index(month) + 1, int(day), *clock, tzinfo=there)
    except ValueError:
        raise _expected("a time that there is", text) from None
    if weekday and _DAYS[moment.weekday()] != weekday:
        raise _expected(f"{_DAYS[moment.weekday()]} for that day", text)
    return moment


def _second(text: str | None) -> int:
    """A second, a leap second as the one before it."""
    return 59 if text == "60" else int(text or 0)


def _zone(name: str, text: str) -> timezone:
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    if name[0] in "+-":
        minutes = int(name[1:3]) * _HOUR + int(name[3:])
        if minutes <= _LATEST_OFFSET and int(name[3:]) < _HOUR:
            return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
    raise _expected("an offset such as +0500, or GMT", text)


def to_utc(when: datetime) -> datetime:
    """The moment in UTC, at the ends of what can be told if it is beyond them."""
    try:
        return when.astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if when.year == 1 else datetime.max.replace(tzinfo=UTC)


# Addresses.

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_NOT_IN_ADDRESS: Final = re.compile(r"[\x00-\x20\x7f-\xa0<>\"{}|\\^`\ufffe\uffff\ud800-\udfff]|\s")
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_TAG: Final = re.compile(
    r"tag:(?:[a-z0-9._-]+@)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?,\d{4}(?:-\d\d(?:-\d\d)?)?:[^#]*",
    re.IGNORECASE | re.ASCII,
)
_URN: Final = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:[^#?]+.*", re.IGNORECASE)
_UUID: Final = re.compile(
    r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)
_WEB: Final = frozenset({"http", "https"})


def scheme_of(text: str) -> str:
    """How an address begins, in lower case: `https`; nothing for one that is relative."""
    found = _SCHEME.match(text)
    return found[1].lower() if found else ""


_AUTHORITY: Final = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://(?:[^/?#@]*@)?([^/?#\s@]*))?")


def without_path(address: str) -> str:
    """The scheme and the host of an address whose path may be a secret: `https://hub.example.org/...`."""
    found = _AUTHORITY.match(address)
    scheme, host = scheme_of(address.strip()), (found[1] or "") if found else ""
    rest = address[found.end() :].strip() if found else ""
    return f"{scheme}{':' if scheme else ''}{'//' if host else ''}{host}{'/...' if rest.strip('/') else ''}"


def address_fault(text: str) -> str:
    """What is amiss with an address, relative or absolute (RFC 3986, RFC 3987)."""
    if text != text.strip():
        return f"expected an address without blanks around it, got {quoted(text)}"
    if found := _NOT_IN_ADDRESS.search(text):
        return f"expected an address without {_called(found[0])}, got {quoted(text)}"
    if _BAD_ESCAPE.search(text):
        return f"expected two hexadecimal digits after each % of an address, got {quoted(text)}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return f"expected an address, got {quoted(text)}"
    del port
    if scheme_of(text) in _WEB and not parts.hostname:
        return f"expected an address with a host, got {quoted(text)}"
    return ""


def _called(character: str) -> str:
    return "blanks" if character.isspace() else f"the character U+{ord(character):04X}"


def identity_fault(text: str) -> str:
    """What is amiss with an identity: an absolute IRI, among them tag: (RFC 4151) and urn: (RFC 8141)."""
    if fault := address_fault(text):
        return fault
    scheme = scheme_of(text)
    if not scheme:
        return f"expected an absolute address such as tag:example.org,2026:open-day, got {quoted(text)}"
    if scheme == "tag" and not (_TAG.fullmatch(text) and _tag_date(text)):
        return f"expected tag:AUTHORITY,DATE:NAME such as tag:example.org,2026:open-day, got {quoted(text)}"
    if text.lower().startswith("urn:uuid:") and not _UUID.fullmatch(text):
        return f"expected urn:uuid: with 8-4-4-4-12 hexadecimal digits, got {quoted(text)}"
    if scheme == "urn" and not _URN.fullmatch(text):
        return f"expected urn:NAMESPACE:NAME, got {quoted(text)}"
    return ""


def _tag_date(text: str) -> bool:
    """Whether the date in a tag: URI is one."""
    year, month, day = (*text.split(",")[1].split(":", maxsplit=1)[0].split("-"), "01", "01")[:3]
    try:
        datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return False
    return True


# Media types and numbers.

_TOKEN: Final = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"  # noqa: S105 -- a word of media types (RFC 6838)
_MEDIA_TYPE: Final = re.compile(rf"""{_TOKEN}/{_TOKEN}(?:\s*;\s*{_TOKEN}=(?:[^\s;"]+|"[^"]*"))*\s*;?""")
_COUNT: Final = re.compile(r"\d{1,18}", re.ASCII)


def media_type_fault(text: str) -> str:
    """What is amiss with a media type (RFC 6838 section 4.2)."""
    return (
        "" if _MEDIA_TYPE.fullmatch(text) else f"expected a media type such as image/png, got {quoted(text)}"
    )


def count_fault(text: str) -> str:
    """What is amiss with a number of octets."""
    return "" if _COUNT.fullmatch(text) else f"expected a number of octets in digits, got {quoted(text)}"
