"""A copy of this repository's site, built and served by the product as its users would."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .tools import ROOT

#: When the site is built first: before the conference of 11-13 June 2026, in the site's own zone.
FIRST = "2026-06-01T08:00:00+05:00"
#: How long the server may take to start, in seconds.
PATIENCE = 60


@dataclass(frozen=True)
class Site:
    """A site in a folder that nobody else uses."""

    root: Path

    @classmethod
    def copied_to(cls, root: Path) -> "Site":
        """Copy what people wrote of this repository's site, and nothing that was made from it."""
        root.mkdir(parents=True)
        shutil.copy(ROOT / "publisher.toml", root)
        for folder in ("content", "templates"):
            shutil.copytree(ROOT / folder, root / folder)
        return cls(root)

    def live_through(self, case: Path, release: Callable[[str], object] | None = None) -> None:
        """Lay the folders of a case of tests/golden/ over the site, one after the other, and release each."""
        release = release or self.build
        for line in (case / "steps.txt").read_text(encoding="utf-8").splitlines():
            now, folder = line.split()
            for removed in (case / folder).rglob("*.removed"):
                (self.root / removed.relative_to(case / folder)).with_suffix("").unlink()
            ignored = shutil.ignore_patterns("*.removed")
            shutil.copytree(case / folder, self.root, ignore=ignored, dirs_exist_ok=True)
            release(now)

    @property
    def published(self) -> Path:
        """The folder of everything that is public."""
        return self.root / "build"

    def files(self, *endings: str) -> list[Path]:
        """List the public files with one of these endings."""
        found = sorted(path for path in self.published.rglob("*") if path.suffix in endings)
        assert found, f"the site publishes no file that ends in {endings}"
        return found

    def page_of_each_kind(self) -> list[str]:
        """List the addresses, from `/`, of one page of each kind in each language: the one that says most.

        Pages are of one kind when they lie equally deep below the same first folder. The language chooser
        at the top sends browsers on and is no page to stay on.
        """
        fullest: dict[tuple[str, ...], Path] = {}
        for page in self.files(".html"):
            path = page.relative_to(self.published)
            if path == Path("index.html"):
                continue
            kind = (*path.parts[:2], *("*" for _ in path.parts[2:-1]), path.name)
            known = fullest.setdefault(kind, page)
            fullest[kind] = max(known, page, key=lambda candidate: candidate.stat().st_size)
        return [self.address(page) for page in fullest.values()]

    def address(self, page: Path) -> str:
        """Return the address, from `/`, of a public file."""
        return f"/{page.relative_to(self.published).as_posix()}".removesuffix("index.html")

    def build(self, now: str = FIRST) -> None:
        """Release the content as it is, at this instant."""
        self.call("build", "--now", now)

    def event_file(self, start: str) -> Path:
        """Return the one event record that says it begins on this day."""
        records = [
            path
            for path in (self.root / "content" / "events").rglob("*.md")
            if re.search(rf"^start: ['\"]?{start}['\"]?\s*$", path.read_text(encoding="utf-8"), re.MULTILINE)
        ]
        assert len(records) == 1, f"expected one event that starts on {start}, got {records}"
        return records[0]

    def call(self, *arguments: str) -> str:
        """Call `publisher`; what it says."""
        done = subprocess.run(
            publisher(*arguments, "--site", str(self.root)),
            env=environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"publisher {arguments[0]} failed:\n{done.stdout}{done.stderr}"
        return done.stdout

    def mails(self) -> list[Path]:
        """Every mail that was captured, the latest first."""
        mails = (self.root / "var" / "mail" / "new").glob("*.eml")
        return sorted(mails, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    @contextmanager
    def served(self, *command: str) -> Iterator[str]:
        """Serve the site on a free loopback port; the address has no slash at its end."""
        port = free_port()
        log = self.root.with_name(f"{self.root.name}-server-{port}.log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                publisher(*(command or ["serve"]), "--site", str(self.root), "--port", str(port)),
                env=environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            _wait_for(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def set_field(record: Path, name: str, value: str) -> None:
    """Write one field of a record's front matter, as a curator would in an editor."""
    text = record.read_text(encoding="utf-8")
    head, fields, body = re.split(r"^---\n", text, maxsplit=2, flags=re.MULTILINE)
    line = f"{name}: {value}\n"
    fields, replaced = re.subn(rf"^{name}:.*\n", line, fields, count=1, flags=re.MULTILINE)
    record.write_text(f"{head}---\n{fields if replaced else fields + line}---\n{body}", encoding="utf-8")


def publisher(*arguments: str) -> list[str]:
    """Return the command line of the product."""
    return [sys.executable, "-m", "publisher", *arguments]


def environment() -> dict[str, str]:
    """Return the environment in which the product runs from this repository's source."""
    return os.environ | {"PYTHONPATH": str(ROOT / "src")}


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port)):
                return
        except ConnectionRefusedError:
            time.sleep(0.1)
    text = log.read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"the server did not start: {text[-2000:]}")
