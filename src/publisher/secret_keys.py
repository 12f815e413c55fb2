"""The secret keys: random bytes that sign the links in mails.

They are lines `id:hex` of a file that only its owner may read: the one that
`PUBLISHER_SECRET_KEY_FILE` names (a systemd credential, a mounted secret), else
`var/secret.keys`, which is made when it is first needed. The highest id signs;
the others stay, so that links in mails that are out go on working.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.errors import UsageError
from publisher.folders import private
from publisher.mailing.tokens import Keys

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The environment's variable that names another file.
VARIABLE = "PUBLISHER_SECRET_KEY_FILE"
FILE = "secret.keys"

_LINE = re.compile(r"(\d{1,3}):((?:[0-9a-fA-F]{2})+)", re.ASCII)
_LENGTH = 32
_HIGHEST_ID = 255  # a token has one byte for it
#: Of 32 random bytes about 30 differ; fewer than this is a pattern that somebody typed.
_FEWEST_DISTINCT = 16
_NOT_FOR_OTHERS = stat.S_IWGRP | stat.S_IRWXO
_HEADER = "# Sign the links in mails. Never delete a line while mails with its links are out.\n"


class BadKeys(UsageError):
    """The secret keys cannot be used: do what the hint says. No message holds a part of a key."""

    def __init__(self, place: object, finding: str, hint: str) -> None:
        super().__init__(f"{place}: {finding}\nhint: {hint}")


def load(var: Path) -> Keys:
    """The keys of a site, whose private folder is `var`; made now if there are none yet.

    Raises:
        BadKeys: they are unreadable, malformed, too short, or not only their owner's to read.
    """
    path = _path(var)
    if not path.exists():
        if os.environ.get(VARIABLE):
            hint = f"correct the path, or leave {VARIABLE} out: then {FILE} in var/ is made"
            raise BadKeys(path, f"the file that {VARIABLE} names is not there", hint)
        _make(path)
    return _parse(path, _text(path))


def rotate(var: Path) -> Keys:
    """Add a key that signs from now on, and keep the others, so that what they signed stays good.

    Raises:
        BadKeys: the present ones are not sound, the file cannot be written, or ids are used up.
    """
    load(var)
    path = _path(var).resolve()
    try:
        with _locked(path):
            before = _text(path)
            text = f"{before.rstrip()}\n{_line(_next_id(path, before))}"
            _replace(path, text)
            return _parse(path, text)
    except OSError as error:
        hint = f"add a line by hand: a new, highest id, a colon and {_LENGTH} random bytes in hex"
        raise BadKeys(path, _why(error), hint) from None


def _path(var: Path) -> Path:
    named = os.environ.get(VARIABLE)
    return Path(named) if named else var / FILE


def _text(path: Path) -> str:
    """What the file says, if nobody else can read or change it."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read()
    except OSError as error:
        raise BadKeys(path, _why(error), "let the user that runs publisher read it") from None
    if mode & _NOT_FOR_OTHERS:
        shown = f"{stat.S_IMODE(mode):04o}"
        raise BadKeys(path, f"others may read or change it (mode {shown})", f"run `chmod 600 {path}`")
    return data.decode("utf-8", "replace")


def _parse(path: Path, text: str) -> Keys:
    keys: dict[int, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            key_id, key = _key(f"{path}:{number}", line.strip())
            if key_id in keys:
                raise BadKeys(f"{path}:{number}", f"the key {key_id} is there twice", "give one another id")
            keys[key_id] = key
    if not keys:
        raise BadKeys(path, "expected a key, got none", f"write a line like 1: and {_LENGTH} bytes in hex")
    return Keys(keys, max(keys))


def _key(place: str, line: str) -> tuple[int, bytes]:
    match = _LINE.fullmatch(line)
    if not match or not 1 <= int(match[1]) <= _HIGHEST_ID:
        hint = f"write the id (1 to {_HIGHEST_ID}), a colon and {_LENGTH} bytes in hex"
        raise BadKeys(place, "expected a key as id:hex", hint)
    key = bytes.fromhex(match[2])
    hint = "make one with `python -c 'import secrets; print(secrets.token_hex(32))'`"
    if len(key) < _LENGTH:
        raise BadKeys(place, f"expected a key of at least {_LENGTH} bytes, got {len(key)}", hint)
    if len(set(key)) < _FEWEST_DISTINCT:
        raise BadKeys(place, "expected random bytes, got a pattern", hint)
    return int(match[1]), key


def _line(key_id: int) -> str:
    return f"{key_id}:{secrets.token_hex(_LENGTH)}\n"


def _make(path: Path) -> None:
    """Make the file; of several processes that do so at once, one wins and the others use its keys.

    A link comes into being whole or not at all, and never in place of another file.
    """
    try:
        private(path.parent)
        with _draft(path, _HEADER + _line(1)) as draft, suppress(FileExistsError):
            path.hardlink_to(draft)
            _sync(path.parent)
    except OSError as error:
        raise BadKeys(path, _why(error), "let the user that runs publisher write there") from None


def _next_id(path: Path, text: str) -> int:
    newest = _parse(path, text).newest
    if newest >= _HIGHEST_ID:
        raise BadKeys(path, f"the key {newest} is the last that there can be", "begin a new file at id 1")
    return newest + 1


def _replace(path: Path, text: str) -> None:
    with _draft(path, text) as draft:
        draft.replace(path)
        _sync(path.parent)


@contextmanager
def _draft(path: Path, text: str) -> Iterator[Path]:
    """A file beside `path` with this text, on the disk and nobody else's to read; gone afterwards."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the file itself; if it was replaced while this process waited, the new one is the one to hold."""
    while True:
        with path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.path.samestat(path.stat(), os.fstat(file.fileno())):
                yield
                return


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _why(error: OSError) -> str:
    return (error.strerror or "it cannot be used").lower()
