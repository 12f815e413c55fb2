"""What must hold between a record's fields and between records: one rule, one function.

A rule looks at one sheet, with all others at hand, and yields findings. The
tuple `RULES` is the registry: a new rule is a function and a line there, a
heading in docs/reference/diagnostics.md and a text in tests/diagnostics/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from publisher.diagnostics import Diagnostic, Span, did_you_mean, warning
from publisher.model.recurrence import BadRule, recurrence_set
from publisher.model.records import Announcement, Event, Kind, Record
from publisher.model.timing import (
    Mistimed,
    deadline_time,
    event_time,
    instant_of,
    occurrence_time,
    session_time,
)
from publisher.model.translation import localise
from publisher.model.when import Days, Hours, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from publisher.content.schema import Sheet

Key: TypeAlias = tuple[Kind, str]


@dataclass(frozen=True)
class Context:
    """What a rule may know beside the sheet it looks at."""

    timezone: str
    languages: Sequence[str]
    default_language: str
    #: Every record that can be named: read now, or kept from before, or broken at this moment.
    known: frozenset[Key]
    assets: frozenset[str] = frozenset()
    #: The file from which the ledger last published a record: settles which of two twins is the real one.
    published_from: Mapping[Key, str] = field(default_factory=dict)

    def ids(self, kind: Kind) -> set[str]:
        """The known ids of a kind."""
        return {id_ for k, id_ in self.known if k is kind}


def check(sheets: Sequence[Sheet], context: Context) -> tuple[Diagnostic, ...]:
    """All findings of all rules."""
    found = [finding for sheet in sheets for rule in RULES for finding in rule(sheet, context)]
    return (*found, *unique_ids(sheets, context))


def unique_ids(sheets: Sequence[Sheet], context: Context) -> Iterator[Diagnostic]:
    """An id is unique in its kind; the file that published it first keeps it."""
    owners: dict[Key, Sheet] = {}
    for sheet in sorted(sheets, key=lambda s: (s.entry.source.path != context.published_from.get(s.key), s.entry.source.path)):
        if (owner := owners.setdefault(sheet.key, sheet)) is not sheet:
            yield Diagnostic(
                sheet.entry.span("id"), "duplicate-id",
                f"the {sheet.key[0]} '{sheet.record.id}' is already given in {owner.entry.source.path}",
                "give this one an id of its own, or delete one of the files",
            )  # fmt: skip


def known_languages(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """A record is written in one of the site's languages, and is not translated into its own."""
    language = sheet.record.language
    if language is not None and language not in context.languages:
        hint = did_you_mean(language, context.languages) or f"the site's languages are {', '.join(context.languages)}"
        yield Diagnostic(sheet.entry.span("language"), "unknown-language", f"unknown language '{language}'", hint)
    own = language or context.default_language
    if own in sheet.translation_entries:
        yield Diagnostic(
            Span(sheet.translation_entries[own].source.path), "translation-of-itself",
            f"the record is itself written in '{own}'", "delete this file, or correct 'language' in the record",
        )  # fmt: skip


