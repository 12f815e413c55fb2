"""Events, announcements and facets as schema.org sees them.

An event's status and times are those that calendars give it (`entry_time`,
`entry_status`): whoever parses either learns the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from publisher.model.records import Kind, Session, Status
from publisher.model.when import Days, Hours, Unknown
from publisher.render import names
from publisher.render.jsonld import (
    Node,
    address_node,
    given,
    image_url,
    organisation_node,
    person_node,
    place_node,
    site_node,
)
from publisher.render.stamps import end_iso, instant_iso, start_iso
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.model.edition import Part, Published, PublishedEvent
    from publisher.model.records import Announcement
    from publisher.model.recurrence import RecurrenceSet
    from publisher.model.when import Time
    from publisher.render.view import View

_STATUS = {Status.CANCELLED: "EventCancelled", Status.POSTPONED: "EventPostponed"}
_PERIODS = {"DAILY": "D", "WEEKLY": "W", "MONTHLY": "M", "YEARLY": "Y"}


def event_node(view: View, event: PublishedEvent) -> Node:
    """An Event, its programme as events below it and its series as the event above."""
    record = event.text(view.language)
    url = view.absolute(f"{event.path}/")
    node: Node = {"@type": "Event", "@id": f"{url}#event", "name": record.title, "url": url}
    node |= given(description=record.summary, inLanguage=list(record.languages))
    node |= when_node(event.entry_time or event.time, event.entry_status, event.previous_time)
    if event.recurrence and event.recurrence.rule:  # dates that are listed one by one follow no schedule
        node["eventSchedule"] = _schedule(event.recurrence)
    node |= _where(view, event)
    node |= given(
        organizer=[known for ref in record.organisers if (known := organisation_node(view, ref))],
        performer=[person_node(speaker) for speaker in record.speakers],
        image=image_url(view, event),
        superEvent=_series(view, record.series),
        subEvent=[
            *(sub for part in event.sessions if (sub := _session(view, part))),
            *_dates_of_their_own(view, event),
        ],
    )
    return node


def when_node(moment: Time, status: Status, previous: Time | None) -> Node:
    """Start, end and status; a new day is told with the old one."""
    state = _STATUS.get(status, "EventScheduled")
    node = given(startDate="" if _is_report(moment) else start_iso(moment), endDate=end_iso(moment))
    if previous is not None and state == "EventScheduled" and not isinstance(previous, Unknown):
        state = "EventRescheduled"
        node["previousStartDate"] = start_iso(previous)
    return node | {"eventStatus": f"https://schema.org/{state}"}


def news_node(view: View, news: Published[Announcement]) -> Node:
    """A NewsArticle: the site says it, the sources said it first."""
    record = news.text(view.language)
    url = view.absolute(f"{news.path}/")
    timezone = view.config.site.timezone
    stated = record.date if record.date and record.date.is_day and not record.date.clock else None
    published = str(stated) if stated else instant_iso(news.first_published, timezone)
    modified = instant_iso(news.updated, timezone) if news.updated > news.first_published else ""
    publisher = site_node(view)
    return {
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "headline": record.title,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": news.language_of(view.language),
        "datePublished": published,
        "author": publisher,
        "publisher": publisher,
    } | given(
        description=record.summary,
        dateModified=modified,
        image=image_url(view, news),
        about=[_mention(view, event) for id_ in record.events if (event := view.lookup.events.get(id_))],
        isBasedOn=[source.url for source in record.sources if source.url],
    )


def facet_node(view: View, facet: Published[Any]) -> Node | None:
    """An organisation, a place or a series as what it is."""
    record = facet.text(view.language)
    types = {Kind.ORGANISATION: "Organization", Kind.PLACE: "Place", Kind.SERIES: "EventSeries"}
    if facet.kind not in types:
        return None
    node = {
        "@type": types[facet.kind],
        "name": record.name,
        "mainEntityOfPage": view.absolute(f"{facet.path}/"),
    }
    node |= given(url=record.url, description=record.summary)
    if facet.kind is Kind.PLACE:
        node |= address_node(names.places(view.edition, [facet.id], view.language)[0])
    return node


def _is_report(moment: Time) -> bool:
    return isinstance(moment, Unknown) and moment.reported is not None


def _where(view: View, event: PublishedEvent) -> Node:
    record = event.text(view.language)
    places = [place_node(place) for place in names.places(view.edition, record.place, view.language)]
    virtual: list[Node] = []
    if record.online:
        url = record.online.url if record.online.public else ""
        virtual = [{"@type": "VirtualLocation"} | given(name=record.online.platform, url=url)]
    mode = {(True, True): "Mixed", (True, False): "Offline", (False, True): "Online"}.get(
        (bool(places), bool(virtual))
    )
    return given(
        location=places + virtual,
        eventAttendanceMode=f"https://schema.org/{mode}EventAttendanceMode" if mode else "",
    )


def _series(view: View, id_: str | None) -> Node | None:
    series = view.edition.facet(Kind.SERIES, id_) if id_ else None
    if series is None:
        return None
    return {
        "@type": "EventSeries",
        "name": series.text(view.language).name,
        "url": view.absolute(f"{series.path}/"),
    }


def _session(view: View, part: Part) -> Node | None:
    values = part.texts.get(view.language)
    if not values:
        return None
    session = Session.model_validate(values)
    places = [place_node(place) for place in names.places(view.edition, session.place, view.language)]
    return (
        {"@type": "Event", "name": session.title}
        | when_node(part.time, part.status, part.previous_time)
        | given(
            description=session.summary, location=places, performer=[person_node(s) for s in session.speakers]
        )
    )


def _dates_of_their_own(view: View, event: PublishedEvent) -> Iterator[Node]:
    """The dates of an event that no schedule tells: those beside its rule, and those that were changed."""
    recurrence, title = event.recurrence, event.text(view.language).title
    if recurrence is None:
        return
    for part in event.occurrences:
        name = part.title(view.language) or title
        status = event.status if event.is_off else part.status
        yield {"@type": "Event", "name": name} | when_node(part.time, status, part.previous_time)
    told = {*recurrence.without, *recurrence.changed}
    for local in sorted(set(recurrence.also) - told):
        yield {"@type": "Event", "name": title} | when_node(recurrence.time_at(local), event.status, None)


def _mention(view: View, event: PublishedEvent) -> Node:
    url = view.absolute(f"{event.path}/")
    moment = when_node(event.entry_time or event.time, event.entry_status, event.previous_time)
    return {
        "@type": "Event",
        "@id": f"{url}#event",
        "name": event.text(view.language).title,
        "url": url,
    } | moment


def _schedule(recurrence: RecurrenceSet) -> Node:
    """The rule in schema.org's words, as far as they reach."""
    rule = dict(part.split("=", 1) for part in recurrence.rule.split(";"))
    node: Node = {
        "@type": "Schedule",
        "startDate": start_iso(recurrence.start)[: len("2027-01-01")],
        "repeatFrequency": f"P{rule.get('INTERVAL', '1')}{_PERIODS[rule['FREQ']]}",
        "scheduleTimezone": zone(recurrence.timezone).key,
    }
    if isinstance(recurrence.start, Hours):
        node["startTime"] = start_iso(recurrence.start)[len("2027-01-01T") :]
    if "UNTIL" in rule:
        node["endDate"] = _last_day(rule["UNTIL"], recurrence.timezone)
    days = isinstance(recurrence.start, Days)
    return node | given(
        repeatCount=int(rule["COUNT"]) if "COUNT" in rule else None,
        exceptDate=[
            f"{local:%Y-%m-%d}" if days else f"{local:%Y-%m-%dT%H:%M:%S}"
            for local in sorted({*recurrence.without, *recurrence.changed})
        ],
    )


def _last_day(until: str, timezone: str) -> str:
    """The local day of an UNTIL, which stands in UTC when it has a time."""
    if "T" not in until:
        return f"{until[:4]}-{until[4:6]}-{until[6:8]}"
    return instant_iso(datetime.strptime(until, "%Y%m%dT%H%M%S%z"), timezone)[: len("2027-01-01")]
