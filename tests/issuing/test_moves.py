"""What a person may do to an issue, and what they are told where it cannot be done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .listed import ListedSite, monday, period
from .test_catch_up import later

Made = Callable[..., ListedSite]


def waiting(listed: Made, **settings: object) -> ListedSite:
    """A site whose first issue waits for approval."""
    site = listed(approve=True, **settings)
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick(monday(1))
    return site


def test_an_issue_waits_for_approval_where_its_list_asks_for_it(listed: Made) -> None:
    site = waiting(listed)
    site.tick(later(monday(1), hours=3))

    assert site.states() == {period(1): "held: waits for approval"}
    assert site.deliveries() == [(period(1), 1, "queued")]
    assert not (site.root / f"build/en/digests/weekly/{period(1)}").exists()
    assert f"weekly {period(1)} waits for `publisher digest approve" in site.run("status").stdout


def test_an_approved_issue_has_its_page_and_is_sent_with_the_day_of_its_approval(listed: Made) -> None:
    site = waiting(listed)
    approved = later(monday(1), days=1)

    said = site.run("digest", "approve", "weekly", period(1), "--now", approved).stdout
    assert said == f"weekly {period(1)}  sending\n"
    assert "Alpha" in site.served(f"en/digests/weekly/{period(1)}/index.html")
    site.tick(later(approved, minutes=1))

    assert site.states() == {period(1): "done"}
    (message,) = site.captured()
    assert b"Date: Tue, 02 Jun 2026 03:00:00 +0000" in message


def test_what_nobody_approves_in_time_is_told_by_the_next_issue(listed: Made) -> None:
    site = waiting(listed)
    late = later(monday(1), days=3)

    refused = site.run("digest", "approve", "weekly", period(1), "--now", late, status=1).stderr
    assert "cannot be approved: it is held" in refused
    assert "it was to leave before 2026-06-04 03:00 UTC; its content is in the next one" in refused
    site.tick(late)
    assert site.states() == {period(1): "aborted: it waited until it was too late"}
    site.tick(monday(2))

    assert site.told(1)[period(2)] == {"Alpha"}


def test_a_paused_issue_sends_nothing_until_it_is_resumed(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.run("tick", "--now", monday(1), "--no-deliver")

    assert "paused: by hand" in site.run("digest", "pause", "weekly", period(1), "--now", monday(1)).stdout
    site.tick(later(monday(1), minutes=5))
    assert site.deliveries() == [(period(1), 1, "queued")]
    site.run("digest", "resume", "weekly", period(1), "--now", later(monday(1), minutes=6))
    site.tick(later(monday(1), minutes=7))

    assert site.states() == {period(1): "done"}
    assert len(site.captured()) == 1


def test_an_aborted_issue_reaches_nobody_and_the_next_one_tells_its_content(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.run("tick", "--now", monday(1), "--no-deliver")
    page = site.root / f"build/en/digests/weekly/{period(1)}/index.html"
    assert page.is_file()

    site.run("digest", "abort", "weekly", period(1), "--now", later(monday(1), minutes=1))
    assert site.states() == {period(1): "aborted: by hand"}
    assert site.deliveries() == [(period(1), 1, "suppressed")]
    assert not page.exists()
    site.tick(monday(2))

    assert site.captured() != []
    assert site.told(1)[period(2)] == {"Alpha"}
    assert site.deliveries()[1:] == [(period(2), 1, "sent")]


def test_an_aborted_issue_that_reached_somebody_keeps_its_page(site: ListedSite) -> None:
    site.read_by(1)
    site.read_by(2)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.run("tick", "--now", monday(1), "--no-deliver")
    site.defer(2, monday(1), until=later(monday(1), hours=2))
    site.tick(later(monday(1), minutes=1))
    assert site.states() == {period(1): "sending"}

    site.run("digest", "abort", "weekly", period(1), "--now", later(monday(1), minutes=2))

    assert site.deliveries() == [(period(1), 1, "sent"), (period(1), 2, "suppressed")]
    assert "Alpha" in site.served(f"en/digests/weekly/{period(1)}/index.html")
    site.tick(monday(2))
    assert site.told(2)[period(2)] == {"Alpha"}
    assert period(2) not in site.told(1)


def test_the_next_issue_can_be_held_before_there_is_one(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")

    said = site.run("digest", "hold", "weekly", period(1), "--now", "2026-05-30T12:00:00+05:00").stdout
    assert said == f"weekly {period(1)}  will wait for approval once it is made\n"
    site.tick(monday(1))
    assert site.states() == {period(1): "held: waits for approval"}
    site.run("digest", "approve", "weekly", period(1), "--now", later(monday(1), hours=1))
    site.tick(later(monday(1), hours=1))
    site.announce("beta", "2026-06-04T12:00:00+05:00")
    site.tick(monday(2))

    assert site.states() == {period(1): "done", period(2): "done"}


@pytest.mark.parametrize("verb", ["hold", "approve", "pause", "resume", "abort"])
def test_what_cannot_be_done_to_an_issue_is_said_with_what_can(site: ListedSite, verb: str) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick(monday(1))
    before = site.deliveries()

    refused = site.run(
        "digest", verb, "weekly", period(1), "--now", later(monday(1), hours=1), status=1
    ).stderr

    assert refused.startswith(f"publisher: weekly {period(1)} cannot be ")
    assert "it is done\nhint: everybody who was to get it has it" in refused
    assert site.states() == {period(1): "done"}
    assert site.deliveries() == before


@pytest.mark.parametrize("verb", ["hold", "approve", "pause", "resume", "abort"])
def test_an_issue_that_there_is_not_is_said_with_the_one_that_was_meant(site: ListedSite, verb: str) -> None:
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick(monday(1))
    now = later(monday(1), hours=1)

    missing = site.run("digest", verb, "weekly", "2026-W13", "--now", now, status=2).stderr
    no_list = site.run("digest", verb, "weakly", period(1), "--now", now, status=2).stderr

    assert missing == f"publisher: list 'weekly' has no issue '2026-W13'\nhint: did you mean '{period(1)}'?\n"
    assert no_list == "publisher: no such list 'weakly'\nhint: did you mean 'weekly'?\n"


def test_only_what_is_held_can_be_approved(listed: Made) -> None:
    site = waiting(listed)
    refused = site.run("digest", "resume", "weekly", period(1), "--now", monday(1), status=1).stderr

    assert "cannot be resumed: it is held (waits for approval)" in refused
    assert "`publisher digest approve` has it sent" in refused


def test_the_list_of_issues_says_how_each_stands(site: ListedSite) -> None:
    site.read_by(1)
    site.read_by(2)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.run("tick", "--now", monday(1), "--no-deliver")
    site.fail(2, monday(1))
    site.tick(later(monday(1), minutes=1))
    site.tick(monday(2))

    assert site.run("digest", "list").stdout.splitlines() == [
        f"weekly {period(2)}  done  1 sent",
        f"weekly {period(1)}  done  1 sent, 1 failed",
        "2 issues",
    ]
