"""Whoever overrides a template is told what it is given."""

from __future__ import annotations

import ast
import re

from .documents import ROOT


def test_the_names_that_every_page_has_are_those_in_the_table() -> None:
    text = (ROOT / "docs/how-to/override-the-theme.md").read_text("utf-8")
    told = re.findall(r"^\| `(\w+)` \| ", text, re.MULTILINE)
    code = ast.parse((ROOT / "src/publisher/render/layout.py").read_text("utf-8"))
    calls = [
        node
        for node in ast.walk(code)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "view.theme.render"
    ]

    assert [[keyword.arg for keyword in call.keywords if keyword.arg] for call in calls] == [told]
