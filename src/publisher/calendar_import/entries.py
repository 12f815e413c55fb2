"""What a VEVENT says beside its time, as the fields and the body of a record."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from publisher.calendar_import import attachments, invitations, meetings, people, places
from publisher.calendar_import.hypertext import html_to_markdown
from publisher.calendar_import.texts import clean, is_seen, line, looks_like_html, markdown, squeezed
from publisher.ics.values import text, texts
from publisher.model.fields import MAX_LINE
from publisher.model.urls import read_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.calendar_import.losses import Losses
    from publisher.ics.components import Component
    from publisher.ics.lines import ContentLine

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
#: What to do about a text that was an invitation.
_WAY_IN = "tells how one enters a meeting: what looks like it is left out, the record is a draft"
_READ_IT = "read the text for what is left of it, then delete 'draft'"
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
    summary, body = _description(event)
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
        "draft": _is_draft(event, losses),
    }
    _children(event, losses)
    losses.drop(event, _READ)
    return Entry(
        {name: value for name, value in fields.items() if value}, body, files.files, _categories(event)
    )


def _title(event: Component, place: dict[str, Any] | None, language: str, losses: Losses) -> str:
    written = event.first("SUMMARY")
    title = invitations.cleaned(line(text(written.value))) if written else ""
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


def _description(event: Component) -> tuple[str, str]:
    """The description as a summary, if it is short, else as a body in Markdown."""
    written = event.first("DESCRIPTION")
    plain = clean(text(written.value[:_LONGEST_TEXT])).strip() if written else ""
    if not is_seen(plain):
        return "", _from_html(event)
    told = _cleared(plain)[0]
    if looks_like_html(plain):
        return "", told
    if "\n" not in told and len(told) <= _LONGEST_SUMMARY and "http" not in told:
        return (line(told), "") if is_seen(told) else ("", "")
    return "", markdown(told)


def _from_html(event: Component) -> str:
    """The description of Outlook (X-ALT-DESC) or RFC 9073 that stands alone."""
    for written in _formatted(event):
        said = clean(text(written.value[:_LONGEST_TEXT]))
        told = _cleared(said)[0]
        if is_seen(told):
            return told if looks_like_html(said) else markdown(told)
    return ""


def _formatted(event: Component) -> list[ContentLine]:
    return [written for name in ("X-ALT-DESC", "STYLED-DESCRIPTION") for written in event.all(name)]


@lru_cache(maxsize=8)
def _cleared(said: str) -> tuple[str, bool]:
    """A text without what lets somebody into a meeting, HTML as Markdown; and whether it had such."""
    is_html = looks_like_html(said)
    without = invitations.without_addresses(said).strip()
    is_one = without != said.strip()
    before = html_to_markdown(without) if is_html else without
    after = invitations.without_invitations(before, is_markdown=is_html, is_one=is_one)
    return squeezed(after) if after != before else before, is_one or after != before


def _invites(event: Component, losses: Losses) -> bool:
    """Whether the text invites to a meeting: then somebody must read what is left of it."""
    plain = event.first("DESCRIPTION")
    shown = plain if plain and is_seen(clean(text(plain.value[:_LONGEST_TEXT]))) else None
    found = [
        written
        for written in ([shown] if shown else _formatted(event))
        if _cleared(clean(text(written.value[:_LONGEST_TEXT])))[1]
    ]
    for written in found:
        message = f"the description {_WAY_IN}"
        losses.tell(written.number, "import-meeting", message, _READ_IT, about="text", of=event.number)
    return bool(found)


def tells_the_way_in(event: Component, losses: Losses) -> bool:
    """Whether the title or place of an event or of one of its dates tells how one enters a meeting."""
    found = False
    for written in filter(None, (event.first("SUMMARY"), event.first("LOCATION"))):
        said = clean(text(written.value))
        if (written.name == "LOCATION" and meetings.is_only_meeting(said)) or not invitations.is_one(said):
            continue
        found = True
        message = f"{written.name} {_WAY_IN}"
        losses.tell(written.number, "import-meeting", message, _READ_IT, about=written.name, of=event.number)
    return found


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


def _is_draft(event: Component, losses: Losses) -> bool:
    """Whether somebody must look at the record before it is published; each reason is told."""
    reasons = [_is_private(event, losses), _invites(event, losses), tells_the_way_in(event, losses)]
    return any(reasons)


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
