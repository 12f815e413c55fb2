"""How the cells of a line are read: each function takes a cell's text, or says what it expected.

An empty cell is what the site has by default; what must not be empty says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publisher.diagnostics import Diagnostic, Span, did_you_mean, quoted
from publisher.mailing.addresses import Address, BadAddress, read_address
from publisher.model.characters import find_control, not_text
from publisher.model.mailing import Interests, SubscriptionState
from publisher.subscriber_files.columns import (
    CONSENT_DATE,
    CONSENT_SOURCE,
    EMAIL,
    EVENTS,
    LANGUAGE,
    LISTS,
    ORGANISATIONS,
    STATE,
    TIMEZONE,
    TOPICS,
)
from publisher.zones import UnknownZone, zone

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_NOBODY = Address("", "")
_LONGEST_SOURCE = 500
_SEVERAL = re.compile(r"[;,]")
#: As Kazakhstan's and much of Europe's spreadsheets write a day: 21.11.2026, perhaps with a time.
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}.*)?", re.ASCII)
_EXPECTED_DATE = "write it like 2026-11-21 or 21.11.2026, perhaps with a time"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What lines are read against."""

    languages: tuple[str, ...]
    default_language: str
    timezone: str
    #: The lists that there are; the first is that of a line that names none.
    lists: tuple[str, ...]
    #: Column -> the ids that the site knows; None where nothing was released yet, so that none is known.
    ids: Mapping[str, Collection[str]] | None = None
    #: Whether the lines are to be taken as confirmed: then each must say where and when.
    confirmed: bool = False
    now: datetime


