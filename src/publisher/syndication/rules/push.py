"""Rules about hubs, which tell subscribers of news at once (WebSub); no message tells the path of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.diagnostics import quoted
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import address_fault, scheme_of, without_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.subject import Facts, Feed


@rule(
    "hub-without-self", ERROR, Sight.FEED,
    source="WebSub 4 (MUST)",
    misread="Subscribers do not know what to subscribe to at the hub, and are never told of anything.",
    mend="say where the feed itself is, by the address that is told to the hub",
)  # fmt: skip
def hub_without_self(feed: Feed) -> Found | None:
    """A feed with a hub says by which address the hub knows it."""
    hubs = feed.links("hub")
    if not hubs or feed.links("self"):
        return None
    return hubs[0].href.found("expected the address of the feed itself beside a hub, got none")


@rule(
    "hub-not-web", ERROR, Sight.FEED,
    source="WebSub 4, 5.1",
    misread="Nobody can subscribe there.",
    mend="write the address of the hub in full, beginning with https://",
)  # fmt: skip
def hub_not_web(feed: Feed) -> Iterator[Found]:
    """A hub is asked by HTTP."""
    for hub in feed.links("hub"):
        text = hub.href.text.strip()
        if not address_fault(text) and scheme_of(text) not in {"http", "https", ""}:
            yield hub.href.found(
                f"expected a hub that begins with https://, got {quoted(without_path(text))}", text
            )


@rule(
    "hub-not-secure", WARNING, Sight.FEED,
    source="WebSub 8 (Security Considerations)",
    misread="Who stands between can subscribe in another's name, and send what was never published.",
    mend="use the address of the hub that begins with https://",
)  # fmt: skip
def hub_not_secure(feed: Feed) -> Iterator[Found]:
    """What goes to a hub is a secret of the subscriber, and goes by HTTPS."""
    for hub in feed.links("hub"):
        text = hub.href.text.strip()
        if scheme_of(text) == "http":
            yield hub.href.found(
                f"expected a hub that begins with https://, got {quoted(without_path(text))}", text
            )


@rule(
    "hub-misplaced", WARNING, Sight.FACTS, "atom", "rss",
    source="WebSub 4",
    misread="Subscribers look for it in the feed, and find none.",
    mend="move it out of the entry",
)  # fmt: skip
def hub_misplaced(facts: Facts, feed: Feed) -> Iterator[Found]:
    """A hub is one of the whole feed."""
    if facts is not feed.facts:
        for link in facts.links:
            if link.rel == "hub":
                yield link.href.found('expected a link rel="hub" in the feed, got it in an entry')


RULES = (hub_without_self, hub_not_web, hub_not_secure, hub_misplaced)
