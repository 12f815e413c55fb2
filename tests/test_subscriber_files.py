"""A file of subscribers is read as spreadsheets write it, and what it says never overrules a reader."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.diagnostics import Diagnostic, Span
from publisher.mailing.addresses import Address
from publisher.model.mailing import Interests, Subscription, SubscriptionState
from publisher.subscriber_files.cells import Rules
from publisher.subscriber_files.columns import guarded, unguarded
from publisher.subscriber_files.decisions import Known, decide
from publisher.subscriber_files.lines import ENCODING, ON_ERROR, Line, read_lines

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
READER = 7
RULES = Rules(
    languages=("en", "ru", "kk"),
    default_language="en",
    timezone="Asia/Almaty",
    lists=("weekly", "monthly"),
    ids={"topics": {"water"}, "organisations": {"ministry"}, "events": {"forum"}},
    now=NOW,
)
HEADER = "email,language,lists,topics,timezone,consent_source,consent_date"


def read(data: str | bytes, **rules: Any) -> list[Line | Diagnostic]:
    """What a file of these bytes says."""
    raw = data if isinstance(data, bytes) else data.encode()
    text = io.TextIOWrapper(io.BytesIO(raw), ENCODING, ON_ERROR, newline="")
    return list(read_lines(text, "readers.csv", RULES.__class__(**{**vars(RULES), **rules})))


def lines(data: str | bytes, **rules: Any) -> list[Line]:
    return [each for each in read(data, **rules) if isinstance(each, Line)]


def told(data: str | bytes, **rules: Any) -> list[str]:
    """Where which findings are."""
    return [f"{each.span} {each.code}" for each in read(data, **rules) if isinstance(each, Diagnostic)]


# How a line is read


def test_a_line_is_a_reader_with_lists_interests_and_consent() -> None:
    text = (
        "email,language,lists,topics,organisations,events,timezone,consent_source,consent_date\n"
        "Ann@Example.org,kk,weekly;monthly,water,ministry,forum,Europe/Berlin,form at the fair,2026-01-02\n"
    )

    assert read(text) == [
        Line(
            span=Span("readers.csv", 2, 1),
            address=Address("Ann@example.org", "ann@example.org"),
            language="kk",
            timezone="Europe/Berlin",
            lists=("monthly", "weekly"),
            interests=Interests(topics=("water",), organisations=("ministry",), events=("forum",)),
            consent_source="form at the fair",
            consent_at=datetime(2026, 1, 1, 19, tzinfo=UTC),  # that day begins in Almaty
            state=SubscriptionState.CONFIRMED,
        )
    ]


def test_what_is_left_empty_is_what_the_site_has_by_default() -> None:
    (line,) = lines("consent_source,email\nfair,ann@example.org\n")

    assert (line.language, line.timezone, line.lists) == ("en", "Asia/Almaty", ("weekly",))
    assert not line.interests
    assert line.consent_at is None


@pytest.mark.parametrize(
    "data",
    [
        b"email,consent_source,lists\nann@example.org,fair,weekly;monthly\n",
        b"\xef\xbb\xbfemail,consent_source,lists\nann@example.org,fair,weekly;monthly\n",
        b'email;consent_source;lists\r\nann@example.org;fair;"weekly;monthly"\r\n',
        b"email;consent_source;lists\r\nann@example.org;fair;weekly,monthly\r\n",
        b"email\tconsent_source\tlists\rann@example.org\tfair\tweekly;monthly\r",
        b'"Email", CONSENT_SOURCE ,lists\n ann@example.org , fair , weekly ; monthly \n\n,,\n',
        b"email,consent_source,lists,,\nann@example.org,fair,weekly;monthly,,\n",
        b"email,consent_source,lists\nann@example.org,fair,weekly;monthly;weekly;",
        "email,consent_source,lists\n\uff41nn@example.org,fair,weekly;monthly\n".encode(),
    ],
    ids=[
        "commas", "byte order mark", "Excel in Europe", "commas within semicolons", "tabs and CR",
        "blanks and empty lines", "cells without a name", "twice the same", "full width",
    ],
)  # fmt: skip
def test_what_spreadsheets_write_is_taken_as_it_comes(data: bytes) -> None:
    (line,) = [each for each in read(data) if isinstance(each, Line) or each.is_error]

    assert isinstance(line, Line)
    assert line.address.key == "ann@example.org"
    assert line.lists == ("monthly", "weekly")


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-20", "2026-11-19T19:00:00+00:00"),
        ("20.11.2026", "2026-11-19T19:00:00+00:00"),
        ("1.2.2026", "2026-01-31T19:00:00+00:00"),
        ("20.11.2026 9:30", "2026-11-20T04:30:00+00:00"),
        ("2026-11-20 09:30", "2026-11-20T04:30:00+00:00"),
        ("2026-11-20T09:30:05", "2026-11-20T04:30:05+00:00"),
        ("2026-11-20T09:30:00Z", "2026-11-20T09:30:00+00:00"),
        ("2026-11-20T09:30:00+01:00", "2026-11-20T08:30:00+00:00"),
    ],
)
def test_a_consent_is_dated_as_people_date(written: str, instant: str) -> None:
    (line,) = lines(f"email,consent_source,consent_date\nann@example.org,fair,{written}\n")

    assert line.consent_at == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "written", ["2026-02-30", "yesterday", "11/20/2026", "2026", "0001-01-01", "2027-01-01"]
)
def test_a_day_that_is_none_or_has_not_come_is_no_consent(written: str) -> None:
    assert told(f"email,consent_source,consent_date\nann@example.org,fair,{written}\n") == [
        "readers.csv:2:22 invalid-date"
    ]


# What is wrong is told, and nothing else is lost


def test_everything_that_is_wrong_with_a_line_is_told_at_once_and_where() -> None:
    text = f"{HEADER}\nann@@example.org,de,weekli,wine,Almaty,,31.02.2026\nbob@example.org,,,,,fair,\n"

    assert told(text) == [
        "readers.csv:2:1 invalid-email",
        "readers.csv:2:18 unknown-language",
        "readers.csv:2:21 unknown-list",
        "readers.csv:2:28 unknown-topic",
        "readers.csv:2:33 unknown-timezone",
        "readers.csv:2:40 missing-consent",
        "readers.csv:2:41 invalid-date",
    ]
    assert [line.address.key for line in lines(text)] == ["bob@example.org"]


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "a@b@c.org", "ann@", "@example.org", "ann@example", "<ann@example.org>",
        "Ann <ann@example.org>", "-oQx@example.org",
        '"a b"@example.org', "ann@[127.0.0.1]", "\u04e9\u0437\u0433@example.org",
        "ann @example.org", "ann@example.org\u2028", "ann@exa\u0000mple.org", f"{'a' * 65}@example.org",
        f"ann@{'a' * 300}.org", "x" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_told_and_never_imported(address: str) -> None:
    quoted = address.replace('"', '""')

    found = read(f'email,consent_source\n"{quoted}",fair\nbob@example.org,fair\n')

    assert [each.address.key for each in found if isinstance(each, Line)] == ["bob@example.org"]
    assert {each.span.line for each in found if isinstance(each, Diagnostic)} == {2}


def test_a_confirmed_import_wants_to_know_when_in_every_line() -> None:
    text = f"{HEADER}\nann@example.org,,,,,fair,\nbob@example.org,,,,,fair,2026-01-01\n"

    assert told(text) == []
    assert told(text, confirmed=True) == ["readers.csv:2:26 missing-consent"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("lists", ["readers.csv:1:1 missing-column", "readers.csv:1:1 missing-column"]),
        ("email,lists", ["readers.csv:1:1 missing-column"]),
        ("email,consent_source,email", ["readers.csv:1:22 duplicate-column"]),
        ("ann@example.org,fair", ["readers.csv:1:1 missing-column"] * 2),
        ("", ["readers.csv:1:1 missing-column"] * 2),
    ],
)
def test_without_the_columns_that_must_be_there_nothing_is_imported(header: str, expected: list[str]) -> None:
    found = read(f"{header}\nann@example.org,fair,x\n")

    assert [
        f"{each.span} {each.code}" for each in found if isinstance(each, Diagnostic) and each.is_error
    ] == expected
    assert not [each for each in found if isinstance(each, Line)]


def test_a_column_that_nobody_reads_is_told_and_does_no_harm() -> None:
    text = "name,email,langauge,consent_source\nAnn,ann@example.org,kk,fair\n"

    assert told(text) == ["readers.csv:1:1 unknown-column", "readers.csv:1:12 unknown-column"]
    assert [line.language for line in lines(text)] == ["en"]


def test_a_line_with_cells_too_many_is_not_guessed_at() -> None:
    text = "email,consent_source\nann@example.org,fair, 2026\nbob@example.org,fair\n"

    assert told(text) == ["readers.csv:2:1 uneven-line"]
    assert [line.address.key for line in lines(text)] == ["bob@example.org"]


@pytest.mark.parametrize("lines_after", [1, 19, 100])
def test_a_forgotten_quotation_mark_costs_its_own_line_only(lines_after: int) -> None:
    others = "".join(f"reader{number}@example.org,fair\n" for number in range(lines_after))

    text = f'email,consent_source\nann@example.org,"fair\n{others}'

    assert told(text) == ["readers.csv:2:1 invalid-csv"]
    assert [line.span.line for line in lines(text)] == list(range(3, lines_after + 3))


def test_a_cell_may_go_over_several_lines_and_lines_are_counted_on() -> None:
    text = 'email,consent_source\nann@example.org,"fair,\n""hall B"""\nbob@example.org\n'

    assert told(text) == ["readers.csv:4:17 missing-consent"]
    assert [line.consent_source for line in lines(text)] == ['fair, "hall B"']


