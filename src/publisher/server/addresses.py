"""Request paths: from the bytes of a request line to names that are safe to open.

The undecoded target is split before it is decoded, so that an encoded
separator is part of a name (and no file of ours has such a name) instead of
a way out of the folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

if TYPE_CHECKING:
    from starlette.types import Scope

#: Names below the served folder, outermost first; the last one is empty for a folder.
Names = tuple[str, ...]

#: Longer than any address that is published: ids have at most 80 characters.
MAX_PATH = 1024
_SEPARATORS = frozenset("/\\")


def names_of(scope: Scope) -> Names | None:
    """The names that a request asks for; None for what can be no file of ours (answer 404)."""
    raw = scope.get("raw_path")
    return names_in(raw if raw is not None else quote(scope["path"]).encode())


def names_in(raw: bytes) -> Names | None:
    """The names in an undecoded path (RFC 3986 section 3.3); None unless every one is plain."""
    if not raw.startswith(b"/") or len(raw) > MAX_PATH:
        return None
    try:
        names = tuple(unquote_to_bytes(part).decode() for part in raw[1:].split(b"/"))
    except UnicodeDecodeError:
        return None
    return names if all(map(_is_plain, names[:-1])) and (not names[-1] or _is_plain(names[-1])) else None


def _is_plain(name: str) -> bool:
    """Whether a name is neither empty, hidden (which "." and ".." are as well), nor a trick."""
    return name.isprintable() and not name.startswith(".") and name != "" and _SEPARATORS.isdisjoint(name)


def location(names: Names) -> str:
    """The root-relative address of a folder: never made from Host, and never starting with two slashes."""
    return "/" + "".join(f"{quote(name)}/" for name in names)
