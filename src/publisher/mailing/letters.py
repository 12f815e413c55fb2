"""Letters: mail that belongs to no issue, sent because somebody entered an address on the site.

Whoever entered it may not be the one who reads the letter. So nothing that they
typed is in it: only the site's own words, the names of its lists, and links that
are the reader's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from publisher.errors import PublisherError
from publisher.mailing.inlining import inlined
from publisher.mailing.message import Body, assemble, identification
from publisher.mailing.plain_text import wrapped
from publisher.mailing.tokens import Purpose, request_tag, sign
from publisher.model.mailing import Sort, SubscriptionState
from publisher.render import urls

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.config import Config
    from publisher.mailing.message import Outgoing
    from publisher.mailing.tokens import Keys
    from publisher.model.mailing import Delivery, Subscriber, Subscription
    from publisher.render.theme import Theme

#: How long a sign-up can be confirmed; the words of the letter say "a week".
CONFIRM_FOR = timedelta(days=7)
_ACTIVE = frozenset({SubscriptionState.CONFIRMED, SubscriptionState.PAUSED})


class NothingToSay(PublisherError):
    """A letter about subscriptions that are not there any more: let it be."""

    def __init__(self) -> None:
        super().__init__("the reader has neither a sign-up to confirm nor a subscription")


@dataclass(frozen=True)
class Line:
    """A list, as a letter names it."""

    title: str
    description: str
    is_paused: bool


@dataclass(frozen=True)
class _Letter:
    """What a letter is written from."""

    sort: Sort
    subscriptions: Sequence[Subscription]
    links: Mapping[str, str]


def pending(subscriptions: Sequence[Subscription]) -> tuple[Subscription, ...]:
    """What waits to be confirmed."""
    return tuple(each for each in subscriptions if each.state is SubscriptionState.UNCONFIRMED)


def pending_tag(subscriptions: Sequence[Subscription]) -> bytes:
    """What a confirming link is bound to: just this sign-up. Empty where nothing is pending."""
    waiting = pending(subscriptions)
    return request_tag([each.list for each in waiting], waiting[0].interests) if waiting else b""


def compose_letter(  # noqa: PLR0913, PLR0917 -- what a letter to one reader is made of
    config: Config,
    theme: Theme,
    keys: Keys,
    delivery: Delivery,
    subscriber: Subscriber,
    subscriptions: Sequence[Subscription],
) -> Outgoing:
    """A letter of the delivery's sort; the same bytes for the same arguments.

    Where nothing waits to be confirmed any more, it says what its reader has.

    Args:
        config: The site's settings.
        theme: The site's theme.
        keys: The secret keys; the newest signs.
        delivery: Which letter; when it was asked for is its Date.
        subscriber: To whom.
        subscriptions: All of the subscriber's, in the order of their lists.

    Raises:
        NothingToSay: nothing waits to be confirmed, and there is no subscription.
    """
    letter = _letter(config, keys, delivery, subscriber, subscriptions)
    language = subscriber.language if subscriber.language in theme.words else config.site.default_language
    words, name = theme.words[language], letter.sort.value
    context = _context(config, language, letter) | {
        "words": words,
        "title": words(f"letter.{name}_title"),
    }
    body = Body(
        text=wrapped(theme.render(f"mail/letter-{name}.txt", **context)),
        html=inlined(theme.render(f"mail/letter-{name}.html", **context)),
    )
    fields = identification(
        config,
        subscriber,
        language,
        subject=words(f"letter.{name}_subject", site=context["site_title"]),
        dated=delivery.created,
        message_id=delivery.message_id,
    )
    return assemble(config, subscriber, fields, body, delivery.message_id)


def _letter(
    config: Config,
    keys: Keys,
    delivery: Delivery,
    subscriber: Subscriber,
    subscriptions: Sequence[Subscription],
) -> _Letter:
    token = partial(sign, keys, subscriber=subscriber.id, version=subscriber.token_version)
    waiting = pending(subscriptions)
    if delivery.sort is Sort.CONFIRM and waiting:
        expires = delivery.created + CONFIRM_FOR
        confirm = token(Purpose.CONFIRM, tag=pending_tag(subscriptions), expires=expires)
        tokens = {Purpose.CONFIRM: confirm, Purpose.REFUSE: token(Purpose.REFUSE)}
        return _Letter(Sort.CONFIRM, waiting, _links(config, tokens))
    active = tuple(each for each in subscriptions if each.state in _ACTIVE)
    if not active:
        raise NothingToSay
    links = _links(config, {Purpose.PREFERENCES: token(Purpose.PREFERENCES)})
    return _Letter(Sort.KNOWN, active, links)


def _links(config: Config, tokens: Mapping[Purpose, str]) -> dict[str, str]:
    return {purpose.value: urls.absolute(config, f"{purpose}/{token}") for purpose, token in tokens.items()}


def _context(config: Config, language: str, letter: _Letter) -> dict[str, Any]:
    """What the templates of letters are given, beside words and a title."""
    return {
        "language": language,
        "site_title": config.site.title.get(language) or config.title(config.site.default_language),
        "site_url": config.site.url,
        "postal_address": config.site.postal_address or "",
        "lists": [_line(config, language, each) for each in letter.subscriptions],
        "links": {"home": urls.absolute(config, f"{language}/"), **letter.links},
    }


def _line(config: Config, language: str, subscription: Subscription) -> Line:
    """A list that was taken out of publisher.toml has its id for a name."""
    fallback, settings = config.site.default_language, config.lists.get(subscription.list)
    is_paused = subscription.state is SubscriptionState.PAUSED
    if settings is None:
        return Line(subscription.list, "", is_paused)
    title = settings.title_in(language, fallback)
    return Line(title, settings.description_in(language, fallback), is_paused)
