"""Brings a database forward to this program's schema; the only place that imports Alembic."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

from publisher.store.tables import HEAD

if TYPE_CHECKING:
    from publisher.store.database import Database


def migrate(database: Database) -> tuple[str | None, str]:
    """Run what is missing; returns the versions before and after."""
    before = database.version()
    config = Config()
    config.set_main_option("script_location", str(resources.files("publisher.store") / "migrations"))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)
    return before, HEAD
