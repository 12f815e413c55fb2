"""Hubs, and the feeds that they are to be told of."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of WebSub."""
    op.create_table(
        "ping",
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("feed", sa.String(400), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.String(32), nullable=False),
        sa.Column("due_at", sa.String(32)),
        sa.Column("tried_at", sa.String(32)),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hub", "feed", name="pk_ping"),
    )
    op.create_table(
        "hub",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("told_at", sa.String(32)),
        sa.Column("failed_at", sa.String(32)),
        sa.Column("held_until", sa.String(32)),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_hub"),
    )
