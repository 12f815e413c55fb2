"""Tokens: only who has a key makes one, and each is good for what it was made for and nothing else."""

import base64
import random
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.mailing.tokens import (
    PREFERENCES,
    TOKEN_LENGTH,
    UNSUBSCRIBE,
    Keys,
    MissingKey,
    Purpose,
    Token,
    address_tag,
    list_tag,
    read,
    request_tag,
    sign,
)
from publisher.model.mailing import Interests

NOW = datetime(2026, 6, 8, 3, tzinfo=UTC)
OLD = bytes(range(32))
NEW = bytes(range(100, 132))
KEYS = Keys({1: OLD}, 1)
ROTATED = Keys({1: OLD, 2: NEW}, 2)
ALPHABET = string.ascii_letters + string.digits + "-_"
READER = 7_482_916_350_127_764_481
TAG = list_tag("weekly")


def leave(keys: Keys = KEYS) -> str:
    return sign(keys, Purpose.UNSUBSCRIBE, subscriber=READER, tag=TAG)


def is_taken(token: str, purpose: Purpose = Purpose.UNSUBSCRIBE, keys: Keys = KEYS) -> bool:
    return read(keys, token, purpose, NOW) is not None


def test_a_token_says_what_was_signed() -> None:
    expires = datetime(2026, 6, 15, 3, tzinfo=UTC)
    token = sign(KEYS, Purpose.CONFIRM, subscriber=READER, version=513, tag=TAG, expires=expires)

    assert read(KEYS, token, Purpose.CONFIRM, NOW) == Token(
        purpose=Purpose.CONFIRM, subscriber=READER, version=513, tag=TAG, expires=expires, expired=False
    )


@given(
    purpose=st.sampled_from(Purpose),
    subscriber=st.integers(0, 2**64 - 1),
    version=st.integers(0, 65_535),
    tag=st.binary(min_size=8, max_size=8),
    key=st.binary(min_size=32, max_size=64),
    key_id=st.integers(0, 255),
)
def test_every_token_is_one_word_of_one_length_and_says_what_was_signed(
    purpose, subscriber, version, tag, key, key_id
) -> None:
    keys = Keys({key_id: key}, key_id)
    token = sign(keys, purpose, subscriber=subscriber, version=version, tag=tag)
    said = read(keys, token, purpose, NOW)

    assert len(token) == TOKEN_LENGTH == 52
    assert set(token) <= set(ALPHABET)
    assert said is not None
    assert (said.purpose, said.subscriber, said.version, said.tag) == (purpose, subscriber, version, tag)


def test_a_token_is_the_same_each_time_so_that_a_repeated_message_is() -> None:
    assert leave() == leave()
    assert leave(ROTATED) != leave()
    assert sign(ROTATED, Purpose.UNSUBSCRIBE, subscriber=READER, tag=TAG, key_id=1) == leave()


def test_every_flipped_bit_is_refused() -> None:
    data = base64.urlsafe_b64decode(leave())
    flipped = [
        base64.urlsafe_b64encode((int.from_bytes(data) ^ 1 << bit).to_bytes(len(data))).decode()
        for bit in range(len(data) * 8)
    ]

    assert len(flipped) == 312
    assert [token for token in flipped for purpose in Purpose if is_taken(token, purpose)] == []


def test_every_other_character_in_every_place_is_refused() -> None:
    token = leave()
    others = [
        token[:n] + other + token[n + 1 :]
        for n in range(TOKEN_LENGTH)
        for other in {*ALPHABET, *"+/=~ \n\0é\u2028"} - {token[n]}
    ]

    assert len(others) == TOKEN_LENGTH * (63 + 9)
    assert [other for other in others if is_taken(other)] == []


@pytest.mark.parametrize(
    "spoil",
    [
        str.upper,
        str.lower,
        str.swapcase,
        lambda token: token[:-1],
        lambda token: token[1:],
        lambda token: token + "=",
        lambda token: token + "\n",
        lambda token: "\n" + token,
        lambda token: token + token[-1],
        lambda token: token[::-1],
        lambda token: token[:26] + "\r\n" + token[26:],
        lambda token: token.replace(token[0], "\uff21", 1),
        lambda _: "A" * TOKEN_LENGTH,
        lambda _: "",
        lambda _: "\ud800" * TOKEN_LENGTH,
        lambda token: token + "A" * (1 << 20),
        lambda _: "A" * (1 << 20),
    ],
)
def test_a_spoilt_token_is_refused(spoil) -> None:
    assert is_taken(leave())
    assert not is_taken(spoil(leave()))


def test_what_stands_in_a_digest_for_tokens_is_never_a_token() -> None:
    for placeholder in (PREFERENCES, UNSUBSCRIBE):
        assert len(placeholder) == TOKEN_LENGTH
        assert set(placeholder) <= set(string.ascii_uppercase + "-")
        # The first byte of a token is its purpose; none has what a placeholder begins with.
        assert base64.urlsafe_b64decode(placeholder)[0] not in {1, 2, 3, 4, 5}
        assert not any(is_taken(placeholder, purpose) for purpose in Purpose)
    assert PREFERENCES != UNSUBSCRIBE


