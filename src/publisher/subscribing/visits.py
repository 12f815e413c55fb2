"""A request with all that deciding on it needs: the site as it is now, the instant, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from publisher import secret_keys
from publisher.mailing.message import message_id
from publisher.mailing.tokens import Purpose, Token, read, sign
from publisher.render.servicepages import ServicePages
from publisher.server.clients import preferred
from publisher.server.mailbox import PREFIX as MAILBOX
from publisher.server.subscribing import Door, Page
from publisher.subscribing.choices import Choices

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from publisher.config import Config
    from publisher.mailing.tokens import Keys
    from publisher.model.edition import Edition
    from publisher.model.mailing import Sort, Subscriber
    from publisher.render.servicepages import Addresses
    from publisher.server.clients import Visitor
    from publisher.site import Site
    from publisher.store.database import Database


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request."""

    site: Site
    assets: Addresses
    #: Compiles it where that is still to be done: asked only where records are named.
    edition: Callable[[], Edition | None]
    visitor: Visitor
    now: datetime

    @property
    def config(self) -> Config:
        """The site's configuration."""
        return self.site.config

    @property
    def database(self) -> Database:
        """The site's database."""
        return self.site.database

    @cached_property
    def keys(self) -> Keys:
        """The secret keys as they are now: another process may have added one."""
        return secret_keys.load(self.site.var)

    @property
    def language(self) -> str:
        """What to speak to somebody of whom no language is known."""
        site = self.config.site
        return preferred(self.visitor.languages, site.languages, site.default_language)

    @cached_property
    def choices(self) -> Choices:
        """What there is to choose."""
        return Choices(self.config, self.edition())

    @property
    def captured(self) -> str:
        """Where this visitor can read captured mail; empty where they cannot."""
        is_captured = self.config.mail.transport == "maildir"
        return f"{MAILBOX}/" if is_captured and self.visitor.is_local else ""

    def pages(self, person: Subscriber | None = None, *, language: str = "") -> ServicePages:
        """The pages as somebody is to see them: in a language, or a subscriber's, or their browser's."""
        wanted = language or (person.language if person else "")
        language = wanted if wanted in self.config.site.languages else self.language
        has_privacy = (self.site.build / language / "privacy" / "index.html").is_file()
        return ServicePages(self.config, self.site.theme, self.assets, language, has_privacy=has_privacy)

    def read(self, purpose: Purpose, token: str) -> Token | None:
        """What a genuine token says."""
        return read(self.keys, token, purpose, self.now)

    def preferences(self, person: Subscriber) -> str:
        """Where somebody chooses what they get."""
        token = sign(self.keys, Purpose.PREFERENCES, subscriber=person.id, version=person.token_version)
        return f"/{Door.PREFERENCES}/{token}"

    def message_id(self, sort: Sort, subscriber_id: int, now: datetime) -> str:
        """The name of a letter."""
        secret = self.keys.keys[self.keys.newest]
        return message_id(secret, self.config.authority_host, sort, subscriber_id, now.isoformat())

    def unknown(self) -> Page:
        """For whatever is no link of ours: the same page for all of it."""
        return Page(404, self.pages().notice("service.unknown"))


def masked(email: str) -> str:
    """An address as its owner recognises it and others learn little: `a…@example.org`."""
    local, _, domain = email.rpartition("@")
    try:
        shown = domain.encode("ascii").decode("idna")
    except UnicodeError:
        shown = domain
    return f"{local[:1]}…@{shown}"
