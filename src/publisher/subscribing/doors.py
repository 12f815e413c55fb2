"""What three of the links in mails open: confirm, leave, never again; to look changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publisher.mailing.letters import pending, pending_tag
from publisher.mailing.message import reply_to
from publisher.mailing.periods import due_in, next_due
from publisher.mailing.tokens import Purpose, Token, list_tag
from publisher.model.mailing import SubscriptionState
from publisher.model.when import Hours
from publisher.render import dates
from publisher.render.servicepages import Chosen
from publisher.server.subscribing import Page
from publisher.store import subscribers
from publisher.subscribing import consent
from publisher.subscribing.consent import ACTIVE
from publisher.subscribing.visits import masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.model.mailing import Subscriber, Subscription
    from publisher.render.servicepages import Offer, ServicePages
    from publisher.server.forms import Form
    from publisher.subscribing.visits import Visit


def show_confirm(visit: Visit, token: str) -> Page:
    """What is to be confirmed."""
    found = visit.read(Purpose.CONFIRM, token)
    if found is None:
        return visit.unknown()
    person, theirs = who(visit, found.subscriber)
    if person is None or found.expired:
        return _gone(visit, person)
    waiting = pending(theirs)
    if waiting and pending_tag(theirs) == found.tag:
        return _asked(visit, person, waiting)
    return _gone(visit, person) if waiting or not _active(theirs) else _confirmed(visit, person, theirs)


def act_confirm(visit: Visit, token: str, form: Form) -> Page:
    """Confirm."""
    del form
    found = visit.read(Purpose.CONFIRM, token)
    if found is None:
        return visit.unknown()
    if found.expired:
        return _gone(visit, who(visit, found.subscriber)[0])
    person = consent.confirm(visit.database, found.subscriber, found.tag, visit.now)
    if person is None:
        return _gone(visit, who(visit, found.subscriber)[0])
    return _confirmed(visit, person, who(visit, person.id)[1])


def show_unsubscribe(visit: Visit, token: str) -> Page:
    """What is to be left; whoever has left it already is told so."""
    found = visit.read(Purpose.UNSUBSCRIBE, token)
    if found is None:
        return visit.unknown()
    person, theirs = who(visit, found.subscriber)
    pages, active = visit.pages(person), _active(theirs)
    list_id = _list_of(visit, found, theirs)
    if person is None or list_id not in active:
        return _left(visit, found, person, list_id, active)
    html = pages.render(
        "unsubscribe.html",
        pages.words("service.leave", list=pages.offer(list_id).title),
        done=False,
        address=masked(person.email),
        preferences=_preferences(visit, found, person),
        several=len(active) > 1,
    )
    return Page(200, html)


def act_unsubscribe(visit: Visit, token: str, form: Form) -> Page:
    """Leave a list, or all of them; whatever the body says besides, a POST here means to leave (RFC 8058)."""
    found = visit.read(Purpose.UNSUBSCRIBE, token)
    if found is None:
        return visit.unknown()
    person, theirs = who(visit, found.subscriber)
    list_id = _list_of(visit, found, theirs)
    if person is not None:
        consent.leave(visit.database, person.id, None if "all" in form else [list_id], visit.now)
    active = _active(who(visit, found.subscriber)[1])
    return _left(visit, found, person, "" if "all" in form else list_id, active)


def show_refuse(visit: Visit, token: str) -> Page:
    """What never again means."""
    found = visit.read(Purpose.REFUSE, token)
    if found is None:
        return visit.unknown()
    with visit.database.reading() as connection:
        person = subscribers.get(connection, found.subscriber)
    if person is None:
        return _gone(visit, None)
    if person.erased:
        return _refused(visit, person)
    pages = visit.pages(person)
    title = pages.words("service.refuse")
    return Page(200, pages.render("refuse.html", title, done=False, address=masked(person.email)))


def act_refuse(visit: Visit, token: str, form: Form) -> Page:
    """Never write to this address again."""
    del form
    found = visit.read(Purpose.REFUSE, token)
    if found is None:
        return visit.unknown()
    consent.refuse(visit.database, found.subscriber, visit.now)
    with visit.database.reading() as connection:
        person = subscribers.get(connection, found.subscriber)
    return _refused(visit, person) if person else _gone(visit, None)


def who(visit: Visit, subscriber_id: int) -> tuple[Subscriber | None, tuple[Subscription, ...]]:
    """A subscriber with their subscriptions; nobody for one who is erased."""
    with visit.database.reading() as connection:
        person = subscribers.get(connection, subscriber_id)
        if person is None or person.erased:
            return None, ()
        return person, subscribers.subscriptions(connection, subscriber_id)


def _active(theirs: Sequence[Subscription]) -> set[str]:
    return {each.list for each in theirs if each.state in ACTIVE}


def _asked(visit: Visit, person: Subscriber, waiting: Sequence[Subscription]) -> Page:
    pages, interests = visit.pages(person), waiting[0].interests
    html = pages.render(
        "confirm.html",
        pages.words("service.confirm"),
        done=False,
        address=masked(person.email),
        lists=pages.offers(each.list for each in waiting),
        # Names are asked for only where there are any: compiling an edition may take its time.
        chosen=visit.choices.chosen(interests, pages.language) if interests else Chosen(),
    )
    return Page(200, html)


def _confirmed(visit: Visit, person: Subscriber, theirs: Sequence[Subscription]) -> Page:
    pages = visit.pages(person)
    lists = [each.list for each in theirs if each.state is SubscriptionState.CONFIRMED]
    html = pages.render(
        "confirm.html",
        pages.words("service.confirmed"),
        done=True,
        address=masked(person.email),
        lists=[_with_next(visit, pages, person, id_) for id_ in lists],
        preferences=visit.preferences(person),
    )
    return Page(200, html)


def _with_next(visit: Visit, pages: ServicePages, person: Subscriber, list_id: str) -> Offer:
    """A list, and when its next issue is due for this reader."""
    offer, settings = pages.offer(list_id), visit.config.lists.get(list_id)
    home = visit.config.site.timezone
    period = next_due(settings, home, visit.now) if settings else None
    if settings is None or period is None:
        return offer
    timezone = person.timezone if settings.is_local else settings.timezone or home
    due = due_in(settings, home, period.key, timezone)
    return replace(offer, next=dates.when(Hours(due, None, timezone), pages.words))


def _gone(visit: Visit, person: Subscriber | None) -> Page:
    """For a link that was ours and is too old, or is overtaken by a newer one."""
    return Page(410, visit.pages(person).notice("service.gone", again=True))


def _list_of(visit: Visit, token: Token, theirs: Sequence[Subscription]) -> str:
    """The list that a token is for; empty for one that there is no more."""
    known = (*visit.config.lists, *(each.list for each in theirs))
    return next((id_ for id_ in known if list_tag(id_) == token.tag), "")


def _left(visit: Visit, token: Token, person: Subscriber | None, list_id: str, active: set[str]) -> Page:
    """What leaving has come to; without a list, all of them are left, or one that there is no more."""
    pages = visit.pages(person)
    name = pages.offer(list_id).title if list_id else pages.site_title
    is_named = list_id or active
    title = pages.words("service.left", list=name) if is_named else pages.words("service.left_everything")
    html = pages.render(
        "unsubscribe.html",
        title,
        done=True,
        everything=not active,
        preferences=_preferences(visit, token, person),
    )
    return Page(200, html)


def _preferences(visit: Visit, token: Token, person: Subscriber | None) -> str:
    """Where to choose instead; empty for a link from before somebody made their earlier links invalid."""
    is_current = person is not None and token.version == person.token_version
    return visit.preferences(person) if person and is_current else ""


def _refused(visit: Visit, person: Subscriber) -> Page:
    pages = visit.pages(person)
    html = pages.render(
        "refuse.html", pages.words("service.refused"), done=True, contact=reply_to(visit.config)
    )
    return Page(200, html)
