"""Whole feed documents, as the product joins them of a head and entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.render.feed_documents import head, joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publisher.render.feed import Feed


def atom_document(feed: Feed, entries: Iterable[bytes]) -> bytes:
    return joined(head(feed, "atom"), entries, "atom")


def rss_document(feed: Feed, items: Iterable[bytes]) -> bytes:
    return joined(head(feed, "rss"), items, "rss")


def json_document(feed: Feed, items: Iterable[bytes]) -> bytes:
    return joined(head(feed, "json"), items, "json")
