"""publisher doctor."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from publisher.cli.options import json_option, say, show_json, site_option

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publisher.cli.doctor.check import Check

_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


@click.command(name="doctor", short_help="Look whether everything is sound; let this machine send mail.")
@site_option
@click.option("--arm", is_flag=True, help="First let this machine send this site's mail by SMTP.")
@click.option("--disarm", is_flag=True, help="First take that back: nothing is sent from here any more.")
@click.option(
    "--new-key", is_flag=True, help="First add a secret key, which signs all links in mails from now on."
)
@json_option
def command(folder: Path, arm: bool, disarm: bool, new_key: bool, as_json: bool) -> None:  # noqa: FBT001 -- flags of the command line
    """Look whether everything is sound: settings, database, schedule, mail; and say how to mend what is not.

    With transport = "smtp" it also connects to the mail server, up to the
    login; no mail is sent. Mail leaves a machine only once --arm has said that
    it may: a copy of this folder, on this machine or another one, mails nobody.

    Links in mails of former days stay good after --new-key: the old keys are
    kept, until somebody takes their lines out of var/secret.keys.

    Exit status: 1 if there is a problem; a warning is none.

    \b
    Example:
      publisher doctor --arm
    """
    from publisher.cli.doctor.check import PROBLEM
    from publisher.cli.doctor.checks import examine

    if arm and disarm:
        raise click.UsageError("expected one of --arm and --disarm, got both")
    if arm or disarm:
        _say_who_may_send(folder, arm=arm)
    if new_key:
        _add_key(folder)
    found = examine(folder)
    problems = [check for check in found if check.level == PROBLEM]
    if as_json:
        show_json({"sound": not problems, "checks": [check.as_json() for check in found]})
    else:
        _show(found)
    sys.exit(1 if problems else 0)


def _say_who_may_send(folder: Path, *, arm: bool) -> None:
    from publisher import config
    from publisher.app import utc_now
    from publisher.errors import UsageError
    from publisher.post import arming

    settings = config.load(folder)
    if not arm:
        arming.disarm(folder)
        return
    if settings.mail.transport != "smtp":
        hint = 'set transport = "smtp" and the server first; captured mail needs no arming'
        raise UsageError(f"[mail] transport is '{settings.mail.transport}': no mail leaves\nhint: {hint}")
    arming.arm(folder, settings, utc_now())


def _add_key(folder: Path) -> None:
    from publisher.app import open_site
    from publisher.secret_keys import rotate

    rotate(open_site(folder).var)


def _show(found: Sequence[Check]) -> None:
    width = max(len(check.name) for check in found)
    for check in found:
        level = click.style(f"{check.level:<7}", fg=_COLOURS[check.level], bold=check.level != "ok")
        first, *more = check.text.splitlines()
        say(f"{level}  {check.name:<{width}}  {first}")
        for line in (*more, *([f"hint: {check.hint}"] if check.hint else [])):
            say(f"{'':<9}{'':<{width}}  {line}")
