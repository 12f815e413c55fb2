"""The schedule: one tick a minute, on the minute, and a look at the outbox every few seconds.

APScheduler is imported here only.

The scheduler holds no truth: what is due is decided from the database each
time, so a missed, late or doubled tick does no harm. Its defaults would (a job
late by a second is skipped without a word), so they are set here by name.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from publisher.errors import PublisherError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from apscheduler.triggers.base import BaseTrigger

log = logging.getLogger("publisher.schedule")

#: Somebody who signs up waits for a letter; a look at an empty outbox costs next to nothing. In seconds.
_PAUSE = 3
#: After how many seconds the same fault is told again.
_AGAIN = 600.0


def every_minute(tick: Callable[[], None]) -> AbstractContextManager[None]:
    """Call `tick` at once and then on every minute, in a thread, until the block is left."""
    # Times are UTC and the trigger has no hour: no clock change can skip or double it, and no jitter is set.
    return _repeated("tick", tick, CronTrigger(second=0, timezone=UTC))


def every_moment(deliver: Callable[[], None]) -> AbstractContextManager[None]:
    """Call `deliver` every few seconds, in a thread of its own: however long it takes, no tick is late."""
    return _repeated("delivery", deliver, IntervalTrigger(seconds=_PAUSE, timezone=UTC))


@contextmanager
def _repeated(name: str, work: Callable[[], None], trigger: BaseTrigger) -> Iterator[None]:
    """Call it at once and then by the trigger, one call at a time; the block is left after the last one."""
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        _guarded(name, work), trigger, next_run_time=datetime.now(UTC),
        coalesce=True, max_instances=1, misfire_grace_time=None,
    )  # fmt: skip
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def _guarded(name: str, work: Callable[[], None]) -> Callable[[], None]:
    """What fails is told, and does not end the schedule: the next one may well succeed."""
    told: dict[str, float] = {}

    def guarded() -> None:
        try:
            work()
        except PublisherError as error:
            if monotonic() - told.get(str(error), -_AGAIN) >= _AGAIN:
                told[str(error)] = monotonic()
                log.error("%s: %s", name, error)  # noqa: TRY400 -- an operator's fault needs no traceback
        except Exception:
            log.exception("%s: a defect of the program", name)

    return guarded
