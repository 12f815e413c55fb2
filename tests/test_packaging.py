"""The project as others receive it: a wheel, locked requirements, a Makefile, a clear refusal."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

#: Python's, make's and CI's own settings would reach into what is started here.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTHON", "MAKE", "MFLAGS", "VIRTUAL_ENV")) and name != "CI"
}

SITE = """\
[site]
url = "https://events.example.org"
identity = "events.example.org,2026"
title.en = "A small site"
languages = ["en"]
timezone = "Asia/Almaty"
"""
EVENT = """\
---
id: open-day
title: Open Day
start: 2026-06-20
---
Everybody is welcome.
"""

PACKAGE_HOSTS = rb"\b(?:pypi|pythonhosted|npmjs)\.(?:org|com)\b|\bdeb\.debian\."
MACHINE_PATHS = rb"(?<![\w.~-])/(?:root|work|home/\w+|Users/\w+|opt/pypi)/"


def run(
    *command: str | Path, cwd: Path, env: dict[str, str] = ENVIRONMENT
) -> subprocess.CompletedProcess[str]:
    """Start a program as a user would, and wait for what it says."""
    return subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def build(source: Path, target: str, into: Path) -> Path:
    """Build a wheel or an sdist of a source tree; return the file."""
    done = run(
        sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", into, cwd=source
    )
    assert done.returncode == 0, done.stderr
    (artifact,) = into.iterdir()
    return artifact


def files_in(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}


# What is built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment that holds the wheel and sees the dependencies, but not this tree."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(folder, with_pip=False)
    pip = (sys.executable, "-m", "pip", "--python", folder)
    done = run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    (site_packages,) = folder.glob("lib/python*/site-packages")
    # A folder added by a .pth file is not searched for more such files: the editable install stays unseen.
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return folder / "bin"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of one event, without templates of its own."""
    (tmp_path / "publisher.toml").write_text(SITE, "utf-8")
    (tmp_path / "content" / "events").mkdir(parents=True)
    (tmp_path / "content" / "events" / "open-day.md").write_text(EVENT, "utf-8")
    return tmp_path


def test_the_wheel_holds_the_package_and_the_whole_theme_and_nothing_else(wheel: Path) -> None:
    theme = {f"publisher/theme/{path.relative_to(ROOT / 'templates')}" for path in files_below("templates")}
    package = {str(path.relative_to(ROOT / "src")) for path in files_below("src")}

    carried = {name for name in files_in(wheel) if ".dist-info/" not in name}

    assert theme
    assert carried == package | theme


def test_the_sdist_holds_all_that_the_wheel_is_made_of(wheel: Path, tmp_path: Path) -> None:
    sdist = build(ROOT, "sdist", tmp_path / "sdist")
    assert run("tar", "-xzf", sdist, cwd=tmp_path).returncode == 0
    source = tmp_path / sdist.name.removesuffix(".tar.gz")

    rebuilt = build(source, "wheel", tmp_path / "wheel")

    assert files_in(rebuilt) == files_in(wheel)


def test_the_installed_wheel_is_not_this_tree(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import publisher; print(publisher.__file__)", cwd=tmp_path)

    assert Path(where.stdout.strip()).is_relative_to(installed.parent), where.stderr


def test_an_installed_wheel_builds_a_site_that_has_no_theme_of_its_own(installed: Path, site: Path) -> None:
    done = run(
        installed / "publisher", "build", "--site", site, "--now", "2026-06-01T08:00:00+05:00", cwd=installed
    )

    assert done.returncode == 0, done.stderr
    assert "Open Day" in (site / "build" / "en" / "index.html").read_text("utf-8")
    assert "SUMMARY:Open Day" in (site / "build" / "en" / "calendar.ics").read_text("utf-8")


# What is committed


def files_below(folder: str = ".") -> Iterator[Path]:
    """All files that are committed or would be."""
    listing = run(
        *("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        *("--", folder),
        cwd=ROOT,
    )
    assert listing.returncode == 0, listing.stderr
    paths = {ROOT / name for name in listing.stdout.split("\0") if name}
    return (path for path in sorted(paths) if path.is_file())


@pytest.mark.parametrize("unwanted", [PACKAGE_HOSTS, MACHINE_PATHS], ids=["package hosts", "machine paths"])
def test_no_file_names_a_package_host_or_a_path_of_one_machine(unwanted: bytes) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in files_below()
        for match in re.finditer(unwanted, path.read_bytes())
    ]

    assert found == []


# What is locked


def locked(kind: str) -> dict[NormalizedName, Requirement]:
    """Read the pins of requirements/KIND.txt; each has a hash at least."""
    text = (ROOT / "requirements" / f"{kind}.txt").read_text("utf-8").replace("\\\n", "")
    pins = {}
    for line in text.splitlines():
        requirement, *hashes = re.split(r" +--hash=sha256:", line.rstrip())
        assert hashes, f"{requirement} has no hash"
        pin = Requirement(requirement)
        pins[canonicalize_name(pin.name)] = pin
    return pins


DECLARED = {
    "build": PYPROJECT["build-system"]["requires"],
    "run": PYPROJECT["project"]["dependencies"],
    "test": PYPROJECT["dependency-groups"]["test"],
    "dev": PYPROJECT["dependency-groups"]["dev"],
}


@pytest.mark.parametrize("kind", DECLARED)
def test_every_direct_dependency_is_pinned_to_a_version_that_it_allows(kind: str) -> None:
    pins = locked(kind)

    for declared in map(Requirement, DECLARED[kind]):
        (pinned,) = pins[canonicalize_name(declared.name)].specifier
        assert pinned.operator == "=="
        assert declared.specifier.contains(pinned.version), f"make lock: {declared}, pinned {pinned}"


def test_each_kind_of_requirements_contains_the_smaller_one() -> None:
    pins = {kind: {str(pin) for pin in locked(kind).values()} for kind in DECLARED}

    assert pins["build"] < pins["run"] < pins["test"] < pins["dev"]


# What is refused


def test_an_older_python_is_refused_in_a_sentence() -> None:
    pretend = "import sys; sys.version_info = (3, 9, 2, 'final', 0); import publisher"

    done = run(sys.executable, "-c", pretend, cwd=ROOT / "src")

    assert done.returncode == 1
    assert done.stderr == "publisher needs Python 3.11 or newer; this is Python 3.9\n"


def test_an_older_python_can_read_the_module_that_refuses_it() -> None:
    source = (ROOT / "src" / "publisher" / "__init__.py").read_text("utf-8")

    assert ast.parse(source, feature_version=(3, 7)).body


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What make looks at, in a folder of its own: the environment that runs these tests stays as it is."""
    for name in ("Makefile", "pyproject.toml", "tools", "requirements", "src/publisher/_version.py"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, tmp_path / name)
    return tmp_path


def python_that(does: str, folder: Path) -> Path:
    """Make a program that stands in for a Python which make cannot use."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{does}\n", "utf-8")
    program.chmod(0o755)
    return program


