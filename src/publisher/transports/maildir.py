"""Captured mail: a maildir, one file for each message, the bytes as they would go on the wire.

A message is written to `tmp/`, made sure to be on the disk, and then takes its
place in `new/`. Its name is that of its Message-ID: sending it again replaces
it, and whoever looks sees one whole message.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.mailing.policy import WITHHELD, Reply, Stage
from publisher.transports import TransportFault, whatever_happens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from publisher.mailing.message import Outgoing

SUFFIX = ".eml"
_FOLDERS = ("tmp", "new", "cur")
#: What is still in tmp/ after 36 hours was left by a process that was killed; in seconds.
_ABANDONED = 36 * 3600
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True)
class Maildir:
    """Keeps every message in a folder, and sends none."""

    folder: Path

    @contextmanager
    def open(self) -> Iterator[Maildir]:
        """Make the folder ready; whoever holds it open may send as long as they like.

        Raises:
            TransportFault: the folder cannot be written.
        """
        try:
            for name in _FOLDERS:
                (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            self._clear()
        except OSError as error:
            raise self._fault(error) from error
        yield self

    def send(self, message: Outgoing, may_go: Callable[[], bool] = whatever_happens) -> Reply:
        """Keep a message; it is on the disk when this returns.

        `may_go` is asked right before it takes its place; where it says no, the code is `WITHHELD`.

        Raises:
            TransportFault: it cannot be written: the disk is full, or the folder is not ours.
        """
        name = name_of(message.message_id)
        draft = self.folder / "tmp" / f"{name}.{secrets.token_hex(8)}"
        try:
            try:
                _write(draft, message.data)
                if not may_go():
                    draft.unlink()
                    return Reply(code=WITHHELD, stage=Stage.DATA)
                draft.replace(self.folder / "new" / name)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
            _sync(self.folder / "new")
        except OSError as error:
            raise self._fault(error) from error
        return Reply(code=250, enhanced="2.0.0", text=f"kept as new/{name}", stage=Stage.AFTER_DATA)

    def _clear(self) -> None:
        for path in (self.folder / "tmp").iterdir():
            with suppress(FileNotFoundError):  # another process clears, or has finished with it
                if time.time() - path.stat().st_mtime > _ABANDONED:
                    path.unlink()

    def _fault(self, error: OSError) -> TransportFault:
        reason = (error.strerror or "it cannot be used").lower()
        return TransportFault(f"{self.folder}: {reason}\nhint: let the user that runs publisher write there")


def name_of(message_id: str) -> str:
    """The file's name of a message: what stands before the @ of its Message-ID, and `.eml`."""
    local = message_id.strip("<>").partition("@")[0]
    return f"{_NOT_IN_NAMES.sub('_', local)}{SUFFIX}"


def _write(path: Path, data: bytes) -> None:
    """A new file that nobody else can read, on the disk."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
