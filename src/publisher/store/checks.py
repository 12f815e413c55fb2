"""Looks for what must not be in a database: each check is a function, and says what it found in sentences.

They come in stages: a database that is not whole is not asked what is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import String, and_, exists, func, inspect, or_, select, type_coerce

from publisher.model.mailing import OPEN, DeliveryState, IssueState, SubscriptionState
from publisher.store.columns import Word
from publisher.store.tables import delivery, digest, issue, metadata, subscriber, subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import ColumnElement, Connection, Inspector

    _Check: TypeAlias = Callable[[Connection], Iterator[str]]

#: Open deliveries that wait: one that is being handed over settles itself.
_WAITING = OPEN - {DeliveryState.SENDING}
#: Issues whose deliveries are, or soon will be, handed over.
_LIVE = (IssueState.FROZEN, IssueState.HELD, IssueState.SENDING, IssueState.PAUSED)


@dataclass(frozen=True)
class Flaw:
    """Something that must not be, and which check found it."""

    check: str
    message: str


def find_flaws(connection: Connection) -> list[Flaw]:
    """All that is wrong, as seen at one moment; a stage asks what only makes sense after the one before."""
    for stage in STAGES:
        if found := [Flaw(check.__name__, message) for check in stage for message in check(connection)]:
            return found
    return []


def pages(connection: Connection) -> Iterator[str]:
    """SQLite: every page, row and index entry is where it belongs."""
    if connection.dialect.name == "sqlite":
        told = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
        yield from (line for line in told if line != "ok")


def references(connection: Connection) -> Iterator[str]:
    """SQLite: what a row refers to is there. PostgreSQL sees to that itself."""
    if connection.dialect.name == "sqlite":
        found = 'SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2'
        for table, parent, number in connection.exec_driver_sql(found):
            yield f"{_of(number, f'row of {table}', f'rows of {table}')} without the {parent} they belong to"


def encoding(connection: Connection) -> Iterator[str]:
    """PostgreSQL: texts of every language can be kept."""
    if connection.dialect.name == "postgresql":
        found = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if found != "UTF8":
            yield f"expected the encoding UTF8, got {found}: make the database anew and copy into it"


def constraints(connection: Connection) -> Iterator[str]:
    """PostgreSQL: every constraint holds for every row, and no index is half built."""
    if connection.dialect.name == "postgresql":
        unchecked = (
            "SELECT conname FROM pg_constraint WHERE NOT convalidated"
            " AND connamespace = current_schema()::regnamespace ORDER BY 1"
        )
        yield from (f"constraint {name} was never validated" for name in _names(connection, unchecked))
        broken = (
            "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE NOT indisvalid"
            " AND relnamespace = current_schema()::regnamespace ORDER BY 1"
        )
        yield from (f"index {name} is not valid: REINDEX it" for name in _names(connection, broken))


def _names(connection: Connection, asked: str) -> list[str]:
    return [str(name) for name in connection.exec_driver_sql(asked).scalars()]


def tables(connection: Connection) -> Iterator[str]:
    """Every table, column, constraint and index of this program is there."""
    found = inspect(connection)
    there = set(found.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in there:
            yield f"table {table.name} is missing"
            continue
        columns = {column["name"] for column in found.get_columns(table.name)}
        yield from (
            f"column {table.name}.{c.name} is missing" for c in table.columns if c.name not in columns
        )
        wanted = {str(part.name) for part in table.constraints} | {str(part.name) for part in table.indexes}
        yield from (f"{name} is missing" for name in sorted(wanted - _named_parts(found, table.name)))


def _named_parts(found: Inspector, table: str) -> set[str]:
    """The constraints and indexes of a table."""
    listed = (found.get_unique_constraints(table), found.get_foreign_keys(table), found.get_indexes(table))
    return {str(part["name"]) for parts in listed for part in parts} | {
        str(found.get_pk_constraint(table)["name"])
    }


def words(connection: Connection) -> Iterator[str]:
    """Every state is one that this program knows."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Word):
                spelt = type_coerce(column, String)
                unknown = (
                    select(spelt).where(spelt.not_in([str(word) for word in column.type.words])).distinct()
                )
                for word in connection.execute(unknown).scalars():
                    yield f"{table.name}.{column.name} is '{word}' somewhere, which is none of its words"


