"""The captured mail, `/_mail/`: what a site would have sent, for whoever tries it out on this machine.

It is there only while mail is captured, and only for a program on this machine
that speaks to us directly; to everybody else nothing is there. Each mail is as
it would have gone out. Only where it is shown, links to the site lead to this
server, so that one can confirm and leave here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.parser import BytesHeaderParser, BytesParser
from functools import partial
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from anyio import to_thread
from starlette.routing import Route

from publisher.server.answers import ALLOWED, Answer, not_allowed
from publisher.server.clients import Visitor, visitor
from publisher.server.policy import MAIL, MAILBOX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from email.message import EmailMessage, Message
    from pathlib import Path

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

    View = Callable[["Captured", Path, Scope, Visitor], "Answer | None"]

PREFIX = "/_mail"
#: Mails on a page of the list.
PAGE = 100
#: What delivered mail lies in (maildir): mail programs move what was seen from new/ to cur/.
_FOLDERS = ("new", "cur")
_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_LANGUAGE = re.compile(r"[^A-Za-z-]")
_ONE_CLICK = "List-Unsubscribe=One-Click"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A mail as the list shows it."""

    name: str
    subject: str
    to: str
    date: str
    #: What follows from List-Id (RFC 2919); empty for a letter, which belongs to no list.
    list: str
    #: What it is written in, as it says itself; empty where it does not.
    language: str = ""

    @property
    def path(self) -> str:
        """Where it is shown."""
        return f"{PREFIX}/{quote(self.name)}"


@dataclass(frozen=True, kw_only=True)
class Opened(Envelope):
    """A mail with all that is in it."""

    sender: str
    #: Its head as it goes over the wire.
    head: str
    html: str = ""
    #: Its plain text in pieces: what is written, and where a link of this site leads on this server.
    text: tuple[tuple[str, str], ...] = ()
    #: Where RFC 8058's POST goes on this server.
    one_click: str = ""


class Captured(Protocol):
    """What is captured where, and how it looks. Its methods are called from threads."""

    @property
    def folder(self) -> Path | None:
        """The maildir; None while mail is really sent."""

    @property
    def site_url(self) -> str:
        """What links in mails begin with."""

    def list_page(self, mails: tuple[Envelope, ...], page: int, pages: int, visitor: Visitor) -> str:
        """The list; pages are counted from 1."""

    def mail_page(self, mail: Opened, visitor: Visitor) -> str:
        """A mail."""


def routes(captured: Captured, otherwise: ASGIApp) -> list[BaseRoute]:
    """The addresses of the viewer; `otherwise` answers whom it is not for."""
    views: dict[str, View] = {
        f"{PREFIX}/": _list,
        f"{PREFIX}/{{name}}": _mail,
        f"{PREFIX}/{{name}}/html": _html,
        f"{PREFIX}/{{name}}/raw": _raw,
    }
    return [Route(path, Viewer(captured, view, otherwise)) for path, view in views.items()]


class Viewer:
    """Answers one sort of address, or passes the request on as if there were no such thing."""

    def __init__(self, captured: Captured, view: View, otherwise: ASGIApp) -> None:
        self._captured, self._view, self._otherwise = captured, view, otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        who, folder = visitor(scope), self._captured.folder
        answer = None
        if who.is_local and folder:
            if scope["method"] not in ALLOWED:
                answer = not_allowed()
            else:
                answer = await to_thread.run_sync(partial(self._view, self._captured, folder, scope, who))
        if answer is None:
            await self._otherwise(scope, receive, send)
        else:
            await answer.send(scope["method"], send)


