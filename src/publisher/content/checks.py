"""What must hold between a record's fields and between records: one rule, one function.

A rule looks at one sheet, with all others at hand, and yields findings. The
tuple `RULES` is the registry: a new rule is a function and a line there, a
heading in docs/reference/diagnostics.md and a text in tests/diagnostics/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from publisher.content.body_checks import body_files_exist, body_fits_feeds, body_is_read
from publisher.content.references import files, references
from publisher.content.time_checks import (
    publication_times_hold,
    recurrences_hold,
    registration_holds,
    sessions_within,
    times_hold,
)
from publisher.content.translation_checks import no_translation_of_itself, translations_fit
from publisher.diagnostics import Diagnostic, Span, did_you_mean, internal_error, warning
from publisher.model.records import SITE_PAGES, Event, Kind, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from publisher.content.schema import BrokenFile, Sheet

Key: TypeAlias = tuple[Kind, str]
Rule: TypeAlias = "Callable[[Sheet, Context], Iterator[Diagnostic]]"

#: The code of a name that no record has, by the kind that is named.
UNKNOWN = {
    Kind.EVENT: "unknown-event",
    Kind.ORGANISATION: "unknown-organisation",
    Kind.PLACE: "unknown-place",
    Kind.SERIES: "unknown-series",
    Kind.TOPIC: "unknown-topic",
}
_MUST_SAY_WHY = frozenset({Status.CANCELLED, Status.POSTPONED, Status.WITHDRAWN})


@dataclass(frozen=True)
class Context:
    """What a rule may know beside the sheet it looks at."""

    timezone: str
    languages: Sequence[str]
    default_language: str
    #: Every record that can be named: read now, or broken at this moment.
    known: frozenset[Key]
    #: Kinds of which a file is broken so that its id cannot be read: any name may be its.
    unsure: frozenset[Kind] = frozenset()
    #: The files that could not be read as records.
    broken: Sequence[BrokenFile] = ()
    #: The record of the same kind that each record is a part of.
    parents: Mapping[Key, str] = field(default_factory=dict)
    assets: frozenset[str] = frozenset()
    #: The file from which the ledger last published a record: settles which of two twins is the real one.
    published_from: Mapping[Key, str] = field(default_factory=dict)

    @cached_property
    def published_as(self) -> Mapping[str, Key]:
        """The record that was last released from each file."""
        return {path: key for key, path in self.published_from.items()}

    def ids(self, kind: Kind) -> set[str]:
        """The known ids of a kind."""
        return {id_ for k, id_ in self.known if k is kind}


def check(
    sheets: Sequence[Sheet], context: Context, rules: Sequence[Rule] | None = None
) -> tuple[Diagnostic, ...]:
    """All findings of all rules; a rule that fails on one sheet is told, and the others go on."""
    found = list(unique_ids(sheets, context))
    for sheet in sheets:
        for rule in RULES if rules is None else rules:
            try:
                found += rule(sheet, context)
            except Exception as error:  # noqa: BLE001 -- a fault of ours in one record must not take others down
                found.append(internal_error(Span(sheet.entry.source.path), error))
    return tuple(found)


def unique_ids(sheets: Sequence[Sheet], context: Context) -> Iterator[Diagnostic]:
    """An id is unique in its kind; the file that published it first keeps it, even while it is broken."""
    published = context.published_from
    owners = {
        (b.kind, b.id): b.path for b in context.broken if b.id and published.get((b.kind, b.id)) == b.path
    }
    for sheet in sorted(
        sheets, key=lambda s: (published.get(s.key) != s.entry.source.path, s.entry.source.path)
    ):
        path = sheet.entry.source.path
        if (owner := owners.setdefault(sheet.key, path)) != path:
            message = f"the {sheet.key[0]} '{sheet.record.id}' is already given in {owner}"
            hint = "give this one an id of its own, or delete one of the files"
            yield Diagnostic(sheet.entry.span("id"), "duplicate-id", message, hint)


def ids_stay(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """An id is permanent: for readers, a record with another one is another record."""
    kind, old = context.published_as.get(sheet.entry.source.path, sheet.key)
    if old != sheet.record.id and (kind, old) not in context.known:
        message = f"expected the id '{old}', under which the {kind} was published, got '{sheet.record.id}'"
        hint = f"write 'id: {old}' again, unless this is another {kind}"
        yield warning(sheet.entry.span("id"), "changed-id", message, hint)


def addresses_are_free(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """The id of a free page is its address: it has none that a page of the site has."""
    del context
    kind, id_ = sheet.key
    if kind is Kind.PAGE and id_ in SITE_PAGES:
        message = f"expected an id of its own for the page, got '{id_}', which is a page of the site"
        yield Diagnostic(sheet.entry.span("id"), "invalid-id", message, f"write it like 'about-{id_}'")


def ids_of_parts(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Sessions and deadlines have ids of their own within the event: they are identities in calendars.

    By these, and by their files, translations tell the parts of a list apart.
    """
    del context
    for name, key in (("sessions", "id"), ("deadlines", "id"), ("attachments", "file")):
        seen: set[str] = set()
        for index, part in enumerate(getattr(sheet.record, name, ())):
            given = getattr(part, key)
            if given in seen:
                message = f"'{given}' is given twice among the {name}"
                span = sheet.entry.span(name, index, key)
                yield Diagnostic(span, "duplicate-id", message, f"give each {key} once")
            seen.add(given)


