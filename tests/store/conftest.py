"""Every promise of the store is tried on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postgresql import Server
from publisher.store.database import Database

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
def empty(url: str, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    database = Database(url, tmp_path / "var")
    yield database
    database.close()


@pytest.fixture
def database(empty: Database) -> Database:
    """A database with its tables."""
    empty.ensure_schema()
    return empty
