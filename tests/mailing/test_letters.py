"""Letters: what somebody reads whose address was entered on the site, by whomever."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest

from publisher.config import Config, parse
from publisher.mailing import tokens
from publisher.mailing.letters import NothingToSay, compose_letter
from publisher.mailing.message import Outgoing
from publisher.mailing.tokens import Keys, Purpose, request_tag
from publisher.model.mailing import Delivery, Interests, Sort, Subscriber, Subscription, SubscriptionState
from publisher.render.theme import Theme, theme

NOW = datetime(2026, 6, 8, 3, tzinfo=UTC)
KEYS = Keys({1: bytes(range(32))}, newest=1)
LANGUAGES = ("en", "ru", "kk")
INTERESTS = Interests(topics=("zz-typed-by-somebody",))
CONFIRMED, PAUSED, UNCONFIRMED, UNSUBSCRIBED = (
    SubscriptionState.CONFIRMED,
    SubscriptionState.PAUSED,
    SubscriptionState.UNCONFIRMED,
    SubscriptionState.UNSUBSCRIBED,
)
CONFIG = parse(
    {
        "site": {
            "url": "https://news.example.org",
            "identity": "example.org,2026",
            "title": {"en": "Tom & Jerry's", "ru": "Академия", "kk": "Академия сайты"},
            "languages": LANGUAGES,
            "postal_address": "1 Main Street, Almaty",
        },
        "lists": {
            "monthly": {"title": "Monthly <b>digest</b>"},
            "weekly": {
                "title": {"en": "Weekly", "ru": "Еженедельный", "kk": "Апталық"},
                "description": {"en": "On Mondays."},
            },
        },
        "mail": {"from": "digest@news.example.org", "reply_to": "editors@news.example.org"},
    }
)
#: The fields of every letter: none is of a list.
FIELDS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language",
    "MIME-Version", "Content-Type",
]  # fmt: skip


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Theme:
    return theme(tmp_path_factory.mktemp("site"), LANGUAGES)


def reader(language: str = "en") -> Subscriber:
    return Subscriber(
        id=77, email="victim@example.org", email_key="victim@example.org", address_hash="", language=language,
        timezone="UTC", token_version=4, created=NOW,
    )  # fmt: skip


def subscription(list_id: str, state: SubscriptionState) -> Subscription:
    return Subscription(
        subscriber=77, list=list_id, state=state, interests=INTERESTS, told_until=NOW,
        consent_source="zz-typed-by-somebody", consent_text="zz-typed-by-somebody", changed=NOW,
    )  # fmt: skip


def letter(
    look: Theme,
    sort: Sort,
    *theirs: Subscription,
    language: str = "en",
    config: Config = CONFIG,
    keys: Keys = KEYS,
) -> Outgoing:
    delivery = Delivery(
        id=1, issue=None, subscriber=77, sort=sort, not_before=NOW, not_after=NOW + timedelta(days=2),
        message_id="<abc@example.org>", created=NOW,
    )  # fmt: skip
    return compose_letter(config, look, keys, delivery, reader(language), theirs)


def read(outgoing: Outgoing) -> tuple[EmailMessage, str, str]:
    """A letter, its text, its HTML."""
    message = message_from_bytes(outgoing.data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return message, str(text.get_content()).replace("\r\n", "\n"), str(html.get_content())


class Elements(HTMLParser):
    """The elements of a page: names with their attributes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def links(self) -> list[str]:
        return [str(attributes["href"]) for tag, attributes in self.elements if tag == "a"]


def tokens_in(text: str) -> dict[str, str]:
    """Purpose -> token, of each link to a page of the reader's own."""
    return dict(
        re.findall(r"https://news\.example\.org/(confirm|refuse|preferences|unsubscribe)/(\S{52})", text)
    )


ASKED = (subscription("monthly", UNCONFIRMED), subscription("weekly", UNCONFIRMED))
HAD = (subscription("monthly", PAUSED), subscription("weekly", CONFIRMED))


def test_a_sign_up_is_confirmed_with_one_link_and_refused_for_ever_with_another(look: Theme) -> None:
    message, text, html = read(letter(look, Sort.CONFIRM, *ASKED))
    found = tokens_in(text)

    assert message["Subject"] == "Tom & Jerry's: please confirm your subscription"
    assert set(found) == {"confirm", "refuse"}
    assert {link for link in Elements(html).links if not link.endswith("/en/")} == {
        f"https://news.example.org/{purpose}/{token}" for purpose, token in found.items()
    }
    confirm = tokens.read(KEYS, found["confirm"], Purpose.CONFIRM, NOW)
    assert confirm is not None
    assert (confirm.subscriber, confirm.version) == (77, 4)
    assert confirm.tag == request_tag(["weekly", "monthly"], INTERESTS)
    assert confirm.expires == NOW + timedelta(days=7)
    refuse = tokens.read(KEYS, found["refuse"], Purpose.REFUSE, NOW + timedelta(days=3650))
    assert refuse is not None
    assert (refuse.subscriber, refuse.expired) == (77, False)


def test_only_what_waits_is_asked_about(look: Theme) -> None:
    theirs = (subscription("monthly", CONFIRMED), subscription("weekly", UNCONFIRMED))
    _, text, _ = read(letter(look, Sort.CONFIRM, *theirs))

    assert "* Weekly\n  On Mondays.\n" in text
    assert "Monthly" not in text
    confirm = tokens.read(KEYS, tokens_in(text)["confirm"], Purpose.CONFIRM, NOW)
    assert confirm is not None
    assert confirm.tag == request_tag(["weekly"], INTERESTS)


