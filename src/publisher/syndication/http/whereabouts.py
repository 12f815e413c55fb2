"""Rules about where a feed is: redirects, its link to itself, its hubs (RFC 9110 section 15.4, WebSub)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.diagnostics import quoted
from publisher.linting.rule import WARNING, rule
from publisher.syndication.http.exchange import canonical, same_address
from publisher.syndication.http.rule import Sight, Told
from publisher.syndication.values import without_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.http.exchange import Exchange


@rule(
    "http-moved", WARNING, Sight.EXCHANGE, source="RFC 9110 15.4.2, 15.4.9",
    misread="Some readers move their subscription, and others ask twice each time, for ever; when the old"
    " address ends, the latter lose the feed. Where ids go by the address, entries come twice.",
    mend="give the new address wherever this one stands, and let the old one lead there for a year",
)  # fmt: skip
def moved(exchange: Exchange) -> Told | None:
    """The address that is given is not one that has moved for good."""
    led = exchange.answer.redirects
    if not any(each.is_permanent for each in led):
        return None
    hint = f"give {exchange.answer.url} wherever this one stands, and let the old one lead there for a year"
    return Told(f"expected an answer there, got {_way(exchange)}", hint)


@rule(
    "http-led-on", WARNING, Sight.EXCHANGE, source="RFC 9110 15.4.3, 15.4.8",
    misread="Every reader asks twice each time. Some keep the second address (Miniflux, Feedbin), and stay"
    " there when the first one leads elsewhere.",
    mend="answer at the address itself; if it has moved for good, say so with 301 or 308",
)  # fmt: skip
def led_on(exchange: Exchange) -> Told | None:
    """The address that is given answers itself, and does not lead on each time."""
    led = exchange.answer.redirects
    if not led or any(each.is_permanent for each in led):
        return None
    return Told(f"expected an answer there, got {_way(exchange)}")


def _way(exchange: Exchange) -> str:
    statuses = ", ".join(str(each.status) for each in exchange.answer.redirects)
    return f"{statuses} on to {quoted(exchange.answer.url)}"


@rule(
    "http-self-other", WARNING, Sight.EXCHANGE, "atom", "rss", "json",
    source="RFC 4287 4.2.7.2, JSON Feed 1.1 feed_url, W3C feed validator (SelfDoesntMatchLocation)",
    misread="Readers that go by what a feed says subscribe to the other address, which may be old, or end in"
    " an error; a feed is then listed twice, and a hub tells of changes to one of them only.",
    mend="let the feed link to the address at which it is given to readers",
)  # fmt: skip
def self_other(exchange: Exchange) -> Iterator[Told]:
    """A feed's link to itself is the address that it was fetched from."""
    for own in exchange.feed_links("self")[:1]:
        if not _is_here(exchange, own):
            yield Told(f"expected the feed's link to itself to be this address, got {quoted(own)}")


def _is_here(exchange: Exchange, url: str) -> bool:
    """Whether an address is that of the answer; what only some can reach is tried out under another host."""
    here = (exchange.asked, exchange.answer.url)
    if exchange.answer.is_public:
        return any(same_address(url, each) for each in here)
    return any(canonical(url)[3] == canonical(each)[3] for each in here)


@rule(
    "http-hub-one-sided", WARNING, Sight.EXCHANGE, "atom", "rss", "json", source="WebSub 4",
    misread="Who finds a hub or itself in the header looks no further, and who cannot read headers sees the"
    " feed's alone: where they differ, some are told of changes by nobody.",
    mend="name the same hubs in the feed and in the header Link",
)  # fmt: skip
def hub_one_sided(exchange: Exchange) -> Iterator[Told]:
    """The hubs that a feed names are those that its header Link names."""
    in_feed, in_header = exchange.feed_links("hub"), exchange.header_links("hub")
    if exchange.feed is None:  # it cannot be read: nobody knows which it names
        return
    yield from (
        Told(f"expected the hub {quoted(without_path(hub))} in the header Link too, got it in the feed alone")
        for hub in dict.fromkeys(in_feed)
        if not any(same_address(hub, each) for each in in_header)
    )
    yield from (
        Told(f"expected the hub {quoted(without_path(hub))} in the feed too, got it in the header Link alone")
        for hub in dict.fromkeys(in_header)
        if not any(same_address(hub, each) for each in in_feed)
    )


@rule(
    "http-hub-without-self", WARNING, Sight.EXCHANGE, source="WebSub 4, 4.1",
    misread="Who subscribes does not know of which address the hub is to tell, or names one that the"
    " publisher never tells the hub of: the subscription stands, and nothing ever comes.",
    mend="send one 'Link: <the feed's address>; rel=\"self\"' beside the hub's, the same as in the feed",
)  # fmt: skip
def hub_without_self(exchange: Exchange) -> Told | None:
    """Where the header Link names a hub, it names the feed itself too, once, and as the feed does."""
    own, said = exchange.header_links("self"), exchange.feed_links("self")[:1]
    if not exchange.header_links("hub"):
        return None
    if len(own) != 1:
        return Told(
            f"expected one link to itself beside the hub in the header Link, got {len(own) or 'none'}"
        )
    if said and not same_address(own[0], said[0]):
        return Told(
            f"expected the header Link to name {quoted(said[0])} as the feed does, got {quoted(own[0])}"
        )
    return None


RULES = (moved, led_on, self_other, hub_one_sided, hub_without_self)
