"""The preview: what would be published, from memory, reloaded in the browser at every change.

`publisher preview` calls `show` whenever content changed; every answer comes
from what was shown last, whole. Nothing of it is kept by a browser, and no
other site may read it: it holds what is not public yet.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

from anyio import sleep
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from publisher.model.artifact import media_type
from publisher.server.asgi import Published, assemble
from publisher.server.clients import OWN_NAMES
from publisher.server.combinations import Combinations
from publisher.server.files import NOT_FOUND
from publisher.server.policy import SECURITY
from publisher.server.preview_page import NOTHING_HERE, PREFIX, with_preview
from publisher.server.representation import Representation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping, Sequence

    from starlette.applications import Starlette
    from starlette.requests import Request

    from publisher.diagnostics import Diagnostic
    from publisher.model.artifact import Artifact
    from publisher.model.edition import Edition
    from publisher.server.addresses import Names
    from publisher.server.combinations import Renderings

HEADERS = {
    **SECURITY,
    "Content-Security-Policy": f"{SECURITY['Content-Security-Policy']}; connect-src 'self'",
    "Cache-Control": "no-store",
    "Access-Control-Allow-Origin": "",
}
#: Seconds between looks for something new, and after how many of them a silent stream shows that it lives.
LOOK, LOOKS_A_BEAT = 0.1, 150


@dataclass(frozen=True)
class _Shown:
    """What is shown at one time."""

    version: str
    artifacts: Mapping[str, Artifact] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    edition: Edition | None = None


class PreviewSite:
    """Serves what was shown last; `show` and `close` may be called from any thread."""

    def __init__(self, languages: Collection[str] = (), renderings: Renderings | None = None) -> None:
        self.languages = languages
        self._renderings = renderings
        self._shown = _Shown(_version())
        self._closed = False

    def show(
        self,
        artifacts: Mapping[str, Artifact],
        findings: Sequence[Diagnostic] = (),
        edition: Edition | None = None,
    ) -> None:
        """Show this from now on, and reload every open page; `edition` is what combinations are made from."""
        self._shown = _Shown(_version(), dict(artifacts), tuple(findings), edition)

    def close(self) -> None:
        """End the streams of events, so that the server can stop."""
        self._closed = True

    def edition(self) -> Edition | None:
        """The edition that is shown."""
        return self._shown.edition

    def read(self, names: Names) -> Representation | None:
        """The artifact of that name as it is shown; pages with the findings and the script."""
        path, shown = "/".join(names), self._shown
        artifact = shown.artifacts.get(path)
        body = artifact.data if artifact else NOTHING_HERE if path == NOT_FOUND else None
        if body is None:
            return None
        if media_type(path).startswith("text/html"):
            body = with_preview(body, shown.version, shown.findings)
        return Representation.of(path, body)

    def application(self, own_names: Sequence[str] = OWN_NAMES) -> Starlette:
        """The application; `own_names` are the hosts it answers for, "*" for any."""
        combinations = Combinations(self, self._renderings) if self._renderings else None
        routes = [
            Route(f"{PREFIX}/events", self._events),
            Route(f"{PREFIX}/reload.js", _asset),
            Route(f"{PREFIX}/preview.css", _asset),
        ]
        app = assemble(Published(self, combinations), routes, HEADERS)
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=own_names, www_redirect=False)
        return app

    async def _events(self, request: Request) -> StreamingResponse:
        stream = self._stream(request.query_params.get("since", ""))
        return StreamingResponse(stream, media_type="text/event-stream")

    async def _stream(self, since: str) -> AsyncIterator[str]:
        """Server-sent events (HTML standard 9.2): the findings at first, then both at every change.

        `since` is the version that the page was made from: what changed while it loaded is not missed.
        """
        told, looks = "", 0
        while not self._closed:
            shown, looks = self._shown, looks + 1
            if shown.version != told:
                told = shown.version
                yield _event("findings", json.dumps([finding.as_json() for finding in shown.findings]))
                if since and shown.version != since:
                    yield _event("reload", shown.version)
                since = since or told
            elif looks % LOOKS_A_BEAT == 0:
                yield ":\n\n"
            await sleep(LOOK)


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"


def _version() -> str:
    """A name that no other version has, of this process or an earlier one on the same port."""
    return secrets.token_hex(8)


async def _asset(request: Request) -> Response:
    name = request.url.path.rsplit("/", 1)[-1]
    data = resources.files("publisher.server").joinpath("preview_assets", name).read_bytes()
    return Response(data, headers={"Content-Type": media_type(name)})
