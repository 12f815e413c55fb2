"""What the interop tests share: the site built and served, clients before it, and what they made of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import many_records

from .browser import Visit, look_at
from .crowd import fill
from .engines import read_icaljs
from .occurrences import Reading
from .recorder import Recorder, recording
from .site import Site
from .thunderbird import Thunderbird
from .tools import ROOT

#: How many the large site has.
EVENTS = 3_000


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """This repository's site, built once; for reading only."""
    site = Site.copied_to(tmp_path_factory.mktemp("shared") / "site")
    site.build()
    return site


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site with one of everything, after each of its releases; for reading only."""
    site = Site(tmp_path_factory.mktemp("everything") / "site")
    site.live_through(ROOT / "tests" / "golden" / "everything")
    return site


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A large site, built once; for reading only."""
    site = Site(tmp_path_factory.mktemp("crowd") / "site")
    fill(site.root, EVENTS)
    site.build()
    return site


@pytest.fixture(scope="session")
def throng(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A large site in three languages, of announcements as of events, built once; for reading only."""
    site = Site(tmp_path_factory.mktemp("throng") / "site")
    many_records.fill(site.root, many_records.LARGE)
    site.build()
    return site


@pytest.fixture(scope="session")
def server(site: Site) -> Iterator[str]:
    """The address at which the shared site is served."""
    with site.served() as address:
        yield address


@pytest.fixture
def own_site(tmp_path: Path) -> Site:
    """A site that the test may change, built."""
    site = Site.copied_to(tmp_path / "site")
    site.build()
    return site


@pytest.fixture
def recorder(server: str) -> Iterator[Recorder]:
    """A counting proxy before the server of the shared site."""
    with recording(server) as recorder:
        yield recorder


@pytest.fixture
def thunderbird(tmp_path: Path) -> Iterator[Thunderbird]:
    """Thunderbird on a new profile."""
    with Thunderbird.running(tmp_path / "thunderbird") as running:
        yield running


@pytest.fixture(scope="session")
def calendars(site: Site) -> list[Path]:
    """Every calendar that the site publishes."""
    return site.files(".ics")


@pytest.fixture(scope="session")
def reading(calendars: list[Path]) -> Reading:
    """What ical.js reads in them: the measure for the others."""
    return read_icaljs(calendars)


@pytest.fixture(scope="session")
def visits(site: Site, server: str) -> list[Visit]:
    """A page of each kind in each language, looked at on a small and a large screen, light and dark."""
    return look_at([server + address for address in site.page_of_each_kind()])
