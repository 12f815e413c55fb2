"""Imports a file of subscribers: read, decide, write, a thousand lines at a time.

Each chunk is one transaction, with the letters that its readers are asked by, so
that an import that was killed is completed by the next one: what is there already
stays as it is.
"""

from __future__ import annotations

import secrets
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from publisher.diagnostics import Diagnostic
from publisher.errors import UsageError
from publisher.mailing.addresses import address_hash
from publisher.model.mailing import Subscriber, Subscription, SubscriptionState
from publisher.model.records import Kind
from publisher.store import crowds, suppressions
from publisher.store import subscribers as store
from publisher.subscriber_files.asking import ask, tired
from publisher.subscriber_files.cells import Rules
from publisher.subscriber_files.columns import EVENTS, ORGANISATIONS, TOPICS
from publisher.subscriber_files.decisions import Known, decide
from publisher.subscriber_files.lines import Line, read_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from publisher.site import Site

#: How many lines one transaction takes.
CHUNK = 1_000
#: An id is a random number that a signed column of 64 bits holds.
_ID_BITS = 63


class NoLists(UsageError):
    """There is nothing to subscribe to: add a list to publisher.toml."""

    def __init__(self) -> None:
        super().__init__("the site has no list\nhint: add a table such as [lists.weekly] to publisher.toml")


@dataclass
class Imported:
    """What an import has done so far, or would do."""

    lines: int = 0
    readers: int = 0
    #: Subscriptions that are new, or were there and stand differently now, by how they stand.
    subscriptions: Counter[SubscriptionState] = field(default_factory=Counter)
    #: Lines that say nothing that was not so already.
    unchanged: int = 0
    letters: int = 0
    #: Readers who are not asked again so soon.
    not_asked: int = 0
    errors: int = 0
    warnings: int = 0

    def add(self, person: _Person) -> None:
        """Count what becomes of somebody."""
        self.readers += person.is_new and bool(person.changed)
        self.subscriptions.update(each.state for each in person.changed.values())


