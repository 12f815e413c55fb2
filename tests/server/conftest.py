"""The small site, built, and the application that serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from publisher.server.asgi import application

from .sites import SmallSite, WrittenDown, edition, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    topics = {"law": "Law", "arts": "The Arts", "kz": "Қазақстан"}
    return SmallSite(write(tmp_path / "build"), edition(topics=topics))


@pytest.fixture
def renderings() -> WrittenDown:
    return WrittenDown()


@pytest.fixture
def client(site: SmallSite, renderings: WrittenDown) -> Iterator[TestClient]:
    app = application(site, renderings)
    with TestClient(
        app, "http://localhost", follow_redirects=False, headers={"accept-encoding": "identity"}
    ) as client:
        yield client
