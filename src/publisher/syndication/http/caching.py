"""Rules about asking again: validators, conditions, dates, how long an answer holds (RFC 9110, RFC 9111)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.linting.rule import ERROR, WARNING, rule
from publisher.syndication.http.exchange import http_date
from publisher.syndication.http.rule import Sight, Told
from publisher.syndication.places import Element

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from publisher.fetching import Fetched
    from publisher.syndication.http.exchange import Exchange

#: RFC 9110 section 8.8.3; of letters beyond ASCII, which it allows, none is looked at closer.
_ETAG: Final = re.compile(r'(?:W/)?"[^"\x00-\x20\x7f]*"')
_OK, _NOT_MODIFIED = 200, 304
#: Clocks differ so much.
_CLOCKS: Final = timedelta(minutes=10)
#: Dates of entries are often days, or without their zone.
_DAYS: Final = timedelta(days=2)
#: A live feed that is kept longer tells of changes too late.
LONGEST_KEPT: Final = timedelta(days=1)


@rule(
    "http-no-validator", WARNING, Sight.EXCHANGE, source="RFC 9110 8.8",
    misread="Every reader fetches all of it each time, and cannot know that nothing is new; some services ask"
    " more seldom then.",
    mend="send an ETag, made of the bytes, and the Last-Modified of what they say",
)  # fmt: skip
def no_validator(exchange: Exchange) -> Told | None:
    """An answer has an ETag or Last-Modified, so that one can ask whether there is anything new."""
    known = exchange.header("etag") or exchange.header("last-modified")
    return None if known else Told("expected an ETag or Last-Modified, got neither")


def _not_304(exchange: Exchange, again: Fetched | None, condition: str) -> Told | None:
    """That an answer to a condition is another one than 304, though what is there is the same."""
    if again is None or again.status == _NOT_MODIFIED or _is_other(exchange, again):
        return None
    came = f"{again.status} and all {len(again.data):,} octets" if again.status == _OK else str(again.status)
    return Told(f"expected 304 to {condition}, got {came}")


def _is_other(exchange: Exchange, again: Fetched | None) -> bool:
    return again is not None and again.status == _OK and again.data != exchange.answer.data


@rule(
    "http-etag-ignored", WARNING, Sight.EXCHANGE, source="RFC 9110 13.1.2, 15.4.5",
    misread="Every reader fetches all of it each time; makers of readers name that first among what costs"
    " them. Often the one who packs the answer changes the ETag, and does not know it again.",
    mend="let the server, or what stands before it, compare If-None-Match with the ETag that it has sent",
)  # fmt: skip
def etag_ignored(exchange: Exchange) -> Told | None:
    """Whoever sends the ETag back that was sent gets 304 and nothing else, as long as nothing is new."""
    return _not_304(exchange, exchange.by_tag, f"If-None-Match: {quoted(exchange.header('etag'))}")


@rule(
    "http-date-ignored", WARNING, Sight.EXCHANGE, source="RFC 9110 13.1.3, 15.4.5",
    misread="Readers that know of dates only, and they are many, fetch all of it each time.",
    mend="let the server compare If-Modified-Since with the Last-Modified that it has sent",
)  # fmt: skip
def date_ignored(exchange: Exchange) -> Told | None:
    """Whoever sends Last-Modified back gets 304 too."""
    condition = f"If-Modified-Since: {quoted(exchange.header('last-modified'))}"
    return _not_304(exchange, exchange.by_date, condition)


@rule(
    "http-never-the-same", WARNING, Sight.EXCHANGE, source="RFC 9110 8.8",
    misread="Every reader takes it for new each time, parses all of it, and some tell their users so.",
    mend="take out what is made anew for each answer: the time of day, tokens, counters",
)  # fmt: skip
def never_the_same(exchange: Exchange) -> Told | None:
    """As long as nothing is new, each answer has the same bytes."""
    changed = _is_other(exchange, exchange.by_tag) or _is_other(exchange, exchange.by_date)
    return Told("expected the same bytes a moment later, got others") if changed else None


@rule(
    "http-date-unreadable", WARNING, Sight.EXCHANGE, source="RFC 9110 5.6.7",
    misread="Readers that compare dates take it for none, and fetch all of it each time.",
    mend="write it as 'Sun, 22 Nov 2026 08:30:00 GMT'",
)  # fmt: skip
def date_unreadable(exchange: Exchange) -> Told | None:
    """Last-Modified is a date as HTTP writes one."""
    said = exchange.header("last-modified")
    return (
        Told(f"expected a date of HTTP, got {quoted(said)}") if said and not exchange.last_modified else None
    )


@rule(
    "http-date-in-future", ERROR, Sight.EXCHANGE, source="RFC 9110 8.8.2.1, FreshRSS/FreshRSS#1020",
    misread="Readers send the date back, and until it has come they are told that nothing is new: one feed"
    " that was dated 2041 was not seen to change by anybody any more.",
    mend="send when the newest entry was changed, and never the time of an event",
)  # fmt: skip
def date_in_future(exchange: Exchange) -> Told | None:
    """Last-Modified is not later than the answer, by the clock of the server that has made both."""
    modified = exchange.last_modified
    answered = http_date(exchange.header("date")) or exchange.now
    if modified is None or modified - answered <= _CLOCKS:
        return None
    return Told(
        f"expected a Last-Modified not after the answer, got {quoted(exchange.header('last-modified'))}"
    )


@rule(
    "http-date-behind", WARNING, Sight.EXCHANGE, "atom", "rss", "json",
    source="RFC 9110 8.8.2.1, Athou/commafeed#859, FreshRSS/FreshRSS#1680",
    misread="Readers that send the date back are told for ever that nothing is new: feeds dated 1970 and"
    " 1980, or by what was there before the last entries, have stood still in all of them.",
    mend="send when the newest entry was changed; where that cannot be had, send no date",
)  # fmt: skip
def date_behind(exchange: Exchange) -> Told | None:
    """Last-Modified is not earlier than the newest entry."""
    newest = _newest(exchange)
    if exchange.last_modified is None or newest is None or newest - exchange.last_modified <= _DAYS:
        return None
    said = quoted(exchange.header("last-modified"))
    return Told(f"expected a Last-Modified not before the newest entry of {newest:%Y-%m-%d}, got {said}")


def _newest(exchange: Exchange) -> datetime | None:
    """When the newest entry was changed; dates that are still to come do not count."""
    facts = [entry.facts for entry in exchange.feed.entries] if exchange.feed else []
    dates = [dated.when for each in facts for dated in (each.published, each.updated) if dated and dated.when]
    return max((date for date in dates if date <= exchange.now), default=None)


@rule(
    "http-cache-control", WARNING, Sight.EXCHANGE, source="RFC 9111 4.2.2, 5.2.2",
    misread="Without it everybody guesses how long it holds, some for days after a long rest. With no-store"
    " nothing between server and readers may keep it; with no-cache all ask the server itself each time.",
    mend="send 'Cache-Control: public, max-age=900', or as many seconds as a change may wait",
)  # fmt: skip
def cache_control(exchange: Exchange) -> Told | None:
    """An answer says for how long it holds."""
    said = exchange.cache_control
    forbidden = [each for each in ("no-store", "no-cache") if each in said]
    lasts = {"max-age", "s-maxage"} & said.keys() or exchange.header("expires")
    if not forbidden and lasts and said.get("max-age") != "0":
        return None
    came = forbidden[0] if forbidden else quoted(exchange.header("cache-control")) if said else "none"
    return Told(f"expected Cache-Control to say for how long it holds, got {came}")


@rule(
    "http-kept-long", WARNING, Sight.EXCHANGE, source="RFC 9111 5.2.2.1, brief-rss/brief#123",
    misread="Readers that keep to it do not ask again before: one feed that held for 30 days brought nothing"
    " new until users looked it up by hand. An event is moved or cancelled, and they do not know.",
    mend="send a max-age of an hour or less; archives that do not change may be kept for long",
)  # fmt: skip
def kept_long(exchange: Exchange) -> Told | None:
    """What tells of changes is not kept for days."""
    seconds = exchange.cache_control.get("max-age", "")
    if not seconds.isascii() or not seconds.isdigit() or _is_archive(exchange):
        return None
    if int(seconds[:12]) <= LONGEST_KEPT.total_seconds():
        return None
    return Told(f"expected a max-age of at most a day, got {quoted(seconds)} seconds")


@rule(
    "http-max-age-malformed", WARNING, Sight.EXCHANGE, source="RFC 9111 1.2.2, 4.2.1",
    misread="Caches take it for an answer that is old already, or guess: all is fetched each time, or too"
    " seldom.",
    mend="write max-age as a number of seconds, such as 'Cache-Control: public, max-age=900'",
)  # fmt: skip
def max_age_malformed(exchange: Exchange) -> Iterator[Told]:
    """How long an answer holds is a number of seconds."""
    for name in ("max-age", "s-maxage"):
        said = exchange.cache_control.get(name)
        if said is not None and not (said.isascii() and said.isdigit()):
            yield Told(f"expected {name} to be a number of seconds, got {quoted(said) if said else 'none'}")


@rule(
    "http-etag-malformed", WARNING, Sight.EXCHANGE, source="RFC 9110 8.8.3",
    misread="Caches and servers that read it strictly take it for none: nobody gets 304, everybody all"
    " of it.",
    mend='write it in quotation marks: ETag: "abc"',
)  # fmt: skip
def etag_malformed(exchange: Exchange) -> Told | None:
    """An ETag stands in quotation marks."""
    said = exchange.header("etag")
    if not said or _ETAG.fullmatch(said):
        return None
    return Told(f"expected an ETag in quotation marks, got {quoted(said)}")


@rule(
    "http-vary-any", WARNING, Sight.EXCHANGE, source="RFC 9110 12.5.5, RFC 9111 4.1",
    misread="Nothing between server and readers may use what it has kept: all ask the server itself each"
    " time.",
    mend="name what the answer depends on, such as 'Vary: Accept-Encoding', or nothing",
)  # fmt: skip
def vary_any(exchange: Exchange) -> Told | None:
    """An answer does not depend on everything that there is."""
    names = [each.strip() for each in exchange.header("vary").split(",")]
    return Told("expected Vary to name headers, got '*'") if "*" in names else None


def _is_archive(exchange: Exchange) -> bool:
    """Whether it is a document of an archive, which never changes (RFC 5005 section 4)."""
    channel = exchange.feed.channel if exchange.feed else None
    return isinstance(channel, Element) and channel.first("fh:archive") is not None


RULES = (
    no_validator,
    etag_ignored,
    date_ignored,
    never_the_same,
    date_unreadable,
    date_in_future,
    date_behind,
    cache_control,
    kept_long,
    max_age_malformed,
    etag_malformed,
    vary_any,
)
