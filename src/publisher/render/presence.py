"""Holds calendars against what they owe their readers, by their bytes: a last look before a release.

It shares nothing with what made them but the standard: the entries are found
again in the files (RFC 5545), in those of everything, in each language.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from publisher.errors import PublisherError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from publisher.edition.owed import Owed
    from publisher.model.artifact import Artifact

#: The calendars of everything, with those of years and months beside them.
_OF_EVERYTHING: Final = re.compile(
    r"(?P<language>[^/]+)/(?P<which>calendar|programme|deadlines)(?:-[\d-]+)?\.ics"
)
_MOST_TOLD: Final = 10

#: UID and the local start in RECURRENCE-ID, empty where there is none.
Key = tuple[str, str]


class EntriesVanished(PublisherError):
    """Coming entries that readers have would be in no calendar: say of each what has become of it."""

    exit_status = 1

    def __init__(self, lost: Collection[str]) -> None:
        count = f"{len(lost)} coming {'entry' if len(lost) == 1 else 'entries'} that readers have"
        told = [f"  {each}" for each in sorted(lost)[:_MOST_TOLD]]
        if len(lost) > _MOST_TOLD:
            told.append(f"  and {len(lost) - _MOST_TOLD} more")
        hint = (
            "put its record back and say there what has become of it (status: cancelled, or status:"
            " withdrawn for a mistake); if the record is there and sound, this program is at fault:"
            " report it, and undo what changed last"
        )
        super().__init__(
            "\n".join([f"{count} would vanish untold; nothing was released", *told, f"hint: {hint}"])
        )


def require_kept(owed: Iterable[Owed]) -> None:
    """Make sure that the ledger still knows all that is owed, before anything is rendered.

    Raises:
        EntriesVanished: it does not.
    """
    if lost := {f"{each.subject} (UID {each.uid})" for each in owed if not each.is_kept}:
        raise EntriesVanished(lost)


def require_present(owed: Iterable[Owed], artifacts: Iterable[Artifact], languages: Collection[str]) -> None:
    """Make sure that all that is owed is in the calendars, in each language, and marked where it is off.

    Raises:
        EntriesVanished: something is not.
    """
    found = _held(artifacts)
    lost = set()
    for each in owed:
        marks = {
            path: found[path].get((each.uid, each.original))
            for path in (f"{language}/{each.which}.ics" for language in languages)
        }
        name = f"{each.subject} (UID {each.uid})"
        if gone := [path for path, is_off in marks.items() if is_off is None]:
            lost.add(f"{name} from {', '.join(gone)}")
        elif each.is_off and (unmarked := [path for path, is_off in marks.items() if not is_off]):
            lost.add(f"{name} is off, and not marked so in {', '.join(unmarked)}")
    if lost:
        raise EntriesVanished(lost)


def _held(artifacts: Iterable[Artifact]) -> Mapping[str, Mapping[Key, bool]]:
    """For each calendar of everything and those beside it: the entries, and whether each is marked as off."""
    found: defaultdict[str, dict[Key, bool]] = defaultdict(dict)
    for artifact in artifacts:
        if match := _OF_EVERYTHING.fullmatch(artifact.path):
            found[f"{match['language']}/{match['which']}.ics"] |= dict(_entries(artifact.data))
    return found


def _entries(data: bytes) -> Iterator[tuple[Key, bool]]:
    unfolded = data.replace(b"\r\n ", b"").replace(b"\r\n\t", b"")  # RFC 5545 section 3.1
    for block in unfolded.split(b"\r\nBEGIN:VEVENT")[1:]:
        # A VLOCATION or VALARM within it may have a UID of its own.
        own = block.partition(b"\r\nEND:VEVENT")[0].partition(b"\r\nBEGIN:")[0] + b"\r\n"
        key = (_value(own, b"UID").decode(), _value(own, b"RECURRENCE-ID").decode())
        yield key, _value(own, b"STATUS") == b"CANCELLED"


def _value(block: bytes, name: bytes) -> bytes:
    """The value of a property whose value has no colon, behind its parameters; empty where there is none."""
    for separator in (b":", b";"):
        begins = block.find(b"\r\n" + name + separator)
        if begins >= 0:
            return block[begins + 2 : block.index(b"\r\n", begins + 2)].rpartition(b":")[2]
    return b""
