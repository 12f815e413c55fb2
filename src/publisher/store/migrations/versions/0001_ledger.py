"""The ledger, the editions, what the schedule remembers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "item",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("parent", sa.String(80), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("previous", sa.JSON()),
        sa.Column("first_published", sa.String(32)),
        sa.Column("updated", sa.String(32)),
        sa.Column("withdrawn", sa.String(32)),
        sa.Column("gone", sa.String(32)),
        sa.PrimaryKeyConstraint("kind", "id", "parent", name="pk_item"),
        sa.UniqueConstraint("ordinal", name="uq_item_ordinal"),
    )
    op.create_table(
        "item_language",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("parent", sa.String(80), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("last_modified", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", "parent", "language", name="pk_item_language"),
    )
    op.create_table(
        "edition",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("now", sa.String(32), nullable=False),
        sa.Column("today", sa.String(10), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_edition"),
    )
    op.create_table(
        "schedule",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_schedule"),
    )
