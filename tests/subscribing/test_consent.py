"""Consent: only the letter's own link gives it; a leave takes it back at once, and wins over the queue."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from publisher.model.mailing import DeliveryState, Interests, SubscriptionState
from publisher.store import outbox, subscribers, suppressions
from publisher.subscribing import consent
from publisher.subscribing.consent import Wish, Wishes

from .people import DAY, HOUR, NOW, WORDS, Office, asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.model.mailing import Subscriber

LAW = Interests(topics=("law",))
ON, PAUSED, OFF = (
    SubscriptionState.CONFIRMED,
    SubscriptionState.PAUSED,
    SubscriptionState.UNSUBSCRIBED,
)


def wishes(**lists: Wish) -> Wishes:
    return Wishes(language="ru", timezone="UTC", lists=lists, consent_text="I agree anew.")


def wish(state: SubscriptionState, **values: object) -> Wish:
    return Wish(state=state, **{"interests": Interests(), **values})  # type: ignore[arg-type]


def test_confirming_makes_a_reader_from_now_on(office: Office) -> None:
    office.sign_up(asked("ann@example.org", "weekly", "monthly"))
    ann = office.person()

    consent.confirm(office.database, ann.id, office.tag(ann), NOW + HOUR)

    for each in office.subscriptions(ann).values():
        assert (each.state, each.told_until, each.changed) == (ON, None, NOW + HOUR)


def test_the_first_issue_is_what_everybody_gets_and_the_next_what_is_new(office: Office) -> None:
    ann = office.confirmed()
    first = office.subscriptions(ann)["weekly"].told_until
    with office.database.writing() as connection:
        for cut in (NOW, NOW + DAY, NOW - DAY):
            outbox.told(connection, ann.id, "weekly", cut)

    assert first is None
    assert office.subscriptions(ann)["weekly"].told_until == NOW + DAY


def test_confirming_twice_is_as_confirming_once(office: Office) -> None:
    office.sign_up()
    ann = office.person()
    tag = office.tag(ann)
    consent.confirm(office.database, ann.id, tag, NOW + HOUR)
    once = office.rows()

    assert consent.confirm(office.database, ann.id, tag, NOW + DAY) == ann
    assert office.rows() == once


def test_an_old_link_does_not_bring_back_who_has_left(office: Office) -> None:
    office.sign_up()
    ann = office.person()
    tag = office.tag(ann)
    consent.confirm(office.database, ann.id, tag, NOW + HOUR)
    consent.leave(office.database, ann.id, ["weekly"], NOW + 2 * HOUR)

    assert consent.confirm(office.database, ann.id, tag, NOW + DAY) is None
    assert office.states(ann) == {"weekly": "unsubscribed"}


def test_the_link_of_one_sign_up_does_not_confirm_another(office: Office) -> None:
    office.sign_up()
    ann = office.person()
    tag = office.tag(ann)
    office.sign_up(asked(interests=LAW), NOW + 2 * DAY)

    assert consent.confirm(office.database, ann.id, tag, NOW + 2 * DAY) is None
    assert office.states(ann) == {"weekly": "unconfirmed"}


def test_a_leave_suppresses_what_is_queued_of_the_list_and_nothing_else(office: Office) -> None:
    ann = office.confirmed("ann@example.org", "weekly", "monthly")
    bob = office.confirmed("bob@example.org")
    mine, other_list, others = office.queued(ann), office.queued(ann, "monthly"), office.queued(bob)

    consent.leave(office.database, ann.id, ["weekly"], NOW)

    assert office.states(ann) == {"monthly": "confirmed", "weekly": "unsubscribed"}
    assert office.states(bob) == {"weekly": "confirmed"}
    assert office.delivery(mine) is DeliveryState.SUPPRESSED
    assert {office.delivery(other_list), office.delivery(others)} == {DeliveryState.QUEUED}


@pytest.mark.parametrize("state", [DeliveryState.DEFERRED, DeliveryState.IN_DOUBT])
def test_a_leave_wins_over_what_was_tried_before(office: Office, state: DeliveryState) -> None:
    ann = office.confirmed()
    number = office.queued(ann)
    with office.database.writing() as connection:
        lease = outbox.Lease("somebody", NOW, NOW + HOUR)
        outbox.claim(connection, lease, NOW, 10)
        outbox.settle(connection, number, "somebody", outbox.Settlement(state, "450 later", NOW + DAY), NOW)

    consent.leave(office.database, ann.id, None, NOW)

    assert office.delivery(number) is DeliveryState.SUPPRESSED


def test_leaving_twice_is_as_leaving_once(office: Office) -> None:
    ann = office.confirmed()
    consent.leave(office.database, ann.id, ["weekly"], NOW + HOUR)
    once = office.rows()

    consent.leave(office.database, ann.id, ["weekly"], NOW + DAY)

    assert office.rows() == once


def leave(office: Office, ann: Subscriber) -> object:
    return consent.leave(office.database, ann.id, None, NOW)


def pause(office: Office, ann: Subscriber) -> object:
    return consent.change(office.database, ann.id, 1, wishes(weekly=wish(PAUSED)), NOW)


def refuse(office: Office, ann: Subscriber) -> object:
    return consent.refuse(office.database, ann.id, NOW)


def forget(office: Office, ann: Subscriber) -> object:
    return consent.forget(office.database, ann.id, NOW)


@pytest.mark.parametrize("verb", [leave, pause, refuse, forget])
def test_what_ends_mail_waits_for_the_message_that_is_on_its_way(
    office: Office, verb: Callable[[Office, Subscriber], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it is committed nothing arrives any more, so it is not before the message has."""
    monkeypatch.setattr(consent, "PATIENCE", 60.0)
    ann = office.confirmed()
    on_its_way, next_one = office.queued(ann), office.queued(ann)
    leaving = Thread(target=verb, args=(office, ann))

    with office.handing_over(on_its_way):
        leaving.start()
        for _ in range(20):
            leaving.join(consent.LOOK)
            assert office.states(ann) == {"weekly": "confirmed"}
            assert office.delivery(next_one) is DeliveryState.QUEUED
    leaving.join()

    assert office.states(ann) in ({"weekly": "unsubscribed"}, {"weekly": "paused"}, {})
    assert office.delivery(on_its_way) is DeliveryState.SENT
    assert office.delivery(next_one) is DeliveryState.SUPPRESSED


