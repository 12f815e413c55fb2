"""Rules about the channel of RSS: what the feed as a whole says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.places import Element, Near
from publisher.syndication.rules.rss_names import CHILDREN, is_rss2
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import scheme_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.subject import Feed

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)
_HOURS: Final = 24
_PERIODS: Final = ("hourly", "daily", "weekly", "monthly", "yearly")
_CLOUD: Final = ("domain", "port", "path", "registerProcedure", "protocol")
_INPUT: Final = ("title", "description", "name", "link")


def said(element: Element, name: str) -> str:
    """The text of an element within another, without blanks around it; nothing without one."""
    inner = element.first(name)
    return inner.all_text.strip() if inner else ""


@rule(
    "channel-incomplete", ERROR, Sight.ELEMENT, "channel",
    source="RSS 2.0, 'Required channel elements'; ViennaRSS/vienna-rss#1221, jocmp/capyreader#225",
    misread="Vienna and Ruby's RSS parser refuse a feed without a title; others show its address as its "
    "name.",
    mend="write <title>, <link> and <description> at the beginning of the channel, each with a text",
)  # fmt: skip
def channel_incomplete(element: Element, feed: Feed) -> Iterator[Found]:
    """A channel has a title, a link to its pages and a description, and none of them is empty."""
    del feed
    for name in ("title", "link", "description"):
        inner = element.first(name)
        if inner is None:
            yield Found(element, f"expected a <{name}> of the channel, got none")
        elif name != "link" and not inner.all_text.strip():  # an empty link is told as an address
            yield Found(inner, f"expected a <{name}> of the channel, got an empty one")


@rule(
    "channel-self-missing", WARNING, Sight.FEED, "rss",
    source="RSS profile, 'atom:link' (SHOULD)",
    misread="Who gets the document from somebody else, or from an address that will move, cannot tell "
    "where it lives; hubs do not know what they are asked for.",
    mend='write <atom:link rel="self" type="application/rss+xml" href="..."/> into the channel',
)  # fmt: skip
def channel_self_missing(feed: Feed) -> Found | None:
    """A feed says at which address it is published."""
    if not is_rss2(feed) or not isinstance(feed.channel, Element) or feed.channel.name != "channel":
        return None
    if _own(feed.channel):
        return None
    return Found(feed.channel, 'expected an <atom:link rel="self"> in the channel, got none')


def _own(channel: Element) -> Element | None:
    links = (link for link in channel.all("atom:link") if (link.get("rel") or "").strip().lower() == "self")
    return next(links, None)


@rule(
    "channel-self-not-http", ERROR, Sight.ELEMENT, "channel",
    source="RSS profile, 'atom:link'; RFC 4287 4.2.7.1",
    misread="Readers that follow it to a feed that has moved ask at no address, and stop asking.",
    mend="write the whole address of the feed, with https://",
)  # fmt: skip
def channel_self_not_http(element: Element, feed: Feed) -> Found | None:
    """The address of the feed is one that can be asked: http or https."""
    del feed
    if not (link := _own(element)):
        return None
    href = (link.get("href") or "").strip()
    if scheme_of(href) in {"", "http", "https"}:  # what is no whole address is told as such
        return None
    return Found(link, f"expected an address with http or https, got {quoted(href)}", href, "href")


@rule(
    "channel-item-early", WARNING, Sight.ELEMENT, "channel",
    source="RSS profile, 'channel' (items follow)",
    misread="Readers that stop at the last item that they know never see what stands after the items.",
    mend="put the items last",
)  # fmt: skip
def channel_item_early(element: Element, feed: Feed) -> Found | None:
    """What is said of the channel stands before its items."""
    del feed
    after = False
    for child in element.children:
        if child.name == "item":
            after = True
        elif after and child.name in CHILDREN["channel"]:
            return Found(child, f"expected <{child.name}> before the items, got it after one")
    return None


@rule(
    "skip-hours-malformed", ERROR, Sight.ELEMENT, "skipHours",
    source="RSS 2.0, 'skipHours'; RSS profile, 'skipHours'",
    misread="Readers that heed it ask at other hours than they should.",
    mend="write hours from 0 to 23 in GMT, each once: midnight is 0",
)  # fmt: skip
def skip_hours_malformed(element: Element, feed: Feed) -> Iterator[Found]:
    """Hours at which nobody need ask are numbers from 0 to 23, each once, and not all of them."""
    del feed
    seen = set[int]()
    for hour in element.all("hour"):
        text = hour.text.strip()
        if not _NUMBER.fullmatch(text) or int(text) >= _HOURS:
            yield Found(hour, f"expected an hour from 0 to 23, got {quoted(text)}", text)
        elif int(text) in seen:
            yield Found(hour, f"expected each hour once, got {quoted(text)} again", text)
        seen |= {int(text)} if _NUMBER.fullmatch(text) else set()
    if not element.all("hour") or seen >= set(range(_HOURS)):
        got = "none" if not element.all("hour") else "all"
        yield Found(element, f"expected some hours of the day, got {got}")


@rule(
    "skip-days-malformed", ERROR, Sight.ELEMENT, "skipDays",
    source="RSS 2.0, 'skipDays'",
    misread="Readers that heed it ask on other days than they should.",
    mend="write the English names of days, from Monday to Sunday, each once",
)  # fmt: skip
def skip_days_malformed(element: Element, feed: Feed) -> Iterator[Found]:
    """Days on which nobody need ask are written in English and in full, each once, and not all of them."""
    del feed
    seen = set[str]()
    for day in element.all("day"):
        text = day.text.strip()
        if text not in _DAYS:
            hint = Near(text, _DAYS)
            yield Found(day, f"expected a day from Monday to Sunday, got {quoted(text)}", text, hint=hint)
        elif text in seen:
            yield Found(day, f"expected each day once, got {quoted(text)} again", text)
        seen.add(text)
    if not element.all("day") or seen >= set(_DAYS):
        yield Found(element, f"expected some days of the week, got {'all' if seen else 'none'}")


@rule(
    "ttl-malformed", ERROR, Sight.ELEMENT, "ttl",
    source="RSS 2.0, 'ttl'; RSS profile, 'ttl'",
    misread="Ruby's RSS parser refuses the feed; others ask as often as they like.",
    mend="write whole minutes, such as 60, or leave it out",
)  # fmt: skip
def ttl_malformed(element: Element, feed: Feed) -> Found | None:
    """How long a feed may be kept is a whole number of minutes."""
    del feed
    text = element.text.strip()
    if _NUMBER.fullmatch(text) and int(text) > 0:
        return None
    return Found(element, f"expected a number of minutes from 1 on, got {quoted(text)}", text)


@rule(
    "cloud-incomplete", ERROR, Sight.ELEMENT, "cloud",
    source="RSS 2.0, 'cloud'; RSS profile, 'cloud'",
    misread="Ruby's RSS parser refuses the feed; readers do not register, and learn of news as late as "
    "without it.",
    mend="write all five attributes, or leave <cloud> out: WebSub has taken its place",
)  # fmt: skip
def cloud_incomplete(element: Element, feed: Feed) -> Iterator[Found]:
    """Where readers register for news is said in five attributes; the port is a number."""
    del feed
    for name in _CLOUD:
        value = element.get(name)
        if value is None or (not value.strip() and name != "registerProcedure"):
            yield Found(element, f"expected {name} of the <cloud>, got none", attribute=name)
        elif name == "port" and not (_NUMBER.fullmatch(value.strip()) and 0 < int(value) < 2**16):
            yield Found(element, f"expected a number as port, got {quoted(value)}", value, name)


@rule(
    "text-input-incomplete", ERROR, Sight.ELEMENT, "textInput",
    source="RSS 2.0, 'textInput'",
    misread="Ruby's RSS parser refuses the feed.",
    mend="leave <textInput> out: no reader shows it",
)  # fmt: skip
def text_input_incomplete(element: Element, feed: Feed) -> Iterator[Found]:
    """A field to type into has a title, a description, a name and a link."""
    del feed
    for name in _INPUT:
        if not said(element, name):
            yield Found(element, f"expected a <{name}> in the <textInput>, got none")


@rule(
    "text-input-used", WARNING, Sight.ELEMENT, "textInput",
    source="RSS profile, 'textInput' (SHOULD NOT)",
    misread="Nobody sees it.",
    mend="leave <textInput> out",
)  # fmt: skip
def text_input_used(element: Element, feed: Feed) -> Found | None:
    """A field to type into is something that hardly any reader has ever shown."""
    del feed
    if not all(said(element, name) for name in _INPUT):
        return None  # told already
    return Found(element, "expected no <textInput>, got one")


@rule(
    "update-period-unknown", ERROR, Sight.ELEMENT, "sy:updatePeriod", "sy:updateFrequency",
    source="RDF Site Summary 1.0 Modules: Syndication",
    misread="Readers that heed it ask as often as they like.",
    mend="write hourly, daily, weekly, monthly or yearly as the period, and a whole number as the "
    "frequency",
)  # fmt: skip
def update_period_unknown(element: Element, feed: Feed) -> Found | None:
    """How often a feed changes is told by a word for the period, and how many times in it."""
    del feed
    text = element.text.strip()
    if element.name == "sy:updateFrequency":
        if _NUMBER.fullmatch(text) and int(text) > 0:
            return None
        return Found(element, f"expected a number from 1 on, got {quoted(text)}", text)
    if text in _PERIODS:
        return None
    message = f"expected {', '.join(_PERIODS[:-1])} or {_PERIODS[-1]}, got {quoted(text)}"
    return Found(element, message, text, hint=Near(text, _PERIODS))


RULES = (
    channel_incomplete,
    channel_self_missing,
    channel_self_not_http,
    channel_item_early,
    skip_hours_malformed,
    skip_days_malformed,
    ttl_malformed,
    cloud_incomplete,
    text_input_incomplete,
    text_input_used,
    update_period_unknown,
)
