"""What can be followed: which feeds there are in a language, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from publisher.model.edition import CHANGE, Selection
from publisher.model.records import FACETS, Kind
from publisher.render import urls
from publisher.render.calendars import selection_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.edition import Edition
    from publisher.render.theme import Theme


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
    #: The folder of its archives.
    archive: str = ""


def channels(edition: Edition, theme: Theme, language: str) -> Iterator[Channel]:
    """The feeds of a language: of everything, of each sort, those of publisher.toml, every listing's."""
    config, home = edition.config, f"{language}/"
    site = config.title(language)
    yield _channel("main", site, Selection(), home)
    yield from _by_kind(theme, language, site)
    for id_, combination in edition.named_feeds.items():
        yield Channel(
            name=f"feeds/{id_}",
            title=f"{combination.title_in(language, config.site.default_language)} · {site}",
            selection=selection_of(combination),
            home=f"{home}{CHANGES}" if CHANGE in combination.kinds else home,
            path=f"{home}feeds/{id_}",
            archive=f"{home}feeds/{id_}/archive",
        )
    for kind in FACETS:
        for id_, facet in sorted(edition.facets[kind].items()):
            title = f"{facet.text(language).name_text} · {site}"
            folder = urls.listing(language, kind, id_)
            yield _channel(f"{kind.plural}/{id_}", title, Selection.of(kind, id_), folder)


#: The page of what has become of events.
CHANGES = "changes/"
#: Kind -> the folder of the page that shows nothing else, and the key of its name.
_SORTS: Final = {
    Kind.EVENT.value: ("events/", "nav.events"),
    Kind.ANNOUNCEMENT.value: ("announcements/", "nav.news"),
    CHANGE: (CHANGES, "changes.title"),
}


def _by_kind(theme: Theme, language: str, site: str) -> Iterator[Channel]:
    """Events alone, news alone, changes alone."""
    for kind, (folder, title) in _SORTS.items():
        selection = Selection(kinds=frozenset({kind}))
        heading = f"{theme.words[language](title)} · {site}"
        yield _channel(folder.removesuffix("/"), heading, selection, f"{language}/{folder}")


def _channel(name: str, title: str, selection: Selection, folder: str) -> Channel:
    """The feed of the page in a folder."""
    return Channel(
        name=name,
        title=title,
        selection=selection,
        home=folder,
        path=f"{folder}feed",
        archive=f"{folder}archive",
    )


def combination(edition: Edition, theme: Theme, language: str, selection: Selection) -> Channel:
    """What the server is asked for: any choice, by the names of what was chosen."""
    home = f"{language}/{CHANGES}" if selection.is_of_changes else f"{language}/"
    chosen = _titles(edition, theme, language, selection)
    return Channel(
        name=f"combination/{_canonical(selection)}",
        title=" · ".join([*chosen, edition.config.title(language)]),
        selection=selection,
        home=home,
    )


def _titles(edition: Edition, theme: Theme, language: str, selection: Selection) -> Iterator[str]:
    if len(selection.kinds) == 1:
        yield theme.words[language](_SORTS[next(iter(selection.kinds))][1])
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
