"""Addresses at which one takes part in a meeting: whoever has one can come in, so none is published unasked.

They stand in properties of their own, in LOCATION, and in texts, which `invitations` clears of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from publisher.calendar_import.texts import line
from publisher.ics.values import text
from publisher.model.urls import read_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.calendar_import.losses import Losses
    from publisher.ics.components import Component
    from publisher.ics.lines import ContentLine

#: Properties whose value is such an address.
PROPERTIES = (
    "CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
    "X-MS-OLK-MWSURL", "X-TELECONFERENCE",
)  # fmt: skip
_PLATFORMS = {
    "zoom.us": "Zoom", "zoomgov.com": "Zoom", "teams.microsoft.com": "Microsoft Teams",
    "teams.live.com": "Microsoft Teams", "meet.google.com": "Google Meet", "webex.com": "Webex",
    "meet.jit.si": "Jitsi Meet", "whereby.com": "Whereby",
    "gotomeeting.com": "GoTo Meeting", "meet.goto.com": "GoTo Meeting", "bluejeans.com": "BlueJeans",
    "join.skype.com": "Skype", "meet.lync.com": "Skype", "telemost.yandex.ru": "Яндекс Телемост",
    "telemost.360.yandex.ru": "Яндекс Телемост",
}  # fmt: skip
#: What lets one in; not the pages about a platform, nor those at which one registers.
ENTRY = re.compile(
    r"https?://(?:[\w-]{1,63}\.){0,8}(?:zoom(?:gov)?\.(?:us|com)/(?:j|s|w|my|wc)/|teams\.(?:microsoft|live)\.com/(?:l/meetup-join|meet)/"
    r"|meet\.google\.com/[a-z]|webex\.com/[^\s<>\"]{0,300}?(?:meet|j\.php|mtid)|meet\.jit\.si/\w|whereby\.com/\w|gotomeeting\.com/join/"
    r"|meet\.goto\.com/\d|bluejeans\.com/\d|join\.skype\.com/\w|meet\.lync\.com/\w|telemost(?:\.360)?\.yandex"
    r"\.ru/j/|jazz\.sber\.ru/\w|salutejazz\.ru/\w|vk\.com/call/|mts-link\.ru/j/)[^\s<>\"]*",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    r"(?:Microsoft )?Teams[ -](?:Meeting|Besprechung)"
    r"|(?:Собрание|Réunion|Reunión)(?: в)? (?:Microsoft )?Teams|Zoom|Google Meet|Webex|Skype",
    re.IGNORECASE,
)
_HINT = "set 'public: true' under 'online' if everybody may come in"


def read_online(event: Component, losses: Losses) -> dict[str, Any] | None:
    """Where one takes part from afar, not to be published: the first address that the event gives."""
    for written in _candidates(event):
        address = _address(written.value)
        if address:
            message = "the address of a meeting is kept, and not published"
            losses.tell(written.number, "import-meeting", message, _HINT, about="meeting", of=event.number)
            return {"url": address, **_platform(address), "public": False}
    return None


def _candidates(event: Component) -> Iterator[ContentLine]:
    for name in PROPERTIES:
        yield from event.all(name)
    for name in ("LOCATION", "URL", "DESCRIPTION"):
        yield from (each for each in event.all(name) if ENTRY.search(text(each.value)))
    yield from (each for each in event.all("LOCATION") if is_address(text(each.value)))


def _address(value: str) -> str | None:
    """The address in a value: the one that lets one in, else the value as a whole."""
    plain = text(value).strip()
    found = ENTRY.search(plain)
    candidate = found[0].rstrip(".,;)") if found else plain
    try:
        return read_url(candidate)
    except ValueError:
        return None


def is_address(value: str) -> bool:
    """Whether a text is a web address and nothing else."""
    return re.fullmatch(r"\s*https?://\S+\s*", value) is not None


def is_entry(value: str) -> bool:
    """Whether an address is one at which one takes part in a meeting."""
    return ENTRY.match(value.strip()) is not None


def _platform(address: str) -> dict[str, str]:
    host = urlsplit(address).hostname or ""
    known = next(
        (name for domain, name in _PLATFORMS.items() if host == domain or host.endswith(f".{domain}")), None
    )
    return {"platform": known} if known else {}


def is_only_meeting(location: str) -> bool:
    """Whether a place is none, but tells that one takes part from afar."""
    return is_address(location) or _SAYS_SO.fullmatch(line(location)) is not None
