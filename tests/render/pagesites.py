"""A site that a test writes file by file and releases, and its pages as a browser reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lxml import html

from publisher import config
from publisher.content.files import read
from publisher.content.load import decode_all
from publisher.edition.compile import compile_edition
from publisher.edition.ledger import revise
from publisher.model.ledger import Ledger
from publisher.render.site import render
from publisher.render.theme import Theme, theme
from publisher.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from publisher.model.artifact import Artifact
    from publisher.model.edition import Edition

CONFIG = """\
[site]
url = "https://news.example.org"
identity = "news.example.org,2026"
title.en = "A Calendar"
title.ru = "Календарь"
title.kk = "Күнтізбе"
languages = ["en", "ru", "kk"]
timezone = "Asia/Almaty"

[calendars.both]
title = {en = "Both", ru = "Оба"}
topics = ["mobility", "ai"]

[feeds.news]
title = "Only news"
kinds = ["announcement"]
"""
FIRST = "2026-06-01"
#: Elements that stand within a line.
INLINE = frozenset({"a", "b", "cite", "code", "em", "i", "s", "span", "strong", "sup", "time", "wbr"})


@dataclass(frozen=True)
class Page:
    """A page, parsed."""

    path: str
    source: str

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.source)

    def find(self, xpath: str) -> list[Any]:
        return list(self.tree.xpath(xpath))

    def one(self, xpath: str) -> Any:
        (found,) = self.find(xpath)
        return found

    def text(self, xpath: str = "//main") -> str:
        """What is read there, white space folded."""
        return " ".join(" ".join(read_aloud(part) for part in self.find(xpath)).split())

    def links(self, xpath: str = "//main") -> dict[str, str]:
        """Text -> address of the links there."""
        return {read_aloud(a): a.get("href") for a in self.find(f"{xpath}//a[@href]")}

    @property
    def nodes(self) -> list[dict[str, Any]]:
        """What it tells machines."""
        return [json.loads(script.text) for script in self.find("//script[@type='application/ld+json']")]

    def node(self, kind: str) -> dict[str, Any]:
        (found,) = [node for node in self.nodes if node["@type"] == kind]
        return found


def read_aloud(element: Any) -> str:
    """The text of an element, blocks apart, white space folded."""
    text = "".join(_texts(element))
    return " ".join(text.split())


def _texts(element: Any) -> Iterator[str]:
    if not isinstance(element, html.HtmlElement):
        yield str(element)  # an attribute or a text
        return
    gap = "" if element.tag in INLINE else " "
    yield gap + (element.text or "")
    for child in element:
        yield from _texts(child)
        yield child.tail or ""
    yield gap


@dataclass(frozen=True)
class Publication:
    """Everything that a release publishes."""

    edition: Edition
    look: Theme

    @cached_property
    def artifacts(self) -> dict[str, Artifact]:
        made = list(render(self.edition, self.look, str.encode))
        assert len({artifact.path for artifact in made}) == len(made)
        return {artifact.path: artifact for artifact in made}

    @cached_property
    def pages(self) -> dict[str, Page]:
        return {
            path: Page(path, artifact.data.decode())
            for path, artifact in self.artifacts.items()
            if path.endswith(".html")
        }

    def __getitem__(self, folder: str) -> Page:
        """A page by its address: `en/events/school/`."""
        return self.pages[f"{folder}index.html"]

    def naming(self, text: str) -> set[str]:
        return {path for path, page in self.pages.items() if text in page.source}


@dataclass
class Desk:
    """Where a curator writes and an operator releases."""

    root: Path
    ledger: Ledger = field(default_factory=Ledger)

    def write(self, path: str, fields: dict[str, Any], body: str = "") -> None:
        """A record's file; JSON is YAML."""
        name = path.rsplit("/", 1)[-1]
        start = {} if "." in name else {"id": name}
        target = self.root / f"content/{path}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        given = {key: value for key, value in (start | fields).items() if value is not None}
        target.write_text(f"---\n{json.dumps(given, ensure_ascii=False)}\n---\n{body}\n", "utf-8")

    def event(self, id_: str, body: str = "", **fields: Any) -> None:
        self.write(f"events/{id_}", {"title": id_.capitalize(), "start": "2026-06-11"} | fields, body)

    def put(self, path: str, data: bytes | str = b"x") -> None:
        """Any other file of the site."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)

    def remove(self, path: str) -> None:
        (self.root / f"content/{path}.md").unlink()

    def release(self, day: str = FIRST, *, backwards: bool = False) -> Publication:
        """Release what is written, at eight in the morning of a day."""
        settings = config.load(self.root)
        reading = read(self.root, settings.site.languages)
        if backwards:
            reading = replace(reading, sources=tuple(reversed(reading.sources)))
        content = decode_all(reading, settings)
        assert content.errors == (), content.errors
        now = datetime.fromisoformat(f"{day} 08:00").replace(tzinfo=zone(settings.site.timezone))
        stored = {path: f"{len(path)}-{path.rsplit('/', 1)[-1]}" for path in reading.assets}
        self.ledger = revise(content, self.ledger, settings, now.astimezone(UTC), stored)
        return self.on(day)

    def on(self, day: str) -> Publication:
        """What is public on a day on which nothing is released."""
        settings = config.load(self.root)
        edition = compile_edition(self.ledger, settings, datetime.fromisoformat(day).date())
        return Publication(edition, theme(self.root, settings.site.languages))


def desk_in(root: Path) -> Desk:
    """An empty site with two topics."""
    desk = Desk(root)
    desk.put("publisher.toml", CONFIG)
    desk.write("topics/mobility", {"name": "Mobility", "colour": "#ffe600"})
    desk.write("topics/mobility.ru", {"name": "Мобильность"})
    desk.write("topics/mobility.kk", {"name": "Ұтқырлық"})
    desk.write("topics/ai", {"name": "Artificial intelligence"})
    return desk


def one_of_everything(desk: Desk) -> None:
    """Records in every state, with everything that a record can hold."""
    desk.write(
        "organisations/uni",
        {
            "name": "A University",
            "url": "https://uni.example.org/",
            "logo": "logo.png",
            "address": "1 Street",
            "city": "Almaty",
            "country": "KZ",
            "geo": ["43.2", "76.9"],
            "email": "a@uni.example.org",
        },
    )
    desk.write("organisations/faculty", {"name": "A Faculty", "parent": "uni"})
    desk.write("places/hall", {"name": "Main Hall", "address": "1 Street", "city": "Almaty", "country": "KZ"})
    desk.write("series/schools", {"name": "Schools"})
    desk.write("pages/about", {"title": "About"}, "## Rules\n\nText.")
    desk.event("school", SCHOOL_BODY, **SCHOOL)
    desk.write(
        "events/school.ru", {"title": "Школа", "sessions": [{"id": "opening", "title": "Открытие"}]}, "Текст."
    )
    desk.event(
        "seminar",
        start="2026-05-05 18:00",
        end="19:30",
        topics=["ai"],
        organisers=["faculty"],
        online={"url": "https://meet.example.org/", "public": "false"},
        recurrence=WEEKLY,
    )
    desk.event(
        "gone",
        status="cancelled",
        status_note="The speaker is ill.",
        place={"name": "Room 5"},
        topics=["mobility"],
    )
    desk.event("later", status="postponed", status_note="A date is sought.", place="hall")
    desk.event(
        "perhaps",
        status="tentative",
        start="2026-10-01 09:00",
        end="2026-10-02 17:00",
        timezone="Europe/London",
    )
    desk.event("vague", start="2026-11")
    desk.event("reported", start=None, reported="2026-05-20")
    desk.event("past", start="2025-12-30", end="2026-01-02", place="hall")
    desk.event("russian", language="ru", title="Только по-русски")
    for name, day in (("one", 10), ("two", 11), ("three", 12)):
        desk.event(name, start=f"2026-06-{day}", end=f"2026-06-{day + 6}")
    desk.write(
        "announcements/news",
        {
            "title": "News & <more>",
            "summary": "A summary.",
            "date": "2026-05-20",
            "topics": ["mobility"],
            "organisations": ["uni"],
            "events": ["school", "gone"],
            "sources": [{"title": "S", "published": "2026-05"}],
        },
        "Text.",
    )
    desk.write("announcements/old", {"title": "Old news", "date": "2026-02-01", "expires": "2026-03-01"})
    for name in ("events/school.png", "events/plan.pdf", "organisations/logo.png"):
        desk.put(f"content/{name}")


WEEKLY = {
    "every": "week",
    "until": "2026-12-20",
    "except": ["2026-06-09"],
    "changed": [
        {
            "occurrence": "2026-06-16 18:00",
            "start": "2026-06-17 18:00",
            "title": "On another day",
            "place": {"name": "Cellar"},
        },
        {"occurrence": "2026-06-23 18:00", "status": "cancelled"},
    ],
}
SCHOOL: dict[str, Any] = {
    "title": "School <i>of</i> Everything & More",
    "summary": "What it is.",
    "start": "2026-09-07",
    "end": "2026-09-09",
    "place": "hall",
    "online": {"url": "https://meet.example.org/x?a=1&b=2", "platform": "Zoom"},
    "organisers": ["uni", {"name": "Somebody Else", "url": "https://else.example.org"}],
    "hosts": ["faculty"],
    "partners": [{"name": "A Partner"}],
    "speakers": [{"name": "Aigerim Example", "role": "Professor", "organisation": "Example University"}],
    "contact": {"name": "Office", "email": "office@uni.example.org", "phone": "+7 700"},
    "languages": ["en", "kk"],
    "topics": ["mobility", "ai"],
    "series": "schools",
    "related": ["seminar"],
    "also_known_as": [{"name": "The Other Name", "source": "2"}],
    "registration": {"url": "https://uni.example.org/r", "closes": "2026-08-15 18:00", "price": "10 000 ₸"},
    "deadlines": [
        {"id": "abstracts", "title": "Abstracts due", "at": "2026-07-01 23:59", "timezone": "AoE"},
        {"id": "early", "title": "Early bird", "at": "2026-05-15"},
        {"id": "fee", "title": "Fee", "at": "2026-06-20"},
    ],
    "sessions": [
        {
            "id": "opening",
            "title": "Opening",
            "start": "2026-09-07 09:00",
            "end": "10:00",
            "place": {"name": "Hall A"},
        },
        {"id": "talk", "title": "Talk", "start": "2026-09-07 10:00", "status": "cancelled"},
        {"id": "trip", "title": "Trip", "start": "2026-09-09"},
    ],
    "image": {"file": "school.png", "alt": "Students", "credit": "Somebody"},
    "attachments": [{"file": "plan.pdf", "title": "Plan"}],
    "sources": [
        {
            "title": "First source",
            "publisher": "uni",
            "url": "https://uni.example.org/1",
            "published": "2026-01-16",
            "note": "says 33",
        },
        {"title": "Second source", "published": "2026-01"},
    ],
    "curator_note": "What the curator concluded.",
    "pinned": "true",
}
SCHOOL_BODY = """\
### Deep heading

Text with a [page of ours](https://news.example.org/en/about/) and a [neighbour](../seminar/).

## Next heading

<script>alert(1)</script> <a href="javascript:alert(1)">x</a>
"""


def rows(page: Page, section: str) -> list[str]:
    """The lines of the list below a heading with this id."""
    return [
        read_aloud(row) for row in page.find(f"//section[@aria-labelledby='{section}']//li[h3 or div//h3]")
    ]


def root_relative(page: Page) -> Iterator[str]:
    """The addresses on the same host that a page leads to or loads."""
    for attribute in ("href", "src", "action", "formaction"):
        for value in page.find(f"//@{attribute}"):
            if value.startswith("/"):
                yield str(value).partition("#")[0]