def test_another_encoding_is_told_where_it_shows_and_costs_its_own_lines_only() -> None:
    text = "email,consent_source\nann@example.org,ярмарка\nbob@example.org,fair\n".encode("cp1251")

    assert told(text) == ["readers.csv:2:17 not-utf-8"]
    assert [line.address.key for line in lines(text)] == ["bob@example.org"]


def test_a_file_in_utf_16_is_told_at_its_first_byte() -> None:
    assert (
        told("email,consent_source\nann@example.org,fair\n".encode("utf-16"))[0]
        == "readers.csv:1:1 not-utf-8"
    )


def test_ids_are_not_judged_before_anything_is_released() -> None:
    (line,) = lines(f"{HEADER}\nann@example.org,,,wine,,fair,\n", ids=None)

    assert line.interests == Interests(topics=("wine",))


@given(st.text(max_size=200))
def test_no_text_whatever_is_more_than_findings(text: str) -> None:
    for each in read(f"email,consent_source\n{text}".encode(errors="surrogatepass")):
        assert isinstance(each, Line | Diagnostic)


# Formulas


@given(st.text(max_size=20))
def test_a_cell_is_never_a_formula_and_comes_back_as_it_was(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(text)) == text or text.startswith("'")


# What a line means for a reader who is known


def line(state: str = "confirmed", lists: tuple[str, ...] = ("weekly",), days_ago: int | None = 10) -> Line:
    return Line(
        span=Span("readers.csv", 2),
        address=Address("ann@example.org", "ann@example.org"),
        language="kk",
        timezone="Asia/Almaty",
        lists=lists,
        interests=Interests(topics=("water",)),
        consent_source="fair",
        consent_at=None if days_ago is None else NOW - days_ago * DAY,
        state=SubscriptionState(state),
    )


