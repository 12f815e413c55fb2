"""What the preview adds to a page: the findings on top, and the script that reloads it.

Pages themselves are as they will be published; the additions are put into
the answer only, and need neither inline style nor inline script.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from publisher.server.answers import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.diagnostics import Diagnostic

PREFIX = "/_preview"
#: Shown where the theme has no page for it, so that the browser waits for what will come.
NOTHING_HERE = (
    b'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Nothing here</title></head>\n'
    b"<body><p>There is nothing here (yet).</p></body>\n</html>\n"
)
_BODY = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)
_HEAD_END = re.compile(rb"</head\s*>", re.IGNORECASE)
_BODY_END = re.compile(rb"</body\s*>", re.IGNORECASE)


def with_preview(page: bytes, version: str, findings: Sequence[Diagnostic]) -> bytes:
    """The page with the findings after <body> and the script before </body>."""
    end = max((match.start() for match in _BODY_END.finditer(page)), default=len(page))
    head = _HEAD_END.search(page)
    body = _BODY.search(page, head.end() if head else 0)
    start = body.end() if body else end
    script = f'<script src="{PREFIX}/reload.js?version={escape(version)}"></script>\n'.encode()
    return page[:start] + (_bar(findings) if findings else b"") + page[start:end] + script + page[end:]


def _bar(findings: Sequence[Diagnostic]) -> bytes:
    counts = Counter(str(finding.severity) for finding in findings)
    title = ", ".join(f"{n} {severity}{'s' if n > 1 else ''}" for severity, n in sorted(counts.items()))
    items = "".join(map(_item, findings))
    is_open = " open" if any(finding.is_error for finding in findings) else ""
    return (
        f'<link rel="stylesheet" href="{PREFIX}/preview.css">'
        '<aside id="publisher-findings" lang="en" dir="ltr" aria-label="Findings in the content">'
        '<input type="checkbox" id="publisher-dismiss"><label for="publisher-dismiss">Dismiss</label>'
        f"<details{is_open}><summary>{title}</summary><ul>{items}</ul></details></aside>\n"
    ).encode()


def _item(finding: Diagnostic) -> str:
    hint = f'<span class="hint">hint: {_text(finding.hint)}</span>' if finding.hint else ""
    what = f"{finding.severity}[{finding.code}]"
    return f"<li><code>{_text(str(finding.span))}</code> {_text(what)}: {_text(finding.message)}{hint}</li>"


def _text(value: str) -> str:
    return escape(printable(value))
