"""How the site looks, and how another site gives it a look of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from publisher.render.collation import collation_key
from publisher.render.colours import CONTRAST, DAY, NIGHT, adapted, contrast

if TYPE_CHECKING:
    from .pagesites import Desk, Publication


def test_a_files_address_changes_with_its_content(desk: Desk) -> None:
    desk.put("templates/assets/extra.css", "h1 { color: red }")
    before = {path for path in desk.release().artifacts if path.startswith("assets/extra")}
    desk.put("templates/assets/extra.css", "h1 { color: blue }")
    site = desk.release()
    after = {path for path in site.artifacts if path.startswith("assets/extra")}

    assert len(before) == len(after) == 1
    assert before != after
    assert f"/{after.pop()}" in site["en/"].find("//link[@rel='stylesheet']/@href")


def test_a_style_sheet_finds_the_files_it_names(desk: Desk) -> None:
    desk.put("templates/assets/extra.css", "h1 { background: url('img/sky.png') }")
    desk.put("templates/assets/img/sky.png", b"sky")
    artifacts = desk.release().artifacts

    (css,) = (
        artifact.data.decode() for path, artifact in artifacts.items() if path.startswith("assets/extra")
    )
    named = re.findall(r'url\("(.+)"\)', css)[0]
    assert artifacts[f"assets/{named}"].data == b"sky"


def test_the_style_of_feeds_has_a_name_that_stays(everything: Publication) -> None:
    assert "assets/feed.css" in everything.artifacts


def test_a_site_changes_the_part_of_the_theme_that_it_wants_to(desk: Desk) -> None:
    desk.put("templates/parts/news-row.html", "<li>{{ title.text }} (ours)</li>\n")
    desk.put(
        "templates/page.html",
        '{% extends "default/page.html" %}{% block main %}Above. {{ super() }}{% endblock %}',
    )
    desk.write("announcements/a", {"title": "News", "date": "2026-05-01"})
    desk.write("pages/about", {"title": "About"}, "Text.")
    site = desk.release()

    assert "News (ours)" in site["en/"].text()
    assert "Above." in site["en/about/"].text()
    assert "Text." in site["en/about/"].text()


def test_the_theme_is_small(everything: Publication) -> None:
    sizes = {
        path: len(artifact.data)
        for path, artifact in everything.artifacts.items()
        if path.startswith("assets/s")
    }
    (css,) = (size for path, size in sizes.items() if path.endswith(".css"))
    (script,) = (size for path, size in sizes.items() if path.endswith(".js"))

    assert css < 25_000
    assert script < 5_000


def test_text_stands_out_from_its_ground_by_day_and_by_night(everything: Publication) -> None:
    (css,) = (
        a.data.decode()
        for path, a in everything.artifacts.items()
        if path.startswith("assets/site.") and path.endswith("css")
    )
    day, night = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block))
        for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    )

    for scheme in (day, day | night):
        colours = {
            name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:])
            for name, value in scheme.items()
        }
        grounds = [
            colours[name]
            for name in ("paper", "surface", "raised", "off-ground", "wait-ground", "move-ground")
        ]
        assert min(contrast(colours["ink"], ground) for ground in grounds) >= CONTRAST
        plain = [colours[name] for name in ("paper", "surface", "raised")]
        for name in ("soft", "accent", "off", "wait"):
            assert min(contrast(colours[name], ground) for ground in plain) >= CONTRAST, name
        assert contrast(colours["on-accent"], colours["accent"]) >= CONTRAST
        assert min(contrast(colours["on-mark"], colours[name]) for name in ("off", "wait")) >= CONTRAST
        assert colours["surface"] in {DAY, NIGHT}


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_of_a_topic_can_be_seen_by_day_and_by_night(number: int) -> None:
    day, night = adapted(f"#{number:06x}")

    assert contrast(day, DAY) >= CONTRAST
    assert contrast(night, NIGHT) >= CONTRAST


def test_a_colour_that_can_be_seen_is_left_as_it_is() -> None:
    assert adapted("#005a9c")[0] == "#005a9c"


def test_names_stand_in_the_order_of_the_kazakh_alphabet() -> None:
    ordered = [
        "Арман",
        "«Аспан»",
        "Әлем",
        "Бала",
        "Ғылым",
        "Кітап",
        "Қала",
        "Уақыт",
        "Ұлт",
        "Үміт",
        "Һ",
        "Іс",
    ]

    assert sorted(set(ordered), key=collation_key) == ordered