@dataclass(frozen=True, kw_only=True)
class Import:
    """One import: into which site, how, when, and who is told of findings and of progress."""

    site: Site
    now: datetime
    confirmed: bool
    #: Whether nothing is to be written.
    trial: bool = False
    tell: Callable[[Diagnostic], None]
    progress: Callable[[], None]

    def run(self, text: Iterable[str], path: str) -> Imported:
        """Import the lines of a file, which was decoded as `lines.read_lines` wants it.

        Raises:
            NoLists: the site has none.
        """
        done = Imported()
        lines = self._sound(read_lines(text, path, self._rules()), done)
        while chunk := list(islice(lines, CHUNK)):
            with suppress(_Undone), self.site.database.writing() as connection:
                self._take(connection, chunk, done)
                if self.trial:
                    raise _Undone
            self.progress()
        return done

    def _rules(self) -> Rules:
        config = self.site.config
        if not config.lists:
            raise NoLists
        return Rules(
            languages=config.site.languages,
            default_language=config.site.default_language,
            timezone=config.site.timezone,
            lists=tuple(config.lists),
            ids=_released(self.site),
            confirmed=self.confirmed,
            now=self.now,
        )

    def _sound(self, lines: Iterable[Line | Diagnostic], done: Imported) -> Iterator[Line]:
        """The lines that can be imported; findings are told on the way."""
        for line in lines:
            if isinstance(line, Diagnostic):
                self._tell(line, done)
            else:
                done.lines += 1
                yield line

    def _take(self, connection: Connection, chunk: Sequence[Line], done: Imported) -> None:
        """Import some lines, of which several may be about one reader."""
        people = self._people(connection, chunk)
        for line in chunk:
            self._decide(line, people[line.address.key], done)
        self._spare(connection, people.values(), done)
        self._write(connection, people.values())
        asked = [person.subscriber for person in people.values() if person.is_asked]
        ask(self.site, connection, asked, self.now)
        done.letters += len(asked)
        for person in people.values():
            done.add(person)

    def _spare(self, connection: Connection, people: Iterable[_Person], done: Imported) -> None:
        """Leave out who would have to be asked, and was asked not long ago."""
        asked = [person for person in people if person.is_asked]
        spared = tired(connection, [person.subscriber for person in asked], self.now)
        for person in asked:
            if person.subscriber.id in spared:
                person.leave_out()
                done.not_asked += 1

    def _people(self, connection: Connection, chunk: Sequence[Line]) -> dict[str, _Person]:
        """Whom the lines are about, by their addresses; those who are known stay as they are meanwhile."""
        salt = suppressions.ensure_salt(connection, self.now)
        lines = {line.address.key: line for line in reversed(chunk)}  # a reader is as in their first line
        hashes = {key: address_hash(salt, key) for key in lines}
        crowds.lock(connection, [each.id for each in store.known_keys(connection, lines).values()])
        known = store.known_keys(connection, lines)  # whoever was erased just now is nobody
        theirs = crowds.subscriptions_of(connection, [each.id for each in known.values()])
        reasons = crowds.reasons(connection, hashes.values(), self.now)
        return {
            key: _Person(
                known.get(key) or _newcomer(line, hashes[key], self.now),
                is_new=key not in known,
                subscriptions=dict(theirs.get(known[key].id, {})) if key in known else {},
                suppressed=reasons.get(hashes[key]),
            )
            for key, line in lines.items()
        }

    def _decide(self, line: Line, person: _Person, done: Imported) -> None:
        known = Known(subscriptions=person.subscriptions, suppressed=person.suppressed)
        found = list(decide(line, known, person.subscriber.id, confirmed=self.confirmed, now=self.now))
        for each in found:
            if isinstance(each, Diagnostic):
                self._tell(each, done)
            else:
                person.subscriptions[each.list] = each
                person.changed[each.list] = each
        done.unchanged += not found

    def _write(self, connection: Connection, people: Iterable[_Person]) -> None:
        changed = [person for person in people if person.changed]
        new = [(person.subscriber, tuple(person.changed.values())) for person in changed if person.is_new]
        store.add_many(connection, new)
        known = [person for person in changed if not person.is_new]
        crowds.put(connection, [each for person in known for each in person.changed.values()])

    def _tell(self, finding: Diagnostic, done: Imported) -> None:
        done.errors += finding.is_error
        done.warnings += not finding.is_error
        self.tell(finding)


@dataclass
class _Person:
    """Whom lines are about: as they were, and what becomes of them."""

    subscriber: Subscriber
    is_new: bool
    subscriptions: dict[str, Subscription]
    suppressed: str | None
    changed: dict[str, Subscription] = field(default_factory=dict)

    @property
    def is_asked(self) -> bool:
        """Whether something is to wait for their confirmation."""
        return any(each.state is SubscriptionState.UNCONFIRMED for each in self.changed.values())

    def leave_out(self) -> None:
        """Add nothing that would wait: a link in a letter that they have is good for what waited then."""
        unasked = SubscriptionState.UNCONFIRMED
        self.changed = {name: each for name, each in self.changed.items() if each.state is not unasked}


class _Undone(Exception):
    """Ends the transaction of a trial: nothing of it stays."""


def _newcomer(line: Line, hashed: str, now: datetime) -> Subscriber:
    """A reader whom the site does not know."""
    return Subscriber(
        id=secrets.randbits(_ID_BITS),
        email=line.address.email,
        email_key=line.address.key,
        address_hash=hashed,
        language=line.language,
        timezone=line.timezone,
        created=now,
    )


def _released(site: Site) -> Mapping[str, Collection[str]] | None:
    """The ids that a reader may choose, by their column; None before the first release."""
    items = [item for item in site.memory().ledger if item.is_record]
    if not items:
        return None
    kinds = {TOPICS: Kind.TOPIC, ORGANISATIONS: Kind.ORGANISATION, EVENTS: Kind.EVENT}
    return {column: {item.id for item in items if item.kind == kind} for column, kind in kinds.items()}
