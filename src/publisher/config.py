"""publisher.toml: read once, validated whole, immutable.

Every setting is documented where it is defined; `docs/reference/configuration.md`
is made from these definitions.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError, model_validator

from publisher import toml_places
from publisher.config_faults import explain
from publisher.config_mail import List, Mail
from publisher.diagnostics import Diagnostic, Span, did_you_mean
from publisher.errors import BadConfiguration, NotASite
from publisher.model.fields import Email, Id, Zone  # noqa: TC001 -- pydantic reads annotations
from publisher.model.setting_fields import (
    Address,
    Authority,
    Duration,
    Hub,
    Language,
    Section,
    Text,
    Texts,
    ThemeFile,
    Title,
    fault_in,
)

if TYPE_CHECKING:
    from pathlib import Path

FILE = "publisher.toml"
#: Sections that other parts of the product read; they are no mistake here.
_OTHER_SECTIONS = frozenset({"deploy"})
#: Each is told of each feed; one is the rule, a second one in case the first fails.
MAX_HUBS = 5


class Site(Section):
    """What the site is."""

    url: Address = Field(description="Where the site is served.")
    identity: Authority = Field(
        description="The authority of every UID and entry id: a host you held on a date (RFC 4151), such as"
        " news.example.org,2026. Never change it: subscribers would see every event twice."
    )
    title: Texts = Field(description="The site's name, one for each language.")
    description: Texts = Field(
        default_factory=dict, description="A sentence about the site, one for each language."
    )
    languages: tuple[Language, ...] = Field(
        ("en",),
        min_length=1,
        description="The languages that are published, in the order in which they are offered.",
    )
    default_language: Language = Field(
        "en", description="What a record is written in unless it says otherwise."
    )
    timezone: Zone = Field(
        "UTC", description="The site's time zone: local dates, and times without a zone of their own."
    )
    contact: Email | None = Field(None, description="An address that reaches a person.")
    postal_address: Text | None = Field(None, description="The operator's postal address, in one line.")
    logo: ThemeFile | None = Field(None, description="A picture below the theme's assets/.")

    @model_validator(mode="after")
    def _languages_fit(self) -> Site:
        if self.default_language not in self.languages:
            known = ", ".join(self.languages)
            message = f"expected one of the languages ({known}), got '{self.default_language}'"
            hint = (
                did_you_mean(self.default_language, self.languages) or "add it to languages, or take another"
            )
            raise fault_in("default_language", message, hint)
        for language in self.languages:
            if language not in self.title:
                message = f"expected a title for each language, got none for '{language}'"
                raise fault_in("title", message, f'add title.{language} = "..."')
        return self


class Publish(Section):
    """When a change becomes public."""

    mode: Literal["auto", "ask"] = Field(
        "auto",
        description="auto releases a settled change; ask waits for a person who calls `publisher build`.",
    )
    settle: Duration = Field(
        timedelta(minutes=10), description="How long content/ must rest before a change is released."
    )
    feed_entries: int = Field(
        25,
        ge=5,
        le=500,
        description="Entries in an archive of a feed; the live feed holds up to twice as many less one, or"
        " fewer where they are long: it stays below 200 kB. What is archived already stays as it is.",
    )
    past_years: int = Field(
        2,
        ge=0,
        le=50,
        description="How many past years a calendar keeps beside the present one; what ended earlier has"
        " a calendar for each year.",
    )
    cancelled_days: int = Field(
        30, ge=0, le=3650, description="How long after its end a cancelled event stays in calendars, marked."
    )


class Combination(Section):
    """A named choice of records with an address of its own.

    A record is in it if it is of each that is given: with topics and places,
    one of the topics and one of the places.
    """

    title: Title = Field(description="Its name, one for all languages or one for each.")
    topics: tuple[Id, ...] = Field((), description="Ids of topics.")
    organisations: tuple[Id, ...] = Field((), description="Ids of organisations.")
    places: tuple[Id, ...] = Field((), description="Ids of places.")
    series: tuple[Id, ...] = Field((), description="Ids of series.")
    kinds: tuple[Literal["event", "announcement", "change"], ...] = Field(
        (),
        description="event, announcement or both, as by default. Or change alone, for a feed that tells each"
        " time when something has moved or is off.",
    )

    @model_validator(mode="after")
    def _changes_stand_alone(self) -> Combination:
        if "change" in self.kinds and len(set(self.kinds)) > 1:
            message = f"expected 'change' alone, got {', '.join(self.kinds)}"
            raise fault_in("kinds", message, "declare a feed for changes and another one for records")
        return self

    def title_in(self, language: str, fallback: str) -> str:
        """The name in a language, else in the site's default."""
        if isinstance(self.title, str):
            return self.title
        return self.title.get(language) or self.title.get(fallback) or next(iter(self.title.values()), "")


