"""Sites for the tests of pages: an empty one to write into, one with everything, and this repository's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .feedsites import own_edition, own_theme
from .pagesites import Desk, Publication, desk_in, one_of_everything

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path)


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """A site with one of everything, of which some moved, left or was withdrawn since its first release."""
    desk = desk_in(tmp_path_factory.mktemp("everything"))
    one_of_everything(desk)
    mistaken = {"title": "Published by mistake", "start": "2026-06-25"}
    desk.event("moved", start="2026-06-11", end="2026-06-13", place="hall")
    desk.event("elsewhere", start="2026-07-30", end="2026-08-02", place="hall")
    desk.event("mistaken", **mistaken)
    desk.event("dropped", start="2026-06-26")
    desk.release("2026-05-25")
    desk.event("moved", start="2026-06-12", end="2026-06-14", place="hall")
    desk.event("elsewhere", start="2026-07-30", end="2026-08-02", place={"name": "Another Hall"})
    desk.event("mistaken", **mistaken, status="withdrawn", status_note="It was another's.")
    desk.remove("events/dropped")
    return desk.release()


@pytest.fixture(scope="session")
def own_site() -> Publication:
    """This repository's own site."""
    return Publication(own_edition(), own_theme())


@pytest.fixture(params=["everything", "own_site"])
def site(request: pytest.FixtureRequest) -> Publication:
    found: Publication = request.getfixturevalue(request.param)
    return found
