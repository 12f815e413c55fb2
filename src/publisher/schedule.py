"""The schedule: one tick a minute, on the minute. APScheduler is imported here only.

The scheduler holds no truth: what is due is decided from the database each
time, so a missed, late or doubled tick does no harm. Its defaults would (a job
late by a second is skipped without a word), so they are set here by name.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import UTC
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from publisher.errors import PublisherError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger("publisher.schedule")


@contextmanager
def every_minute(tick: Callable[[], None]) -> Iterator[None]:
    """Call `tick` at once and then on every minute, in a thread, until the block is left."""
    # Times are UTC and the trigger has no hour: no clock change can skip or double it, and no jitter is set.
    scheduler = BackgroundScheduler(timezone=UTC)
    options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler.add_job(_guarded(tick), **options)
    scheduler.add_job(_guarded(tick), CronTrigger(second=0, timezone=UTC), **options)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def _guarded(tick: Callable[[], None]) -> Callable[[], None]:
    """A tick that fails is told, and does not end the schedule: the next one may well succeed."""

    def guarded() -> None:
        try:
            tick()
        except PublisherError as error:
            log.error("tick: %s", error)  # noqa: TRY400 -- an operator's fault needs no traceback
        except Exception:
            log.exception("tick: a defect of the program")

    return guarded
