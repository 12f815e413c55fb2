"""publisher subscribers list, and show."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from publisher.cli.options import json_option, plural, say, show_json, site_option
from publisher.cli.subscribers.options import list_option, reader, require_list, state_option, who_argument

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from publisher.model.mailing import Subscriber, Subscription
    from publisher.subscriber_files.dossier import Dossier


@click.command(name="list", short_help="Say who is there, their addresses veiled.")
@list_option
@state_option
@click.option("--full", is_flag=True, help="Show whole addresses.")
@json_option
@site_option
def list_(
    list_id: str | None,
    state: str | None,
    full: bool,  # noqa: FBT001 -- a flag of the command line
    as_json: bool,  # noqa: FBT001 -- likewise
    folder: Path,
) -> None:
    """Say who is there and how their subscriptions stand, one reader a line.

    Addresses are shown as a***@e***, so that a screen or a log does not tell
    them; --full shows them whole. The number in front is what the other
    commands take in place of an address.
    """
    from publisher.app import open_site
    from publisher.mailing.addresses import shown
    from publisher.model.mailing import SubscriptionState
    from publisher.subscriber_files.exporting import everybody

    site = open_site(folder)
    require_list(site.config, list_id)
    found = list(everybody(site, list_id=list_id, state=SubscriptionState(state) if state else None))
    named = [(one, one.email if full else shown(one.email), theirs) for one, theirs in found]
    if as_json:
        show_json({"subscribers": [_listed(one, email, theirs) for one, email, theirs in named]})
        return
    for one, email, theirs in named:
        stand = ", ".join(f"{each.list} {each.state}" for each in theirs)
        say(f"{one.id:>19}  {email}  {one.language}  {stand or 'nothing'}")
    say(plural(len(found), "reader"))


def _listed(one: Subscriber, email: str, theirs: tuple[Subscription, ...]) -> dict[str, Any]:
    return {
        "id": one.id,
        "email": email,
        "language": one.language,
        "timezone": one.timezone,
        "created": one.created.isoformat(),
        "subscriptions": {each.list: str(each.state) for each in theirs},
    }


@click.command(name="show", short_help="Say everything that is kept about one reader.")
@who_argument
@json_option
@site_option
def show(who: str, as_json: bool, folder: Path) -> None:  # noqa: FBT001 -- a flag of the command line
    """Say everything that is kept about one reader: the answer to a request of access.

    That is the address and how to write to it, each subscription with what
    was chosen and how the reader agreed, each message with what became of it,
    bounces, and whether the address is suppressed. There is nothing else: what
    they read or click is not recorded.
    """
    from publisher.app import open_site
    from publisher.subscriber_files.dossier import dossier

    site = open_site(folder)
    kept = dossier(site, reader(site, who))
    if as_json:
        show_json(_plain(asdict(kept)))
    else:
        _tell(kept)


def _tell(kept: Dossier) -> None:
    """Name and value, one a line; a heading for each part."""
    for name, value in _plain(asdict(kept.subscriber)).items():
        _line("", name, value)
    parts: Mapping[str, tuple[Any, ...]] = {
        "subscription": kept.subscriptions,
        "message": kept.messages,
        "bounce": kept.bounces,
        "suppression": (kept.suppression,) if kept.suppression else (),
        "limit": kept.limits,
    }
    for name, rows in parts.items():
        for row in rows:
            say(f"\n{name}")
            for field, value in _plain(asdict(row)).items():
                _line("  ", field, value)


def _line(indent: str, name: str, value: object) -> None:
    if isinstance(value, dict):
        value = ", ".join(f"{key}: {' '.join(each)}" for key, each in value.items() if each)
    if value not in (None, "", []):
        say(f"{indent}{name.replace('_', ' '):<14} {value}")


def _plain(value: Any) -> Any:
    """The same as JSON has it: instants as ISO text in UTC."""
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
        case datetime():
            return value.isoformat()
    return value
