"""Where the foreign programs are; one that is missing fails the test with a sentence that helps."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

#: The repository.
ROOT = Path(__file__).resolve().parents[2]
#: This folder, with its scripts.
HERE = Path(__file__).resolve().parent
#: Where `prepare.sh` installs what is not a system package.
INSTALLED = ROOT / ".interop" / "node_modules"
#: Where `prepare.sh` keeps locales, for programs that look there (LOCPATH).
LOCALES = ROOT / ".interop" / "locales"
#: Debian's packages of bindings are for this one.
DEBIANS_PYTHON = Path("/usr/bin/python3")

_HELP = "run `make interop`, which installs it"


def program(name: str) -> str:
    """Return the path of an installed program."""
    beside_python = Path(sys.executable).parent / name
    found = str(beside_python) if beside_python.exists() else shutil.which(name)
    if found is None:
        pytest.fail(f"the program '{name}' is not installed: {_HELP}", pytrace=False)
    return found


def package(name: str) -> Path:
    """Return the folder of an installed npm package."""
    folder = INSTALLED / name
    if not folder.is_dir():
        pytest.fail(f"the npm package '{name}' is not installed: {_HELP}", pytrace=False)
    return folder


def environment(home: Path) -> dict[str, str]:
    """Return the environment for a client: a home of its own, and no proxy between it and loopback."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return kept | {"HOME": str(home)}


def node(script: str, question: object, *packages: str) -> Any:
    """Run a script of this folder with a JSON question on its standard input; return its JSON answer."""
    for name in packages:
        package(name)
    return _answer([program("node"), str(HERE / script)], question)


def bindings(script: str, question: object) -> Any:
    """Run a script of this folder with Debian's own Python, for which Debian has bindings; as `node` does."""
    if not DEBIANS_PYTHON.exists():
        pytest.fail(f"the program '{DEBIANS_PYTHON}' is not installed: {_HELP}", pytrace=False)
    return _answer([str(DEBIANS_PYTHON), str(HERE / script)], question)


def _answer(command: list[str], question: object) -> Any:
    done = subprocess.run(command, input=json.dumps(question), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{Path(command[1]).name} failed: {done.stderr.strip()}")
    return json.loads(done.stdout)


def check_html(files: list[Path]) -> list[str]:
    """List the errors that the Nu HTML checker finds in these files, one line each."""
    jar = package("vnu-jar") / "build" / "dist" / "vnu.jar"
    options = ["--errors-only", "--format", "gnu", "--stdout"]
    command = [program("java"), "-jar", str(jar), *options, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    errors = done.stdout.splitlines()
    assert not done.stderr, f"the HTML checker failed: {done.stderr}"
    assert bool(errors) == bool(done.returncode), f"the HTML checker ended with {done.returncode}"
    return errors
