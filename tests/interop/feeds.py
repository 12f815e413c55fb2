"""Foreign feed parsers: each reads feeds and answers in the form of `plain_feeds`, as far as it can tell.

They have nothing in common: feedparser (Python, SAX), feedsmith (JavaScript), atoma (Python, ElementTree) and
fastfeedparser (Rust). `KNOWS` says which fields each can tell of each format; the rest it has no place for.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from plain_feeds import Entry, EventFacts, File, in_utc, text_of

from .tools import node

#: What every parser can tell of every format.
BASIC = frozenset({"id", "link", "title", "published", "summary", "content", "categories"})
#: What RSS and its modules say; Atom and JSON Feed have all of it too, as they have `updated`.
ALL = BASIC | {"updated", "authors", "files", "language"}
#: By parser and format.
KNOWS = {
    ("feedparser", ".atom"): ALL | {"event"},
    ("feedparser", ".rss"): ALL | {"event"},
    ("feedsmith", ".atom"): ALL,
    ("feedsmith", ".rss"): ALL,
    ("feedsmith", ".json"): ALL,
    ("atoma", ".atom"): BASIC | {"updated", "authors", "files"},
    ("atoma", ".rss"): BASIC,  # it knows neither Dublin Core nor Media RSS
    ("atoma", ".json"): BASIC | {"updated", "files"},  # it knows version 1.0, with one author
    ("fastfeedparser", ".atom"): BASIC | {"updated"},
    ("fastfeedparser", ".rss"): BASIC | {"updated"},
    ("fastfeedparser", ".json"): BASIC | {"authors"},
}

Reading = tuple[Entry, ...]


def read_with(parser: str, files: Iterable[Path]) -> dict[Path, Reading]:
    """Read feeds with one parser: their entries, with the fields that it knows."""
    readable = [file for file in files if (parser, file.suffix) in KNOWS]
    read = _feedsmith(readable) if parser == "feedsmith" else {file: _ONE[parser](file) for file in readable}
    return {
        file: tuple(entry.only(KNOWS[parser, file.suffix]) for entry in entries)
        for file, entries in read.items()
    }


def read_sanitised(file: Path) -> list[str]:
    """Return the content of each entry as feedparser gives it to programs that show it: made harmless."""
    return [entry.content[0].value for entry in feedparser.parse(file.read_bytes()).entries]


def _feedsmith(files: Sequence[Path]) -> dict[Path, Reading]:
    answer = node("feedsmith.mjs", [str(file) for file in files], "feedsmith")
    return {
        Path(file): tuple(_of_feedsmith(entry, Path(file).suffix) for entry in entries)
        for file, entries in answer.items()
    }


def _of_feedsmith(entry: dict[str, Any], suffix: str) -> Entry:
    files = tuple(File(**file) for file in entry.pop("files"))
    lists = {name: tuple(entry.pop(name)) for name in ("authors", "categories")}
    return Entry(**entry | lists | {"files": files, "summary": _summary(entry["summary"], suffix)})


def _feedparser(file: Path) -> Reading:
    """Read with feedparser, which must find nothing to repair; as it stands, without making it harmless."""
    parsed = feedparser.parse(file.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, f"{file}: {parsed.bozo_exception}"
    return tuple(_of_feedparser(entry, parsed.feed, file.suffix) for entry in parsed.entries)


def _of_feedparser(entry: Any, feed: Any, suffix: str) -> Entry:
    content = entry.content[0]
    enclosures = [(each.href, each.type, each.length) for each in entry.enclosures]
    media = [(each["url"], each["type"], each["filesize"]) for each in entry.get("media_content", ())]
    return Entry(
        id=entry.id,
        link=entry.link,
        title=entry.title,
        published=_parsed(entry.published_parsed),
        # Asked as usual, it would give the publication where there is none.
        updated=_parsed(dict.__getitem__(entry, "updated_parsed")),
        authors=tuple(author.name for author in entry.get("authors") or feed.authors),
        categories=tuple(tag.label or tag.term for tag in entry.get("tags", ())),
        summary=_summary(entry.summary, suffix),
        content=content.value,
        files=tuple(_file(*each) for each in (*enclosures, *media)),
        language=entry.get("language") or content.language or feed.language,
        event=_event_of(entry),
    )


def _event_of(entry: Any) -> EventFacts | None:
    facts = EventFacts(
        start=entry.get("ev_startdate", ""),
        end=entry.get("ev_enddate", ""),
        location=entry.get("ev_location", ""),
        organizer=entry.get("ev_organizer", ""),
        type=entry.get("ev_type", ""),
    )
    return facts if facts != EventFacts() else None


def _atoma(file: Path) -> Reading:
    import atoma  # what only these tests need is installed by prepare.sh

    data = file.read_bytes()
    match file.suffix:
        case ".atom":
            return tuple(map(_of_atoma_atom, atoma.parse_atom_bytes(data).entries))
        case ".rss":
            return tuple(map(_of_atoma_rss, atoma.parse_rss_bytes(data).items))
    return tuple(map(_of_atoma_json, atoma.parse_json_feed_bytes(data).items))


def _of_atoma_atom(entry: Any) -> Entry:
    (page,) = (link.href for link in entry.links if link.rel in {None, "alternate"})
    return _entry(
        id=entry.id_,
        link=page,
        title=entry.title.value,
        published=in_utc(entry.published),
        updated=in_utc(entry.updated),
        authors=tuple(author.name for author in entry.authors),
        categories=tuple(category.label for category in entry.categories),
        summary=entry.summary.value,
        content=entry.content.value,
        files=tuple(
            _file(link.href, link.type_, link.length) for link in entry.links if link.rel == "enclosure"
        ),
    )


def _of_atoma_rss(item: Any) -> Entry:
    return _entry(
        id=item.guid,
        link=item.link,
        title=item.title,
        published=in_utc(item.pub_date),
        categories=tuple(item.categories),
        summary=text_of(item.description),
        content=item.content_encoded,
    )


def _of_atoma_json(item: Any) -> Entry:
    return _entry(
        id=item.id_,
        link=item.url,
        title=item.title,
        published=in_utc(item.date_published),
        updated=in_utc(item.date_modified),
        categories=tuple(item.tags),
        summary=item.summary,
        content=item.content_html,
        files=tuple(_file(each.url, each.mime_type, each.size_in_bytes) for each in item.attachments),
    )


def _fastfeedparser(file: Path) -> Reading:
    import fastfeedparser

    parsed = fastfeedparser.parse(file.read_bytes())
    return tuple(_of_fastfeedparser(entry, file.suffix) for entry in parsed.entries)


def _of_fastfeedparser(entry: Any, suffix: str) -> Entry:
    updated = entry.get("updated")
    return _entry(
        id=entry.id,
        link=entry.link,
        title=entry.title,
        published=in_utc(datetime.fromisoformat(entry.published)),
        updated=in_utc(datetime.fromisoformat(updated)) if updated else None,
        authors=tuple(author["name"] for author in entry.get("authors", ())),
        categories=tuple(tag["label"] or tag["term"] for tag in entry.get("tags") or ()),
        summary=_summary(entry.description, suffix),
        content=entry.content[0]["value"],
    )


_ONE: dict[str, Callable[[Path], Reading]] = {
    "feedparser": _feedparser,
    "atoma": _atoma,
    "fastfeedparser": _fastfeedparser,
}


def _entry(**told: Any) -> Entry:
    return Entry(**dict.fromkeys(("updated", "authors", "files", "language")) | told)


def _file(url: str, type_: str, length: str | int) -> File:
    return File(url=url, type=type_, length=int(length))


def _summary(text: str, suffix: str) -> str:
    """Return a summary as plain text: in RSS it is HTML."""
    return text_of(text) if suffix == ".rss" else text


def _parsed(moment: time.struct_time) -> str:
    return in_utc(datetime(*moment[:6], tzinfo=UTC))
