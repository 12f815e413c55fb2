"""The headers that depend on nothing but the address: how long it may be kept, and who may read it.

How long, and why:

- what carries a hash of its content in its name never changes: a year, `immutable` (RFC 8246);
- calendars, feeds and what machines read: five minutes. Calendar programs ask every few hours at most,
  so this only bounds how long a shared cache may hide a cancellation from them;
- pages: one minute. A correction is seen at once, a crowd following one link is still kept off the
  server by any cache before it, and asking again costs an unchanged page a 304.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: On every answer. Pages are made of this site's own files alone; nothing may frame them or guess a type.
SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

#: On the pages that links in mails open, over those above: no script runs there, and nobody keeps them.
SERVICE: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
#: On the pages of captured mail: they frame a mail, and nothing else.
MAILBOX: Mapping[str, str] = {
    **SERVICE,
    "Content-Security-Policy": f"{SERVICE['Content-Security-Policy']}; frame-src 'self'",
}
#: On a captured mail itself: it brings its own style and may load nothing; its links lead out of the frame.
MAIL: Mapping[str, str] = {
    **SERVICE,
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
    ),
}

FOR_EVER = "public, max-age=31536000, immutable"
MACHINES = "public, max-age=300"
PAGES = "public, max-age=60"

_HASHED = re.compile(r"assets/(?:files/[0-9a-f]{8,}/.+|(?:.+/)?[^/]+\.[0-9a-f]{8,}\.[^/.]+)")
_MACHINES = re.compile(
    r".+\.(?:ics|atom|rss|opml)|(?:.+/)?feed\.json|[^/]+/feeds/[^/]+\.json|catalogue\.json"
)
_EVENT = re.compile(r"[a-z]+/events/([a-z0-9-]+)/event\.ics")


def headers_for(path: str) -> dict[str, str]:
    """The headers of a path below build/, without a leading slash."""
    if _HASHED.fullmatch(path):
        return {"Cache-Control": FOR_EVER}
    if not _MACHINES.fullmatch(path):
        return {"Cache-Control": PAGES}
    # Public data without credentials: any page may read it (Fetch standard, CORS protocol).
    headers = {"Cache-Control": MACHINES, "Access-Control-Allow-Origin": "*"}
    if match := _EVENT.fullmatch(path):
        # All events' files have the same name; saved ones need their own. Inline, or nobody can subscribe.
        headers["Content-Disposition"] = f'inline; filename="{match[1]}.ics"'
    return headers
