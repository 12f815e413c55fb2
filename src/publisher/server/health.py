"""/healthz: whether this process does its work, for whoever restarts or balances it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, move_on_after, to_thread
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

#: The schedule ticks once a minute; two ticks may be missed by a busy machine.
LATE = timedelta(minutes=3)
#: How long the database may take to answer, in seconds.
PATIENCE = 5.0


@dataclass(frozen=True, kw_only=True)
class Health:
    """What a site says of itself; instants are aware."""

    version: str
    last_release: datetime | None = None
    last_tick: datetime | None = None
    #: Whether this process is supposed to run the schedule.
    scheduled: bool = False
    database_answers: bool = True

    def status(self, now: datetime) -> str:
        """A word for it: ok, or what is wrong."""
        if not self.database_answers:
            return "database does not answer"
        if self.scheduled and (self.last_tick is None or now - self.last_tick > LATE):
            return "schedule is late"
        return "ok"


class HealthCheck:
    """Answers /healthz: 200 while all is well, 503 when somebody should look."""

    def __init__(self, health: Callable[[], Health]) -> None:
        self._health = health
        # A database that hangs holds two threads at most, and none of those that serve.
        self._threads = CapacityLimiter(2)

    async def __call__(self, request: Request) -> JSONResponse:
        """Ask the site, for a limited time."""
        del request
        with move_on_after(PATIENCE):
            health = await to_thread.run_sync(self._health, abandon_on_cancel=True, limiter=self._threads)
            return _response(health, datetime.now(UTC))
        return _response(Health(version="unknown", database_answers=False), datetime.now(UTC))


def _response(health: Health, now: datetime) -> JSONResponse:
    status = health.status(now)
    body = {
        "status": status,
        "last_release": health.last_release and health.last_release.isoformat(),
        "last_tick": health.last_tick and health.last_tick.isoformat(),
        "version": health.version,
    }
    return JSONResponse(body, 200 if status == "ok" else 503, headers={"Cache-Control": "no-store"})
