"""What the rules say of RSS, of JSON Feed and of texts in feeds, beyond their broken and mended files."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from publisher.syndication.lint import check

MENDED = Path(__file__).parent / "mended"
RSS = (MENDED / "guid-missing.rss").read_text("utf-8")
JSON = (MENDED / "json-id-missing.json").read_text("utf-8")
DATE = "<pubDate>Tue, 12 Mar 2024 08:00:00 +0000</pubDate>"


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


def _json(text: str) -> str:
    """A feed with more in its item."""
    return JSON.replace('"date_published"', f'{text}, "date_published"')


def test_the_feeds_that_are_broken_here_are_sound() -> None:
    assert _codes(RSS) == []
    assert _codes(JSON, "x.json") == []
    assert _codes(_content("<p>All laboratories are open.</p>")) == []


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


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ('"title": 17', "json-type-wrong"),
        ('"authors": {"name": "Jane Doe"}', "json-type-wrong"),
        ('"authors": [null]', "json-type-wrong"),
        ('"attachments": ["https://example.org/a.pdf"]', "json-type-wrong"),
        ('"tags": "physics"', "json-type-wrong"),
        ('"tags": [""]', "json-tags-malformed"),
        ('"summary": null', "json-member-null"),
        ('"authors": [{"url": null}]', "json-author-empty"),
        ('"author": {"name": "Jane Doe"}', "json-author-old"),
        ('"sumary": "a"', "json-member-unknown"),
        ('"summary": "&amp; &lt;"', "text-escaped-twice"),
        ('"summary": "a\\u0000b"', "text-control-character"),
        ('"attachments": [{"url": "https://example.org/a", "mime_type": "a/b", "size_in_bytes": 1.5}]',
         "json-attachment-size"),
    ],
)  # fmt: skip
def test_an_item_with_this_member_breaks_this_rule(member: str, code: str) -> None:
    name = member.split(":", maxsplit=1)[0]
    without = "\n".join(line for line in JSON.splitlines() if not line.strip().startswith(f"{name}:"))
    changed = without.replace('"date_published"', f'{member}, "date_published"')
    if name == '"title"':
        changed = changed.replace('"version"', '"title": "Open days", "version"')

    assert code in _codes(changed, "x.json")


@pytest.mark.parametrize(
    "member",
    [
        '"_event": {"start": null, "items": [{"id": 1}], "authors": "Jane Doe"}',
        '"author": {"name": "Jane Doe"}, "authors": [{"name": "Jane Doe"}]',
        '"attachments": [{"url": "https://example.org/a", "mime_type": "a/b", "duration_in_seconds": 1.5}]',
        '"tags": []',
        '"image": "https://example.org/a.png", "banner_image": "https://example.org/b.png"',
        '"external_url": "https://example.org/%D0%B0"',
    ],
)
def test_an_item_with_this_member_is_sound(member: str) -> None:
    assert _codes(_json(member), "x.json") == []


def test_an_item_may_have_its_text_plain() -> None:
    line = next(line for line in JSON.splitlines() if '"content_html"' in line)

    assert _codes(JSON.replace(line, '"content_text": "1 < 2 & 3",'), "x.json") == []
