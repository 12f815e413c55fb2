"""Reads a foreign calendar into drafts of records. Pure: bytes to drafts and findings.

In this order: the stream's form (`ics`); entries by UID (`gathering`); for each UID its dates
(`recurrences`), then what it says beside them (`entries`); then each draft is read as the record that it
will be (`proof`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.calendar_import.drafts import Draft, Drafts
from publisher.calendar_import.entries import ORDER, Entry, read_entry, tells_the_way_in
from publisher.calendar_import.expansion import Expander
from publisher.calendar_import.gathering import gather
from publisher.calendar_import.losses import Losses
from publisher.calendar_import.overrides import differences
from publisher.calendar_import.proof import prove
from publisher.calendar_import.recurrences import once, read_series
from publisher.calendar_import.series import Apart, Series
from publisher.calendar_import.times import Unreadable, is_guessed, read_span, written, written_end
from publisher.diagnostics import Diagnostic, Span, internal_error, warning
from publisher.ics.components import read_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.calendar_import.gathering import Family, Gathered
    from publisher.ics.components import Component, Stream

#: In octets.
MOST_BYTES = 50_000_000
_NEVER_SPOKEN_OF = frozenset({"byte-order-mark"})


def read_calendar(data: bytes, path: str, *, timezone: str, language: str) -> Drafts:
    """The drafts of all events of a calendar file.

    Times without a zone are in the calendar's own (X-WR-TIMEZONE), else in `timezone`, the site's; texts are
    in `language`. Findings name `path` and the line.
    """
    if len(data) > MOST_BYTES:
        message = f"expected at most {MOST_BYTES} octets, got {len(data)}: nothing is read"
        return Drafts((), (Diagnostic(Span(path), "import-limit", message, "split the file"),))
    stream = read_stream(data)
    losses = Losses(path)
    reader = _Reader(path, language, losses)
    drafts = [draft for calendar in gather(stream, timezone, losses) for draft in reader.drafts(calendar)]
    drafts.sort(key=lambda draft: (draft.line, draft.suffix))
    _tell_counted(losses, timezone)
    findings = (*_form(stream, path), *reader.faults, *losses.findings())
    return Drafts(tuple(drafts), tuple(sorted(findings)))


def _form(stream: Stream, path: str) -> Iterator[Diagnostic]:
    """What is so amiss with the form of the file that something of it may be lost."""
    for fault in stream.faults:
        span = Span(path, fault.line, fault.column)
        if fault.code in {"no-calendar", "truncated"}:
            yield Diagnostic(span, fault.code, fault.message, fault.hint)
        elif fault.is_error and fault.code not in _NEVER_SPOKEN_OF:
            yield warning(span, fault.code, fault.message, fault.hint)


def _tell_counted(losses: Losses, timezone: str) -> None:
    """What many events have, once."""
    sentences = {
        "import-floating-time": (
            f"times have no zone ({{}}): they are read in the calendar's own, else as those of {timezone}",
            "correct 'timezone' if they are meant elsewhere",
        ),
        "import-attendees": (
            "people are invited ({}): who they are is left out",
            "name in 'speakers' who is to be named",
        ),
        "import-alarms": ("there are reminders ({}): they are left out, readers set their own", ""),
    }
    for code, (sentence, hint) in sentences.items():
        number, line = losses.counted(code)
        if number:
            losses.tell(line, code, sentence.format(number), hint)


class _Reader:
    """Makes drafts of the families of a file, one after the other."""

    def __init__(self, path: str, language: str, losses: Losses) -> None:
        self.path, self.language, self.losses = path, language, losses
        self.expander = Expander()
        self.faults: list[Diagnostic] = []

    def drafts(self, calendar: Gathered) -> Iterator[Draft]:
        for family in calendar.families:
            try:
                yield from list(self._family(family, calendar))
            except Unreadable as error:
                self._refuse(error.line, str(error), error.hint)
            except Exception as error:  # noqa: BLE001 -- a fault of ours in one event must not take others down
                first = (*family.masters, *family.overrides)[0]
                self.faults.append(internal_error(Span(self.path, first.number), error))

    def _refuse(self, line: int, message: str, hint: str) -> None:
        self.losses.refuse(line, "import-unreadable", f"the event cannot become a record: {message}", hint)

    def _family(self, family: Family, calendar: Gathered) -> Iterator[Draft]:
        for index, master in enumerate(family.masters):
            overrides = family.overrides if index == 0 else []
            series = read_series(master, overrides, calendar.clock, self.expander, calendar.display)
            name = "" if index == 0 else suffix_of(master, calendar)
            if series.is_empty and not series.apart:
                self._refuse(master.number, "no date is left of it", "delete it from the calendar")
            elif not series.is_empty:
                yield from self._draft(family.uid, series, name, calendar)
            for apart in series.apart:
                yield from self._apart(family.uid, apart, calendar)
        for override in family.overrides if not family.masters else []:
            yield from self._apart(family.uid, self._orphan(override, calendar), calendar)

    def _orphan(self, override: Component, calendar: Gathered) -> Apart:
        """One date of an event that is not in the file, as an invitation to it is."""
        span = read_span(override, calendar.clock)
        return Apart(override, span, suffix_of(override, calendar, "RECURRENCE-ID"))

    def _apart(self, uid: str, apart: Apart, calendar: Gathered) -> Iterator[Draft]:
        series = once(apart.component, apart.span, calendar.clock, calendar.display)
        yield from self._draft(uid, series, apart.suffix, calendar)

    def _draft(self, uid: str, series: Series, name: str, calendar: Gathered) -> Iterator[Draft]:
        event = series.component
        entry = read_entry(event, self.language, self.losses, is_cancelled=event.number in calendar.cancelled)
        fields = self._fields(entry, series, calendar)
        fault = prove(fields, entry.body)
        if fault:
            self._refuse(event.number, fault, "write the event as a record yourself")
        else:
            yield Draft(uid, event.number, fields, entry.body, entry.files, name, entry.categories)

    def _fields(self, entry: Entry, series: Series, calendar: Gathered) -> dict[str, Any]:
        start, end = written(series.span.start, series.zone), written_end(series.span, series.zone)
        times = {"start": start, "end": end, "timezone": series.zone}
        said = entry.fields | {name: value for name, value in times.items() if value}
        if series.recurrence is not None:
            said["recurrence"] = self._recurrence(entry, series, calendar)
        if is_guessed(series.span) or self._tells_the_way_in(series):
            said["draft"] = True
        return {name: said[name] for name in ORDER if name in said}

    def _tells_the_way_in(self, series: Series) -> bool:
        """Whether one of its changed dates tells how one enters a meeting; each that does is told."""
        changed = [each.component for each in series.changed if each.component is not series.component]
        return sum(tells_the_way_in(each, self.losses) for each in changed) > 0

    def _recurrence(self, entry: Entry, series: Series, calendar: Gathered) -> dict[str, Any]:
        """How it repeats, with what its changed dates say beside their time."""
        assert series.recurrence is not None  # noqa: S101 -- callers look first
        status = entry.fields.get("status", "")
        changed = []
        for each in series.changed:
            taken_back = each.component.number in calendar.cancelled
            said = each.entry | differences(
                series.component, each.component, status, self.losses, is_cancelled=taken_back
            )
            if len(said) > 1:
                changed.append(said)
        return series.recurrence | ({"changed": changed} if changed else {})


def suffix_of(component: Component, calendar: Gathered, name: str = "DTSTART") -> str:
    """What tells a record from others of its UID: the day and time that one of its properties gives."""
    line = component.first(name)
    if line is None:
        return ""
    stamp = calendar.clock.stamp(line, component.number)
    zone = getattr(stamp, "zone", "")
    local = written(stamp, zone)
    return local.replace(" ", "-").replace(":", "")
