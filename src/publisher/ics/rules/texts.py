"""Rules about texts: escaped, plain, and meant for people (RFC 5545 section 3.3.11)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.ics.rules.rule import ERROR, WARNING, Found, Sight, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.ics.lines import ContentLine
    from publisher.ics.subject import Subject

_TEXTS: Final = ("SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT", "NAME")
_BARE: Final = re.compile(r"(?:[^\\,;]|\\.?)*+([,;])")
_UNKNOWN_ESCAPE: Final = re.compile(r"(?:[^\\]|\\[\\;,nN])*+\\(?![\\;,nN])(.?)")
_TAG: Final = re.compile(
    r"</?(?:a|b|br|div|em|font|h[1-6]|i|img|li|ol|p|span|strong|table|td|tr|u|ul)(?:\s[^<>]*)?/?>"
    r"|&(?:nbsp|amp|lt|gt|quot)\\?;",
    re.IGNORECASE,
)
_SPLICED_UID: Final = re.compile(r"(?:None|null|undefined|NaN)(?:$|[@_.-])|\[object Object\]")
_WORDS: Final = frozenset({"None", "null", "undefined", "NaN", "[object Object]"})
#: What only some read -> what says the same to all.
_EXTRAS: Final = {"STYLED-DESCRIPTION": "DESCRIPTION", "X-ALT-DESC": "DESCRIPTION"}


@rule(
    "text-unescaped", ERROR, Sight.PROPERTY, *_TEXTS, source="RFC 5545 3.3.11 (MUST be escaped); "
    "lfos/calcurse#280",
    misread="calcurse refuses the file; readers that take it for a list show the first part only.",
    mend="write a backslash before each comma and semicolon of the text",
)  # fmt: skip
def text_unescaped(line: ContentLine, subject: Subject) -> Found | None:
    """Commas and semicolons in a text are escaped with a backslash."""
    del subject
    text = line.value
    if "," not in text and ";" not in text:
        return None
    if not (found := _BARE.match(text)):
        return None
    bare = found[1]
    return Found(
        line.number, f"expected '\\{bare}' in the text, got a bare '{bare}'", text[found.start(1) :][:20]
    )


@rule(
    "escape-unknown", WARNING, Sight.PROPERTY, *_TEXTS, source="RFC 5545 3.3.11 (ESCAPED-CHAR)",
    misread="Some show the backslash, some do not.",
    mend="write the character without a backslash; a backslash itself is written twice",
)  # fmt: skip
def escape_unknown(line: ContentLine, subject: Subject) -> Found | None:
    r"""A backslash stands before a comma, a semicolon, n or another backslash only."""
    del subject
    if "\\" not in line.value or not (found := _UNKNOWN_ESCAPE.match(line.value)):
        return None
    got = quoted("\\" + found[1]) if found[1] else "a backslash at the end"
    return Found(line.number, f"expected an escape such as \\, or \\n, got {got}", "\\" + found[1])


@rule(
    "text-with-markup", WARNING, Sight.PROPERTY, "DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT",
    source="RFC 5545 3.8.1.5; tutao/tutanota#4724, nextcloud/tasks#3206",
    misread="Apple, Thunderbird and Tutanota show the tags.",
    mend="write plain text; HTML for Outlook belongs into X-ALT-DESC;FMTTYPE=text/html",
)  # fmt: skip
def text_with_markup(line: ContentLine, subject: Subject) -> Found | None:
    """Texts are plain: tags are shown as they stand."""
    del subject
    if ("<" not in line.value and "&" not in line.value) or not (found := _TAG.search(line.value)):
        return None
    return Found(line.number, f"expected plain text, got HTML: {quoted(found[0])}", found[0])


@rule(
    "text-spliced", WARNING, Sight.PROPERTY, *_TEXTS, "URL", "UID", "CATEGORIES",
    source="ietf-tools/datatracker#8498",
    misread="Readers see the word; where a name was to be, Apple refuses the file.",
    mend="leave the property out where there is nothing to say",
)  # fmt: skip
def text_spliced(line: ContentLine, subject: Subject) -> Found | None:
    """A program's word for nothing is none for people: None, null, undefined."""
    del subject
    spliced = line.value in _WORDS or (line.name == "UID" and _SPLICED_UID.match(line.value))
    if not spliced:
        return None
    return Found(
        line.number,
        f"expected a {line.name}, got a program's word for nothing: {quoted(line.value)}",
        line.value,
    )


@rule(
    "categories-escaped", WARNING, Sight.PROPERTY, "CATEGORIES", source="RFC 5545 3.8.1.2; "
    "markuspoerschke/iCal#674",
    misread="All see one category with commas in its name.",
    mend="write commas between categories without a backslash",
)  # fmt: skip
def categories_escaped(line: ContentLine, subject: Subject) -> Found | None:
    """The commas between categories are bare; escaped ones are part of a name."""
    del subject
    parts = line.value.split("\\,")
    if len(parts) == 1 or "," in "".join(parts) or any(part[:1].isspace() or not part for part in parts):
        return None
    return Found(line.number, f"expected bare commas between categories, got {quoted(line.value)}", "\\,")


@rule(
    "text-only-styled", WARNING, Sight.COMPONENT, "VEVENT", "VTODO", "VJOURNAL",
    source="RFC 9073 6.5; spatie/calendar-links#157",
    misread="Who does not know the newer property shows nothing; X-ALT-DESC is read by Outlook alone.",
    mend="say it in DESCRIPTION, too, as plain text",
)  # fmt: skip
def text_only_styled(subject: Subject) -> Iterator[Found]:
    """What is said with styles is said in plain text, too."""
    for name, plain in _EXTRAS.items():
        if name in subject.by and plain not in subject.by:
            yield Found(subject.by[name][0].number, f"expected {plain} beside {name}, got none")


RULES = (
    text_unescaped,
    escape_unknown,
    text_with_markup,
    text_spliced,
    categories_escaped,
    text_only_styled,
)
