"""What pages tell machines: schema.org in JSON-LD. Nothing is said here that the page does not say.

No place, performer or offer is made up to please a validator: a field that
the record does not give is left out.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from publisher.model.records import InlineParty, Kind, Session, Status
from publisher.model.when import Days, Hours, Unknown
from publisher.render import names, urls
from publisher.render.stamps import end_iso, instant_iso, start_iso
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publisher.model.edition import Part, Published, PublishedEvent
    from publisher.model.records import Announcement, Speaker
    from publisher.model.recurrence import RecurrenceSet
    from publisher.model.when import Time
    from publisher.render.view import Label, View

Node = dict[str, Any]
_CONTEXT = {"@context": "https://schema.org"}
_STATUS = {Status.CANCELLED: "EventCancelled", Status.POSTPONED: "EventPostponed"}
_PERIODS = {"DAILY": "D", "WEEKLY": "W", "MONTHLY": "M", "YEARLY": "Y"}
#: What HTML could take for the end of the script, or JavaScript for the end of a line.
_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def script(node: Mapping[str, Any]) -> Markup:
    """A node as the content of a script element."""
    text = json.dumps({**_CONTEXT, **node}, ensure_ascii=False, indent=1)
    return Markup(text.translate(_UNSAFE))  # noqa: S704 -- nothing in it can close the element


def event_node(view: View, event: PublishedEvent) -> Node:
    """An Event, its programme as events below it and its series as the event above."""
    record = event.text(view.language)
    url = view.absolute(f"{event.path}/")
    node: Node = {"@type": "Event", "@id": f"{url}#event", "name": record.title, "url": url}
    node |= _given(description=record.summary, inLanguage=list(record.languages))
    node |= when_node(event.time, event.status, event.previous_time)
    if event.recurrence:
        node["eventSchedule"] = _schedule(event.recurrence)
    node |= _where(view, event)
    node |= _given(
        organizer=[node for ref in record.organisers if (node := _organisation(view, ref))],
        performer=[_person(speaker) for speaker in record.speakers],
        image=image_url(view, event),
        superEvent=_series(view, record.series),
        subEvent=[sub for part in event.sessions if (sub := _session(view, part))],
    )
    return node


def when_node(moment: Time, status: Status, previous: Time | None) -> Node:
    """Start, end and status; a new day is told with the old one."""
    state = _STATUS.get(status, "EventScheduled")
    node = _given(startDate="" if _is_report(moment) else start_iso(moment), endDate=end_iso(moment))
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
    } | _given(
        description=record.summary,
        dateModified=modified,
        image=image_url(view, news),
        about=[_mention(view, event) for id_ in record.events if (event := view.lookup.events.get(id_))],
        isBasedOn=[source.url for source in record.sources if source.url],
    )


def site_node(view: View) -> Node:
    """The site as the one who publishes."""
    return {"@type": "Organization", "name": view.config.title(view.language), "url": view.absolute()}


def website_node(view: View) -> Node:
    """The site itself, for its first page."""
    description = view.config.description(view.language)
    return {
        "@type": "WebSite",
        "name": view.config.title(view.language),
        "url": view.absolute(),
        "inLanguage": view.language,
    } | _given(description=description)


def facet_node(view: View, facet: Published[Any]) -> Node | None:
    """An organisation, a place or a series as what it is."""
    record = facet.text(view.language)
    types = {Kind.ORGANISATION: "Organization", Kind.PLACE: "Place", Kind.SERIES: "EventSeries"}
    if facet.kind not in types:
        return None
    node = {"@type": types[facet.kind], "name": record.name, "mainEntityOfPage": view.absolute(f"{facet.path}/")}
    node |= _given(url=record.url, description=record.summary)
    if facet.kind is Kind.PLACE:
        node |= _address(names.NamedPlace(record.name, "", record.address or "", record.city or "", record.country or "", record.geo))
    return node


def breadcrumbs(view: View, path: str, crumbs: Sequence[Label]) -> Iterator[Node]:
    """The way to a page; the first page needs none."""
    if crumbs:
        origin = view.config.site.url
        links = [f"{origin}{crumb.href}" if crumb.href else view.absolute(path) for crumb in crumbs]
        yield {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": position, "name": crumb.text, "item": link}
                for position, (crumb, link) in enumerate(zip(crumbs, links, strict=True), 1)
            ],
        }


def image_url(view: View, record: Published[Any]) -> str:
    """The public address of a record's picture."""
    image = record.text(view.language).image
    stored = record.assets.get(image.file) if image else None
    return urls.absolute(view.config, urls.asset(stored)) if stored else ""


