"""A site into which calendars are imported, as drafts or as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publisher.calendar_import.bringing import Bringing, Brought, Wish
from publisher.calendar_import.drafts import Draft, Drafts
from publisher.content.files import Source
from publisher.content.syntax import Entry, parse
from publisher.model.records import Kind
from publisher.site import open_site
from sites import CuratedSite

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def draft(uid: str = "1@example.org", body: str = "", line: int = 1, **more: Any) -> Draft:
    """An event of a foreign calendar: its fields by name, what else a draft has by its own."""
    own = {name: more.pop(name) for name in ("files", "suffix", "categories") if name in more}
    fields = {"title": "A Lecture", "start": "2026-12-01 10:00", "end": "11:00"} | more
    said = {name: value for name, value in fields.items() if value is not None}
    return Draft(uid=uid, line=line, fields=said, body=body, **own)


@dataclass(frozen=True)
class Desk:
    """A curator's desk: the site, and what arrives."""

    site: CuratedSite

    @classmethod
    def at(cls, root: Path) -> Desk:
        return cls(CuratedSite.create(root))

    def bring(
        self, *drafts: Draft, source: str = "lectures.ics", trial: bool = False, findings: Iterable[Any] = (),
        **wish: Any,
    ) -> Brought:  # fmt: skip
        """Import drafts."""
        bringing = Bringing(open_site(self.site.root), source, Wish(**wish), NOW, trial=trial)
        return bringing.run(Drafts(drafts, tuple(findings)))

    def path(self, name: str = "content/events/2026/a-lecture-2026.md") -> Path:
        return self.site.root / name

    def text(self, name: str = "content/events/2026/a-lecture-2026.md") -> str:
        return self.path(name).read_bytes().decode()

    def edit(self, *changes: tuple[str, str], name: str = "content/events/2026/a-lecture-2026.md") -> None:
        """Change a record as a person would: these texts for those."""
        text = self.text(name)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        self.path(name).write_bytes(text.encode())

    def fields(self, name: str = "content/events/2026/a-lecture-2026.md") -> dict[str, Any]:
        return self.entry(name).fields

    def entry(self, name: str = "content/events/2026/a-lecture-2026.md") -> Entry:
        found = parse(Source(name, Kind.EVENT, None, self.path(name).read_bytes()))
        assert isinstance(found, Entry)
        return found

    def files(self) -> dict[str, bytes]:
        """Everything in content/, and nothing that is left over from writing."""
        content = self.site.root / "content"
        return {p.relative_to(content).as_posix(): p.read_bytes() for p in content.rglob("*") if p.is_file()}


def verbs(done: Brought) -> list[str]:
    return [str(outcome.verb) for outcome in done.outcomes]


def codes(done: Brought) -> list[str]:
    return [finding.code for finding in done.findings]
