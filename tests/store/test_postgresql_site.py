"""A site whose database is PostgreSQL: every command does the same as with SQLite."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest

from sites import CONFIG, CuratedSite

if TYPE_CHECKING:
    from pathlib import Path

    from postgresql import Server

pytestmark = pytest.mark.postgres


@pytest.fixture
def site(postgresql: Server, tmp_path: Path) -> CuratedSite:
    made = CuratedSite.create(
        tmp_path / "site", f'{CONFIG}\n[database]\nurl = "{postgresql.new_database()}"\n'
    )
    made.event()
    return made


def test_a_life_of_a_site_leaves_the_same_files_as_on_sqlite(site: CuratedSite, tmp_path: Path) -> None:
    other = CuratedSite.create(tmp_path / "other")
    other.event()
    for each in (site, other):
        each.build("2026-06-01T12:00:00+05:00")
        each.event(start="2026-06-12")
        each.event("later", start="2026-07-01", end="2026-07-01", more="publish_at: 2026-06-03 09:00")
        each.build("2026-06-02T12:00:00+05:00")
        each.tick("2026-06-03T09:00:00+05:00")

    assert site.files() == other.files()
    assert not (site.root / "var/publisher.db").exists()


def test_status_tells_where_the_database_is_and_what_is_in_it(site: CuratedSite) -> None:
    site.build("2026-06-01T12:00:00+05:00")
    site.tick("2026-06-01T12:01:00+05:00")

    status = json.loads(site.run("status", "--json").stdout)

    assert status["database"].startswith("postgresql://")
    assert status["public"] == {"event": 1, "topic": 1}
    assert status["edition"]["state"] == "done"


def test_a_lost_ledger_is_restored_from_what_is_published(site: CuratedSite, postgresql: Server) -> None:
    site.build("2026-06-01T12:00:00+05:00")
    site.event(start="2026-06-12", end="2026-06-14")
    site.build("2026-06-02T12:00:00+05:00")
    before = site.files()
    site.write("publisher.toml", f'{CONFIG}\n[database]\nurl = "{postgresql.new_database()}"\n')

    assert site.build("2026-06-02T13:00:00+05:00")["written"] == []
    assert site.files() == before


def test_migrate_says_that_there_is_nothing_to_do(site: CuratedSite) -> None:
    site.build()

    assert "nothing to do" in site.run("migrate").stdout


def test_a_database_of_another_version_is_refused_in_a_sentence(site: CuratedSite) -> None:
    site.build()
    url = json.loads(site.run("status", "--json").stdout)["database"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    refused = site.run("build", status=3)

    assert "the database is at schema '9999'" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_server_that_does_not_answer_is_a_sentence_and_leaves_what_is_served(site: CuratedSite) -> None:
    site.build()
    before = site.files()
    site.write("publisher.toml", f'{CONFIG}\n[database]\nurl = "postgresql://nobody@127.0.0.1:1/site"\n')

    refused = site.run("build", status=3)

    assert "the database cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert site.files() == before