def consents(connection: Connection) -> Iterator[str]:
    """Whoever is mailed has agreed at some time."""
    is_mailed = subscription.c.state.in_([SubscriptionState.CONFIRMED, SubscriptionState.PAUSED])
    number = _count(connection, subscription, and_(is_mailed, subscription.c.consent_at.is_(None)))
    if number:
        yield f"{_of(number, 'confirmed subscription')} without an instant of consent"


def erasures(connection: Connection) -> Iterator[str]:
    """Nothing is left of an erased reader but their deliveries."""
    is_erased = subscriber.c.erased.is_not(None)
    if number := _count(connection, subscriber, and_(is_erased, subscriber.c.email_key.is_not(None))):
        yield f"{_of(number, 'erased reader')} with an address"
    theirs = exists().where(subscriber.c.id == subscription.c.subscriber, is_erased)
    if number := _count(connection, subscription, theirs):
        yield f"{_of(number, 'subscription')} of erased readers"


def readers(connection: Connection) -> Iterator[str]:
    """Whatever waits to be delivered has a reader with an address."""
    has_reader = exists().where(subscriber.c.id == delivery.c.subscriber, subscriber.c.erased.is_(None))
    if number := _count(connection, delivery, and_(delivery.c.state.in_(_WAITING), ~has_reader)):
        yield f"{_of(number, 'open delivery', 'open deliveries')} to nobody"


def bodies(connection: Connection) -> Iterator[str]:
    """Whatever waits to be delivered has a digest to be made of."""
    has_body = exists().where(digest.c.issue == delivery.c.issue, digest.c.cohort == delivery.c.cohort)
    is_of_issue = exists().where(issue.c.id == delivery.c.issue, issue.c.state.in_(_LIVE))
    wanting = and_(delivery.c.state.in_(_WAITING), is_of_issue, ~has_body)
    if number := _count(connection, delivery, wanting):
        yield f"{_of(number, 'open delivery', 'open deliveries')} without a digest"


def archives(connection: Connection) -> Iterator[str]:
    """The digests that are an issue's pages are there."""
    kept = {(row.issue, row.cohort) for row in connection.execute(select(digest.c.issue, digest.c.cohort))}
    for row in connection.execute(select(issue).order_by(issue.c.id)):
        wanting = sorted(language for language, cohort in row.archive.items() if (row.id, cohort) not in kept)
        if wanting:
            yield f"{row.list} {row.period} has no page in {', '.join(wanting)}"


def endings(connection: Connection) -> Iterator[str]:
    """What is settled says when; what is over has nothing left to send."""
    is_open = delivery.c.state.in_(OPEN)
    amiss = or_(and_(is_open, delivery.c.settled.is_not(None)), and_(~is_open, delivery.c.settled.is_(None)))
    if number := _count(connection, delivery, amiss):
        yield f"{_of(number, 'delivery', 'deliveries')} whose state and instant of settling differ"
    is_over = exists().where(
        issue.c.id == delivery.c.issue, issue.c.state.in_([IssueState.DONE, IssueState.SKIPPED])
    )
    if number := _count(connection, delivery, and_(is_open, is_over)):
        yield f"{_of(number, 'open delivery', 'open deliveries')} of issues that are over"


def dates(connection: Connection) -> Iterator[str]:
    """An issue that is being sent has the Date of its messages."""
    sent = issue.c.state.in_([IssueState.SENDING, IssueState.DONE])
    if number := _count(connection, issue, and_(sent, issue.c.dated.is_(None))):
        yield f"{_of(number, 'issue')} that went out without a date"


def _count(connection: Connection, table: Any, condition: ColumnElement[bool]) -> int:
    """How many rows of a table are so."""
    asked = select(func.count()).select_from(table).where(condition)
    return int(connection.execute(asked).scalar_one())


def _of(number: int, one: str, many: str = "") -> str:
    return f"1 {one}" if number == 1 else f"{number} {many or f'{one}s'}"


#: Is it a whole database, and ours? Can its rows be read? Does what they say make sense?
STAGES: tuple[tuple[_Check, ...], ...] = (
    (pages, encoding, constraints, tables),
    (references, words),
    (consents, erasures, readers, bodies, archives, endings, dates),
)
