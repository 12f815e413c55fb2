"""One VEVENT for each public item: an event, a session, a deadline, a changed occurrence.

Only data decides the bytes: no UID is random, no stamp is now. DTSTAMP and
LAST-MODIFIED are the instant at which this language's text last changed,
SEQUENCE is the ledger's revision (RFC 5545 sections 3.8.7.2 to 3.8.7.4).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from icalendar import Event as VEvent
from icalendar import vRecur

from publisher.model.records import Kind, Status
from publisher.model.when import Days, Hours, Time
from publisher.render import names, urls
from publisher.render.dates import when
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.edition import Edition, Part, PublishedEvent
    from publisher.model.recurrence import RecurrenceSet
    from publisher.render.words import Words

#: RFC 5545 section 3.8.1.11 knows three for events; a postponed one is off until its new day is known.
_STATUS = {
    Status.CONFIRMED: "CONFIRMED",
    Status.TENTATIVE: "TENTATIVE",
    Status.CANCELLED: "CANCELLED",
    Status.POSTPONED: "CANCELLED",
    Status.WITHDRAWN: "CANCELLED",
}


def event_components(edition: Edition, words: Words, event: PublishedEvent) -> Iterator[VEvent]:
    """The event, and its changed occurrences as overrides of it; nothing if its day was never known."""
    time, status = event.entry_time, event.entry_status
    if time is None:
        return
    language = words.language
    record = event.text(language)
    component = VEvent()
    _identity(component, event, language)
    if event.recurrence:
        _recur(component, event.recurrence)
    else:
        _time(component, time)
    _add(component, "summary", with_status(record.title, status, words), _foreign(event, language))
    _status(component, status, time)
    _whereabouts(component, edition, record.place, language)
    url = urls.absolute(edition.config, urls.page(language, event))
    notes = [*change_notes(event, words), record.status_note, record.summary]
    if record.online and record.online.public:
        notes.append(f"{words('calendar.where_online')}: {record.online.url}")
    _description(component, notes, url, words)
    _categories(component, edition, event, language)
    if record.contact and (
        contact := ", ".join(filter(None, (record.contact.name, record.contact.email, record.contact.phone)))
    ):
        component.add("contact", contact)
    yield component
    if event.recurrence:
        for part in event.occurrences:
            yield _override(edition, words, event, part)


def part_component(edition: Edition, words: Words, event: PublishedEvent, part: Part) -> VEvent | None:
    """A session or a deadline as an entry of its own, related to its event (RFC 5545 section 3.8.4.5)."""
    if not isinstance(part.time, Days | Hours):
        return None
    language = words.language
    component = VEvent()
    _identity(component, part, language)
    _time(component, part.time)
    key = "title.deadline" if part.kind == "deadline" else "title.session"
    title = words(key, title=part.title(language), event=event.text(language).title)
    _add(component, "summary", with_status(title, part.status, words), _foreign(event, language))
    _status(component, part.status, part.time)
    text = part.texts.get(language, {})
    _whereabouts(component, edition, _part_places(event, part, language), language)
    notes = [
        words("change.was", before=when(part.previous_time, words)) if part.previous_time else "",
        text.get("summary"),
    ]
    address = text.get("url") or urls.absolute(edition.config, urls.page(language, event))
    _description(component, notes, address, words)
    component.add("related-to", event.uid, parameters={"RELTYPE": "PARENT"})
    return component


def with_status(title: str, status: Status, words: Words) -> str:
    """A title that says when the thing is off or tentative."""
    if status in {Status.CANCELLED, Status.POSTPONED, Status.TENTATIVE}:
        return words(f"title.{status}", title=title)
    return title


def change_notes(event: PublishedEvent, words: Words) -> Iterator[str]:
    """What has become of the event, in sentences: cancelled, postponed, moved from when to when."""
    if event.entry_status is Status.CANCELLED:
        yield words("change.removed" if event.removed else "change.cancelled")
    elif event.entry_status is Status.POSTPONED:
        yield words("change.postponed", before=when(event.entry_time or event.time, words))
    elif event.previous_time is not None and event.has_day:
        yield words("change.moved", before=when(event.previous_time, words), after=when(event.time, words))


def _identity(component: VEvent, item: PublishedEvent | Part, language: str) -> None:
    stamp = item.last_modified[language]
    component.add("uid", item.uid)
    component.add("dtstamp", stamp)
    component.add("last-modified", stamp)
    component.add("created", item.first_published)
    component.add("sequence", item.revision)


def _time(component: VEvent, time: Time) -> None:
    match time:
        case Days(first, last):
            component.add("dtstart", first)
            component.add("dtend", last + timedelta(days=1))  # exclusive: RFC 5545 section 3.6.1
        case Hours(start, end, _):
            component.add("dtstart", start.astimezone(UTC))
            if end is not None:
                component.add("dtend", end.astimezone(UTC))


def _recur(component: VEvent, recurrence: RecurrenceSet) -> None:
    """A recurring event runs in local time, so it needs its zone (RFC 5545 section 3.3.10)."""
    start = recurrence.start
    if isinstance(start, Days):
        _time(component, start)
    else:
        component.add("dtstart", start.start.astimezone(zone(recurrence.timezone)))
        if start.end:
            component.add("dtend", start.end.astimezone(zone(recurrence.timezone)))
    component.add("rrule", vRecur.from_ical(recurrence.rule))
    if recurrence.without:
        component.add("exdate", [_original(recurrence, local) for local in sorted(recurrence.without)])
    if recurrence.also:
        component.add("rdate", [_original(recurrence, local) for local in sorted(recurrence.also)])


def _original(recurrence: RecurrenceSet, local: datetime) -> date | datetime:
    if isinstance(recurrence.start, Days):
        return local.date()
    return local.replace(tzinfo=zone(recurrence.timezone))


def _override(edition: Edition, words: Words, event: PublishedEvent, part: Part) -> VEvent:
    """A changed occurrence: the series' UID, told apart by the start it would have had (section 3.8.4.4)."""
    recurrence, language = event.recurrence, words.language
    assert recurrence is not None  # noqa: S101 -- callers look first
    record = event.text(language)
    changed = record.recurrence.changed if record.recurrence else ()
    local = part.original
    assert local is not None  # noqa: S101 -- a changed occurrence has one
    component = VEvent()
    _identity(component, part, language)
    component.add("recurrence-id", _original(recurrence, local))
    if isinstance(part.time, Hours):
        component.add("dtstart", part.time.start.astimezone(zone(recurrence.timezone)))
        if part.time.end:
            component.add("dtend", part.time.end.astimezone(zone(recurrence.timezone)))
    else:
        _time(component, part.time)
    title = part.title(language) or record.title
    _add(component, "summary", with_status(title, part.status, words), _foreign(event, language))
    _status(component, part.status, part.time)
    _whereabouts(component, edition, changed[recurrence.changed[local]].place or record.place, language)
    _description(
        component, [record.summary], urls.absolute(edition.config, urls.page(language, event)), words
    )
    _categories(component, edition, event, language)
    return component


