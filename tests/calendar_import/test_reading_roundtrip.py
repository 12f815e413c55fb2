"""Any calendar whose events repeat: what is published of it has the same dates, in any zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from calendar_import.roundtrip import publish, read, said

if TYPE_CHECKING:
    import pytest

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Almaty", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
RULES = [
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=MONTHLY;INTERVAL=5", "FREQ=YEARLY", "FREQ=HOURLY;INTERVAL=7", "FREQ=MINUTELY;INTERVAL=50",
    "FREQ=DAILY;BYHOUR=6,12", "FREQ=WEEKLY;BYDAY=MO,SA", "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=15,-1", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYYEARDAY=100",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
]  # fmt: skip


class Event:
    """An event in the making: its own start in its own zone, and lines about others of its dates."""

    def __init__(self, draw: st.DrawFn, number: int) -> None:
        self.draw, self.number = draw, number
        self.zone = draw(st.sampled_from([*ZONES, None]))  # None for whole days
        day = draw(st.dates(date(2026, 1, 1), date(2028, 12, 31)))
        clock = draw(st.sampled_from(["0000", "0900", "1230", "2330"]))
        hour, minute = (int(clock[:2]), int(clock[2:])) if self.zone else (0, 0)
        self.start = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 -- local time
        self.rule = draw(
            st.sampled_from(
                RULES
                if self.zone
                else [rule for rule in RULES if "HOUR" not in rule and "MINUTE" not in rule]
            )
        )

    def stamp(self, name: str, moment: datetime, *, in_utc: bool = False) -> str:
        """A line with a time: in the event's zone, or the same instant in UTC."""
        if self.zone is None:
            return f"{name};VALUE=DATE:{moment:%Y%m%d}"
        if in_utc or self.zone == "UTC":
            instant = moment.replace(tzinfo=ZoneInfo(self.zone)).astimezone(ZoneInfo("UTC"))
            return f"{name}:{instant:%Y%m%dT%H%M%SZ}"
        return f"{name};TZID={self.zone}:{moment:%Y%m%dT%H%M%S}"

    def another(self) -> datetime:
        """A time that may be one of its dates."""
        step = {"D": 1, "W": 7, "M": 30, "Y": 365, "H": 1}[self.rule[5]]
        return self.start + timedelta(days=step * self.draw(st.integers(1, 6)))

    def spans(self, start: datetime) -> list[str]:
        """DTSTART, and perhaps DTEND."""
        hours = self.draw(st.sampled_from([0, 1, 3]))
        length = timedelta(hours=hours) if self.zone else timedelta(days=hours + 1)
        return [self.stamp("DTSTART", start), *([self.stamp("DTEND", start + length)] if hours else [])]

    def master(self) -> list[str]:
        """The event itself."""
        lines = [*self.spans(self.start), f"SUMMARY:Event {self.number}"]
        if self.draw(st.booleans()):
            return [*lines, *self._rdates(1)]
        lines.append(f"RRULE:{self.rule};COUNT={self.draw(st.integers(1, 12))}")
        # The engine takes a local time for one in UTC, too, and so takes out others of several dates a day.
        without = 0 if "HOUR" in self.rule or "MINUTE" in self.rule else self.draw(st.integers(0, 2))
        lines += [
            self.stamp("EXDATE", self.another(), in_utc=self.draw(st.booleans())) for _ in range(without)
        ]
        return lines + self._rdates(0)

    def _rdates(self, least: int) -> list[str]:
        dates = self.draw(st.lists(st.integers(1, 900), min_size=least, max_size=3))
        return [self.stamp("RDATE", self.start + timedelta(days=days)) for days in dates]

    def override(self) -> list[str]:
        """One of its dates, moved or cancelled; perhaps one that it does not have."""
        original = self.another()
        moved = original + timedelta(days=self.draw(st.integers(-2, 2)), hours=2 if self.zone else 0)
        status = ["STATUS:CANCELLED"] if self.draw(st.booleans()) else []
        return [
            self.stamp("RECURRENCE-ID", original),
            *self.spans(moved),
            f"SUMMARY:Event {self.number}, moved",
            *status,
        ]


@st.composite
def calendars(draw: st.DrawFn) -> str:
    """A calendar of several events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for number in range(draw(st.integers(4, 8))):
        event = Event(draw, number)
        parts = [event.master(), *(event.override() for _ in range(draw(st.integers(0, 2))))]
        for part in parts:
            lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z", *part, "END:VEVENT"]
    return "\n".join([*lines, "END:VCALENDAR", ""])


@settings(max_examples=12)
@given(text=calendars())
def test_a_calendar_is_published_with_the_dates_that_it_has(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    drafts = read(text)
    (published,) = publish(tmp_path_factory.mktemp("round") / "site", {"calendar": drafts}).values()

    assert [str(finding) for finding in drafts.findings if finding.is_error] == []
    assert said(*published) == said(text.encode())