NEEDS_PYTHON = "publisher needs Python 3.11 or newer; {} "
NEEDS_VENV = "publisher needs the venv module of {}: "
UNUSABLE = {
    "older": (
        "echo 3.9.2 /usr",
        NEEDS_PYTHON + "is 3.9.2: install a newer one and call make PYTHON=/path/to/python3.12",
    ),
    "absent": (
        "exit 127",
        NEEDS_PYTHON + "cannot be run: install it and call make PYTHON=/path/to/python3.12",
    ),
    "without venv": (
        'case "$*" in *ensurepip*) exit 1;; *) echo 3.12.1 /usr;; esac',
        NEEDS_VENV + "install it (Debian and Ubuntu: apt-get install python3-venv) and call make again",
    ),
}


@pytest.mark.parametrize("target", ["run", "test", "check"])
@pytest.mark.parametrize(("does", "sentence"), UNUSABLE.values(), ids=UNUSABLE)
def test_make_refuses_what_cannot_work_in_one_sentence_and_touches_nothing(
    checkout: Path, target: str, does: str, sentence: str
) -> None:
    python = python_that(does, checkout)

    done = run("make", f"PYTHON={python}", target, cwd=checkout)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines()[0] == sentence.format(python)
    assert [line for line in done.stderr.splitlines()[1:] if not line.startswith("make: ***")] == []
    assert not (checkout / ".venv").exists()


def test_make_alone_lists_every_target(checkout: Path) -> None:
    makefile = (checkout / "Makefile").read_text("utf-8")
    (targets,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)

    listed = re.findall(r"^  make (\w+): ", run("make", cwd=checkout).stdout, re.MULTILINE)

    assert listed == targets.split()


# What CI insists on


def run_pytest(test: str, folder: Path, ci: str) -> subprocess.CompletedProcess[str]:
    """Run one test module under this suite's conftest.py, in CI or elsewhere."""
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    (folder / "test_it.py").write_text(f"import pytest\n{test}\n", "utf-8")
    return run(sys.executable, "-m", "pytest", "-rA", cwd=folder, env=ENVIRONMENT | {"CI": ci})


SKIPPED = {
    "while running": "def test_it(): pytest.skip('no browser')",
    "by its mark": "@pytest.mark.skip(reason='no browser')\ndef test_it(): pass",
    "as a module": "pytest.skip('no browser', allow_module_level=True)",
}


@pytest.mark.parametrize("test", SKIPPED.values(), ids=SKIPPED)
def test_a_skipped_test_is_a_failure_in_ci(test: str, tmp_path: Path) -> None:
    done = run_pytest(test, tmp_path, ci="true")

    assert done.returncode in {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}
    assert re.search(r"skipped, which is a failure in CI: .*no browser", done.stdout)


def test_a_skipped_test_is_told_elsewhere(tmp_path: Path) -> None:
    done = run_pytest(SKIPPED["while running"], tmp_path, ci="")

    assert done.returncode == pytest.ExitCode.OK
    assert "1 skipped" in done.stdout.splitlines()[-1]


def test_a_test_that_is_expected_to_fail_is_no_skipped_one(tmp_path: Path) -> None:
    done = run_pytest("@pytest.mark.xfail\ndef test_it(): raise ValueError", tmp_path, ci="true")

    assert done.returncode == pytest.ExitCode.OK, done.stdout
