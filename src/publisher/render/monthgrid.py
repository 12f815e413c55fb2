"""A month laid out as weeks of days, with bars for what takes several days.

A telephone shows the same table as a list of the days on which something
begins.
"""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from publisher.model.when import Hours
from publisher.render import dates
from publisher.render.programme import zone_text
from publisher.render.rows import event_rows, status_of
from publisher.render.stamps import stamp
from publisher.render.view import Label, Seen, capital

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.model.edition import Showing
    from publisher.render.view import Row, View
    from publisher.render.words import Words

Month = tuple[int, int]
Span = tuple[date, date, "Showing"]


@dataclass(frozen=True)
class Bar:
    """An event within a week: `days` long, from the day in whose cell it stands."""

    label: Label
    days: int
    status: str
    clock: str
    range: str
    #: Whether it began before this week, or goes on after it.
    continued: bool
    continues: bool
    #: Whether the list of a telephone shows it here: once in a month.
    listed: bool


@dataclass(frozen=True)
class Cell:
    """A day of the grid; `lanes` from top to bottom: a bar that begins, a title that goes on, or room."""

    day: date
    text: str
    weekday: str
    inside: bool
    lanes: tuple[Bar | str | None, ...]

    @property
    def has_news(self) -> bool:
        """Whether a list of the month would name something here."""
        return any(isinstance(lane, Bar) and lane.listed for lane in self.lanes)


@dataclass(frozen=True)
class Sheet:
    """A month."""

    heading: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Cell, ...], ...]
    #: What takes place in it on a day that is not known.
    vague: tuple[Row, ...]
    is_empty: bool


def month_heading(month: Month, words: Words) -> str:
    """`June 2026`."""
    return capital(dates.month(*month, words))


def sheet_of(view: View, month: Month, spans: Sequence[Span], vague: Sequence[Showing], seen: Seen) -> Sheet:
    """A month laid out in weeks."""
    first_weekday = view.words.locale.first_week_day
    weeks = Calendar(first_weekday).monthdatescalendar(*month)
    ordered = sorted(spans, key=_longest_first)
    rows = event_rows(view, vague)
    seen.update(*(row.items for row in rows))
    weekdays = tuple(
        (dates.weekday(day, view.words, "abbreviated"), dates.weekday(day, view.words)) for day in weeks[0]
    )
    return Sheet(
        month_heading(month, view.words),
        weekdays,
        tuple(_week(view, month, week, ordered, seen) for week in weeks),
        rows,
        not spans and not rows,
    )


def _week(view: View, month: Month, week: list[date], spans: list[Span], seen: Seen) -> tuple[Cell, ...]:
    columns: list[list[Bar | str | None]] = [[] for _ in week]
    for first, last, showing in spans:
        if last < week[0] or first > week[-1]:
            continue
        start, end = max(0, (first - week[0]).days), min(6, (last - week[0]).days)
        lane = next(
            n for n in range(len(spans) + 1) if all(_is_free(columns[c], n) for c in range(start, end + 1))
        )
        bar = _bar(view, month, week, (first, last, showing), seen)
        _place(columns[start], lane, bar)
        for column in columns[start + 1 : end + 1]:
            _place(column, lane, bar.label.text)
    return tuple(
        Cell(
            day,
            dates.day(day, view.words),
            dates.weekday(day, view.words, "abbreviated"),
            (day.year, day.month) == month,
            tuple(column),
        )
        for day, column in zip(week, columns, strict=True)
    )


def _bar(view: View, month: Month, week: list[date], span: Span, seen: Seen) -> Bar:
    first, last, showing = span
    start = max(first, week[0])
    moment = showing.time
    title = showing.part.title(view.language) if showing.part else ""
    label = view.record(showing.event, seen)
    clock = f"{dates.clock(moment.start, moment.timezone)} " if isinstance(moment, Hours) else ""
    return Bar(
        Label(title or label.text, label.href, label.lang),
        (min(last, week[-1]) - start).days + 1,
        status_of(showing),
        clock.strip(),
        _range(view, showing),
        continued=first < week[0],
        continues=last > week[-1],
        # Where it begins; else in the first week that the month's sheet shows.
        listed=first >= week[0] or week[0] <= date(*month, 1),
    )


def _range(view: View, showing: Showing) -> str:
    zone = zone_text(showing.time, view.words)
    text = stamp(showing.time, view.words, with_zone=False).text
    return f"{text} ({zone})" if zone else text


def _longest_first(span: Span) -> tuple[date, timedelta, str, str]:
    first, last, showing = span
    clock = showing.time.start.isoformat() if isinstance(showing.time, Hours) else ""
    return first, first - last, clock, showing.event.id


def _is_free(column: list[Bar | str | None], lane: int) -> bool:
    return lane >= len(column) or column[lane] is None


def _place(column: list[Bar | str | None], lane: int, what: Bar | str) -> None:
    column += [None] * (lane + 1 - len(column))
    column[lane] = what
