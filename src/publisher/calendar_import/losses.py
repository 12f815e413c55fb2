"""What a calendar says and a record cannot: collected as it is read, told once for each event and property.

Silent is only the bookkeeping of calendar programs: what a reader of the calendar never sees, and what the
published calendar makes anew (RFC 5545 section 3.8.7).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from publisher.diagnostics import Diagnostic, Span, warning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publisher.ics.components import Component

#: Made anew by whoever publishes, or of no meaning to anybody but the calendar's owner.
_BOOKKEEPING = frozenset({
    "CREATED", "DTSTAMP", "LAST-MODIFIED", "PRIORITY", "REQUEST-STATUS", "SEQUENCE", "TRANSP", "UID",
    "X-ACCEPT-REPLY-TO", "X-ALLDAY", "X-BUSYMAC-LASTMODBY", "X-EVOLUTION-CALDAV-HREF", "X-GWSHOW-AS",
    "X-LIC-ERROR", "X-TINE20-CONTAINER",
})  # fmt: skip
#: Beginnings of the names of what Outlook, Thunderbird, Apple, Zimbra and others keep for themselves.
_BOOKKEEPERS = (
    "X-MICROSOFT-CDO-", "X-MICROSOFT-DISALLOW-", "X-MICROSOFT-EXDATE", "X-MICROSOFT-ISRESPONSEREQUESTED",
    "X-MICROSOFT-LOCATIONS", "X-MICROSOFT-LOCATIONDISPLAYNAME", "X-MICROSOFT-LOCATIONSOURCE",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK", "X-MICROSOFT-ONLINEMEETINGINFORMATION",
    "X-MICROSOFT-DONOTFORWARDMEETING", "X-MICROSOFT-REQUESTEDATTENDANCE", "X-MICROSOFT-SCHEDULINGSERVICE",
    "X-MS-OLK-", "X-MS-ATTENDEE", "X-MOZ-", "X-APPLE-CREATOR", "X-APPLE-EWS-", "X-APPLE-NEEDS-",
    "X-APPLE-TRAVEL-", "X-APPLE-DEFAULT-", "X-APPLE-SUGGESTION-", "X-CALENDARSERVER-", "X-CALSTART",
    "X-CALEND", "X-ZIMBRA-",
    "X-LOTUS-", "X-NC-", "X-NEXTCLOUD-", "X-OWNCLOUD-", "X-RADICALE-", "X-EVOLUTION-", "X-KDE-", "X-SOGO-",
    "X-WR-", "X-PUBLISHED-", "X-GOOGLE-CALENDAR-", "X-YAHOO-", "X-OUTLOOK-", "X-BUSYMAC-",
)  # fmt: skip


@dataclass
class Losses:
    """The findings of one calendar file, in the making."""

    path: str
    #: (code, what it is about, the line of the event) -> the finding: one event tells a thing once.
    _found: dict[tuple[str, str, int], Diagnostic] = field(default_factory=dict)
    #: code -> the first line, and how often: what is told once for the file.
    _counted: dict[str, list[int]] = field(default_factory=dict)

    def tell(  # noqa: PLR0913 -- a finding, and which event tells it once
        self, line: int, code: str, message: str, hint: str = "", *, about: str = "", of: int = 0
    ) -> None:
        """Something of an event (that begins in line `of`) is kept otherwise than it stands there, or not."""
        self._found.setdefault(
            (code, about or message, of or line), warning(Span(self.path, line), code, message, hint)
        )

    def refuse(self, line: int, code: str, message: str, hint: str = "") -> None:
        """Something cannot be read: what it was is not among the drafts."""
        self._found.setdefault((code, message, line), Diagnostic(Span(self.path, line), code, message, hint))

    def count(self, code: str, line: int, times: int = 1) -> None:
        """Something that many events have: it is told once, with its number."""
        self._counted.setdefault(code, []).extend([line] * times)

    def counted(self, code: str) -> tuple[int, int]:
        """How often something was counted, and in which line first."""
        lines = self._counted.get(code, [])
        return len(lines), min(lines, default=1)

    def drop(self, component: Component, known: Iterable[str]) -> None:
        """Tell of every property of a component that nobody has read."""
        read = frozenset(known)
        for line in component.lines:
            if line.name not in read and not is_bookkeeping(line.name):
                message = f"a record has no place for {line.name}, which is left out"
                self.tell(
                    line.number, "import-property-lost", message, "write it into the text if readers need it",
                    about=line.name, of=component.number,
                )  # fmt: skip

    def findings(self) -> tuple[Diagnostic, ...]:
        """All of them, sorted by place."""
        return tuple(sorted(self._found.values()))


def is_bookkeeping(name: str) -> bool:
    """Whether a property is a calendar program's own affair."""
    return name in _BOOKKEEPING or name.startswith(_BOOKKEEPERS)
