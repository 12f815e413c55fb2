"""The parts of an event on its page: sessions by day, deadlines, and the dates of one that repeats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from publisher.model.records import ChangedOccurrence, Deadline, Session, Status
from publisher.model.when import Hours
from publisher.render import dates, names
from publisher.render.lookup import days_of
from publisher.render.stamps import Stamp, day_stamp, stamp

if TYPE_CHECKING:
    from datetime import date

    from publisher.model.edition import Part, PublishedEvent, Showing
    from publisher.model.records import Places, Speaker
    from publisher.model.when import Time
    from publisher.render.view import Label, Seen, View
    from publisher.render.words import Words

#: How many dates of a recurring event its page lists, and how many of them may be over while others come.
MAX_DATES, MAX_OVER = 60, 10


@dataclass(frozen=True)
class Slot:
    """A session in the programme."""

    id: str
    title: str
    #: The language of its texts where that is not the page's.
    lang: str
    clock: Stamp
    status: str
    was: Stamp | None
    places: tuple[Label, ...]
    speakers: tuple[Speaker, ...]
    summary: str
    url: str


@dataclass(frozen=True)
class ProgrammeDay:
    """A day of the programme."""

    stamp: Stamp
    weekday: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Programme:
    """All sessions; the zone is said once where all share it."""

    zone: str
    days: tuple[ProgrammeDay, ...]


@dataclass(frozen=True)
class Due:
    """A deadline."""

    id: str
    title: str
    #: The language of its title where that is not the page's.
    lang: str
    stamp: Stamp
    status: str
    was: Stamp | None
    url: str


@dataclass(frozen=True)
class Repeat:
    """One date of an event that repeats."""

    stamp: Stamp
    weekday: str
    status: str
    was: Stamp | None
    title: str
    places: tuple[Label, ...]


def programme(view: View, event: PublishedEvent, seen: Seen) -> Programme | None:
    """The sessions grouped by their local day."""
    parts = [part for part in event.sessions if part.texts.get(view.language)]
    if not parts:
        return None
    zones = {zone_text(part.time, view.words) for part in parts} - {""}
    shared = next(iter(zones)) if len(zones) == 1 else ""
    ordered = sorted(parts, key=lambda part: _day(part.time))
    days = [
        ProgrammeDay(
            day_stamp(day, view.words),
            dates.weekday(day, view.words),
            tuple(_slot(view, event, part, seen, with_zone=not shared) for part in group),
        )
        for day, group in groupby(ordered, key=lambda part: _day(part.time))
    ]
    return Programme(shared, tuple(days))


def due(view: View, event: PublishedEvent, part: Part) -> Due:
    """A deadline of an event."""
    title = names.part(part, view.words)
    deadline = Deadline.model_validate({**part.texts[view.language], "title": title})
    return Due(
        part.id,
        title,
        _foreign(view, event, part),
        stamp(part.time, view.words),
        _status(part.status, event),
        _was(part, view.words),
        deadline.url or "",
    )


def repeats(view: View, event: PublishedEvent, seen: Seen) -> tuple[Repeat, ...]:
    """The dates of an event that repeats, changed ones as they are now."""
    if event.recurrence is None:
        return ()
    showings = _near(view, view.lookup.dates_of.get(event.id, ()))
    return tuple(
        Repeat(
            stamp(showing.time, view.words, with_zone=False),
            dates.weekday(_day(showing.time), view.words),
            _status(showing.status, event),
            _was(showing.part, view.words) if showing.part else None,
            showing.part.title(view.language) if showing.part else "",
            _other_places(view, showing, seen),
        )
        for showing in showings
    )


def _near(view: View, showings: tuple[Showing, ...]) -> tuple[Showing, ...]:
    """The coming dates and some before them; of what is over the last ones."""
    over = len(showings) - len(view.edition.coming(showings))
    first = min(max(0, over - MAX_OVER), max(0, len(showings) - MAX_DATES))
    return showings[first : first + MAX_DATES]


def recurrence_text(event: PublishedEvent, words: Words) -> str:
    """`every week`; rules that are not so simple are told by their dates alone."""
    if event.recurrence is None:
        return ""
    rule = dict(part.split("=", 1) for part in event.recurrence.rule.split(";") if part)
    is_simple = rule.get("INTERVAL", "1") == "1" and not any(name.startswith("BY") for name in rule)
    return words(f"every.{rule['FREQ'].lower()}") if rule and is_simple else words("every.other")


def weekdays(moment: Time, words: Words) -> str:
    """The days of the week on which something begins and ends."""
    days = days_of(moment)
    if days is None:
        return ""
    first, last = (dates.weekday(day, words) for day in days)
    return first if days[0] == days[1] else f"{first} – {last}"


def zone_text(moment: Time, words: Words) -> str:
    """The zone of a time of day, by name."""
    return dates.zone_name(moment.start, moment.timezone, words) if isinstance(moment, Hours) else ""


def _slot(view: View, event: PublishedEvent, part: Part, seen: Seen, *, with_zone: bool) -> Slot:
    session = Session.model_validate(part.texts[view.language])
    lang = _foreign(view, event, part)
    return Slot(
        part.id,
        session.title,
        lang,
        _clock(part.time, view.words, with_zone=with_zone),
        _status(part.status, event),
        _was(part, view.words),
        tuple(label for label, _ in view.places(session.place, seen, lang)),
        session.speakers,
        session.summary or "",
        session.url or "",
    )


def _other_places(view: View, showing: Showing, seen: Seen) -> tuple[Label, ...]:
    """Where a changed date is, if it is elsewhere than the others."""
    place = changed_place(showing, view.language)
    return tuple(label for label, _ in view.places(place, seen, view.foreign(showing.event)))


def changed_place(showing: Showing, language: str) -> Places:
    """The place that a changed date has of its own."""
    changed = showing.part.texts.get(language) if showing.part else None
    return ChangedOccurrence.model_validate(changed).place if changed else ()


def _foreign(view: View, event: PublishedEvent, part: Part) -> str:
    """The language of a part's title where it has no translation."""
    title = part.title(view.language)
    is_own = bool(title) and title == part.title(event.own_language)
    return event.own_language if is_own and event.own_language != view.language else ""


def _clock(moment: Time, words: Words, *, with_zone: bool) -> Stamp:
    """The hours of a session below its day's heading."""
    whole = stamp(moment, words)
    if not isinstance(moment, Hours):
        return Stamp(words("event.all_day"), whole.iso)
    if moment.end and moment.end - moment.start >= timedelta(days=1):
        return whole
    text = dates.clock(moment.start, moment.timezone)
    if moment.end:
        text += f"–{dates.clock(moment.end, moment.timezone)}"
    return Stamp(f"{text} ({zone_text(moment, words)})" if with_zone else text, whole.iso, timed=True)


def _day(moment: Time) -> date:
    days = days_of(moment)
    assert days  # noqa: S101 -- parts and occurrences have a day: checked when they were read
    return days[0]


def _status(status: Status, event: PublishedEvent) -> str:
    """What is said beside a part; what is true of the whole event is said once, above."""
    return "" if status in {Status.CONFIRMED, event.status} else status.value


def _was(part: Part, words: Words) -> Stamp | None:
    return stamp(part.previous_time, words, with_zone=False) if part.previous_time else None
