"""From drafts to what records can hold: topics by their ids, files by safe names, faulty fields left out.

Whatever a foreign calendar says, what comes out of here is read by the schema
without an error, or the event is refused with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from publisher.calendar_import.holdings import folded
from publisher.calendar_import.merging import TIME
from publisher.calendar_import.traces import (
    BODY,
    FIELD,
    by_content,
    clean,
    content_digest,
    foreign_key,
    plain,
)
from publisher.content.files import ASSETS, MAX_BYTES, Source
from publisher.content.schema import decode, remainder
from publisher.content.syntax import Entry
from publisher.diagnostics import Diagnostic, Span, did_you_mean, quoted, warning
from publisher.model.records import Event, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.calendar_import.drafts import Draft
    from publisher.calendar_import.traces import ForeignKey, Plain

#: Fields that are the site's and its curators' alone.
_OURS = frozenset({"id", FIELD, BODY, "draft", "publish_at", "pinned"})
#: Without these, or with wrong ones, a record would say what the calendar does not.
_NEEDED = frozenset({"title", "status", *TIME})
#: Room in a file for everything but the body.
_ROOM = 200_000
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One event of the calendar as the record could have it."""

    key: ForeignKey
    #: Where it stands in the calendar.
    line: int
    #: Front matter without what is the site's own; `record` is the same, decoded.
    fields: Mapping[str, Any]
    body: str
    record: Event
    #: Whether somebody has to look at it before it is released.
    is_draft: bool = False
    #: The files that the fields name: safe name -> bytes.
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.record.title

    @property
    def day(self) -> str:
        """When it is, as the record says: a day, a month or a year."""
        return str(self.record.start or self.record.reported or "")

    def said(self) -> dict[str, Plain]:
        """What the calendar says of each field, and of the text below them."""
        values = {name: by_content(name, plain(value), self._content) for name, value in self.fields.items()}
        return {name: value for name, value in (values | {BODY: plain(self.body)}).items() if value}

    def _content(self, name: str) -> str:
        return content_digest(self.files[name]) if name in self.files else name


@dataclass
class Proposing:
    """Makes proposals of a calendar's drafts, and gathers what has to be told."""

    #: The calendar as findings name it.
    label: str
    #: Names of topics, folded -> ids.
    topics: Mapping[str, str]
    findings: list[Diagnostic] = field(default_factory=list)
    _seen: dict[ForeignKey, int] = field(default_factory=dict)
    _categories: Counter[str] = field(default_factory=Counter)
    #: Category -> the line of the first event that has it.
    _first: dict[str, int] = field(default_factory=dict)

    def proposal(self, draft: Draft) -> Proposal | None:
        """What becomes of a draft; None if no record can say it, which is told."""
        key = foreign_key(draft)
        if (before := self._seen.setdefault(key, draft.line)) != draft.line:
            self.refuse(
                draft.line, f"its UID is already that of the event in line {before}", "give it its own"
            )
            return None
        fields, files = self._with_files(draft)
        if topics := self._topics(draft):
            fields["topics"] = topics
        return self._sound(draft, key, fields, files)

    @property
    def keys(self) -> frozenset[ForeignKey]:
        """Every event of the calendar, also those that no record can say."""
        return frozenset(self._seen)

    def refuse(self, line: int, reason: str, hint: str) -> None:
        """Tell that an event of the calendar is left as it was."""
        self.findings.append(
            Diagnostic(Span(self.label, line), "import-refused", f"the event is not imported: {reason}", hint)
        )

    def unknown_categories(self) -> Iterator[Diagnostic]:
        """Categories that are no topics, each told once."""
        for name, count in self._categories.items():
            others = "" if count == 1 else f" ({count - 1} more have it)"
            message = f"no topic is called {quoted(name)}, as this event's category is{others}"
            hint = did_you_mean(folded(name), self.topics) or "give a topic this name, or leave it out"
            yield warning(Span(self.label, self._first[name]), "import-category", message, hint)

    def _topics(self, draft: Draft) -> list[str]:
        """The ids of the topics that the calendar's categories name."""
        found: dict[str, None] = {}
        for name in map(clean, draft.categories):
            if id_ := self.topics.get(folded(name)):
                found[id_] = None
            elif name:
                self._categories[name] += 1
                self._first.setdefault(name, draft.line)
        return list(found)

    def _with_files(self, draft: Draft) -> tuple[dict[str, Any], dict[str, bytes]]:
        """The draft's fields with the files that it carries under safe names; others are not named."""
        fields = {name: value for name, value in draft.fields.items() if name not in _OURS}
        files: dict[str, bytes] = {}

        def named(part: Any) -> dict[str, Any] | None:
            name = str(part.get("file")) if isinstance(part, dict) else ""
            if name not in draft.files or (safe := safe_name(name)) is None:
                self._lose(draft.line, "file", f"{quoted(name)} is no picture or document that is published")
                return None
            while files.get(safe, draft.files[name]) != draft.files[name]:
                safe = f"x{safe}"
            files[safe] = draft.files[name]
            return {**part, "file": safe}

        if "attachments" in fields:
            fields["attachments"] = [each for each in map(named, fields["attachments"]) if each]
        if "image" in fields:
            fields["image"] = named(fields["image"])
        return fields, files

    def _sound(
        self, draft: Draft, key: ForeignKey, fields: dict[str, Any], files: dict[str, bytes]
    ) -> Proposal | None:
        """The proposal without the fields that the schema refuses; None where it needs one of them."""
        body = clean(draft.body)
        if len(body.encode()) > MAX_BYTES - _ROOM:
            self._lose(draft.line, BODY, "the text is too long for a record")
            body = ""
        source = Source(self.label, Kind.EVENT, None, b"")
        while True:
            given = {name: value for name, each in fields.items() if (value := plain(each))}
            entry = Entry(source, {"id": "unknown", **given}, body)
            record, found = decode(entry)
            if isinstance(record, Event):
                kept = {name: value for name, value in fields.items() if name in given}
                return Proposal(
                    key=key, line=draft.line, fields=kept, body=body, record=record,
                    is_draft=draft.fields.get("draft") is True, files=files,
                )  # fmt: skip
            faulty = remainder(entry)[1] & given.keys()
            reason = next((finding for finding in found if finding.is_error), None)
            if not faulty or faulty & _NEEDED:
                self.refuse(draft.line, reason.message if reason else "it cannot be read", "add it by hand")
                return None
            for name in sorted(faulty):
                self._lose(
                    draft.line, name, reason.message if reason and len(faulty) == 1 else "it is unsound"
                )
                del fields[name]

    def _lose(self, line: int, what: str, reason: str) -> None:
        message = f"{quoted(what)} of the event is left out: {reason}"
        self.findings.append(
            warning(Span(self.label, line), "import-property-lost", message, "add it by hand")
        )


def safe_name(name: str) -> str | None:
    """The name of a file beside records: no path, no special signs, an ending that is published."""
    last = PurePosixPath(name.replace("\\", "/")).name
    stem, dot, ending = last.rpartition(".")
    if not dot or f".{ending.lower()}" not in ASSETS:
        return None
    return f"{_UNSAFE.sub('-', clean(stem)).strip('-._')[:40].strip('-._') or 'file'}.{ending.lower()}"
