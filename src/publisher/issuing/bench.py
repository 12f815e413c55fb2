"""What an issue says to each reader, from one edition: everything alike is made once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.edition.compile import compile_edition
from publisher.mailing.digest import render_digest
from publisher.mailing.issue import Span, cut
from publisher.mailing.periods import due, next_due

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.config_mail import List
    from publisher.mailing.issue import Choice
    from publisher.mailing.periods import Period
    from publisher.model.edition import Edition
    from publisher.model.ledger import Ledger
    from publisher.model.mailing import Digest, Interests
    from publisher.site import Site

#: How far apart two issues of a list can be, at most: a month, and clocks that were set.
_LONGEST = timedelta(days=33)
#: For a list that is due whenever something is released, nobody knows when the next one is.
_DAY = timedelta(days=1)


class Bench:
    """The content of one issue of a list: choices by who is asking, digests by cohort."""

    def __init__(self, site: Site, ledger: Ledger, list_id: str, period: Period, span: Span) -> None:
        """`span` is that of a reader of everything; `ledger` is what the issue is cut from."""
        self.list_id, self.period, self.span = list_id, period.key, span
        self.due_at = period.due_at
        self.settings: List = site.config.lists[list_id]
        self.languages = languages_of(site, self.settings)
        self._default = site.config.site.default_language
        self._theme = site.theme
        self._edition: Edition = compile_edition(ledger, site.config, site.local_date(span.cut_at))
        self._choices: dict[tuple[datetime, Interests], Choice] = {}

    def choice(self, told_until: datetime, interests: Interests) -> Choice:
        """What there is for a reader who has been told everything up to an instant."""
        key = (told_until, interests)
        if key not in self._choices:
            span = Span(told_until, self.span.cut_at, self.span.next_at)
            self._choices[key] = cut(self._edition, self.settings, span, interests)
        return self._choices[key]

    def language(self, wanted: str) -> str:
        """The reader's language if the list has it, else the site's default one, else the list's first."""
        return next((each for each in (wanted, self._default) if each in self.languages), self.languages[0])

    def digest(self, choice: Choice, language: str) -> Digest:
        """The body for all who get this choice in this language."""
        return render_digest(
            self._edition, self._theme, self.list_id, self.settings, self.period, choice, language,
            due_at=self.due_at,
        )  # fmt: skip


def languages_of(site: Site, settings: List) -> Sequence[str]:
    """In which languages a list is written."""
    return settings.languages or site.config.site.languages


def span_of(site: Site, settings: List, due_at: datetime, cut_at: datetime, told_until: datetime) -> Span:
    """What an issue is about: from what its reader knows up to its cut, and until the next one."""
    following = next_due(settings, site.config.site.timezone, max(due_at, cut_at))
    return Span(told_until, cut_at, following.due_at if following else cut_at + _DAY)


def previous_due(site: Site, settings: List, due_at: datetime) -> datetime:
    """When the period before was due: up to then a reader of everything has been told everything."""
    earlier = due(settings, site.config.site.timezone, due_at - _LONGEST, due_at)
    return max((period.due_at for period in earlier if period.due_at < due_at), default=due_at - _DAY)