def translations_fit(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """A translation names only parts that the record has."""
    del context
    for language, entry in sheet.translation_entries.items():
        for name in ("sessions", "deadlines"):
            own = {part.id for part in getattr(sheet.record, name, ())}
            for index, part in enumerate(sheet.translations[language].get(name) or []):
                if part["id"] not in own:
                    hint = did_you_mean(part["id"], own) or f"the record has {', '.join(sorted(own)) or 'none'}"
                    yield Diagnostic(entry.span(name, index, "id"), "unknown-part", f"the record has no '{part['id']}' among its {name}", hint)
        try:
            localise(sheet.record, sheet.translations[language])
        except ValueError:
            yield Diagnostic(entry.span(), "unfit-translation", "the translation does not fit its record", "keep lists as long as the record's")


def times_hold(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Every time exists, and ends come after starts."""
    event = sheet.record
    if not isinstance(event, Event):
        return
    yield from _timed(sheet, (), lambda: event_time(event, context.timezone))
    for index, session in enumerate(event.sessions):
        yield from _timed(sheet, ("sessions", index), lambda s=session: session_time(s, event, context.timezone))
    for index, deadline in enumerate(event.deadlines):
        yield from _timed(sheet, ("deadlines", index), lambda d=deadline: deadline_time(d, event, context.timezone))
        if not deadline.at.is_day:
            yield Diagnostic(sheet.entry.span("deadlines", index, "at"), "invalid-date", f"expected a day or a time, got '{deadline.at}'")
    for index, session in enumerate(event.sessions):
        if not session.start.is_day:
            yield Diagnostic(sheet.entry.span("sessions", index, "start"), "invalid-date", f"expected a day or a time, got '{session.start}'")


def _timed(sheet: Sheet, where: tuple[str | int, ...], compute: Callable[[], object]) -> Iterator[Diagnostic]:
    try:
        compute()
    except Mistimed as error:
        span = sheet.entry.span(*where, error.field)
        if error.code == "missing-date":
            span = Span(sheet.entry.source.path, 1)
        yield Diagnostic(span, error.code, str(error), error.hint)


def sessions_within(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """A session outside its event's days is probably a slip."""
    event = sheet.record
    if not isinstance(event, Event) or event.recurrence:
        return
    try:
        whole = event_time(event, context.timezone)
        parts = [session_time(s, event, context.timezone) for s in event.sessions]
    except Mistimed:
        return
    for index, part in enumerate(parts):
        if isinstance(whole, Days) and not whole.first <= event.sessions[index].start.first() <= whole.last:
            outside = True
        else:
            outside = isinstance(whole, Hours) and isinstance(part, Hours) and (part.start < whole.start or bool(whole.end and part.start >= whole.end))
        if outside:
            yield warning(
                sheet.entry.span("sessions", index, "start"), "session-outside-event",
                f"the session '{event.sessions[index].id}' is not within the event", "correct its start, or the event's",
            )  # fmt: skip


def ids_of_parts(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Sessions and deadlines have ids of their own within the event: they are identities in calendars."""
    del context
    for name in ("sessions", "deadlines"):
        seen: set[str] = set()
        for index, part in enumerate(getattr(sheet.record, name, ())):
            if part.id in seen:
                yield Diagnostic(sheet.entry.span(name, index, "id"), "duplicate-id", f"'{part.id}' is given twice among the {name}", "give each an id of its own")
            seen.add(part.id)


def recurrences_hold(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """A rule is one that calendars understand, does not run away, and its exceptions hit it."""
    event = sheet.record
    if not isinstance(event, Event) or event.recurrence is None:
        return
    try:
        time = event_time(event, context.timezone)
        if isinstance(time, Unknown):
            raise BadRule("start", "an event that recurs needs a day", "give 'start' as a day or a time")
        recurrence_set(event, time, context.timezone)
        for index, changed in enumerate(event.recurrence.changed):
            yield from _timed(sheet, ("recurrence", "changed", index), lambda c=changed: occurrence_time(c, event, context.timezone))
    except Mistimed as error:
        yield Diagnostic(sheet.entry.span("recurrence"), error.code, str(error), error.hint)
    except BadRule as error:
        yield Diagnostic(sheet.entry.span(*error.where), "invalid-recurrence", str(error), error.hint)


def references_exist(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Every id that a record names is the id of a record."""
    for where, kind, id_ in references(sheet.record):
        if (kind, id_) not in context.known:
            hint = did_you_mean(id_, context.ids(kind)) or f"add content/{kind.plural}/{id_}.md, or correct the id"
            yield Diagnostic(sheet.entry.span(*where), f"unknown-{kind}", f"unknown {kind} '{id_}'", hint)


def references(record: Record) -> Iterator[tuple[tuple[str | int, ...], Kind, str]]:
    """Every id that a record names: where, of what kind, and which."""
    for index, source in enumerate(record.sources):
        if source.publisher:
            yield ("sources", index, "publisher"), Kind.ORGANISATION, source.publisher
    if isinstance(record, Event):
        yield from _event_references(record)
    elif isinstance(record, Announcement):
        yield from _listed("organisations", Kind.ORGANISATION, record.organisations)
        yield from _listed("topics", Kind.TOPIC, record.topics)
        yield from _listed("events", Kind.EVENT, record.events)
    elif parent := getattr(record, "parent", None):
        yield ("parent",), record.kind, parent


def _event_references(event: Event) -> Iterator[tuple[tuple[str | int, ...], Kind, str]]:
    for name in ("organisers", "hosts", "partners"):
        yield from _listed(name, Kind.ORGANISATION, getattr(event, name))
    yield from _listed("topics", Kind.TOPIC, event.topics)
    yield from _listed("related", Kind.EVENT, event.related)
    yield from _listed("place", Kind.PLACE, event.place)
    for index, session in enumerate(event.sessions):
        yield from _listed("place", Kind.PLACE, session.place, ("sessions", index))
    if event.series:
        yield ("series",), Kind.SERIES, event.series


def _listed(
    name: str, kind: Kind, values: Iterable[Any], within: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Kind, str]]:
    for index, value in enumerate(values):
        if isinstance(value, str):
            yield (*within, name, index), kind, value


def sources_are_counted(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """An alias names a source that is there."""
    del context
    for index, alias in enumerate(sheet.record.also_known_as):
        if alias.source and alias.source > len(sheet.record.sources):
            yield Diagnostic(
                sheet.entry.span("also_known_as", index, "source"), "unknown-source",
                f"there is no source {alias.source}: the record has {len(sheet.record.sources)}", "count the sources from 1",
            )  # fmt: skip


def files_exist(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Pictures and attachments stand beside the record."""
    for where, path in files(sheet.record, sheet.entry.source.path):
        if path not in context.assets:
            beside = {a.rsplit("/", 1)[-1] for a in context.assets if a.rpartition("/")[0] == path.rpartition("/")[0]}
            name = path.rsplit("/", 1)[-1]
            hint = did_you_mean(name, beside) or "put it beside the record (jpg, png, webp, gif or pdf)"
            yield Diagnostic(sheet.entry.span(*where), "unknown-asset", f"there is no file '{name}' beside the record", hint)


def files(record: Record, path: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The files that a record names, as paths relative to the site."""
    folder = path.rpartition("/")[0]
    if record.image:
        yield ("image", "file"), f"{folder}/{record.image.file}"
    if logo := getattr(record, "logo", None):
        yield ("logo",), f"{folder}/{logo}"
    for index, attachment in enumerate(getattr(record, "attachments", ())):
        yield ("attachments", index, "file"), f"{folder}/{attachment.file}"


def publish_times_exist(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """`publish_at` is a moment of the site's clock, `date` and `expires` are days of its calendar."""
    when = sheet.record.publish_at
    if when is not None and not when.is_day:
        yield Diagnostic(sheet.entry.span("publish_at"), "invalid-date", f"expected a day or a time, got '{when}'")
    elif when is not None and when.clock:
        yield from _timed(sheet, (), lambda: instant_of(when, context.timezone, "publish_at"))
    for name in ("date", "expires"):
        day = getattr(sheet.record, name, None)
        if day is not None and (not day.is_day or day.clock):
            yield Diagnostic(sheet.entry.span(name), "invalid-date", f"expected a day, got '{day}'", "leave it out if the day is not known")


def withdrawn_says_why(sheet: Sheet, context: Context) -> Iterator[Diagnostic]:
    """Readers of a changed event deserve a word."""
    del context
    event = sheet.record
    if isinstance(event, Event) and event.status in {"cancelled", "postponed", "withdrawn"} and not event.status_note:
        yield warning(sheet.entry.span("status"), "no-status-note", f"the event is {event.status} without a word why", "add 'status_note'")


RULES: tuple[Callable[[Sheet, Context], Iterator[Diagnostic]], ...] = (
    known_languages,
    translations_fit,
    times_hold,
    sessions_within,
    ids_of_parts,
    recurrences_hold,
    references_exist,
    sources_are_counted,
    files_exist,
    publish_times_exist,
    withdrawn_says_why,
)
