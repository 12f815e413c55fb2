"""What a value of a feed means, and in which words it is told that it is none."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.syndication.languages import language_fault
from publisher.syndication.values import (
    BadValue,
    address_fault,
    count_fault,
    identity_fault,
    media_type_fault,
    rfc_822,
    rfc_3339,
    scheme_of,
    to_utc,
    w3c,
)


@pytest.mark.parametrize("read", [rfc_3339, w3c])
def test_a_time_is_the_moment_that_it_tells(read: object) -> None:
    assert to_utc(read("2026-11-20T09:00:00.25+05:00")) == datetime(2026, 11, 20, 4, 0, 0, 250_000, UTC)
    assert to_utc(read("2026-11-20T09:00:00-00:00")) == datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_a_leap_second_is_told_as_the_second_before_it() -> None:
    assert rfc_3339("2016-12-31T23:59:60Z") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"), [("2026", (2026, 1, 1)), ("2026-11", (2026, 11, 1)), ("2026-11-20", (2026, 11, 20))]
)
def test_a_day_of_dublin_core_begins_at_midnight(text: str, moment: tuple[int, int, int]) -> None:
    assert w3c(text) == datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-20T09:00:00", "it has no offset from UTC"),
        ("2026-11-20", "it has no time of day"),
        ("2026-11-20 09:00:00Z", "T and Z are capital letters without a blank"),
        ("\n2026-11-20T09:00:00Z", "there are blanks around it"),
    ],
)
def test_a_time_that_is_nearly_one_is_told_with_what_it_lacks(text: str, why: str) -> None:
    with pytest.raises(BadValue, match=f": {re.escape(why)}$"):
        rfc_3339(text)


@pytest.mark.parametrize(
    "text",
    ["2026-02-29T09:00:00Z", "2026-11-20T09:60:00Z", "2026-11-20T09:00:00+05:60", "0000-01-01T00:00:00Z"],
)
def test_a_time_that_there_is_not_is_none(text: str) -> None:
    with pytest.raises(BadValue, match=r"^expected "):
        rfc_3339(text)


def test_years_of_two_digits_are_of_the_nearer_century() -> None:
    assert (rfc_822("1 Jan 49 00:00 GMT").year, rfc_822("1 Jan 50 00:00 GMT").year) == (2049, 1950)


@pytest.mark.parametrize(
    ("zone", "hour"), [("GMT", 9), ("UT", 9), ("Z", 9), ("EST", 14), ("PDT", 16), ("+0500", 4), ("-0330", 12)]
)
def test_zones_of_rss_are_offsets_and_a_few_names(zone: str, hour: int) -> None:
    assert to_utc(rfc_822(f"Fri, 20 Nov 2026 09:00:00 {zone}")).hour == hour


def test_a_moment_beyond_the_calendar_is_at_its_end() -> None:
    assert to_utc(rfc_3339("0001-01-01T00:00:00+05:00")) == datetime(1, 1, 1, tzinfo=UTC)
    assert to_utc(rfc_3339("9999-12-31T23:59:59-05:00")).year == 9999


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/", "https://пример.kz/күн?а=б#в", "mailto:info@example.org", "urn:isbn:0",
        "../a", "//example.org/", "https://[2001:db8::1]:8443/", "?page=2", "#top", "",
    ],
)  # fmt: skip
def test_an_address_is_relative_or_absolute(text: str) -> None:
    assert address_fault(text) == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("https://example.org/a b", "expected an address without blanks"),
        ("https://example.org/a\nb", "expected an address without blanks"),
        ("https://example.org/<b>", "expected an address without the character U+003C"),
        ("https://example.org/100%", "expected two hexadecimal digits after each %"),
        ("https:example.org", "expected an address with a host"),
        ("http://example.org:port/", "expected an address, got"),
        (" https://example.org/", "expected an address without blanks around it"),
    ],
)
def test_what_is_amiss_with_an_address_is_told(text: str, message: str) -> None:
    assert address_fault(text).startswith(message)


def test_an_address_has_its_scheme_in_small_letters() -> None:
    assert (scheme_of("HTTPS://example.org"), scheme_of("a/b:c"), scheme_of("//x")) == ("https", "", "")


@pytest.mark.parametrize(
    "text",
    [
        "tag:example.org,2026:a",
        "tag:a@b.org,2026-11:",
        "urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6",
        "x:y",
    ],
)
def test_an_identity_is_absolute(text: str) -> None:
    assert identity_fault(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "/a",
        "tag:example.org,26:a",
        "tag:example.org,2026-02-30:a",
        "tag:,2026:a",
        "urn:a",
        "urn:x:",
        "urn:uuid:x",
    ],
)
def test_what_is_no_identity_is_told(text: str) -> None:
    assert identity_fault(text).startswith("expected ")


@pytest.mark.parametrize(
    "text", ["text/html", "image/svg+xml", 'text/plain; charset="utf-8"', "application/vnd.a-b.c+json;v=1"]
)
def test_a_media_type_has_two_parts(text: str) -> None:
    assert media_type_fault(text) == ""


@pytest.mark.parametrize(
    "text", ["", "html", "text/", "/html", "text/html/x", "text html", "text/html; charset"]
)
def test_what_is_no_media_type_is_told(text: str) -> None:
    assert media_type_fault(text).startswith("expected a media type")


def test_a_length_is_a_number_of_octets() -> None:
    assert [bool(count_fault(text)) for text in ("0", "24000", "", "-1", "1e3", "2 kB", "٣")] == [
        False,
        False,
        *[True] * 5,
    ]


@pytest.mark.parametrize(
    "tag",
    [
        "kk",
        "ru-KZ",
        "EN-gb",
        "zh-Hans-CN",
        "sl-rozaj-1994",
        "de-DE-u-co-phonebk",
        "x-ours",
        "i-klingon",
        "ast",
    ],
)
def test_a_language_has_a_tag(tag: str) -> None:
    assert language_fault(tag) == ("", "")


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("kz", "write 'kk' if that is meant: 'kz' is no language"),
        ("ua-UA", "write 'uk' if that is meant: 'ua' is no language"),
        ("en-UK", "write 'GB' if that is meant: 'UK' is no country"),
        ("pt_BR", "write 'pt-BR'"),
        ("english", ""),
        ("e", ""),
        ("", ""),
        ("x" * 10_000, ""),
    ],
)
def test_what_is_no_language_is_told_with_what_may_be_meant(tag: str, hint: str) -> None:
    message, got = language_fault(tag)

    assert message.startswith("expected ")
    assert got == hint


def _read(read: object, text: str) -> datetime | str:
    try:
        return read(text)
    except BadValue as error:
        return str(error)


@given(st.text(max_size=40))
def test_any_text_is_a_value_or_told_in_words(text: str) -> None:
    moments = [_read(read, text) for read in (rfc_3339, rfc_822, w3c)]
    faults = [fault(text) for fault in (address_fault, identity_fault, media_type_fault, count_fault)]

    assert all(isinstance(each, datetime) or each.startswith("expected ") for each in moments)
    assert all(not each or each.startswith("expected ") for each in (*faults, language_fault(text)[0]))
