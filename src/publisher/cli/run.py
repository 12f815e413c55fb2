"""publisher run."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from publisher.cli.hubs import round_lines
from publisher.cli.mail import delivered_lines, issue_line
from publisher.cli.options import count_findings, plural, say, show_findings, site_option

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.app import Ticked
    from publisher.release import Release
    from publisher.site import Site

log = logging.getLogger("publisher.run")


@click.command(name="run", short_help="Serve the site and keep it right, in one process.")
@site_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port; 0 is any free one.",
)
@click.option("--build", "build_first", is_flag=True, help="Release content/ first, like `publisher build`.")
def command(folder: Path, host: str, port: int, build_first: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Serve the site and keep it right: schedule, releases, mail and server in one process.

    Every minute it completes what was interrupted, releases what has settled
    (in mode "auto"), shows what was scheduled, turns the page at midnight,
    makes the issues of lists that have come due, and tells hubs of feeds that
    have changed. Mail leaves as soon as it is ready. Stop it with Ctrl-C.

    \b
    Example:
      publisher run --build --port 8123
    """
    from publisher import app
    from publisher.schedule import every_minute, every_moment
    from publisher.served import LiveSite
    from publisher.server.asgi import application
    from publisher.server.log import write_access_log
    from publisher.server.run import serve

    site = app.open_site(folder)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    # That a call still runs when the next one is due is no fault: a delivery may take hours.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    write_access_log()
    live = LiveSite(site, scheduled=True)
    schedule, stop = ExitStack(), threading.Event()

    def on_ready(url: str) -> None:
        _say_where(site, url)
        schedule.enter_context(every_minute(tick))
        schedule.enter_context(every_moment(deliver))
        # The first thing when it ends: what is on its way is settled, and nothing more begun.
        schedule.callback(stop.set)

    def tick() -> None:
        nonlocal build_first
        live.use(current := app.open_site(folder))
        done = app.release(current, app.utc_now()) if build_first else None
        build_first = False
        _tell_release(done)
        _tell(app.tick(current, app.utc_now(), deliver=False, stop=stop))

    def deliver() -> None:
        done = app.deliver_due(live.site, app.utc_now(), stop)
        for line in delivered_lines(done) if done else ():
            log.info("%s", line)

    # The schedule begins when the port is ours and answers, and ends with the serving, however that ends.
    with schedule:
        serve(application(live, live), host, port, on_ready=on_ready)
    say("stopped")


def _say_where(site: Site, url: str) -> None:
    language = site.config.site.default_language
    say(f"site       {url}{language}/")
    say(f"calendar   {url}{language}/calendar.ics")
    say(f"feeds      {url}{language}/feed.atom  feed.rss  feed.json")
    if site.config.lists and site.config.mail.transport == "maildir":
        say(f"mail       {url}_mail/  (captured here, sent to nobody)")
    say("           (Ctrl-C stops it)")


def _tell(done: Ticked) -> None:
    _tell_release(done.release)
    for issue in done.issues:
        log.info("%s", issue_line(issue))
    for each, line in zip(done.hubs, round_lines(done.hubs), strict=True):
        log.log(logging.WARNING if each.reply else logging.INFO, "%s", line)
    for reason in done.postponed:
        log.warning("%s", reason)
    for fault in done.faults:
        raise fault


def _tell_release(done: Release | None) -> None:
    if done is None:
        return
    findings = done.content.diagnostics if done.content else ()
    show_findings(findings)
    if findings:
        log.warning("content: %s", count_findings(findings))
    for change in done.changes:
        log.info("%s %s %s", change.verb, change.title, change.detail)
    if done.report.written or done.report.deleted:
        log.info(
            "edition %d: %s written, %d deleted",
            done.number,
            plural(len(done.report.written), "file"),
            len(done.report.deleted),
        )
