"""What becomes of each event of a calendar, as files to be written: planned in memory, nothing is touched."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from publisher.calendar_import.contests import contests, theirs
from publisher.calendar_import.front_matter import front_matter
from publisher.calendar_import.holdings import folded
from publisher.calendar_import.merging import TIME, merge
from publisher.calendar_import.rewriting import NotRewritten, rewrite
from publisher.calendar_import.slugs import base_id, numbered, slug
from publisher.calendar_import.traces import BODY, FIELD, Trace, by_content, content_digest, digest, plain
from publisher.content.files import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from publisher.calendar_import.holdings import Held, Holdings
    from publisher.calendar_import.proposals import Proposal
    from publisher.calendar_import.traces import Plain
    from publisher.diagnostics import Diagnostic


class Verb(StrEnum):
    """What an import does with a record."""

    NEW = "new"
    UPDATED = "updated"
    #: The calendar says something else than the curator, who is followed.
    KEPT = "kept"
    UNCHANGED = "unchanged"
    #: It is no longer in the calendar.
    MISSING = "missing"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Outcome:
    """What becomes of one record."""

    verb: Verb
    path: str
    title: str
    #: The fields that take the calendar's value.
    taken: tuple[str, ...] = ()
    #: Fields that stay although the calendar says something else -> what it says; None if nothing.
    left: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> tuple[str, ...]:
        """The fields that stay although the calendar says something else."""
        return tuple(self.left)

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "outcome": str(self.verb),
            "path": self.path,
            "title": self.title,
            "taken": list(self.taken),
            "kept": list(self.kept),
            "theirs": dict(self.left),
        }


@dataclass(frozen=True)
class Errand:
    """A record's file as it is to be, and the files beside it that are to be there before."""

    outcome: Outcome
    data: bytes
    #: What was read, for a file that is there.
    before: bytes | None = None
    #: The line in the calendar.
    line: int = 1
    files: Mapping[str, bytes] = field(default_factory=dict)


