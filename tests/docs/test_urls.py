"""The reference of addresses knows every file of a build, and promises what the server says of each."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass

import pytest

from publisher.model.artifact import media_type
from publisher.server.policy import FOR_EVER, MACHINES, PAGES, headers_for
from sites import CuratedSite

from .documents import ROOT

KEPT = {"1 minute": PAGES, "5 minutes": MACHINES, "for ever": FOR_EVER}
FACETS = "(?:topics|organisations|places|series)"
NAMES = {
    "language": r"[a-z]{2,3}",
    "id": r"[a-z0-9]+(?:-[a-z0-9]+)*",
    "sort": "(?:events|announcements|changes)",
    "page": (
        r"(?!events/|calendar/|announcements/|changes/|deadlines/|subscribe/|digests/"
        rf"|{FACETS}/)[a-z0-9-]+"
    ),
    "facets": FACETS,
    "list": r"[a-z0-9]+(?:-[a-z0-9]+)*",
    "period": r"\d{4}-[W\d-]+",
    "year": r"\d{4}(?:-\d{2})?",
    "month": r"\d{4}-\d{2}",
    "number": r"\d+",
    "hashed": r"[\w/-]+\.[0-9a-f]{8}\.\w+",
    "hash": r"[0-9a-f]{16}",
    "file": r"[A-Za-z0-9][\w.-]*",
}
_ROW = re.compile(r"^\| `([^`?]+)` \| .+ \| (?:`([^`]+)`|by its ending) \| (.+) \|$", re.MULTILINE)

#: What this site does not use yet: named combinations, a picture, so small archives that there is one.
SETTINGS = "\n[publish]\nfeed_entries = 5\n"
TABLES = """
[calendars.mobility]
title = "Mobility"
topics = ["academic-mobility"]

[feeds.news]
title = "News"
kinds = ["announcement"]
"""
NEWS = "---\nid: more-{number}\ntitle: More news\ndate: 2026-05-26\n---\n"
PICTURE = """\
---
id: with-a-picture
title: With a picture
date: 2026-05-26
image: {file: dot.png, alt: A dot}
---
"""
#: So long ago that calendars of its year stand beside the others.
OLD = """\
---
id: long-ago
title: Long ago
start: 2019-05-06
topics: [academic-mobility]
sessions: [{id: talk, title: A talk, start: 2019-05-06 10:00}]
deadlines: [{id: papers, title: Papers due, at: 2019-04-01}]
---
"""


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    path: str
    media_type: str
    kept: str

    def fits(self, path: str) -> bool:
        pattern = re.sub(r"\\{(\w+)\\}", lambda match: NAMES[match[1]], re.escape(self.path))
        return re.fullmatch(pattern, path) is not None


def rows() -> list[Row]:
    text = (ROOT / "docs/reference/urls.md").read_text("utf-8")
    files = text.partition("## Files of build/")[2].partition("\n## ")[0]
    return [Row(*found) for found in _ROW.findall(files)]


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Every file that a build of this site makes, with all that the site could have."""
    site = CuratedSite(tmp_path_factory.mktemp("addresses") / "site")
    shutil.copytree(ROOT / "content", site.root / "content")
    configured = (ROOT / "publisher.toml").read_text("utf-8")
    site.write("publisher.toml", configured.replace("\n[publish]\n", SETTINGS, 1) + TABLES)
    record = site.write("content/announcements/more/with-a-picture.md", PICTURE)
    site.write("content/events/2019/long-ago.md", OLD)
    for number in range(6):
        site.write(f"content/announcements/more/more-{number}.md", NEWS.format(number=number))
    (record.parent / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    # An announcement of the week before, so that there is an issue on the first of June, a Monday.
    site.run("build", "--now", "2026-05-27T12:00:00+05:00")
    site.run("tick", "--now", "2026-06-01T08:00:00+05:00")
    return list(site.files())


def test_every_file_that_is_made_is_in_the_table(paths: list[str]) -> None:
    assert [path for path in paths if not any(row.fits(path) for row in rows())] == []


def test_every_line_of_the_table_is_made(paths: list[str]) -> None:
    assert [row.path for row in rows() if not any(row.fits(path) for path in paths)] == []


def test_media_types_and_times_are_those_that_the_server_sends(paths: list[str]) -> None:
    for path in paths:
        told = [row for row in rows() if row.fits(path)]
        assert len(told) == 1, (path, told)
        sent = media_type(path).partition(";")[0]
        assert told[0].media_type in {"", sent}, path
        assert KEPT[told[0].kept] == headers_for(path)["Cache-Control"], path
