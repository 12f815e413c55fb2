"""What the text of a property means, and that nothing is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.ics import values
from publisher.ics.lines import read_lines
from publisher.ics.values import BadValue, Period

if TYPE_CHECKING:
    from collections.abc import Callable


def _local(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 -- local time is what is meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\, b\; c\\n", r"a, b; c\n"),
        (r"one\ntwo\Nthree", "one\ntwo\nthree"),
        (r"10\:00", "10:00"),
        ("a\\", "a\\"),
    ],
)
def test_a_text_is_unescaped(written: str, meant: str) -> None:
    assert values.text(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("a,b", ["a", "b"]), (r"a\,b,c", ["a,b", "c"]), ("", [""]), ("a,", ["a", ""]), (r"a\\,b", ["a\\", "b"])],
)
def test_texts_are_told_apart_by_bare_commas(written: str, meant: list[str]) -> None:
    assert values.texts(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("20260611", date(2026, 6, 11)),
        ("20260611T090000", _local(2026, 6, 11, 9)),
        ("20260611T040000Z", datetime(2026, 6, 11, 4, tzinfo=UTC)),
        ("20161231T235960Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_moment_is_a_day_a_local_time_or_one_in_utc(written: str, meant: date) -> None:
    assert values.moment(written) == meant


def test_a_list_of_moments_may_hold_periods() -> None:
    (line,), _ = read_lines(
        b"RDATE;VALUE=PERIOD:20260611T040000Z/PT1H,20260612T090000/20260612T100000\r\n",
    )

    assert values.moments(line) == [
        Period(datetime(2026, 6, 11, 4, tzinfo=UTC), length=timedelta(hours=1)),
        Period(_local(2026, 6, 12, 9), _local(2026, 6, 12, 10)),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("PT1H30M", timedelta(minutes=90)),
        ("P2W", timedelta(weeks=2)),
        ("-PT15M", timedelta(minutes=-15)),
        ("+P1DT2H", timedelta(days=1, hours=2)),
        ("PT0S", timedelta()),
    ],
)
def test_a_duration_is_a_length_of_time(written: str, meant: timedelta) -> None:
    assert values.duration(written) == meant


def test_a_rule_is_its_parts_in_their_order() -> None:
    parts = values.rule("freq=weekly;BYDAY=mo,-1FR;WKST=SU")

    assert list(parts.items()) == [("FREQ", "WEEKLY"), ("BYDAY", "MO,-1FR"), ("WKST", "SU")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+0500", timedelta(hours=5)),
        ("-0330", -timedelta(hours=3, minutes=30)),
        ("+010203", timedelta(seconds=3723)),
    ],
)
def test_an_offset_is_how_far_clocks_are_ahead(written: str, meant: timedelta) -> None:
    assert values.utc_offset(written) == meant


def test_a_place_is_two_numbers() -> None:
    assert values.geo("43.2389;-76.8897") == (43.2389, -76.8897)


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (values.moment, each)
        for each in (
            "",
            "20260230",
            "20260611T240000",
            "2026-06-11",
            "20260611 ",
            "00000101",
            "20260611T0900",
            "٢٠٢٦٠٦١١",
        )
    ]
    + [(values.period, each) for each in ("20260611T040000Z", "20260611/P1D", "20260611T040000Z/-PT1H")]
    + [
        (values.duration, each)
        for each in ("", "P", "PT", "P1DT", "1H", "P1M", "P1W1D", "P" + "9" * 5000 + "D")
    ]
    + [(values.rule, each) for each in ("", "DAILY", "FREQ=", "FREQ=DAILY;", "FREQ=DAILY;FREQ=DAILY")]
    + [(values.utc_offset, each) for each in ("", "0500", "+5", "+05:00", "-0000", "+2400", "+0060")]
    + [(values.geo, each) for each in ("", "1,2", "1;2;3", "91;0", "0;181", "nan;0", "inf;0")],
)
def test_what_is_no_value_is_refused_with_a_hint(read: Callable[[str], object], written: str) -> None:
    with pytest.raises(BadValue) as caught:
        read(written)

    assert caught.value.hint
    assert str(caught.value).startswith("expected ")


@given(st.text())
def test_no_text_is_too_bad_to_be_refused(written: str) -> None:
    for read in (values.moment, values.period, values.duration, values.rule, values.utc_offset, values.geo):
        try:
            read(written)
        except BadValue as bad:
            assert str(bad)  # noqa: PT017 -- that it is this one is what is promised
    assert isinstance(values.text(written), str)
    assert values.texts(written)
