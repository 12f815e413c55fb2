"""A web address is asked, and asked again as a reader does, and what comes is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publisher.cli.check.kinds import Checked, check_content, content_of, page_found
from publisher.fetching import Limits, Network, NotAnAddress, NotFetchable, NotFetched, Wanted, ask, fetch
from publisher.fetching.networks import is_near, is_public
from publisher.fetching.pages import is_page
from publisher.syndication import http
from publisher.syndication.http import reach
from publisher.syndication.http.exchange import Exchange

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.fetching import Fetched

WANTED = Wanted(
    accept=(
        "application/atom+xml, application/rss+xml, application/feed+json, text/calendar,"
        " application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.9, */*;q=0.5"
    ),
    noun="feed or calendar",
    by_hand="open the address in a browser, save the file and check that",
    closed="an address of the public network led there",
    from_closed="check that address itself, if it is yours",
    less="readers take no such file: have it give less, the newest for instance",
)
#: What a person types may lead to their own machine; what anybody else says may not.
NETWORK = Network(limits=Limits(seconds=30), may_begin=lambda address: is_public(address) or is_near(address))
_OK, _TOO_MANY, _FAULTS_OF_THE_SERVER = 200, 429, 500


def check(url: str, now: datetime, network: Network = NETWORK) -> Checked:
    """What is amiss with a feed or a calendar at an address that may be asked, and with how it is given."""
    try:
        answer = fetch(url, network, WANTED)
    except NotAnAddress as fault:
        reason = f"it leads on to what is no web address: {fault.reason}"
        return Checked(url, "", (http.finding_of(reach.OUT_OF_BOUNDS, url, reason),))
    except NotFetchable as fault:
        return Checked(url, "", (http.finding_of(reach.OUT_OF_BOUNDS, url, fault.reason, fault.hint),))
    except NotFetched as fault:
        return _missed(url, fault)
    content = content_of(answer.data, url)
    if content.kind == "page" or (content.kind == "" and is_page(answer)):
        return Checked(url, "page", (page_found(answer.data, url, answer.url),))
    found = check_content(content, url, now, answer.url)
    if content.kind == "":
        return found
    first = Exchange(asked=url, format=content.kind, answer=answer, now=now, feed=content.feed)
    return _check_again(first, found, network)


def _check_again(first: Exchange, found: Checked, network: Network) -> Checked:
    """All that is amiss, also with what is said when it is asked for again as readers do."""
    network = replace(network, may_begin=None) if first.answer.is_public else network
    try:
        by_tag = _again(first.answer, network, "If-None-Match", "etag")
        by_date = _again(first.answer, network, "If-Modified-Since", "last-modified")
    except (NotFetched, NotFetchable) as fault:
        hint = "see whether the server minds being asked twice"
        missed = http.finding_of(reach.NOT_REACHED, first.asked, f"asked again: {fault.reason}", hint)
        return replace(found, findings=(*http.check(first), missed, *found.findings), is_unanswered=True)
    exchange = replace(first, by_tag=by_tag, by_date=by_date)
    return replace(found, findings=(*http.check(exchange), *found.findings))


def _again(answer: Fetched, network: Network, condition: str, header: str) -> Fetched | None:
    """The answer to a condition (RFC 9110 section 13.1); None where the first gave nothing to set it by."""
    value = answer.headers.get(header, "")
    return ask(answer.url, network, WANTED, {condition: value}) if value and value.isprintable() else None


def _missed(url: str, fault: NotFetched) -> Checked:
    """That nothing came that can be read: it was packed wrongly, was refused, or the server failed."""
    status = fault.status or _FAULTS_OF_THE_SERVER
    if status == _OK:
        return Checked(url, "", (http.finding_of(reach.CODING, url, fault.reason),))
    refused = status < _FAULTS_OF_THE_SERVER and status != _TOO_MANY
    rule = reach.REFUSED if refused else reach.NOT_REACHED
    finding = http.finding_of(rule, url, fault.reason, fault.hint)
    return Checked(url, "", (finding,), is_unanswered=not refused)