def test_whoever_has_it_already_is_told_so_and_led_to_what_they_have(look: Theme) -> None:
    message, text, html = read(letter(look, Sort.KNOWN, *HAD))
    found = tokens_in(text)

    assert message["Subject"] == "Tom & Jerry's: you are subscribed already"
    assert "* Monthly <b>digest</b> (paused)\n" in text
    assert "* Weekly\n" in text
    assert set(found) == {"preferences"}
    assert f"https://news.example.org/preferences/{found['preferences']}" in Elements(html).links
    preferences = tokens.read(KEYS, found["preferences"], Purpose.PREFERENCES, NOW)
    assert preferences is not None
    assert (preferences.subscriber, preferences.version) == (77, 4)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("sort", "theirs"), [(Sort.CONFIRM, ASKED), (Sort.KNOWN, HAD)])
def test_nothing_that_anybody_typed_is_in_it(look: Theme, sort: Sort, theirs, language: str) -> None:
    outgoing = letter(look, sort, *theirs, language=language)
    message, text, html = read(outgoing)

    assert message.keys() == FIELDS
    assert message["Auto-Submitted"] == "auto-generated"
    assert b"zz-typed" not in outgoing.data
    for part in (text, html):
        assert "zz-typed" not in part
        assert "victim" not in part


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("sort", "theirs"), [(Sort.CONFIRM, ASKED), (Sort.KNOWN, HAD)])
def test_both_parts_say_the_same_in_the_readers_language(
    look: Theme, sort: Sort, theirs, language: str
) -> None:
    message, text, html = read(letter(look, sort, *theirs, language=language))
    words, page = look.words[language], Elements(html)
    name = sort.value

    assert message["Content-Language"] == language
    assert page.elements[0] == ("html", {"lang": language})
    said = " ".join(page.text.split())
    expected = [
        words(f"letter.{name}_title"),
        words(f"letter.{name}_asked", site=CONFIG.title(language)),
        words(f"letter.{name}_not_you"),
        words(f"letter.{name}_button"),
        words("letter.why"),
        "1 Main Street, Almaty",
    ]
    if sort is Sort.CONFIRM:
        expected += [words("letter.confirm_valid"), words("letter.refuse")]
    for sentence in expected:
        assert sentence in said
        assert sentence in " ".join(text.split())
    own = {key for key in words.texts if key.startswith("letter.")}
    foreign = [look.words[other].texts for other in LANGUAGES if other != language]
    assert all(words.texts[key] != texts[key] for key in own for texts in foreign)


@pytest.mark.parametrize(("sort", "theirs"), [(Sort.CONFIRM, ASKED), (Sort.KNOWN, HAD)])
def test_the_page_needs_nothing_and_carries_its_own_styles(look: Theme, sort: Sort, theirs) -> None:
    _, _, html = read(letter(look, sort, *theirs))
    page = Elements(html)
    blocks = [attributes for tag, attributes in page.elements if tag in {"p", "h1", "td", "table"}]

    assert not {"img", "link", "script", "form"} & {tag for tag, _ in page.elements}
    assert "url(" not in html
    assert "Monthly &lt;b&gt;digest&lt;/b&gt;" in html
    assert [attributes for attributes in blocks if not attributes.get("style")] == []
    # Each class is one that the sheet for dark screens, or for small ones, or the inlined one knows.
    sheets = "".join(
        Path(look.folders[-1], "mail", f"{name}.css").read_text() for name in ("light", "dark", "small")
    )
    classes = {name for _, attributes in page.elements for name in (attributes.get("class") or "").split()}
    assert {name for name in classes if not re.search(rf"\.{name}\b", sheets)} == set()


def test_the_text_has_short_lines_and_a_footer(look: Theme) -> None:
    _, text, _ = read(letter(look, Sort.CONFIRM, *ASKED))

    assert "\n-- \n" in text
    assert all(len(line) <= 72 or line.startswith("https://") for line in text.splitlines())
    assert "\n\n\n" not in text


def test_the_same_letter_is_the_same_bytes(look: Theme) -> None:
    first, again = (letter(look, Sort.CONFIRM, *ASKED) for _ in range(2))

    assert first == again
    assert b"\r\nDate: Mon, 08 Jun 2026 03:00:00 +0000\r\n" in first.data
    assert b"\r\nMessage-ID: <abc@example.org>\r\n" in first.data


def test_a_sign_up_that_was_confirmed_meanwhile_is_not_asked_about_again(look: Theme) -> None:
    message, _, _ = read(letter(look, Sort.CONFIRM, *HAD))

    assert message["Subject"] == "Tom & Jerry's: you are subscribed already"


@pytest.mark.parametrize("theirs", [(), (subscription("weekly", UNSUBSCRIBED),)])
@pytest.mark.parametrize("sort", [Sort.CONFIRM, Sort.KNOWN])
def test_there_is_nothing_to_say_about_nothing(look: Theme, sort: Sort, theirs) -> None:
    with pytest.raises(NothingToSay):
        letter(look, sort, *theirs)


def test_a_language_or_list_that_was_taken_out_of_the_settings_stops_no_letter(look: Theme) -> None:
    message, text, _ = read(letter(look, Sort.KNOWN, subscription("yearly", CONFIRMED), language="de"))

    assert message["Content-Language"] == "en"
    assert "* yearly\n" in text
