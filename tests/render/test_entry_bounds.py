"""However much a record holds, its entry in a feed has an end, in every format."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from publisher.assets import facts_of
from publisher.model.edition import Edition, Published, PublishedEvent
from publisher.model.entry_bounds import (
    MOST_CATEGORIES,
    MOST_CHARACTERS,
    MOST_CONTENT,
    MOST_ENTRY,
    MOST_FILES,
    MOST_SOURCES,
    first_words,
    weight,
)
from publisher.model.fields import MAX_LINE, MAX_LIST, MAX_TEXT
from publisher.model.records import (
    Attachment,
    Image,
    InlineParty,
    InlinePlace,
    Kind,
    Online,
    Reference,
    Registration,
)
from publisher.model.urls import MAX_URL
from publisher.render.entries import entry_of
from publisher.render.feed_documents import FORMATS, written
from publisher.syndication.lint import check

from .feedreaders import entries, links, read_json, read_xml
from .feedsites import artifacts, office

if TYPE_CHECKING:
    from publisher.render.feed import Entry

    from .feedsites import Office

#: What lines are full of: Latin and Kazakh letters, letters of four bytes, and what every format escapes.
SCRIPTS = ("Word ", "Қазақстан ", "𝔘𝔫𝔦 🎓", "&", "<b", '"\\', "&amp;")
#: Bodies that take far more bytes in a feed than as they are written.
BODIES = (
    "A sentence of some length.\n\n", "| 1 | 2 |\n|---|---|\n", "<i></i>\n\n", "&lt;\n\n",
    "```\n\n\n```\n",
)  # fmt: skip
ADDRESS = "https://source.example.org/"


def full(script: str, most: int, number: int = 0) -> str:
    """A text that is as long as it may be, unlike the others."""
    return (f"{number} " + script * most)[:most].strip()


def address(number: int, of: str = "&") -> str:
    """Likewise an address: a feed writes `&` as five bytes."""
    return f"{ADDRESS}{number}?".ljust(MAX_URL, of)


@cache
def plain() -> tuple[Office, Edition]:
    """An event and an announcement that say little, with as many deadlines as may be."""
    site = office(["en", "ru"])
    line = full("Срок ", MAX_LINE - 1)
    deadlines = [
        {"id": f"d{number}", "title": line, "at": "2026-08-01", "timezone": "AoE"}
        for number in range(MAX_LIST)
    ]
    site.say("event", "fair", title="Fair", start="2026-09-06", deadlines=deadlines)
    site.say("event", "fair", "ru", title=full("Ярмарка ", MAX_LINE))
    site.say("announcement", "news", title="News", events=["fair"])
    return site, site.release()


def worst(edition: Edition, id_: str, script: str, body: str) -> tuple[Edition, Published[Any]]:
    """A record with all that its schema allows, and the edition that knows what it names."""
    (record,) = (each for each in (*edition.events, *edition.announcements) if each.id == id_)
    line, text = full(script, MAX_LINE), full(script, MAX_TEXT)
    many = range(MAX_LIST)
    fields: dict[str, Any] = {
        "title": line, "summary": text, "body": body * (1_000_000 // len(body)), "curator_note": text,
        "sources": tuple(
            Reference(title=line, url=address(number), note=text, published="2026-01-01") for number in many
        ),
        "image": Image(file="photo.png", alt=line, credit=line),
        "attachments": tuple(Attachment(file=f"f{number}.pdf", title=line) for number in many),
    }  # fmt: skip
    if isinstance(record, PublishedEvent):
        place = {"name": line, "address": line, "city": line, "country": "KZ", "url": address(0)}
        fields |= {
            "status_note": text,
            "online": Online(url=address(0)), "registration": Registration(url=address(0)),
            "place": tuple(
                InlinePlace(**place | {"name": full(script, MAX_LINE, number)}) for number in range(20)
            ),
            "organisers": tuple(InlineParty(name=full(script, MAX_LINE, number)) for number in many),
        }  # fmt: skip
    members = [(kind, f"m{number}") for kind in (Kind.TOPIC, Kind.ORGANISATION) for number in many]
    texts = {language: told.model_copy(update=fields) for language, told in record.texts.items()}
    files = {"photo.png": f"a/{'p' * 96}.png", **{f"f{n}.pdf": f"{n}/{'f' * 96}.pdf" for n in many}}
    known = replace(
        edition,
        others={member: dict.fromkeys(edition.languages, line) for member in members},
        asset_facts=lambda _: facts_of(b"%PDF-1.4"),
    )
    return known, replace(record, texts=texts, memberships=frozenset(members), assets=files)


def told(id_: str, script: str, body: str = BODIES[0]) -> Entry:
    site, edition = plain()
    known, record = worst(edition, id_, script, body)
    return entry_of(known, site.theme, "en", record)


@pytest.mark.parametrize("id_", ["fair", "news"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_an_entry_ends_whatever_its_record_holds(id_: str, script: str) -> None:
    entry = told(id_, script)

    assert {form: size for form in FORMATS if (size := len(written(entry, form))) > MOST_ENTRY} == {}


@pytest.mark.parametrize("body", BODIES)
def test_an_entry_ends_whatever_its_text_is_made_of(body: str) -> None:
    entry = told("news", "&", body)

    assert weight(entry.content) <= MOST_CONTENT
    assert {form: size for form in FORMATS if (size := len(written(entry, form))) > MOST_ENTRY} == {}


def filled(sources: int) -> Office:
    """What a curator may well write: long lists, whose members are short."""
    site = office(["en"])
    topics = [f"topic-{number:03}" for number in range(80)]
    for name in topics:
        site.say("topic", name, name=name.title())
    site.put("event", "a.pdf", b"%PDF-1.4")
    for number in range(80):
        site.put("event", f"{number}.pdf", f"%PDF-1.4 {number}".encode())
    site.say(
        "event", "fair", title="Fair", start="2026-09-06", topics=topics,
        sources=[{"title": f"S{number}", "url": f"{ADDRESS}{number}"} for number in range(sources)],
        organisers=[{"name": f"Faculty number {number}"} for number in range(300)],
        place=[{"name": f"Hall {number}", "address": full("Road ", 200)} for number in range(20)],
        attachments=[{"file": f"{number}.pdf", "title": f"F{number}"} for number in range(80)],
    )  # fmt: skip
    return site


def test_of_long_lists_an_entry_has_the_first_in_the_record_s_order_and_all_formats_agree() -> None:
    site = filled(sources=30)
    files = artifacts(site.release(), site.theme)
    stated = read_json(files["en/events/feed.json"].data)
    (item,) = json.loads(files["en/events/feed.json"].data)["items"]
    event, named = item["_event"], item["attachments"][1:]

    assert stated == read_xml(files["en/events/feed.atom"].data) == read_xml(files["en/events/feed.rss"].data)
    assert 30 < len(named) < MOST_FILES
    assert [file["title"] for file in named] == [f"F{number}" for number in range(len(named))]
    assert 30 < len(item["tags"]) <= MOST_CATEGORIES
    assert item["tags"] == [f"Topic-{number:03}" for number in range(len(item["tags"]))]
    assert event["organizer"].startswith("Faculty number 0, Faculty number 1, ")
    for text in (event["organizer"], event["location"]):
        assert MOST_CHARACTERS * 0.9 < len(text) <= MOST_CHARACTERS
        assert text.endswith(" …")


def test_an_entry_links_to_its_first_sources_and_lists_them_all() -> None:
    site = filled(sources=30)
    edition = site.release()
    entry = entry_of(edition, site.theme, "en", edition.events[0])

    via = [link.href for link in entry.links if link.rel == "via"]
    assert via == [f"{ADDRESS}{number}" for number in range(MOST_SOURCES)]
    assert all(f'"{ADDRESS}{number}"' in entry.content for number in range(30))


@pytest.mark.parametrize("path", ["en/feed", "en/events/feed"])
def test_a_feed_of_one_long_record_is_below_200_kb_and_sound(path: str) -> None:
    site = office(["en"])
    site.say(
        "event", "fair", title="Fair", start="2026-09-06",
        sources=[{"title": "S", "url": f"{ADDRESS}{number}/{'x' * 1_500}"} for number in range(200)],
        organisers=[{"name": f"{number}{'<' * 290}"} for number in range(400)],
    )  # fmt: skip
    files = site.published()

    for form in FORMATS:
        name = f"{path}.{form}"
        assert len(files[name].data) < 200_000
        assert check(files[name].data, f"{site.settings.site.url}/{name}") == ()
    via = links(entries(files[f"{path}.atom"].data)[0], "via")
    assert 2 < len(via) < MOST_SOURCES
    assert [link.attrib["href"].split("/")[3] for link in via] == [str(number) for number in range(len(via))]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("a" * MOST_CHARACTERS, "a" * MOST_CHARACTERS),
        ("word " * 200 + "end", "word " * 199 + "…"),
        ("ә" * 2_000, "ә" * (MOST_CHARACTERS - 2) + " …"),
        ("A " + "🎓" * 2_000, "A " + "🎓" * (MOST_CHARACTERS - 4) + " …"),
    ],
)
def test_a_text_ends_with_a_word_where_it_has_any(text: str, short: str) -> None:
    assert first_words(text) == short
