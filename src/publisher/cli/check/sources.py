"""What there is to check: files, standard input, web addresses; what may be meant where there is nothing."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.cli.check import web
from publisher.cli.check.kinds import check_content, content_of
from publisher.diagnostics import did_you_mean, nearest
from publisher.errors import UsageError
from publisher.fetching import NotAnAddress, is_address
from publisher.fetching.addresses import read_address

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.cli.check.kinds import Checked

#: No calendar and no feed that anybody can read is as large.
MOST_BYTES = 50_000_000
#: What may be an address whose scheme was left out: a host with a dot or this machine, and not a file's name.
_HOST = re.compile(
    r"(?:localhost|[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}|\d+(?:\.\d+){3})(?::\d+)?(?:/.*)?", re.ASCII
)
_LOCAL = re.compile(r"localhost|\d+\.")
_OF_FILES = frozenset(
    {".atom", ".htm", ".html", ".ical", ".ics", ".json", ".opml", ".rdf", ".rss", ".txt", ".xml"}
)
_SCHEME = re.compile(r"(?:feed|https?|webcals?):(?:/{0,2}(?:https?:)?/{0,2})", re.IGNORECASE)


def expect(name: str) -> None:
    """See that a source is there, before it is read or asked.

    Raises:
        UsageError: it is not.
    """
    if is_address(name):
        _expect_address(name)
    elif name != "-":
        _expect_file(name)


def check(name: str, now: datetime) -> Checked:
    """What is amiss with a source."""
    if is_address(name):
        return web.check(name, now)
    if name == "-":
        return _check(sys.stdin.buffer.read(MOST_BYTES + 1), name, now)
    try:
        with Path(name).open("rb") as file:
            return _check(file.read(MOST_BYTES + 1), name, now)
    except FileNotFoundError:  # it has gone since it was looked for
        raise _no_file(name) from None


def _expect_address(url: str) -> None:
    try:
        read_address(url, web.WANTED)
    except NotAnAddress as fault:
        raise UsageError(f"{fault.reason}\nhint: {_other_scheme(url) or fault.hint}") from None


def _other_scheme(url: str) -> str:
    """The scheme that is meant, where another one was typed."""
    scheme, _, rest = url.partition("://")
    meant = "https" if scheme.lower() == "feed" else nearest(scheme, ("http", "https", "webcal"))
    return f"did you mean '{meant}://{rest}'?" if meant and meant != scheme.lower() else ""


def _expect_file(name: str) -> None:
    path = Path(name)
    try:
        if name and path.is_dir():
            is_site = (path / "publisher.toml").is_file()
            own = f"write --site {name} to check the records of the site"
            hint = own if is_site else "name the files in it"
            raise UsageError(f"expected a file, '{name}' is a folder\nhint: {hint}")
        if not name or not path.exists():
            raise _no_file(name)
    except ValueError:  # a name that no file can have
        raise _no_file(name) from None


def _check(data: bytes, name: str, now: datetime) -> Checked:
    if len(data) > MOST_BYTES:
        raise UsageError(f"'{name}' has more than {MOST_BYTES:,} bytes\nhint: name a feed or a calendar")
    return check_content(content_of(data, name), name, now)


def _no_file(name: str) -> UsageError:
    return UsageError(f"there is no file '{name}'\nhint: {_meant(name)}")


def _meant(name: str) -> str:
    """What may have been meant: an address without its scheme, or a file beside it."""
    if _SCHEME.match(name):
        return f"did you mean 'https://{_SCHEME.sub('', name, count=1)}'?"
    path = Path(name)
    if near := did_you_mean(path.name, _beside(path)):
        return near
    if _HOST.fullmatch(name) and ("/" in name or path.suffix.lower() not in _OF_FILES):
        scheme = "http" if _LOCAL.match(name) else "https"
        return f"write '{scheme}://{name}' if it is a web address"
    return (
        "name a feed or a calendar, such as feed.atom or meetings.ics, a web address, or - for standard input"
    )


def _beside(path: Path) -> list[str]:
    """The names of the files in the same folder."""
    try:
        return [each.name for each in path.parent.iterdir()]
    except (OSError, ValueError):
        return []
