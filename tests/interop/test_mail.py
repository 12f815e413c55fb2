"""Digests before judges that know nothing of this program: a spam filter, and a browser without pictures."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest

from .tools import environment, program

if TYPE_CHECKING:
    from pathlib import Path

    from .site import Site

pytestmark = pytest.mark.interop

LANGUAGES = ("en", "ru", "kk")
#: A Monday with news, and the conference of that week.
NOW = "2026-06-08T08:00:00+05:00"
SINCE = "2025-01-01T00:00:00Z"


class Files(NamedTuple):
    """A digest: the whole message, its HTML, its text."""

    eml: Path
    html: Path
    text: Path


@pytest.fixture(scope="module", params=LANGUAGES)
def digest(request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """What a reader of everything gets on that Monday."""
    folder = tmp_path_factory.mktemp("digest")
    files = Files(*(folder / f"digest.{name}" for name in Files._fields))
    options = [
        word for name, path in zip(Files._fields, files, strict=True) for word in (f"--{name}", str(path))
    ]
    site.call(
        "digest", "preview", "weekly", "--lang", request.param, "--now", NOW, "--told-until", SINCE, *options
    )
    return files


def test_a_spam_filter_finds_nothing_to_hold_against_a_digest(digest: Files, tmp_path: Path) -> None:
    done = subprocess.run(
        [program("spamassassin"), "--local", "--test-mode"],
        input=digest.eml.read_bytes(), capture_output=True, check=True, env=environment(tmp_path),
    )  # fmt: skip
    report = done.stdout.decode("utf-8", "replace")
    score = re.search(r"Content analysis details:\s+\((-?[\d.]+) points", report)

    assert score, report
    assert float(score[1]) <= 0, report


def test_a_browser_of_text_shows_the_facts_of_the_text_part(digest: Files, tmp_path: Path) -> None:
    done = subprocess.run(
        [program("w3m"), "-dump", "-I", "utf-8", "-O", "utf-8", "-T", "text/html", str(digest.html)],
        capture_output=True, check=True, text=True, env=environment(tmp_path),
    )  # fmt: skip
    shown = " ".join(done.stdout.split())
    text = digest.text.read_text("utf-8")
    titles = [title.rpartition("] ")[2] for title in re.findall(r"^\* (.+)$", text, re.MULTILINE)]

    assert len(titles) >= 6
    assert [title for title in titles if title not in shown] == []
