"""A site with as many records as one likes, in three languages, of every sort that feeds have to tell of.

Always the same: what looks random comes from a fixed seed. Some texts are long, some have pictures, tables
and footnotes; some records are translated, some are not; some become public at the same second.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

ADDRESS = "https://many.example.org/"
#: How many records a large site has.
LARGE = 2_000
CONFIGURATION = """\
[site]
url = "https://many.example.org"
identity = "many.example.org,2026"
title.en = "Many & More"
title.ru = "Много и ещё больше"
title.kk = "Көп және одан да көп"
languages = ["en", "ru", "kk"]
timezone = "Asia/Almaty"

[publish]
feed_entries = {size}

[feeds.exams]
title = "Exams & <Rankings>"
topics = ["exams", "rankings"]

[feeds.moved]
title.en = "What has moved"
title.ru = "Что перенесено"
title.kk = "Не ауысты"
kinds = ["change"]
"""
#: The kinds of small records, with their ids.
SMALL = {
    "topics": ("exams", "exchange", "law", "medicine", "rankings", "water"),
    "organisations": ("academy", "ministry", "university"),
    "places": ("hall", "library", "observatory"),
    "series": ("forum", "lectures"),
}
SINGULAR = {"topics": "topic", "organisations": "organisation", "places": "place", "series": "series"}
NAMES = {
    "en": ("Forum", "Open Day", "Round Table", "Winter School", 'Lecture, "and" more', "R&D <now>"),
    "ru": ("Форум", "День открытых дверей", "Круглый стол", "Зимняя школа", "Лекция", "«Наука» & практика"),
    "kk": ("Форум", "Ашық есік күні", "Дөңгелек үстел", "Қысқы мектеп", "Дәріс", "Ғылым & өнер"),
}
SENTENCES = {
    "en": "Universities of five countries meet, *compare* what they found and [agree](https://example.org/?a=1&b=2).",
    "ru": "Вузы пяти стран встречаются, *сравнивают* найденное и [договариваются](https://example.org/?a=1&b=2).",
    "kk": "Бес елдің университеттері кездесіп, *табылғанын* салыстырып, [келіседі](https://example.org/?a=1&b=2).",
}
TABLE = "\n\n| a | b |\n|---|:-:|\n| 1 < 2 | 3 & 4 |\n\nA footnote[^1].\n\n[^1]: Down here.\n"
FIRST = date(2024, 1, 1)

Fields = dict[str, Any]


def fill(root: Path, records: int, *, size: int = 50) -> None:
    """Write a site of so many records into a folder; an archive of it holds `size` entries."""
    random = Random(4287)  # noqa: S311 -- nobody's secret
    root.mkdir(parents=True, exist_ok=True)
    (root / "publisher.toml").write_text(CONFIGURATION.format(size=size), encoding="utf-8")
    for folder, ids in SMALL.items():
        for id_ in ids:
            write(root / "content" / folder / f"{id_}.md", {"id": id_, "name": id_.title()})
            write(root / "content" / folder / f"{id_}.ru.md", {"name": f"{id_.title()} по-русски"})
    for number in range(records):
        _record(root / "content", number, random)


def write(path: Path, fields: Fields, body: str = "") -> None:
    """Write a record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())
    path.write_text(f"---\n{''.join(lines)}---\n{body}\n", encoding="utf-8")


def picture(width: int, height: int, shade: int) -> bytes:
    """Return a PNG of one colour."""
    rows = b"".join(b"\0" + bytes([shade, 96, 160]) * width for _ in range(height))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _record(content: Path, number: int, random: Random) -> None:
    kind = "announcements" if number % 3 == 0 else "events"
    id_, name = f"record-{number:04}", random.randrange(len(NAMES["en"]))
    folder = content / kind / f"{number // 100:02}"
    fields: Fields = {"id": id_, "title": f"{NAMES['en'][name]} {number}"}
    fields |= dict(_announcement(number, random) if kind == "announcements" else _event(number, random))
    if number % 10 == 0:
        fields["image"] = {"file": f"{id_}.png", "alt": 'A "picture"'}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{id_}.png").write_bytes(picture(8 + number % 40, 8 + number % 24, number % 256))
    write(folder / f"{id_}.md", fields, _body("en", number, random))
    for language in ("ru", "kk")[: number % 4]:
        translated = {"title": f"{NAMES[language][name]} {number}"}
        write(folder / f"{id_}.{language}.md", translated, _body(language, number, random))


def _body(language: str, number: int, random: Random) -> str:
    """Give a text of some sentences; every hundredth is a long one, every seventh has a table."""
    sentences = 120 if number % 100 == 99 else random.randrange(8)
    return f"{SENTENCES[language]} " * sentences + (TABLE if number % 7 == 0 else "")


def _announcement(number: int, random: Random) -> Iterator[tuple[str, Any]]:
    yield "date", f"{FIRST + timedelta(days=random.randrange(800))}"
    yield "summary", f"What is new & {number} < {number + 1}."
    yield "topics", random.sample(SMALL["topics"], 1)
    yield "organisations", random.sample(SMALL["organisations"], 1)


def _event(number: int, random: Random) -> Iterator[tuple[str, Any]]:
    day = FIRST + timedelta(days=random.randrange(1500))
    if number % 2:
        yield from {"start": f"{day}", "end": f"{day + timedelta(days=random.randrange(3))}"}.items()
    else:
        hour = random.randrange(8, 18)
        yield from {"start": f"{day} {hour:02}:00", "end": f"{hour + 2:02}:30"}.items()
    yield "topics", random.sample(SMALL["topics"], 2)
    yield "place", random.choice(SMALL["places"])
    yield "organisers", random.sample(SMALL["organisations"], 1)
    yield "status", random.choice(("confirmed",) * 9 + ("cancelled",))
    if number % 5 == 0:
        yield "series", random.choice(SMALL["series"])
    if number % 6 == 0:
        papers = day - timedelta(days=60)
        yield "deadlines", [{"id": "papers", "title": "Papers due", "at": f"{papers}"}]
    if number % 11 == 0:
        yield (
            "sources",
            [{"title": "A report", "published": f"{day - timedelta(days=random.randrange(300))}"}],
        )
