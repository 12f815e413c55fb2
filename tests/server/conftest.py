"""The small site, built, and the application that serves it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment
from starlette.testclient import TestClient

from dying import compiled_once
from publisher.server import subscribing
from publisher.server.asgi import application

from .mailsite import MailSite, build
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


@pytest.fixture(scope="session", autouse=True)
def _a_site_is_made_often_here() -> Iterator[None]:
    """All of them have the same templates; and no test looks how long a sign-up seems to take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", compiled_once(Environment.compile))
        patch.setattr(subscribing, "SPAN", 0.001)
        yield


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with lists, released; to be copied."""
    return build(tmp_path_factory.mktemp("mailsite") / "site").root


@pytest.fixture
def mailsite(built: Path, tmp_path: Path) -> Iterator[MailSite]:
    """A site with lists that nobody has signed up for."""
    shutil.copytree(built, tmp_path / "site")
    made = MailSite(tmp_path / "site")
    yield made
    made.site.database.close()
