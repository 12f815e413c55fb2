"""A digest's message: byte for byte what providers, mail programs and readers need, whatever was written."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publisher.config import Config, parse
from publisher.mailing import tokens
from publisher.mailing.headers import BadHeader
from publisher.mailing.message import Outgoing, compose_digest, message_id
from publisher.mailing.tokens import PREFERENCES, UNSUBSCRIBE, Keys, MissingKey, Purpose, list_tag
from publisher.model.mailing import Digest, Issue, IssueState, Subscriber

from .header_values import ENCODED_WORD, KAZAKH, TITLES, displayed_name

NOW = datetime(2026, 6, 8, 3, tzinfo=UTC)
KEYS = Keys({1: bytes(range(32)), 2: bytes(range(1, 33))}, newest=2)
MESSAGE_ID = "<abc234@news.example.org>"
#: In this order, and no other field.
FIELDS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language",
    "List-Id", "List-Archive", "List-Owner", "List-Post", "List-Unsubscribe", "List-Unsubscribe-Post",
    "Precedence", "MIME-Version", "Content-Type",
]  # fmt: skip


def config(
    title: str = "Академия", list_title: str = "Апталық", url: str = "https://news.example.org"
) -> Config:
    return parse(
        {
            "site": {
                "url": url,
                "identity": "example.org,2026",
                "title": {"en": "Academy", "kk": title},
                "languages": ["en", "kk"],
            },
            "lists": {"weekly": {"title": {"en": "Weekly", "kk": list_title}}},
            "mail": {"from": "digest@news.example.org", "reply_to": "editors+news@news.example.org"},
        }
    )


SITE = config()
ISSUE = Issue(
    id=1, list="weekly", period="2026-W24", state=IssueState.SENDING, due_at=NOW, cut_at=NOW, not_after=NOW,
    edition=1, dated=NOW, signing_key=1,
)  # fmt: skip
READER = Subscriber(
    id=2**63 - 1, email="Reader@example.org", email_key="reader@example.org", address_hash="", language="kk",
    timezone="UTC", token_version=3, created=NOW,
)  # fmt: skip
LINKS = f"https://news.example.org/preferences/{PREFERENCES}\nhttps://news.example.org/unsubscribe/{UNSUBSCRIBE}\n"


def digest(subject: str = "Апта", text: str = "Жаңалықтар\n", html: str = "<p>Жаңалықтар</p>\n") -> Digest:
    return Digest(
        cohort="c", language="kk", subject=subject, text=text + LINKS, html=html + LINKS, page="<p>page</p>"
    )


def composed(site: Config = SITE, body: Digest | None = None, *, test: bool = False) -> Outgoing:
    return compose_digest(site, KEYS, ISSUE, body or digest(), READER, MESSAGE_ID, test=test)


def read(outgoing: Outgoing) -> EmailMessage:
    message = message_from_bytes(outgoing.data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not any(part.defects for part in message.walk())
    return message


def head(outgoing: Outgoing) -> bytes:
    return outgoing.data.partition(b"\r\n\r\n")[0] + b"\r\n"


def field(outgoing: Outgoing, name: str) -> str:
    """The raw value of a field, as it is folded."""
    (found,) = re.findall(rf"^{name}: (.*(?:\r\n .*)*)\r\n", head(outgoing).decode("ascii"), re.MULTILINE)
    return str(found)


def tokens_of() -> tuple[str, str]:
    """The tokens that belong into the reader's links."""
    return (
        tokens.sign(KEYS, Purpose.PREFERENCES, subscriber=READER.id, version=3, key_id=1),
        tokens.sign(
            KEYS, Purpose.UNSUBSCRIBE, subscriber=READER.id, version=3, tag=list_tag("weekly"), key_id=1
        ),
    )


URLS = st.from_regex(r"https://[a-z]{1,20}\.example\.org(/[a-z0-9_~-]{1,60}){0,8}", fullmatch=True)
CONFIGURED = TITLES.filter(str.strip)


