"""The calendar's pages: one for each month, and one for the month to look at today.

A month has a page when something happens in it; so have the empty months of a
short gap, so that one can turn the leaves.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from publisher.model.when import Unknown
from publisher.render import alternates, dates
from publisher.render.layout import Draft
from publisher.render.lookup import days_of, once
from publisher.render.monthgrid import Month, Sheet, Span, month_heading, sheet_of
from publisher.render.subscriptions import own_calendar, subscription
from publisher.render.view import Label, Seen, capital, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publisher.model.edition import PublishedEvent, Showing
    from publisher.render.subscriptions import OwnCalendar, Subscription
    from publisher.render.view import View

#: Gaps of so many months are filled with empty pages; a longer one is skipped.
LONGEST_GAP = 12

T = TypeVar("T")


@dataclass(frozen=True)
class Months:
    """All months that have a page, and what happens in each."""

    spans: Mapping[Month, tuple[Span, ...]]
    #: What takes place in a month on a day that is not known.
    vague: Mapping[Month, tuple[Showing, ...]]
    order: tuple[Month, ...]

    def events(self, month: Month) -> tuple[PublishedEvent, ...]:
        """The events that the page of a month shows, each once."""
        dated = (showing for *_, showing in self.spans.get(month, ()))
        return tuple(showing.event for showing in once((*dated, *self.vague.get(month, ()))))


def months_of(showings: Iterable[Showing]) -> Months:
    """Sort every date of every event into its months."""
    spans: defaultdict[Month, list[Span]] = defaultdict(list)
    vague: defaultdict[Month, list[Showing]] = defaultdict(list)
    for showing in showings:
        days = days_of(showing.time)
        if days:
            for month in _between((days[0].year, days[0].month), (days[1].year, days[1].month)):
                spans[month].append((*days, showing))
        elif isinstance(showing.time, Unknown) and (named := _named_month(showing.time)):
            vague[named].append(showing)
    known = sorted(spans)
    order = list(known[:1])
    for before, after in pairwise(known):
        gap = list(_between(before, after))[1:]
        order += gap if len(gap) <= LONGEST_GAP else [after]
    return Months(_frozen(spans), _frozen(vague), tuple(order))


def _frozen(lists: Mapping[Month, list[T]]) -> dict[Month, tuple[T, ...]]:
    return {month: tuple(found) for month, found in lists.items()}


def _named_month(moment: Unknown) -> Month | None:
    point = moment.reported or moment.start
    return (point.year, point.month) if point and point.month else None


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
    sheet = _sheet(view, months, month, seen)
    own = _own(view, months, month)
    return Draft(
        path=month_path(month),
        template="month.html",
        title=sheet.heading,
        description=view.words("month.about", month=sheet.heading),
        above=(Label(view.words("nav.calendar"), view.path("calendar/")),),
        alternates=(own.alternate, *alternates.feed(view, "events")),
        items=frozenset(seen | _neighbours(months, month)),
        context=_turning(view, months, month)
        | {"sheet": sheet, "years": (), "subscription": _subscription(view), "own": own},
    )


def _calendar_draft(view: View, months: Months) -> Draft:
    """The month to look at: this one, else the next that has a page, else the last."""
    seen: Seen = {key(showing.event) for spans in months.spans.values() for *_, showing in spans}
    today = (view.edition.today.year, view.edition.today.month)
    month = next((m for m in months.order if m >= today), months.order[-1] if months.order else None)
    sheet = (
        sheet_of(view, month, months.spans.get(month, ()), months.vague.get(month, ()), seen)
        if month
        else None
    )
    turning = _turning(view, months, month) if month else {"before": None, "after": None}
    return Draft(
        path="calendar/",
        template="month.html",
        title=view.words("nav.calendar"),
        description=view.config.description(view.language),
        alternates=alternates.feed(view, "events"),
        items=frozenset(seen),
        context=turning
        | {
            "sheet": sheet,
            "years": _years(view, months.order),
            "subscription": _subscription(view),
            "own": _own(view, months, month) if month else None,
        },
    )


def _subscription(view: View) -> Subscription:
    """All months are one calendar."""
    return subscription(view, "", view.config.title(view.language), feed="events")


def _own(view: View, months: Months, month: Month) -> OwnCalendar:
    """The calendar of what a month's page shows."""
    return own_calendar(view, month_path(month), month_heading(month, view.words), months.events(month))


def _sheet(view: View, months: Months, month: Month, seen: Seen) -> Sheet:
    return sheet_of(view, month, months.spans.get(month, ()), months.vague.get(month, ()), seen)


def _turning(view: View, months: Months, month: Month) -> dict[str, Label | None]:
    index = months.order.index(month)
    before, after = months.order[max(0, index - 1) : index], months.order[index + 1 : index + 2]
    return {"before": _link(view, before), "after": _link(view, after)}


def _link(view: View, months: Sequence[Month]) -> Label | None:
    return Label(month_heading(months[0], view.words), view.path(month_path(months[0]))) if months else None


def _neighbours(months: Months, month: Month) -> Seen:
    """The events because of which there is a month before and after."""
    known = sorted(months.spans)
    before = [m for m in known if m < month][-1:]
    after = [m for m in known if m > month][:1]
    return {key(showing.event) for m in (*before, *after) for *_, showing in months.spans[m]}


def _years(view: View, order: Sequence[Month]) -> tuple[tuple[int, list[Label]], ...]:
    years: dict[int, list[Label]] = {}
    for month in order:
        name = capital(dates.month_name(month[1], view.words))
        years.setdefault(month[0], []).append(Label(name, view.path(month_path(month))))
    return tuple(sorted(years.items(), reverse=True))


def _between(first: Month, last: Month) -> Iterator[Month]:
    year, month = first
    while (year, month) <= last:
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 -- December
