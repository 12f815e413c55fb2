"""publisher subscribers."""

from __future__ import annotations

import click

from publisher.cli.subscribers.files import export, import_
from publisher.cli.subscribers.looking import list_, show
from publisher.cli.subscribers.requests import erase, lift, suppress, unsubscribe


@click.group(name="subscribers", short_help="Bring readers from elsewhere, look them up, do what they ask.")
def command() -> None:
    """Bring readers from elsewhere, look them up, and do what they ask for.

    Most readers sign up, choose and leave by themselves. These are the ways
    for everything else: a list of addresses with a consent to each, a request
    of access or erasure, somebody who writes instead of clicking.

    \b
    Examples:
      publisher subscribers import readers.csv --confirmed
      publisher subscribers export --list weekly readers.csv
      publisher subscribers unsubscribe reader@example.org
    """


for _each in (import_, export, list_, show, unsubscribe, suppress, lift, erase):
    command.add_command(_each)
