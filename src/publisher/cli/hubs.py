"""How hubs are shown, to people and to machines: by their hosts, for the rest may be a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from publisher.cli.mail import moment
from publisher.cli.options import plural
from publisher.errors import PublisherError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from publisher.site import Site
    from publisher.websub.rounds import HubRound
    from publisher.websub.standing import HubStanding


def told_after_build(site: Site, now: datetime) -> tuple[HubRound, ...]:
    """Tell hubs of what was released; what fails is said in a line, and fails no release."""
    from publisher import app

    try:
        return app.tell_hubs(site, now)
    except PublisherError as error:
        click.echo(f"publisher: hubs are told later: {error}", err=True)
        return ()


def round_lines(rounds: Iterable[HubRound]) -> Iterator[str]:
    """A line for each hub that was asked."""
    for done in rounds:
        parts = [f"{plural(done.told, 'feed')} told"] if done.told else []
        if done.refused:
            again = f", again at {moment(done.next_at)}" if done.next_at else ""
            parts.append(f"{plural(done.refused, 'feed')} not taken: it {done.reply}{again}")
        if done.given_up:
            parts.append(f"{plural(done.given_up, 'feed')} given up after a day: it {done.reply}")
        if done.left:
            parts.append(f"{plural(done.left, 'feed')} left for the next time")
        yield f"hub {done.host}: {'; '.join(parts)}"


def round_as_json(done: HubRound) -> dict[str, Any]:
    """The same for machines."""
    return {
        "hub": done.host,
        "told": done.told,
        "not_taken": done.refused,
        "next_at": done.next_at and done.next_at.isoformat(),
        "given_up": done.given_up,
        "left": done.left,
        "reply": done.reply or None,
    }


def standing_line(each: HubStanding) -> str:
    """How a hub stands."""
    parts = [_waiting(each)]
    if each.told_at:
        parts.append(f"last told {moment(each.told_at)}")
    if each.reply and each.failed_at:
        parts.append(f"on {moment(each.failed_at)} it {each.reply}")
    if each.given_up:
        parts.append(f"{plural(each.given_up, 'feed')} given up after a day, until they change again")
    return f"{each.host}: {'; '.join(parts)}"


def _waiting(each: HubStanding) -> str:
    if not each.waiting:
        return "nothing waits"
    since = f" since {moment(each.oldest)}" if each.oldest else ""
    following = f", next try {moment(each.next_at)}" if each.next_at else ""
    return f"{plural(each.waiting, 'feed')} to be told of{since}{following}"


def standing_as_json(each: HubStanding) -> dict[str, Any]:
    """The same for machines."""
    return {
        "hub": each.host,
        "waiting": each.waiting,
        "waiting_since": each.oldest and each.oldest.isoformat(),
        "next_at": each.next_at and each.next_at.isoformat(),
        "last_told": each.told_at and each.told_at.isoformat(),
        "last_failed": each.failed_at and each.failed_at.isoformat(),
        "reply": each.reply or None,
        "given_up": each.given_up,
    }
