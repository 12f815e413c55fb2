"""Issues in the database: one for each list and period, built by one at a time, frozen once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from publisher.model.mailing import OPEN, DeliveryState, Digest, Issue, IssueState
from publisher.store import issues, subscribers, tables

from .readers import NOW, SECOND, WEEK, begun, body, message, place, reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from publisher.store.database import Database

BUILDING, FROZEN, HELD, SENDING = (
    IssueState.BUILDING,
    IssueState.FROZEN,
    IssueState.HELD,
    IssueState.SENDING,
)
PAUSED, DONE, SKIPPED, ABORTED = IssueState.PAUSED, IssueState.DONE, IssueState.SKIPPED, IssueState.ABORTED


def audience(connection: Connection, count: int) -> None:
    """So many confirmed readers of the weekly list."""
    subscribers.add_many(connection, [(reader(n), (place(n),)) for n in range(1, count + 1)])


def frozen(connection: Connection, issue: Issue, **values: Any) -> bool:
    known = {"state": FROZEN, "reason": "", "content_hash": "0f" * 32, "archive": {}, "dated": NOW}
    return issues.freeze(connection, issue.id, "builder", **known | values)


def taken(connection: Connection, issue: Issue, owner: str = "builder") -> bool:
    return issues.take(connection, issue.id, owner, NOW, NOW + 60 * SECOND)


def sent(connection: Connection, period: str, cohorts: dict[str, str], state: IssueState = DONE) -> Issue:
    """An issue that was frozen with these pages, and then went on to a state."""
    issue = begun(connection, period, due_at=NOW + WEEK * int(period[-2:]))
    taken(connection, issue)
    issues.add_digests(connection, issue.id, [body(cohort, language) for language, cohort in cohorts.items()])
    frozen(connection, issue, archive=cohorts)
    issues.move(connection, issue.id, [FROZEN], state, reason="because")
    found = issues.get(connection, issue.id)
    assert found is not None
    return found


def test_a_begun_issue_is_found_by_its_list_and_period_and_by_its_id(database: Database) -> None:
    values = {
        "due_at": NOW, "cut_at": NOW + SECOND, "not_after": NOW + WEEK, "edition": 7, "signing_key": 2,
    }  # fmt: skip
    with database.writing() as connection:
        issue = begun(connection, **values)

        assert issue == Issue(id=issue.id, list="weekly", period="2026-W24", state=BUILDING, **values)
        assert issues.find(connection, "weekly", "2026-W24") == issue
        assert issues.get(connection, issue.id) == issue
        assert issues.find(connection, "monthly", "2026-W24") is None
        assert issues.get(connection, issue.id + 1) is None


def test_a_list_has_one_issue_for_a_period_whatever_became_of_it(database: Database) -> None:
    with database.writing() as connection:
        first = begun(connection, state=SKIPPED, reason="too late")
        again = issues.begin(
            connection, list="weekly", period="2026-W24", due_at=NOW, cut_at=NOW, not_after=NOW, edition=9,
            signing_key=9,
        )  # fmt: skip

        assert again is None
        assert issues.every(connection) == [first]
        assert (first.state, first.reason) == (SKIPPED, "too late")


def test_of_many_that_begin_the_same_issue_at_once_one_does(database: Database) -> None:
    start, made = threading.Barrier(4), []

    def begin() -> None:
        start.wait()
        for week in range(20, 26):
            with database.working() as connection:
                made.append(issues.begin(
                    connection, list="weekly", period=f"2026-W{week}", due_at=NOW, cut_at=NOW,
                    not_after=NOW, edition=1, signing_key=1,
                ))  # fmt: skip

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(each.period for each in made if each) == [f"2026-W{week}" for week in range(20, 26)]
    assert len(made) == 24


def test_issues_are_listed_the_newest_first_by_list_and_state(database: Database) -> None:
    with database.writing() as connection:
        old, new = begun(connection, "2026-W23", due_at=NOW - WEEK), begun(connection)
        skipped = begun(connection, "2026-06", "monthly", due_at=NOW - SECOND, state=SKIPPED)

        assert issues.every(connection) == [new, skipped, old]
        assert issues.every(connection, count=2) == [new, skipped]
        assert issues.every(connection, list="weekly") == [new, old]
        assert issues.every(connection, states=[SKIPPED, DONE]) == [skipped]
        assert issues.every(connection, list="weekly", states=[BUILDING], count=1) == [new]
        assert issues.latest(connection, "weekly", NOW) == new
        assert issues.latest(connection, "weekly", NOW - SECOND) == old
        assert issues.latest(connection, "monthly", NOW) == skipped
        assert issues.latest(connection, "daily", NOW) is None


def test_an_issue_is_built_by_one_at_a_time_and_by_another_once_the_lease_is_over(database: Database) -> None:
    later = NOW + 60 * SECOND
    with database.writing() as connection:
        issue = begun(connection)

        assert not issues.holds(connection, issue.id, "first", NOW)
        assert issues.take(connection, issue.id, "first", NOW, later)
        assert issues.holds(connection, issue.id, "first", later - SECOND)
        assert not issues.take(connection, issue.id, "second", later - SECOND, later + WEEK)
        assert issues.take(connection, issue.id, "first", later - SECOND, later + SECOND)  # a longer lease
        assert not issues.take(connection, issue.id, "second", later, later + WEEK)
        assert issues.take(connection, issue.id, "second", later + SECOND, later + WEEK)
        assert not issues.holds(connection, issue.id, "first", later + SECOND)
        assert issues.holds(connection, issue.id, "second", later + SECOND)


def test_a_lease_that_is_let_go_is_anybodys(database: Database) -> None:
    with database.writing() as connection:
        issue = begun(connection)
        taken(connection, issue, "first")

        assert not issues.let_go(connection, issue.id, "second")
        assert not taken(connection, issue, "second")
        assert issues.let_go(connection, issue.id, "first")
        assert taken(connection, issue, "second")


def test_only_what_is_building_is_taken_and_frozen_and_only_by_its_owner(database: Database) -> None:
    with database.writing() as connection:
        issue = begun(connection)
        taken(connection, issue, "somebody else")
        assert not frozen(connection, issue)
        assert issues.let_go(connection, issue.id, "somebody else")
        assert taken(connection, issue)

        assert frozen(connection, issue, content_hash="f0" * 32, archive={"kk": "all", "en": "all-en"})

        assert issues.get(connection, issue.id) == issue.evolve(
            state=FROZEN, content_hash="f0" * 32, archive={"kk": "all", "en": "all-en"}, dated=NOW
        )
        assert not frozen(connection, issue)
        assert not taken(connection, issue)
        assert not issues.holds(connection, issue.id, "builder", NOW)


def test_while_a_builder_writes_a_chunk_nobody_takes_the_issue_from_them(database: Database) -> None:
    order = []
    with database.writing() as connection:
        audience(connection, 1)
        issue = begun(connection)
        taken(connection, issue, "slow")

    def rival() -> None:
        with database.working() as connection:
            issues.take(connection, issue.id, "rival", NOW + WEEK, NOW + 2 * WEEK)
            issues.restart(connection, issue.id, 2)
        order.append("rival")

    thread = threading.Thread(target=rival)
    with database.working() as connection:
        assert issues.holds(connection, issue.id, "slow", NOW)
        thread.start()
        thread.join(0.3)
        issues.add_deliveries(connection, [message(issue.id, 1)])
        order.append("slow")
    thread.join()

    assert order == ["slow", "rival"]
    with database.working() as connection:
        assert not issues.holds(connection, issue.id, "slow", NOW)
        assert issues.progress(connection, issue.id) == {}


def test_a_reader_has_one_delivery_of_an_issue_however_often_a_chunk_is_written(database: Database) -> None:
    with database.writing() as connection:
        audience(connection, 3)
        issue, other = begun(connection), begun(connection, "2026-W25")
        issues.add_deliveries(connection, [message(issue.id, 1), message(issue.id, 2)])
        issues.add_deliveries(connection, [message(issue.id, n, cohort="late") for n in (1, 2, 3)])
        issues.add_deliveries(connection, [message(other.id, 1)])
        issues.add_deliveries(connection, [])

        rows = connection.execute(
            select(tables.delivery.c.subscriber, tables.delivery.c.cohort)
            .where(tables.delivery.c.issue == issue.id)
            .order_by(tables.delivery.c.subscriber)
        ).all()

    assert [tuple(row) for row in rows] == [(1, "all"), (2, "all"), (3, "late")]


def test_no_two_deliveries_have_the_same_message_id(database: Database) -> None:
    with database.writing() as connection:
        audience(connection, 2)
        issue = begun(connection)
    rows = [message(issue.id, number, message_id="<same@news.example.org>") for number in (1, 2)]

    with pytest.raises(IntegrityError), database.writing() as connection:
        issues.add_deliveries(connection, rows)


def test_a_digest_is_kept_as_it_was_first_rendered(database: Database) -> None:
    changed = body("all").evolve(subject="Басқа")
    with database.writing() as connection:
        issue = begun(connection)
        issues.add_digests(connection, issue.id, [body("all"), body("some", "ru")])
        issues.add_digests(connection, issue.id, [changed, body("en", "en")])
        issues.add_digests(connection, issue.id, [])

        assert issues.digest(connection, issue.id, "all") == body("all")
        assert issues.digests(connection, issue.id) == [body("all"), body("en", "en"), body("some", "ru")]


def test_an_issue_that_is_begun_anew_has_nothing_of_the_edition_before(database: Database) -> None:
    with database.writing() as connection:
        audience(connection, 1)
        issue, other = begun(connection), begun(connection, "2026-W25")
        for each in (issue, other):
            issues.add_digests(connection, each.id, [body("all")])
            issues.add_deliveries(connection, [message(each.id, 1)])

        issues.restart(connection, issue.id, 8)

        assert issues.get(connection, issue.id) == issue.evolve(edition=8)
        assert issues.digests(connection, issue.id) == []
        assert issues.progress(connection, issue.id) == {}
        assert issues.digests(connection, other.id) == [body("all")]
        assert issues.progress(connection, other.id) == {DeliveryState.QUEUED: 1}


def test_a_state_changes_only_from_the_one_that_was_expected(database: Database) -> None:
    with database.writing() as connection:
        issue = begun(connection)
        taken(connection, issue)
        frozen(connection, issue, state=HELD, reason="for approval", dated=None)

        assert not issues.move(connection, issue.id, [FROZEN, PAUSED], SENDING)
        assert issues.move(connection, issue.id, [HELD], FROZEN, dated=NOW + SECOND)
        assert issues.move(connection, issue.id, [FROZEN], SENDING)
        assert issues.move(connection, issue.id, [SENDING], PAUSED, reason="a wrong date")

        assert issues.get(connection, issue.id) == issue.evolve(
            state=PAUSED, reason="a wrong date", dated=NOW + SECOND, content_hash="0f" * 32
        )


@pytest.mark.parametrize("state", DeliveryState)
def test_an_issue_is_done_when_all_its_deliveries_are_settled(
    database: Database, state: DeliveryState
) -> None:
    with database.writing() as connection:
        audience(connection, 2)
        issue, paused = begun(connection, state=SENDING), begun(connection, "2026-W25", state=PAUSED)
        issues.add_deliveries(connection, [message(issue.id, 1, state=DeliveryState.SENT)])
        issues.add_deliveries(connection, [message(issue.id, 2, state=state)])

        finished = [] if state in OPEN else [issue.id]
        assert issues.finish(connection, NOW - SECOND) == []
        assert issues.finish(connection, NOW) == finished

        assert [each.id for each in issues.every(connection, states=[DONE])] == finished
        assert issues.get(connection, paused.id) == paused


def test_an_issue_for_nobody_is_done_at_once(database: Database) -> None:
    with database.writing() as connection:
        issue = begun(connection, state=SENDING)

        assert issues.finish(connection, NOW) == [issue.id]


def test_what_is_left_of_an_aborted_issue_is_settled_but_for_what_is_being_handed_over(
    database: Database,
) -> None:
    with database.writing() as connection:
        audience(connection, len(DeliveryState))
        issue, other = begun(connection), begun(connection, "2026-W25")
        for number, state in enumerate(DeliveryState, start=1):
            issues.add_deliveries(connection, [message(issue.id, number, state=state, owner="worker")])
        issues.add_deliveries(connection, [message(other.id, 1)])

        number = issues.settle_open(
            connection, issue.id, state=DeliveryState.SUPPRESSED, now=NOW, reason="aborted"
        )

        assert number == 3
        assert issues.progress(connection, issue.id) == {
            DeliveryState.SENDING: 1,
            DeliveryState.SENT: 1,
            DeliveryState.FAILED: 1,
            DeliveryState.SUPPRESSED: 4,
        }
        aborted = (tables.delivery.c.last_reply == "aborted") & tables.delivery.c.owner.is_(None)
        settled = aborted & (tables.delivery.c.settled == NOW)
        assert connection.execute(select(func.count()).where(settled)).scalar() == 3
        assert issues.progress(connection, other.id) == {DeliveryState.QUEUED: 1}


def shown(cohort: str, language: str = "kk") -> Digest:
    """A digest as its page needs it: without the HTML of its mails."""
    return body(cohort, language).evolve(html="")


def test_the_archive_has_what_readers_got_or_are_about_to_get_the_newest_first(database: Database) -> None:
    pages = {"kk": "all-kk", "en": "all-en"}
    with database.writing() as connection:
        audience(connection, 1)
        made = [sent(connection, f"2026-W{20 + n}", pages, state) for n, state in enumerate(IssueState)]
        of = dict(zip(IssueState, made, strict=True))

        found = issues.archived(connection)

    digests = {"kk": shown("all-kk", "kk"), "en": shown("all-en", "en")}
    assert found == [(of[state], digests) for state in (DONE, PAUSED, SENDING, FROZEN)]


def test_an_aborted_issue_stays_in_the_archive_if_it_reached_anybody(database: Database) -> None:
    with database.writing() as connection:
        audience(connection, 2)
        reached = sent(connection, "2026-W24", {"kk": "all"}, ABORTED)
        nobody = sent(connection, "2026-W25", {"kk": "all"}, ABORTED)
        issues.add_deliveries(connection, [message(reached.id, 1, state=DeliveryState.SENT)])
        issues.add_deliveries(connection, [message(nobody.id, 1, state=DeliveryState.SUPPRESSED)])

        assert issues.archived(connection) == [(reached, {"kk": shown("all")})]


def test_months_of_a_daily_list_are_archived_whole(database: Database) -> None:
    """More pages than one statement names, each with its own digest."""
    with database.writing() as connection:
        for day in range(110):
            issue = begun(connection, f"day-{day}", "daily", due_at=NOW + timedelta(days=day))
            taken(connection, issue)
            issues.add_digests(connection, issue.id, [body(f"d{day}-{at}", at) for at in ("kk", "ru")])
            frozen(connection, issue, archive={at: f"d{day}-{at}" for at in ("kk", "ru")})

        found = issues.archived(connection)

    assert [each.period for each, _ in found] == [f"day-{day}" for day in reversed(range(110))]
    assert all(
        page == shown(f"d{each.period[4:]}-{at}", at) for each, pages in found for at, page in pages.items()
    )
