"""The same records give the same bytes: on any day, in any locale, in however many threads."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .feedsites import NOW, ROOT, artifacts, own_edition, own_theme

if TYPE_CHECKING:
    from publisher.model.edition import Edition

_PRINT_DIGEST = """
import locale, sys
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass  # this machine lacks the locale: dates must not care
from publisher import config
from publisher.content.files import read
from publisher.content.load import decode_all
from publisher.edition.compile import compile_edition
from publisher.edition.ledger import revise
from publisher.model.ledger import Ledger
from publisher.render.feeds import feeds
from publisher.render.theme import theme

site, now = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
settings = config.load(site)
content = decode_all(read(site, settings.site.languages), settings)
edition = compile_edition(revise(content, Ledger(), settings, now), settings, now.date())
digest = blake2b()
for artifact in feeds(edition, theme(site, settings.site.languages)):
    digest.update(artifact.path.encode() + artifact.data)
print(digest.hexdigest())
"""


def digest(edition: Edition) -> str:
    found = blake2b()
    for path, artifact in artifacts(edition, own_theme()).items():
        found.update(path.encode() + artifact.data)
    return found.hexdigest()


def again() -> Edition:
    """The same edition, made anew."""
    own_edition.cache_clear()
    return own_edition()


def test_two_renderings_are_the_same() -> None:
    assert digest(again()) == digest(again())


def test_eight_threads_that_render_at_once_make_the_same() -> None:
    expected = digest(again())
    shared = again()
    with ThreadPoolExecutor(8) as threads:
        found = {*threads.map(digest, [shared] * 8), *threads.map(digest, [again() for _ in range(8)])}

    assert found == {expected}


@pytest.mark.parametrize("language", ["ru_RU.UTF-8", "kk_KZ.UTF-8", "C", "C.UTF-8"])
def test_the_locale_and_clock_of_the_machine_change_nothing(language: str) -> None:
    machine = {"LC_ALL": language, "TZ": "America/New_York", "PYTHONHASHSEED": "7"}
    found = subprocess.run(
        [sys.executable, "-c", _PRINT_DIGEST, ROOT, NOW.isoformat()],
        env=os.environ | machine | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=True, cwd=Path(ROOT),
    )  # fmt: skip

    assert found.stdout.strip() == digest(again())
