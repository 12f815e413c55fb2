"""Rules about bodies: readers get what they say, with the files they name, and feeds carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.content.body_losses import is_too_deep, losses
from publisher.content.markdown import has_address, html, named_files
from publisher.diagnostics import Diagnostic, Severity, did_you_mean, quoted, warning
from publisher.model.entry_bounds import MOST_CONTENT, SURE_CONTENT, weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.content.checks import Context
    from publisher.content.schema import Sheet
    from publisher.content.syntax import Entry

#: The fields that the content of an entry tells at length, beside the body.
_TOLD = {
    "attachments", "curator_note", "deadlines", "events", "image", "online", "recurrence", "registration",
    "sources", "status_note", "summary",
}  # fmt: skip


def body_is_read(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """What of a body is taken away before readers get it is told to whoever wrote it."""
    del context
    for entry in entries(sheet):
        for loss in losses(entry.body):
            severity = Severity.ERROR if loss.is_error else Severity.WARNING
            yield Diagnostic(entry.body_span(loss.offset), loss.code, loss.message, loss.hint, severity)


def body_files_exist(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """What a body shows or links to stands beside the record; else readers get the text of a picture only."""
    folder = sheet.entry.source.path.rpartition("/")[0]
    for entry in _readable(sheet):
        missing = {
            file.name: file
            for file in named_files(entry.body)
            if not has_address(file.name) or f"{folder}/{file.name}" not in context.assets
        }
        for name, file in missing.items():
            message = f"the body names the file {quoted(name)}, there is none beside the record"
            hint = "put it beside the record (jpg, png, webp, gif or pdf)"
            if f"{folder}/{name}" in context.assets:
                message = f"the file {quoted(name)} cannot have an address"
                hint = "rename it: ASCII letters, digits, dots, hyphens and underscores"
            elif near := did_you_mean(name, _beside(folder, context)):
                hint = near
            yield warning(entry.body_span(file.offset), "missing-body-file", message, hint)


def _beside(folder: str, context: Context) -> set[str]:
    start = f"{folder}/"
    return {path.removeprefix(start) for path in context.assets if path.startswith(start)}


def body_fits_feeds(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """What feeds cannot carry whole, readers of feeds have to open the page for."""
    del context
    for entry in _readable(sheet):
        if len(sheet.entry.source.data) + len(entry.source.data) > MOST_CONTENT // 10:  # else it fits surely
            fields = sheet.record.model_dump_json(include=_TOLD, exclude_defaults=True)
            size = len(fields.encode()) + weight(html(entry.body))
            if size > MOST_CONTENT:
                most = SURE_CONTENT // 1000
                message = f"the record has about {size // 1000} kB, feeds show the first {most}"
                hint = "shorten it, or put a long list into a file beside the record"
                yield warning(entry.span("body"), "body-long-for-feeds", message, hint)


def _readable(sheet: Sheet) -> Iterator[Entry]:
    """Those of which HTML can be made in sane time."""
    return (entry for entry in entries(sheet) if not is_too_deep(entry.body))


def entries(sheet: Sheet) -> tuple[Entry, ...]:
    """The record's file and those of its translations that have a body of their own."""
    translated = (entry for entry in sheet.translation_entries.values() if entry.body.strip())
    return (sheet.entry, *translated)
