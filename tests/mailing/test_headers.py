"""Header fields on the wire: every mail program reads what was meant, however long and in whatever script."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publisher.mailing import headers
from publisher.mailing.headers import BadHeader

from .header_values import ENCODED_WORD, FAMILY, KAZAKH, TITLES, displayed_name

pytestmark = pytest.mark.hypothesis

PATHS = st.text(st.sampled_from("abcXYZ019-._~/%&=+,;:!*'()?#[]@$"), max_size=900)


def parsed(field: str, name: str) -> str:
    """What the standard library's parser reads in a message with this field."""
    message = message_from_bytes(f"{field}\r\n".encode("ascii"), policy=policy.default)
    assert message.keys() == [name]
    assert not message[name].defects
    return str(message[name])


def assert_sound(field: str) -> None:
    """A field as it may go on the wire."""
    assert field.isascii()
    assert field.endswith("\r\n")
    lines = field[:-2].split("\r\n")
    assert not any("\r" in line or "\n" in line for line in lines)
    assert all(line.startswith(" ") and line.strip() for line in lines[1:])
    for word in ENCODED_WORD.findall(field):
        assert len(word) <= 75
    for number, line in enumerate(lines):
        # A line can be long only where nothing could be folded: one word after the name or the blank.
        words = line.split(" ")[1:] if number == 0 else line[1:].split(" ")
        assert len(line) <= (76 if ENCODED_WORD.search(line) else 78) or len(words) == 1
        assert len(line) <= 998


@given(TITLES)
@example(KAZAKH * 8)
@example(FAMILY * 40)
@example("=?utf-8?q?not_encoded?=")
@example(" begins and ends with a blank ")
@example("two  blanks")
@example("A" * 300)
@example("one " * 80 + "end")
@example('"Quotes" and \\ backslashes')
@example("e\u0301 combining, \u200b no width, \u00ad soft hyphen, \xa0")
def test_a_subject_is_read_as_it_was_written(title: str) -> None:
    field = headers.text("Subject", title)

    assert_sound(field)
    assert all(len(line) <= 78 for line in field.split("\r\n"))
    assert parsed(field, "Subject") == title


@given(TITLES)
@example(KAZAKH * 8)
@example("Academic Cooperation, Kazakhstan (ACK)")
@example('The "Best" \\ Site')
@example("Association of Universities " * 6 + "end")
@example("news@example.org")
@example("=?utf-8?q?not_encoded?=")
def test_a_senders_name_is_read_as_it_was_written_and_its_address_is_untouched(title: str) -> None:
    field = headers.named("From", title, "digest@news.example.org")

    assert_sound(field)
    assert all(len(line) <= 78 for line in field.split("\r\n"))
    assert "<digest@news.example.org>" in field
    message = message_from_bytes(f"{field}\r\n".encode("ascii"), policy=policy.default)
    assert not message["From"].defects
    assert [address.addr_spec for address in message["From"].addresses] == ["digest@news.example.org"]
    assert displayed_name(field.partition(": ")[2]) == title


@given(TITLES)
@example(KAZAKH * 8)
def test_the_id_of_a_list_stands_in_brackets_whatever_its_title(title: str) -> None:
    field = headers.named("List-Id", title, "weekly.news.example.org")

    assert_sound(field)
    assert field.endswith("<weekly.news.example.org>\r\n")
    assert ENCODED_WORD.sub("", field).count("<weekly.news.example.org>") == 1


@given(PATHS, st.sampled_from(["", "?subject=unsubscribe%20TOKEN"]))
@example("unsubscribe/" + "t" * 300, "?subject=unsubscribe%20" + "t" * 52)
def test_links_are_never_encoded_and_never_broken(path: str, query: str) -> None:
    web, mail = f"https://news.example.org/{path}", f"mailto:editors@news.example.org{query}"
    field = headers.uris("List-Unsubscribe", web, mail)

    assert_sound(field)
    assert re.sub(r"\r\n ", " ", field) == f"List-Unsubscribe: <{web}>, <{mail}>\r\n"
    assert f"<{web}>" in field
    assert f"<{mail}>" in field


