"""What a site has already: its imported events, and the names that calendars may mean."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.calendar_import.traces import FIELD, Trace, read_trace
from publisher.content.files import read
from publisher.content.syntax import Entry, parse
from publisher.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publisher.calendar_import.traces import ForeignKey
    from publisher.content.files import Reading, Source
    from publisher.site import Site


@dataclass(frozen=True)
class Held:
    """An event that was imported: its file, parsed, and what it says of its import."""

    entry: Entry
    trace: Trace

    @property
    def path(self) -> str:
        """The file, relative to the site."""
        return self.entry.source.path

    @property
    def folder(self) -> str:
        """Where the file stands, and those that it names."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True)
class Holdings:
    """The site's content as an import sees it."""

    reading: Reading
    imported: Mapping[ForeignKey, Held]
    #: Events' files that cannot be parsed at this moment: any of them may be of an imported event.
    broken: tuple[Source, ...]
    #: Every id that an event has or had, and the title under which readers last knew it, if they did.
    ids: Mapping[str, str | None]
    #: Every file below content/, relative to the site, case folded: some disks know no other.
    paths: frozenset[str]
    #: The known ids of each kind.
    known: Mapping[Kind, frozenset[str]]
    #: A topic's id, and its name in any language, case folded -> its id.
    topics: Mapping[str, str]

    def in_broken_file(self, key: ForeignKey) -> Source | None:
        """The file that seems to hold an event and cannot be read."""
        uid = key[0].encode()
        return next((source for source in self.broken if uid in source.data), None)


def holdings(site: Site) -> Holdings:
    """Read all of content/, and which ids readers have known."""
    reading = read(site.root, site.config.site.languages)
    events = [(s, parse(s)) for s in reading.sources if s.kind is Kind.EVENT and s.translation is None]
    entries = [entry for _, entry in events if isinstance(entry, Entry)]
    records = {i.id: i.values.get("record", {}) for i in site.memory().ledger if i.kind == Kind.EVENT}
    published = {id_: str(record.get("title", "")) for id_, record in records.items()}
    others = list(_others(reading.sources))
    return Holdings(
        reading=reading,
        imported=_imported(entries),
        broken=tuple(source for source, entry in events if not isinstance(entry, Entry)),
        ids=published | dict.fromkeys(_ids(entries)),
        paths=frozenset(path.casefold() for path in (*(s.path for s in reading.sources), *reading.assets)),
        known={
            kind: frozenset(_ids(entry for entry in others if entry.source.kind is kind))
            for kind in (Kind.TOPIC, Kind.SERIES, Kind.ORGANISATION)
        },
        topics=_topics([entry for entry in others if entry.source.kind is Kind.TOPIC]),
    )


def folded(name: str) -> str:
    """A name as it is compared: composed, without regard to case and blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _imported(entries: Iterable[Entry]) -> dict[ForeignKey, Held]:
    """The events that were imported; of two files of one event the first counts."""
    found: dict[ForeignKey, Held] = {}
    for entry in entries:
        if trace := read_trace(entry.fields.get(FIELD)):
            found.setdefault(trace.key, Held(entry, trace))
    return found


def _others(sources: Sequence[Source]) -> Iterator[Entry]:
    """What events name by id, translations included."""
    for source in sources:
        if source.kind in {Kind.TOPIC, Kind.SERIES, Kind.ORGANISATION}:
            entry = parse(source)
            if isinstance(entry, Entry):
                yield entry


def _ids(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        if isinstance(id_ := entry.fields.get("id"), str) and entry.source.translation is None:
            yield id_.strip()


def _topics(entries: Sequence[Entry]) -> dict[str, str]:
    """Every way to name a topic; an id goes before a name, the record's own name before translations."""
    ids = {e.source.stem: id_ for e in entries for id_ in _ids([e])}
    named = [
        (folded(name), ids[entry.source.stem])
        for entry in sorted(entries, key=lambda entry: entry.source.translation or "")
        if entry.source.stem in ids and isinstance(name := entry.fields.get("name"), str)
    ]
    topics: dict[str, str] = {folded(id_): id_ for id_ in sorted(ids.values())}
    for name, id_ in named:
        topics.setdefault(name, id_)
    return topics
