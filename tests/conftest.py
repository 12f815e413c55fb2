"""How the suite is run: how far property tests go, and that CI skips nothing."""

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from postgresql import Server

# Examples are the same in every run and no clock is looked at, so that a failure is always the change's own.
settings.register_profile(
    "default", deadline=None, derandomize=True, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
# `make fuzz`: new examples each time, many of them; what fails is kept in .hypothesis/ and tried again first.
settings.register_profile(
    "fuzz", deadline=None, max_examples=2_000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
NOTHING_IS_SKIPPED = os.environ.get("CI") == "true"


def fail_if_skipped(report: Report) -> Report:
    """In CI, a test or module that skips itself has failed: it would have proved nothing."""
    if NOTHING_IS_SKIPPED and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure in CI: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return fail_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return fail_if_skipped((yield))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` takes what is built now as what is expected; read the difference first."""
    text = "rewrite tests/golden/*/expected"
    parser.addoption("--update-golden", action="store_true", help=text)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Server]":
    """A real server, for the whole session."""
    from postgresql import running  # only who asks for a server loads it

    with running(tmp_path_factory.mktemp("postgresql")) as server:
        yield server
