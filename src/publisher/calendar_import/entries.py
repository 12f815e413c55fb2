"""What a VEVENT says beside its time, as the fields and the body of a record."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from publisher.calendar_import import attachments, meetings, people, places
from publisher.calendar_import.hypertext import html_to_markdown
from publisher.calendar_import.texts import clean, is_seen, line, looks_like_html, markdown
from publisher.ics.values import text, texts
from publisher.model.fields import MAX_LINE
from publisher.model.urls import read_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.calendar_import.losses import Losses
    from publisher.ics.components import Component

#: The front matter in the order in which people read it.
ORDER = (
    "language", "title", "summary", "start", "end", "timezone", "recurrence", "status", "place", "online",
    "organisers", "contact", "image", "attachments", "sources", "draft",
)  # fmt: skip
#: What is read here or of times; CLASS and STATUS where they say something.
_READ = (
    "SUMMARY", "DESCRIPTION", "STYLED-DESCRIPTION", "X-ALT-DESC", "URL", "CATEGORIES", "STATUS", "CLASS",
    "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID",
    *meetings.PROPERTIES, *places.PROPERTIES, *people.PROPERTIES, *attachments.PROPERTIES,
)  # fmt: skip
#: Sub-components that repeat what properties say.
_REPEATING = frozenset({"VLOCATION", "VRESOURCE", "PARTICIPANT"})
_STATUS = {
    "": "",
    "CONFIRMED": "",
    "TENTATIVE": "tentative",
    "CANCELLED": "cancelled",
    "CANCELED": "cancelled",
}
_UNTITLED = {"en": "Untitled event", "ru": "Событие без названия", "kk": "Атауы жоқ іс-шара"}
#: A description so short, and of one line, is what lists show of an event; more is its body.
_LONGEST_SUMMARY = 200
_LONGEST_TEXT = 1_000_000
_LONGEST_BODY = 900_000  # octets, so that the record's file with its front matter stays below a mebibyte


@dataclass
class Entry:
    """The fields of a record that are not about time."""

    fields: dict[str, Any]
    body: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    categories: tuple[str, ...] = ()


def read_entry(event: Component, language: str, losses: Losses, *, is_cancelled: bool = False) -> Entry:
    """All that an event says beside when it takes place; `is_cancelled` says that the whole calendar is."""
    place = places.read_place(event, losses)
    title = _title(event, place, language, losses)
    files = attachments.read_attachments(event, title, losses)
    summary, body = _description(event, losses)
    body = _whole("\n\n".join(filter(None, [body, *files.links])), event, losses)
    online = meetings.read_online(event, losses)
    fields = {
        "language": language,
        "title": title,
        "summary": summary,
        "status": "cancelled" if is_cancelled else read_status(event, losses),
        "place": place,
        "online": online,
        "organisers": people.read_organisers(event, losses),
        "contact": people.read_contact(event, losses),
        "image": files.image,
        "attachments": files.attachments,
        "sources": _sources(event, losses),
        "draft": _is_private(event, losses),
    }
    _children(event, losses)
    losses.drop(event, _READ)
    return Entry(
        {name: value for name, value in fields.items() if value}, body, files.files, _categories(event)
    )


def _title(event: Component, place: dict[str, Any] | None, language: str, losses: Losses) -> str:
    written = event.first("SUMMARY")
    title = line(text(written.value)) if written else ""
    number = written.number if written else event.number
    if not is_seen(title):
        stand_in = place["name"] if place else _UNTITLED.get(language, _UNTITLED["en"])
        losses.tell(
            number, "import-untitled", f"the event has no SUMMARY: it is called '{stand_in}'", "write a title"
        )
        return str(stand_in)
    if len(title) <= MAX_LINE:
        return title
    message = f"expected at most {MAX_LINE} characters in SUMMARY, got {len(title)}: it is cut"
    losses.tell(
        number, "import-text-changed", message, "write a shorter title", about="SUMMARY", of=event.number
    )
    return f"{title[: MAX_LINE - 1]}…"


def _description(event: Component, losses: Losses) -> tuple[str, str]:
    """The description as a summary, if it is short, else as a body in Markdown."""
    written = event.first("DESCRIPTION")
    plain = clean(text(written.value[:_LONGEST_TEXT])).strip() if written else ""
    if not is_seen(plain):
        return "", _from_html(event, losses)
    told = meetings.without_meetings(plain).strip()
    if written and told != plain:
        _tell_of_meeting(written.number, event, losses)
    if looks_like_html(told):
        return "", html_to_markdown(told)
    if "\n" not in told and len(told) <= _LONGEST_SUMMARY and "http" not in told:
        return (line(told), "") if is_seen(told) else ("", "")
    return "", markdown(told)


def _from_html(event: Component, losses: Losses) -> str:
    """The description of Outlook (X-ALT-DESC) or RFC 9073 that stands alone."""
    for name in ("X-ALT-DESC", "STYLED-DESCRIPTION"):
        for written in event.all(name):
            said = clean(text(written.value[:_LONGEST_TEXT]))
            told = meetings.without_meetings(said)
            if told != said:
                _tell_of_meeting(written.number, event, losses)
            found = html_to_markdown(told) if looks_like_html(told) else markdown(told)
            if is_seen(found):
                return found
    return ""


def _tell_of_meeting(number: int, event: Component, losses: Losses) -> None:
    message = "the description tells how one enters a meeting: that is left out of the text"
    losses.tell(
        number,
        "import-meeting",
        message,
        "write it again if everybody may come in",
        about="text",
        of=event.number,
    )


def _whole(body: str, event: Component, losses: Losses) -> str:
    data = body.encode()
    written = event.first("DESCRIPTION")
    if len(data) <= _LONGEST_BODY and not (written and len(written.value) > _LONGEST_TEXT):
        return body
    message = f"expected a description of at most {_LONGEST_BODY} octets: it is cut"
    number = written.number if written else event.number
    losses.tell(number, "import-text-changed", message, "shorten it", about="DESCRIPTION", of=event.number)
    return f"{data[:_LONGEST_BODY].decode(errors='ignore').rstrip(chr(92))}…"


def read_status(event: Component, losses: Losses) -> str:
    """The record's status; nothing for an event that takes place."""
    written = event.first("STATUS")
    value = written.value.strip().upper() if written else ""
    if written and value not in _STATUS:
        message = f"unknown status '{value}': the event is read as confirmed"
        losses.tell(
            written.number, "import-property-lost", message, "set 'status'", about="STATUS", of=event.number
        )
    return _STATUS.get(value, "")