class Refused(Exception):
    """The record stays as it was; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass
class Planner:
    """Plans one import into a site."""

    holdings: Holdings
    #: What records call the calendar.
    calendar: str
    #: The folder of new records; by the year of the event if there is none.
    folder: str | None
    #: What new records get beside what the calendar says.
    extra: Mapping[str, Any]
    #: The bytes of a file beside a record, if it is there.
    beside: Callable[[str], bytes | None]
    findings: list[Diagnostic] = field(default_factory=list)
    #: Paths that new files take, case folded.
    _taken: set[str] = field(default_factory=set)
    _ids: set[str] = field(default_factory=set)
    #: The next number for each name.
    _next: dict[str, int] = field(default_factory=dict)

    def plan(self, proposal: Proposal) -> Errand | Outcome:
        """What becomes of one event: a file to write, or nothing to do.

        Raises:
            Refused: neither can be said.
        """
        if held := self.holdings.imported.get(proposal.key):
            return self._again(proposal, held)
        if broken := self.holdings.in_broken_file(proposal.key):
            raise Refused(f"{broken.path} may be its record, and cannot be read", "mend that file first")
        return self._new(proposal)

    def cancel(self, held: Held, title: str) -> Errand:
        """The record of an event that has left the calendar, cancelled; it comes back when that does."""
        said = {**held.trace.said, "status": digest("cancelled")}
        changes = {"status": "cancelled", FIELD: replace(held.trace, said=said).as_field()}
        data = self._rewritten(held, changes, None)
        outcome = Outcome(Verb.CANCELLED, held.path, title, ("status",))
        return Errand(outcome, data, held.entry.source.data)

    def _new(self, proposal: Proposal) -> Errand:
        id_, folder = self._new_id(proposal), self._folder(proposal)
        said = {name: digest(value) for name, value in proposal.said().items()}
        names, files = self._placed(folder, id_, proposal)
        trace = Trace(proposal.key, self.calendar, said)
        fields = self._with_extra(_renamed(proposal.fields, names), is_draft=proposal.is_draft)
        text = front_matter({"id": id_, **fields, FIELD: trace.as_field()})
        path = f"{folder}/{id_}.md"
        self._taken.add(path.casefold())
        data = f"{text}{proposal.body}\n".encode() if proposal.body else text.encode()
        _bound(data)
        return Errand(Outcome(Verb.NEW, path, proposal.title), data, line=proposal.line, files=files)

    def _new_id(self, proposal: Proposal) -> str:
        name = base_id(proposal.title, proposal.day, recurring=proposal.record.recurrence is not None)
        id_, number = numbered(name, _Taken(self, proposal), self._next.get(name, 1))
        self._next[name] = number + 1  # a thousand meetings of one name must not each count from one
        self._ids.add(id_)
        return id_

    def _with_extra(self, fields: dict[str, Any], *, is_draft: bool) -> dict[str, Any]:
        """The fields with what the options give; topics beside those of the calendar, else in their place."""
        topics = dict.fromkeys([*fields.get("topics", ()), *self.extra.get("topics", ())])
        draft = {"draft": True} if is_draft else {}
        return fields | draft | dict(self.extra) | {"topics": list(topics)}

    def _folder(self, proposal: Proposal) -> str:
        return f"content/{self.folder}" if self.folder else f"content/events/{proposal.day[:4] or 'imported'}"

    def is_taken(self, id_: str, proposal: Proposal) -> bool:
        """Whether an id or the file that is named by it is another event's.

        One whose file is gone gives its id back to an event of the same title: it is the same one again.
        """
        path = f"{self._folder(proposal)}/{id_}.md".casefold()
        if id_ in self._ids or path in self.holdings.paths or path in self._taken:
            return True
        gone = self.holdings.ids.get(id_)
        return id_ in self.holdings.ids and (gone is None or folded(gone) != folded(proposal.title))

    def _again(self, proposal: Proposal, held: Held) -> Errand | Outcome:
        calendar = proposal.said()
        now = self._now(held, {*calendar, *held.trace.said, *TIME})
        done = merge(held.trace.said, now, calendar)
        shown = theirs(proposal)
        self.findings += contests(done, held, shown)
        names: dict[str, str] = {}
        files: dict[str, bytes] = {}
        if {"image", "attachments"} & set(done.take):
            names, files = self._placed(held.folder, str(held.entry.fields.get("id", "")), proposal)
        fields = _renamed(proposal.fields, names)
        changes: dict[str, Any] = {name: fields.get(name) for name in done.take if name != BODY}
        trace = Trace(proposal.key, self.calendar, done.said)
        if trace != held.trace:
            changes[FIELD] = trace.as_field()
        verb = Verb.UPDATED if done.take else Verb.KEPT if done.kept else Verb.UNCHANGED
        left = {name: shown.get(name) for name in done.kept}
        outcome = Outcome(verb, held.path, _title(held, proposal.title), done.take, left)
        if not changes and BODY not in done.take:
            return outcome
        data = self._rewritten(held, changes, proposal.body if BODY in done.take else None)
        return Errand(outcome, data, held.entry.source.data, proposal.line, files)

    def _now(self, held: Held, names: Iterable[str]) -> dict[str, Plain]:
        """What the record says of fields: of none but those are both sides compared."""

        def content(file: str) -> str:
            data = self.beside(f"{held.folder}/{file}")
            return file if data is None else content_digest(data)

        said = {**held.entry.fields, BODY: held.entry.body}
        values = {name: by_content(name, plain(said.get(name)), content) for name in names}
        return {name: value for name, value in values.items() if value}

    def _placed(self, folder: str, id_: str, proposal: Proposal) -> tuple[dict[str, str], dict[str, bytes]]:
        """The names that the event's files get beside its record, and the files by their paths.

        A name is free where no file has it, or the very same one: then it is there already.
        """
        names: dict[str, str] = {}
        files: dict[str, bytes] = {}
        for name, data in proposal.files.items():
            stem, _, ending = f"{slug(id_)[:40] or 'event'}-{name}".rpartition(".")
            candidate, number = f"{stem}.{ending}", 1
            while not self._may_hold(f"{folder}/{candidate}", data, files):
                number += 1
                candidate = f"{stem}-{number}.{ending}"
            names[name] = candidate
            files[f"{folder}/{candidate}"] = data
            self._taken.add(f"{folder}/{candidate}".casefold())
        return names, files

    def _may_hold(self, path: str, data: bytes, given: Mapping[str, bytes]) -> bool:
        if path in given:
            return given[path] == data
        if path.casefold() in self._taken:
            return False
        there = self.beside(path)
        return path.casefold() not in self.holdings.paths if there is None else there == data

    def _rewritten(self, held: Held, changes: Mapping[str, Any], body: str | None) -> bytes:
        try:
            data = rewrite(held.entry, changes, body)
        except NotRewritten:
            message = f"{held.path} is written so that single fields cannot be changed in it"
            raise Refused(message, "give each field a line of its own, from its beginning on") from None
        _bound(data)
        return data


@dataclass(frozen=True)
class _Taken:
    """The ids that a new event cannot have."""

    planner: Planner
    proposal: Proposal

    def __contains__(self, id_: object) -> bool:
        return self.planner.is_taken(str(id_), self.proposal)


def _bound(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise Refused(
            f"its record would have {len(data)} bytes, {MAX_BYTES} at most are read", "shorten the event"
        )


def _renamed(fields: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The fields with files under other names."""

    def renamed(part: dict[str, Any]) -> dict[str, Any]:
        return part | {"file": names.get(part["file"], part["file"])}

    given = dict(fields)
    if given.get("image"):
        given["image"] = renamed(given["image"])
    if given.get("attachments"):
        given["attachments"] = [renamed(each) for each in given["attachments"]]
    return given


def _title(held: Held, otherwise: str) -> str:
    title = held.entry.fields.get("title")
    return title if isinstance(title, str) else otherwise
