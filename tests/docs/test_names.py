"""Documents speak of the project as it is: its modules, names, libraries, targets and decisions."""

from __future__ import annotations

import ast
import re
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from .documents import ROOT, documents, inline, name

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = ROOT / "src/publisher"
DOCUMENTS = pytest.mark.parametrize("document", documents(), ids=name)
_DOTTED = re.compile(r"publisher(?:\.[A-Za-z_]\w*)+")
_MODULE = re.compile(r"(?:[a-z_]+/)*[a-z_]+\.py")
_PACKAGE = re.compile(
    r"(?:cli|content|edition|fetching|issuing|mailing|model|post|render|server|store|subscriber_files|subscribing"
    r"|syndication|transports|websub)"
    r"/(?:[a-z_]+/)*"
)
_FUNCTION = re.compile(r"(?:app|release)\.(?!py$)[A-Za-z_]\w*")
_LIBRARY = re.compile(r"^\| ([a-z0-9_]+) \| ((?:`[a-z_]+`(?:, )?)+) \|$", re.MULTILINE)


@DOCUMENTS
def test_every_name_of_the_code_is_there(document: Path) -> None:
    mentioned = [word for word in inline(document.read_text("utf-8")) if _DOTTED.fullmatch(word)]
    own = [word for word in mentioned if word not in {"publisher.toml", "publisher.db"}]

    assert [word for word in own if not _exists(word)] == []


@DOCUMENTS
def test_every_module_of_the_code_is_there(document: Path) -> None:
    words = inline(document.read_text("utf-8"))
    modules = [word for word in words if _MODULE.fullmatch(word) or _PACKAGE.fullmatch(word)]
    places = (SOURCE, ROOT)

    assert [word for word in modules if not any((place / word).exists() for place in places)] == []


@DOCUMENTS
def test_every_function_of_the_verbs_is_there(document: Path) -> None:
    named = [word for word in inline(document.read_text("utf-8")) if _FUNCTION.fullmatch(word)]

    assert [word for word in named if not _exists(f"publisher.{word}")] == []


def test_the_table_of_libraries_is_what_the_code_imports() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    told = {library: set(re.findall(r"[a-z_]+", places)) for library, places in _LIBRARY.findall(text)}

    assert told == {library: _importers(library) for library in told}
    assert told.keys() == _imported() - _EVERYWHERE


#: What comes with another of them, or is data.
_EVERYWHERE = frozenset({"anyio", "lxml", "markupsafe", "psycopg", "pydantic_core", "tzdata", "publisher"})


@DOCUMENTS
def test_every_target_of_make_is_there(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    calls = re.findall(r"(?:^|`)make ([a-z]+)", document.read_text("utf-8"), re.MULTILINE)

    assert [target for target in calls if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    folder = ROOT / "docs/decisions"
    files = sorted(path.name for path in folder.glob("[0-9]*.md"))
    listed = re.findall(
        r"^\| \[(\d+)\]\(([^)]+)\) \| (.+) \|$", (folder / "README.md").read_text("utf-8"), re.MULTILINE
    )

    assert [f"{number:04}" for number in range(1, len(files) + 1)] == [file[:4] for file in files]
    assert [(file[:4], file) for file in files] == [(number, file) for number, file, _ in listed]
    for number, file, title in listed:
        assert (folder / file).read_text("utf-8").startswith(f"# {number} {title}\n")


@pytest.mark.parametrize("decision", sorted((ROOT / "docs/decisions").glob("[0-9]*.md")), ids=name)
def test_a_decision_says_why_what_it_costs_and_what_else_there_was(decision: Path) -> None:
    headings = re.findall(r"^## (.+)$", decision.read_text("utf-8"), re.MULTILINE)

    assert [heading for heading in headings if heading != "Measured"] == [
        "Context",
        "Decision",
        "Consequences",
        "Alternatives",
    ]


def _exists(dotted: str) -> bool:
    """Whether a dotted name is a module, or something in one; a bare field is in its class too."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part) and part not in getattr(found, "__annotations__", {}):
                return False
            found = getattr(found, part, None)
        return True
    return False


def _imports(path: Path) -> set[str]:
    """The top-level names that a module imports, wherever in it; what only types name is not loaded."""
    found: set[str] = set()
    ahead: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while ahead:
        node = ahead.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            ahead += ast.iter_child_nodes(node)
    return found


def _importers(library: str) -> set[str]:
    """The packages, or modules at the top, that import a library."""
    paths = [path for path in SOURCE.rglob("*.py") if library in _imports(path)]
    return {path.relative_to(SOURCE).parts[0].removesuffix(".py") for path in paths}


def _imported() -> set[str]:
    """Every library that the code imports, the standard one aside."""
    found = set().union(*(_imports(path) for path in SOURCE.rglob("*.py")))
    return {library for library in found if library not in sys.stdlib_module_names}
