"""Addresses: what is written to, what is refused, and when two are the same reader's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.mailing.addresses import Address, BadAddress, address_hash, read_address, shown

SALT = bytes(range(32))


@pytest.mark.parametrize(
    ("written", "email"),
    [
        ("ann@example.org", "ann@example.org"),
        ("  ann@example.org\t", "ann@example.org"),
        ("\u3000ann@example.org\u00a0", "ann@example.org"),
        ("Ann.Lee+list@Example.ORG", "Ann.Lee+list@example.org"),
        ("o'neill@example.org", "o'neill@example.org"),
        ("info@қаз.kz", "info@xn--80ao21a.kz"),
        ("info@ҚАЗ.kz", "info@xn--80ao21a.kz"),
        ("info@XN--80AO21A.kz", "info@xn--80ao21a.kz"),
        ("ann@faß.de", "ann@xn--fa-hia.de"),
        ("Ａnn@ｅxample．org", "Ann@example.org"),
        ("a" * 64 + "@example.org", "a" * 64 + "@example.org"),
    ],
)
def test_an_address_is_written_to_in_ascii(written: str, email: str) -> None:
    assert read_address(written) == Address(email, email.lower())


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "ann",
        "@",
        "ann@",
        "@example.org",
        "a@b",
        "ann@localhost",
        "ann@printer.local",
        "ann@nowhere.test",
        "ann@e.com\n",
        "\nann@e.com",
        "ann@e.com\r\nBcc: eve@e.com",
        "ann\r\n@e.com",
        "ann@e.com\0",
        "ann\x0b@e.com",
        "ann@e.com\x85",
        "ann@e.com\u2028",
        "a,b@e.com",
        "ann@e.com,eve@e.com",
        "ann@e.com;eve@e.com",
        "ann@e.com eve@e.com",
        "<ann@e.com>",
        "Ann <ann@e.com>",
        "mailto:ann@e.com",
        '"a b"@e.com',
        '"ann"@e.com',
        "ann(work)@e.com",
        "ann@(work)e.com",
        "-oQx@e.com",
        "  -oQx@e.com",
        "\uff0doQx@e.com",
        "a" * 65 + "@e.com",
        "a@[127.0.0.1]",
        "a@[IPv6:::1]",
        "a@127.0.0.1",
        "x" * 10_240,
        "x" * 10_240 + "@e.com",
        "ann@" + "e." * 5_000 + "com",
        "a@" + ".".join(["e" * 63] * 4) + ".org",
        "ann@" + "e" * 64 + ".com",
        "ann@@e.com",
        "ann@e..com",
        ".ann@e.com",
        "ann.@e.com",
        "an..n@e.com",
        "ann@.e.com",
        "ann@e.com.",
        "ann@-e.com",
        "ann@e-.com",
        "ann@e_x.com",
        "ann@xn--e.com",
        "ann@☃.net",
        "өзгеріс@қаз.kz",
        "аnn@e.com",  # the first letter is Cyrillic
        "ann\u200b@e.com",
        "ann@e\u200bx.com",
        "ann@ex\u202eample.com",
        "ann@e.com\u202c",
        "ann\ud800@e.com",
        "ann@e\ud800.com",
        "ann@e\u2100.com",  # NFKC makes it ea/c
        "\ufdfa" * 60 + "@e.com",  # NFKC makes 18 characters of each
    ],
)
def test_what_is_no_plain_address_is_refused_with_a_reason(written: str) -> None:
    with pytest.raises(BadAddress) as refused:
        read_address(written)
    reason = refused.value.reason

    assert reason == str(refused.value)
    assert 0 < len(reason) < 300
    assert reason.isprintable()
    assert reason[0].islower()
    assert not reason.endswith(".")
    assert "eve@e.com" not in reason


@given(st.text(max_size=60) | st.from_regex(r".{1,10}@.{1,10}\..{1,4}"))
def test_whatever_is_written_gives_a_plain_address_or_is_refused(written: str) -> None:
    try:
        address = read_address(written)
    except BadAddress:
        return
    local, _, domain = address.email.partition("@")

    assert address.email.isascii()
    assert address.email.isprintable()
    assert not set(address.email) & set(' \t\r\n<>(),;:"[]\\')
    assert not local.startswith("-")
    assert len(local) <= 64
    assert "." in domain
    assert len(address.email) <= 254
    assert read_address(address.email) == address


def test_case_width_and_script_of_the_domain_make_no_other_reader() -> None:
    assert read_address("Ａnn@e.com").key == read_address("ann@E.COM").key
    assert read_address("info@қаз.kz").key == read_address("INFO@xn--80AO21a.KZ").key


def test_what_follows_a_plus_and_dots_are_the_readers_own() -> None:
    written = ["ann@e.com", "ann+x@e.com", "ann+y@e.com", "a.nn@e.com", "ann@x.e.com", "ann@e.org"]

    assert len({read_address(each).key for each in written}) == len(written)


def test_the_longest_address_is_254_characters() -> None:
    domain = ".".join(["e" * 63, "f" * 63, "g" * 62, "kz"])
    longest = "a" * 60 + "@" + domain

    assert len(read_address(longest).email) == 254
    with pytest.raises(BadAddress):
        read_address("a" + longest)


def test_an_address_that_is_too_long_only_in_ascii_is_refused() -> None:
    written = "a" * 40 + "@" + ".".join(["қазақстан" * 2] * 7) + ".kz"

    assert len(written) < 254
    with pytest.raises(BadAddress):
        read_address(written)


def test_an_address_is_remembered_by_a_keyed_hash() -> None:
    hashed = address_hash(SALT, "ann@example.org")

    assert len(hashed) == 64
    assert set(hashed) <= set("0123456789abcdef")
    assert address_hash(SALT, "ann@example.org") == hashed
    assert address_hash(SALT, "ann@example.com") != hashed
    assert address_hash(SALT[::-1], "ann@example.org") != hashed


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("ann@example.org", "a***@e***"),
        ("info@xn--80ao21a.kz", "i***@x***"),
        ("", "***@***"),
        ("'x@\n", "***@***"),
        ("\x1b[31m@e", "***@e***"),
    ],
)
def test_logs_show_no_address(email: str, expected: str) -> None:
    assert shown(email) == expected
