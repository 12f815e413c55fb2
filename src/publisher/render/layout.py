"""What surrounds every page: its head for machines, the way to it, and the site's own links.

Nothing here says when a page was made or how much there is elsewhere: a page
changes only when something that it names does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from babel.core import get_global

from publisher.model.artifact import Artifact, Stage
from publisher.render import urls
from publisher.render.jsonld import breadcrumbs, script
from publisher.render.view import Label, Seen, capital, language_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.render.assets import Assets
    from publisher.render.view import View

#: Feeds of a listing: ending, media type, and the name under which readers know the format.
FEEDS = (
    ("feed.atom", "application/atom+xml", "Atom"),
    ("feed.rss", "application/rss+xml", "RSS"),
    ("feed.json", "application/feed+json", "JSON Feed"),
)
CALENDAR = "text/calendar"
#: The pages in the head of every page: path below the language, key of its words.
NAVIGATION = (
    ("events/", "nav.events"),
    ("calendar/", "nav.calendar"),
    ("announcements/", "nav.news"),
    ("topics/", "nav.topics"),
)


@dataclass(frozen=True)
class Alternate:
    """Something machines can find from a page: a calendar or a feed."""

    type: str
    href: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A page of one language before it is rendered."""

    #: Below the language, a folder: `events/autumn-school/`.
    path: str
    template: str
    title: str
    items: frozenset[str]
    description: str = ""
    #: The pages above it, the site's first page left out.
    above: tuple[Label, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    #: JSON-LD nodes.
    nodes: tuple[Mapping[str, Any], ...] = ()
    og_type: str = "website"
    #: The address of its picture, and what that shows.
    image: tuple[str, str] | None = None
    stage: Stage = Stage.PAGE
    context: Mapping[str, Any] = field(default_factory=dict)


def finish(view: View, assets: Assets, draft: Draft) -> Artifact:
    """The page as a file."""
    seen: Seen = set()
    crumbs = (
        (Label(view.words("nav.home"), view.path()), *draft.above, Label(draft.title)) if draft.path else ()
    )
    html = view.theme.render(
        draft.template,
        view=view,
        words=view.words,
        assets=assets,
        draft=draft,
        canonical=view.absolute(draft.path),
        languages=_languages(view, draft.path),
        fallback=_fallback(view, draft.path),
        alternates=(*draft.alternates, *site_alternates(view)),
        crumbs=crumbs,
        structured=[script(node) for node in (*draft.nodes, *breadcrumbs(view, draft.path, crumbs))],
        navigation=[
            (view.path(path), view.words(name), draft.path.startswith(path)) for path, name in NAVIGATION
        ],
        pages=_free_pages(view, seen),
        locale=_og_locale(view.language, view.words.locale.territory),
        **draft.context,
    )
    return Artifact(f"{view.language}/{draft.path}index.html", html.encode(), draft.stage, draft.items | seen)


def listing_alternates(view: View, folder: str, title: str) -> tuple[Alternate, ...]:
    """The calendar and feeds of a folder below the language."""
    calendar = Alternate(
        CALENDAR, view.absolute(f"{folder}calendar.ics"), view.words("alternate.calendar", title=title)
    )
    return (
        calendar,
        *(
            Alternate(
                type_, view.absolute(folder + file), view.words("alternate.feed", title=title, format=name)
            )
            for file, type_, name in FEEDS
        ),
    )


def site_alternates(view: View) -> tuple[Alternate, ...]:
    """The calendar and feeds of the whole site in the page's language."""
    return listing_alternates(view, "", view.config.title(view.language))


@dataclass(frozen=True)
class Sibling:
    """The same page in another language, or in this one."""

    language: str
    name: str
    href: str
    absolute: str
    locale: str
    current: bool


def _languages(view: View, path: str) -> Sequence[Sibling]:
    return [
        Sibling(
            language,
            own_name(view, language),
            f"/{language}/{path}",
            urls.absolute(view.config, f"{language}/{path}"),
            _og_locale(language, view.theme.words[language].locale.territory),
            language == view.language,
        )
        for language in view.edition.languages
    ]


def _fallback(view: View, path: str) -> str:
    """Where readers of other languages go (hreflang x-default): the first page lets them choose."""
    site = view.config.site
    return urls.absolute(view.config, f"{site.default_language}/{path}" if path else "")


def own_name(view: View, language: str) -> str:
    """What a language calls itself."""
    name = view.words.texts.get(f"language.{language}") or language_name(language, language)
    return capital(name)


def _og_locale(language: str, territory: str | None) -> str:
    """`kk_KZ`: Open Graph wants a territory, the most likely one where none is configured."""
    likely: str = get_global("likely_subtags").get(language, language)
    return f"{language}_{territory or likely.rsplit('_', 1)[-1]}"


def _free_pages(view: View, seen: Seen) -> list[Label]:
    pages = sorted(view.edition.pages.values(), key=lambda page: (page.id != "about", page.id))
    labels = [view.record(page, seen) for page in pages]
    return [
        Label(label.text, view.path(f"{page.id}/"), label.lang)
        for label, page in zip(labels, pages, strict=True)
    ]