def place(state: str, days_ago: int = 5, source: str = "fair") -> Known:
    before = Subscription(
        subscriber=READER,
        list="weekly",
        state=SubscriptionState(state),
        told_until=NOW - days_ago * DAY,
        consent_source=source,
        changed=NOW - days_ago * DAY,
    )
    return Known(subscriptions={"weekly": before})


def decided(given_line: Line, known: Known, *, confirmed: bool) -> list[str]:
    """The state that a subscription gets, or the code of a finding."""
    found = decide(given_line, known, READER, confirmed=confirmed, now=NOW)
    return [each.code if isinstance(each, Diagnostic) else str(each.state) for each in found]


def test_a_new_reader_gets_their_first_issue_as_everybody_does() -> None:
    (made,) = decide(line(), Known(), READER, confirmed=True, now=NOW)

    assert made == Subscription(
        subscriber=READER,
        list="weekly",
        state=SubscriptionState.CONFIRMED,
        interests=Interests(topics=("water",)),
        told_until=None,
        consent_source="fair",
        consent_at=NOW - 10 * DAY,
        changed=NOW,
    )


@pytest.mark.parametrize(
    ("before", "confirmed", "expected"),
    [
        (None, True, ["confirmed"]),
        (None, False, ["unconfirmed"]),
        ("unconfirmed", True, ["confirmed"]),
        ("unconfirmed", False, []),
        ("confirmed", True, []),
        ("confirmed", False, []),
        ("paused", True, []),
        ("paused", False, []),
        ("unsubscribed", True, ["unsubscribed-address"]),
        ("unsubscribed", False, ["unsubscribed-address"]),
    ],
)
def test_an_import_adds_and_never_overrules_a_reader(
    before: str | None, *, confirmed: bool, expected: list[str]
) -> None:
    assert decided(line(), place(before) if before else Known(), confirmed=confirmed) == expected


