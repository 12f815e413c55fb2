"""The drawing of the layers in docs/architecture.md is what the code does."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from .documents import ROOT, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = ROOT / "src/publisher"
#: They say who we are and where one enters; they belong to no layer.
ENTRANCES = frozenset({"__init__", "__main__", "_version"})


def layers() -> dict[str, int]:
    """The height of every module and package at the top, as it is drawn."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8").partition("\n## Layers\n")[2]
    drawing = next(blocks(text)).text.splitlines()
    return {name: height for height, line in enumerate(drawing) for name in re.findall(r"[a-z_]+", line)}


def top(path: Path) -> str:
    """The module or package at the top that a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """What a file imports of the program, by the names at the top; also in functions, but not for types."""
    ahead: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while ahead:
        node = ahead.pop()
        if isinstance(node, ast.ImportFrom) and node.module:
            package, _, inner = node.module.partition(".")
            if package == "publisher":
                yield from [inner.split(".")[0]] if inner else (alias.name for alias in node.names)
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            ahead += ast.iter_child_nodes(node)


def test_everything_has_its_place_in_the_drawing() -> None:
    assert layers().keys() == {top(path) for path in SOURCE.rglob("*.py")} - ENTRANCES


@pytest.mark.parametrize("name", sorted(layers()))
def test_lower_layers_never_import_higher_ones(name: str) -> None:
    heights = layers()
    found = {
        (path.relative_to(SOURCE).as_posix(), other)
        for path in SOURCE.rglob("*.py")
        if top(path) == name
        for other in imported(path)
        if other in heights and heights[other] > heights[name]
    }

    assert found == set()
