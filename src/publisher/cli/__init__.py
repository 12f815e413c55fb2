"""The command line: one module a command, imported when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from publisher import __version__
from publisher.errors import PublisherError

#: The commands in the order in which one meets them; each is a module of this package.
COMMANDS = {
    "check": "Report every mistake in content/, or in anybody's feeds and calendars.",
    "plan": "Say what readers would notice, before anything is released.",
    "build": "Release now: make build/ say what content/ says.",
    "preview": "Show the site as it would be, and reload the browser on every change.",
    "import": "Make records of somebody's calendar, a file or an address; again, to bring them up to date.",
    "run": "Serve the site and keep it right: schedule, releases and server in one process.",
    "serve": "Serve build/ and any combination of topics and organisations.",
    "tick": "Do what is due now, once: for cron and systemd timers.",
    "ping": "Tell hubs now of the feeds that have changed.",
    "deliver": "Send what is due: letters first, then digests.",
    "digest": "Look at digests before readers do, and decide what becomes of issues.",
    "status": "Say how the site stands.",
    "doctor": "Look whether everything is sound; let this machine send mail, or not.",
    "subscribers": "Bring readers from elsewhere, look them up, do what they ask.",
    "db": "Look at the database, check it, bring it forward.",
    "migrate": "Bring the database forward to this version.",
}


#: Where a command's name is no name for a module.
_MODULES = {"import": "import_"}


class Commands(click.Group):
    """A group that knows its commands' names and loads only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"publisher.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for a mistyped one."""
        from publisher.diagnostics import did_you_mean

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = did_you_mean(args[0], COMMANDS) or f"the commands are {', '.join(COMMANDS)}"
            ctx.fail(f"no such command '{args[0]}'\nhint: {hint}")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run; a known fault is one message and an exit status, anything else keeps its traceback."""
        try:
            return super().main(*args, **kwargs)
        except PublisherError as error:
            click.echo(f"publisher: {error}", err=True)
            sys.exit(error.exit_status)
        except OSError as error:
            if error.filename is None and error.errno is None:
                raise
            click.echo(
                f"publisher: {error.strerror}: {error.filename}\n"
                "hint: check the folder's rights and free space",
                err=True,
            )
            sys.exit(PublisherError.exit_status)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="publisher %(version)s")
def cli() -> None:
    """Curate events once, in plain text; every calendar, feed and page is right, and stays right.

    \b
    First steps:
      publisher check                 see whether the records are sound
      publisher preview               look at the site while you write
      publisher plan                  see what readers will notice
      publisher build                 release it

    Exit status: 0 done, 1 errors found in what was given, 2 usage or
    configuration, 3 something outside failed.
    """