class Cells:
    """The cells of one line; what is wrong with them gathers in `findings`."""

    def __init__(self, named: Mapping[str, str], rules: Rules, place: Callable[[str], Span]) -> None:
        self._named, self._rules, self._place = named, rules, place
        self.findings: list[Diagnostic] = []
        for column, cell in named.items():
            if (at := find_control(cell)) is not None:
                self.findings.append(
                    Diagnostic(
                        self._place(column), "control-character", not_text(cell[at]), "delete the character"
                    )
                )

    def address(self) -> Address:
        """Whom it is about; nobody where that cannot be read."""
        written = self._cell(EMAIL)
        if not written:
            self.findings.append(
                Diagnostic(
                    self._place(EMAIL),
                    "missing-field",
                    "expected a value of 'email', got none",
                    "write the address",
                )
            )
            return _NOBODY
        try:
            return read_address(written)
        except BadAddress as error:
            message = f"expected a plain e-mail address, got {quoted(written)}: {error.reason}"
            self.findings.append(
                Diagnostic(self._place(EMAIL), "invalid-email", message, "write it like reader@example.org")
            )
            return _NOBODY

    def language(self) -> str:
        """In which they read."""
        written, known = self._cell(LANGUAGE), self._rules.languages
        if written.lower() in known:
            return written.lower()
        if written:
            hint = did_you_mean(written, known) or f"the site's languages are {', '.join(known)}"
            self.findings.append(
                Diagnostic(
                    self._place(LANGUAGE), "unknown-language", f"unknown language {quoted(written)}", hint
                )
            )
        return self._rules.default_language

    def timezone(self) -> str:
        """Where they live."""
        written = self._cell(TIMEZONE)
        if not written:
            return self._rules.timezone
        try:
            return zone(written).key
        except UnknownZone as error:
            near = f"did you mean {' or '.join(map(repr, error.matches))}?" if error.matches else ""
            hint = near or "use an IANA name such as 'Asia/Almaty'"
            self.findings.append(
                Diagnostic(
                    self._place(TIMEZONE), "unknown-timezone", f"unknown time zone {quoted(written)}", hint
                )
            )
            return self._rules.timezone

    def lists(self) -> tuple[str, ...]:
        """What they get."""
        written, known = self._several(LISTS), self._rules.lists
        for name in written:
            if name not in known:
                hint = did_you_mean(name, known) or f"the lists are {', '.join(known)}"
                self.findings.append(
                    Diagnostic(self._place(LISTS), "unknown-list", f"unknown list {quoted(name)}", hint)
                )
        return written or known[:1]

    def interests(self) -> Interests:
        """What they chose of them."""
        return Interests(
            topics=self._ids(TOPICS, "topic"),
            organisations=self._ids(ORGANISATIONS, "organisation"),
            events=self._ids(EVENTS, "event"),
        )

    def consent_source(self) -> str:
        """Where they agreed, in one line."""
        written = " ".join(self._cell(CONSENT_SOURCE).split())
        if not written:
            message = "expected where the reader agreed to be written to, got none"
            hint = "write it in consent_source, such as 'form at the fair 2026'"
            self.findings.append(Diagnostic(self._place(CONSENT_SOURCE), "missing-consent", message, hint))
        if len(written) > _LONGEST_SOURCE:
            message = f"expected at most {_LONGEST_SOURCE} characters, got {len(written)}"
            self.findings.append(Diagnostic(self._place(CONSENT_SOURCE), "too-long", message, "shorten it"))
        return written

    def consent_at(self) -> datetime | None:
        """When they agreed; of a day its first instant in the site's zone."""
        written = self._cell(CONSENT_DATE)
        if not written:
            if self._rules.confirmed:
                message = "expected when the reader agreed to be written to, got none"
                hint = "write the day in consent_date, or import without --confirmed"
                self.findings.append(Diagnostic(self._place(CONSENT_DATE), "missing-consent", message, hint))
            return None
        try:
            agreed = _instant(written, self._rules.timezone)
        except (ValueError, OverflowError):
            message = f"expected a day, got {quoted(written)}"
            self.findings.append(
                Diagnostic(self._place(CONSENT_DATE), "invalid-date", message, _EXPECTED_DATE)
            )
            return None
        if agreed > self._rules.now:
            message = f"expected a day that has come, got {quoted(written)}"
            self.findings.append(
                Diagnostic(
                    self._place(CONSENT_DATE), "invalid-date", message, "correct it: nobody has agreed yet"
                )
            )
        return agreed

    def state(self) -> SubscriptionState:
        """How it stood where it was exported; confirmed where the file does not say."""
        written = self._cell(STATE).lower() or SubscriptionState.CONFIRMED
        if written in set(SubscriptionState):
            return SubscriptionState(written)
        hint = f"it is one of {', '.join(SubscriptionState)}"
        message = f"unknown value {quoted(written)} of 'state'"
        self.findings.append(
            Diagnostic(
                self._place(STATE), "unknown-value", message, did_you_mean(written, SubscriptionState) or hint
            )
        )
        return SubscriptionState.CONFIRMED

    def _ids(self, column: str, kind: str) -> tuple[str, ...]:
        written = self._several(column)
        if self._rules.ids is not None:
            known = self._rules.ids[column]
            for name in written:
                if name not in known:
                    hint = did_you_mean(name, known) or "correct the id, or release the record first"
                    self.findings.append(
                        Diagnostic(
                            self._place(column), _UNKNOWN[column], f"unknown {kind} {quoted(name)}", hint
                        )
                    )
        return written

    def _several(self, column: str) -> tuple[str, ...]:
        """The values of a cell, each once, in order."""
        values = (value.strip() for value in _SEVERAL.split(self._cell(column)))
        return tuple(sorted({value for value in values if value}))

    def _cell(self, column: str) -> str:
        return self._named.get(column, "").strip()


#: The finding about an id that there is not, by its column.
_UNKNOWN = {TOPICS: "unknown-topic", ORGANISATIONS: "unknown-organisation", EVENTS: "unknown-event"}


def _instant(written: str, timezone: str) -> datetime:
    """The instant of a day or time; without an offset it is one of the site's zone."""
    if match := _DOTTED.fullmatch(written):
        day, month, year, clock = match.groups()
        hour, *rest = (clock or "0:00").split(":")
        written = f"{year}-{month:0>2}-{day:0>2} {':'.join([f'{hour:0>2}', *rest])}"
    elif not _ISO.fullmatch(written):
        raise ValueError(written)
    moment = datetime.fromisoformat(written)
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone(timezone))
    return local.astimezone(UTC)
