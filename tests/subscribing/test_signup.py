"""Signing up: a letter asks to confirm, nobody is flooded with letters, what is confirmed stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from publisher.mailing.addresses import address_hash
from publisher.model.mailing import Interests
from publisher.store import subscribers, suppressions
from publisher.subscribing import consent
from publisher.subscribing.signup import Limits, salt

from .people import DAY, HERE, HOUR, MINUTE, NOW, WORDS, Office, asked, message_id

if TYPE_CHECKING:
    from datetime import datetime

LAW = Interests(topics=("law",))


def test_a_new_reader_is_asked_to_confirm(office: Office) -> None:
    office.sign_up(asked("Ann@Example.org", "weekly", "monthly", interests=LAW))

    ann = office.person()
    assert (ann.email, ann.language, ann.timezone) == ("Ann@example.org", "kk", "Asia/Almaty")
    assert office.states(ann) == {"monthly": "unconfirmed", "weekly": "unconfirmed"}
    assert {each.interests for each in office.subscriptions(ann).values()} == {LAW}
    assert office.letters() == [("confirm", NOW)]


def test_what_was_agreed_to_is_kept_and_when_it_was_confirmed(office: Office) -> None:
    office.sign_up(asked())
    ann = office.person()
    before = office.subscriptions(ann)["weekly"]

    consent.confirm(office.database, ann.id, office.tag(ann), NOW + HOUR)

    assert (before.consent_source, before.consent_text, before.consent_at) == ("web", WORDS, None)
    after = office.subscriptions(ann)["weekly"]
    assert (after.consent_source, after.consent_text, after.consent_at) == ("web", WORDS, NOW + HOUR)


def test_an_impatient_reader_gets_one_letter_and_its_link_stays_good(office: Office) -> None:
    office.sign_up(asked())
    tag = office.tag(office.person())

    for minute in range(1, 10):
        office.sign_up(asked("ann@example.org", "monthly", interests=LAW), NOW + minute * MINUTE)

    assert office.letters() == [("confirm", NOW)]
    assert office.tag(office.person()) == tag


def test_who_asks_anew_the_next_day_gets_a_letter_about_what_they_ask_for_now(office: Office) -> None:
    office.sign_up(asked())
    old = office.tag(office.person())

    office.sign_up(asked("ann@example.org", "monthly", language="ru"), NOW + DAY + MINUTE)

    ann = office.person()
    assert office.states(ann) == {"monthly": "unconfirmed"}
    assert ann.language == "ru"
    assert [when for _, when in office.letters()] == [NOW, NOW + DAY + MINUTE]
    assert consent.confirm(office.database, ann.id, old, NOW + DAY + HOUR) is None
    assert consent.confirm(office.database, ann.id, office.tag(ann), NOW + DAY + HOUR) is not None


def test_who_is_signed_up_is_told_so_by_letter_and_nothing_changes(office: Office) -> None:
    ann = office.confirmed()
    before = office.subscriptions(ann)

    office.sign_up(asked(interests=LAW, language="ru", timezone="UTC"), NOW + 2 * DAY)

    assert office.subscriptions(ann) == before
    assert office.person() == ann
    assert office.letters() == [("confirm", NOW), ("known", NOW + 2 * DAY)]


def test_another_list_has_to_be_confirmed_and_leaves_the_first_as_it_is(office: Office) -> None:
    ann = office.confirmed()
    before = office.subscriptions(ann)["weekly"]

    office.sign_up(asked("ann@example.org", "weekly", "monthly", interests=LAW, language="ru"), NOW + 2 * DAY)

    assert office.states(ann) == {"monthly": "unconfirmed", "weekly": "confirmed"}
    assert office.subscriptions(ann)["weekly"] == before
    assert office.person().language == "kk"
    assert office.letters()[1:] == [("confirm", NOW + 2 * DAY)]


def test_a_pause_is_not_ended_by_signing_up(office: Office) -> None:
    ann = office.confirmed()
    pause = consent.Wish(state=consent.SubscriptionState.PAUSED, interests=Interests())
    consent.change(office.database, ann.id, 1, consent.Wishes(
        language="kk", timezone="UTC", lists={"weekly": pause}, consent_text=WORDS
    ), NOW)  # fmt: skip

    office.sign_up(asked(), NOW + 2 * DAY)

    assert office.states(ann) == {"weekly": "paused"}
    assert office.letters()[1:] == [("known", NOW + 2 * DAY)]


def test_who_has_left_can_come_back_but_must_confirm(office: Office) -> None:
    ann = office.confirmed()
    consent.leave(office.database, ann.id, None, NOW + HOUR)

    office.sign_up(asked(), NOW + 2 * DAY)

    assert office.states(ann) == {"weekly": "unconfirmed"}
    assert office.person().id == ann.id


def test_addresses_that_differ_in_spelling_only_are_one_reader(office: Office) -> None:
    office.confirmed("ann@example.org")

    office.sign_up(asked("ＡＮＮ@EXAMPLE.ORG"), NOW + 2 * DAY)

    assert office.letters()[1:] == [("known", NOW + 2 * DAY)]


def test_a_plus_makes_another_reader(office: Office) -> None:
    office.confirmed("ann@example.org")

    office.sign_up(asked("ann+news@example.org"), NOW + 2 * DAY)

    assert office.letters()[1:] == [("confirm", NOW + 2 * DAY)]


@pytest.mark.parametrize("until", [None, NOW + DAY])
def test_nothing_is_sent_to_an_address_that_must_not_be_written_to(
    office: Office, until: datetime | None
) -> None:
    hashed = address_hash(salt(office.database, NOW), "ann@example.org")
    with office.database.writing() as connection:
        suppressions.suppress(connection, hashed, "operator", NOW, until)

    office.sign_up(asked())

    assert office.letters() == []
    assert office.rows()["subscriber"] == []


def test_what_is_no_address_leaves_no_trace_but_a_count(office: Office) -> None:
    before = office.rows()

    office.sign_up(replace(asked(), email=None, key="no address"))

    after = office.rows()
    assert {name for name in after if after[name] != before[name]} <= {"limit", "schedule"}
    assert [row[2] for row in after["limit"]] == [1]


def test_strangers_cannot_flood_a_victim(office: Office) -> None:
    """Whoever asks, from wherever: one letter in a day, three in a month."""
    for hour in range(0, 24 * 40, 9):
        network = f"10.{hour // 250}.{hour % 250}.0/24"
        office.sign_up(asked(language=("kk", "ru")[hour % 2]), NOW + hour * HOUR, network)

    sent = [when for _, when in office.letters()]
    assert len(sent) > 3
    assert all(sum(begin <= when < begin + DAY for when in sent) == 1 for begin in sent)
    assert all(sum(begin <= when < begin + timedelta(days=30) for when in sent) <= 3 for begin in sent)


def test_two_servers_that_take_the_same_sign_up_at_once_send_one_letter(office: Office) -> None:
    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(lambda _: office.sign_up(asked()), range(8)))

    assert office.letters() == [("confirm", NOW)]
    assert len(office.rows()["subscriber"]) == 1


def test_a_network_may_sign_up_only_so_often_an_hour(office: Office) -> None:
    office.limits = Limits(3, 1_000, message_id)
    people = [asked(f"reader{number}@example.org") for number in range(20)]

    answers = [office.sign_up(person, NOW + 20 * MINUTE) for person in people]

    assert answers == [None] * 3 + [40 * MINUTE] * 17
    assert len(office.letters()) == 3
    assert [row[2] for row in office.rows()["limit"] if str(row[0]).startswith("sign-up")] == [3]
    assert office.sign_up(people[5], NOW + 20 * MINUTE, "198.51.100.0/24") is None
    assert office.sign_up(people[6], NOW + HOUR) is None


def test_however_many_networks_a_flood_comes_from_only_so_many_letters_go_out_in_a_day(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.limits = Limits(1_000, 3, message_id)

    for number in range(9):
        assert office.sign_up(asked(f"reader{number}@example.org"), NOW, f"198.51.{number}.0/24") is None

    assert len(office.letters()) == 3
    assert [record.getMessage() for record in caplog.records] == [
        "sign-ups: 3 letters today, the limit; the next goes out tomorrow, UTC"
    ]
    office.sign_up(asked("late@example.org"), NOW + DAY)
    assert len(office.letters()) == 4


def test_where_sign_ups_came_from_cannot_be_read_afterwards(office: Office) -> None:
    office.sign_up(asked(), network=HERE)

    assert "192.0.2" not in repr(office.rows())


def test_a_sign_up_that_nobody_confirms_is_forgotten(office: Office) -> None:
    office.sign_up(asked())

    with office.database.working() as connection:
        subscribers.purge_unconfirmed(connection, NOW + timedelta(days=7))

    rows = office.rows()
    assert rows["subscriber"] == rows["subscription"] == rows["delivery"] == []
    office.sign_up(asked(), NOW + timedelta(days=8))
    assert office.letters() == [("confirm", NOW + timedelta(days=8))]
