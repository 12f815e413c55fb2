"""What subscribing promises is tried on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postgresql import Server
from publisher.store.database import Database

from .people import Office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """A database with nobody in it."""
    url = ""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        url = server.new_database()
    database = Database(url, tmp_path / "var")
    database.ensure_schema()
    yield Office(database)
    database.close()
