"""The pages that the server makes for one reader: signing up, confirming, choosing, leaving, captured mail.

They look as the site does, but know no edition: a leave must not wait for one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from publisher.render.names import language_name
from publisher.render.view import capital

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publisher.config import Config
    from publisher.render.theme import Theme
    from publisher.render.words import Words


class Addresses(Protocol):
    """Where the files of the theme are served."""

    def __call__(self, name: str) -> str:
        """The address of a file."""

    def __contains__(self, name: str) -> bool: ...


@dataclass(frozen=True)
class Choice:
    """Something to tick: its id, its name, and the name's language where that is not the page's."""

    value: str
    label: str
    lang: str = ""
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What of each sort is chosen; nothing at all means everything."""

    topics: tuple[Choice, ...] = ()
    organisations: tuple[Choice, ...] = ()
    events: tuple[Choice, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.topics or self.organisations or self.events)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A list, as it presents itself."""

    id: str
    title: str
    description: str = ""
    #: When its next issue is due, in words; empty where nobody can know.
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class Offered(Offer):
    """A list with how somebody has it, and what of it they can choose."""

    #: confirmed, paused or unsubscribed.
    state: str
    #: For a pause: the first day with mail again, as ISO 8601 has it; empty for none.
    until: str = ""
    topics: tuple[Choice, ...] = ()
    organisations: tuple[Choice, ...] = ()
    events: tuple[Choice, ...] = ()

    @property
    def is_narrow(self) -> bool:
        """Whether they get only some of it."""
        return any(choice.chosen for choice in (*self.topics, *self.organisations, *self.events))


@dataclass(frozen=True)
class ServicePages:
    """The pages in one language; `has_privacy` says whether the site has a page `privacy` to link to."""

    config: Config
    theme: Theme
    assets: Addresses
    language: str
    has_privacy: bool = field(default=False, kw_only=True)

    @property
    def words(self) -> Words:
        """What the theme says."""
        return self.theme.words[self.language]

    @property
    def site_title(self) -> str:
        """The site's name."""
        return self.config.title(self.language)

    @property
    def site_description(self) -> str:
        """The site's sentence about itself."""
        return self.config.description(self.language)

    @property
    def logo(self) -> str:
        """The site's own picture in its head; empty for the theme's."""
        logo = self.config.site.logo
        return logo if logo and logo in self.assets else ""

    @property
    def privacy(self) -> str:
        """Where the site says what it keeps."""
        return self.path("privacy/") if self.has_privacy else ""

    @property
    def contact(self) -> str:
        """An address that reaches a person."""
        return self.config.site.contact or ""

    def path(self, path: str = "") -> str:
        """A link to a page of the site."""
        return f"/{self.language}/{path}"

    def render(self, template: str, title: str, **context: Any) -> str:
        """A page of `service/`, with its title and what it tells."""
        return self.theme.render(
            f"service/{template}", page=self, words=self.words, assets=self.assets, title=title, **context
        )

    def notice(self, key: str, *, again: bool = False) -> str:
        """A page that says one thing; `again` offers to sign up again."""
        return self.render("notice.html", self.words(key), text=self.words(f"{key}_text"), again=again)

    def offers(self, lists: Iterable[str]) -> tuple[Offer, ...]:
        """Lists by what they are called; one that the site has no more keeps its id."""
        return tuple(self.offer(id_) for id_ in lists)

    def offer(self, id_: str) -> Offer:
        """One list."""
        settings, default = self.config.lists.get(id_), self.config.site.default_language
        if settings is None:
            return Offer(id=id_, title=id_)
        return Offer(
            id=id_,
            title=settings.title_in(self.language, default),
            description=settings.description_in(self.language, default),
        )

    def languages(self, chosen: str) -> tuple[Choice, ...]:
        """The site's languages, each by its own name."""
        return tuple(
            Choice(language, self.language_name(language), chosen=language == chosen)
            for language in self.config.site.languages
        )

    def language_name(self, language: str) -> str:
        """What a language calls itself."""
        return self.words.texts.get(f"language.{language}") or capital(language_name(language, language))
