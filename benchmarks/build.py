"""How long a build takes, by `python benchmarks/build.py [EVENTS]`.

Makes a site of so many events (1,000 by default) in a temporary folder and
prints CPU seconds and peak memory of: the first build, one with nothing
changed, and one after a single event has moved. Whole processes, as a person
calls them.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

CONFIG = """\
[site]
url = "https://bench.example.org"
identity = "bench.example.org,2026"
title.en = "Benchmark"
timezone = "Asia/Almaty"
"""
TOPICS, ORGANISATIONS = 12, 20


def make_site(root: Path, events: int) -> None:
    """A site of so many whole-day events over ten years, each of a topic and an organisation."""
    (root / "publisher.toml").write_text(CONFIG, "utf-8")
    for kind, count in (("topics", TOPICS), ("organisations", ORGANISATIONS)):
        for number in range(count):
            write(
                root / f"content/{kind}/{kind[0]}{number}.md", f"id: {kind[0]}{number}\nname: {kind} {number}"
            )
    for number in range(events):
        write_event(root, number, date(2020, 1, 1) + timedelta(days=number * 3650 // events))


def write_event(root: Path, number: int, start: date) -> None:
    """One event's record."""
    fields = (
        f"id: event-{number}\ntitle: Event number {number}\n"
        f"summary: What number {number} is about.\n"
        f"start: {start}\ntopics: [t{number % TOPICS}]\norganisers: [o{number % ORGANISATIONS}]"
    )
    write(
        root / f"content/events/{start.year}/event-{number}.md", fields, f"All about *number {number}*.\n" * 5
    )


def write(path: Path, fields: str, body: str = "") -> None:
    """A record's file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{fields}\n---\n{body}", "utf-8")


def build(root: Path, now: str) -> str:
    """The figures of one `publisher build`."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "publisher", "build", "--site", str(root), "--now", now]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    last = (process.stdout.read() if process.stdout else "").splitlines()[-1]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    cpu = usage.ru_utime + usage.ru_stime
    return f"{wall:6.1f} s wall {cpu:6.1f} s CPU {usage.ru_maxrss / 1024:6.0f} MB   {last}"


def main() -> None:
    """Print the figures."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_site(root, events)
        print(f"{events} events, one language, {TOPICS} topics, {ORGANISATIONS} organisations")
        print("first     ", build(root, "2026-06-01T00:00:00Z"))
        print("nothing   ", build(root, "2026-06-01T01:00:00Z"))
        start = date(2020, 1, 1) + timedelta(days=(events // 2) * 3650 // events + 7)
        for path in (root / "content/events").rglob(f"event-{events // 2}.md"):
            path.unlink()
        write_event(root, events // 2, start)
        print("one moved ", build(root, "2026-06-01T02:00:00Z"))


if __name__ == "__main__":
    main()
