"""The lines of a description: who and how, registration, deadlines and programme in short, whom to ask."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.model.records import Kind, Speaker
from publisher.model.when import Hours
from publisher.render import dates, names
from publisher.render.lookup import days_of
from publisher.render.names import language_name
from publisher.render.stamps import vague_stamp
from publisher.render.vevent_changes import with_status
from publisher.render.vevent_places import online_name
from publisher.render.vevent_prose import Line, Link, clipped, listed
from publisher.render.vevent_view import OFF, EventView
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publisher.model.edition import Part
    from publisher.model.when import Time
    from publisher.render.words import Words

#: How many deadlines, and how many sessions, an event's entry lists.
MAX_DEADLINES, MAX_SESSIONS = 6, 10
_DAY = timedelta(days=1)


def people(view: EventView, part: Part | None = None) -> Iterator[Line]:
    """How one takes part, who organises it, who speaks, in which languages, and where it belongs."""
    record, words = view.record, view.words
    yield from taking_part(view, part)
    for name in ("organisers", "hosts", "partners"):
        parties = view.parties(getattr(record, name))
        linked = (Link(party.name, party.url, party.name) if party.url else party.name for party in parties)
        yield listed(words(f"event.{name}"), linked, words)
    yield speaking(view, record.speakers)
    spoken = [language_name(code, view.language) for code in record.languages]
    yield listed(words("event.languages"), spoken, words, ", ")
    if record.series:
        series = names.facet_names(view.edition, Kind.SERIES, [record.series], view.language)
        yield listed(words("event.series"), series, words)


def taking_part(view: EventView, part: Part | None = None) -> Iterator[Line]:
    """The address at which one takes part from afar, or that there is one; nothing of what is off."""
    online = view.record.online
    status = part.status if part else view.event.entry_status
    if online and status not in OFF:
        address = Link.spelt(online_name(view), online.url)
        yield (address if online.public else view.words("event.online_closed"),)


def speaking(view: EventView, speakers: Iterable[Speaker]) -> Line:
    """Who speaks, and as what."""
    told = []
    for speaker in speakers:
        what = ", ".join(filter(None, (speaker.role, speaker.organisation)))
        told.append(f"{speaker.name} ({what})" if what else speaker.name)
    return listed(view.words("event.speakers"), told, view.words)


def registering(view: EventView) -> Iterator[Line]:
    """Where, until when and for how much."""
    registration, words = view.record.registration, view.words
    if registration is None:
        return
    timezone = view.record.timezone or view.edition.config.site.timezone
    told = [
        words(f"event.{name}", day=vague_stamp(moment, words, timezone).text)
        for name in ("opens", "closes")
        if (moment := getattr(registration, name))
    ]
    if registration.price:
        told.append(words("event.price", price=registration.price))
    yield listed(words("event.registration"), told, words)
    if registration.url:
        yield (Link.spelt(words("event.register"), registration.url),)


def due(view: EventView) -> Iterator[Line]:
    """The deadlines that the record lists; the end of registration is told with it."""
    ids = {deadline.id for deadline in view.record.deadlines}
    lines = [
        f"{part.title(view.language)}: {dates.when(part.time, view.words)}"
        for part in view.event.deadlines
        if part.id in ids
    ]
    yield from _list(view.words("event.deadlines"), lines, MAX_DEADLINES, view.words)


def programme(view: EventView) -> Iterator[Line]:
    """The sessions that the record lists, with their hours; the zone is said once where all share it."""
    words, ids = view.words, {session.id for session in view.record.sessions}
    parts = [part for part in view.event.sessions if part.id in ids]
    hours = [part.time for part in parts if isinstance(part.time, Hours)]
    zones = {dates.zone_name(moment.start, moment.timezone, words) for moment in hours}
    told = words("event.programme") + (f" ({zones.copy().pop()})" if len(zones) == 1 else "")
    days = {span[0] for part in parts if (span := days_of(part.time))}
    lines = [
        f"{_clock(part.time, words, one_day=len(days) == 1, with_zone=len(zones) > 1)}"
        f" · {with_status(part.title(view.language), part.status, words)}"
        for part in parts
    ]
    yield from _list(told, lines, MAX_SESSIONS, words)


def _clock(moment: Time, words: Words, *, one_day: bool, with_zone: bool) -> str:
    """`09:00–10:00`, or `7 September, 09:00–10:00` where there are several days."""
    if with_zone or not isinstance(moment, Hours) or (moment.end and moment.end - moment.start >= _DAY):
        return dates.when(moment, words, with_zone=with_zone)
    clock = "–".join(dates.clock(each, moment.timezone) for each in (moment.start, moment.end) if each)
    if one_day:
        return clock
    day = moment.start.astimezone(zone(moment.timezone)).date()
    return words("dates.at", day=dates.day_and_month(day, words), time=clock)


def _list(heading: str, lines: Sequence[str], limit: int, words: Words) -> Iterator[Line]:
    """A heading and its lines, as many as an entry should carry."""
    if lines:
        yield (f"{heading}:",)
        yield from ((f"- {clipped(line)}",) for line in lines[:limit])
        if len(lines) > limit:
            yield (f"- {words('calendar.rest', n=len(lines) - limit)}",)


def answering(view: EventView) -> Iterator[Line]:
    """Whom to ask, and what there is to download."""
    record, words, who = view.record, view.words, view.record.contact
    if who:
        page = Link(who.url, who.url, who.url) if who.url else None
        told = [each for each in (who.name, who.email, who.phone, page) if each]
        yield listed(words("event.contact"), told, words, ", ")
    stored = ((attachment.title, view.file(attachment.file)) for attachment in record.attachments)
    yield listed(words("event.downloads"), (Link(title, url, title) for title, url in stored if url), words)


def more(view: EventView, address: str) -> Line:
    """The address as the last line: many programs show no other link."""
    label = view.words("calendar.more", url="").strip(" :")
    return (Link(label or address, address, view.words("calendar.more", url=address)),)
