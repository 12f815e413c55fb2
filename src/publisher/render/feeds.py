"""Every feed of an edition in three formats, its archives, and any other feed that is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publisher.model.artifact import Artifact, Stage
from publisher.render import urls
from publisher.render.archives import history, newest
from publisher.render.entries import author
from publisher.render.feed import Feed
from publisher.render.feed_channels import channels, combination
from publisher.render.feed_documents import FORMATS, head, joined
from publisher.render.feed_entries import feed_entries
from publisher.render.feed_offers import sentence
from publisher.render.fragment_keys import fragment_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publisher.config import Config
    from publisher.model.edition import Edition, Selection
    from publisher.render.archives import Entries, History
    from publisher.render.feed_channels import Channel
    from publisher.render.feed_documents import Format
    from publisher.render.feed_entries import FeedEntry
    from publisher.render.theme import Theme

STYLESHEET = "assets/feed.css"


def feeds(edition: Edition, theme: Theme) -> Iterator[Artifact]:
    """All feeds and archives of an edition."""
    for language in edition.languages:
        entries = feed_entries(edition, theme, language)
        for channel in channels(edition, theme, language):
            size = edition.config.publish.feed_entries
            told = history(entries.chosen(channel.selection), edition.archives, channel.archive, size)
            yield from _Documents(edition, theme, language, channel).all(told)


def feed_bytes(  # noqa: PLR0913, PLR0917 -- what a reader can ask for
    edition: Edition, theme: Theme, language: str, selection: Selection, fmt: Format, self_url: str
) -> bytes:
    """Any combination that the server is asked for: the entries as in every other feed, byte for byte."""
    chosen = feed_entries(edition, theme, language).chosen(selection)
    entries = newest(chosen, edition.config.publish.feed_entries)
    documents = _Documents(edition, theme, language, combination(edition, theme, language, selection))
    return documents.bytes(documents.feed(self_url, entries), fmt, entries)


class _Documents:
    """The documents of one channel in one language."""

    def __init__(self, edition: Edition, theme: Theme, language: str, channel: Channel) -> None:
        self._edition, self._theme, self._channel = edition, theme, channel
        self._language = language

    def all(self, told: History) -> Iterator[Artifact]:
        """The living feed in each format, and its archives."""
        older = self._archive(len(told.archives))
        for form in FORMATS:
            path = f"{self._channel.path}.{form}"
            feed = replace(
                self.feed(self._absolute(path), told.living),
                hubs=self._edition.config.websub.hubs,
                prev_archive=older if form != "json" else "",
            )
            yield self._artifact(path, feed, form, told.living)
        for number, entries in enumerate(told.archives, 1):
            feed = self._archived(number, entries)
            yield self._artifact(self._path(number), feed, "atom", entries)

    def feed(self, self_url: str, entries: Sequence[FeedEntry]) -> Feed:
        """What a document says of itself."""
        config, channel = self._edition.config, self._channel
        return Feed(
            id=urls.feed_uri(config, channel.name, self._language),
            title=channel.title,
            subtitle=self._subtitle(),
            language=self._language,
            home_url=self._absolute(channel.home),
            self_url=self_url,
            updated=max((entry.updated for entry in entries), default=beginning(self._edition)),
            author=author(self._edition, self._language),
            stylesheet=stylesheet(config),
            logo=self._absolute(f"assets/{config.site.logo}") if config.site.logo else "",
        )

    def bytes(self, feed: Feed, form: Format, entries: Sequence[FeedEntry]) -> bytes:
        """A document with its entries."""
        key = fragment_key(b"head", (form, feed))
        made = self._edition.fragments.get(key, lambda: head(feed, form))
        return joined(made, (entry.bytes(form) for entry in entries), form)

    def _archived(self, number: int, entries: Entries) -> Feed:
        """An archive is one logical feed with the living one, of one id (RFC 5005 section 4)."""
        words, channel = self._theme.words[self._language], self._channel
        return replace(
            self.feed(self._absolute(self._path(number)), entries),
            title=words("feed.archive", title=channel.title, number=number),
            current=self._absolute(f"{channel.path}.atom"),
            prev_archive=self._archive(number - 1),
        )

    def _artifact(self, path: str, feed: Feed, form: Format, entries: Sequence[FeedEntry]) -> Artifact:
        return Artifact(
            path,
            self.bytes(feed, form, entries),
            Stage.FEED,
            frozenset(entry.item for entry in entries),
            modified=max((entry.modified for entry in entries), default=feed.updated),
        )

    def _path(self, number: int) -> str:
        """The path of an archive; 1 is the oldest."""
        return f"{self._channel.archive}/{number}.atom"

    def _archive(self, number: int) -> str:
        """The address of an archive; none is before the oldest."""
        return self._absolute(self._path(number)) if number else ""

    def _absolute(self, path: str) -> str:
        return urls.absolute(self._edition.config, path)

    def _subtitle(self) -> str:
        """What the feed is, and where one subscribes: all that a browser shows of it first."""
        words, config = self._theme.words[self._language], self._edition.config
        about = (sentence(words, self._channel), config.description(self._language))
        sentences = [text if text.endswith((".", "!", "?")) else f"{text}." for text in about if text]
        return " ".join(
            [*sentences, words("feed.subscribe", url=self._absolute(f"{self._language}/subscribe/"))]
        )


def stylesheet(config: Config) -> str:
    """Where a browser finds the style of feeds, on whatever host it reads them."""
    return f"{urlsplit(config.site.url).path}/{STYLESHEET}"


@lru_cache(maxsize=4)
def beginning(edition: Edition) -> datetime:
    """The day from which the identity was held: a feed without entries changed last when there was none."""
    _, _, day = edition.config.site.identity.partition(",")
    year, month, day_of_month = [*(int(part) for part in day.split("-")), 1, 1][:3]
    return datetime(year, month, day_of_month, tzinfo=UTC)
