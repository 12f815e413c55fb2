"""What a digest says of what has changed: whatever its reader must act on, with how it was before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from publisher.mailing.digest_items import around, item, line, shown, told, where
from publisher.model.edition import PublishedEvent, Showing
from publisher.model.ledger import DEADLINE, SESSION
from publisher.model.records import Session, Status
from publisher.render import names
from publisher.render.programme import changed_place
from publisher.render.stamps import stamp
from publisher.render.vevent import change_notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.mailing.digest_items import Item, Line
    from publisher.model.edition import Part
    from publisher.model.records import Places
    from publisher.render.view import View

Known = TypeVar("Known", "PublishedEvent", "Part")
_OFF = frozenset({Status.CANCELLED, Status.POSTPONED})
_PART_TITLES = {SESSION: "title.session", DEADLINE: "title.deadline"}


def as_known(changed: Known, before: str) -> Known:
    """What has changed, with its past as its readers know it: what it was until an instant, or last."""
    named = (each for each in changed.history if not before or each.until.isoformat() == before)
    known = tuple(named)[-1:]
    if not known:
        return changed
    (then,) = known
    if isinstance(changed, PublishedEvent):
        return replace(changed, previous=then.facts, previous_time=then.time, is_relocated=then.is_relocated)
    return replace(changed, previous_time=then.time)


def event_changed(view: View, event: PublishedEvent) -> Item:
    """What has become of an event: moved, cancelled, postponed, elsewhere."""
    words, record, lang = view.words, event.text(view.language), view.foreign(event)
    timing = tuple(change_notes(event, words))
    notes = (*timing, *_other_notes(view, event)) or (words("digest.details"),)
    # That it has moved or is postponed is said with the time; that it is cancelled, without.
    says_when = bool(timing) and event.entry_status is not Status.CANCELLED
    lines = [
        *([] if says_when else [line("when", stamp(event.time, words).text)]),
        *([] if says_when else _was(view, event)),
        *(line("note", note) for note in notes),
        *([] if event.is_off else where(view, record.place, lang, online=record.online is not None)),
        *told("summary", record.status_note, view.foreign(event, "status_note")),
    ]
    found = item(view, event, record.title, lang, lines, status=shown(event.entry_status))
    if event.entry_status in _OFF:
        return replace(found, around=around(view, f"title.{event.entry_status}"))
    return replace(found, around=around(view, "digest.subject_moved", event.time)) if timing else found


def part_changed(view: View, event: PublishedEvent, part: Part) -> Item | None:
    """What has become of a session, a deadline or one date of an event that repeats; None without a text."""
    if not part.texts.get(view.language):
        return None
    words, lang, key = view.words, view.foreign(event), _PART_TITLES.get(part.kind)
    is_off, before = part.status in _OFF, part.previous_time
    when = stamp(part.time, words).text
    lines = [line("when", when)]
    if before and not is_off:
        lines = [line("note", words("digest.moved_part", before=stamp(before, words).text, after=when))]
    elif not is_off:
        lines.append(line("note", words("digest.details")))
    if not is_off:
        lines += where(view, _place_of(view, event, part), lang)
    title, whole = names.part(part, words), event.text(view.language).title
    name = words(key, title=title, event=whole) if key else title or whole
    anchor = f"#{part.kind}-{part.id}" if key else ""
    found = item(view, event, name, lang, lines, status=shown(part.status), anchor=anchor)
    if is_off:
        return replace(found, around=around(view, f"title.{part.status}"))
    return replace(found, around=around(view, "digest.subject_moved", part.time)) if before else found


def _was(view: View, event: PublishedEvent) -> Iterator[Line]:
    """The day that readers of something cancelled know, if it had moved since."""
    if event.previous_time:
        yield line("note", view.words("change.was", before=stamp(event.previous_time, view.words).text))


def _other_notes(view: View, event: PublishedEvent) -> Iterator[str]:
    """What else has changed of an event that is to take place: whether, where, and how to join from afar."""
    if event.entry_status in _OFF:
        return
    record, before = event.text(view.language), event.previous or {}
    if event.is_relocated:
        yield view.words("change.relocated")
    elif event.previous is not None and record.place and "place" not in before:
        yield view.words("digest.place")
    if event.status is Status.TENTATIVE:
        yield view.words("change.tentative")
    elif before.get("status", event.status) != event.status:
        yield view.words("digest.confirmed")
    address = (record.online.url if record.online.public else "") if record.online else None
    if event.previous is not None and before.get("online") != address:
        yield view.words("digest.online")


def _place_of(view: View, event: PublishedEvent, part: Part) -> Places:
    """Where a part takes place: where its event does, unless it says otherwise; a deadline nowhere."""
    if part.kind == DEADLINE:
        return ()
    own = (
        Session.model_validate(part.texts[view.language]).place
        if part.kind == SESSION
        else changed_place(Showing(event, part.time, part.status, part), view.language)
    )
    return own or event.text(view.language).place
