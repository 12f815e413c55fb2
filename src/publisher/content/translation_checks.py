"""Rules about translations: each gives texts of its record, and nothing that the record does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.diagnostics import Diagnostic, Span, did_you_mean, quoted
from publisher.model.translation import KEYS, dump, part_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.content.checks import Context
    from publisher.content.schema import Sheet
    from publisher.content.syntax import Entry, Location


def no_translation_of_itself(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """A record is not translated into the language it is written in."""
    own = sheet.record.language or context.default_language
    if own in sheet.translation_entries:
        span = Span(sheet.translation_entries[own].source.path)
        message = f"expected another language than the record's own, got '{own}'"
        yield Diagnostic(
            span, "translation-of-itself", message, "delete this file, or correct 'language' in the record"
        )


def translations_fit(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """A translation translates only what its record has."""
    del context
    record = dump(sheet.record)
    for language, entry in sheet.translation_entries.items():
        for name, given in sheet.translations[language].items():
            yield from _misfits(entry, (name,), record.get(name), given)


def _misfits(entry: Entry, where: Location, own: Any, given: Any) -> Iterator[Diagnostic]:
    """What a translation gives at a place, against what the record has there."""
    if isinstance(given, list):
        yield from _misfit_list(entry, where, own if isinstance(own, list) else [], given)
    elif isinstance(given, dict) and isinstance(own, str):
        message = f"{quoted(own)} is a record of its own, and is translated beside it"
        yield Diagnostic(
            entry.span(*where),
            "unfit-translation",
            message,
            "delete it; in a list, {} stands for what needs no translation",
        )
    elif isinstance(given, dict) and own is None:
        message = f"expected what the record has, got '{where[-1]}', which it has not"
        yield Diagnostic(
            entry.key_span(*where), "unfit-translation", message, "delete it, or add it to the record"
        )
    elif isinstance(given, dict):
        for name, value in given.items():
            if name not in KEYS and isinstance(value, list | dict):
                yield from _misfits(entry, (*where, name), own.get(name), value)


def _misfit_list(entry: Entry, where: Location, own: list[Any], given: list[Any]) -> Iterator[Diagnostic]:
    for index, part in enumerate(given):
        theirs = part_of(part, index, own)
        if theirs is None:
            yield _without_counterpart(entry, (*where, index), own, part)
        elif part:
            yield from _misfits(entry, (*where, index), theirs, part)


def _without_counterpart(entry: Entry, where: Location, own: list[Any], part: Any) -> Diagnostic:
    name, key = where[-2], next((key for key in KEYS if key in part), None)
    if key is None:
        message = f"expected as many '{name}' as the record has, {len(own)}, got one more"
        hint = "give them in the record's order, and delete the rest"
        return Diagnostic(entry.span(*where), "unfit-translation", message, hint)
    known = [str(each[key]) for each in own]
    hint = did_you_mean(part[key], known) or f"it has {', '.join(sorted(known)) or 'none'}"
    message = f"the record has no {quoted(part[key])} among its {name}"
    return Diagnostic(entry.span(*where, key), "unknown-part", message, hint)