def _is_report(moment: Time) -> bool:
    return isinstance(moment, Unknown) and moment.reported is not None


def _where(view: View, event: PublishedEvent) -> Node:
    record = event.text(view.language)
    places = [_place(place) for place in names.places(view.edition, record.place, view.language)]
    virtual: list[Node] = []
    if record.online:
        url = record.online.url if record.online.public else ""
        virtual = [{"@type": "VirtualLocation"} | _given(name=record.online.platform, url=url)]
    mode = {(True, True): "Mixed", (True, False): "Offline", (False, True): "Online"}.get((bool(places), bool(virtual)))
    return _given(
        location=places + virtual, eventAttendanceMode=f"https://schema.org/{mode}EventAttendanceMode" if mode else ""
    )


def _place(place: names.NamedPlace) -> Node:
    return {"@type": "Place", "name": place.name} | _given(url=place.url) | _address(place)


def _address(place: names.NamedPlace) -> Node:
    parts = _given(streetAddress=place.address, addressLocality=place.city, addressCountry=place.country)
    node: Node = {"address": {"@type": "PostalAddress"} | parts} if parts else {}
    if place.geo:
        node["geo"] = {"@type": "GeoCoordinates", "latitude": place.geo[0], "longitude": place.geo[1]}
    return node


def _organisation(view: View, ref: str | InlineParty) -> Node | None:
    found = names.parties(view.edition, [ref], view.language)
    return {"@type": "Organization", "name": found[0].name} | _given(url=found[0].url) if found else None


def _person(speaker: Speaker) -> Node:
    works = {"@type": "Organization", "name": speaker.organisation} if speaker.organisation else None
    return {"@type": "Person", "name": speaker.name} | _given(jobTitle=speaker.role, affiliation=works)


def _series(view: View, id_: str | None) -> Node | None:
    series = view.edition.facet(Kind.SERIES, id_) if id_ else None
    if series is None:
        return None
    return {"@type": "EventSeries", "name": series.text(view.language).name, "url": view.absolute(f"{series.path}/")}


def _session(view: View, part: Part) -> Node | None:
    values = part.texts.get(view.language)
    if not values:
        return None
    session = Session.model_validate(values)
    places = [_place(place) for place in names.places(view.edition, session.place, view.language)]
    return (
        {"@type": "Event", "name": session.title}
        | when_node(part.time, part.status, part.previous_time)
        | _given(description=session.summary, location=places, performer=[_person(s) for s in session.speakers])
    )


def _mention(view: View, event: PublishedEvent) -> Node:
    url = view.absolute(f"{event.path}/")
    moment = when_node(event.time, event.status, event.previous_time)
    return {"@type": "Event", "@id": f"{url}#event", "name": event.text(view.language).title, "url": url} | moment


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
    return node | _given(
        repeatCount=int(rule["COUNT"]) if "COUNT" in rule else None,
        exceptDate=[f"{m:%Y-%m-%d}" if days else f"{m:%Y-%m-%dT%H:%M:%S}" for m in recurrence.without],
    )


def _last_day(until: str, timezone: str) -> str:
    """The local day of an UNTIL, which stands in UTC when it has a time."""
    if "T" not in until:
        return f"{until[:4]}-{until[4:6]}-{until[6:8]}"
    return instant_iso(datetime.strptime(until, "%Y%m%dT%H%M%S%z"), timezone)[: len("2027-01-01")]


def _given(**values: Any) -> Node:
    """Only what is known; a list of one as that one."""
    known = {name: value for name, value in values.items() if value not in (None, "", [], ())}
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in known.items()}