def test_ten_thousand_random_strings_are_refused() -> None:
    draw = random.Random(20260608)  # noqa: S311 -- the same guesses each time
    guesses = ["".join(draw.choices(ALPHABET, k=TOKEN_LENGTH)) for _ in range(5_000)]
    # nearer ones: with the right beginning, only the seal is guessed
    guesses += [leave()[:32] + "".join(draw.choices(ALPHABET, k=20)) for _ in range(5_000)]

    assert [guess for guess in guesses if is_taken(guess)] == []


def test_a_token_is_good_for_its_purpose_only() -> None:
    taken = [
        (made, asked)
        for made in Purpose
        for asked in Purpose
        if is_taken(sign(KEYS, made, subscriber=READER, tag=TAG), asked)
    ]

    assert taken == [(purpose, purpose) for purpose in Purpose]


def test_another_sites_key_is_refused() -> None:
    assert not is_taken(leave(Keys({1: NEW}, 1)))
    assert not is_taken(leave(Keys({2: OLD}, 2)))


def test_after_a_rotation_the_old_key_still_reads_and_the_new_one_signs() -> None:
    before, after = leave(KEYS), leave(ROTATED)

    assert is_taken(before, keys=ROTATED)
    assert is_taken(after, keys=ROTATED)
    assert not is_taken(after, keys=KEYS)
    assert not is_taken(before, keys=Keys({2: NEW}, 2))


def test_signing_with_a_key_that_is_gone_says_what_to_do() -> None:
    with pytest.raises(MissingKey, match=r"the secret key 7 is not known any more\nhint: put its line back"):
        sign(ROTATED, Purpose.UNSUBSCRIBE, key_id=7)


def test_an_expired_token_is_told_apart_from_a_wrong_one() -> None:
    expires = NOW + timedelta(days=7)
    token = sign(KEYS, Purpose.CONFIRM, subscriber=READER, expires=expires)

    def expired(now: datetime) -> bool:
        said = read(KEYS, token, Purpose.CONFIRM, now)
        assert said is not None
        return said.expired

    assert not expired(expires - timedelta(microseconds=1))
    assert expired(expires)
    assert expired(expires + timedelta(days=3_000))


def test_a_token_without_expiry_is_good_for_ever() -> None:
    said = read(KEYS, leave(), Purpose.UNSUBSCRIBE, datetime(2099, 1, 1, tzinfo=UTC))

    assert said is not None
    assert said.expires is None
    assert not said.expired


@given(seconds=st.integers(1, 10 * 366 * 86_400))
def test_a_token_holds_at_least_as_long_as_was_said_and_a_minute_longer_at_most(seconds) -> None:
    promised = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    said = read(KEYS, sign(KEYS, Purpose.FORM, expires=promised), Purpose.FORM, NOW)

    assert said is not None
    assert said.expires is not None
    assert timedelta() <= said.expires - promised < timedelta(minutes=1)


@pytest.mark.parametrize(
    "what",
    [
        {"subscriber": 2**64},
        {"subscriber": -1},
        {"version": 65_536},
        {"tag": b"seven b"},
        {"tag": b"nine byte"},
        {"expires": datetime(2020, 1, 1, tzinfo=UTC)},
        {"expires": datetime(1999, 1, 1, tzinfo=UTC)},
    ],
)
def test_what_a_token_cannot_hold_is_not_cut_silently(what) -> None:
    with pytest.raises(ValueError, match=r"expected|cannot hold"):
        sign(KEYS, Purpose.PREFERENCES, **what)


def test_tags_tell_lists_addresses_and_requests_apart() -> None:
    some = Interests(topics=("mobility", "exams"))
    tags = [
        list_tag("weekly"),
        list_tag("monthly"),
        address_tag("weekly"),
        request_tag(["weekly"], Interests()),
        request_tag(["weekly", "monthly"], Interests()),
        request_tag(["weekly"], some),
        request_tag(["weekly"], Interests(organisations=("mobility", "exams"))),
        request_tag(["weekly"], Interests(events=("mobility", "exams"))),
        request_tag(["weekly"], Interests(topics=("mobility,exams",))),
    ]

    assert {len(tag) for tag in tags} == {8}
    assert len(set(tags)) == len(tags)


def test_a_request_is_the_same_in_any_order() -> None:
    one = request_tag(["weekly", "monthly"], Interests(topics=("a", "b"), events=("c", "d")))

    assert request_tag(("monthly", "weekly"), Interests(topics=("b", "a"), events=("d", "c"))) == one


def test_keys_are_not_printed() -> None:
    assert repr(ROTATED) == "Keys([1, 2], newest=2)"
    assert OLD.hex() not in repr(ROTATED)
    assert str(OLD) not in str(ROTATED)