def test_a_leave_does_not_wait_for_a_message_to_somebody_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        consent, "PATIENCE", 0.0
    )  # a wait would begin all the same, so look whom it asks about
    ann, bob = office.confirmed("ann@example.org"), office.confirmed("bob@example.org")
    with office.handing_over(office.queued(bob)), office.database.reading() as connection:
        assert outbox.senders(connection, ann.id, NOW) == []
        assert outbox.senders(connection, bob.id, NOW) == ["somebody"]


def test_a_leave_does_not_wait_for_who_died_while_handing_over(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "from publisher.post.owners import new_owner; print(new_owner())"
    dead = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    monkeypatch.setattr(consent, "PATIENCE", float("inf"))
    ann = office.confirmed()
    with office.handing_over(office.queued(ann), owner=dead.stdout.strip()):
        consent.leave(office.database, ann.id, None, NOW)

        assert office.states(ann) == {"weekly": "unsubscribed"}


def test_a_leave_does_not_wait_for_ever_and_the_message_is_not_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent, "PATIENCE", 0.1)
    ann = office.confirmed()
    number = office.queued(ann)
    with office.handing_over(number):
        consent.leave(office.database, ann.id, None, NOW)

        assert office.states(ann) == {"weekly": "unsubscribed"}
        assert office.delivery(number) is DeliveryState.SENDING


def test_changing_sets_lists_interests_language_and_zone(office: Office) -> None:
    ann = office.confirmed("ann@example.org", "weekly", "monthly")
    number = office.queued(ann, "monthly")
    chosen = wishes(weekly=wish(ON, interests=LAW), monthly=wish(OFF), daily=wish(ON))

    changed = consent.change(office.database, ann.id, 1, chosen, NOW + DAY)

    assert changed == office.person() == ann.evolve(language="ru", timezone="UTC")
    assert office.states(ann) == {"daily": "confirmed", "monthly": "unsubscribed", "weekly": "confirmed"}
    assert office.delivery(number) is DeliveryState.SUPPRESSED
    theirs = office.subscriptions(ann)
    assert (theirs["weekly"].interests, theirs["weekly"].consent_text) == (LAW, WORDS)
    assert (theirs["daily"].consent_at, theirs["daily"].consent_text) == (NOW + DAY, "I agree anew.")


