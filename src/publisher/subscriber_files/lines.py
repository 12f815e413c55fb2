"""Reads a file of subscribers, line by line: a stream of sound lines and of findings, in the file's order.

What spreadsheets write is taken as it comes: a byte order mark, CRLF or CR, commas,
semicolons or tabs between cells, lines that end early. A bad line gives its
findings, all at once, and is passed over; the others go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.diagnostics import Diagnostic, Span, did_you_mean, quoted, warning
from publisher.model.mailing import Row
from publisher.subscriber_files.cells import Cells
from publisher.subscriber_files.columns import COLUMNS, CONSENT_DATE, CONSENT_SOURCE, EMAIL, unguarded
from publisher.subscriber_files.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from publisher.mailing.addresses import Address
    from publisher.model.mailing import Interests, SubscriptionState
    from publisher.subscriber_files.cells import Rules

#: How the bytes of a file become text: what is not UTF-8 is kept apart, to be found in its line.
ENCODING, ON_ERROR = "utf-8-sig", "surrogateescape"


@dataclass(frozen=True, kw_only=True)
class Line(Row):
    """One line that can be imported."""

    span: Span
    address: Address
    language: str
    timezone: str
    lists: tuple[str, ...]
    interests: Interests
    consent_source: str
    consent_at: datetime | None
    state: SubscriptionState


def read_lines(text: Iterable[str], path: str, rules: Rules) -> Iterator[Line | Diagnostic]:
    """Every line of a file, or what is wrong with it.

    Args:
        text: The file's lines with their ends, decoded with `ENCODING` and `ON_ERROR`.
        path: What findings call it.
        rules: What the cells are read against.
    """
    records = Records(text, path)
    header = next(records, [])
    if isinstance(header, Diagnostic):
        yield header
        return
    columns = [name.strip().lower() for name in header]
    findings = list(_of_header(columns, header, records, rules))
    yield from findings
    if any(finding.is_error for finding in findings):
        return
    for record in records:
        if isinstance(record, Diagnostic):
            yield record
        elif any(cell.strip() for cell in record):
            yield from _read(columns, record, records, rules)


def _of_header(columns: list[str], header: list[str], records: Records, rules: Rules) -> Iterator[Diagnostic]:
    """Columns that are wanting, such as are there twice, and such as nobody reads."""
    needed = [EMAIL, CONSENT_SOURCE, *([CONSENT_DATE] if rules.confirmed else [])]
    for name in needed:
        if name not in columns:
            message = f"expected a column '{name}', got none"
            hint = f"name the columns in the first line: {', '.join(COLUMNS)}"
            yield Diagnostic(Span(records.path), "missing-column", message, hint)
    for index, name in enumerate(columns):
        place = records.span(index, header)
        if name and name not in COLUMNS:
            hint = did_you_mean(name, COLUMNS) or f"read are {', '.join(COLUMNS)}"
            yield warning(place, "unknown-column", f"the column {quoted(name)} is not read", hint)
        elif name and name in columns[:index]:
            message = f"expected one column {quoted(name)}, got another"
            yield Diagnostic(place, "duplicate-column", message, "keep one of them")


def _read(
    columns: list[str], record: list[str], records: Records, rules: Rules
) -> Iterator[Line | Diagnostic]:
    """A line, or everything that is wrong with it."""
    if any(cell.strip() for cell in record[len(columns) :]):
        message = f"expected {len(columns)} cells, got {len(record)}"
        hint = "put quotes around a cell that holds a comma or a semicolon"
        yield Diagnostic(records.span(), "uneven-line", message, hint)
        return

    def place(column: str) -> Span:
        return records.span(columns.index(column), record) if column in columns else records.span()

    cells = {name: unguarded(cell) for name, cell in zip(columns, record, strict=False)}
    read = Cells(cells, rules, place)
    line = Line(
        span=records.span(),
        address=read.address(),
        language=read.language(),
        timezone=read.timezone(),
        lists=read.lists(),
        interests=read.interests(),
        consent_source=read.consent_source(),
        consent_at=read.consent_at(),
        state=read.state(),
    )
    if read.findings:
        yield from sorted(read.findings)
    else:
        yield line
