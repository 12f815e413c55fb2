"""Issues when they are due, when they were missed, and for readers who know different things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from publisher.app import open_site
from publisher.issuing.catch_up import begin_due
from publisher.model.mailing import SubscriptionState
from sites import instant

from .listed import ListedSite, monday, period

Made = Callable[..., ListedSite]


def later(moment: str, **spans: int) -> str:
    return (instant(moment) + timedelta(**spans)).isoformat()


def test_a_list_is_due_at_its_minute_and_not_before(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")

    site.tick(later(monday(1), minutes=-1))
    assert site.issues() == {}
    report = site.tick(monday(1))

    assert site.states() == {period(1): "done"}
    assert [(each["list"], each["period"], each["state"]) for each in report["issues"]] == [
        ("weekly", period(1), "done")
    ]
    assert report["delivered"]["counts"] == {"sent": 1}
    assert site.told(1) == {period(1): {"Alpha"}}
    assert len(site.captured()) == 1


def test_what_is_due_once_is_made_once_however_often_one_looks(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    for minute in range(4):
        site.tick(later(monday(1), minutes=minute))

    assert site.deliveries() == [(period(1), 1, "sent")]
    assert len(site.captured()) == 1


def test_without_delivering_the_mail_waits_in_the_outbox(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")

    site.run("tick", "--now", monday(1), "--no-deliver")
    assert site.states() == {period(1): "sending"}
    assert site.deliveries() == [(period(1), 1, "queued")]

    site.run("deliver", "--now", later(monday(1), minutes=1), "--until-empty")
    assert site.states() == {period(1): "done"}
    assert site.deliveries() == [(period(1), 1, "sent")]


def test_of_missed_periods_the_latest_is_made_and_the_others_are_said_to_be_missed(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.announce("beta", "2026-06-04T12:00:00+05:00")

    site.tick(later(monday(3), hours=5))

    assert site.states() == {period(1): "skipped: missed", period(2): "skipped: missed", period(3): "done"}
    assert site.told(1) == {period(3): {"Alpha", "Beta"}}
    assert site.issues()[period(3)].cut_at == instant(later(monday(3), hours=5))


def test_all_missed_periods_are_made_up_for_each_with_what_its_readers_did_not_know(listed: Made) -> None:
    site = listed(catch_up="all", max_lateness="60d")
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.announce("beta", "2026-06-04T12:00:00+05:00")
    site.announce("gamma", "2026-06-16T12:00:00+05:00")

    site.tick(later(monday(3), days=2))

    assert site.states() == {period(1): "done", period(2): "done", period(3): "done"}
    assert site.told(1) == {period(1): {"Alpha"}, period(2): {"Beta"}, period(3): {"Gamma"}}
    cuts = [each.cut_at for each in site.issues().values()]
    assert cuts == [instant(monday(1)), instant(monday(2)), instant(later(monday(3), days=2))]


def test_a_clock_that_was_years_ahead_for_a_moment_costs_no_issue(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick("2036-06-02T08:00:00+05:00")

    site.tick("2026-05-30T12:00:00+05:00")
    site.announce("beta", "2026-05-30T13:00:00+05:00")
    site.tick(monday(1))

    assert site.states() == {period(1): "done", "2036-W23": "done"}
    assert "Beta" in site.told(1)[period(1)]


def test_nothing_is_made_up_for_where_that_is_asked_for(listed: Made) -> None:
    site = listed(catch_up="none")
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")

    site.tick(later(monday(2), hours=3))
    assert site.states() == {period(1): "skipped: missed", period(2): "skipped: missed"}

    site.tick(later(monday(3), minutes=20))
    assert site.states()[period(3)] == "done"
    assert site.told(1) == {period(3): {"Alpha"}}


def test_what_is_too_late_is_skipped_and_told_by_the_next_one(listed: Made) -> None:
    site = listed(max_lateness="12h")
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")

    site.tick(later(monday(1), hours=12))
    assert site.states() == {period(1): "skipped: too late"}

    site.tick(monday(2))
    assert site.told(1) == {period(2): {"Alpha"}}


def test_no_issue_is_made_of_the_time_before_there_was_the_list(site: ListedSite) -> None:
    site.configure(day="fri")
    config = site.root / "publisher.toml"
    config.write_text(config.read_text().replace("[lists.weekly]", "[lists.fresh]"))

    site.tick("2026-07-01T12:00:00+05:00")
    assert site.issues() == {}
    site.tick("2026-07-03T08:00:00+05:00")

    assert list(site.issues()) == ["2026-W27"]


def test_where_nothing_is_new_there_is_no_mail_and_that_is_said(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick(monday(1))
    site.tick(monday(2))

    assert site.states() == {period(1): "done", period(2): "skipped: nothing new"}
    assert site.deliveries() == [(period(1), 1, "sent")]
    assert not (site.root / f"build/en/digests/weekly/{period(2)}").exists()


def test_a_reader_who_came_in_between_is_told_only_what_is_new_since(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.read_by(2, "2026-05-29T12:00:00+05:00")
    site.announce("beta", "2026-05-30T12:00:00+05:00")
    site.read_by(3, "2026-05-31T12:00:00+05:00")

    site.tick(monday(1))

    assert site.told(1) == {period(1): {"Alpha", "Beta"}}
    assert site.told(2) == {period(1): {"Beta"}}
    assert site.told(3) == {}


def test_a_readers_first_issue_is_what_everybody_gets(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick(monday(1))
    site.announce("beta", "2026-06-04T12:00:00+05:00")
    site.read_by(2, None, since="2026-06-05T12:00:00+05:00")

    site.tick(monday(2))

    assert site.told(1)[period(2)] == site.told(2)[period(2)] == {"Beta"}
    assert len(set(site.cohorts(period(2)).values())) == 1


def test_issues_that_are_made_up_for_are_not_for_readers_who_came_later(listed: Made) -> None:
    site = listed(catch_up="all", max_lateness="60d")
    site.event(start="2026-06-02", end="2026-06-09")
    for number, day in enumerate(("2026-05-28", "2026-06-04", "2026-06-11")):
        site.announce(("alpha", "beta", "gamma")[number], f"{day}T12:00:00+05:00")
    site.read_by(1, None, since="2026-05-29T12:00:00+05:00")
    site.read_by(2, None, since="2026-06-09T12:00:00+05:00")

    site.tick(later(monday(3), hours=1))

    assert list(site.told(1)) == [period(1), period(2), period(3)]
    assert list(site.told(2)) == [period(3)]


def test_a_reader_whom_an_issue_did_not_reach_is_told_its_content_by_the_next_one(site: ListedSite) -> None:
    site.read_by(1)
    site.read_by(2)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.run("tick", "--now", monday(1), "--no-deliver")
    site.fail(2, monday(1))
    site.run("deliver", "--now", later(monday(1), minutes=1))
    site.announce("beta", "2026-06-04T12:00:00+05:00")

    site.tick(monday(2))

    assert site.told(1)[period(2)] == {"Beta"}
    assert site.told(2)[period(2)] == {"Alpha", "Beta"}


def test_what_an_issue_under_way_will_tell_is_not_told_twice(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.run("tick", "--now", monday(1), "--no-deliver")
    site.announce("beta", "2026-06-04T12:00:00+05:00")

    site.run("tick", "--now", monday(2), "--no-deliver")

    assert site.told(1) == {period(1): {"Alpha"}, period(2): {"Beta"}}


def test_readers_get_what_they_chose_and_those_who_chose_alike_share_it(site: ListedSite) -> None:
    site.write("content/topics/art.md", "---\nid: art\nname: Art\n---\n")
    site.announce("alpha", "2026-05-28T12:00:00+05:00", topics="[science]")
    site.announce("beta", "2026-05-28T13:00:00+05:00", topics="[art]")
    site.read_by(1)
    site.read_by(2, topics=("art",))
    site.read_by(3, topics=("art",))
    site.read_by(4, topics=("music",))

    site.tick(monday(1))

    assert [site.told(number).get(period(1)) for number in (1, 2, 3, 4)] == [
        {"Alpha", "Beta"},
        {"Beta"},
        {"Beta"},
        None,
    ]


@pytest.mark.parametrize("state", [SubscriptionState.UNCONFIRMED, SubscriptionState.UNSUBSCRIBED])
def test_whoever_is_not_confirmed_gets_nothing(site: ListedSite, state: SubscriptionState) -> None:
    site.read_by(1, state=state)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick(monday(1))

    assert site.deliveries() == []


def test_readers_get_their_language_where_the_list_has_it_and_else_the_sites(listed: Made) -> None:
    site = listed(languages=["ru", "en"])
    for number, language in enumerate(("en", "ru", "kk"), 1):
        site.read_by(number, language=language)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")

    site.tick(monday(1))

    languages = [
        part for data in site.captured() for part in (b"en", b"ru") if b"Content-Language: " + part in data
    ]
    assert sorted(languages) == [b"en", b"en", b"ru"]


def test_a_readers_own_morning_is_waited_for(listed: Made) -> None:
    site = listed(timezone="reader")
    site.read_by(1, timezone="Pacific/Auckland")
    site.read_by(2, timezone="Asia/Almaty")
    site.read_by(3, timezone="America/New_York")
    site.read_by(4, timezone="Nowhere/Atlantis")
    site.announce("alpha", "2026-05-28T12:00:00+05:00")

    site.tick("2026-05-31T23:00:00+05:00")  # 08:00 of Monday in UTC+14
    assert site.deliveries() == [(period(1), number, "queued") for number in (1, 2, 3, 4)]
    # Whoever is of no known zone gets it when the site's readers do.
    mornings = {"2026-06-01T08:00:00+12:00": {1}, monday(1): {2, 4}, "2026-06-01T08:00:00-04:00": {3}}
    sent: set[int] = set()
    for morning, readers in mornings.items():
        site.tick(later(morning, minutes=-1))
        assert {number for _, number, state in site.deliveries() if state == "sent"} == sent
        site.tick(morning)
        sent |= readers
        assert {number for _, number, state in site.deliveries() if state == "sent"} == sent
    assert site.states() == {period(1): "done"}


def test_an_issue_in_the_readers_own_time_is_dated_with_the_day_on_which_they_get_it(listed: Made) -> None:
    site = listed(timezone="reader")
    site.read_by(1, timezone="America/Los_Angeles")
    site.announce("alpha", "2026-05-28T12:00:00+05:00")

    site.tick("2026-06-01T17:00:00+05:00")  # the second of June in UTC+14
    site.tick("2026-06-01T08:00:00-07:00")

    (mail,) = site.captured()
    text = message_from_bytes(mail, policy=default).get_body(("plain",)).get_content()
    assert ", 1 June 2026" in text
    assert "2 June 2026" not in text


def test_the_page_of_an_issue_is_public_before_its_mail_leaves(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")

    site.run("tick", "--now", monday(1), "--no-deliver")

    page = site.served(f"en/digests/weekly/{period(1)}/index.html")
    assert "Alpha" in page
    assert "Alpha" in site.served(f"ru/digests/weekly/{period(1)}/index.html")
    assert "/unsubscribe/" not in page
    assert "/preferences/" not in page


def test_an_issue_that_nobody_gets_has_its_page_all_the_same(site: ListedSite) -> None:
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick(monday(1))

    assert site.states() == {period(1): "done"}
    assert "Alpha" in site.served(f"en/digests/weekly/{period(1)}/index.html")


def test_the_page_stays_as_it_was_sent_whatever_becomes_of_the_record(site: ListedSite) -> None:
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick(monday(1))
    before = site.served(f"en/digests/weekly/{period(1)}/index.html")
    path = site.root / "content/announcements/2026/alpha.md"
    path.write_text(path.read_text().replace("Alpha", "Omega"))
    site.build("2026-06-02T12:00:00+05:00")

    assert site.served("en/announcements/alpha/index.html").count("Omega")
    assert "Omega" not in site.served(f"en/digests/weekly/{period(1)}/index.html")
    assert "Alpha" in before


def test_an_event_that_moves_is_told_as_moved_to_those_who_knew_and_as_new_to_others(
    site: ListedSite,
) -> None:
    site.event(start="2026-07-11", end="2026-07-13")
    site.build("2026-05-28T12:00:00+05:00")
    site.read_by(1, "2026-05-29T12:00:00+05:00")
    site.read_by(2)
    site.event(start="2026-07-12", end="2026-07-14")
    site.build("2026-05-30T12:00:00+05:00")

    site.tick(monday(1))

    cohorts = site.cohorts(period(1))
    assert len(cohorts) == 2
    assert cohorts[1] != cohorts[2]
    assert site.told(1) == {period(1): {"A Meeting"}}


def test_a_list_that_is_due_with_each_release_is_due_then(listed: Made) -> None:
    site = listed(cadence="each", day=None)
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick("2026-05-28T12:01:00+05:00")
    site.tick("2026-05-28T12:02:00+05:00")
    site.announce("beta", "2026-05-28T15:00:00+05:00")
    site.tick("2026-05-28T15:00:00+05:00")
    site.tick("2026-05-28T15:01:00+05:00")

    assert site.told(1) == {
        "2026-05-28T070000Z": {"Alpha"},
        "2026-05-28T100000Z": {"Beta"},
    }
    assert len(site.captured()) == 2


def test_an_issue_of_a_list_that_is_gone_is_ended(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    _begin_only(site)
    config = site.root / "publisher.toml"
    config.write_text(config.read_text().replace("[lists.weekly]", "[lists.other]"))

    site.tick(later(monday(1), minutes=1))

    assert site.states() == {period(1): "aborted: its list is not in publisher.toml any more"}


def test_an_issue_that_was_begun_and_left_until_it_is_too_late_is_skipped(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    _begin_only(site)

    site.tick(later(monday(1), days=3))

    assert site.states() == {period(1): "skipped: too late"}
    assert site.deliveries() == []


def test_sign_ups_that_nobody_confirmed_are_forgotten_after_a_week(site: ListedSite) -> None:
    site.read_by(1, "2026-05-28T12:00:00+05:00", state=SubscriptionState.UNCONFIRMED)
    site.read_by(2, "2026-05-28T12:00:00+05:00")

    assert site.tick("2026-06-04T11:59:00+05:00")["purged"] == 0
    assert site.tick("2026-06-04T13:00:00+05:00")["purged"] == 1
    assert site.tick("2026-06-04T14:00:00+05:00")["purged"] == 0
    shown = site.run("subscribers", "list").stdout
    assert "1 reader" in shown
    assert "confirmed" in shown


def _begin_only(site: ListedSite) -> None:
    """As a builder leaves an issue that is killed at its first step."""
    opened = open_site(site.root)
    begin_due(opened, instant(monday(1)))
    opened.database.close()
    assert site.states() == {period(1): "building"}
