"""A large site as many curators would fill it: events of fifteen years in twelve zones, of every sort.

Always the same: what looks random comes from a fixed seed. The zones are those that trouble calendars:
rules that changed lately, summer times of half an hour, by the moon, or below the equator.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

CONFIGURATION = """\
[site]
url = "https://crowd.example.org"
identity = "crowd.example.org,2026"
title.en = "A Crowd"
languages = ["en"]
timezone = "Asia/Almaty"
"""
FIRST, YEARS = 2018, 15
ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "America/New_York", "America/Sao_Paulo", "Asia/Almaty",
    "Asia/Kolkata", "Asia/Tehran", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Berlin",
    "Europe/London", "UTC",
)  # fmt: skip
TOPICS = ("chemistry", "exchange", "languages", "law", "medicine", "music", "rankings", "water")
WORDS = (
    "Annual",
    "Autumn",
    "Days of",
    "First",
    "Forum on",
    "International",
    "Lecture:",
    "Round Table,",
    "Week of",
)
THINGS = ("Accreditation", "Ästhetik", "Chemistry; and more", "Білім", "Mobility", "Право", "Rankings, again")
STATUSES = ("confirmed",) * 30 + ("cancelled", "cancelled", "postponed", "tentative")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

Fields = dict[str, Any]


def fill(root: Path, events: int) -> None:
    """Write a site of so many events into an empty folder."""
    random = Random(1789)  # noqa: S311 -- nobody's secret
    (root / "content" / "topics").mkdir(parents=True)
    (root / "publisher.toml").write_text(CONFIGURATION, encoding="utf-8")
    for topic in TOPICS:
        _write(root / "content" / "topics" / f"{topic}.md", {"id": topic, "name": topic.title()})
    for number in range(events):
        fields = dict(_event(number, random))
        path = root / "content" / "events" / str(fields["start"])[:4] / f"{fields['id']}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, fields)


def _write(path: Path, fields: Fields) -> None:
    lines = (f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())
    path.write_text(f"---\n{''.join(lines)}---\nAll about it.\n", encoding="utf-8")


def _event(number: int, random: Random) -> Iterator[tuple[str, Any]]:
    """Yield the fields of one event."""
    day = date(FIRST, 1, 1) + timedelta(days=random.randrange(365 * YEARS))
    status = random.choice(STATUSES)
    yield "id", f"event-{number:04}"
    yield "title", f"{random.choice(WORDS)} {random.choice(THINGS)} {number}"
    yield (
        "summary",
        "What it is about, in a sentence that is long enough to be folded: " + "и так далее, " * 5,
    )
    yield "timezone", random.choice(ZONES)
    yield "status", status
    yield "topics", random.sample(TOPICS, 2)
    yield "place", {"name": f"Room {number % 40}, main building", "city": "Almaty", "country": "KZ"}
    if status in {"cancelled", "postponed"}:
        yield "status_note", "The hall is closed."
    if number % 7 == 0:
        yield from _repeated(day, random).items()
    elif number % 7 < 4:
        yield from {"start": f"{day}", "end": f"{day + timedelta(days=random.randrange(4))}"}.items()
        yield from _conference(day, random).items() if number % 3 == 0 else ()
    else:
        yield from _hours(day, random).items()


def _hours(day: date, random: Random, hours: tuple[int, ...] = (0, 1, 2, 9)) -> Fields:
    """Give some hours on a day, perhaps over midnight; none at all: without an end."""
    start = f"{random.randrange(4, 24):02}:{random.choice(('00', '15', '30'))}"
    length = random.choice(hours)
    end = {"end": f"{(int(start[:2]) + length) % 24:02}{start[2:]}"} if length else {}
    return {"start": f"{day} {start}"} | end


def _conference(day: date, random: Random) -> Fields:
    """Give a programme and deadlines."""
    sessions = [
        {"id": f"session-{hour}", "title": f"Session at {hour}"}
        | {"start": f"{day} {hour:02}:30", "end": f"{hour + 1:02}:45"}
        | ({"timezone": random.choice(ZONES)} if hour == 9 else {})
        for hour in range(9, random.randrange(11, 18), 2)
    ]  # fmt: skip
    before = day - timedelta(days=random.randrange(20, 200))
    deadlines = [
        {"id": "papers", "title": "Papers due", "at": f"{before} 23:59", "timezone": "AoE"},
        {"id": "fee", "title": "Fee due", "at": f"{before + timedelta(days=9)}"},
    ]
    return {"sessions": sessions, "deadlines": deadlines}


def _repeated(day: date, random: Random) -> Fields:
    """Give a recurrence, of one sort or another, of a day, an hour, a night or no length that is told.

    Some are nights: where clocks change in one, engines left to themselves would differ about its end.
    """
    fields = _hours(day, random, (0, 1, 9)) if random.random() < 0.8 else {"start": f"{day}"}
    week, weekday = day + timedelta(days=7), WEEKDAYS[day.weekday()]
    rules: tuple[Fields, ...] = (
        {"every": "week", "count": random.randrange(4, 40), "changed": _changed(fields, week)},
        {
            "every": "week",
            "until": f"{day + timedelta(days=random.randrange(30, 700))}",
            "except": [f"{week}"],
        },
        {"every": "week", "changed": [{"occurrence": f"{week}", "status": "cancelled"}]},
        {"rule": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}", "count": 26, "also": [_also(fields, week)]},
        {"rule": "FREQ=DAILY;INTERVAL=3", "count": random.randrange(2, 60)},
        {"rule": f"FREQ=MONTHLY;BYDAY={(day.day + 6) // 7}{weekday}", "until": f"{day.year + 2}-12-31"},
        {"rule": f"FREQ=MONTHLY;BYMONTHDAY={day.day}", "count": 24},
        {"rule": f"FREQ=YEARLY;BYMONTH={day.month};BYMONTHDAY={day.day}"},
    )
    return fields | {"recurrence": random.choice(rules)}


def _changed(fields: Fields, week: date) -> list[Fields]:
    """Give one date that moves by a day, and one that is cancelled."""
    later = week + timedelta(days=7)
    return [
        {"occurrence": f"{week}", "start": f"{week + timedelta(days=1)}", "title": "A day later"},
        {"occurrence": f"{later}{fields['start'][10:]}", "status": "cancelled"},
    ]


def _also(fields: Fields, week: date) -> str:
    return f"{week + timedelta(days=2)}{fields['start'][10:]}"
