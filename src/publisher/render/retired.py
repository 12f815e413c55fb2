"""What an address goes on serving when nothing belongs there any more.

Whoever subscribed there asks again for years: a file that is gone is a fault that
their program repeats, an empty calendar takes out what they had and says where to look.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from publisher.model.artifact import Artifact, Stage
from publisher.render import urls
from publisher.render.vcalendar import Head, vcalendar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from publisher.model.edition import Edition
    from publisher.render.theme import Theme
    from publisher.render.words import Words

#: A calendar of a year or month beside another one.
_BESIDE: Final = re.compile(r"(.+)[-/]\d{4}(?:-\d{2})?\.ics")


def retired(
    edition: Edition, theme: Theme, served: Iterable[str], made: Collection[str]
) -> Iterator[Artifact]:
    """The files of earlier editions that this one makes nothing for, where readers may still ask for them.

    `served` are the paths of earlier editions' files, `made` those of this one's.
    """
    words: dict[str, Words] = {}
    for path in sorted(set(served) - set(made)):
        if ended := _ENDED.get(path.rpartition(".")[2]):
            language = path.partition("/")[0]
            if language not in words:  # also one that the site has given up
                words[language] = replace(theme, languages=(language,)).words[language]
            yield Artifact(path, ended(edition, words[language], path, made), Stage.CALENDAR)


def _calendar(edition: Edition, words: Words, path: str, made: Collection[str]) -> bytes:
    """A calendar without entries: what a reader's program had from it, it removes."""
    config = edition.config
    language = words.language if words.language in edition.languages else config.site.default_language
    beside = _BESIDE.fullmatch(path)
    page = f"{language}/subscribe/"
    instead = f"{beside[1]}.ics" if beside and f"{beside[1]}.ics" in made else page
    about = words("calendar.ended", url=urls.absolute(config, instead))
    return vcalendar(Head(path=path, page=page, name=config.title(language), about=about), (), config)


#: Ending of a file's name -> what it serves from now on; what is not named here may go.
_ENDED: Final[Mapping[str, Callable[[Edition, Words, str, Collection[str]], bytes]]] = {"ics": _calendar}
