"""An entry has an end: a feed is fetched again and again, and whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from publisher.model.entry_bounds import MOST_CONTENT, weight
from publisher.render.entry_cut import beginning

from .feedreaders import Read, read_json, read_xml
from .feedsites import artifacts, office

if TYPE_CHECKING:
    from .feedsites import Office

PARAGRAPH = "Бұл — ұзақ мәтіннің бір абзацы. " * 10
PAGE = "https://news.example.org/{}/announcements/report/"
MORE = {
    language: f'<p><a href="{PAGE.format(language)}">{words}</a></p>'
    for language, words in (
        ("en", "This is the beginning. The whole text is on the page"),
        ("ru", "Это начало. Полный текст — на странице"),
    )
}


def site_with(body: str, **fields: Any) -> Office:
    site = office(["en", "ru"])
    site.say("announcement", "report", title="A report", body=body, **fields)
    site.say("announcement", "report", "ru", title="Отчёт", body=body)
    return site


def told(site: Office, language: str = "en") -> Read:
    """The entry; all formats say the same of it."""
    files = artifacts(site.release(), site.theme)
    (entry,) = read_json(files[f"{language}/feed.json"].data)
    assert (
        [entry]
        == read_xml(files[f"{language}/feed.atom"].data)
        == read_xml(files[f"{language}/feed.rss"].data)
    )
    return entry


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_long_text_ends_after_a_paragraph_and_leads_to_the_page(language: str) -> None:
    site = site_with("\n\n".join(f"Paragraph {number}. {PARAGRAPH}" for number in range(300)))
    content = told(site, language).content

    assert MOST_CONTENT * 0.9 < len(content.encode()) <= MOST_CONTENT
    *paragraphs, last = content.removeprefix('<div lang="en">').replace("</div>", "").split("\n")
    assert last == MORE[language]
    assert paragraphs == [
        f"<p>Paragraph {number}. {PARAGRAPH.strip()}</p>" for number in range(len(paragraphs))
    ]


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("1. An item\n", "<ol>\n<li>An item</li>\n", "<li>An item</li></ol>"),
        ("> A paragraph\n>\n", "<blockquote>\n<p>A paragraph</p>\n", "<p>A paragraph</p></blockquote>"),
        ("| a | b |\n|---|---|\n", "<table><thead><tr><th>a", "</tr></tbody></table>"),
    ],
)
def test_a_long_list_ends_after_one_of_its_items(line: str, start: str, end: str) -> None:
    content = told(site_with(line * 6_000)).content

    assert MOST_CONTENT * 0.9 < weight(content) <= MOST_CONTENT
    assert content.startswith(start)
    assert content.endswith(f"{end}\n{MORE['en']}")


def test_what_stands_below_a_long_text_stays() -> None:
    site = site_with(
        f"{PARAGRAPH}\n\n" * 200,
        sources=[{"title": "A source", "url": "https://source.example.org/"}],
        curator_note="A note.",
    )
    content = told(site).content

    assert len(content.encode()) <= MOST_CONTENT
    for part in ("https://source.example.org/", "<p>A note.</p>", MORE["en"]):
        assert part in content


def test_a_text_that_fits_is_whole() -> None:
    content = told(site_with(f"{PARAGRAPH}\n\n" * 80)).content

    assert 45_000 < len(content.encode()) < MOST_CONTENT
    assert content.count("<p>") == 80
    assert "on the page" not in content


def test_a_long_paragraph_after_a_short_one_ends_after_a_word() -> None:
    content = told(site_with("An introduction.\n\n" + "A sentence of *some* length. " * 2_200)).content

    assert MOST_CONTENT * 0.8 < weight(content) <= MOST_CONTENT
    assert content.startswith("<p>An introduction.</p>\n<p>A sentence of <em>some</em> length. A sentence ")
    assert re.search(rf"(?:A|sentence|of|<em>some</em>|length\.) …</p>\n{re.escape(MORE['en'])}$", content)


def test_long_code_stays_code_and_ends_after_a_line() -> None:
    content = told(site_with("```sh\n" + "if a < b; then echo one; fi\n" * 2_400 + "```\n")).content
    start, _, rest = content.partition("</code>")

    assert MOST_CONTENT * 0.5 < weight(content) <= MOST_CONTENT
    assert start == "<pre><code>" + "if a &lt; b; then echo one; fi\n" * start.count("\n")
    assert rest == f"</pre>\n{MORE['en']}"


def test_a_long_paragraph_in_quotations_ends_after_a_word() -> None:
    content = told(site_with("> " * 40 + PARAGRAPH * 500)).content

    assert MOST_CONTENT * 0.5 < weight(content) <= MOST_CONTENT
    assert content.endswith(f" …</p>{'</blockquote>' * 40}\n{MORE['en']}")
    assert content.count("<blockquote>") == 40


def test_a_text_without_spaces_ends_after_a_character() -> None:
    content = told(site_with("ә&" * 30_000)).content

    assert MOST_CONTENT * 0.5 < weight(content) <= MOST_CONTENT
    assert re.fullmatch(rf"<p>(?:ә&amp;)*ә? …</p>\n{re.escape(MORE['en'])}", content)


def test_very_many_sources_give_way_to_the_text() -> None:
    sources = [{"title": f"{number}", "note": PARAGRAPH} for number in range(300)]
    content = told(site_with(f"{PARAGRAPH}\n\n" * 60, sources=sources)).content

    assert len(content.encode()) <= MOST_CONTENT
    assert content.count(PARAGRAPH.strip()) == 60
    assert content.endswith(MORE["en"])


def test_an_event_says_when_it_is_however_long_its_text_is() -> None:
    site = office(["en"])
    site.say(
        "event", "school", title="School", start="2026-09-06", body=f"{PARAGRAPH}\n\n" * 300,
        deadlines=[{"id": "papers", "title": "Papers", "at": "2026-08-01"}],
    )  # fmt: skip
    content = told(site).content

    assert content.startswith("<p><strong>6 September 2026 · Confirmed</strong></p>")
    assert "Papers: 1 August 2026" in content


_INLINE = st.sampled_from(
    ["a", "ә", "🎓", " ", " word ", "&amp;", "<br>", '<a href="https://a.example.org/">b c</a>', "<em>c</em>"]
)
_TEXT = st.lists(_INLINE, min_size=1, max_size=5).map("".join)
_LONG = st.tuples(_TEXT, st.integers(1, 60)).map(lambda repeated: repeated[0] * repeated[1])
_BLOCKS = st.recursive(
    _LONG.map("<p>{}</p>".format)
    | _TEXT.map("<ul><li>{}</li></ul>".format)
    | _LONG.map("<p><strong><em>{}</em></strong></p>".format)
    | st.integers(1, 60).map(lambda lines: "<pre><code>a &lt; b" + "line\n" * lines + "</code></pre>")
    | _LONG.map("<table><tbody><tr><td>a</td><td>{}</td></tr></tbody></table>".format)
    | st.just("<hr>"),
    lambda inner: (
        st.lists(inner, max_size=4).map("".join)
        | st.lists(inner, max_size=3).map(lambda blocks: f"<blockquote>{''.join(blocks)}</blockquote>")
    ),
    max_leaves=20,
)


@given(whole=_BLOCKS, most=st.integers(-5, 3_000))
def test_what_is_cut_is_well_formed_fits_and_is_the_beginning(whole: str, most: int) -> None:
    kept = beginning(whole, most)

    assert len(kept.encode()) <= max(most, 0)
    assert serialised(kept) == kept
    assert _said(whole).startswith(_said(kept).removesuffix(" …"))


@given(whole=_BLOCKS, most=st.integers(0, 3_000))
def test_what_is_cut_uses_at_least_half_of_its_room(whole: str, most: int) -> None:
    kept = beginning(whole, most)

    assert kept == whole or len(kept.encode()) >= most / 2 - _closing(whole)


def _said(markup_: str) -> str:
    return str(html.fragment_fromstring(markup_, create_parent=True).text_content())


def _closing(whole: str) -> int:
    """The bytes of all elements that are open at the deepest place, opened and closed; and of one tag."""
    div = html.fragment_fromstring(whole, create_parent=True)
    return max(sum(len(f"<{e.tag}></{e.tag}>") for e in one.iterancestors()) for one in div.iter()) + 100


def serialised(kept: str) -> str:
    """As a browser understands it: what is not closed, or closed twice, would look different."""
    div = html.fragment_fromstring(kept, create_parent=True)
    return str(html.tostring(div, encoding="unicode")).removeprefix("<div>").removesuffix("</div>")
