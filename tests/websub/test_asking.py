"""A hub that answers in whatever way, or not at all: it is a reply, soon, and holds no secret."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import trustme

from publisher.websub.asking import Network, tell

from .hub import Hangs, Hub, Raw, Resets, Says

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
FEED = "https://calendar.example.org/en/feed.atom?a=b&c=ö"
#: A hub that hangs is waited for so long, in seconds.
BRIEF = Network(seconds=0.3)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        yield hub


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_success_is_one(hub: Hub, status: int) -> None:
    hub.script.append(Says(status))

    assert tell(hub.url, FEED, Network(), NOON).is_taken
    assert hub.heard == [{"hub.mode": "publish", "hub.url": FEED, "hub.topic": FEED}]
    assert hub.seen == [(hub.path, "application/x-www-form-urlencoded")]


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        (Says(500, body=b"secret"), 500, "answers 500 Internal Server Error"),
        (Says(400), 400, "answers 400 Bad Request"),
        (Says(299), 299, "answers 299"),
        (Says(302, {"Location": "/elsewhere"}), 302, "answers 302 Found"),
        (Says(308), 308, "answers 308 Permanent Redirect"),
        (Raw(b"HTTP/1.1 599 secret\x1b[31m\r\n\r\n"), 599, "answers 599"),
        (Raw(b"SSH-2.0-secret\r\n"), None, "gives an answer that is not HTTP"),
        (Raw(b""), None, "gives an answer that is not HTTP"),
        (
            Raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"\r\n"),
            None,
            "gives an answer that is not HTTP",
        ),
        (Raw(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 100_000), None, "gives an answer that is not HTTP"),
        (Resets(), None, "cannot be reached: connection reset by peer"),
        (Hangs(), None, "does not answer in time"),
    ],
)
def test_an_answer_is_told_in_standard_words(
    hub: Hub, answer: Says | Raw | Resets | Hangs, status: int | None, text: str
) -> None:
    hub.script.append(answer)

    reply = tell(hub.url, FEED, BRIEF if isinstance(answer, Hangs) else Network(), NOON)

    assert (reply.status, reply.text) == (status, text)


def test_the_head_of_an_answer_is_enough(hub: Hub) -> None:
    """Nobody waits for a body that never ends."""
    hub.script.append(Raw(b"HTTP/1.1 204 No Content\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 1000))

    assert tell(hub.url, FEED, Network(), NOON).is_taken


def test_a_hub_may_ask_to_be_left_alone(hub: Hub) -> None:
    hub.script.append(Says(429, {"Retry-After": "300"}))

    assert tell(hub.url, FEED, Network(), NOON).retry_after == timedelta(minutes=5)


def test_where_nobody_listens_it_cannot_be_reached() -> None:
    with Hub() as gone:
        url = gone.url

    assert tell(url, FEED, Network(), NOON).text == "cannot be reached: connection refused"


def test_a_name_that_leads_nowhere_is_said(hub: Hub) -> None:
    lost = Network(look_up=lambda *_: [])

    assert tell(hub.url, FEED, lost, NOON).text == "cannot be reached: it has no address"


def test_the_next_address_is_asked_where_the_first_does_not_answer(hub: Hub) -> None:
    """As with IPv6 where there is no way out of the house by it; nothing is ever sent to a broadcast."""
    two = Network(look_up=lambda *_: ["255.255.255.255", "127.0.0.1"])

    assert tell(hub.url, FEED, two, NOON).is_taken


@pytest.mark.parametrize("status", [307, 308])
def test_it_may_lead_on_once_keeping_the_question(hub: Hub, status: int) -> None:
    with Hub() as other:
        hub.script.append(Says(status, {"Location": other.url}))

        assert tell(hub.url, FEED, Network(), NOON).is_taken
        assert other.heard == hub.heard


def test_it_may_not_lead_on_twice(hub: Hub) -> None:
    hub.script.extend([Says(308, {"Location": "/a"}), Says(308, {"Location": "/b"})])

    reply = tell(hub.url, FEED, Network(), NOON)

    assert (reply.status, len(hub.heard)) == (308, 2)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "https://user:secret@127.0.0.1/", "gopher://127.0.0.1/", "http://["]
)
def test_it_may_not_lead_to_what_is_no_hub(hub: Hub, location: str) -> None:
    hub.script.append(Says(308, {"Location": location}))

    assert tell(hub.url, FEED, Network(), NOON).text == "leads to what is no address"


def test_a_public_hub_may_not_lead_into_a_closed_network(hub: Hub) -> None:
    """`127.0.0.1` stands for the public network here, `127.0.0.2` for a closed one."""
    with Hub() as inner:
        closed = inner.url.replace("127.0.0.1", "inner.test")
        hub.script.append(Says(307, {"Location": closed}))
        names = {"hub.test": ["127.0.0.1"], "inner.test": ["127.0.0.2"]}
        network = Network(look_up=lambda host, _: names[host], is_public=lambda at: at == "127.0.0.1")

        reply = tell(hub.url.replace("127.0.0.1", "hub.test"), FEED, network, NOON)

        assert reply.text == "leads from the public network into a closed one"
        assert inner.heard == []


def test_a_hub_is_known_by_its_certificate() -> None:
    authority = trustme.CA()

    def trusting() -> ssl.SSLContext:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        return context

    def here(*_: object) -> Sequence[str]:
        return ["127.0.0.1"]

    with Hub(tls=authority.issue_cert("hub.test")) as hub:
        right = hub.url.replace("127.0.0.1", "hub.test")
        wrong = hub.url.replace("127.0.0.1", "other.test")
        assert tell(right, FEED, Network(look_up=here, context=trusting), NOON).is_taken
        mistaken = tell(wrong, FEED, Network(look_up=here, context=trusting), NOON)
        unknown = tell(right, FEED, Network(look_up=here), NOON)

    assert mistaken.text.startswith("cannot be trusted: hostname mismatch")
    assert unknown.text == "cannot be trusted: unable to get local issuer certificate"
    assert len(hub.heard) == 1


def test_a_hub_by_https_may_not_lead_to_one_without() -> None:
    authority = trustme.CA()
    context = ssl.create_default_context()
    authority.configure_trust(context)
    plain = Says(308, {"Location": "http://127.0.0.1/"})
    with Hub(plain, tls=authority.issue_cert("127.0.0.1")) as hub:
        reply = tell(hub.url, FEED, Network(context=lambda: context), NOON)

    assert reply.text == "leads to an address without https"
