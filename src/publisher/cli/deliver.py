"""publisher deliver."""

from __future__ import annotations

import gc
import signal
import sys
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from publisher.cli.mail import counted, moment
from publisher.cli.options import Bar, json_option, now_option, say, show_json, site_option
from publisher.model.mailing import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from publisher.post.run import Delivered


#: No delivery is left in one of these.
_PASSED_THROUGH = (DeliveryState.QUEUED, DeliveryState.SENDING)


@click.command(name="deliver", short_help="Send what is due.")
@site_option
@now_option
@click.option("--until-empty", is_flag=True, help="Wait for others at work, and for the limit a minute.")
@json_option
def command(folder: Path, now: datetime | None, until_empty: bool, as_json: bool) -> None:  # noqa: FBT001 -- flags of the command line
    """Send what is due: letters first, then digests.

    `publisher tick` and `publisher run` do the same after all else; this is
    for a site that sends in a process of its own, and for going on at once
    after one was stopped. It ends when nothing is due that it may send. With
    --until-empty also what another process has in hand has then been sent,
    and what was over the limit a minute.

    Killed at any moment, the next one goes on: nobody is left out, and at most
    one message for each connection comes twice. Ctrl-C and SIGTERM end it when
    the messages on their way have arrived.

    \b
    Example:
      publisher deliver --now 2026-06-08T08:00:00+05:00 --until-empty
    """
    from datetime import UTC
    from datetime import datetime as clock

    with _loading_at_once():
        from publisher.post.outbox import deliver
        from publisher.post.postbox import Postbox

        postbox = Postbox.open(folder)
        postbox.make_ready()
    with Bar("sending") as bar, _stopped_by_signals() as stop:
        done = deliver(postbox, now or clock.now(UTC), until_empty=until_empty, stop=stop, progress=bar)
    _report(done, as_json=as_json)
    sys.exit(3 if done.problem else 1 if done.unwritten else 0)


@contextmanager
def _loading_at_once() -> Iterator[None]:
    """Without looking for garbage, of which loading makes none: that would be a third of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    """Set by Ctrl-C or SIGTERM; a second one ends the process as ever."""
    stop = Event()
    before: dict[int, Any] = {}

    def set_it(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, before[number])

    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, set_it)
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _report(done: Delivered, *, as_json: bool) -> None:
    counts = {state: done.counts[state] for state in DeliveryState if state not in _PASSED_THROUGH}
    if as_json:
        show_json(
            {
                **{state.replace(" ", "_"): count for state, count in counts.items()},
                "done": list(done.done),
                "problem": done.problem or None,
                "unwritten": list(done.unwritten),
                "resumes": done.resumes and done.resumes.isoformat(),
                "stopped": done.stopped,
            }
        )
        return
    say(counted(counts) or "nothing is due")
    if done.resumes:
        say(f"the limit is reached; the next message may leave at {moment(done.resumes)}")
    if done.stopped:
        say("stopped")
    for reason in sorted(set(done.unwritten)):
        click.echo(f"publisher: a message cannot be written: {reason}", err=True)
    if done.problem:
        click.echo(f"publisher: nothing more can be sent: {done.problem}", err=True)
