"""publisher status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from publisher.cli.hubs import standing_as_json, standing_line
from publisher.cli.mail import counted, issue_as_json, issue_line, moment
from publisher.cli.options import json_option, say, show_json, site_option

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from publisher.app import Site, Status
    from publisher.issuing.standing import ListStanding, MailStanding


@click.command(name="status", short_help="Say how the site stands.")
@site_option
@json_option
def command(folder: Path, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Say how the site stands: what is public, what waits, how mail and hubs stand, when it last ticked."""
    from publisher import app
    from publisher.store.database import shown
    from publisher.zones import tzdata_version

    site = app.open_site(folder)
    state = app.status(site, app.utc_now())
    edition = state.edition
    database = shown(site.config.database.url)
    if as_json:
        show_json(
            {
                "edition": edition
                and {"number": edition.number, "now": edition.now.isoformat(), "state": edition.state},
                "public": dict(state.public),
                "scheduled": [{"record": name, "publish_at": at} for name, at in state.scheduled],
                "changes_waiting": not state.as_released,
                "waiting_since": state.waiting_since and state.waiting_since.isoformat(),
                "last_tick": state.last_tick and state.last_tick.isoformat(),
                "database": database,
                "tzdata": tzdata_version(),
                "mode": site.config.publish.mode,
                "hubs": [standing_as_json(each) for each in state.hubs],
                **_mail_as_json(state.mail),
            }
        )
        return
    rows = [
        ("site", f"{site.config.site.url} in {', '.join(site.config.site.languages)}"),
        (
            "edition",
            f"{edition.number} of {moment(edition.now)}, {edition.state}, {len(edition.manifest)} files"
            if edition
            else "none yet: run `publisher build`",
        ),
        ("public", ", ".join(f"{kind} {count}" for kind, count in sorted(state.public.items())) or "nothing"),
        ("content", _content(site, state)),
        *(("scheduled", f"{name} at {at}") for name, at in state.scheduled),
        (
            "last tick",
            moment(state.last_tick)
            if state.last_tick
            else "never: start `publisher run`, or call `publisher tick` each minute",
        ),
        ("database", database),
        ("time zones", f"tzdata {tzdata_version()}"),
        *(("hub", standing_line(each)) for each in state.hubs),
        *_mail_rows(state.mail),
    ]
    for name, text in rows:
        say(f"{name:<11} {text}")


def _content(site: Site, state: Status) -> str:
    if state.as_released:
        return "as released"
    since = state.waiting_since
    seen = f" since {moment(since)}" if since else ""
    if site.config.publish.mode == "ask":
        return f"changed{seen}; waits for a person: `publisher plan`, then `publisher build`"
    return f"changed{seen}; will be released when it has settled, or now by `publisher build`"


def _mail_rows(mail: MailStanding) -> Iterator[tuple[str, str]]:
    for each in mail.lists:
        yield "list", _list(each)
    if mail.lists or mail.outbox:
        since = f", since {moment(mail.oldest)}" if mail.oldest else ""
        yield "outbox", f"{counted(mail.outbox)}{since}" if mail.outbox else "empty"
        yield "mail", f"{mail.transport}: {mail.obstacle}" if mail.obstacle else mail.transport
    for warning in mail.warnings:
        yield "warning", warning


def _list(each: ListStanding) -> str:
    following = f"due {moment(each.next_due)}" if each.next_due else "due when something is released"
    last = f"last {issue_line(each.last)}" if each.last else "no issue yet"
    return f"{each.id}: {following}; {last}; {counted(each.subscriptions) or 'no subscribers'}"


def _mail_as_json(mail: MailStanding) -> dict[str, Any]:
    return {
        "lists": [
            {
                "list": each.id,
                "next_due": each.next_due and each.next_due.isoformat(),
                "last_issue": each.last and issue_as_json(each.last),
                "subscriptions": dict(each.subscriptions),
            }
            for each in mail.lists
        ],
        "outbox": {"open": dict(mail.outbox), "oldest": mail.oldest and mail.oldest.isoformat()},
        "mail": mail.transport,
        "obstacle": mail.obstacle or None,
        "warnings": list(mail.warnings),
    }
