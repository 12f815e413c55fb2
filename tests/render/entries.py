"""The entries of calendars as other programs read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import icalendar
import vobject
from ical.calendar_stream import IcsCalendarStream

from publisher.ics.vtimezone import vtimezone
from publisher.render.vevent import event_components, part_component

if TYPE_CHECKING:
    from .pagesites import Publication

_STAMPS = ("DTSTAMP", "LAST-MODIFIED")


@dataclass(frozen=True)
class Entries:
    """All entries of one event for the readers of one language, by what they are."""

    blocks: dict[str, bytes]

    @classmethod
    def of(cls, site: Publication, event: str, language: str = "en") -> Entries:
        """`event`, `session/opening`, `deadline/fee`, `occurrence/2026-06-16 18:00`."""
        found = site.edition.event(event)
        assert found
        words = site.look.words[language]
        made = list(event_components(site.edition, words, found))
        names = ["event", *(f"occurrence/{part.id}" for part in found.occurrences)]
        blocks = dict(zip(names, made, strict=bool(made)))
        for part in (*found.sessions, *found.deadlines):
            component = part_component(site.edition, words, found, part)
            assert component is not None
            blocks[f"{part.kind}/{part.id}"] = component
        return cls({name: component.to_ical() for name, component in blocks.items()})

    @property
    def stream(self) -> bytes:
        """A calendar of them all."""
        zones = {line.split(b"=")[1].split(b":")[0] for line in self.lines if b";TZID=" in line}
        known = b"".join(
            vtimezone(name.decode(), date(2026, 1, 1), date(2037, 12, 31)) for name in sorted(zones)
        )
        body = b"".join(self.blocks.values())
        return (
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\n" + known + body + b"END:VCALENDAR\r\n"
        )

    @cached_property
    def lines(self) -> list[bytes]:
        """The content lines, unfolded."""
        return b"".join(self.blocks.values()).replace(b"\r\n ", b"").splitlines()

    def __getitem__(self, name: str) -> icalendar.Event:
        """An entry as icalendar reads it."""
        return icalendar.Event.from_ical(self.blocks[name])

    def text(self, name: str, field: str) -> str:
        return str(self[name].get(field, ""))

    def html(self, name: str) -> Plain:
        """X-ALT-DESC, whose escapes icalendar leaves to its callers."""
        return Plain(re.sub(r"\\([\\;,])", r"\1", self.text(name, "X-ALT-DESC")))

    def stamps(self, name: str) -> tuple[Any, ...]:
        return tuple(self[name][field].dt for field in _STAMPS)

    def without_stamps(self) -> dict[str, bytes]:
        """What each entry says, its own dates and number aside."""
        return {
            name: b"\r\n".join(
                line
                for line in block.replace(b"\r\n ", b"").split(b"\r\n")
                if not line.startswith((b"DTSTAMP:", b"LAST-MODIFIED:", b"SEQUENCE:"))
            )
            for name, block in self.blocks.items()
        }

    def read_by_vobject(self) -> list[Any]:
        """The entries as vobject reads them; it also checks what each must and must not hold."""
        calendar = vobject.readOne(self.stream.decode())
        calendar.validate(raiseException=True)
        return list(calendar.contents["vevent"])

    def read_by_ical(self) -> list[Any]:
        """The entries as ical reads them, the strictest reader in Python."""
        return list(IcsCalendarStream.calendar_from_ics(self.stream.decode()).events)


class Plain(HTMLParser):
    """HTML as a person reads it, and the addresses that it leads to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links, self.tags = "", [], set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.text += "\n" if tag in {"p", "br"} else ""
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data