def _list(captured: Captured, folder: Path, scope: Scope, who: Visitor) -> Answer:
    files = list(_files(folder))
    pages = max(1, -(-len(files) // PAGE))
    asked = re.fullmatch(rb"page=(\d{1,6})", scope["query_string"])
    page = min(max(int(asked[1]), 1), pages) if asked else 1
    mails = tuple(_envelope(path) for path in files[(page - 1) * PAGE : page * PAGE])
    return _shown(captured.list_page(mails, page, pages, who))


def _mail(captured: Captured, folder: Path, scope: Scope, who: Visitor) -> Answer | None:
    path = _file(folder, scope)
    return _shown(captured.mail_page(_opened(path, captured.site_url), who)) if path else None


def _html(captured: Captured, folder: Path, scope: Scope, who: Visitor) -> Answer | None:
    del who
    path = _file(folder, scope)
    html = _opened(path, captured.site_url).html.encode() if path else b""
    return Answer(200, _described(MAIL, "text/html; charset=utf-8", html), html) if html else None


def _raw(captured: Captured, folder: Path, scope: Scope, who: Visitor) -> Answer | None:
    del captured, who
    path = _file(folder, scope)
    if path is None:
        return None
    data = path.read_bytes()
    name = re.sub(r"[^A-Za-z0-9._-]", "_", path.name).removesuffix(".eml")
    saved = {"Content-Disposition": f'attachment; filename="{name}.eml"'}
    return Answer(200, _described(MAILBOX, "message/rfc822", data) | saved, data)


def _shown(html: str) -> Answer:
    return Answer(200, _described(MAILBOX, "text/html; charset=utf-8", html.encode()), html.encode())


def _files(folder: Path) -> Iterator[Path]:
    """What is captured, newest first."""
    found = (
        (entry.stat().st_mtime_ns, entry.name, entry)
        for name in _FOLDERS
        if (folder / name).is_dir()
        for entry in (folder / name).iterdir()
        if entry.is_file() and not entry.is_symlink() and not entry.name.startswith(".")
    )
    return (entry for _, _, entry in sorted(found, reverse=True))


def _file(folder: Path, scope: Scope) -> Path | None:
    """The mail of that name; a name is compared with what there is, never made into a path."""
    return next((path for path in _files(folder) if path.name == scope["path_params"]["name"]), None)


def _envelope(path: Path) -> Envelope:
    with path.open("rb") as file:
        message = BytesHeaderParser(policy=policy.default).parse(file)
    return Envelope(**_told(message, path.name))


def _told(message: Message, name: str) -> dict[str, str]:
    match = re.search(r"<([^.>]+)\.", str(message["list-id"] or ""))
    date = message["date"]
    return {
        "name": name,
        "subject": str(message["subject"] or ""),
        "to": str(message["to"] or ""),
        "date": str(date or ""),
        "list": match[1] if match else "",
        "language": _LANGUAGE.sub("", str(message["content-language"] or "")),
    }


def _opened(path: Path, site_url: str) -> Opened:
    """A mail, its links turned to this server."""
    data = path.read_bytes()
    message = BytesParser(policy=policy.default).parsebytes(data)
    head = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0].decode("utf-8", "replace")
    return Opened(
        **_told(message, path.name),
        sender=str(message["from"] or ""),
        head=head,
        html=_turned(_content(message, "html"), site_url),
        text=tuple(_pieces(_content(message, "plain"), site_url)),
        one_click=_one_click(message, site_url),
    )


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


def _turned(html: str, site_url: str) -> str:
    """The page with links to the site leading to this server, out of the frame."""
    links = re.compile(rf"(\bhref\s*=\s*[\"']){re.escape(site_url)}(?:/|(?=[\"']))")
    return _HEAD.sub(lambda head: f'{head[0]}<base target="_top">', links.sub(r"\1/", html), count=1)


def _pieces(text: str, site_url: str) -> Iterator[tuple[str, str]]:
    """The text cut at its links; those to the site with their path on this server."""
    end = 0
    for match in _URL.finditer(text):
        if match[0].startswith(f"{site_url}/"):
            yield text[end : match.start()], ""
            yield match[0], match[0].removeprefix(site_url)
            end = match.end()
    yield text[end:], ""


def _one_click(message: EmailMessage, site_url: str) -> str:
    """The path of RFC 8058's POST, where a mail offers it."""
    if str(message["list-unsubscribe-post"] or "").strip() != _ONE_CLICK:
        return ""
    match = re.search(rf"<{re.escape(site_url)}(/[^>\s]+)>", str(message["list-unsubscribe"] or ""))
    return match[1] if match else ""


def _described(headers: Mapping[str, str], media_type: str, body: bytes) -> dict[str, str]:
    return {**headers, "Content-Type": media_type, "Content-Length": str(len(body))}
