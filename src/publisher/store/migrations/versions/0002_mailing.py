"""Subscribers, issues, the outbox; what the schedule remembers may have a longer name."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of the mailing pipeline, the referred-to before the referring."""
    with op.batch_alter_table("schedule") as schedule:
        schedule.alter_column("name", existing_type=sa.String(40), type_=sa.String(120))
    _subscribers()
    _issues()
    _outbox()
    _counters()


def _serial() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _refers(table: str, column: str) -> sa.ForeignKeyConstraint:
    """What belongs to a row of the other table goes when that row goes."""
    name = f"fk_{table}_{column}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{column}.id"], name=name, ondelete="CASCADE")


def _subscribers() -> None:
    op.create_table(
        "subscriber",
        sa.Column("id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("email_key", sa.String(320)),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("erased", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_subscriber"),
        sa.UniqueConstraint("email_key", name="uq_subscriber_email_key"),
    )
    op.create_index("ix_subscriber_address_hash", "subscriber", ["address_hash"])
    op.create_table(
        "subscription",
        sa.Column("subscriber", sa.BigInteger(), nullable=False),
        sa.Column("list", sa.String(80), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("paused_until", sa.String(32)),
        sa.Column("told_until", sa.String(32)),
        sa.Column("consent_source", sa.Text(), nullable=False),
        sa.Column("consent_at", sa.String(32)),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column("changed", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("subscriber", "list", name="pk_subscription"),
        _refers("subscription", "subscriber"),
    )
    op.create_index("ix_subscription_list", "subscription", ["list", "subscriber", "state"])
    op.create_index("ix_subscription_state", "subscription", ["state", "changed"])
    op.create_table(
        "suppression",
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("until", sa.String(32)),
        sa.Column("created", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name="pk_suppression"),
    )


def _issues() -> None:
    op.create_table(
        "issue",
        sa.Column("id", _serial(), nullable=False, autoincrement=True),
        sa.Column("list", sa.String(80), nullable=False),
        sa.Column("period", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_at", sa.String(32), nullable=False),
        sa.Column("cut_at", sa.String(32), nullable=False),
        sa.Column("not_after", sa.String(32), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("dated", sa.String(32)),
        sa.Column("signing_key", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("archive", sa.JSON(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("lease_until", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_issue"),
        sa.UniqueConstraint("list", "period", name="uq_issue_list"),
    )
    op.create_table(
        "digest",
        sa.Column("issue", _serial(), nullable=False, autoincrement=False),
        sa.Column("cohort", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("issue", "cohort", name="pk_digest"),
        _refers("digest", "issue"),
    )


def _outbox() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", _serial(), nullable=False, autoincrement=True),
        sa.Column("issue", _serial()),
        sa.Column("subscriber", sa.BigInteger(), nullable=False),
        sa.Column("sort", sa.String(16), nullable=False),
        sa.Column("cohort", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("lease_until", sa.String(32)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.String(32), nullable=False),
        sa.Column("not_after", sa.String(32), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("last_reply", sa.Text(), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("settled", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("issue", "subscriber", name="uq_delivery_issue"),
        sa.UniqueConstraint("message_id", name="uq_delivery_message_id"),
        _refers("delivery", "issue"),
        _refers("delivery", "subscriber"),
    )
    op.create_index("ix_delivery_due", "delivery", ["state", "not_before", "id"])
    letter = sa.text("issue IS NULL")
    op.create_index(
        "ix_delivery_letter",
        "delivery",
        ["issue", "state", "not_before", "id"],
        sqlite_where=letter,
        postgresql_where=letter,
    )
    op.create_index("ix_delivery_issue", "delivery", ["issue", "state"])
    op.create_index("ix_delivery_subscriber", "delivery", ["subscriber", "state"])
    op.create_table(
        "bounce",
        sa.Column("id", _serial(), nullable=False, autoincrement=True),
        sa.Column("delivery", _serial()),
        sa.Column("subscriber", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("diagnostic", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bounce"),
        _refers("bounce", "delivery"),
        _refers("bounce", "subscriber"),
    )
    op.create_index("ix_bounce_delivery", "bounce", ["delivery"])
    op.create_index("ix_bounce_subscriber", "bounce", ["subscriber"])


def _counters() -> None:
    op.create_table(
        "limit",
        sa.Column("bucket", sa.String(120), nullable=False),
        sa.Column("window", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "window", name="pk_limit"),
    )
    op.create_table(
        "journal",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_journal"),
    )
