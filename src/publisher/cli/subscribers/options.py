"""What these commands share: which readers, and how one is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from publisher.diagnostics import did_you_mean
from publisher.errors import UsageError
from publisher.model.mailing import SubscriptionState

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.config import Config
    from publisher.model.mailing import Subscriber
    from publisher.site import Site

F = TypeVar("F", bound="Callable[..., Any]")


class UnknownList(UsageError):
    """There is no such list: take one of those that publisher.toml has."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        near = did_you_mean(name, known) or f"the lists are {', '.join(known)}"
        super().__init__(f"no list '{name}'\nhint: {near if known else 'add one to publisher.toml'}")


class UnknownReader(UsageError):
    """Nobody here has this address or id: look at how it is written."""

    def __init__(self, who: str) -> None:
        super().__init__(
            f"nobody here has the address or id '{who}'\n"
            "hint: `publisher subscribers list` shows who is there"
        )


def list_option(function: F) -> F:
    """--list ID."""
    return click.option("--list", "list_id", metavar="ID", help="Only subscriptions to this list.")(function)


def state_option(function: F) -> F:
    """--state STATE."""
    return click.option(
        "--state", type=click.Choice([str(state) for state in SubscriptionState]),
        help="Only subscriptions that stand so.",
    )(function)  # fmt: skip


def who_argument(function: F) -> F:
    """EMAIL or ID."""
    return click.argument("who", metavar="EMAIL|ID")(function)


def require_list(config: Config, name: str | None) -> None:
    """Refuse a list that there is not."""
    if name is not None and name not in config.lists:
        raise UnknownList(name, tuple(config.lists))


def reader(site: Site, who: str) -> Subscriber:
    """Whom an address or id means.

    Raises:
        UnknownReader: nobody.
    """
    from publisher.mailing.addresses import BadAddress, read_address
    from publisher.store import subscribers as store

    if site.has_database:
        with site.database.reading() as connection:
            if who.isascii() and who.isdigit() and (found := store.get(connection, int(who))):
                return found
            try:
                address = read_address(who)
            except BadAddress:
                raise UnknownReader(who) from None
            if found := store.find(connection, address.key):
                return found
    raise UnknownReader(who)
