"""What the outbox promises is tried on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postgresql import Server
from smtpserver import SmtpServer

from .mailroom import Mailroom

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database: '' is SQLite in the site's var/."""
    if request.param == "sqlite":
        return ""
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def room(url: str, tmp_path: Path) -> Iterator[Mailroom]:
    """A site that captures its mail."""
    made = Mailroom(tmp_path / "site", url)
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """A server that takes everything."""
    with SmtpServer() as running_server:
        yield running_server
