"""What the rules say of RSS, of JSON Feed and of texts in feeds, beyond their broken and mended files."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import pytest

from publisher.syndication.lint import check

BROKEN = Path(__file__).parent / "broken"
MENDED = Path(__file__).parent / "mended"
RSS = (MENDED / "guid-missing.rss").read_text("utf-8")
JSON = (MENDED / "json-id-missing.json").read_text("utf-8")
DATE = "<pubDate>Tue, 12 Mar 2024 08:00:00 +0000</pubDate>"

#: Files of `broken/` -> the line and column at which the rule of their name is broken.
PLACES = {
    "rss-version-old.rss": (2, 15),
    "rss-version-unknown.rss": (2, 15),
    "rss-in-namespace.rss": (2, 1),
    "channel-missing.rss": (2, 1),
    "rss-element-unknown.rss": (16, 7),
    "rss-element-misplaced.rss": (18, 7),
    "rss-element-repeated.rss": (16, 7),
    "rss-element-empty.rss": (16, 7),
    "rss-attribute-unknown.rss": (13, 13),
    "rss-text-stray.rss": (11, 7),
    "rss-markup-bare.rss": (11, 23),
    "channel-incomplete.rss": (3, 3),
    "channel-self-missing.rss": (3, 3),
    "channel-self-not-http.rss": (9, 22),
    "channel-item-early.rss": (17, 5),
    "skip-hours-malformed.rss": (12, 13),
    "skip-days-malformed.rss": (12, 12),
    "ttl-malformed.rss": (10, 10),
    "cloud-incomplete.rss": (10, 5),
    "text-input-incomplete.rss": (10, 5),
    "text-input-used.rss": (10, 5),
    "update-period-unknown.rss": (12, 22),
    "channel-image-incomplete.rss": (10, 5),
    "channel-image-size.rss": (14, 14),
    "channel-image-differs.rss": (12, 14),
    "channel-image-format.rss": (11, 42),
    "item-empty.rss": (10, 5),
    "item-title-missing.rss": (10, 5),
    "item-link-missing.rss": (10, 5),
    "contact-not-email.rss": (18, 15),
    "source-without-url.rss": (16, 7),
    "category-domain-malformed.rss": (16, 25),
    "content-without-description.rss": (17, 7),
    "rss-said-twice.rss": (18, 7),
    "guid-missing.rss": (10, 5),
    "guid-not-permalink.rss": (13, 13),
    "guid-flag-unknown.rss": (13, 26),
    "guid-short.rss": (13, 33),
    "enclosure-repeated.rss": (19, 7),
    "enclosure-incomplete.rss": (16, 7),
    "enclosure-length-malformed.rss": (16, 74),
    "enclosure-length-zero.rss": (16, 74),
    "enclosure-type-malformed.rss": (16, 86),
    "enclosure-not-http.rss": (16, 23),
    "media-without-url.rss": (18, 7),
    "media-value-malformed.rss": (18, 78),
    "event-date-malformed.rss": (18, 21),
    "event-end-before-start.rss": (19, 7),
    "event-end-without-start.rss": (18, 7),
    "event-element-unknown.rss": (18, 7),
    "event-element-repeated.rss": (19, 7),
    "event-element-misplaced.rss": (12, 5),
    "json-version-unknown.json": (2, 15),
    "json-title-missing.json": (1, 1),
    "json-items-missing.json": (1, 1),
    "json-type-wrong.json": (12, 3),
    "json-member-null.json": (12, 3),
    "json-member-unknown.json": (19, 7),
    "json-extension-malformed.json": (19, 7),
    "json-feed-url-missing.json": (1, 1),
    "json-home-page-missing.json": (1, 1),
    "json-next-is-self.json": (12, 16),
    "json-hub-malformed.json": (13, 5),
    "json-id-missing.json": (13, 5),
    "json-id-not-string.json": (14, 7),
    "json-content-missing.json": (13, 5),
    "json-url-missing.json": (13, 5),
    "json-author-old.json": (7, 3),
    "json-author-empty.json": (8, 5),
    "json-author-address-malformed.json": (10, 15),
    "json-attachment-incomplete.json": (20, 9),
    "json-attachment-size.json": (23, 11),
    "json-mime-malformed.json": (22, 25),
    "json-tags-malformed.json": (20, 9),
    "title-with-markup.rss": (11, 23),
    "text-with-markup.json": (19, 19),
    "text-escaped-twice.rss": (11, 22),
    "text-control-character.rss": (11, 22),
    "content-empty.rss": (18, 7),
    "content-url-relative.rss": (18, 53),
    "content-active.rss": (18, 69),
    "content-handler.rss": (18, 30),
    "content-link-scheme.rss": (18, 45),
    "content-image-without-alt.rss": (18, 46),
    "content-document.rss": (18, 24),
    "content-unclosed.rss": (18, 48),
    "rss-year-short.rss": (14, 16),
}


def _codes(text: str, path: str = "x.rss") -> list[str]:
    return [finding.code for finding in check(text.encode(), path)]


def _item(*lines: str, feed: str = RSS) -> str:
    """A feed with more in its item."""
    return feed.replace("</item>", "".join(lines) + "</item>")


def _content(html: str) -> str:
    """A feed with an item of this content."""
    namespace = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    content = f"<content:encoded>{escape(html, quote=False)}</content:encoded>"
    return _item(content).replace("<rss ", f"<rss {namespace} ")


def _json(**members: object) -> str:
    """A feed with these members in its item."""
    feed = json.loads(JSON)
    feed["items"][0] |= members
    return json.dumps(feed)


def test_the_feeds_that_are_broken_here_are_sound() -> None:
    assert _codes(RSS) == []
    assert _codes(JSON, "x.json") == []
    assert _codes(_content("<p>All laboratories are open.</p>")) == []


@pytest.mark.parametrize("name", PLACES)
def test_a_broken_feed_is_told_at_its_place(name: str) -> None:
    (finding,) = check((BROKEN / name).read_bytes(), name)

    assert finding.code == name.partition(".")[0]
    assert (finding.span.line, finding.span.column) == PLACES[name]


@pytest.mark.parametrize("name", PLACES)
def test_a_mended_feed_is_silent(name: str) -> None:
    assert [str(each) for each in check((MENDED / name).read_bytes(), name)] == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("<guid>tag:example.org,2024:x</guid>", "rss-element-repeated"),
        ("<Category>Physics</Category>", "rss-element-unknown"),
        ("<ttl>60</ttl>", "rss-element-misplaced"),
        ('<category term="physics">Physics</category>', "rss-attribute-unknown"),
        ('<enclosure url="https://example.org/a.pdf" type="application/pdf"/>', "enclosure-incomplete"),
        ('<enclosure url="" length="1" type="application/pdf"/>', "enclosure-incomplete"),
        ('<enclosure url="https://example.org/a.pdf" length="-1" type="a/b"/>', "enclosure-length-malformed"),
        ("<author>jane at example.org</author>", "contact-not-email"),
        ("<comments/>", "rss-element-empty"),
    ],
)
def test_an_item_with_this_element_breaks_this_rule(lines: str, code: str) -> None:
    assert code in _codes(_item(lines))


@pytest.mark.parametrize(
    "line",
    [
        "<author>jane@example.org</author>",
        "<author>jane@example.org (Jane Doe)</author>",
        "<author>Jane Doe &lt;jane@example.org&gt;</author>",
        '<category domain="example.org/topics">Physics</category>',
        '<category domain="topics">Physics</category><category>Physics</category>',
        '<source url="https://example.org/feed.rss">News</source>',
        '<x:guid xmlns:x="https://example.org/ns">17</x:guid>',
        '<ev:startdate xmlns:ev="http://purl.org/rss/1.0/modules/event/">2024-06</ev:startdate>',
    ],
)
def test_an_item_with_this_element_is_sound(line: str) -> None:
    assert _codes(_item(line)) == []


@pytest.mark.parametrize(
    "guid",
    [
        "<guid>https://example.org/open-days/physics/</guid>",
        '<guid isPermaLink="true">https://example.org/open-days/physics/</guid>',
        '<guid isPermaLink="false">12 Mar: physics</guid>',
    ],
)
def test_a_guid_is_an_address_or_says_that_it_is_none(guid: str) -> None:
    old = next(line.strip() for line in RSS.splitlines() if "<guid" in line)

    assert _codes(RSS.replace(old, guid)) == []


def test_a_guid_that_is_an_address_takes_the_place_of_a_link() -> None:
    guid = next(line.strip() for line in RSS.splitlines() if "<guid" in line)
    link = "<link>https://example.org/open-days/physics/</link>"
    without = RSS.replace(link, "")

    assert _codes(without) == ["item-link-missing"]
    assert _codes(without.replace(guid, "<guid>https://example.org/open-days/physics/</guid>")) == []


def test_rdf_is_told_as_old_and_nothing_of_rss_2_is_asked_of_it() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel rdf:about="https://example.org/"><title>Open days</title><link>https://example.org/</link>'
        "<description>When universities open their doors.</description></channel>"
        '<item rdf:about="https://example.org/a"><title>Physics</title><link>https://example.org/a</link></item>'
        "</rdf:RDF>"
    )

    assert _codes(rdf) == ["rss-version-old"]


def test_the_forerunners_of_rss_2_know_no_guid_and_need_no_link_to_themselves() -> None:
    old = RSS.replace('version="2.0"', 'version="0.91"')
    lines = [line for line in old.splitlines() if "<guid" not in line and "atom:link" not in line]

    assert _codes("\n".join(lines)) == ["rss-version-old"]


@pytest.mark.parametrize(
    ("start", "end", "early"),
    [
        ("2024-06-11", "2024-06-11", False),
        ("2024-06-11", "2024-06-10", True),
        ("2024-06-11T10:00+05:00", "2024-06-11", False),
        ("2024-06-11T10:00+05:00", "2024-06-11T06:00Z", False),
        ("2024-06-11T10:00+05:00", "2024-06-11T04:59Z", True),
    ],
)
def test_the_end_of_an_event_is_compared_as_it_is_told(start: str, end: str, *, early: bool) -> None:
    module = 'xmlns:ev="http://purl.org/rss/1.0/modules/event/"'
    lines = f"<ev:startdate {module}>{start}</ev:startdate><ev:enddate {module}>{end}</ev:enddate>"

    assert _codes(_item(lines)) == (["event-end-before-start"] if early else [])


# Texts.


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ('<p><img src="//example.org/a.png" alt=""></p>', "content-url-relative"),
        ("<p><img src='a.png' alt='x'></p>", "content-url-relative"),
        ('<img alt="" src="https://example.org/a.png" srcset="a-2.png 2x">', "content-url-relative"),
        ("<p>a</p><script>alert(1)</script>", "content-active"),
        ("<p>a</p><style>p { color: red }</style>", "content-active"),
        ('<form action="https://example.org/"><p>a</p></form>', "content-active"),
        ('<img src="https://example.org/a.png" alt="" onerror="x()">', "content-handler"),
        ('<a href="java\nscript:x()">a</a>', "content-link-scheme"),
        ('<a href="JavaScript:x()">a</a>', "content-link-scheme"),
        ('<a href="&#106;avascript:x()">a</a>', "content-link-scheme"),
        ('<img alt="a" src="data:image/png;base64,AAAA">', "content-link-scheme"),
        ("<p>a</p><!-- b", "content-unclosed"),
        ("<p>a</p></div>", "content-unclosed"),
        ("<!DOCTYPE html><html><p>a</p></html>", "content-document"),
        ("<p>&nbsp;</p><br>", "content-empty"),
        ("<!-- nothing -->", "content-empty"),
        ("&lt;p&gt;All laboratories are open.&lt;/p&gt;", "text-escaped-twice"),
        ("<p>Physics &amp;amp; chemistry</p>", "text-escaped-twice"),
        ("<p>It&amp;#8217;s open</p>", "text-escaped-twice"),
        ("<p>a\ufffdb</p>", "text-control-character"),
    ],
)
def test_a_content_with_this_html_breaks_this_rule(html: str, code: str) -> None:
    assert _codes(_content(html)) == [code]


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="https://example.org/a?b=1&amp;c=2">a</a> <a href="mailto:jane@example.org">b</a></p>',
        '<p>a<a href="#note-1">1</a></p><p id="note-1">b</p>',
        '<ul><li>a<li>b</ul><table><tr><td>c<td>d</table><p>e<br><hr><img src="https://example.org/a" alt>',
        "<p>Write <code>&amp;amp;</code> for an ampersand, <code>&lt;p&gt;</code> for a paragraph.</p>",
        "<p>1 < 2 and 3 > 2, AT&T, fish & chips</p>",
        '<p><img src="https://example.org/a.png" alt=""></p>',
        "<!-- <script> --><p>a</p>",
        "<svg><title>A laser</title><path d='M0 0'/></svg>",
        '<p title="a > b">c</p>',
        "<P>A<B>b</B></P>",
    ],
)
def test_a_content_with_this_html_is_sound(html: str) -> None:
    assert _codes(_content(html)) == []


@pytest.mark.parametrize(
    "title",
    ["AT&amp;T &amp; more", "1 &lt; 2", "The element &lt;head&gt;", "The element &amp;lt;head&amp;gt;"],
)
def test_a_title_may_speak_of_signs(title: str) -> None:
    """Of RSS nobody knows whether a title is HTML, so both ways to write a bracket are let pass."""
    assert _codes(RSS.replace("Physics: laboratories open", title)) == []


# JSON Feed.


FILE = {"url": "https://example.org/a.mp3", "mime_type": "audio/mpeg"}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("title", 17, "json-type-wrong"),
        ("authors", {"name": "Jane Doe"}, "json-type-wrong"),
        ("authors", [None], "json-type-wrong"),
        ("authors", [{"url": None}], "json-author-empty"),
        ("author", {"name": "Jane Doe"}, "json-author-old"),
        ("attachments", ["https://example.org/a.pdf"], "json-type-wrong"),
        ("attachments", [FILE | {"size_in_bytes": 1.5}], "json-attachment-size"),
        ("attachments", [FILE | {"duration_in_seconds": True}], "json-attachment-size"),
        ("attachments", [FILE | {"url": ""}], "json-attachment-incomplete"),
        ("tags", "physics", "json-type-wrong"),
        ("tags", [""], "json-tags-malformed"),
        ("summary", None, "json-member-null"),
        ("id", None, "json-id-missing"),
        ("id", " ", "json-id-missing"),
        ("content_html", None, "json-content-missing"),
        ("sumary", "a", "json-member-unknown"),
        ("_1", "a", "json-extension-malformed"),
        ("summary", "fish &amp; chips", "text-escaped-twice"),
        ("summary", "a\0b", "text-control-character"),
        ("title", "Physics: <em>laboratories</em> open", "title-with-markup"),
        ("content_text", "Physics<br>Chemistry", "text-with-markup"),
    ],
)
def test_an_item_with_this_member_breaks_this_rule(name: str, value: object, code: str) -> None:
    assert code in _codes(_json(**{name: value}), "x.json")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("_event", {"start": None, "items": [{"id": 1}], "authors": "Jane Doe"}),
        ("authors", [{"name": "Jane Doe", "url": "mailto:jane@example.org"}]),
        ("attachments", [FILE | {"size_in_bytes": 10, "duration_in_seconds": 1.5}]),
        ("tags", []),
        ("image", "https://example.org/a.png"),
        ("external_url", "https://example.org/%D0%B0"),
        ("title", "1 < 2, fish & chips, the element <head>"),
        ("summary", "1 < 2\nand 3 > 2"),
        ("content_text", "1 < 2 & 3"),
    ],
)
def test_an_item_with_this_member_is_sound(name: str, value: object) -> None:
    assert _codes(_json(**{name: value}), "x.json") == []


def test_an_author_may_be_told_in_both_ways() -> None:
    """As JSON Feed advises where readers of version 1 are to find it."""
    author = {"name": "Jane Doe"}

    assert _codes(_json(author=author, authors=[author]), "x.json") == []