def test_who_has_signed_up_on_the_page_is_not_confirmed_by_somebody_else() -> None:
    assert decided(line(), place("unconfirmed", source="web"), confirmed=True) == []


@pytest.mark.parametrize(
    ("days_ago", "confirmed", "expected"),
    [
        (4, True, "confirmed"),
        (5, True, "unsubscribed-address"),  # in the same second: the leave wins
        (6, True, "unsubscribed-address"),
        (None, True, "unsubscribed-address"),
        (4, False, "unsubscribed-address"),
    ],
)
def test_who_left_comes_back_only_by_a_consent_that_is_later(
    days_ago: int | None, *, confirmed: bool, expected: str
) -> None:
    assert decided(line(days_ago=days_ago), place("unsubscribed"), confirmed=confirmed) == [expected]


@pytest.mark.parametrize("confirmed", [True, False])
def test_nothing_is_done_about_a_suppressed_address(*, confirmed: bool) -> None:
    assert decided(line(), Known(suppressed="complaint"), confirmed=confirmed) == ["suppressed-address"]


@pytest.mark.parametrize(
    ("there", "confirmed", "expected"),
    [
        ("confirmed", True, ["confirmed"]),
        ("paused", True, ["paused"]),
        ("unsubscribed", True, ["unsubscribed"]),
        ("unconfirmed", True, []),
        ("confirmed", False, ["unconfirmed"]),
        ("paused", False, ["unconfirmed"]),
        ("unsubscribed", False, ["unsubscribed"]),
        ("unconfirmed", False, ["unconfirmed"]),
    ],
)
def test_how_a_reader_stood_where_the_file_was_exported_is_respected(
    there: str, *, confirmed: bool, expected: list[str]
) -> None:
    assert decided(line(state=there), Known(), confirmed=confirmed) == expected


def test_each_list_of_a_line_is_decided_for_itself() -> None:
    assert decided(line(lists=("monthly", "weekly")), place("confirmed"), confirmed=True) == ["confirmed"]
