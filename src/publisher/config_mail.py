"""The settings of lists and of mail."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Literal, TypeAlias

from pydantic import Field, model_validator

from publisher.model.fields import Email  # noqa: TC001 -- pydantic reads annotations
from publisher.model.setting_fields import (
    READER,
    WEEKDAYS,
    Clock,
    Day,
    Duration,
    Language,
    Section,
    Text,
    Title,
    ZoneOrReader,
    fault_in,
)
from publisher.model.urls import is_this_machine

Cadence: TypeAlias = Literal["each", "daily", "weekly", "monthly"]
SectionName: TypeAlias = Literal["changes", "news", "coming", "deadlines"]

#: How late an issue may still leave, by cadence: later, its news is the next one's.
_LATENESS = {
    "each": timedelta(hours=12),
    "daily": timedelta(hours=12),
    "weekly": timedelta(days=3),
    "monthly": timedelta(days=7),
}


class List(Section):
    """A newsletter: who signs up for it gets an issue each period, if there is anything new for them."""

    title: Title = Field(description="Its name, one for all languages or one for each.")
    description: Title | None = Field(
        None, description="A sentence about it for those who sign up, one for all languages or one for each."
    )
    cadence: Cadence = Field(
        "weekly", description="How often: each (whenever something is released), daily, weekly or monthly."
    )
    day: Day | None = Field(
        None,
        description="For a weekly list its day, mon to sun (mon by default); for a monthly one a day of the"
        " month (1 by default), or the month's last one where it has no such day.",
    )
    at: Clock = Field(time(8), description="The time of day.")
    timezone: ZoneOrReader | None = Field(
        None, description='Whose day and time that is: a zone (the site\'s by default), or "reader".'
    )
    languages: tuple[Language, ...] = Field((), description="In which; all the site's by default.")
    sections: tuple[SectionName, ...] = Field(
        ("changes", "news", "coming", "deadlines"),
        min_length=1,
        description="What it holds, in this order: changes, news, coming, deadlines.",
    )
    ahead: Duration = Field(timedelta(days=60), description="How far coming events and deadlines look ahead.")
    approve: bool = Field(
        default=False, description="Whether an issue waits until a person says `publisher digest approve`."
    )
    catch_up: Literal["latest", "all", "none"] = Field(
        "latest",
        description="Which of several missed issues are made up for: the latest, all, or none of them.",
    )
    max_lateness: Duration | None = Field(
        None,
        description="An issue so late is skipped; by default after 12h (each, daily),"
        " 3d (weekly), 7d (monthly).",
    )

    @model_validator(mode="after")
    def _day_fits_cadence(self) -> List:
        expected = {"weekly": "a day of the week", "monthly": "a day of the month"}.get(
            self.cadence, "no day"
        )
        given = (
            "no day"
            if self.day is None
            else "a day of the week"
            if self.day in WEEKDAYS
            else "a day of the month"
        )
        if self.day is not None and given != expected:
            hint = {"weekly": 'write day = "mon"', "monthly": "write day = 1"}.get(
                self.cadence, "leave it out"
            )
            raise fault_in("day", f"a {self.cadence} list expects {expected}, got '{self.day}'", hint)
        return self

    @property
    def lateness(self) -> timedelta:
        """How late an issue may still leave."""
        return self.max_lateness if self.max_lateness is not None else _LATENESS[self.cadence]

    @property
    def is_local(self) -> bool:
        """Whether its time is each reader's own."""
        return self.timezone == READER

    def title_in(self, language: str, fallback: str) -> str:
        """Its name in a language, else in the site's default."""
        return _in_language(self.title, language, fallback)

    def description_in(self, language: str, fallback: str) -> str:
        """What it says of itself, or nothing."""
        return _in_language(self.description or "", language, fallback)


def _in_language(text: str | dict[str, str], language: str, fallback: str) -> str:
    if isinstance(text, str):
        return text
    return text.get(language) or text.get(fallback) or next(iter(text.values()), "")


class Mail(Section):
    """How mail leaves, and whom answers reach."""

    transport: Literal["maildir", "smtp"] = Field(
        "maildir",
        description="maildir keeps every message in var/mail/, to be read at /_mail/; smtp sends it, once"
        " `publisher doctor --arm` has said that this machine may.",
    )
    host: Text | None = Field(None, description="The SMTP server.")
    port: int | None = Field(
        None, ge=1, le=65535, description="Its port; by default 587 (starttls), 465 (implicit) or 25 (none)."
    )
    tls: Literal["starttls", "implicit", "none"] = Field(
        "starttls",
        description="starttls and implicit encrypt and check the certificate, or send nothing; none is for a"
        " server on the same machine.",
    )
    auth: Literal["auto", "plain", "login", "none"] = Field(
        "auto",
        description="How to log in: auto takes the best way the server offers, if a username is given.",
    )
    username: Text | None = Field(None, description="The name to log in with.")
    password_file: Text | None = Field(
        None, description="A file with the password in its first line, readable by nobody else."
    )
    from_: Email | None = Field(
        None, alias="from", description="The sender of every mail; by default news@ the host of [site] url."
    )
    reply_to: Email | None = Field(
        None,
        description="Where answers go: it must reach a person; by default [site] contact, else the sender.",
    )
    connections: int = Field(8, ge=1, le=64, description="How many connections send at the same time.")
    per_minute: int | None = Field(None, ge=1, description="At most so many messages a minute.")
    per_day: int | None = Field(None, ge=1, description="At most so many messages a day, UTC.")
    sign_ups_per_day: int = Field(
        2_000,
        ge=1,
        description="At most so many letters a day, UTC, answer sign-ups, wherever these come from.",
    )
    sign_ups_per_hour: int = Field(
        30, ge=1, description="At most so many sign-ups an hour from one network (IPv4 /24, IPv6 /64)."
    )

    @model_validator(mode="after")
    def _smtp_needs_a_server(self) -> Mail:
        wanting = (
            "host" if self.transport == "smtp" and not self.host
            else "password_file" if self.username and not self.password_file
            else None
        )  # fmt: skip
        if wanting:
            raise fault_in(wanting, "expected a value, got none", f'write {wanting} = "..."')
        return self

    @model_validator(mode="after")
    def _a_password_crosses_no_network_in_clear(self) -> Mail:
        if self.tls == "none" and self.username and not is_this_machine(self.host or "localhost"):
            message = f"expected encryption to log in at '{self.host}', got 'none'"
            raise fault_in("tls", message, 'write tls = "starttls" or "implicit"')
        return self

    @property
    def smtp_port(self) -> int:
        """The server's port."""
        return self.port or {"starttls": 587, "implicit": 465, "none": 25}[self.tls]
