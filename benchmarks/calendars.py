"""What all calendars of a site cost, by `python benchmarks/calendars.py [EVENTS]`.

An edition of so many events (10,000 by default) over ten years, of 12 topics and
20 organisations, in one language and in three. Prints CPU seconds, peak memory and
bytes of: all calendars with nothing kept from before (cold), with everything kept
(warm: the file of fragments is read, and checked), and after one event has moved.
Each figure is a process of its own. For comparison: icalendar alone makes and
serialises one plain event each, once, into one calendar.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from build import make_site, write_event

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LANGUAGES = {"one language": ("en",), "three languages": ("en", "ru", "kk")}


def measure(root: Path) -> None:
    """In a process of its own: all calendars of the site's edition, and what they cost."""
    from publisher.content.files import read
    from publisher.content.load import decode_all
    from publisher.edition.ledger import revise
    from publisher.render.calendars import calendars
    from publisher.site import open_site

    site = open_site(root)
    memory = site.memory()
    content = decode_all(read(root, site.config.site.languages), site.config, published_from={})
    ledger = revise(content, memory.ledger, site.config, NOW, {})
    theme, compiled = site.theme, site.compile(ledger, site.local_date(NOW))
    _ = theme.words
    del content, ledger, memory
    began = time.process_time()
    kept = site.fragment_file.load()
    edition = type(compiled)(**{**compiled.__dict__, "fragments": kept})
    made = list(calendars(edition, theme))
    cost = time.process_time() - began
    site.fragment_file.keep(edition.fragments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shared = [a for a in made if not a.path.endswith("event.ics")]
    largest = max(shared, key=lambda artifact: len(artifact.data))
    print(
        json.dumps(
            [cost, peak, len(shared), len(made), len(largest.data), largest.data.count(b"BEGIN:VEVENT")]
        )
    )


def icalendar_alone(events: int) -> float:
    """CPU seconds of icalendar for as many plain events."""
    from icalendar import Calendar, Event

    began = time.process_time()
    calendar = Calendar()
    for number in range(events):
        event = Event()
        start = date(2020, 1, 1) + timedelta(days=number % 3650)
        for name, value in (
            ("uid", f"event.event-{number}@bench.example.org"), ("dtstamp", NOW), ("created", NOW),
            ("last-modified", NOW), ("sequence", 0), ("dtstart", start), ("dtend", start + timedelta(days=1)),
            ("summary", f"Event number {number}"), ("description", f"What {number} is about.\n\nMore: x"),
            ("url", f"https://bench.example.org/en/events/event-{number}/"), ("status", "CONFIRMED"),
            ("class", "PUBLIC"), ("transp", "TRANSPARENT"), ("categories", [f"topics {number % 12}"]),
        ):  # fmt: skip
            event.add(name, value)
        calendar.add_component(event)
    calendar.to_ical()
    return time.process_time() - began


def run(root: Path, what: str) -> None:
    """One line of figures."""
    command = [sys.executable, __file__, "--measure", str(root)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    cost, peak, shared, all_files, size, entries = json.loads(answer)
    print(
        f"  {what:10} {cost:6.2f} s CPU {peak:5.0f} MB   {shared} calendars, {all_files - shared} event.ics,"
        f" the largest {size / 1000:.0f} kB with {entries} entries"
    )


def main() -> None:
    """Print the figures."""
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]))
        return
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{events} events, 12 topics, 20 organisations")
    for name, languages in LANGUAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            make_site(root, events)
            settings = root / "publisher.toml"
            titles = "".join(
                f'title.{language} = "Benchmark"\n' for language in languages if language != "en"
            )
            chosen = f"languages = {list(languages)}\n".replace("'", '"')
            settings.write_text(settings.read_text("utf-8") + titles + chosen, "utf-8")
            print(name)
            run(root, "cold")
            run(root, "warm")
            number = events // 2
            (root / f"content/events/2025/event-{number}.md").unlink(missing_ok=True)
            for path in (root / "content/events").rglob(f"event-{number}.md"):
                path.unlink()
            write_event(root, number, date(2027, 3, 3))
            run(root, "one moved")
    print(f"icalendar alone, one calendar: {icalendar_alone(events):.2f} s CPU")


if __name__ == "__main__":
    main()
