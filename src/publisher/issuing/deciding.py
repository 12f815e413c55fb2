"""What becomes of the periods that have come due: a pure decision, made of a list's settings and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.mailing.periods import due_in
from publisher.model.mailing import IssueState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.config_mail import List
    from publisher.mailing.periods import Period

#: Why an issue is skipped, or waits.
MISSED, TOO_LATE, NOTHING_NEW, NOT_APPROVED = "missed", "too late", "nothing new", "waits for approval"
#: What is begun so soon after its time was not missed: a machine may be restarted at the wrong minute.
ON_TIME = timedelta(hours=1)
#: Where a day begins last: UTC-12. POSIX counts westward, hence the sign.
_LATEST = "Etc/GMT+12"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """An issue as it begins: to be built, or skipped for a reason."""

    period: Period
    state: IssueState
    reason: str
    #: Up to when its content reaches, in UTC.
    cut_at: datetime
    #: After which none of its messages leaves.
    not_after: datetime


def plan(settings: List, site_timezone: str, periods: Sequence[Period], now: datetime) -> list[Planned]:
    """An issue for each of these periods, oldest first, by the list's rules for missed ones and late ones."""
    found = []
    for number, period in enumerate(periods, 1):
        is_latest = number == len(periods)
        reason = _reason(settings, site_timezone, period, now, is_latest=is_latest)
        found.append(
            Planned(
                period=period,
                state=IssueState.SKIPPED if reason else IssueState.BUILDING,
                reason=reason,
                cut_at=now if is_latest and not reason else period.due_at,
                not_after=_last_instant(settings, site_timezone, period) + settings.lateness,
            )
        )
    return found


def _reason(settings: List, site_timezone: str, period: Period, now: datetime, *, is_latest: bool) -> str:
    """Why there will be no issue for a period; nothing if there will."""
    last = _last_instant(settings, site_timezone, period)
    if settings.catch_up != "all" and not is_latest:
        return MISSED
    if settings.catch_up == "none" and now > last + ON_TIME:
        return MISSED
    return TOO_LATE if now >= last + settings.lateness else ""


def _last_instant(settings: List, site_timezone: str, period: Period) -> datetime:
    """When a period is due for the last of its readers."""
    return due_in(settings, site_timezone, period.key, _LATEST) if settings.is_local else period.due_at