def _part_places(event: PublishedEvent, part: Part, language: str) -> tuple[Any, ...]:
    record = event.text(language)
    session = next((s for s in record.sessions if s.id == part.id), None) if part.kind == "session" else None
    return (session.place or record.place) if session else ()


def _foreign(event: PublishedEvent, language: str) -> dict[str, str]:
    actual = event.language_of(language)
    return {} if actual == language else {"LANGUAGE": actual}


def _add(component: VEvent, name: str, text: str, parameters: dict[str, str]) -> None:
    component.add(name, text, parameters=parameters)


def _status(component: VEvent, status: Status, time: Time) -> None:
    component.add("status", _STATUS[status])
    # A bar across days must not show its readers as busy; an hour does.
    component.add("transp", "TRANSPARENT" if isinstance(time, Days) else "OPAQUE")
    component.add("class", "PUBLIC")


def _whereabouts(component: VEvent, edition: Edition, refs: tuple[Any, ...], language: str) -> None:
    places = names.places(edition, refs, language)
    if places:
        component.add("location", "; ".join(map(str, places)))
    if located := next((p for p in places if p.geo), None):
        component.add("geo", located.geo)


def _description(component: VEvent, notes: list[str | None], url: str, words: Words) -> None:
    """Plain text, the address as its last line: many clients show no other link."""
    component.add("description", "\n\n".join([*filter(None, notes), words("calendar.more", url=url)]))
    component.add("url", url)


def _categories(component: VEvent, edition: Edition, event: PublishedEvent, language: str) -> None:
    topics = names.facet_names(edition, Kind.TOPIC, event.text(language).topics, language)
    if topics:
        component.add("categories", list(topics))
