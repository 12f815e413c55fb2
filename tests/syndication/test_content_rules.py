"""What the rules say of texts and HTML in feeds, beyond their broken and mended files."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from publisher.syndication.lint import check

RSS = (Path(__file__).parent / "mended/guid-missing.rss").read_text("utf-8")


def _codes(text: str) -> list[str]:
    return [finding.code for finding in check(text.encode(), "x")]


def _content(html: str) -> str:
    """A feed with an item of this content."""
    namespace = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    content = f"<content:encoded>{escape(html, quote=False)}</content:encoded></item>"
    return RSS.replace("</item>", content).replace("<rss ", f"<rss {namespace} ")


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ('<p><img src="//example.org/a.png" alt=""></p>', "content-url-relative"),
        ("<p><img src='a.png' alt='x'></p>", "content-url-relative"),
        ('<img alt="" src="https://example.org/a.png" srcset="a-2.png 2x">', "content-url-relative"),
        ("<p>a</p><script>alert(1)</script>", "content-active"),
        ("<p>a</p><style>p { color: red }</style>", "content-active"),
        ('<form action="https://example.org/"><p>a</p></form>', "content-active"),
        ('<p style="POSITION:absolute">a</p>', "content-style"),
        ("<p>a</p><p style='color: red;display : none'>b</p>", "content-style"),
        ('<base href="https://example.org/"><p>a</p>', "content-base"),
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
        ('See &lt;a href="https://example.org/"&gt;us&lt;/a&gt;', "text-escaped-twice"),
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
        "A word in &lt;b&gt;bold&lt;/b&gt; stands in angle brackets.",
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
