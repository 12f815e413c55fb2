"""publisher digest hold, approve, pause, resume, abort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from publisher.cli.mail import issue_line
from publisher.cli.options import now_option, say, site_option

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

F = TypeVar("F", bound="Callable[..., Any]")


def _issue_arguments(function: F) -> F:
    """LIST and PERIOD."""
    listed = click.argument("list_id", metavar="LIST")
    return site_option(now_option(listed(click.argument("period", metavar="PERIOD")(function))))


@click.command(name="hold", short_help="Have an issue wait for approval.")
@_issue_arguments
def hold(list_id: str, period: str, folder: Path, now: datetime | None) -> None:
    """Have an issue wait for approval, also one that is still to come.

    It is made when it is due, and waits. What is not approved in time is not
    sent: the next issue tells its content.
    """
    from publisher import app
    from publisher.issuing import moves

    issue = moves.hold(app.open_site(folder), list_id, period, now or app.utc_now())
    say(issue_line(issue) if issue else f"{list_id} {period}  will wait for approval once it is made")


@click.command(name="approve", short_help="Let an issue that waits be sent.")
@_issue_arguments
def approve(list_id: str, period: str, folder: Path, now: datetime | None) -> None:
    """Let an issue that waits be sent: its page is published, then its mail leaves with the next delivery."""
    from publisher import app
    from publisher.issuing import moves

    say(issue_line(moves.approve(app.open_site(folder), list_id, period, now or app.utc_now())))


@click.command(name="pause", short_help="Send no more of an issue until it is resumed.")
@_issue_arguments
def pause(list_id: str, period: str, folder: Path, now: datetime | None) -> None:
    """Send no more of an issue until it is resumed; what is on its way at this moment still arrives."""
    from publisher import app
    from publisher.issuing import moves

    say(issue_line(moves.pause(app.open_site(folder), list_id, period, now or app.utc_now())))


@click.command(name="resume", short_help="Go on sending a paused issue.")
@_issue_arguments
def resume(list_id: str, period: str, folder: Path, now: datetime | None) -> None:
    """Go on sending a paused issue, to whoever has not got it yet."""
    from publisher import app
    from publisher.issuing import moves

    say(issue_line(moves.resume(app.open_site(folder), list_id, period, now or app.utc_now())))


@click.command(name="abort", short_help="End an issue: nobody gets it any more.")
@_issue_arguments
def abort(list_id: str, period: str, folder: Path, now: datetime | None) -> None:
    """End an issue: whoever has not got it never does, and the next issue tells them its content.

    Its page stays if it has reached anybody, and goes if it has not.
    """
    from publisher import app
    from publisher.issuing import moves

    say(issue_line(moves.stop(app.open_site(folder), list_id, period, now or app.utc_now())))
