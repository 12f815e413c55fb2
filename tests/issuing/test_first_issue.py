"""What a list's first readers are told, when the list did not begin as it should have."""

from __future__ import annotations

from .listed import ListedSite, monday, period


def test_what_a_first_issue_that_was_missed_would_have_told_is_in_the_next_one(site: ListedSite) -> None:
    site.read_by(1, None)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")

    site.tick(monday(2))

    assert site.states() == {period(1): "skipped: missed", period(2): "done"}
    assert site.told(1) == {period(2): {"Alpha"}}


def test_what_was_told_by_an_issue_is_no_news_to_who_comes_after_a_missed_one(site: ListedSite) -> None:
    site.read_by(1, None)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick(monday(1))
    site.announce("beta", "2026-06-02T12:00:00+05:00")
    site.read_by(2, None, since="2026-06-03T12:00:00+05:00")

    site.tick(monday(3))

    assert site.states() == {period(1): "done", period(2): "skipped: missed", period(3): "done"}
    assert site.told(1) == {period(1): {"Alpha"}, period(3): {"Beta"}}
    assert site.told(2) == {period(3): {"Beta"}}


def test_a_release_that_an_issue_overtakes_is_told_by_the_next_one(site: ListedSite) -> None:
    """It began before the issue was cut, and was committed after."""
    site.read_by(1, None)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick(monday(1))

    site.announce("beta", "2026-06-01T07:59:58+05:00")
    site.tick(monday(2))

    assert site.told(1) == {period(1): {"Alpha"}, period(2): {"Beta"}}
