"""Says what a calendar says now, where a record stays as its curator has it.

A calendar is told of by what it says, in a line of YAML as it could be written
into the record. When an event is, is told as one: its parts hold only together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from publisher.calendar_import.front_matter import flow
from publisher.calendar_import.merging import TIME
from publisher.calendar_import.traces import BODY, pruned
from publisher.diagnostics import Diagnostic, printable, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.calendar_import.holdings import Held
    from publisher.calendar_import.merging import Merge
    from publisher.calendar_import.proposals import Proposal

_LONGEST = 200
_HINT = "take the calendar's value over, or leave yours: this is told again when the calendar changes it"


def theirs(proposal: Proposal) -> dict[str, Any]:
    """What the calendar says of each field, to be shown: of a closed meeting's address the host alone."""
    said = pruned({**proposal.fields, BODY: proposal.body}) or {}
    online = said.get("online")
    if isinstance(online, dict) and "url" in online and online.get("public") is not True:
        host = urlsplit(str(online["url"])).hostname or ""
        return said | {"online": online | {"url": f"https://{host}/…"}}
    return dict(said)


def contests(done: Merge, held: Held, calendar: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """A finding for each field that was changed on both sides, and one for the time of the event."""
    if any(name in TIME for name in done.contested):
        names = [name for name in TIME if name in done.kept]
        yield _finding(held, names, "the event's time", _time(names, calendar))
    for name in done.contested:
        if name not in TIME:
            value = calendar.get(name)
            said = f"now says {_shown(value)}" if value else "no longer says it"
            yield _finding(held, [name], f"'{name}'", said)


def _time(names: list[str], calendar: Mapping[str, Any]) -> str:
    """When the event is by the calendar, and which fields of the record it does not give."""
    gone = ", ".join(f"'{name}'" for name in names if name not in calendar)
    said = _shown({name: calendar[name] for name in TIME if name in calendar})
    return f"now says {said}" + (f", and no {gone}" if gone else "")


def _finding(held: Held, names: list[str], what: str, said: str) -> Diagnostic:
    written = [name for name in names if name in held.entry.fields] or names
    span = held.entry.span(BODY) if names == [BODY] else held.entry.key_span(written[0])
    message = f"{what} was changed here and in the calendar, which {said}; it stays as it is here"
    return warning(span, "import-contested", message, _HINT)


def _shown(value: Any) -> str:
    """A value on one line, as one would write it; what is longer than a message bears is cut."""
    return f"'{_cut(value)}'" if isinstance(value, str) else _cut(flow(value))


def _cut(text: str) -> str:
    return printable(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…")
