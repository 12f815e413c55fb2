"""Rules about octets and lines, which reading itself holds (RFC 5545 sections 3.1 to 3.4)."""

from __future__ import annotations

from publisher.ics.rules.rule import ERROR, WARNING, of_form

RULES = (
    of_form(
        "not-utf-8", ERROR,
        "A calendar is UTF-8; no parameter or header of a file can say otherwise.",
        source="RFC 5545 3.1.4",
        misread="All: letters beyond ASCII come out as others, or the whole file is refused.",
        mend="save the file as UTF-8",
    ),
    of_form(
        "byte-order-mark", ERROR,
        "A stream begins with the letter B of BEGIN:VCALENDAR.",
        source="RFC 5545 3.4",
        misread="ical.js (Thunderbird's and Nextcloud's engine, used by itself) and calcurse "
        "refuse the file.",
        mend="save the file as UTF-8 without a byte order mark",
    ),
    of_form(
        "bare-line-feed", WARNING,
        "Lines end with CRLF. Files that went through editors and version control have LF.",
        source="RFC 5545 3.1",
        misread="Strict readers; the common clients take both.",
        mend="end each line with CRLF",
    ),
    of_form(
        "no-final-line-break", WARNING,
        "The last line ends with CRLF as every other.",
        source="RFC 5545 3.1, 3.4",
        misread="Programs that read line by line miss the END:VCALENDAR, and the file looks cut off.",
        mend="end the last line with CRLF, too",
    ),
    of_form(
        "line-too-long", WARNING,
        "A line has at most 75 octets, without its end; longer ones are folded.",
        source="RFC 5545 3.1 (SHOULD)",
        misread="Readers with a buffer for one line cut the value short.",
        mend="fold it: CRLF and a space, between two characters",
    ),
    of_form(
        "fold-in-character", ERROR,
        "A fold between the octets of one character leaves two halves that are none.",
        source="RFC 5545 3.1",
        misread="Whoever decodes before unfolding; Google has ignored a whole calendar for one bad fold.",
        mend="fold before the first octet of a character",
    ),
    of_form(
        "fold-after-backslash", WARNING,
        "A fold between a backslash and what it escapes is allowed, and often undone too late.",
        source="RFC 5545 3.1, 3.3.11",
        misread="Readers that take escapes line by line show a backslash, or lose a line break.",
        mend="fold one character earlier",
    ),
    of_form(
        "control-character", ERROR,
        "Beside the tab, no control character may stand in a value.",
        source="RFC 5545 3.1 (CONTROL)",
        misread="XML-based readers refuse the file; a lone CR is a line break to some, and begins "
        "a property there.",
        mend="leave it out; a line break in a text is written \\n",
    ),
    of_form(
        "blank-line", WARNING,
        "Between two lines there is none without a property.",
        source="RFC 5545 3.1",
        misread="Some readers take it for the end of the file.",
        mend="delete it; an empty line in a text is written \\n\\n",
    ),
    of_form(
        "line-without-colon", ERROR,
        "A line is a property with a colon, or begins with a space. Mostly one is the rest of a "
        "text that was not "
        "escaped, or a word such as None that a template has put in.",
        source="RFC 5545 3.1",
        misread="Apple and Google refuse the file; others drop the line, and with it the rest of the text.",
        mend="begin the line with a space if it goes on from the one before; write a line break "
        "in a text as \\n",
    ),
    of_form(
        "bad-name", ERROR,
        "The name of a property consists of letters, digits and hyphens.",
        source="RFC 5545 3.1 (name)",
        misread="Most drop the property, some the file.",
        mend="write letters, digits and hyphens only, no space before or after it",
    ),
    of_form(
        "bad-parameter", ERROR,
        "A parameter is NAME=value; a value with a colon, semicolon or comma stands in quotation marks.",
        source="RFC 5545 3.1, 3.2",
        misread="The value of the property is cut at another place, or the file is refused.",
        mend='write NAME=value, with "quotation marks" around a value that holds : ; or ,',
    ),
    of_form(
        "no-calendar", ERROR,
        "Everything stands between BEGIN:VCALENDAR and END:VCALENDAR.",
        source="RFC 5545 3.4",
        misread="All find an empty file.",
        mend="begin the file with BEGIN:VCALENDAR and end it with END:VCALENDAR",
    ),
    of_form(
        "outside-component", ERROR,
        "A property belongs to a component.",
        source="RFC 5545 3.4",
        misread="Strict readers refuse the file; the others lose the property.",
        mend="move the property into its component, or delete it",
    ),
    of_form(
        "unbalanced", ERROR,
        "Each BEGIN has its END, the inner ones first.",
        source="RFC 5545 3.6",
        misread="Strict readers refuse the file; others lose what stands after it.",
        mend="write BEGIN and END in pairs, the inner ones first",
    ),
    of_form(
        "nested-too-deep", ERROR,
        "No calendar has more than a few components within each other; what is deeper is not looked at.",
        source="RFC 5545 3.6",
        misread="Readers that call themselves for each component fall over.",
        mend="end the components before others begin",
    ),
    of_form(
        "truncated", ERROR,
        "A component whose END never comes was cut off on its way.",
        source="RFC 5545 3.4",
        misread="Some refuse the file, others show the half of it without a word.",
        mend="fetch the file again: it stops short",
    ),
)  # fmt: skip
