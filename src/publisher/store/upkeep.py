"""What keeps a database quick, and keeps nothing else in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def count_anew(connection: Connection) -> None:
    """After a great many new deliveries: PostgreSQL would go on planning as if there were few, until it notices."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE delivery")
