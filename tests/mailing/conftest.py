"""Sites whose digests are looked at: one where everything happened in a week, this repository's, a new."""

from __future__ import annotations

from pathlib import Path

import pytest

from render.feedsites import own_edition, own_theme
from render.pagesites import Desk, Publication, desk_in, one_of_everything


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path)


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """A week in which everything happened that a digest can tell."""
    desk = desk_in(tmp_path_factory.mktemp("busy"))
    one_of_everything(desk)
    desk.event("moved", title="Moving conference", start="2026-06-11", end="2026-06-13", place="hall")
    desk.event("elsewhere", start="2026-07-30", end="2026-08-02", place="hall")
    desk.event("gone", title="Round table", start="2026-06-18", place={"name": "Room 5"})
    desk.event("later", title="Forum", start="2026-06-20", place="hall")
    desk.event("hours", title="Talks", start="2026-07-07 09:00", sessions=[session("2026-07-07 10:00")])
    desk.event("dropped", start="2026-06-26")
    desk.release("2026-05-25")
    desk.event("moved", title="Moving conference", start="2026-06-12", end="2026-06-14", place="hall")
    desk.event("elsewhere", start="2026-07-30", end="2026-08-02", place={"name": "B", "city": "Astana"})
    desk.event("gone", title="Round table", start="2026-06-18", status="cancelled", status_note="Ill.")
    desk.event("later", title="Forum", start="2026-06-20", status="postponed", status_note="Soon.")
    desk.event("hours", title="Talks", start="2026-07-07 09:00", sessions=[session("2026-07-07 11:00")])
    desk.remove("events/dropped")
    desk.event("fresh", title="Апталық", language="kk", start="2026-06-29 10:00", summary="Жаңа.")
    desk.write("announcements/fresh", {"title": "Fresh news"}, "First lines of the text. " * 40)
    return desk.release("2026-06-01")


def session(start: str) -> dict[str, str]:
    return {"id": "first", "title": "First talk", "start": start}


@pytest.fixture(scope="session")
def own() -> Publication:
    return Publication(own_edition(), own_theme())
