"""A small site whose events change, and its changes as those who follow them get them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.render import change_entries, change_notes
from publisher.render.changes import changes_of

from .feedsites import Office, office

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from publisher.model.edition import Edition
    from publisher.render.feed import Entry

OPENING = {"id": "opening", "title": "Opening", "start": "2026-09-11 09:00", "end": "10:00"}
TALK = {"id": "talk", "title": "A Talk", "start": "2026-09-12 10:00", "end": "11:00"}
PAPERS = {"id": "papers", "title": "Papers due", "at": "2026-08-01"}
#: A forum of three days.
FORUM = {"title": "Forum", "start": "2026-09-11", "end": "2026-09-13"}
#: A seminar each Tuesday evening.
SEMINAR = {"title": "Seminar", "start": "2026-06-09 18:00", "end": "19:00"}
WEEKLY = {"every": "week"}


class Following:
    """Somebody who follows a site's changes while its records are edited."""

    def __init__(self, languages: Iterable[str] = ("en", "ru", "kk"), **site: Any) -> None:
        self.office: Office = office(languages, **site)
        self.edition: Edition | None = None

    def forum(self, *, id_: str = "forum", later: timedelta | None = None, **fields: Any) -> None:
        """Publish the forum as it is now: what is not given is as it was at first."""
        self.office.say("event", id_, **_given(FORUM | fields))
        self.release(later)

    def seminar(self, later: timedelta | None = None, **fields: Any) -> None:
        """Publish the seminar likewise; what is given as `recurrence` comes on top of its rule."""
        repeats = WEEKLY | fields.pop("recurrence", {})
        self.office.say("event", "seminar", **_given(SEMINAR | fields), recurrence=repeats)
        self.release(later)

    def release(self, later: timedelta | None = None) -> None:
        """Publish what is written, a day after the last time."""
        self.edition = self.office.release() if later is None else self.office.release(later)

    def entries(self, language: str = "en") -> list[Entry]:
        """All that was told, oldest first."""
        assert self.edition is not None
        return entries(self.edition, self.office, language)

    @property
    def titles(self) -> list[str]:
        """The titles of all that was told, oldest first."""
        return [entry.title for entry in self.entries()]

    @property
    def last(self) -> Entry:
        """The newest thing that was told."""
        return self.entries()[-1]

    def told(self, number: int = -1, language: str = "en") -> list[str]:
        """What one of them says, sentence by sentence; after it what has become of that since."""
        assert self.edition is not None
        change, words = changes_of(self.edition)[number], self.office.theme.words[language]
        return [*change_notes.told(change, words), *filter(None, [change_notes.since(change, words)])]


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def entries(edition: Edition, site: Office, language: str) -> list[Entry]:
    """The changes of an edition as entries of a feed, oldest first."""
    theme = site.theme
    return [change_entries.change_entry(edition, theme, language, change) for change in changes_of(edition)]
