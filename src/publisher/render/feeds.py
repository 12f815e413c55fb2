"""Every feed of an edition, in three formats, and any other that is asked for.

Each language has a main feed with its whole history in archives; each topic,
organisation, place and series has one; and so has each [feeds.<id>] of
publisher.toml.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from publisher.model.artifact import Artifact, Stage
from publisher.model.edition import Selection
from publisher.model.records import FACETS, Kind
from publisher.render import urls
from publisher.render.archives import chosen, history
from publisher.render.calendars import selection_of
from publisher.render.entries import author, entry_of
from publisher.render.feed import Feed
from publisher.render.jsonfeed import json_feed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.model.edition import Edition, Published
    from publisher.render.archives import Records
    from publisher.render.feed import Entry
    from publisher.render.theme import Theme

Format: TypeAlias = Literal["atom", "rss", "json"]
FORMATS: tuple[Format, ...] = ("atom", "rss", "json")
STYLESHEET = "assets/feed.css"


@dataclass(frozen=True, kw_only=True)
class Channel:
    """What can be followed in a language: one feed in three formats."""

    #: What identifies it for ever, beside its language.
    name: str
    title: str
    selection: Selection
    #: The folder of the page that shows the same.
    home: str
    #: Below build/, without the format's ending; empty for what only the server answers.
    path: str = ""


def channels(edition: Edition, language: str) -> Iterator[Channel]:
    """The feeds of a language: the main one, then those of publisher.toml, then every listing's."""
    config = edition.config
    site, home = config.title(language), f"{language}/"
    yield Channel(path=f"{language}/feed", name="main", title=site, selection=Selection(), home=home)
    for id_, combination in config.feeds.items():
        title = combination.title_in(language, config.site.default_language)
        name = f"feeds/{id_}"
        yield Channel(
            path=f"{home}{name}",
            name=name,
            title=f"{title} · {site}",
            selection=selection_of(combination),
            home=home,
        )
    for kind in FACETS:
        for id_, facet in sorted(edition.facets[kind].items()):
            folder = urls.listing(language, kind, id_)
            title = f"{facet.text(language).name_text} · {site}"
            yield Channel(
                path=f"{folder}feed",
                name=f"{kind.plural}/{id_}",
                title=title,
                selection=Selection.of(kind, id_),
                home=folder,
            )


class FeedWriter:
    """Makes the feeds of one edition; an entry is made once for a language, its XML once for a format."""

    def __init__(self, edition: Edition, theme: Theme) -> None:
        from publisher.render.atom_rss import XmlWriter

        self.edition, self.theme = edition, theme
        self._entries: dict[tuple[str, Kind, str], Entry] = {}
        self._xml = XmlWriter()
        #: Of a bounded number: a server is asked for any combination.
        self._chosen = lru_cache(maxsize=500)(partial(chosen, edition))
        self.history = history(edition)

    def records(self, selection: Selection) -> Records:
        """The records of a selection's feed: the same in every language and format."""
        return self.history.living if selection == Selection() else self._chosen(selection)

    def entries(self, language: str, records: Iterable[Published[Any]]) -> tuple[Entry, ...]:
        """The entries of records, in their order."""
        return tuple(self._entry(language, record) for record in records)

    def _entry(self, language: str, record: Published[Any]) -> Entry:
        key = (language, record.kind, record.id)
        if key not in self._entries:
            self._entries[key] = entry_of(self.edition, self.theme, language, record)
        return self._entries[key]

    def bytes(self, feed: Feed, form: Format) -> bytes:
        """The feed in a format."""
        match form:
            case "atom":
                return self._xml.atom(feed)
            case "rss":
                return self._xml.rss(feed)
            case "json":
                return json_feed(feed)


@lru_cache(maxsize=4)
def writer(edition: Edition, theme: Theme) -> FeedWriter:
    """The writer of an edition: all who ask for its feeds share what is made."""
    return FeedWriter(edition, theme)


