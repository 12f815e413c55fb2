"""publisher digest preview, send, list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from publisher.cli.mail import counted, issue_as_json, issue_line
from publisher.cli.options import (
    Now,
    json_option,
    now_option,
    plural,
    say,
    show_findings,
    show_json,
    site_option,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from publisher.mailing.choice import Choice
    from publisher.mailshots import Asked, Mailshot

F = TypeVar("F", bound="Callable[..., Any]")


def _reader_options(function: F) -> F:
    """Whose digest it is."""
    options = (
        click.option("--lang", "language", metavar="LANG", help="One of the list's languages."),
        now_option,
        _ids_option("topics"),
        _ids_option("organisations"),
        _ids_option("events"),
        click.option(
            "--told-until", type=Now(), default=None,
            help="What the reader has been told ends there; by default when the list was due before.",
        ),
        site_option,
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def _ids_option(name: str) -> Callable[[F], F]:
    told = "Ids, separated by ;, of what the reader chose; everything by default."
    return click.option(f"--{name}", metavar="IDS", default="", help=told)


def _file_option(name: str, what: str) -> Callable[[F], F]:
    path = click.Path(path_type=Path, dir_okay=False)
    return click.option(f"--{name}", name, metavar="FILE", type=path, help=f"Write {what} there.")


@click.command(name="preview", short_help="Show what readers would get of a list.")
@click.argument("list_id", metavar="LIST")
@_reader_options
@_file_option("eml", "the whole message, as a mail program opens it,")
@_file_option("html", "its HTML")
@_file_option("text", "its text")
def preview(  # noqa: PLR0913 -- the options of the command line
    list_id: str, folder: Path, now: datetime | None, *, eml: Path | None, html: Path | None,
    text: Path | None, **whose: Any,
) -> None:  # fmt: skip
    """Show what readers would get of a list, if its next issue were made now.

    It is made of what content/ says, like a plan; nothing is released, counted
    or sent. Without a file to write to, the text is shown.

    \b
    Examples:
      publisher digest preview weekly
      publisher digest preview weekly --lang kk --eml digest.eml --html digest.html
      publisher digest preview weekly --topics leadership --now 2026-06-08T08:00:00+05:00
    """
    from publisher import app, mailshots

    site = app.open_site(folder)
    made = mailshots.preview(site, _asked(list_id, whose), now or app.utc_now())
    for path, data in ((eml, made.message.data), (html, made.html.encode()), (text, made.text.encode())):
        if path:
            path.write_bytes(data)
    if not (eml or html or text):
        say(made.text.rstrip("\n"))
    _tell(made)


@click.command(name="send", short_help="Send a test of a digest to oneself.")
@click.argument("list_id", metavar="LIST")
@click.option("--to", "email", metavar="EMAIL", required=True, help="Your own address.")
@_reader_options
def send(list_id: str, email: str, folder: Path, now: datetime | None, **whose: Any) -> None:
    """Send a test of a digest to oneself, at once: what `preview` shows, its subject marked [Test].

    It leaves as [mail] says, and is counted nowhere. The links in it that
    would change a subscription are nobody's and lead to no one's settings.
    """
    from publisher import app, mailshots

    site = app.open_site(folder)
    made, reply = mailshots.send_test(site, _asked(list_id, whose, email=email), now or app.utc_now())
    _tell(made)
    say(f"sent to {made.message.recipient}: {reply}")


def _asked(list_id: str, whose: dict[str, Any], email: str | None = None) -> Asked:
    from publisher.mailshots import Asked
    from publisher.model.mailing import Interests

    chosen = {name: _several(whose[name]) for name in ("topics", "organisations", "events")}
    return Asked(
        list=list_id, language=whose["language"], interests=Interests(**chosen),
        told_until=whose["told_until"], email=email,
    )  # fmt: skip


def _several(ids: str) -> tuple[str, ...]:
    return tuple(filter(None, (id_.strip() for id_ in ids.split(";"))))


def _tell(made: Mailshot) -> None:
    """About the digest, beside it."""
    show_findings(made.content.errors)
    for line in (
        f"subject: {made.digest.subject}",
        f"items: {_items(made.choice)}",
        f"size: {len(made.html.encode()) / 1000:.1f} kB of HTML",
        *(() if made.choice.worth else ("nothing new: no mail would be sent",)),
    ):
        click.echo(line, err=True)


def _items(choice: Choice) -> str:
    sections = ("changes", "news", "coming", "deadlines")
    counts = {name: len(getattr(choice, name)) for name in sections}
    return f"{sum(counts.values())} ({counted(counts)})" if any(counts.values()) else "0"


@click.command(name="list", short_help="Say which issues there are and how they stand.")
@click.argument("list_id", metavar="[LIST]", required=False)
@json_option
@site_option
def list_(list_id: str | None, as_json: bool, folder: Path) -> None:  # noqa: FBT001 -- a flag of the command line
    """Say which issues there are, the newest first, and how many messages of each are in which state."""
    from publisher import app
    from publisher.issuing.standing import issues_standing

    found = issues_standing(app.open_site(folder), list_id)
    if as_json:
        show_json(
            {"issues": [issue_as_json(issue) | {"deliveries": dict(counts)} for issue, counts in found]}
        )
        return
    for issue, counts in found:
        say("  ".join(filter(None, (issue_line(issue), counted(counts)))))
    say(plural(len(found), "issue"))
