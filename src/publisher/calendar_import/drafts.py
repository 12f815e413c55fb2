"""What a foreign calendar gives: drafts of event records, and findings about what could not be kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.diagnostics import Diagnostic


@dataclass(frozen=True)
class Draft:
    """One event of a foreign calendar, as the record that a curator could have written of it."""

    #: The foreign calendar's own UID.
    uid: str
    #: The line at which its VEVENT begins.
    line: int
    #: Front matter of an event record without `id`: plain values (str, bool, int, list, dict) in the order of
    #: `model.records`, dates as text in the records' notation.
    fields: Mapping[str, Any]
    #: Markdown.
    body: str = ""
    #: Attachments that the calendar carries: file name -> bytes. `fields` names each of them.
    files: Mapping[str, bytes] = field(default_factory=dict)
    #: Where one UID had to become several records, what tells this one apart; empty for the first.
    suffix: str = ""
    #: Names of the event's categories as the calendar has them; records name topics by id.
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drafts:
    """All drafts of a calendar in the order of its lines; `findings` are sorted.

    A warning tells what was not kept of something that was read, an error what could not be read.
    """

    drafts: tuple[Draft, ...]
    findings: tuple[Diagnostic, ...]
