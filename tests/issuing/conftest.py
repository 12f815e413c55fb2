"""What issuing promises is tried on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from postgresql import Server, running

from .listed import ListedSite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server, for the whole session."""
    with running(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database: '' is SQLite in the site's var/."""
    if request.param == "sqlite":
        return ""
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def listed(url: str, tmp_path: Path) -> Callable[..., ListedSite]:
    """Makes a site with one list, whose settings are given."""

    def make(**settings: object) -> ListedSite:
        return ListedSite.with_list(tmp_path / "site", url, **settings)

    return make


@pytest.fixture
def site(listed: Callable[..., ListedSite]) -> ListedSite:
    """A site with a weekly list: Mondays at 08:00."""
    return listed()
