"""The ledger in the database: what is read is what was written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.model.ledger import Item, ItemLanguage, Ledger
from publisher.store import ledger as store
from publisher.store.tables import edition, item_language
from publisher.store.tables import item as item_table

if TYPE_CHECKING:
    from publisher.store.database import Database

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
VALUES = st.dictionaries(TEXTS, JSON, max_size=4)
IDS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6})?", fullmatch=True)
LANGUAGES = st.dictionaries(
    st.sampled_from(["en", "ru", "kk"]), st.builds(ItemLanguage, st.just("0f" * 12), INSTANTS)
)


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    kinds = st.tuples(st.sampled_from(["event", "topic"]), IDS, st.just(""))
    parts = st.tuples(st.sampled_from(["session", "occurrence"]), IDS, IDS)
    keys = draw(st.lists(kinds | parts, unique=True, max_size=5))
    ordinals = draw(st.permutations(range(1, len(keys) + 1)))
    moment = st.none() | INSTANTS
    return Ledger().with_items(
        Item(
            kind=kind, id=id_, parent=parent, uid=f"{kind}.{id_}.{parent}@host.example", ordinal=ordinal,
            revision=draw(st.integers(0, 99)), values=draw(VALUES), previous=draw(st.none() | VALUES),
            first_published=draw(moment), updated=draw(moment), withdrawn=draw(moment), gone=draw(moment),
            languages=draw(LANGUAGES),
        )
        for (kind, id_, parent), ordinal in zip(keys, ordinals, strict=True)
    )  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ledgers(), ledgers())
def test_a_ledger_comes_back_exactly_whatever_was_there_before(
    database: Database, before: Ledger, after: Ledger
) -> None:
    with database.writing() as connection:
        connection.execute(item_language.delete())
        connection.execute(item_table.delete())
        store.save_items(connection, Ledger(), before)
        merged = before.with_items(item.evolve(ordinal=(item.ordinal or 0) + 100) for item in after)
        store.save_items(connection, before, merged)

    with database.reading() as connection:
        assert store.load_ledger(connection) == merged


def entry(id_: str, ordinal: int, **values: object) -> Item:
    languages = {"en": ItemLanguage("0f", NOON), "ru": ItemLanguage("f0", NOON)}
    return Item(
        kind="event", id=id_, uid=f"event.{id_}@h", ordinal=ordinal, values=values, languages=languages
    )


def test_only_what_differs_is_written(database: Database) -> None:
    before = Ledger().with_items([entry("a", 1), entry("b", 2)])
    after = before.with_items([entry("b", 2, title="Other"), entry("c", 3)])

    with database.writing() as connection:
        assert store.save_items(connection, Ledger(), before) == 2
        assert store.save_items(connection, before, before) == 0
        assert store.save_items(connection, before, after) == 2


def test_values_are_the_same_in_whatever_order_they_are_given(database: Database) -> None:
    before = Ledger().with_items([entry("a", 1, title="T", record={"x": 1, "y": [2, 3]})])
    same = Ledger().with_items([entry("a", 1, record={"y": [2, 3], "x": 1}, title="T")])

    with database.writing() as connection:
        store.save_items(connection, Ledger(), before)
        assert store.save_items(connection, store.load_ledger(connection), same) == 0


def test_a_language_that_an_item_lost_is_gone(database: Database) -> None:
    two = Ledger().with_items([entry("a", 1)])
    one = Ledger().with_items([entry("a", 1).evolve(languages={"en": ItemLanguage("0f", NOON)})])

    with database.writing() as connection:
        store.save_items(connection, Ledger(), two)
        store.save_items(connection, two, one)
        assert store.load_ledger(connection) == one


def test_an_identity_may_be_as_long_as_ids_and_hosts_may_be(database: Database) -> None:
    long = Item(
        kind="session", id="s" * 80, parent="e" * 80, uid=f"event.{'e' * 80}.session.{'s' * 80}@{'h' * 253}"
    )
    kept = Ledger().with_items([long])

    with database.writing() as connection:
        store.save_items(connection, Ledger(), kept)
        assert store.load_ledger(connection) == kept


def test_editions_are_counted_and_the_last_one_is_remembered(database: Database) -> None:
    with database.writing() as connection:
        assert store.last_edition(connection) is None
        assert store.add_edition(connection, NOON, date(2026, 6, 1), {"index.html": "aa"}) == 1
        assert store.add_edition(connection, NOON, date(2026, 6, 2), {"index.html": "ab"}) == 2

    with database.reading() as connection:
        last = store.last_edition(connection)
    assert last is not None
    assert (last.number, last.now, last.today, last.manifest, last.state) == (
        2, NOON, date(2026, 6, 2), {"index.html": "ab"}, store.COMMITTED
    )  # fmt: skip


def test_until_an_edition_is_done_the_files_of_the_one_before_are_remembered_too(database: Database) -> None:
    with database.writing() as connection:
        store.add_edition(connection, NOON, date(2026, 6, 1), {"old.html": "aa", "index.html": "bb"})
        store.finish_edition(connection, 1)
        number = store.add_edition(connection, NOON, date(2026, 6, 2), {"new.html": "cc", "index.html": "dd"})
        assert store.paths_of_editions(connection) == {"old.html", "new.html", "index.html"}

        store.finish_edition(connection, number)

        assert store.paths_of_editions(connection) == {"new.html", "index.html"}
        last = store.last_edition(connection)
        assert last is not None
        assert last.state == store.DONE


def test_old_editions_are_forgotten(database: Database) -> None:
    with database.writing() as connection:
        for number in range(1, 31):
            store.add_edition(
                connection, NOON + timedelta(days=number), date(2026, 6, 1), {"index.html": str(number)}
            )
            store.finish_edition(connection, number)
        kept = connection.execute(edition.select()).all()

    assert len(kept) == store.KEPT_EDITIONS


def test_notes_are_kept_replaced_and_dropped(database: Database) -> None:
    later = NOON + timedelta(minutes=1)
    with database.writing() as connection:
        store.remember(connection, "tick", "", NOON)
        store.remember(connection, "tick", "again", later)
        store.remember(connection, "pending", "x", NOON)
        store.forget(connection, ["pending", "never"])

        assert store.remembered(connection, "tick") == ("again", later)
        assert store.remembered(connection, "pending") is None
