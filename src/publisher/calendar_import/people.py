"""Whom a calendar names. It was made for those who are in it, not for the public: organisers' names are kept.

An organiser's address and everything about those who were invited stays out (privacy). CONTACT is for
readers, and stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from publisher.calendar_import.texts import is_seen, line
from publisher.ics.values import text
from publisher.model.fields import MAX_LINE
from publisher.model.records import Contact
from publisher.model.urls import read_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.calendar_import.losses import Losses
    from publisher.ics.components import Component

#: What is read here.
PROPERTIES = ("ORGANIZER", "ATTENDEE", "CONTACT", "X-MS-OLK-SENDER")
_MAIL = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
_PHONE = re.compile(r"\+?\(?\d[\d ()/.-]{5,25}\d")
_LONGEST = 1_000
_URL = re.compile(r"https?://[^\s<>\"]+")


def read_organisers(event: Component, losses: Losses) -> list[dict[str, str]]:
    """The organiser by name, unless the name is an address, too."""
    losses.count("import-attendees", event.number, len(event.all("ATTENDEE")))
    found = []
    for organiser in event.all("ORGANIZER"):
        name = line(organiser.parameters.get("CN", ("",))[0])[:MAX_LINE]
        if is_seen(name) and "@" not in name:
            found.append({"name": name})
        elif organiser.value.strip():
            message = "the organiser has an address and no name, and is left out"
            hint = "name the organiser in 'organisers'"
            losses.tell(
                organiser.number, "import-personal", message, hint, about="ORGANIZER", of=event.number
            )
    return found


def read_contact(event: Component, losses: Losses) -> dict[str, Any] | None:
    """Who answers questions: name, address, telephone and page as far as they can be told apart."""
    written = event.first("CONTACT")
    said = line(text(written.value[:_LONGEST])) if written else ""
    if written is None or not is_seen(said):
        return None
    for more in event.all("CONTACT")[1:]:
        message = "a record has one contact: this one is left out"
        losses.tell(
            more.number,
            "import-property-lost",
            message,
            "write it into the text",
            about="CONTACT",
            of=event.number,
        )
    found: dict[str, Any] = {}
    for key, pattern, read in (("url", _URL, read_url), ("email", _MAIL, _email), ("phone", _PHONE, str)):
        match = pattern.search(said)
        if match and (value := _sound(read, match[0].rstrip(".,;)"))):
            found[key] = value
            said = f"{said[: match.start()]}{said[match.end() :]}"
    name = re.sub(r"[\s,;:|<>()]*[,;|<>()]+[\s,;:|<>()]*", ", ", said).strip(" ,;:-|<>()")
    return ({"name": name[:MAX_LINE]} if is_seen(name) else {}) | dict(sorted(found.items())) or None


def _email(value: str) -> str | None:
    return Contact.model_validate({"email": value}).email


def _sound(read: Callable[[str], object], value: str) -> str | None:
    try:
        return str(read(value))
    except ValueError:
        return None
