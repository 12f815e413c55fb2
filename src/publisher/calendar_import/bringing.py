"""Brings a foreign calendar's events into content/: the order of things.

1. what the site has is read;
2. each draft becomes a proposal that a record can hold;
3. each proposal is compared with the record that it became before: a file to write, or none;
4. all files together are checked as `publisher check` would: what is not sound is not written;
5. each is written whole; what others have changed meanwhile is left alone.

Nothing is released: that is the curator's to do.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from publisher.calendar_import.errands import Errand, Outcome, Planner, Refused, Verb
from publisher.calendar_import.holdings import holdings
from publisher.calendar_import.proposals import Proposing
from publisher.calendar_import.traces import host, origin
from publisher.calendar_import.writing import NotWritten, create, update
from publisher.content.files import MAX_ASSET_BYTES, Source, read_regular
from publisher.content.load import decode_all
from publisher.content.schema import decode
from publisher.diagnostics import did_you_mean, quoted, warning
from publisher.edition.ends import NEVER, event_end
from publisher.errors import UsageError
from publisher.model.records import Event, Kind, Status
from publisher.model.recurrence import BadRule, recurrence_set
from publisher.model.timing import Mistimed, event_time, occurrence_time
from publisher.model.when import Unknown
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from publisher.calendar_import.drafts import Draft, Drafts
    from publisher.calendar_import.holdings import Held, Holdings
    from publisher.calendar_import.proposals import Proposal
    from publisher.calendar_import.traces import ForeignKey
    from publisher.content.load import Content
    from publisher.diagnostics import Diagnostic
    from publisher.site import Site

_FOLDER = re.compile(r"events(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
#: Nobody waits for it: it is not missed.
_OFF = frozenset({Status.CANCELLED, Status.POSTPONED, Status.WITHDRAWN})


class UnknownName(UsageError):
    """An option names what no record has: write the id as it stands in content/."""

    def __init__(self, kind: Kind, id_: str, known: frozenset[str]) -> None:
        hint = (
            did_you_mean(id_, known) or f"the ids of {kind.plural} are {', '.join(sorted(known)) or 'none'}"
        )
        super().__init__(f"there is no {kind} {quoted(id_)}\nhint: {hint}")


class BadFolder(UsageError):
    """New events go below content/events: name a folder there."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"expected a folder below events, got {quoted(folder)}\nhint: write it like events/imported"
        )


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants of an import beside the events."""

    #: Below content/; events/<year> if there is none.
    folder: str | None = None
    #: What new records get beside what the calendar says.
    topics: tuple[str, ...] = ()
    series: str | None = None
    organiser: str | None = None
    draft: bool = False
    #: Only events that end on this day or later, by the site's clock.
    since: date | None = None
    #: Whether what has left the calendar is cancelled, not only told.
    cancel_missing: bool = False


@dataclass(frozen=True)
class Brought:
    """What an import did, or would do."""

    calendar: str
    outcomes: tuple[Outcome, ...]
    findings: tuple[Diagnostic, ...]
    #: How many events of the calendar were over before the day that was asked for.
    earlier: int = 0

    @property
    def counts(self) -> Counter[Verb]:
        """How many records of each outcome."""
        return Counter(outcome.verb for outcome in self.outcomes)


@dataclass
class Bringing:
    """One import."""

    site: Site
    #: The file's name or the address, as it was given.
    source: str
    wish: Wish
    now: datetime
    trial: bool = False
    progress: Callable[[int, int], None] = field(default=lambda _done, _of: None)

    def run(self, drafts: Drafts) -> Brought:
        """Bring the drafts in."""
        have = holdings(self.site)
        planner = Planner(
            have, origin(self.source), _folder(self.wish.folder), _extra(self.wish, have), self._beside
        )
        proposing = Proposing(host(self.source), have.topics)
        proposals = [p for draft in self._shown(drafts) if (p := proposing.proposal(draft))]
        wanted = [p for p in proposals if self._is_wanted(p.record)]
        planned = list(self._planned(planner, proposing, wanted))
        # What cannot be read may be any event: then none counts as missing.
        if not any(finding.is_error for finding in drafts.findings):
            planned += self._missing(planner, proposing.keys)
        planned = self._checked(planned, have, proposing)
        outcomes = tuple(self._written(planned, proposing))
        found = {
            *drafts.findings, *proposing.findings, *proposing.unknown_categories(), *planner.findings,
        }  # fmt: skip
        return Brought(planner.calendar, outcomes, tuple(sorted(found)), len(proposals) - len(wanted))

    def _shown(self, drafts: Drafts) -> Iterator[Draft]:
        """The drafts, one after the other; all of them are half of the way."""
        for number, draft in enumerate(drafts.drafts, 1):
            yield draft
            self.progress(number, 2 * len(drafts.drafts))

    def _planned(
        self, planner: Planner, proposing: Proposing, wanted: Sequence[Proposal]
    ) -> Iterator[Errand | Outcome]:
        for proposal in wanted:
            try:
                yield planner.plan(proposal)
            except Refused as reason:
                proposing.refuse(proposal.line, str(reason), reason.hint)

    def _missing(self, planner: Planner, keys: frozenset[ForeignKey]) -> Iterator[Errand | Outcome]:
        """Coming events that were in this calendar, and are no longer."""
        for key, held in planner.holdings.imported.items():
            record = decode(held.entry)[0]
            if key in keys or held.trace.calendar != planner.calendar or not isinstance(record, Event):
                continue
            if record.status in _OFF or not self._is_wanted(record) or self._end(record) <= self.now:
                continue
            yield self._left(planner, held, record)

    def _left(self, planner: Planner, held: Held, record: Event) -> Errand | Outcome:
        hint = "write 'status: cancelled' if it is, or leave it; --missing cancel does so for all"
        try:
            if self.wish.cancel_missing:
                return planner.cancel(held, record.title)
        except Refused as reason:
            hint = reason.hint
        message = f"the event is no longer in the calendar ({planner.calendar}), and stays as it is"
        planner.findings.append(warning(held.entry.span(), "import-missing", message, hint))
        return Outcome(Verb.MISSING, held.path, record.title)

    def _is_wanted(self, record: Event) -> bool:
        """Whether it is not over before the day that was asked for."""
        if self.wish.since is None:
            return True
        begin = datetime.combine(self.wish.since, time(), zone(self.site.config.site.timezone))
        return self._end(record) > begin

    def _end(self, record: Event) -> datetime:
        """When an event is over for good; what cannot be told is not over."""
        timezone = self.site.config.site.timezone
        try:
            when = event_time(record, timezone)
            if record.recurrence is None or isinstance(when, Unknown):
                return event_end(when, None, (), timezone)
            changed = [occurrence_time(each, record, timezone) for each in record.recurrence.changed]
            return event_end(when, recurrence_set(record, when, timezone), changed, timezone)
        except (Mistimed, BadRule):
            return NEVER

    def _checked(
        self, planned: list[Errand | Outcome], have: Holdings, proposing: Proposing
    ) -> list[Errand | Outcome]:
        """What is planned without what would not be sound, looked at with everything else in content/."""
        errands = {each.outcome.path: each for each in planned if isinstance(each, Errand)}
        if not errands:
            return planned
        faults = _faults(self._content(have, errands), errands)
        if any(errands[path].before is not None for path in faults):  # it may have been so before
            known = _faults(self._content(have, {}), errands)
            faults = {path: found for path, found in faults.items() if known.get(path) != found}
        for path, (code, message) in faults.items():
            reason = f"its record would not be sound ({code}: {message})"
            proposing.refuse(errands[path].line, reason, "add it by hand, or mend the calendar")
        return [each for each in planned if not isinstance(each, Errand) or each.outcome.path not in faults]

    def _content(self, have: Holdings, errands: Mapping[str, Errand]) -> Content:
        """What content/ would say with these files in it."""
        kept = tuple(source for source in have.reading.sources if source.path not in errands)
        made = tuple(Source(path, Kind.EVENT, None, each.data) for path, each in errands.items())
        files = {path: self.site.root / path for each in errands.values() for path in each.files}
        reading = replace(have.reading, sources=(*kept, *made), assets={**have.reading.assets, **files})
        return decode_all(reading, self.site.config)

    def _written(self, planned: Sequence[Errand | Outcome], proposing: Proposing) -> Iterator[Outcome]:
        for number, each in enumerate(planned, 1):
            try:
                if isinstance(each, Errand) and not self.trial:
                    _write(self.site.root, each)
                yield each.outcome if isinstance(each, Errand) else each
            except NotWritten as reason:
                line = each.line if isinstance(each, Errand) else 1
                proposing.refuse(line, str(reason), reason.hint)
            self.progress(len(planned) + number, 2 * len(planned))

    def _beside(self, path: str) -> bytes | None:
        try:
            return read_regular(self.site.root / path, MAX_ASSET_BYTES + 1)
        except OSError:
            return None


def _write(root: Path, errand: Errand) -> None:
    """The files beside the record first: it never names what is not there."""
    for path, data in errand.files.items():
        create(root, path, data)
    if errand.before is None:
        create(root, errand.outcome.path, errand.data)
    else:
        update(root, errand.outcome.path, errand.before, errand.data)


def _faults(content: Content, paths: Mapping[str, Errand]) -> dict[str, tuple[str, str]]:
    """Code and message of the first error in each of the files."""
    found: dict[str, tuple[str, str]] = {}
    for each in content.errors:
        if each.span.path in paths:
            found.setdefault(each.span.path, (each.code, each.message))
    return found


def _folder(folder: str | None) -> str | None:
    if folder is None:
        return None
    bare = folder.strip("/").removeprefix("content/")
    if not _FOLDER.fullmatch(bare):
        raise BadFolder(folder)
    return bare


def _extra(wish: Wish, have: Holdings) -> dict[str, Any]:
    """What new records get by the options, each id of which must be known."""
    named = [(Kind.TOPIC, id_) for id_ in wish.topics]
    named += [
        (kind, id_) for kind, id_ in ((Kind.SERIES, wish.series), (Kind.ORGANISATION, wish.organiser)) if id_
    ]
    for kind, id_ in named:
        if id_ not in have.known[kind]:
            raise UnknownName(kind, id_, have.known[kind])
    extra: dict[str, Any] = {"topics": list(wish.topics)} if wish.topics else {}
    extra |= {"series": wish.series} if wish.series else {}
    extra |= {"organisers": [wish.organiser]} if wish.organiser else {}
    return extra | ({"draft": True} if wish.draft else {})