def feed_of(edition: Edition, theme: Theme, language: str, channel: Channel, self_url: str) -> Feed:
    """The living feed of a channel; the one of everything leads to the archives."""
    write, config = writer(edition, theme), edition.config
    entries = write.entries(language, write.records(channel.selection))
    archives = len(write.history.archives) if channel.selection == Selection() else 0
    return Feed(
        id=urls.feed_uri(config, channel.name, language),
        title=channel.title,
        subtitle=_subtitle(edition, theme, language, channel),
        language=language,
        home_url=urls.absolute(config, channel.home),
        self_url=self_url,
        updated=_updated(edition, entries),
        author=author(edition, language),
        stylesheet=f"{urlsplit(config.site.url).path}/{STYLESHEET}",
        entries=entries,
        logo=urls.absolute(config, f"assets/{config.site.logo}") if config.site.logo else "",
        prev_archive=urls.absolute(config, archive_path(language, archives)) if archives else "",
    )


def feeds(edition: Edition, theme: Theme) -> Iterator[Artifact]:
    """All feeds and archives of an edition."""
    for language in edition.languages:
        for channel in channels(edition, language):
            for form in FORMATS:
                path = f"{channel.path}.{form}"
                feed = feed_of(edition, theme, language, channel, urls.absolute(edition.config, path))
                yield _artifact(edition, theme, path, feed, form)
        yield from _archives(edition, theme, language)


def feed_bytes(  # noqa: PLR0913, PLR0917 -- what a reader can ask for
    edition: Edition, theme: Theme, language: str, selection: Selection, fmt: Format, self_url: str
) -> bytes:
    """Any combination that the server is asked for: the entries as in every other feed, byte for byte."""
    title = " · ".join([*_titles(edition, language, selection), edition.config.title(language)])
    channel = Channel(
        name=f"combination/{_canonical(selection)}", title=title, selection=selection, home=f"{language}/"
    )
    return writer(edition, theme).bytes(feed_of(edition, theme, language, channel, self_url), fmt)


def archive_path(language: str, number: int) -> str:
    """The path of an archive; 1 is the oldest."""
    return f"{language}/archive/{number}.atom"


def _archives(edition: Edition, theme: Theme, language: str) -> Iterator[Artifact]:
    """The archives of the main feed: with it they are one logical feed, of one id (RFC 5005 section 4)."""
    write, config = writer(edition, theme), edition.config
    main = next(channels(edition, language))
    living = feed_of(edition, theme, language, main, urls.absolute(config, f"{main.path}.atom"))
    for number, records in enumerate(write.history.archives, 1):
        path, entries = archive_path(language, number), write.entries(language, records)
        archive = replace(
            living,
            title=theme.words[language]("feed.archive", title=living.title, number=number),
            self_url=urls.absolute(config, path),
            updated=_updated(edition, entries),
            entries=entries,
            current=living.self_url,
            prev_archive=urls.absolute(config, archive_path(language, number - 1)) if number > 1 else "",
        )
        yield _artifact(edition, theme, path, archive, "atom")


def _subtitle(edition: Edition, theme: Theme, language: str, channel: Channel) -> str:
    """What the feed is, and where one subscribes: all that a browser shows of it first."""
    words = theme.words[language]
    about = (words("feed.about", title=channel.title), edition.config.description(language))
    sentences = [text if text.endswith((".", "!", "?")) else f"{text}." for text in about if text]
    return " ".join(
        [*sentences, words("feed.subscribe", url=urls.absolute(edition.config, f"{language}/subscribe/"))]
    )


def _artifact(edition: Edition, theme: Theme, path: str, feed: Feed, form: Format) -> Artifact:
    data = writer(edition, theme).bytes(feed, form)
    return Artifact(path, data, Stage.FEED, frozenset(entry.item for entry in feed.entries))


def _updated(edition: Edition, entries: Iterable[Entry]) -> datetime:
    """The newest change among the entries; without any, the day from which the identity was held."""
    _, _, day = edition.config.site.identity.partition(",")
    year, month, day_of_month = [*(int(part) for part in day.split("-")), 1, 1][:3]
    return max((entry.updated for entry in entries), default=datetime(year, month, day_of_month, tzinfo=UTC))


def _titles(edition: Edition, language: str, selection: Selection) -> Iterator[str]:
    for kind in FACETS:
        for id_ in sorted(getattr(selection, kind.plural)):
            facet = edition.facet(kind, id_)
            yield facet.text(language).name_text if facet else id_


def _canonical(selection: Selection) -> str:
    """The same text for the same choice, in whatever order it was asked for."""
    fields = (*(kind.plural for kind in FACETS), "kinds")
    return ";".join(
        f"{field}={','.join(sorted(values))}" for field in fields if (values := getattr(selection, field))
    )
