"""publisher serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from publisher.cli.options import say, site_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(name="serve", short_help="Serve build/ and any combination of topics and organisations.")
@site_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port; 0 is any free one.",
)
def command(folder: Path, host: str, port: int) -> None:
    """Serve build/, and any combination as calendar and feed; no schedule, no releases.

    \b
    Examples:
      publisher serve --port 8123
      then subscribe to http://localhost:8123/en/calendar.ics?topic=internationalisation
    """
    from publisher import app
    from publisher.served import LiveSite
    from publisher.server.asgi import application
    from publisher.server.log import write_access_log
    from publisher.server.run import serve

    live = LiveSite(app.open_site(folder))
    write_access_log()
    serve(application(live, live), host, port, on_ready=lambda url: say(f"serving {url}"))
