"""What surrounds every page: its head for machines, the way to it, and the site's own links.

Nothing here says when a page was made or how much there is elsewhere: a page
changes only when something that it names does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from babel.core import get_global
from markupsafe import Markup

from publisher.model.artifact import Artifact, Stage
from publisher.render import alternates, urls
from publisher.render.jsonld import breadcrumbs, script
from publisher.render.names import language_name
from publisher.render.view import Label, Row, Seen, capital

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.render.alternates import Alternate
    from publisher.render.assets import Assets
    from publisher.render.view import View

#: The pages in the head of every page: path below the language, key of its words.
NAVIGATION = (
    ("events/", "nav.events"),
    ("calendar/", "nav.calendar"),
    ("announcements/", "nav.news"),
    ("topics/", "nav.topics"),
)


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
    #: Its own calendars and feeds; those of the whole site come after them.
    alternates: tuple[Alternate, ...] = ()
    #: JSON-LD nodes.
    nodes: tuple[Mapping[str, Any], ...] = ()
    og_type: str = "website"
    #: The address of its picture, and what that shows.
    image: tuple[str, str] | None = None
    stage: Stage = Stage.PAGE
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sibling:
    """The same page in another language, or in this one."""

    language: str
    name: str
    href: str
    absolute: str
    locale: str
    current: bool


@dataclass(frozen=True, eq=False)
class Frame:
    """What all pages of a language share: made once."""

    view: View
    assets: Assets

    def finish(self, draft: Draft) -> Artifact:
        """A page as a file."""
        view = self.view
        crumbs = self._crumbs(draft)
        html = view.theme.render(
            draft.template,
            view=view,
            words=view.words,
            assets=self.assets,
            draft=draft,
            canonical=view.absolute(draft.path),
            languages=[self._sibling(language, draft.path) for language in view.edition.languages],
            fallback=_fallback(view, draft.path),
            alternates=alternates.distinct((*draft.alternates, *self.alternates)),
            crumbs=crumbs,
            structured=[script(node) for node in (*draft.nodes, *breadcrumbs(view, draft.path, crumbs))],
            navigation=[(href, name, draft.path.startswith(path)) for path, href, name in self.navigation],
            footer=self.footer.html,
            **draft.context,
        )
        path = f"{view.language}/{draft.path}index.html"
        return Artifact(path, html.encode(), draft.stage, draft.items | self.footer.items)

    @cached_property
    def alternates(self) -> tuple[Alternate, ...]:
        """The calendar and feeds of the whole site in the page's language."""
        return alternates.site(self.view)

    @cached_property
    def navigation(self) -> list[tuple[str, str, str]]:
        """The pages in every head: path below the language, address, name."""
        return [(path, self.view.path(path), self.view.words(name)) for path, name in NAVIGATION]

    @cached_property
    def footer(self) -> Row:
        """The foot of every page, with the free pages that it names."""
        seen: Seen = set()
        html = self.view.theme.render(
            "parts/footer.html",
            view=self.view,
            words=self.view.words,
            navigation=self.navigation,
            pages=_free_pages(self.view, seen),
        )
        return Row(Markup(html), frozenset(seen))  # noqa: S704 -- a template escapes

    @cached_property
    def languages(self) -> Mapping[str, tuple[str, str]]:
        """What each language calls itself, and its locale for Open Graph."""
        words = self.view.theme.words
        return {
            language: (own_name(self.view, language), _og_locale(language, words[language].locale.territory))
            for language in self.view.edition.languages
        }

    def _crumbs(self, draft: Draft) -> tuple[Label, ...]:
        """The way to a page; the first page needs none."""
        if not draft.path:
            return ()
        return (Label(self.view.words("nav.home"), self.view.path()), *draft.above, Label(draft.title))

    def _sibling(self, language: str, path: str) -> Sibling:
        name, locale = self.languages[language]
        absolute = urls.absolute(self.view.config, f"{language}/{path}")
        return Sibling(
            language, name, f"/{language}/{path}", absolute, locale, language == self.view.language
        )


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
