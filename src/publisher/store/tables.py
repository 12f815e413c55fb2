"""The tables, as SQLAlchemy Core sees them; `migrations/` makes the same step by step."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from publisher.model.mailing import DeliveryState, IssueState, Sort, SubscriptionState
from publisher.store.columns import Instant, Serial, Word

#: The newest migration: what a database made by this program is at.
HEAD = "0003"

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


#: Which migration the database is at; Alembic owns its shape.
schema_version = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)

item = Table(
    "item",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("id", String(120), primary_key=True),
    Column("parent", String(80), primary_key=True),  # the event of a part; '' for a record
    Column("uid", Text, nullable=False),
    Column("ordinal", Integer),
    Column("revision", Integer, nullable=False),
    Column("values", JSON, nullable=False),
    Column("previous", JSON(none_as_null=True)),
    Column("first_published", Instant),
    Column("updated", Instant),
    Column("withdrawn", Instant),
    Column("gone", Instant),
    UniqueConstraint("ordinal"),
)

item_language = Table(
    "item_language",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("id", String(120), primary_key=True),
    Column("parent", String(80), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("last_modified", Instant, nullable=False),
)

edition = Table(
    "edition",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("now", Instant, nullable=False),
    Column("today", String(10), nullable=False),
    Column("manifest", JSON, nullable=False),  # path below build/ -> hash of its bytes
    Column("state", String(10), nullable=False),  # committed, done
)

#: What the schedule must remember between ticks, and across restarts.
schedule = Table(
    "schedule",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

subscriber = Table(
    "subscriber",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("email", String(320), nullable=False),
    Column("email_key", String(320), unique=True),  # none once erased
    Column("address_hash", String(64), nullable=False, index=True),
    Column("language", String(8), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("token_version", Integer, nullable=False),
    Column("created", Instant, nullable=False),
    Column("erased", Instant),
)

subscription = Table(
    "subscription",
    metadata,
    Column("subscriber", BigInteger, ForeignKey("subscriber.id", ondelete="CASCADE"), primary_key=True),
    Column("list", String(80), primary_key=True),
    Column("state", Word(SubscriptionState), nullable=False),
    Column("topics", JSON, nullable=False),
    Column("organisations", JSON, nullable=False),
    Column("events", JSON, nullable=False),
    Column("paused_until", Instant),
    Column("told_until", Instant),
    Column("consent_source", Text, nullable=False),
    Column("consent_at", Instant),
    Column("consent_text", Text, nullable=False),
    Column("changed", Instant, nullable=False),
    Index("ix_subscription_list", "list", "subscriber", "state"),
    Index("ix_subscription_state", "state", "changed"),
)

issue = Table(
    "issue",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("list", String(80), nullable=False),
    Column("period", String(40), nullable=False),
    Column("state", Word(IssueState), nullable=False),
    Column("reason", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("cut_at", Instant, nullable=False),
    Column("not_after", Instant, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("dated", Instant),
    Column("signing_key", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("archive", JSON, nullable=False),  # language -> cohort of its page
    Column("owner", Text),
    Column("lease_until", Instant),
    UniqueConstraint("list", "period"),
)

#: The frozen bodies of an issue, one for each cohort.
digest = Table(
    "digest",
    metadata,
    Column(
        "issue", Serial, ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("cohort", String(64), primary_key=True),
    Column("language", String(8), nullable=False),
    Column("subject", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("page", Text, nullable=False),
)

#: The outbox: one row for each message to each reader, for ever the truth about it.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("issue", Serial, ForeignKey("issue.id", ondelete="CASCADE")),  # none for a letter
    Column("subscriber", BigInteger, ForeignKey("subscriber.id", ondelete="CASCADE"), nullable=False),
    Column("sort", Word(Sort), nullable=False),
    Column("cohort", String(64), nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("owner", Text),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("not_after", Instant, nullable=False),
    Column("message_id", String(200), nullable=False, unique=True),
    Column("signature", Text, nullable=False),
    Column("last_reply", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Column("settled", Instant),
    UniqueConstraint("issue", "subscriber"),
    Index("ix_delivery_due", "state", "not_before", "id"),
    # Letters are claimed first: they are not looked for among all digests that wait.
    Index(
        "ix_delivery_letter",
        "issue",
        "state",
        "not_before",
        "id",
        sqlite_where=text("issue IS NULL"),
        postgresql_where=text("issue IS NULL"),
    ),
    Index("ix_delivery_issue", "issue", "state"),
    Index("ix_delivery_subscriber", "subscriber", "state"),
)

#: Addresses that are not mailed, by a keyed hash: whoever may not be written to need not be known.
suppression = Table(
    "suppression",
    metadata,
    Column("address_hash", String(64), primary_key=True),
    Column("reason", String(40), nullable=False),  # refused, bounce, complaint, operator
    Column("until", Instant),  # none is for ever
    Column("created", Instant, nullable=False),
)

bounce = Table(
    "bounce",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("delivery", Serial, ForeignKey("delivery.id", ondelete="CASCADE"), index=True),
    Column(
        "subscriber", BigInteger, ForeignKey("subscriber.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("kind", String(16), nullable=False),  # hard, soft
    Column("status", String(16), nullable=False),  # RFC 3463, such as 5.1.1
    Column("diagnostic", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

#: How often something was done in a window of time: sign-ups, letters, messages a minute.
limit = Table(
    "limit",
    metadata,
    Column("bucket", String(120), primary_key=True),
    Column("window", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
)

#: Up to where each part of the private journal in var/journal/ is in the tables.
journal = Table(
    "journal",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("position", BigInteger, nullable=False),
)

#: Hubs are to be told that these feeds have changed; what a hub has been told of is gone.
ping = Table(
    "ping",
    metadata,
    Column("hub", Text, primary_key=True),
    Column("feed", String(400), primary_key=True),  # its path below build/
    Column("edition", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("due_at", Instant),  # none once it is given up
    Column("tried_at", Instant),
    Column("reply", Text, nullable=False),
)

#: How each hub that was ever asked has answered last.
hub = Table(
    "hub",
    metadata,
    Column("address", Text, primary_key=True),
    Column("told_at", Instant),
    Column("failed_at", Instant),
    Column("held_until", Instant),
    Column("reply", Text, nullable=False),
)
