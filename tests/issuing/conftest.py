"""What issuing promises is tried on both engines."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment

from dying import compiled_once
from postgresql import Server

from .listed import ListedSite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once() -> Iterator[None]:
    """Weeks of sites are made here, all with the same theme."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", compiled_once(Environment.compile))
        yield


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where the machine has one: dozens of releases would keep a disk busy."""
    memory = Path("/dev/shm")  # noqa: S108 -- a folder with a name of its own is made in it
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as made:
        yield Path(made)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database: '' is SQLite in the site's var/."""
    if request.param == "sqlite":
        return ""
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def listed(url: str, folder: Path) -> Callable[..., ListedSite]:
    """Makes a site with one list, whose settings are given."""

    def make(**settings: object) -> ListedSite:
        return ListedSite.with_list(folder / "site", url, **settings)

    return make


@pytest.fixture
def site(listed: Callable[..., ListedSite]) -> ListedSite:
    """A site with a weekly list: Mondays at 08:00."""
    return listed()
