"""A site in memory: files are written as a curator writes them, released at an instant, and looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from publisher.config import Config, parse
from publisher.content.files import Reading, Source
from publisher.content.load import Content, decode_all
from publisher.diagnostics import Diagnostic, Span
from publisher.edition.changes import changes
from publisher.edition.compile import compile_edition
from publisher.edition.ledger import revise
from publisher.model.artifact import Artifact
from publisher.model.ledger import Item, ItemKey, Ledger
from publisher.model.records import Kind
from publisher.render.catalogue import catalogue
from publisher.zones import zone

if TYPE_CHECKING:
    from publisher.model.edition import Edition

HOST = "calendar.example.org"


def at(text: str) -> datetime:
    """An instant in UTC, from a local time in Almaty (`2026-06-01 08:00`) or a day (its noon there)."""
    local = datetime.fromisoformat(text if " " in text else f"{text} 12:00")
    return local.replace(tzinfo=zone("Asia/Almaty")).astimezone(UTC)


def settings(languages: tuple[str, ...] = ("en", "ru"), **site: Any) -> Config:
    """A configuration with these languages."""
    return parse(
        {
            "site": {
                "url": f"https://{HOST}",
                "identity": f"{HOST},2026",
                "title": dict.fromkeys(languages, "A Calendar"),
                "languages": list(languages),
                "timezone": "Asia/Almaty",
                **site,
            }
        }
    )


def key_of(name: str) -> ItemKey:
    """The key of `event/meeting`, or of its part `event/meeting/session/opening`."""
    kind, id_, *part = name.split("/")
    return (part[0], part[1], id_) if part else (kind, id_, "")


@dataclass
class Desk:
    """What lies in content/, and what the ledger holds of it."""

    config: Config = field(default_factory=settings)
    ledger: Ledger = field(default_factory=Ledger)
    #: Path below content/ -> the file's bytes; None for one that cannot be read.
    files: dict[str, bytes | None] = field(default_factory=dict)
    #: What was read for the last release, and what it changed in words.
    content: Content | None = None
    told: list[tuple[str, str, str]] = field(default_factory=list)

    def write(self, path: str, text: str | bytes) -> None:
        """Save a file below content/ as it stands."""
        self.files[path] = text.encode() if isinstance(text, str) else text

    def record(self, kind: Kind, id_: str, path: str = "", body: str = "", **fields: Any) -> None:
        """Write a record; front matter in JSON is YAML too."""
        front = json.dumps({"id": id_, **fields}, ensure_ascii=False)
        self.write(path or f"{kind.plural}/2026/{id_}.md", f"---\n{front}\n---\n{body}\n")

    def event(self, id_: str = "meeting", path: str = "", body: str = "All about it.", **fields: Any) -> None:
        """Write an event, from 11 to 13 June 2026 unless it says otherwise."""
        when = {} if {"start", "reported"} & fields.keys() else {"start": "2026-06-11", "end": "2026-06-13"}
        self.record(Kind.EVENT, id_, path, body, **{"title": "A Meeting", **when, **fields})

    def announcement(self, id_: str = "news", body: str = "It is so.", **fields: Any) -> None:
        """Write an announcement."""
        self.record(Kind.ANNOUNCEMENT, id_, "", body, **{"title": "News", **fields})

    def named(self, kind: Kind, id_: str, **fields: Any) -> None:
        """Write an organisation, place, topic or series."""
        self.record(kind, id_, "", "", **{"name": id_.title(), **fields})

    def translation(self, path: str, language: str, body: str = "", **fields: Any) -> None:
        """Write the translation that stands beside a record's file."""
        text = f"---\n{json.dumps(fields, ensure_ascii=False)}\n---\n{body}\n"
        self.write(f"{path.removesuffix('.md')}.{language}.md", text)

    def remove(self, path: str) -> None:
        """Delete a record's file, and its translations with it."""
        stem = path.removesuffix(".md")
        for name in [name for name in self.files if name == path or name.startswith(f"{stem}.")]:
            del self.files[name]

    def rename(self, path: str, new: str) -> None:
        """Give a file another name."""
        self.files[new] = self.files.pop(path)

    def read(self, *, backwards: bool = False) -> Content:
        """What content/ says at this moment."""
        names = sorted(self.files, reverse=backwards)
        sources = tuple(_source(f"content/{name}", self.files[name], self.config) for name in names)
        published_from = {(Kind(i.kind), i.id): i.path for i in self.ledger if i.is_record and not i.gone}
        return decode_all(Reading(sources, {}, ()), self.config, published_from=published_from)

    def release(self, now: str, *, backwards: bool = False) -> Ledger:
        """Release what content/ says, as `publisher build` does."""
        self.content = self.read(backwards=backwards)
        before, self.ledger = self.ledger, revise(self.content, self.ledger, self.config, at(now))
        found = changes(before, self.ledger, self.content)
        self.told = [(change.verb, change.subject, change.detail) for change in found]
        return self.ledger

    def wait(self, now: str) -> Ledger:
        """Let time pass without a release of anything new, as a tick does."""
        self.ledger = revise(None, self.ledger, self.config, at(now))
        return self.ledger

    @property
    def findings(self) -> list[str]:
        """The codes of the errors of the last release."""
        assert self.content is not None
        return sorted(finding.code for finding in self.content.errors)

    def item(self, name: str = "event/meeting") -> Item:
        """What the ledger holds of a record or a part."""
        return self.ledger.items[key_of(name)]

    def catalogue(self) -> Artifact:
        """What machines are told of the ledger."""
        return catalogue(self.edition("2026-07-01"), self.ledger)

    def edition(self, today: str) -> Edition:
        """What is public on a day."""
        return compile_edition(self.ledger, self.config, datetime.fromisoformat(today).date())


def _source(path: str, data: bytes | None, config: Config) -> Source:
    kind = next(kind for kind in Kind if kind.plural == path.split("/")[1])
    parts = path.rsplit("/", 1)[-1].split(".")
    language = parts[-2] if len(parts) > 2 and parts[-2] in config.site.languages else None
    if data is not None:
        return Source(path, kind, language, data)
    fault = Diagnostic(Span(path), "unreadable-file", "the file cannot be read", "change its permissions")
    return Source(path, kind, language, b"", fault)
