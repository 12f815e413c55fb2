"""Rules about the values of single properties (RFC 5545 section 3.8, RFC 7986 section 5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import did_you_mean, quoted
from publisher.ics import values
from publisher.ics.colours import CSS3
from publisher.ics.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.ics.values import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.ics.lines import ContentLine
    from publisher.ics.subject import Subject

_STATUSES: Final = {
    "VEVENT": ("TENTATIVE", "CONFIRMED", "CANCELLED"),
    "VTODO": ("NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED"),
    "VJOURNAL": ("DRAFT", "FINAL", "CANCELLED"),
}
_CLASSES: Final = ("PUBLIC", "PRIVATE", "CONFIDENTIAL")
_TRANSPARENCIES: Final = ("OPAQUE", "TRANSPARENT")
#: The least and the greatest.
_RANGES: Final = {
    "PRIORITY": (0, 9),
    "PERCENT-COMPLETE": (0, 100),
    "SEQUENCE": (0, 2**31 - 1),
    "REPEAT": (0, 2**31 - 1),
}
_INTEGER: Final = re.compile(r"[+-]?\d{1,10}", re.ASCII)
# RFC 3986 section 3: a scheme, a colon, and no character that must be written as %XX. Letters of
# other scripts stand in many addresses (RFC 3987), and are read.
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_URIS: Final = (
    "URL",
    "SOURCE",
    "TZURL",
    "CONFERENCE",
    "IMAGE",
    "ATTACH",
    "ORGANIZER",
    "ATTENDEE",
    "CALENDAR-ADDRESS",
)
_ENCODINGS: Final = ("8BIT", "BASE64")


@rule(
    "status-unknown", ERROR, Sight.PROPERTY, "STATUS", source="RFC 5545 3.8.1.11",
    misread="The status is passed over: a cancelled event is shown as one that takes place.",
    mend="write TENTATIVE, CONFIRMED or CANCELLED",
)  # fmt: skip
def status_unknown(line: ContentLine, subject: Subject) -> Found | None:
    """The status of an event is one of three words, of a task one of four."""
    known = _STATUSES.get(subject.name)
    if known is None or line.value.upper() in known:
        return None
    hint = did_you_mean(line.value, known) or f"write {', '.join(known[:-1])} or {known[-1]}"
    return Found(
        line.number, f"expected a status of a {subject.name}, got {quoted(line.value)}", line.value, hint
    )


@rule(
    "class-unknown", WARNING, Sight.PROPERTY, "CLASS", source="RFC 5545 3.8.1.3 (MUST treat as PRIVATE)",
    misread="Clients treat the entry as private, and servers hide it from others.",
    mend="write PUBLIC, PRIVATE or CONFIDENTIAL",
)  # fmt: skip
def class_unknown(line: ContentLine, subject: Subject) -> Found | None:
    """A class that is not known counts as PRIVATE."""
    del subject
    if line.value.upper() in _CLASSES or line.value.upper().startswith("X-"):
        return None
    return Found(
        line.number, f"expected PUBLIC, PRIVATE or CONFIDENTIAL, got {quoted(line.value)}", line.value
    )


@rule(
    "transparency-unknown", ERROR, Sight.PROPERTY, "TRANSP", source="RFC 5545 3.8.2.7",
    misread="Readers are shown as busy, or strict ones lose the event.",
    mend="write OPAQUE if its readers are busy then, TRANSPARENT if not",
)  # fmt: skip
def transparency_unknown(line: ContentLine, subject: Subject) -> Found | None:
    """Whether an event takes up time is one of two words."""
    del subject
    if line.value.upper() in _TRANSPARENCIES:
        return None
    return Found(line.number, f"expected OPAQUE or TRANSPARENT, got {quoted(line.value)}", line.value)


@rule(
    "number-out-of-range", ERROR, Sight.PROPERTY, *_RANGES, source="RFC 5545 3.8.1.8, 3.8.1.9, "
    "3.8.7.4, 3.8.6.2",
    misread="Strict readers refuse the entry; a SEQUENCE that is no number keeps changes from "
    "being taken over.",
    mend="write a whole number within the range",
)  # fmt: skip
def number_out_of_range(line: ContentLine, subject: Subject) -> Found | None:
    """Numbers are whole, and in the range of their property."""
    del subject
    least, greatest = _RANGES[line.name]
    if _INTEGER.fullmatch(line.value) and least <= int(line.value) <= greatest:
        return None
    upto = f"{least} to {greatest}" if greatest < 2**31 - 1 else f"{least} on"
    return Found(line.number, f"expected a number from {upto}, got {quoted(line.value)}", line.value)


@rule(
    "geo-malformed", ERROR, Sight.PROPERTY, "GEO", source="RFC 5545 3.8.1.6",
    misread="Strict readers refuse the event; others show it nowhere, or at another place.",
    mend="write the latitude, a semicolon and the longitude, like 43.2389;76.8897",
)  # fmt: skip
def geo_malformed(line: ContentLine, subject: Subject) -> Found | None:
    """A place is a latitude, a semicolon and a longitude, in degrees."""
    del subject
    try:
        values.geo(line.value)
    except BadValue as bad:
        return Found(line.number, str(bad), line.value)
    return None


@rule(
    "colour-unknown", ERROR, Sight.PROPERTY, "COLOR", source="RFC 7986 5.9",
    misread="The colour is not taken; strict readers refuse the calendar.",
    mend="write a CSS3 name such as steelblue; the number belongs into X-APPLE-CALENDAR-COLOR",
)  # fmt: skip
def colour_unknown(line: ContentLine, subject: Subject) -> Found | None:
    """A colour is told by its name in CSS3."""
    del subject
    if line.value.lower() in CSS3:
        return None
    return Found(line.number, f"expected the CSS3 name of a colour, got {quoted(line.value)}", line.value)


@rule(
    "uri-malformed", ERROR, Sight.PROPERTY, *_URIS, source="RFC 5545 3.3.13, 3.3.3; RFC 3986 3",
    misread="The link cannot be opened; strict readers refuse the entry.",
    mend="write the whole address with its scheme: https://... or mailto:..., white space as %20",
)  # fmt: skip
def uri_malformed(line: ContentLine, subject: Subject) -> Found | None:
    """An address is a URI: with its scheme, without white space."""
    del subject
    if line.parameters.get("VALUE", ("URI",))[0].upper() not in {"URI", "CAL-ADDRESS"}:
        return None
    if _URI.fullmatch(line.value) and not line.value.endswith((":", "://")):
        return None
    hint = ""
    if line.name in {"ORGANIZER", "ATTENDEE"} and "@" in line.value:
        hint = "write mailto: before it"
    elif "\\" in line.value:
        hint = "write it without backslashes: addresses are not escaped"
    return Found(line.number, f"expected a URI, got {quoted(line.value)}", line.value, hint)


@rule(
    "encoding-unknown", ERROR, Sight.COMPONENT, source="RFC 5545 3.2.7",
    misread="The text is shown with its codes, such as =D0=9F.",
    mend="write the text in UTF-8, without ENCODING",
)  # fmt: skip
def encoding_unknown(subject: Subject) -> Iterator[Found]:
    """Values are written as they are, or in BASE64; QUOTED-PRINTABLE is of vCalendar 1.0."""
    for line in subject.component.lines:
        if (
            line.parameters
            and (given := line.parameters.get("ENCODING"))
            and given[0].upper() not in _ENCODINGS
        ):
            yield Found(
                line.number, f"expected the encoding 8BIT or BASE64, got {quoted(given[0])}", "ENCODING"
            )


@rule(
    "binary-without-encoding", ERROR, Sight.PROPERTY, "ATTACH", "IMAGE", source="RFC 5545 3.8.1.1 (MUST)",
    misread="The attachment cannot be opened.",
    mend="write VALUE=BINARY;ENCODING=BASE64 together",
)  # fmt: skip
def binary_without_encoding(line: ContentLine, subject: Subject) -> Found | None:
    """What is within the file is written with VALUE=BINARY and ENCODING=BASE64, both."""
    del subject
    binary = line.parameters.get("VALUE", ("URI",))[0].upper() == "BINARY"
    coded = line.parameters.get("ENCODING", ("8BIT",))[0].upper() == "BASE64"
    if binary == coded:
        return None
    return Found(line.number, f"expected VALUE=BINARY and ENCODING=BASE64 with {line.name}, got one of them")


@rule(
    "cancelled-without-sequence", WARNING, Sight.PROPERTY, "STATUS", source="RFC 5546 2.1.4; "
    "nextcloud/calendar#7918",
    misread="Clients that have the event already take the copy for an old one, and keep showing it.",
    mend="add SEQUENCE, one more than before the cancellation",
)  # fmt: skip
def cancelled_without_sequence(line: ContentLine, subject: Subject) -> Found | None:
    """A cancellation is a new revision of an event, and has a higher SEQUENCE."""
    if subject.name != "VEVENT" or line.value.upper() != "CANCELLED" or "SEQUENCE" in subject.by:
        return None
    return Found(line.number, "expected a SEQUENCE with STATUS:CANCELLED, got none")


RULES = (
    status_unknown,
    class_unknown,
    transparency_unknown,
    number_out_of_range,
    geo_malformed,
    colour_unknown,
    uri_malformed,
    encoding_unknown,
    binary_without_encoding,
    cancelled_without_sequence,
)
