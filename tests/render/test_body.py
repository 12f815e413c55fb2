"""A record's text as feeds and pages show it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pytest

from pictures import jpeg, png
from publisher.render import markup
from publisher.render.body import body

from .feedreaders import read_json
from .feedsites import artifacts, office
from .pagesites import desk_in

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://news.example.org/en/announcements/news/"


def told(markdown: str, **files: bytes) -> str:
    """A text in a feed; `files` stand beside it, two underscores in a name are a dot, one is a slash."""
    site = office(["en"])
    for name, data in files.items():
        site.put("announcement", name.replace("__", ".").replace("_", "/"), data)
    site.say("announcement", "news", title="News", body=markdown)
    (entry,) = read_json(artifacts(site.release(), site.theme)["en/feed.json"].data)
    return entry.content


def html(markdown: str) -> str:
    return markup.html(markdown, BASE)


def test_a_picture_beside_the_record_is_shown_with_its_text_and_size() -> None:
    site = office(["en"])
    address = site.put("announcement", "photo.jpg", jpeg(640, 480))
    site.say("announcement", "news", title="News", body='![Us, "all" & <more>](photo.jpg)')
    edition = site.release()

    assert body(edition, "en", edition.announcements[0]) == (
        f'<p><img src="{address}" alt="Us, “all” &amp; &lt;more&gt;" width="640" height="480"></p>'
    )


def test_files_are_found_however_they_are_named() -> None:
    content = told(
        "[a](rules.pdf#page=2) [b](./rules.pdf) [c][] <a href='rules.pdf'>d</a> ![e](plans/floor.png)\n\n"
        "[c]: <rules.pdf>",
        rules__pdf=b"%PDF",
        plans_floor__png=png(10, 20),
    )

    assert content.count("/rules.pdf") == 4
    assert content.count('/rules.pdf#page=2"') == 1
    assert 'floor.png" alt="e" width="10" height="20"' in content
    assert BASE not in content


def test_a_page_leads_to_the_same_files(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    desk.put("content/events/programme.pdf")
    desk.put("content/events/hall.png", png(3, 4))
    desk.event("school", "See the [programme](programme.pdf). ![The hall](hall.png)")
    desk.write("events/school.ru", {"title": "Школа"}, "[Программа](programme.pdf) ![Зал](hall.png)")
    page, other = (desk.release()[f"{language}/events/school/"] for language in ("en", "ru"))

    assert page.links()["programme"].startswith("/assets/files/")
    assert other.links()["Программа"] == page.links()["programme"]
    assert [image.get("alt") for image in page.find("//main//img")] == ["The hall"]
    assert page.find("//main//img")[0].get("src").startswith("/assets/files/")


def test_a_size_that_the_text_gives_stays() -> None:
    content = told('<img src="a.png" alt="A" width="30"> <img src="a.png" width="100%">', a__png=png(60, 80))

    assert content.count('width="30">') == 1
    assert 'alt="" width="60" height="80">' in content


def test_a_picture_of_another_site_keeps_what_is_said_of_it() -> None:
    shown = html('![A](https://o.example.org/a.png?x=1&y=2) <img src="//o.example.org/b.png" height=4>')

    assert '<img src="https://o.example.org/a.png?x=1&amp;y=2" alt="A">' in shown
    assert '<img src="https://o.example.org/b.png" alt="" height="4">' in shown


@pytest.mark.parametrize("address", ["missing.png", "data:image/png;base64,AA", "javascript:alert(1)", "x/y"])
def test_of_a_picture_that_is_not_to_be_had_the_text_stays(address: str) -> None:
    assert html(f"Before ![a map & more]({address}) after") == "<p>Before a map &amp; more after</p>"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc"])
def test_a_link_that_is_not_safe_leaves_its_words(address: str) -> None:
    assert html(f"[words]({address})") == "<p>words</p>"


@pytest.mark.parametrize(
    "link",
    ["[words]()", "[words](http://[::1)", '<a title="T" hreflang="en">words</a>', "<a href=' '>words</a>"],
)
def test_a_link_that_leads_nowhere_is_no_link(link: str) -> None:
    assert html(f"*Before* {link} [after](https://example.org/)") == (
        '<p><em>Before</em> words <a href="https://example.org/">after</a></p>'
    )


@pytest.mark.parametrize("sign", ["&", "<", "\u00a0", "Қ & "])
def test_a_very_long_text_is_whole(sign: str) -> None:
    said = html(f"a{sign * 50_000}a")

    assert said == f"<p>a{escape(sign * 50_000)}a</p>".replace("\u00a0", "&nbsp;")
    assert markup.text(said) == f"a{sign * 50_000}a"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("../other/", "https://news.example.org/en/announcements/other/"),
        ("/about/", "https://news.example.org/about/"),
        ("?a=1", f"{BASE}?a=1"),
        ("#there", f"{BASE}#there"),
        ("files/missing.pdf", f"{BASE}files/missing.pdf"),
        ("mailto:office@example.org", "mailto:office@example.org"),
    ],
)
def test_a_relative_link_leads_where_it_does_on_the_page(written: str, address: str) -> None:
    assert html(f"[words]({written})") == f'<p><a href="{address}">words</a></p>'


def test_a_footnote_leads_to_the_page_and_its_id_is_no_other_texts() -> None:
    text = "One[^1] and two[^a note].\n\n[^1]: First.\n\n[^a note]: Second, see[^1].\n"
    shown, elsewhere = html(text), markup.html(text, BASE.replace("news/", "other/"))

    assert f'<sup><a href="{BASE}#en-announcements-news-1">1</a></sup>' in shown
    assert '<div id="en-announcements-news-1">' in shown
    assert f'href="{BASE}#en-announcements-news-_2"' in shown
    assert '<div id="en-announcements-news-_2">' in shown
    assert 'id="en-announcements-other-1"' in elsewhere


def test_an_id_is_there_once() -> None:
    shown = html('<div id="x">One</div>\n\n<div id="x">Two</div>\n\n[to one](#x)')

    assert shown.count("id=") == 1
    assert f'<a href="{BASE}#en-announcements-news-x">' in shown


def test_headings_stand_below_the_pages_own_and_code_stays_as_it_is() -> None:
    shown = html("# One\n\nTwo\n===\n\n### Three\n\n```sh\n# no heading\n```\n")

    assert "<h2>One</h2>\n<h2>Two</h2>\n<h3>Three</h3>" in shown
    assert "<pre><code># no heading\n</code></pre>" in shown


def test_tables_lists_and_quotes_survive() -> None:
    shown = html("| a | b |\n|--:|---|\n| 1 | `2` |\n\n> Said\n\n3. Three\n   - below\n\n~~gone~~\n")

    for part in (
        "<th>a</th><th>b</th>", "<td>1</td><td><code>2</code></td>",
        "<blockquote>\n<p>Said</p>\n</blockquote>", '<ol start="3">\n<li>Three\n<ul>', "<del>gone</del>",
    ):  # fmt: skip
        assert part in shown


def test_an_excerpt_is_plain_and_says_nothing_of_links_and_notes() -> None:
    text = "# Title\n\n**Read** [this](https://example.org/x), really[^1].\n\n[^1]: Note."
    text += "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"

    assert markup.excerpt(text, BASE).startswith("Title Read this, really.")
    assert markup.excerpt(text, BASE).endswith("a b 1 2")
    assert len(markup.excerpt("word " * 1000)) <= markup.EXCERPT + 2


def test_mail_spells_out_where_links_lead() -> None:
    assert markup.plain("Read [this](x/)[^1].\n\n[^1]: Note.", BASE).splitlines()[0] == (
        f"Read this ({BASE}x/)[1]."
    )
