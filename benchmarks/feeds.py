"""What all feeds and archives of a large site cost, by `python benchmarks/feeds.py [RECORDS]`.

Half of the records (10,000 by default) are events, half announcements, each with some
paragraphs, of one of 30 topics and one of 20 organisations. Prints CPU seconds and peak memory
of: all feeds for the first time, again with nothing changed, after one announcement was
reworded, and after one event has moved. The clock runs over the feeds alone, from an edition on:
fragments read, entries made, archives closed, documents joined. What stands beside as a measure
is feedgen alone: each record once, in one Atom and one RSS feed, with a body that is HTML already.
"""

from __future__ import annotations

import json
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from build import write

TOPICS, ORGANISATIONS = 30, 20
LANGUAGES = {"one language": ("en",), "three languages": ("en", "ru", "kk")}
BEGINNING = datetime(2026, 6, 1, tzinfo=UTC)
CONFIG = """\
[site]
url = "https://bench.example.org"
identity = "bench.example.org,2026"
timezone = "Asia/Almaty"
"""
BODY = """\
The meeting brings together *{number}* speakers of twelve universities, who tell of their work with
[partners](https://example.org/partners/{number}) in other countries, and of what became of it.

- Registration is open until the week before, for whoever wants to come.
- A programme in three languages follows, with rooms and hours.

> What is agreed there is written down, and published here within a week.

It takes place for the {number}th time. Travel is paid for speakers only; a list of hotels within
walking distance is on the page of the host, who also answers questions about visas.
"""


def make_site(root: Path, records: int, languages: tuple[str, ...]) -> None:
    """The site's files."""
    titles = "".join(f'title.{language} = "Benchmark"\n' for language in languages)
    settings = f"{CONFIG}{titles}languages = {json.dumps(languages)}\n"
    (root / "publisher.toml").write_text(settings, "utf-8")
    for kind, count in (("topics", TOPICS), ("organisations", ORGANISATIONS)):
        for number in range(count):
            fields = f"id: {kind[0]}{number}\nname: {kind} {number}"
            write(root / f"content/{kind}/{kind[0]}{number}.md", fields)
    for number in range(records):
        write_record(root, number, date(2020, 1, 1) + timedelta(days=number * 3650 // records))


def write_record(root: Path, number: int, day: date, word: str = "Record") -> None:
    """One record: an event where its number is even, else an announcement."""
    kind, when = ("event", f"start: {day}") if number % 2 == 0 else ("announcement", "publish_at: 2026-01-01")
    whose = "organisers" if kind == "event" else "organisations"
    fields = (
        f"id: r{number}\ntitle: {word} number {number}\nsummary: What number {number} is about.\n{when}\n"
        f"topics: [t{number % TOPICS}]\n{whose}: [o{number % ORGANISATIONS}]"
    )
    write(root / f"content/{kind}s/r{number}.md", fields, BODY.format(number=number))


def measure(root: Path, hours: int) -> None:
    """In a process of its own: all feeds of the site's edition, and what they cost."""
    from publisher.content.files import read
    from publisher.content.load import decode_all
    from publisher.edition.compile import compile_edition
    from publisher.edition.ledger import revise
    from publisher.model.archives import Archives
    from publisher.model.ledger import Ledger
    from publisher.release import undisturbed
    from publisher.render.feeds import feeds
    from publisher.site import open_site

    site, kept, now = open_site(root), root / "kept", BEGINNING + timedelta(hours=hours)
    ledger, ends = pickle.loads(kept.read_bytes()) if kept.exists() else (Ledger(), {})  # noqa: S301 -- ours
    content = decode_all(read(root, site.config.site.languages), site.config, published_from={})
    ledger, theme = revise(content, ledger, site.config, now, {}), site.theme
    archives = Archives.of_json(ends)
    _ = theme.words
    began = time.process_time()
    compiled_edition = compile_edition(ledger, site.config, site.local_date(now), archives=archives)
    compiled = time.process_time() - began
    began = time.process_time()
    edition = replace(compiled_edition, fragments=site.fragment_file.load())
    with undisturbed():
        made = list(feeds(edition, theme))
    cost = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    site.fragment_file.keep(edition.fragments)
    kept.write_bytes(pickle.dumps((ledger, archives.as_json())))
    living = [len(artifact.data) for artifact in made if "/archive/" not in artifact.path]
    total = sum(len(artifact.data) for artifact in made)
    print(json.dumps([cost, compiled, peak, len(living), max(living), len(made), total]))


def feedgen_alone(records: int) -> float:
    """CPU seconds of feedgen for as many entries, once as Atom and once as RSS."""
    from feedgen.feed import FeedGenerator

    html = "<p>" + BODY.replace("\n\n", "</p><p>") + "</p>"
    began = time.process_time()
    feed = FeedGenerator()
    feed.id("tag:bench.example.org,2026:feed")
    feed.title("Benchmark")
    feed.subtitle("Benchmark")
    feed.link(href="https://bench.example.org/")
    for number in range(records):
        entry = feed.add_entry(order="append")
        entry.id(f"tag:bench.example.org,2026:{number}")
        entry.title(f"Record number {number}")
        entry.link(href=f"https://bench.example.org/{number}/")
        entry.updated(BEGINNING)
        entry.summary(f"What number {number} is about.")
        entry.content(html, type="html")
    feed.atom_str(pretty=True)
    feed.rss_str(pretty=True)
    return time.process_time() - began


def run(root: Path, what: str, hours: int) -> None:
    """One line of figures."""
    command = [sys.executable, __file__, "--measure", str(root), str(hours)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    cost, compiled, peak, living, largest, documents, total = json.loads(answer)
    print(
        f"  {what:12} {cost:6.2f} s CPU {peak:5.0f} MB   {living} feeds, the largest {largest / 1000:.0f} kB;"
        f" {documents - living} archives, {total / 1e6:.0f} MB in all (compiling before: {compiled:.1f} s)"
    )


def main() -> None:
    """Print the figures."""
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]), int(sys.argv[3]))
        return
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{records} records, {TOPICS} topics, {ORGANISATIONS} organisations")
    for name, languages in LANGUAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            make_site(root, records, languages)
            print(name)
            run(root, "cold", 0)
            run(root, "warm", 1)
            write_record(root, records // 2 + 1, date(2026, 1, 1), "Corrected: record")
            run(root, "one reworded", 2)
            write_record(root, records - 2, date(2029, 12, 24))
            run(root, "one moved", 3)
    print(
        f"feedgen alone, {records} entries once in Atom and once in RSS: {feedgen_alone(records):.2f} s CPU"
    )


if __name__ == "__main__":
    main()