def _sources(event: Component, losses: Losses) -> list[dict[str, str]]:
    """The event's own page, which is where the record's facts can be looked up."""
    written = event.first("URL")
    address = text(written.value).strip() if written else ""
    if not written or not address or meetings.is_entry(address):
        return []
    try:
        address = read_url(address)
    except ValueError as error:
        losses.tell(
            written.number, "import-property-lost", f"URL cannot be kept: {error}",
            "add the page to 'sources'", about="URL", of=event.number,
        )  # fmt: skip
        return []
    return [{"title": urlsplit(address).hostname or address, "url": address}]


def _is_private(event: Component, losses: Losses) -> bool:
    """Whether the event was not meant for everybody: then its record is a draft."""
    written = event.first("CLASS")
    value = written.value.strip().upper() if written else ""
    if not written or value in {"", "PUBLIC", "DEFAULT"}:
        return False
    message = f"the event is marked {value}: its record is a draft"
    losses.tell(
        written.number,
        "import-private",
        message,
        "delete 'draft' if everybody may know of it",
        about="CLASS",
        of=event.number,
    )
    return True


def _categories(event: Component) -> tuple[str, ...]:
    names = (line(name) for written in event.all("CATEGORIES") for name in texts(written.value))
    return tuple(dict.fromkeys(name for name in names if is_seen(name)))


def _children(event: Component, losses: Losses) -> None:
    for child in event.children:
        if child.name == "VALARM":
            losses.count("import-alarms", child.number)
        elif child.name not in _REPEATING:
            name = re.sub(r"[^A-Z0-9-]", "", child.name)[:40]
            message = f"a record has no place for {name}, which is left out"
            losses.tell(child.number, "import-property-lost", message, about=name, of=event.number)
