"""What an address goes on serving when nothing belongs there any more.

Whoever subscribed there asks again for years: a file that is gone is a fault that
their program repeats. An empty calendar takes out what they had; a feed without entries
takes nothing away, since readers keep what they have got. Both say where to look.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from publisher.model.artifact import Artifact, Stage
from publisher.render import urls
from publisher.render.feed import Author, Feed
from publisher.render.feed_documents import head
from publisher.render.feed_offers import NAMED
from publisher.render.feeds import beginning, stylesheet
from publisher.render.vcalendar import Head, vcalendar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from publisher.model.edition import Edition
    from publisher.render.feed_documents import Format
    from publisher.render.theme import Theme
    from publisher.render.words import Words

#: A calendar of a year or month beside another one.
_BESIDE: Final = re.compile(r"(.+)[-/]\d{4}(?:-\d{2})?\.ics")
#: A feed, or one of its archives: of a combination of publisher.toml, of a listing, of everything.
_FEED: Final = re.compile(
    r"[^/]+/(?:(?P<named>feeds/[^/]+)\.(?:atom|rss|json)"
    r"|(?:(?P<folder>.+)/)?(?:feed\.(?:atom|rss|json)|archive/(?P<number>\d+)\.atom))"
)


def retired(
    edition: Edition, theme: Theme, served: Iterable[str], made: Collection[str]
) -> Iterator[Artifact]:
    """The files of earlier editions that this one makes nothing for, where readers may still ask for them.

    `served` are the paths of earlier editions' files, `made` those of this one's.
    """
    words: dict[str, Words] = {}
    for path in sorted(set(served) - set(made)):
        language, ending = path.partition("/")[0], path.rpartition(".")[2]
        if ending not in _ENDED:
            continue
        if language not in words:  # also one that the site has given up
            words[language] = replace(theme, languages=(language,)).words[language]
        if data := _ENDED[ending](edition, words[language], path, made):
            yield Artifact(path, data, Stage.CALENDAR if ending == "ics" else Stage.FEED)


def _calendar(edition: Edition, words: Words, path: str, made: Collection[str]) -> bytes:
    """A calendar without entries: what a reader's program had from it, it removes."""
    config = edition.config
    language = _language(edition, words)
    beside = _BESIDE.fullmatch(path)
    page = f"{language}/subscribe/"
    instead = f"{beside[1]}.ics" if beside and f"{beside[1]}.ics" in made else page
    about = words("calendar.ended", url=urls.absolute(config, instead))
    return vcalendar(Head(path=path, page=page, name=config.title(language), about=about), (), config)


def _feed(edition: Edition, words: Words, path: str, made: Collection[str]) -> bytes | None:
    """A feed without entries, of the same id as ever; None for another file that ends alike.

    So are its archives: they cannot be made any more, and who walked through them has kept
    them (RFC 5005 section 4.2). An archive of a feed that lives on leads there.
    """
    match = _FEED.fullmatch(path)
    if match is None:
        return None
    config, language = edition.config, words.language
    name = match["named"] or match["folder"] or "main"
    living = f"{language}/{_file(name)}.atom"
    page = f"{_language(edition, words)}/subscribe/"
    instead = living if match["number"] and living in made else page
    title = config.title(_language(edition, words))
    feed = Feed(
        id=urls.feed_uri(config, name, language),
        title=words("feed.archive", title=title, number=match["number"]) if match["number"] else title,
        subtitle=words("feed.ended", url=urls.absolute(config, instead)),
        language=language,
        home_url=urls.absolute(config, page),
        self_url=urls.absolute(config, path),
        updated=beginning(edition),
        author=Author(name=title, uri=urls.absolute(config, page.removesuffix("subscribe/"))),
        stylesheet=stylesheet(config),
        current=urls.absolute(config, living) if match["number"] else "",
    )
    return head(feed, cast("Format", path.rpartition(".")[2]))


def _file(name: str) -> str:
    """The path of a feed below its language, without its ending."""
    if name.startswith(NAMED):
        return name
    return "feed" if name == "main" else f"{name}/feed"


def _language(edition: Edition, words: Words) -> str:
    """The language of the pages that take the place of what has ended."""
    return words.language if words.language in edition.languages else edition.config.site.default_language


#: Ending of a file's name -> what it serves from now on; what is not named here may go.
_ENDED: Final[Mapping[str, Callable[[Edition, Words, str, Collection[str]], bytes | None]]] = {
    "ics": _calendar,
    "atom": _feed,
    "rss": _feed,
    "json": _feed,
}
