"""publisher preview."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import click

from publisher.cli.options import count_findings, now_option, say, show_findings, site_option
from publisher.errors import PublisherError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from publisher.server.preview import PreviewSite


@click.command(
    name="preview", short_help="Show the site as it would be, and reload the browser on every change."
)
@site_option
@now_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8001,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port; 0 is any free one.",
)
def command(folder: Path, now: datetime | None, host: str, port: int) -> None:
    """Show the site as a release would make it, and reload the browser on every change.

    Nothing is released and build/ is not touched: what you see is what readers
    would see. Findings stand at the top of each page.

    \b
    Example:
      publisher preview --port 8001
    """
    from publisher import app
    from publisher.served import ThemedRenderings
    from publisher.server.clients import OWN_NAMES
    from publisher.server.preview import PreviewSite
    from publisher.server.run import serve

    site = app.open_site(folder)
    shown = PreviewSite(site.config.site.languages, ThemedRenderings(site.theme))
    _show(folder, now, shown)
    stop = threading.Event()
    watcher = threading.Thread(
        target=_watch, args=(folder, lambda: _show(folder, now, shown), stop), daemon=True
    )
    watcher.start()

    def end() -> None:
        stop.set()
        shown.close()

    names = OWN_NAMES if host in {"127.0.0.1", "localhost", "::1"} else ("*",)
    language = site.config.site.default_language
    serve(
        shown.application(names), host, port,
        on_ready=lambda url: say(f"preview {url}{language}/  (Ctrl-C stops it; nothing is released)"),
        on_stop=end,
    )  # fmt: skip


def _show(folder: Path, now: datetime | None, shown: PreviewSite) -> None:
    """Make the preview anew; a fault in theme or configuration is told, and the last one stays."""
    from publisher import app

    try:
        made = app.preview(app.open_site(folder), now or app.utc_now())
    except PublisherError as error:
        click.echo(f"publisher: {error}", err=True)
        return
    show_findings(made.content.diagnostics)
    if made.content.diagnostics:
        click.echo(count_findings(made.content.diagnostics), err=True)
    shown.show({a.path: a for a in made.artifacts}, made.content.diagnostics, made.edition)


def _watch(folder: Path, changed: Callable[[], None], stop: threading.Event) -> None:
    from watchfiles import watch

    watched = [
        folder / name for name in ("content", "templates", "publisher.toml") if (folder / name).exists()
    ]
    for _ in watch(*watched, stop_event=stop, raise_interrupt=False):
        changed()
