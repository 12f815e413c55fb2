"""The calendar's pages: a month as weeks of days, with bars for what takes several days.

A month has a page when something happens in it; so have the empty months of a
short gap, so that one can turn the leaves. A telephone shows the same table
as a list of the days on which something begins.
"""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from publisher.model.when import Hours, Unknown, When
from publisher.render import dates
from publisher.render.layout import Draft
from publisher.render.lookup import days_of
from publisher.render.programme import zone_text
from publisher.render.stamps import stamp
from publisher.render.view import Label, Seen, key, status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publisher.model.edition import Showing
    from publisher.render.view import Row, View

Month = tuple[int, int]
Span = tuple[date, date, "Showing"]
#: Gaps of so many months are filled with empty pages; a longer one is skipped.
LONGEST_GAP = 12


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


@dataclass(frozen=True)
class Months:
    """All months that have a page, and what happens in each."""

    spans: Mapping[Month, tuple[Span, ...]]
    order: tuple[Month, ...]


def months_of(showings: Iterable[Showing]) -> Months:
    """Sort every date of every event into its months."""
    spans: defaultdict[Month, list[Span]] = defaultdict(list)
    for showing in showings:
        days = days_of(showing.time)
        if days:
            for month in _between((days[0].year, days[0].month), (days[1].year, days[1].month)):
                spans[month].append((*days, showing))
    known = sorted(spans)
    order = list(known[:1])
    for before, after in zip(known, known[1:], strict=False):
        gap = list(_between(before, after))[1:]
        order += gap if len(gap) <= LONGEST_GAP else [after]
    return Months({month: tuple(found) for month, found in spans.items()}, tuple(order))


def month_drafts(view: View, months: Months) -> Iterator[Draft]:
    """A page for each month, and one for the month to look at today."""
    for month in months.order:
        yield _month_draft(view, months, month)
    yield _calendar_draft(view, months)


def month_path(month: Month) -> str:
    """Where a month's page is, below its language."""
    return f"calendar/{month[0]:04}-{month[1]:02}/"


def _month_draft(view: View, months: Months, month: Month) -> Draft:
    seen: Seen = set()
    sheet = sheet_of(view, months, month, seen)
    return Draft(
        path=month_path(month),
        template="month.html",
        title=sheet.heading,
        description=view.words("month.about", month=sheet.heading),
        above=(Label(view.words("nav.calendar"), view.path("calendar/")),),
        items=frozenset(seen | _neighbours(months, month)),
        context=_turning(view, months, month) | {"sheet": sheet, "years": ()},
    )


def _calendar_draft(view: View, months: Months) -> Draft:
    """The month to look at: this one, else the next that has a page, else the last."""
    seen: Seen = {key(showing.event) for spans in months.spans.values() for *_, showing in spans}
    today = (view.edition.today.year, view.edition.today.month)
    month = next((m for m in months.order if m >= today), months.order[-1] if months.order else None)
    sheet = sheet_of(view, months, month, seen) if month else None
    turning = _turning(view, months, month) if month else {"before": None, "after": None}
    return Draft(
        path="calendar/",
        template="month.html",
        title=view.words("nav.calendar"),
        description=view.config.description(view.language),
        items=frozenset(seen),
        context=turning | {"sheet": sheet, "years": _years(view, months.order)},
    )


def _turning(view: View, months: Months, month: Month) -> dict[str, Label | None]:
    index = months.order.index(month)
    before, after = months.order[max(0, index - 1) : index], months.order[index + 1 : index + 2]
    return {"before": _link(view, before), "after": _link(view, after)}


def _link(view: View, months: Sequence[Month]) -> Label | None:
    return Label(_capital(dates.month(*months[0], view.words)), view.path(month_path(months[0]))) if months else None


def _neighbours(months: Months, month: Month) -> Seen:
    """The events because of which there is a month before and after."""
    known = sorted(months.spans)
    before = [m for m in known if m < month][-1:]
    after = [m for m in known if m > month][:1]
    return {key(showing.event) for m in (*before, *after) for *_, showing in months.spans[m]}


def _years(view: View, order: Sequence[Month]) -> tuple[tuple[int, list[Label]], ...]:
    years: dict[int, list[Label]] = {}
    for month in order:
        name = _capital(dates.month_name(month[1], view.words))
        years.setdefault(month[0], []).append(Label(name, view.path(month_path(month))))
    return tuple(sorted(years.items(), reverse=True))


def sheet_of(view: View, months: Months, month: Month, seen: Seen) -> Sheet:
    """A month laid out in weeks."""
    first_weekday = view.words.locale.first_week_day
    weeks = Calendar(first_weekday).monthdatescalendar(*month)
    spans = sorted(months.spans.get(month, ()), key=_longest_first)
    vague = tuple(view.event_row(showing) for showing in _vague(view, month))
    for row in vague:
        seen |= row.items
    weekdays = tuple(
        (dates.weekday(day, view.words, "abbreviated"), dates.weekday(day, view.words)) for day in weeks[0]
    )
    return Sheet(
        _capital(dates.month(*month, view.words)),
        weekdays,
        tuple(_week(view, month, week, spans, seen) for week in weeks),
        vague,
        not spans and not vague,
    )


def _week(view: View, month: Month, week: list[date], spans: list[Span], seen: Seen) -> tuple[Cell, ...]:
    columns: list[list[Bar | str | None]] = [[] for _ in week]
    for first, last, showing in spans:
        if last < week[0] or first > week[-1]:
            continue
        start, end = max(0, (first - week[0]).days), min(6, (last - week[0]).days)
        lane = next(n for n in range(len(spans) + 1) if all(_is_free(columns[c], n) for c in range(start, end + 1)))
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


def _vague(view: View, month: Month) -> Iterator[Showing]:
    for showing in view.edition.showings:
        if isinstance(showing.time, Unknown) and _named_month(showing.time) == month:
            yield showing


def _named_month(moment: Unknown) -> Month | None:
    point = When(moment.reported.year, moment.reported.month) if moment.reported else moment.start
    return (point.year, point.month) if point and point.month else None


def _between(first: Month, last: Month) -> Iterator[Month]:
    year, month = first
    while (year, month) <= last:
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 -- December


def _longest_first(span: Span) -> tuple[date, timedelta, str, str]:
    first, last, showing = span
    clock = showing.time.start.isoformat() if isinstance(showing.time, Hours) else ""
    return first, first - last, clock, showing.event.id


def _is_free(column: list[Bar | str | None], lane: int) -> bool:
    return lane >= len(column) or column[lane] is None


def _place(column: list[Bar | str | None], lane: int, what: Bar | str) -> None:
    column += [None] * (lane + 1 - len(column))
    column[lane] = what


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