def test_a_pause_keeps_up_to_when_one_has_been_told(office: Office) -> None:
    ann = office.confirmed()
    with office.database.writing() as connection:
        outbox.told(connection, ann.id, "weekly", NOW)

    consent.change(
        office.database, ann.id, 1, wishes(weekly=wish(PAUSED, paused_until=NOW + 9 * DAY)), NOW + DAY
    )
    paused = office.subscriptions(ann)["weekly"]
    consent.change(office.database, ann.id, 1, wishes(weekly=wish(ON)), NOW + 2 * DAY)

    resumed = office.subscriptions(ann)["weekly"]
    assert (paused.state, paused.paused_until, paused.told_until) == (PAUSED, NOW + 9 * DAY, NOW)
    assert (resumed.state, resumed.paused_until, resumed.told_until) == (ON, None, NOW)
    assert resumed.consent_at == NOW


def test_changing_what_one_has_does_not_call_off_a_sign_up_that_waits(office: Office) -> None:
    ann = office.confirmed()
    office.sign_up(asked("ann@example.org", "monthly"), NOW + 2 * DAY)

    consent.change(office.database, ann.id, 1, wishes(weekly=wish(ON), monthly=wish(OFF)), NOW + 2 * DAY)

    assert office.states(ann)["monthly"] == "unconfirmed"


def test_a_link_that_was_made_invalid_changes_nothing(office: Office) -> None:
    ann = office.confirmed()
    renewed = consent.renew_links(office.database, ann.id, 1)
    before = office.rows()

    assert renewed == ann.evolve(token_version=2)
    assert consent.change(office.database, ann.id, 1, wishes(weekly=wish(OFF)), NOW) is None
    assert consent.renew_links(office.database, ann.id, 1) is None
    assert office.rows() == before


def test_who_refuses_is_never_written_to_again_and_their_address_is_gone(office: Office) -> None:
    ann = office.confirmed()
    number = office.queued(ann)

    consent.refuse(office.database, ann.id, NOW)

    assert office.delivery(number) is DeliveryState.SUPPRESSED
    assert "ann@example.org" not in repr(office.rows())
    with office.database.reading() as connection:
        assert suppressions.reason(connection, ann.address_hash, NOW + timedelta(days=3650)) == "refused"
    office.sign_up(asked(), NOW + timedelta(days=400))
    assert office.letters() == [("confirm", NOW)]


def test_refusing_twice_is_as_refusing_once(office: Office) -> None:
    ann = office.confirmed()
    consent.refuse(office.database, ann.id, NOW)
    once = office.rows()

    consent.refuse(office.database, ann.id, NOW + DAY)

    assert office.rows() == once


def test_who_is_forgotten_can_come_back_as_somebody_new(office: Office) -> None:
    ann = office.confirmed()

    assert consent.forget(office.database, ann.id, NOW)
    assert not consent.forget(office.database, ann.id, NOW)
    assert "ann@example.org" not in repr(office.rows())
    office.sign_up(asked(), NOW + 2 * DAY)
    assert office.person().id != ann.id


def test_a_fault_in_a_statement_quotes_no_address_in_the_log(office: Office) -> None:
    office.sign_up()
    with pytest.raises(IntegrityError) as fault, office.database.writing() as connection:
        subscribers.add(connection, office.person().evolve(email_key="another@example.org"))

    assert "ann@example.org" not in str(fault.value)
    assert "another@example.org" not in str(fault.value)


def test_nobody_is_no_reason_to_fail(office: Office) -> None:
    before = office.rows()

    assert consent.confirm(office.database, 7, b"x" * 8, NOW) is None
    assert consent.change(office.database, 7, 1, wishes(weekly=wish(ON)), NOW) is None
    consent.leave(office.database, 7, None, NOW)
    consent.refuse(office.database, 7, NOW)

    assert office.rows() == before


def test_a_reader_who_confirms_while_the_sign_up_is_being_purged_is_a_reader_or_nobody(
    office: Office,
) -> None:
    """Of the two that come at the same time one is wholly before the other."""
    for number in range(5):
        email = f"reader{number}@example.org"
        office.sign_up(asked(email))
        person = office.person(email)
        tag = office.tag(person)

        def purge() -> None:
            with office.database.working() as connection:
                subscribers.purge_unconfirmed(connection, NOW + 8 * DAY)

        purging = Thread(target=purge)
        purging.start()
        confirmed = consent.confirm(office.database, person.id, tag, NOW + DAY)
        purging.join()

        assert office.states(person) == ({"weekly": "confirmed"} if confirmed else {})