def known_language(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """A record is written in one of the site's languages."""
    language = sheet.record.language
    if language is not None and language not in context.languages:
        known = f"the site's languages are {', '.join(context.languages)}"
        hint = did_you_mean(language, context.languages) or known
        yield Diagnostic(
            sheet.entry.span("language"), "unknown-language", f"unknown language '{language}'", hint
        )


def references_exist(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Every id that a record names is the id of a record; one that is broken is told of elsewhere."""
    for where, kind, id_ in references(sheet.record):
        if (kind, id_) not in context.known and kind not in context.unsure:
            hint = (
                did_you_mean(id_, context.ids(kind))
                or f"add content/{kind.plural}/{id_}.md, or correct the id"
            )
            yield Diagnostic(sheet.entry.span(*where), UNKNOWN[kind], f"unknown {kind} '{id_}'", hint)


def parents_end(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Nothing is a part of itself, however far up."""
    kind, id_ = sheet.key
    line = [id_]
    while (above := context.parents.get((kind, line[-1]))) is not None and above not in line:
        line.append(above)
    if above == id_:
        message = f"the {kind} is a part of itself: {' in '.join([*line, id_])}"
        yield Diagnostic(
            sheet.entry.span("parent"), "circular-parent", message, "delete one of these parents"
        )


def sources_are_counted(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """An alias names a source that is there."""
    del context
    given = len(sheet.record.sources)
    for index, alias in enumerate(sheet.record.also_known_as):
        if alias.source and alias.source > given:
            there = f"a number from 1 to {given}" if given else "no number, as the record has no sources"
            message = f"expected {there}, got {alias.source}"
            span = sheet.entry.span("also_known_as", index, "source")
            yield Diagnostic(span, "unknown-source", message, "count the sources from 1")


def files_exist(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Pictures and attachments stand beside the record."""
    for where, path in files(sheet.record, sheet.entry.source.path):
        if path not in context.assets:
            folder, _, name = path.rpartition("/")
            beside = {
                other.rpartition("/")[2] for other in context.assets if other.rpartition("/")[0] == folder
            }
            hint = did_you_mean(name, beside) or "put it beside the record (jpg, png, webp, gif or pdf)"
            span = sheet.entry.span(*where)
            yield Diagnostic(span, "unknown-asset", f"there is no file '{name}' beside the record", hint)


def change_says_why(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Readers of an event that does not take place as announced deserve a word."""
    del context
    event = sheet.record
    if isinstance(event, Event) and event.status in _MUST_SAY_WHY and not event.status_note:
        message = f"the event is {event.status} without a word why"
        yield warning(sheet.entry.span("status"), "no-status-note", message, "add 'status_note'")


RULES: tuple[Rule, ...] = (
    ids_stay,
    addresses_are_free,
    ids_of_parts,
    known_language,
    no_translation_of_itself,
    translations_fit,
    times_hold,
    sessions_within,
    recurrences_hold,
    registration_holds,
    publication_times_hold,
    references_exist,
    parents_end,
    sources_are_counted,
    files_exist,
    change_says_why,
    body_is_read,
    body_files_exist,
    body_fits_feeds,
)

_TIMES = frozenset({"start", "end", "reported", "timezone", "sessions", "deadlines", "recurrence"})
#: The fields without which a rule has nothing sound to say.
_NEEDS: dict[Rule, frozenset[str]] = {
    ids_stay: frozenset({"id"}),
    addresses_are_free: frozenset({"id"}),
    parents_end: frozenset({"id", "parent"}),
    times_hold: _TIMES,
    sessions_within: _TIMES,
    recurrences_hold: _TIMES,
    registration_holds: _TIMES | {"registration"},
    sources_are_counted: frozenset({"sources", "also_known_as"}),
    change_says_why: frozenset({"status", "status_note"}),
}


def rules_without(faulty: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that hold for a record of which these fields cannot be read: no finding comes of another."""
    return tuple(rule for rule in RULES if not faulty & _NEEDS.get(rule, frozenset()))
