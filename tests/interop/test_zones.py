"""Thunderbird's engine reads our VTIMEZONE and the rules that records may have as we do."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr

from ics.test_vtimezone import FIRST, LAST, calendar_with, hours_to_ask, zones_that_differ
from publisher.ics.vtimezone import vtimezone
from publisher.model.rule import BadRule, read_rule
from publisher.model.rule_dates import rule_dates
from publisher.zones import zone

from .tools import node

pytestmark = pytest.mark.interop

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def test_every_zone_is_right_around_every_change_until_2037() -> None:
    """Of the hour that is shown twice only the second showing is asked: ical.js takes no other."""
    names = zones_that_differ()
    asked = [[hour for hour in hours_to_ask(name) if not is_first_showing(hour, name)] for name in names]
    locals_ = [
        [f"{hour.astimezone(zone(name)):%Y-%m-%dT%H:%M:%S}" for hour in hours]
        for name, hours in zip(names, asked, strict=True)
    ]
    calendars = [calendar_with(vtimezone(name, FIRST, LAST)) for name in names]
    answers = node("zones.mjs", list(zip(calendars, locals_, strict=True)), "ical.js")

    wrong = [
        f"{name} {local}: {(got - hour.timestamp()) / 3600:+} hours"
        for name, hours, written, answer in zip(names, asked, locals_, answers, strict=True)
        for hour, local, got in zip(hours, written, answer, strict=True)
        if got != hour.timestamp()
    ]

    assert wrong == []


def is_first_showing(hour: datetime, name: str) -> bool:
    local = hour.astimezone(zone(name))
    return not local.fold and local.utcoffset() != local.replace(fold=1).utcoffset()


def test_every_rule_that_a_record_may_have_gives_the_same_dates() -> None:
    """Rules of all sorts, five hundred of those that records may have, until 2040."""
    chance = random.Random(5545)  # noqa: S311 -- the same rules in each run
    questions, expected = [], []
    while len(questions) < 500:
        rule = any_rule(chance)
        try:
            read_rule(rule)
            first = first_date(rule, date(2026, 1, 1) + timedelta(days=chance.randint(0, 1_200)))
            read_rule(rule, first.date())
        except BadRule:
            continue
        questions.append((f"{first:%Y-%m-%d}", rule, "2040-01-01"))
        dates = rrulestr(rule, dtstart=first).between(first, datetime(2040, 1, 1), inc=True)  # noqa: DTZ001 -- days
        expected.append([f"{each:%Y-%m-%d}" for each in dates])

    found = node("rules.mjs", questions, "ical.js")

    assert [q for q, ours, theirs in zip(questions, expected, found, strict=True) if ours != theirs] == []


def first_date(rule: str, day: date) -> datetime:
    first = rule_dates(rule, "UTC", datetime(day.year, day.month, day.day)).first  # noqa: DTZ001 -- a day
    if first is None or first.year > 2036:
        raise BadRule("rule", "no date within ten years")
    return first


def any_rule(chance: random.Random) -> str:
    def some(values: list[str], most: int = 3) -> str:
        return ",".join(chance.sample(values, chance.randint(1, min(most, len(values)))))

    numbered = [f"{n}{day}" for n in (1, 2, 3, 4, 5, -1, -2, -3, -4, -5) for day in WEEKDAYS]
    days = [str(n) for n in (*range(1, 32), *range(-31, 0))]
    parts = {
        "INTERVAL": (0.4, str(chance.choice([2, 3, 4, 6, 12]))),
        "BYMONTH": (0.4, some([str(n) for n in range(1, 13)])),
        "BYDAY": (0.5, some(numbered if chance.random() < 0.4 else list(WEEKDAYS), 5)),
        "BYMONTHDAY": (0.35, some(days[:31] if chance.random() < 0.6 else days)),
        "BYYEARDAY": (0.15, some([str(n) for n in (*range(1, 367), *range(-366, 0))], 6)),
        "BYSETPOS": (0.25, some([str(n) for n in (*range(1, 9), *range(-8, 0))])),
        "WKST": (0.2, chance.choice(WEEKDAYS)),
    }
    chosen = [f"{name}={value}" for name, (odds, value) in parts.items() if chance.random() < odds]
    frequency = chance.choice(["DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY", "YEARLY"])
    return ";".join([f"FREQ={frequency}", *chosen])
