"""The page on which a reader says what they get: for each list whether, until when not, and what of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from publisher.mailing.tokens import Purpose
from publisher.model.mailing import Interests, SubscriptionState
from publisher.render.servicepages import Offered
from publisher.server.subscribing import Page
from publisher.subscribing import consent
from publisher.subscribing.consent import ACTIVE, Wish, Wishes
from publisher.subscribing.doors import who
from publisher.subscribing.visits import masked
from publisher.zones import zone, zone_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.model.mailing import Subscriber, Subscription
    from publisher.server.forms import Form
    from publisher.subscribing.visits import Visit

#: What can be wished for.
_STATES = {
    state.value: state
    for state in (SubscriptionState.CONFIRMED, SubscriptionState.PAUSED, SubscriptionState.UNSUBSCRIBED)
}


class Unclear(Exception):
    """A form that cannot be followed; its one argument is the key of what to say."""


def show(visit: Visit, token: str) -> Page:
    """How somebody gets what."""
    person, theirs = _owner(visit, token)
    return _page(visit, person, theirs) if person else visit.unknown()


def act(visit: Visit, token: str, form: Form) -> Page:
    """Save, or do one of the things that end the page."""
    person, theirs = _owner(visit, token)
    if person is None:
        return visit.unknown()
    match form.first("do"):
        case "forget":
            consent.forget(visit.database, person.id, visit.now)
            return Page(200, visit.pages(person).notice("service.forgotten", again=True))
        case "renew":
            renewed = consent.renew_links(visit.database, person.id, person.token_version)
            return _again(visit, renewed, "service.renewed")
        case "leave":
            consent.leave(visit.database, person.id, None, visit.now)
            return _again(visit, person, "service.left_everything")
    try:
        wishes = _wishes(visit, form, person, theirs)
    except Unclear as unclear:
        return _page(visit, person, theirs, fault=str(unclear))
    changed = consent.change(visit.database, person.id, person.token_version, wishes, visit.now)
    return _again(visit, changed, "service.saved")


def _owner(visit: Visit, token: str) -> tuple[Subscriber | None, tuple[Subscription, ...]]:
    """Whose link this is; nobody for one that its owner has made invalid."""
    found = visit.read(Purpose.PREFERENCES, token)
    if found is None or found.expired:
        return None, ()
    person, theirs = who(visit, found.subscriber)
    return (person, theirs) if person and person.token_version == found.version else (None, ())


def _again(visit: Visit, person: Subscriber | None, saved: str) -> Page:
    """The page as it is now."""
    now, theirs = who(visit, person.id) if person else (None, ())
    return _page(visit, now, theirs, saved=saved) if now else visit.unknown()


def _page(
    visit: Visit, person: Subscriber, theirs: Sequence[Subscription], *, fault: str = "", saved: str = ""
) -> Page:
    pages, known = visit.pages(person), {each.list: each for each in theirs}
    local = any(each.is_local for each in visit.config.lists.values())
    html = pages.render(
        "preferences.html",
        pages.words("service.get"),
        address=masked(person.email),
        action=visit.preferences(person),
        fault=pages.words(fault) if fault else "",
        saved=pages.words(saved) if saved else "",
        lists=[_offered(visit, person, id_, known.get(id_)) for id_ in visit.config.lists],
        languages=pages.languages(pages.language),
        tomorrow=_today(visit, person) + timedelta(days=1),
        timezone=person.timezone,
        zones=sorted(zone_names()) if local else [],
    )
    return Page(400 if fault else 200, html)


def _offered(visit: Visit, person: Subscriber, list_id: str, theirs: Subscription | None) -> Offered:
    pages = visit.pages(person)
    offer = pages.offer(list_id)
    chosen = visit.choices.offered(theirs.interests if theirs else Interests(), pages.language)
    return Offered(
        id=list_id,
        title=offer.title,
        description=offer.description,
        state=_state(theirs, visit.now),
        until=_until(theirs, person, visit.now),
        topics=chosen.topics,
        organisations=chosen.organisations,
        events=chosen.events,
    )


def _state(theirs: Subscription | None, now: datetime) -> SubscriptionState:
    """How a list is had, as a reader sees it: what waits for a letter to be answered is not had yet."""
    if theirs is None or theirs.state not in ACTIVE:
        return SubscriptionState.UNSUBSCRIBED
    is_over = theirs.paused_until is not None and theirs.paused_until <= now
    return SubscriptionState.CONFIRMED if is_over else theirs.state


def _until(theirs: Subscription | None, person: Subscriber, now: datetime) -> str:
    until = theirs.paused_until if theirs else None
    return until.astimezone(zone(person.timezone)).date().isoformat() if until and until > now else ""


def _today(visit: Visit, person: Subscriber) -> date:
    return visit.now.astimezone(zone(person.timezone)).date()


def _wishes(visit: Visit, form: Form, person: Subscriber, theirs: Sequence[Subscription]) -> Wishes:
    """What a form says; Unclear where a pause or a zone is none."""
    config, pages = visit.config, visit.pages(person)
    timezone = form.first("timezone") or person.timezone
    if timezone not in zone_names():
        raise Unclear("service.wrong_timezone")
    language = form.first("language")
    known = {each.list: each for each in theirs}
    named = [id_ for id_ in config.lists if form.first(f"state.{id_}") in _STATES]
    return Wishes(
        language=language if language in config.site.languages else person.language,
        timezone=timezone,
        lists={id_: _wish(visit, form, person, id_, known.get(id_)) for id_ in named},
        consent_text=pages.words("signup.consent"),
    )


def _wish(visit: Visit, form: Form, person: Subscriber, list_id: str, theirs: Subscription | None) -> Wish:
    state = _STATES[form.first(f"state.{list_id}")]
    until = None
    if state is SubscriptionState.PAUSED:
        until = _day(form.first(f"until.{list_id}"), person, visit.now)
        if theirs is None or theirs.state not in ACTIVE:
            # Nobody agrees to anything by pausing it.
            state, until = SubscriptionState.UNSUBSCRIBED, None
    sent = [form.every(f"{sort}.{list_id}") for sort in ("topic", "organisation", "event")]
    before = theirs.interests if theirs else Interests()
    return Wish(state=state, paused_until=until, interests=visit.choices.changed(before, *sent))


def _day(text: str, person: Subscriber, now: datetime) -> datetime | None:
    """When a day begins where the reader is; None for no day, Unclear for none of the future."""
    if not text:
        return None
    try:
        begins = datetime.combine(date.fromisoformat(text), time(), zone(person.timezone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unclear("service.wrong_day") from None
    if begins <= now:
        raise Unclear("service.wrong_day")
    return begins