class WebSub(Section):
    """Who is told at once when a feed has changed, and passes it on (W3C WebSub)."""

    hubs: tuple[Hub, ...] = Field(
        (),
        description="Addresses of hubs, five at most: https, or http on this machine. Each feed names them,"
        " and each of them is told of every feed that a release has changed. None by default.",
    )

    @model_validator(mode="after")
    def _hubs_are_few_and_different(self) -> WebSub:
        if len(self.hubs) > MAX_HUBS:
            raise fault_in("hubs", f"expected at most {MAX_HUBS} hubs, got {len(self.hubs)}", "take fewer")
        if len({*self.hubs}) < len(self.hubs):
            raise fault_in("hubs", "expected each hub once, got one of them twice", "leave one out")
        return self


class Database(Section):
    """Where the ledger lives."""

    url: str = Field("", description="An SQLAlchemy address; empty is SQLite in var/publisher.db.")


class Config(Section):
    """The whole of publisher.toml."""

    site: Site
    publish: Publish = Publish()
    calendars: dict[Id, Combination] = Field(default_factory=dict)
    feeds: dict[Id, Combination] = Field(default_factory=dict)
    lists: dict[Id, List] = Field(default_factory=dict)
    mail: Mail = Mail()
    websub: WebSub = WebSub()
    database: Database = Database()

    @model_validator(mode="after")
    def _lists_speak_the_sites_languages(self) -> Config:
        for id_, each in self.lists.items():
            for language in each.languages:
                if language not in self.site.languages:
                    known = ", ".join(self.site.languages)
                    message = f"expected one of the site's languages ({known}), got '{language}'"
                    hint = did_you_mean(language, self.site.languages) or "add it to [site] languages"
                    raise fault_in(f"lists.{id_}.languages", message, hint)
        return self

    @model_validator(mode="after")
    def _calendars_hold_events(self) -> Config:
        for id_, each in self.calendars.items():
            if "change" in each.kinds:
                message = "expected a calendar of events, got kinds = ['change']"
                raise fault_in(f"calendars.{id_}.kinds", message, f"declare it as a feed: [feeds.{id_}]")
        return self

    @property
    def authority_host(self) -> str:
        """The host of the identity: the right side of every UID."""
        return self.site.identity.split(",")[0]

    def title(self, language: str) -> str:
        """The site's name."""
        return self.site.title[language]

    def description(self, language: str) -> str:
        """A sentence about the site, or nothing."""
        return self.site.description.get(language, "")


def load(folder: Path) -> Config:
    """Read a site's publisher.toml.

    Raises:
        NotASite: there is none.
        BadConfiguration: what it says cannot be followed; the message holds every finding.
    """
    try:
        text = (folder / FILE).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise NotASite(folder) from None
    except UnicodeDecodeError as error:
        message = f"expected UTF-8, got the byte 0x{error.object[error.start]:02x}"
        raise _refused("not-utf-8", message, "save the file with the encoding UTF-8") from None
    except OSError as error:
        message = f"the file cannot be read: {(error.strerror or '').lower()}"
        raise _refused("unreadable-file", message, "put a plain file there that may be read") from None
    values = toml_places.parse(text, FILE)
    if isinstance(values, Diagnostic):
        raise BadConfiguration(str(values))
    return parse(values, text)


def parse(values: dict[str, Any], text: str = "") -> Config:
    """Validate the values of a publisher.toml; all findings at once."""
    known = {name: table for name, table in values.items() if name not in _OTHER_SECTIONS}
    try:
        return Config.model_validate(known)
    except ValidationError as error:
        found = [explain(details, Config, FILE, text) for details in error.errors(include_url=False)]
        raise BadConfiguration("\n".join(map(str, sorted(set(found))))) from None


def _refused(code: str, message: str, hint: str) -> BadConfiguration:
    return BadConfiguration(str(Diagnostic(Span(FILE), code, message, hint)))
