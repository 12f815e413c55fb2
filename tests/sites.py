"""A small site to write into, for tests that work as its curator does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from publisher.cli import cli

CONFIG = """\
[site]
url = "https://calendar.example.org"
identity = "calendar.example.org,2026"
title.en = "A Calendar"
title.ru = "Календарь"
languages = ["en", "ru"]
timezone = "Asia/Almaty"
"""

EVENT = """\
---
id: {id}
title: {title}
start: {start}
end: {end}
topics: [science]
{more}---
{body}
"""


def instant(text: str) -> datetime:
    """An instant as `--now` takes it."""
    return datetime.fromisoformat(text).astimezone(UTC)


@dataclass(frozen=True)
class Said:
    """What a command wrote."""

    stdout: str
    stderr: str


@dataclass(frozen=True)
class CuratedSite:
    """A site's folder, with what a curator and an operator do there."""

    root: Path

    @classmethod
    def create(cls, root: Path, config: str = CONFIG) -> CuratedSite:
        """A site with one topic and nothing else."""
        site = cls(root)
        site.write("publisher.toml", config)
        site.write("content/topics/science.md", "---\nid: science\nname: Science\n---\n")
        return site

    def write(self, path: str, text: str) -> Path:
        """Put a file there."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        return target

    def event(
        self,
        id_: str = "meeting",
        *,
        title: str = "A Meeting",
        start: str = "2026-06-11",
        end: str = "2026-06-13",
        more: str = "",
        body: str = "All about it.",
    ) -> Path:
        """Write an event's record."""
        lines = "".join(f"{line}\n" for line in more.splitlines())
        text = EVENT.format(id=id_, title=title, start=start, end=end, more=lines, body=body)
        return self.write(f"content/events/2026/{id_}.md", text)

    def served(self, path: str) -> str:
        """What a reader gets."""
        return (self.root / "build" / path).read_text("utf-8")

    def files(self) -> dict[str, bytes]:
        """Everything that is served, by path."""
        build = self.root / "build"
        return {
            p.relative_to(build).as_posix(): p.read_bytes() for p in sorted(build.rglob("*")) if p.is_file()
        }

    def run(self, *arguments: str, status: int | None = 0) -> Said:
        """Call the command line; `status` is what it must exit with, None for any."""
        done = CliRunner().invoke(cli, [*arguments, "--site", str(self.root)])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert status is None or done.exit_code == status, f"{done.exit_code}\n{done.stdout}\n{done.stderr}"
        return Said(done.stdout, done.stderr)

    def run_process(self, *arguments: str, env: dict[str, str], status: int | None = 0) -> None:
        """Call `publisher` in a process of its own, with another environment."""
        command = [sys.executable, "-m", "publisher", *arguments, "--site", str(self.root)]
        environment = {**os.environ, **env}
        done = subprocess.run(command, check=False, capture_output=True, timeout=120, env=environment)
        assert status is None or done.returncode == status, done.stderr.decode()

    def build(self, now: str = "2026-06-01T08:00:00+05:00", status: int | None = 0) -> dict[str, Any]:
        """`publisher build --json`."""
        report: dict[str, Any] = json.loads(self.run("build", "--now", now, "--json", status=status).stdout)
        return report

    def tick(self, now: str, status: int | None = 0) -> dict[str, Any]:
        """`publisher tick --json`."""
        report: dict[str, Any] = json.loads(self.run("tick", "--now", now, "--json", status=status).stdout)
        return report
