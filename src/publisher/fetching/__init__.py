"""Fetches what stands at a web address, bounded in size, time and where it may lead; over HTTP (RFC 9110)."""

from publisher.fetching.addresses import is_address
from publisher.fetching.answers import Fetched, Redirect
from publisher.fetching.asking import Limits, Network, ask, fetch
from publisher.fetching.wanted import NotAnAddress, NotFetchable, NotFetched, Wanted

__all__ = [
    "Fetched",
    "Limits",
    "Network",
    "NotAnAddress",
    "NotFetchable",
    "NotFetched",
    "Redirect",
    "Wanted",
    "ask",
    "fetch",
    "is_address",
]
