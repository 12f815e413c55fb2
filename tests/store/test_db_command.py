"""`publisher db`: what an operator is told of the database, on both engines."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import psycopg
import pytest

from sites import CONFIG, CuratedSite

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def site(url: str, tmp_path: Path) -> CuratedSite:
    """A site with one event, released, whose database is on either engine."""
    setting = f'\n[database]\nurl = "{url}"\n' if url else ""
    made = CuratedSite.create(tmp_path / "site", f"{CONFIG}{setting}")
    made.event()
    made.build()
    return made


def execute(site: CuratedSite, url: str, statement: str) -> None:
    """What somebody does to the database with a tool of their own."""
    if url:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(statement)
        return
    file = sqlite3.connect(site.root / "var/publisher.db", isolation_level=None)
    file.execute(statement)
    file.close()


def test_status_tells_which_database_it_is_and_what_is_in_it(site: CuratedSite, url: str) -> None:
    told = json.loads(site.run("db", "status", "--json").stdout)
    text = site.run("db", "status").stdout

    assert told["engine"].startswith("PostgreSQL 1" if url else "SQLite 3.")
    assert told["schema"] == told["expected"]
    assert told["bytes"] > 100_000
    assert {name: told["rows"][name] for name in ("edition", "item", "delivery")} == {
        "edition": 1, "item": 2, "delivery": 0,
    }  # fmt: skip
    assert told["engine"] in text
    assert "item            2 rows\n" in text
    assert f"{told['schema']}, as expected" in text


def test_a_sound_database_is_said_to_be_sound(site: CuratedSite) -> None:
    assert site.run("db", "check").stdout.endswith(": sound\n")
    assert json.loads(site.run("db", "check", "--json").stdout)["flaws"] == []


def test_a_flaw_is_told_and_the_exit_status_is_1(site: CuratedSite, url: str) -> None:
    execute(site, url, "DROP INDEX ix_delivery_due")

    said = site.run("db", "check", status=1)

    assert said.stderr == "tables: ix_delivery_due is missing\n"
    assert said.stdout.endswith(": 1 flaw\n")
    assert json.loads(site.run("db", "check", "--json", status=1).stdout)["flaws"] == [
        {"check": "tables", "message": "ix_delivery_due is missing"}
    ]


def test_an_older_database_is_shown_and_brought_forward_but_not_checked(site: CuratedSite, url: str) -> None:
    execute(site, url, "DROP TABLE journal")
    execute(site, url, "UPDATE alembic_version SET version_num = '0000'")

    told = json.loads(site.run("db", "status", "--json").stdout)
    refused = site.run("db", "check", status=3)

    assert told["schema"] == "0000"
    assert "journal" not in told["rows"]
    assert "run `publisher db migrate`" in site.run("db", "status").stdout
    assert "the database is at schema '0000'" in refused.stderr


def test_migrate_is_the_same_command_in_both_places(site: CuratedSite) -> None:
    assert site.run("db", "migrate").stdout == site.run("migrate").stdout
    assert "nothing to do" in site.run("db", "migrate").stdout


@pytest.mark.parametrize("command", ["status", "check"])
def test_a_site_without_a_database_is_not_given_one(tmp_path: Path, command: str) -> None:
    site = CuratedSite.create(tmp_path / "site")

    refused = site.run("db", command, status=2)

    assert refused.stderr == (
        "publisher: there is no database yet (SQLite in var/publisher.db)\n"
        "hint: run `publisher build`, which makes it\n"
    )
    assert not (site.root / "var/publisher.db").exists()
