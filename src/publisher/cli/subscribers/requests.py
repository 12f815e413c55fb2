"""publisher subscribers unsubscribe, suppress, lift and erase: for people who write instead of clicking."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from publisher.cli.options import now_option, say, site_option
from publisher.cli.subscribers.options import reader, require_list, who_argument
from publisher.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from publisher.mailing.addresses import Address


class NobodyToAsk(UsageError):
    """Erasing is asked about on a terminal only: give --yes elsewhere."""

    def __init__(self) -> None:
        super().__init__("erasing cannot be undone, and there is nobody to ask\nhint: add --yes")


class NoAddress(UsageError):
    """Not an address that mail could go to: look at how it is written."""

    def __init__(self, written: str, reason: str) -> None:
        super().__init__(
            f"expected an e-mail address, got '{written}': {reason}\nhint: write the address alone"
        )


@click.command(name="unsubscribe", short_help="Have a reader leave, for somebody who wrote.")
@who_argument
@click.option("--list", "list_id", metavar="ID", help="Only this list; all of them by default.")
@now_option
@site_option
def unsubscribe(who: str, list_id: str | None, now: datetime | None, folder: Path) -> None:
    """Have a reader leave, for somebody who wrote instead of clicking.

    What waits to be sent to them is not sent any more; a message that is being
    handed over at this moment is waited for. Once this is done, nothing is sent.
    """
    from publisher.app import open_site, utc_now
    from publisher.subscriber_files import errands

    site = open_site(folder)
    require_list(site.config, list_id)
    left = errands.unsubscribe(site, reader(site, who), (list_id,) if list_id else (), now or utc_now())
    say(f"unsubscribed from {', '.join(left)}" if left else "there was nothing to leave")


@click.command(name="suppress", short_help="Never write to an address again.")
@click.argument("email", metavar="EMAIL")
@now_option
@site_option
def suppress(email: str, now: datetime | None, folder: Path) -> None:
    """Never write to an address again, whoever signs it up or imports it.

    The address need not be a reader's. It is kept as a keyed hash only, and
    stays suppressed when the reader is erased.
    """
    from publisher.app import open_site, utc_now
    from publisher.subscriber_files import errands

    errands.suppress(open_site(folder), _address(email), now or utc_now())
    say("suppressed: nothing is sent to this address any more")


@click.command(name="lift", short_help="Let a suppressed address be written to again.")
@click.argument("email", metavar="EMAIL")
@now_option
@site_option
def lift(email: str, now: datetime | None, folder: Path) -> None:
    """Let a suppressed address be written to again, because its owner asks for it.

    Subscriptions that it had are as they were.
    """
    from publisher.app import open_site, utc_now
    from publisher.subscriber_files import errands

    lifted = errands.lift(open_site(folder), _address(email), now or utc_now())
    say("the address may be written to again" if lifted else "the address was not suppressed")


@click.command(name="erase", short_help="Forget a reader for good.")
@who_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@now_option
@site_option
def erase(who: str, yes: bool, now: datetime | None, folder: Path) -> None:  # noqa: FBT001 -- a flag of the command line
    """Forget a reader for good: address, choices, consent, and what servers said about them.

    What stays is that messages were sent, with nothing that says to whom. If the
    address must not be written to again either, `suppress` it first: an import
    of an old list would bring it back. A suppression stays, as a keyed hash.
    """
    from publisher.app import open_site, utc_now
    from publisher.subscriber_files import errands

    site = open_site(folder)
    found = reader(site, who)
    if not yes:
        if not sys.stdin.isatty():
            raise NobodyToAsk
        click.confirm(f"forget {found.email or 'this reader'} for good?", abort=True)
    errands.erase(site, found, now or utc_now())
    say("erased")


def _address(written: str) -> Address:
    from publisher.mailing.addresses import BadAddress, read_address

    try:
        return read_address(written)
    except BadAddress as error:
        raise NoAddress(written, error.reason) from None
