"""When a record counts as first published: the same in every clone of the site, and never in the future."""

from __future__ import annotations

from typing import Any

import pytest

from publisher.model.ledger import Ledger
from publisher.model.records import Kind

from .desk import Desk, at

SOURCES = [{"title": "Another", "published": "2026-03-07"}, {"title": "A Report", "published": "2026-02-03"}]


def test_publish_at_comes_before_everything_else() -> None:
    desk = Desk()
    desk.announcement(publish_at="2026-03-01 09:00", date="2026-01-01", sources=SOURCES)

    desk.release("2026-06-01")

    assert desk.item("announcement/news").first_published == at("2026-03-01 09:00")


def test_a_day_to_publish_at_begins_at_its_midnight_where_the_site_is() -> None:
    desk = Desk()
    desk.announcement(publish_at="2026-03-01")

    desk.release("2026-06-01")

    assert desk.item("announcement/news").first_published == at("2026-03-01 00:00")


def test_then_comes_the_date_of_an_announcement() -> None:
    desk = Desk()
    desk.announcement(date="2026-04-05", sources=SOURCES)

    desk.release("2026-06-01")

    assert desk.item("announcement/news").first_published == at("2026-04-05 00:00")


def test_then_the_earliest_day_that_a_source_was_published() -> None:
    desk = Desk()
    desk.event(sources=SOURCES)

    desk.release("2026-06-01")

    assert desk.item().first_published == at("2026-02-03 00:00")


def test_a_source_whose_day_is_not_known_decides_nothing() -> None:
    desk = Desk()
    desk.event(
        sources=[{"title": "Vague", "published": "2025-01"}, {"title": "Day", "published": "2026-02-03"}]
    )

    desk.release("2026-06-01")

    assert desk.item().first_published == at("2026-02-03 00:00")


def test_else_it_is_now() -> None:
    desk = Desk()
    desk.event(sources=[{"title": "Vague", "published": "2025"}])

    desk.release("2026-06-01 08:30")

    assert desk.item().first_published == at("2026-06-01 08:30")


@pytest.mark.parametrize(
    "fields", [{"date": "2027-01-01"}, {"sources": [{"title": "S", "published": "2027-01-01"}]}]
)
def test_it_is_never_in_the_future(fields: dict[str, Any]) -> None:
    desk = Desk()
    desk.announcement(**fields)

    desk.release("2026-06-01 08:30")

    assert desk.item("announcement/news").first_published == at("2026-06-01 08:30")


def test_a_fresh_clone_publishes_the_same_dates_whenever_it_is_built() -> None:
    desk = Desk()
    desk.named(Kind.TOPIC, "science")
    desk.event(
        "dated",
        sources=SOURCES,
        topics=["science"],
        sessions=[{"id": "a", "title": "A", "start": "2026-06-11 09:00"}],
    )
    desk.announcement("scheduled", publish_at="2026-03-01 09:00")
    desk.announcement("told", date="2026-04-05", topics=["science"])
    first = desk.release("2026-06-01")

    desk.ledger = Ledger()
    second = desk.release("2026-09-09 21:12")

    assert first == second
    assert desk.item("topic/science").first_published == at("2026-02-03 00:00")
    assert desk.item("event/dated/session/a").updated == at("2026-02-03 00:00")


def test_once_published_it_stays_so_whatever_dates_are_given_later() -> None:
    desk = Desk()
    desk.event()
    desk.release("2026-06-01")

    desk.event(sources=SOURCES, publish_at="2026-12-01 09:00")
    desk.release("2026-06-02")

    assert desk.item().first_published == at("2026-06-01")


def test_items_are_counted_in_the_order_in_which_they_became_public() -> None:
    desk = Desk()
    desk.announcement("second", date="2026-03-01")
    desk.announcement("first", date="2026-02-01")
    desk.release("2026-06-01")
    desk.announcement("older-but-added-later", date="2025-01-01")
    desk.release("2026-06-02")

    numbers = {item.id: item.ordinal for item in desk.ledger}

    assert numbers == {"first": 1, "second": 2, "older-but-added-later": 3}
