"""publisher.toml: read once, validated whole, immutable.

Every setting is documented where it is defined; `docs/reference/configuration.md`
is made from these definitions.
"""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from publisher.diagnostics import Diagnostic, Severity, Span, did_you_mean
from publisher.errors import BadConfiguration, NotASite
from publisher.model.fields import Email, Id, Zone, read_url

FILE = "publisher.toml"
_AUTHORITY = re.compile(r"([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?),(\d{4}(?:-\d{2}(?:-\d{2})?)?)")
_DURATION = re.compile(r"(\d{1,4})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LANGUAGE = re.compile(r"[a-z]{2,3}")
#: Sections that other parts of the product read; they are no mistake here.
_OTHER_SECTIONS = frozenset({"lists", "mail", "deploy"})


class Section(BaseModel):
    """A table of publisher.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _url(value: str) -> str:
    return read_url(value.rstrip("/"))


def _authority(value: str) -> str:
    if not _AUTHORITY.fullmatch(value):
        raise ValueError(f"expected a host and a date such as 'news.example.org,2026' (RFC 4151), got '{value}'")
    return value


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(str(value))
    if not match:
        raise ValueError(f"expected a duration such as '10m' or '1h', got '{value}'")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(f"expected a language code such as 'kk', got '{value}'")
    return value


Texts = dict[Annotated[str, AfterValidator(_language)], str]


class Site(Section):
    """[site]: what the site is."""

    url: Annotated[str, AfterValidator(_url)] = Field(description="Where the site is served, without a final slash.")
    identity: Annotated[str, AfterValidator(_authority)] = Field(
        description="The authority of every UID and entry id: a host you held on a date (RFC 4151). Never change it."
    )
    title: Texts = Field(description="The site's name, one a language.")
    description: Texts = Field(default_factory=dict, description="A sentence about the site, one a language.")
    languages: tuple[Annotated[str, AfterValidator(_language)], ...] = Field(("en",), min_length=1, description="The languages that are published.")
    default_language: str = Field("en", description="What a record is written in unless it says otherwise.")
    timezone: Zone = Field("UTC", description="The site's time zone: local dates, and times without a zone of their own.")
    contact: Email | None = Field(None, description="An address that reaches a person.")
    postal_address: str | None = Field(None, description="The operator's postal address.")
    logo: str | None = Field(None, description="An image below the theme's assets/.")

    @model_validator(mode="after")
    def _languages_known(self) -> Site:
        if self.default_language not in self.languages:
            raise ValueError(f"default_language '{self.default_language}' is not among languages")
        if missing := [language for language in self.languages if language not in self.title]:
            raise ValueError(f"title.{missing[0]} is missing: every language needs a title")
        return self


class Publish(Section):
    """[publish]: when a change becomes public."""

    mode: Literal["auto", "ask"] = Field("auto", description="'auto' releases a settled change; 'ask' waits for a person.")
    settle: Annotated[timedelta, BeforeValidator(_duration)] = Field(
        timedelta(minutes=10), description="How long content/ must rest before a change is released."
    )
    feed_entries: int = Field(50, ge=5, le=500, description="Entries in a feed archive; the live feed holds up to twice as many less one.")


class Combination(Section):
    """[calendars.<id>] and [feeds.<id>]: a named choice of records with an address of its own."""

    title: str | Texts = Field(description="Its name, one for all or one a language.")
    topics: tuple[Id, ...] = ()
    organisations: tuple[Id, ...] = ()
    places: tuple[Id, ...] = ()
    series: tuple[Id, ...] = ()
    kinds: tuple[Literal["event", "announcement"], ...] = ()

    def title_in(self, language: str, fallback: str) -> str:
        """The name in a language, else in the site's default."""
        if isinstance(self.title, str):
            return self.title
        return self.title.get(language) or self.title.get(fallback) or next(iter(self.title.values()), "")


class Database(Section):
    """[database]: where the ledger lives."""

    url: str = Field("", description="An SQLAlchemy address; empty is SQLite in var/publisher.db.")


class Config(Section):
    """The whole of publisher.toml."""

    site: Site
    publish: Publish = Publish()
    calendars: dict[Id, Combination] = Field(default_factory=dict)
    feeds: dict[Id, Combination] = Field(default_factory=dict)
    database: Database = Database()

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
    """Read a site's publisher.toml; NotASite or BadConfiguration tell what to do."""
    path = folder / FILE
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise NotASite(folder) from None
    except UnicodeDecodeError:
        raise BadConfiguration(f"{FILE}:1:1: error[not-utf-8]: the file is not UTF-8") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, column = (int(n) for n in re.findall(r"line (\d+), column (\d+)", str(error))[-1:][0]) if "line" in str(error) else (text.count("\n") + 1, 1)
        reason = re.sub(r" \(at .*\)$", "", str(error)).lower()
        raise BadConfiguration(f"{FILE}:{line}:{column}: error[invalid-toml]: {reason}") from None
    return parse(values, text)


def parse(values: dict[str, Any], text: str = "") -> Config:
    """Validate the values of a publisher.toml; all findings at once."""
    values = {name: table for name, table in values.items() if name not in _OTHER_SECTIONS}
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        findings = [_finding(details, text) for details in error.errors(include_url=False)]
        raise BadConfiguration("\n".join(map(str, sorted(findings)))) from None


def _finding(details: Any, text: str) -> Diagnostic:
    where = [str(step) for step in details["loc"] if not isinstance(step, int)]
    name = ".".join(where)
    span = Span(FILE, _line_of(text, where))
    if details["type"] == "missing":
        return Diagnostic(span, "missing-setting", f"'{name}' is missing", f"add '{where[-1]} = ...'")
    if details["type"] == "extra_forbidden":
        return Diagnostic(span, "unknown-setting", f"unknown setting '{name}'", did_you_mean(where[-1], _settings(where[:-1])))
    context = details.get("ctx") or {}
    message = str(context.get("message") or context.get("error") or details["msg"])
    return Diagnostic(span, "invalid-setting", f"'{name}': {message[:1].lower()}{message[1:]}", context.get("hint", ""), Severity.ERROR)


def _settings(where: list[str]) -> set[str]:
    model: Any = Config
    for step in where:
        field = model.model_fields.get(step) if hasattr(model, "model_fields") else None
        model = field.annotation if field else None
    return set(getattr(model, "model_fields", {}))


def _line_of(text: str, where: list[str]) -> int:
    """The line on which a setting stands, as near as its names tell."""
    table, line = "", 1
    for number, content in enumerate(text.splitlines(), 1):
        stripped = content.strip()
        if stripped.startswith("["):
            table = stripped.strip("[] ")
        else:
            table_key = f"{table}.{stripped.split('=')[0].strip()}"
            if table_key == ".".join(where) or table_key.startswith(".".join([*where, ""])):
                return number
        if stripped.startswith("[") and ".".join(where).startswith(table):
            line = number
    return line