@given(st.timedeltas(timedelta(0), timedelta(days=36_500)), st.integers(-14 * 60, 14 * 60))
def test_a_date_is_the_same_instant_in_utc(after: timedelta, minutes: int) -> None:
    instant = (datetime(1990, 1, 1, tzinfo=UTC) + after).astimezone(timezone(timedelta(minutes=minutes)))
    field = headers.date("Date", instant)

    assert_sound(field)
    assert field.endswith(" +0000\r\n")
    message = message_from_bytes(f"{field}\r\n".encode("ascii"), policy=policy.default)
    assert message["Date"].datetime == instant.replace(microsecond=0).astimezone(UTC)


def test_names_in_plain_ascii_stay_readable() -> None:
    fields = [
        headers.text("Subject", "IAUP: moved to 12-14 June"),
        headers.named("From", "Academic Cooperation Kazakhstan", "digest@news.example.org"),
        headers.named("From", "Academic Cooperation, Kazakhstan", "digest@news.example.org"),
        headers.token("Message-ID", "<a@b>"),
        headers.date("Date", datetime(2026, 6, 8, 3, tzinfo=UTC)),
    ]

    assert fields == [
        "Subject: IAUP: moved to 12-14 June\r\n",
        "From: Academic Cooperation Kazakhstan <digest@news.example.org>\r\n",
        'From: "Academic Cooperation, Kazakhstan" <digest@news.example.org>\r\n',
        "Message-ID: <a@b>\r\n",
        "Date: Mon, 08 Jun 2026 03:00:00 +0000\r\n",
    ]


def test_encoded_words_end_between_words_where_they_can() -> None:
    field = headers.named("From", KAZAKH, "digest@news.example.org")
    pieces = [str(make_header([decode_header(word)[0]])) for word in ENCODED_WORD.findall(field)]

    assert pieces == ["Қазақстанның ", "академиялық ", "ынтымақтастығы"]


def test_a_token_is_never_folded() -> None:
    value = f"<{'a' * 200}@news.example.org>"

    assert headers.token("Message-ID", value) == f"Message-ID: {value}\r\n"


@pytest.mark.parametrize(
    "break_", ["\r", "\n", "\r\n", "\x00", "\x0b", "\x0c", "\x85", "\u2028", "\u202e", "\x7f"]
)
@pytest.mark.parametrize(
    "write",
    [
        lambda value: headers.text("Subject", value),
        lambda value: headers.named("From", value, "digest@news.example.org"),
        lambda value: headers.named("From", "News", value),
        lambda value: headers.uris("List-Unsubscribe", "https://news.example.org/", value),
        lambda value: headers.token("Message-ID", value),
        lambda value: headers.token(value, "value"),
    ],
    ids=["text", "name", "address", "link", "token", "field"],
)
def test_nothing_can_begin_a_field_of_its_own(write, break_: str) -> None:
    with pytest.raises(BadHeader):
        write(f"a{break_}Bcc: everybody@example.org")


@pytest.mark.parametrize("value", ["", "a b@example.org", "<a@example.org>", "info@қаз.kz", "a@b>,<c@d"])
def test_an_address_that_would_need_encoding_is_refused(value: str) -> None:
    with pytest.raises(BadHeader):
        headers.named("From", "News", value)
    with pytest.raises(BadHeader):
        headers.uris("List-Unsubscribe", value)


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(BadHeader, match="expected text, got none"):
        headers.text("Subject", "")
    with pytest.raises(BadHeader, match="longer than 998"):
        headers.uris("List-Unsubscribe", f"https://news.example.org/{'a' * 1000}")
    with pytest.raises(BadHeader, match="aware"):
        headers.date("Date", datetime(2026, 6, 8, tzinfo=UTC).replace(tzinfo=None))
    with pytest.raises(BadHeader, match="U\\+D800"):
        headers.text("Subject", "\ud800")
