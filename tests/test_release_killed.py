"""A release that is killed at any of its steps is completed by the next one, as if nothing had happened.

Each release runs in a process of its own, which kills itself (SIGKILL) right
before its n-th lasting step: a rename, a deletion, or a commit. Every n is tried.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from publisher import app
from sites import CuratedSite, instant

if TYPE_CHECKING:
    from collections.abc import Callable

NEW, RELEASED, AFTERWARDS = "2026-06-01T08:00:00Z", "2026-06-02T08:00:00Z", "2026-06-02T20:00:00Z"
CONFIG = """\
[site]
url = "https://calendar.example.org"
identity = "calendar.example.org,2026"
title.en = "A Calendar"
"""
#: What a page cannot do without; other pages it may name before they are there, as they name it.
NEEDED = re.compile(
    rb'"(?:https://calendar\.example\.org)?/((?:assets/|en/)[^"#?]*\.(?:css|js|svg|ics|atom|rss|json))"'
)


class Steps:
    """Counts the lasting steps of this process, and kills it before the n-th."""

    def __init__(self, last: int | None) -> None:
        self.count, self.last = 0, last
        for module, name in ((os, "replace"), (os, "rename"), (os, "unlink"), (os, "rmdir")):
            setattr(module, name, self.counted(getattr(module, name)))
        event.listen(Engine, "commit", lambda _connection: self.step())

    def counted(self, act: Callable[..., None]) -> Callable[..., None]:
        def acts(*arguments: object, **named: object) -> None:
            self.step()
            act(*arguments, **named)

        return acts

    def step(self) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def release(site: CuratedSite, now: str, killed_before: int | None = None) -> int:
    """Release in a child process; the number of its steps, or 0 when it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            steps = Steps(killed_before)
            app.release(app.open_site(site.root), instant(now))
            os.write(writing, str(steps.count).encode())
            status = 0
        except BaseException:  # noqa: BLE001 -- a child must never return into the test runner
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return int(told or 0)


def a_new_site(root: Path) -> CuratedSite:
    site = CuratedSite.create(root, CONFIG)
    site.event("first", title="First", start="2026-06-11", end="2026-06-13")
    return site


def a_site_with_changes_to_release(root: Path) -> CuratedSite:
    site = a_new_site(root)
    site.event("second", title="Second", start="2026-07-01", end="2026-07-01")
    site.event("over", title="Over", start="2026-05-01", end="2026-05-01")
    release(site, NEW)
    site.event("first", title="First", start="2026-06-12", end="2026-06-14")
    site.event(
        "second",
        title="Second",
        start="2026-07-01",
        end="2026-07-01",
        more="status: cancelled\nstatus_note: No.",
    )
    (site.root / "content/events/2026/over.md").unlink()
    return site


def editions(site: CuratedSite) -> list[str]:
    database = site.root / "var/publisher.db"
    if not database.is_file():
        return []
    with sqlite3.connect(database) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
        rows = connection.execute("SELECT now FROM edition ORDER BY number") if "edition" in tables else ()
        return [now for (now,) in rows]


def copied(site: CuratedSite, root: Path) -> CuratedSite:
    shutil.copytree(site.root, root)
    return CuratedSite(root)


@pytest.mark.parametrize("prepare", [a_new_site, a_site_with_changes_to_release], ids=["first", "changes"])
def test_killed_before_any_step_it_is_completed_by_the_next(prepare, tmp_path):
    start = prepare(tmp_path / "start")
    before, known = start.files() if (start.root / "build").is_dir() else {}, editions(start)
    whole = copied(start, tmp_path / "whole")
    steps = release(whole, RELEASED)
    made = whole.files()
    release(whole, AFTERWARDS)
    assert whole.files() == made
    late = copied(start, tmp_path / "late")
    release(late, AFTERWARDS)
    assert steps > 15

    for step in range(1, steps + 1):
        site = copied(start, tmp_path / f"killed-{step}")
        assert release(site, RELEASED, killed_before=step) == 0
        committed = len(editions(site)) > len(known)

        served = {path: data for path, data in site.files().items() if "/." not in f"/{path}"}
        for path, data in served.items():
            assert data in {before.get(path), made.get(path)}, f"step {step}: {path} is neither old nor new"
            if path.endswith(".html"):
                missing = {name.decode() for name in NEEDED.findall(data)} - set(served)
                assert not missing, f"step {step}: {path} refers to {missing}"

        release(site, AFTERWARDS)
        expected = whole if committed else late
        assert site.files() == expected.files(), f"step {step}: the next release did not complete it"
        shutil.rmtree(site.root)
