"""A web page is told from a feed, and names the feeds and calendars that it advertises."""

from __future__ import annotations

import pytest

from publisher.fetching.pages import MOST_ADVERTISED, Advertised, advertised, is_html

HERE = "https://example.org/en/news/"


def link(href: str, kind: str = "application/atom+xml", rel: str = "alternate", more: str = "") -> bytes:
    return f'<link rel="{rel}" type="{kind}" href="{href}"{more}>'.encode()


@pytest.mark.parametrize(
    "kind", ["application/atom+xml", "application/rss+xml", "application/feed+json", "text/calendar"]
)
def test_feeds_and_calendars_are_named_with_their_whole_addresses(kind: str) -> None:
    page = b"<!doctype html><head>" + link("../feed", kind) + b"</head>"

    assert advertised(page, HERE) == (Advertised("https://example.org/en/feed"),)


def test_the_page_may_write_them_as_pages_are_written() -> None:
    page = (
        b"<HTML><HEAD><BASE HREF='/en/'><LINK Title=\"Events &amp; News > all\" REL='feed ALTERNATE'\n"
        b" TYPE='application/rss+xml; charset=utf-8' HREF='feed.rss?a=1&amp;b=2' /><link rel=alternate"
        b" type=text/calendar href=//example.net/c.ics>"
    )

    assert advertised(page, HERE) == (
        Advertised("https://example.org/en/feed.rss?a=1&b=2", "Events & News > all"),
        Advertised("https://example.net/c.ics"),
    )


@pytest.mark.parametrize(
    "page",
    [
        link("/style.css", "text/css", "stylesheet"), link("/ru/", "text/html"), link("/feed", rel="self"),
        b"<!-- " + link("/feed") + b" -->", b"<!-- " + link("/feed"), link("javascript:alert(1)"),
        link("data:,x"), link("http://["), link(""), b"", b"\x00\xff<",
        b"<a rel=alternate type=application/atom+xml href=/feed>",
    ],
)  # fmt: skip
def test_other_links_are_not_named(page: bytes) -> None:
    assert advertised(page, HERE) == ()


def test_each_is_named_once_and_not_too_many() -> None:
    page = (
        link("/a", more=' title="First"') + link("/a") + b"".join(link(f"/{number}") for number in range(99))
    )

    named = advertised(page, HERE)

    assert named[0] == Advertised("https://example.org/a", "First")
    assert len(named) == len(set(named)) == MOST_ADVERTISED


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!--",
        "<link ",
        '<link a="',
        "<link '",
        "<base href=",
        "<link rel=x ",
        "<![",
        "&",
        "<link rel=alternate>",
    ],
)
def test_no_page_is_read_for_long(piece: str) -> None:
    """Each of them is what a careless pattern or parser comes back to again and again."""
    assert advertised(piece.encode() * 200_000, HERE) == ()


@pytest.mark.parametrize(
    "data", [b"<!DOCTYPE html>", b"\xef\xbb\xbf \n<html lang=en>", b"<!-- x --><HEAD>", b"<body>"]
)
def test_a_page_is_known_by_how_it_begins(data: bytes) -> None:
    assert is_html(data)


@pytest.mark.parametrize(
    "data", [b"", b"<?xml version='1.0'?><feed/>", b"BEGIN:VCALENDAR", b"<headline/>", b"{}"]
)
def test_and_other_files_are_none(data: bytes) -> None:
    assert not is_html(data)