@given(CONFIGURED, CONFIGURED, TITLES, URLS)
@example(KAZAKH * 8, KAZAKH * 8, KAZAKH * 8, f"https://news.example.org/{'a' * 800}")
@pytest.mark.hypothesis
def test_whatever_titles_and_links_the_bytes_are_sound(
    title: str, list_title: str, subject: str, url: str
) -> None:
    site = config(title, list_title, url)
    outgoing = composed(site, digest(subject))
    _, unsubscribe = tokens_of()

    data = outgoing.data
    assert data.isascii()
    assert data.endswith(b"\r\n")
    lines = data[:-2].split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line or b"\0" in line for line in lines)
    assert max(map(len, lines)) <= 998
    assert max(map(len, data.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76

    assert re.findall(r"^([^ :]+):", head(outgoing).decode("ascii"), re.MULTILINE) == FIELDS
    for line in head(outgoing).decode("ascii").split("\r\n"):
        # Only what has no blank to fold at is longer.
        assert len(line) <= 78 or " " not in line.partition(" ")[2]
        assert len(line) <= 76 or not ENCODED_WORD.search(line)
    assert all(len(word) <= 75 for word in ENCODED_WORD.findall(head(outgoing).decode("ascii")))

    assert field(outgoing, "List-Unsubscribe") == (
        f"<{url}/unsubscribe/{unsubscribe}>,\r\n"
        f" <mailto:editors%2Bnews@news.example.org?subject=unsubscribe%20{unsubscribe}>"
    )
    assert displayed_name(field(outgoing, "From")) == site.title("kk")
    assert field(outgoing, "From").endswith("<digest@news.example.org>")
    assert displayed_name(field(outgoing, "List-Id")) == site.lists["weekly"].title_in("kk", "en")
    assert field(outgoing, "List-Id").endswith("<weekly.example.org>")
    message = read(outgoing)
    assert message["Subject"] == subject
    assert message["Date"].datetime == NOW


def test_the_fields_of_a_digest() -> None:
    outgoing = composed()
    _, unsubscribe = tokens_of()

    assert head(outgoing).decode("ascii").replace("\r\n", "\n") == (
        "From: =?utf-8?b?0JDQutCw0LTQtdC80LjRjw==?= <digest@news.example.org>\n"
        "To: Reader@example.org\n"
        "Reply-To: editors+news@news.example.org\n"
        "Subject: =?utf-8?b?0JDQv9GC0LA=?=\n"
        "Date: Mon, 08 Jun 2026 03:00:00 +0000\n"
        "Message-ID: <abc234@news.example.org>\n"
        "Auto-Submitted: auto-generated\n"
        "Content-Language: kk\n"
        "List-Id: =?utf-8?b?0JDQv9GC0LDQu9GL0ps=?= <weekly.example.org>\n"
        "List-Archive: <https://news.example.org/kk/digests/weekly/>\n"
        "List-Owner: <mailto:editors%2Bnews@news.example.org>\n"
        "List-Post: NO\n"
        f"List-Unsubscribe: <https://news.example.org/unsubscribe/{unsubscribe}>,\n"
        f" <mailto:editors%2Bnews@news.example.org?subject=unsubscribe%20{unsubscribe}>\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
        "Precedence: bulk\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="=_617fb04671455fa6d5a01afc"\n'
    )
    assert (outgoing.sender, outgoing.recipient) == ("digest@news.example.org", "Reader@example.org")
    assert outgoing.message_id == MESSAGE_ID


@given(TITLES, st.sampled_from(["\n", "\r\n", "\r"]))
@example("--=_617fb04671455fa6d5a01afc--", "\n")
@example(".", "\n")
@pytest.mark.hypothesis
def test_both_parts_say_what_was_rendered(words: str, line_end: str) -> None:
    body = digest(text=f"{words}{line_end}.{line_end}", html=f"<p>{words}</p>{line_end}")
    preferences, unsubscribe = tokens_of()

    message = read(composed(body=body))

    parts = [(part.get_content_type(), part["Content-Transfer-Encoding"]) for part in message.iter_parts()]
    assert parts == [("text/plain", "base64"), ("text/html", "base64")]
    for part, rendered in zip(message.iter_parts(), (body.text, body.html), strict=True):
        expected = rendered.replace(PREFERENCES, preferences).replace(UNSUBSCRIBE, unsubscribe)
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        assert payload.decode() == re.sub(r"\r\n|\r|\n", "\r\n", expected)
        assert "PREFERENCES" not in payload.decode()


def test_the_links_are_the_readers_own() -> None:
    text = str(read(composed()).get_body(("plain",)))  # type: ignore[arg-type]
    preferences, unsubscribe = tokens_of()
    now = NOW.replace(year=2040)

    assert text
    assert tokens.read(KEYS, preferences, Purpose.PREFERENCES, now) is not None
    found = tokens.read(KEYS, unsubscribe, Purpose.UNSUBSCRIBE, now)
    assert found is not None
    assert (found.subscriber, found.tag, found.expires) == (READER.id, list_tag("weekly"), None)


def test_readers_of_a_cohort_differ_in_their_own_bytes_only() -> None:
    other = replace(READER, id=5, email="other@example.org")
    first = read(composed())
    second = read(compose_digest(SITE, KEYS, ISSUE, digest(), other, "<other@news.example.org>"))

    differing = {name for name in first if first[name] != second[name]}
    assert differing == {"To", "Message-ID", "List-Unsubscribe", "Content-Type"}


def test_the_same_message_is_the_same_bytes_after_a_new_key_came() -> None:
    newer = Keys({**KEYS.keys, 3: bytes(32)}, newest=3)

    again = compose_digest(SITE, newer, ISSUE, digest(), READER, MESSAGE_ID)

    assert again == composed()


def test_a_message_whose_key_is_gone_cannot_be_made() -> None:
    with pytest.raises(MissingKey):
        compose_digest(SITE, Keys({2: KEYS.keys[2]}, 2), ISSUE, digest(), READER, MESSAGE_ID)


def test_a_test_is_marked_and_leaves_nothing_to_press() -> None:
    fields = read(composed(test=True))

    assert fields["Subject"] == "[Test] Апта"
    assert "List-Unsubscribe-Post" not in fields
    assert "List-Unsubscribe" in fields


def test_a_list_that_was_taken_out_of_the_settings_keeps_its_id() -> None:
    issue = ISSUE.evolve(list="yearly")
    outgoing = compose_digest(SITE, KEYS, issue, digest(), READER, MESSAGE_ID)

    assert field(outgoing, "List-Id") == "<yearly.example.org>"


def test_without_settings_mail_comes_from_the_sites_host_and_answers_go_to_its_contact() -> None:
    site = {"url": "https://news.example.org/x", "identity": "example.org,2026", "title": {"en": "A"}}
    plain = compose_digest(parse({"site": site}), KEYS, ISSUE, digest(), READER, MESSAGE_ID)
    contacted = compose_digest(
        parse({"site": site | {"contact": "office@example.org"}}), KEYS, ISSUE, digest(), READER, MESSAGE_ID
    )

    assert [field(plain, name) for name in ("From", "Reply-To")] == [
        "A <news@news.example.org>",
        "news@news.example.org",
    ]
    assert field(contacted, "Reply-To") == "office@example.org"


@pytest.mark.parametrize("break_", ["\r", "\n", "\r\n", "\0", "\u2028"])
def test_no_subject_begins_a_field_of_its_own(break_: str) -> None:
    with pytest.raises(BadHeader):
        composed(body=digest(f"News{break_}Bcc: everybody@example.org"))


@pytest.mark.parametrize(
    "email", ["", "a@b\r\nBcc: c@d", "a b@example.org", "өзгеріс@example.org", "info@қаз.kz"]
)
def test_an_address_that_is_none_is_not_written_to(email: str) -> None:
    with pytest.raises(BadHeader):
        compose_digest(SITE, KEYS, ISSUE, digest(), replace(READER, email=email), MESSAGE_ID)


@pytest.mark.parametrize(
    "data", [b"a\nb\r\n", b"a\rb\r\n", b"a\r\n\n", b"a", b"", b"\xd2\r\n", b"a\r\n\r\r\n"]
)
def test_what_servers_would_read_in_two_ways_never_leaves(data: bytes) -> None:
    with pytest.raises(ValueError, match="ended by CRLF"):
        Outgoing(sender="a@example.org", recipient="b@example.org", data=data, message_id="<a@b>")


class TestMessageId:
    def test_it_is_always_the_same(self) -> None:
        assert message_id(b"secret", "example.org", "weekly", 5) == "<c5d5jnqqrrc7a6yuwafuyz5v@example.org>"

    @given(st.lists(st.tuples(st.integers(), st.text()), min_size=2, max_size=2, unique=True))
    @pytest.mark.hypothesis
    def test_two_messages_never_share_one(self, pair: list[tuple[int, str]]) -> None:
        first, second = (message_id(b"secret", "example.org", *parts) for parts in pair)

        assert first != second

    def test_parts_do_not_run_into_each_other_and_another_key_gives_another(self) -> None:
        made = {
            message_id(key, "example.org", *parts)
            for key in (b"secret", b"other")
            for parts in ((1, 23), (12, 3), ("1", 23), ("1", "23"), ("123",))
        }

        assert len(made) == 10

    def test_it_is_a_message_id(self) -> None:
        made = message_id(b"x" * 64, "news.example.org", 2**63)

        assert re.fullmatch(r"<[a-z2-7]{24}@news\.example\.org>", made)
