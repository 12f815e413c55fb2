"""A change in words: its title, what it was and what it became, and what has become of it since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.model.entry_bounds import first_words
from publisher.model.ledger import OCCURRENCE
from publisher.model.records import InlinePlace
from publisher.render import dates, names
from publisher.render.change_states import OFF, Verb
from publisher.render.entry_html import first_line
from publisher.render.programme import recurrence_text, zone_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.model.edition import Edition
    from publisher.model.when import Time
    from publisher.render.change_states import State
    from publisher.render.changes import Change
    from publisher.render.words import Words

#: So many dates that were added or dropped are told one by one.
MOST_DATES = 10


@dataclass(frozen=True)
class Note:
    """A sentence, and its language where that is not the reader's."""

    text: str
    lang: str = ""


def title(change: Change, words: Words) -> str:
    """How the change is called: what happened, and to what."""
    before, after = around(change, words)
    return f"{before}{subject(change, words)}{after}"


def around(change: Change, words: Words) -> tuple[str, str]:
    """What the title says before and after the name of what has changed."""
    before, _, after = words.texts[_key("titles", change, change.verbs[0], words)].partition("{title}")
    return before, after


def subject(change: Change, words: Words) -> str:
    """What has changed: the event, or the part of it."""
    event, part = change.event.text(words.language).title, change.part
    if part is None:
        return event
    name = names.part(part, words)
    if part.kind == OCCURRENCE:
        day = part.original.date() if part.original else None
        return words("changes.of_date", title=name or event, day=dates.day(day, words)) if day else event
    return words(f"title.{part.kind}", title=name, event=event)


def told(change: Change, words: Words) -> Iterator[str]:
    """What the change made of it, a sentence each: true for ever."""
    for verb in change.verbs:
        if verb is Verb.DATES:
            yield from _dates(change, words)
        else:
            yield _sentence(change, verb, words)
    if change.is_newest and change.part is None and change.event.removed:
        yield words("change.removed")


def note(change: Change, words: Words) -> Note | None:
    """Why, in the curator's words: they are about the last change of the event."""
    event = change.event
    text = event.text(words.language).status_note
    if not text or change.part is not None or not change.is_newest:
        return None
    own = event.text(event.own_language).status_note
    is_own = words.language not in event.languages or (words.language != event.own_language and text == own)
    return Note(text, event.own_language if is_own else "")


def since(change: Change, words: Words) -> str:
    """What has become of it after this change; empty where it is as the change left it."""
    if not change.is_overtaken:
        return ""
    status = change.event.entry_status if change.part else change.now.status
    if change.part and change.event.is_off:
        return words(f"changes.since.event_{status}")
    now, after = change.now, change.after
    if now.status in OFF and now.status is not after.status:
        return words(f"changes.since.{now.status}")
    if now.time != after.time and now.status not in OFF and now.recurrence is None:
        again = "moved" if Verb.MOVED in change.verbs else "moved_once"
        return words(f"changes.since.{again}", now=dates.when(now.time, words))
    return words("changes.since.changed")


def standing(edition: Edition, change: Change, words: Words) -> str:
    """How it is now: when, where and whether; of a part its own line, while its event takes place."""
    if change.part is None or change.event.is_off:
        line = first_line(edition, words, change.event)
        repeats = recurrence_text(change.event, words)
        return words("feed.first_line", when=line, where=repeats) if repeats else line
    line = dates.when(change.now.time, words)
    if place := where(change, change.now, words):
        line = words("feed.first_line", when=line, where=place)
    return words("feed.first_line", when=line, where=words(f"status.{change.now.status}"))


def _sentence(change: Change, verb: Verb, words: Words) -> str:
    key = _key("told", change, verb, words)
    if verb is Verb.PLACE:
        return words(
            key, before=where(change, change.before, words), after=where(change, change.after, words)
        )
    if "{after}" in words.texts[key] and "{before}" in words.texts[key]:
        return words(key, **_pair(change.next_times, words))
    before, after = (dates.when(moment, words) for moment in change.next_times)
    return words(key, before=before, after=after)


def _pair(moments: tuple[Time, Time], words: Words) -> dict[str, str]:
    """Two times, before and after; the zone is said once where both have it."""
    before, after = moments
    with_zone = zone_text(before, words) != zone_text(after, words)
    return {
        "before": dates.when(before, words, with_zone=with_zone),
        "after": dates.when(after, words),
    }


def _key(section: str, change: Change, verb: Verb, words: Words) -> str:
    """What the theme calls it: a deadline and a series have words of their own, and so has a first place."""
    kind = change.part.kind if change.part else "series" if change.is_of_series else "event"
    names = (f"{kind}_{verb}", _variant(change, verb), verb.value)
    return next(key for name in names if (key := f"changes.{section}.{name}") in words.texts)


def _variant(change: Change, verb: Verb) -> str:
    """The verb as the words tell it apart: what was not known before, and what is not any more."""
    pair = {
        Verb.PLACE: (bool(change.before.places), bool(change.after.places)),
        Verb.ONLINE: (change.before.online is not None, change.after.online is not None),
    }.get(verb, (True, True))
    return {(False, True): f"{verb}_known", (True, False): f"{verb}_open"}.get(pair, verb.value)


def _dates(change: Change, words: Words) -> Iterator[str]:
    """Which dates it has beside those of before, and which no more."""
    found = change.dates
    if found.moved:
        yield words("changes.told.dates_moved", **_pair(found.moved, words))
    if found.dropped:
        yield words("changes.told.dates_dropped", dates=_list(found.dropped, words))
    if found.added:
        yield words("changes.told.dates_added", dates=_list(found.added, words))
    if not (found.moved or found.dropped or found.added):
        yield words("changes.told.dates")


def _list(moments: tuple[Time, ...], words: Words) -> str:
    """Dates in a row; a zone that all have is said with the last."""
    few, zones = moments[:MOST_DATES], {zone_text(moment, words) for moment in moments[:MOST_DATES]}
    shown = [dates.when(moment, words, with_zone=len(zones) > 1) for moment in few[:-1]]
    shown += [dates.when(moment, words) for moment in few[-1:]]
    if rest := len(moments) - len(shown):
        shown.append(words.count("digest.and_more", rest))
    return "; ".join(shown)


def where(change: Change, state: State, words: Words) -> str:
    """The places of a state; in the words of a translation where it is as the record says now."""
    part, event = change.part, change.event
    given: Iterable[str | InlinePlace] = state.places
    if part is None and state.places == change.now.places:
        given = event.text(words.language).place
    found = (_place_name(change, ref, words) for ref in given)
    return first_words("; ".join(name for name in found if name))


def _place_name(change: Change, ref: str | InlinePlace, words: Words) -> str:
    if isinstance(ref, InlinePlace):
        return ", ".join(filter(None, (ref.name, ref.city if ref.city != ref.name else None)))
    return change.place_names.get(ref, {}).get(words.language, "")
