"""Which topics, organisations, places and series a record belongs to: what a reader can choose by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.model.records import Announcement, Event, Kind, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Member = tuple[Kind, str]


def direct(record: Record) -> Iterator[Member]:
    """The facets that a record names itself."""
    if isinstance(record, Event):
        for party in (*record.organisers, *record.hosts, *record.partners):
            if isinstance(party, str):
                yield Kind.ORGANISATION, party
        for place in (*record.place, *(p for s in record.sessions for p in s.place)):
            if isinstance(place, str):
                yield Kind.PLACE, place
        if record.series:
            yield Kind.SERIES, record.series
        yield from ((Kind.TOPIC, topic) for topic in record.topics)
    elif isinstance(record, Announcement):
        yield from ((Kind.ORGANISATION, organisation) for organisation in record.organisations)
        yield from ((Kind.TOPIC, topic) for topic in record.topics)


def memberships(
    record: Record, events: Mapping[str, Event], parents: Mapping[Member, str]
) -> frozenset[Member]:
    """All that a record belongs to: what it names, what that is part of, its events' places and series."""
    found = set(direct(record))
    if isinstance(record, Announcement):
        about = [events[id_] for id_ in record.events if id_ in events]
        found |= {
            member for event in about for member in direct(event) if member[0] in {Kind.PLACE, Kind.SERIES}
        }
    return frozenset(found | {ancestor for member in found for ancestor in _ancestors(member, parents)})


def _ancestors(member: Member, parents: Mapping[Member, str]) -> Iterator[Member]:
    kind, id_ = member
    seen = {id_}
    while (parent := parents.get((kind, id_))) and parent not in seen:
        seen.add(parent)
        yield kind, parent
        id_ = parent
