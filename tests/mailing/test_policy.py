"""What becomes of a delivery: every class of replies has one consequence, at every stage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.mailing.policy import (
    LOST,
    TABLE,
    WITHHELD,
    Deferred,
    Failed,
    Halt,
    InDoubt,
    Meaning,
    Outcome,
    Reply,
    Sent,
    Stage,
    meaning,
    next_state,
)

NOW = datetime(2026, 6, 8, 3, tzinfo=UTC)
NOT_AFTER = NOW + timedelta(days=3)
CONNECT, MAIL, RCPT, DATA, AFTER = Stage


def reply(stage: Stage, said: str) -> Reply:
    """A reply as `550 5.1.1`, `421`, or nothing."""
    code, _, enhanced = said.partition(" ")
    return Reply(code=int(code or LOST), enhanced=enhanced, stage=stage)


def minutes(number: int) -> Deferred:
    return Deferred(NOW + timedelta(minutes=number))


HARD, SOFT, HALT, DOUBT = "hard", "soft", "halt", InDoubt(NOW + timedelta(minutes=10))
ROWS: list[tuple[str, list[Stage], str | Outcome]] = [
    # Nothing is lost and nothing is anybody's fault when a connection ends ...
    ("", [CONNECT, MAIL, RCPT, DATA], minutes(1)),
    # ... but after the dot nobody knows.
    ("", [AFTER], DOUBT),
    ("250 2.0.0", [AFTER], Sent()),
    ("250", [AFTER], Sent()),
    ("251", [AFTER], Sent()),
    # 421 says goodbye at any stage, 4yz says later.
    ("421", list(Stage), minutes(5)),
    ("421 4.7.0", list(Stage), minutes(5)),
    ("450 4.2.0", [MAIL, RCPT, DATA, AFTER], minutes(5)),
    ("451 4.3.0", [MAIL, RCPT, DATA, AFTER], minutes(5)),
    ("452 4.2.2", [RCPT, AFTER], minutes(5)),
    ("454 4.7.0", [CONNECT, RCPT], minutes(5)),
    ("432 4.3.21", [RCPT], minutes(5)),
    # The code decides: a server that says "later" of an unknown user means later.
    ("450 5.1.1", [RCPT], minutes(5)),
    # A queue's lifetime that is over says nothing about an address, though it is a 5yz.
    ("554 4.4.1", [RCPT, AFTER], minutes(5)),
    ("554 4.4.7", [RCPT, AFTER], minutes(5)),
    # The address is wrong or gone.
    ("550 5.1.1", [RCPT], HARD),
    ("550 5.1.2", [RCPT], HARD),
    ("550 5.1.3", [RCPT], HARD),
    ("551 5.1.6", [RCPT], HARD),
    ("556 5.1.10", [RCPT], HARD),
    ("550 5.2.1", [RCPT], HARD),
    # The mailbox cannot be reached; that may pass.
    ("550", [RCPT], SOFT),
    ("552 5.2.2", [RCPT], SOFT),
    ("550 5.2.0", [RCPT], SOFT),
    ("550 5.4.4", [RCPT], SOFT),
    ("550 5.5.0", [RCPT], SOFT),
    # The message or whoever sends it is unwelcome: not the reader's fault.
    ("550 5.7.1", [RCPT, DATA, AFTER], minutes(60)),
    ("550 5.7.515", [RCPT, AFTER], minutes(60)),
    ("554 5.7.1", [RCPT, DATA, AFTER], minutes(60)),
    ("554", [DATA, AFTER], minutes(60)),
    ("550 5.1.1", [DATA, AFTER], minutes(60)),
    ("552 5.3.4", [DATA, AFTER], minutes(60)),
    # Once a reader is named, what is said of the sender or the login keeps nobody else from their mail.
    ("550 5.1.7", [RCPT, DATA, AFTER], minutes(60)),
    ("550 5.1.8", [RCPT, DATA, AFTER], minutes(60)),
    ("530 5.7.0", [RCPT, DATA, AFTER], minutes(60)),
    ("530", [RCPT, DATA, AFTER], minutes(60)),
    ("534 5.7.9", [RCPT, DATA, AFTER], minutes(60)),
    ("535 5.7.8", [RCPT, DATA, AFTER], minutes(60)),
    ("538", [RCPT, DATA, AFTER], minutes(60)),
    # Nothing can be sent as things are set up.
    ("554", [CONNECT, MAIL], HALT),
    ("554 5.7.1", [CONNECT, MAIL], HALT),
    ("550 5.1.0", [MAIL], HALT),
    ("553 5.1.7", [MAIL], HALT),
    ("550 5.1.8", [MAIL], HALT),
    ("530 5.7.0", [CONNECT, MAIL], HALT),
    ("534 5.7.9", [CONNECT], HALT),
    ("535 5.7.8", [CONNECT, MAIL], HALT),
    ("538", [CONNECT, MAIL], HALT),
    # What has no business there is as good as a lost connection.
    ("250", [DATA], minutes(1)),
    ("354", [RCPT], minutes(1)),
    ("354", [AFTER], DOUBT),
]


@pytest.mark.parametrize(
    ("said", "stage", "expected"),
    [
        pytest.param(said, stage, expected, id=f"{said or 'lost'} at {stage}")
        for said, stages, expected in ROWS
        for stage in stages
    ],
)
def test_a_reply_has_one_consequence(said: str, stage: Stage, expected: str | Outcome) -> None:
    given_reply = reply(stage, said)
    named = {
        HARD: Failed(hard=True, reason=str(given_reply)),
        SOFT: Failed(hard=False, reason=str(given_reply)),
        HALT: Halt(str(given_reply)),
    }

    outcome = next_state(given_reply, 1, NOW, NOT_AFTER)

    assert outcome == (named[expected] if isinstance(expected, str) else expected)


def test_every_row_of_the_table_is_tried() -> None:
    tried = {
        next(row for row in TABLE if row.fits(reply(stage, said)))
        for said, stages, _ in ROWS
        for stage in stages
    }

    assert tried == set(TABLE)


CODES = st.one_of(st.just(LOST), st.integers(200, 599))
STATUSES = st.one_of(st.just(""), st.from_regex(r"[245]\.\d{1,3}\.\d{1,3}", fullmatch=True))
REPLIES = st.builds(Reply, code=CODES, enhanced=STATUSES, stage=st.sampled_from(Stage))


@given(REPLIES, st.integers(0, 100))
@pytest.mark.hypothesis
def test_only_a_refusal_of_the_reader_is_held_against_the_reader(said: Reply, attempts: int) -> None:
    outcome = next_state(said, attempts, NOW, NOT_AFTER)

    if isinstance(outcome, Failed):
        assert said.stage is RCPT
        assert said.code // 100 == 5
        assert not said.enhanced.startswith(("5.7.", "4."))
        assert not outcome.hard or said.enhanced.startswith("5.1.") or said.enhanced == "5.2.1"


@given(REPLIES, st.integers(0, 100))
@pytest.mark.hypothesis
def test_what_is_said_once_a_reader_was_named_never_halts_everybody_elses_mail(
    said: Reply, attempts: int
) -> None:
    if isinstance(next_state(said, attempts, NOW, NOT_AFTER), Halt):
        assert said.stage in {CONNECT, MAIL}


@given(REPLIES, st.integers(0, 100))
@pytest.mark.hypothesis
def test_only_a_positive_reply_to_the_whole_message_means_sent(said: Reply, attempts: int) -> None:
    is_sent = next_state(said, attempts, NOW, NOT_AFTER) == Sent()

    assert is_sent == (said.stage is AFTER and said.code // 100 == 2)


@given(REPLIES, st.integers(0, 100))
@pytest.mark.hypothesis
def test_a_message_is_in_doubt_only_after_its_last_dot(said: Reply, attempts: int) -> None:
    if isinstance(next_state(said, attempts, NOW, NOT_AFTER), InDoubt):
        assert said.stage is AFTER
        assert not said.is_refusal


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("451 4.3.0", [5, 15, 30, 60, 120, 240, 240, 240]),
        ("", [1, 2, 5, 15, 30, 60, 60, 60]),
        ("554 5.7.1", [60, 60, 60, 60, 60, 60, 60, 60]),
    ],
    ids=["later", "lost", "unwelcome"],
)
def test_each_attempt_waits_longer(said: str, waits: list[int]) -> None:
    outcomes = [next_state(reply(RCPT, said), attempts, NOW, NOT_AFTER) for attempts in range(1, 9)]

    assert outcomes == [minutes(each) for each in waits]


def test_a_message_in_doubt_is_repeated_seldom() -> None:
    outcomes = [next_state(reply(AFTER, ""), attempts, NOW, NOT_AFTER) for attempts in (1, 2, 3, 4, 5)]

    assert outcomes == [InDoubt(NOW + timedelta(minutes=each)) for each in (10, 60, 240, 240, 240)]


@pytest.mark.parametrize("said", ["451 4.3.0", "554 5.7.1", ""])
def test_it_fails_softly_when_the_next_attempt_would_be_too_late(said: str) -> None:
    given_reply = reply(AFTER, said)
    wait = {"451 4.3.0": 5, "554 5.7.1": 60, "": 10}[said]
    latest = NOW + timedelta(minutes=wait)

    assert not isinstance(next_state(given_reply, 1, NOW, latest), Failed)
    assert next_state(given_reply, 1, NOW, latest - timedelta(seconds=1)) == Failed(
        hard=False, reason=f"too late to try again: {given_reply}"
    )


def test_a_reply_is_shown_in_a_line() -> None:
    shown = [
        str(Reply(code=550, enhanced="5.1.1", text="no such user", stage=RCPT)),
        str(Reply(code=250, stage=AFTER)),
        str(Reply(code=LOST, text="timed out", stage=DATA)),
        str(Reply(code=WITHHELD, stage=DATA)),
    ]

    assert shown == [
        "550 5.1.1 to rcpt: no such user",
        "250 to after-data",
        "no reply to data: timed out",
        "withheld before data",
    ]


def test_every_meaning_is_in_the_table() -> None:
    assert {row.meaning for row in TABLE} == set(Meaning)
    assert meaning(reply(AFTER, "250")) is Meaning.SENT
