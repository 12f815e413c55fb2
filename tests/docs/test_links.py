"""Whoever follows a link in the documents arrives somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .documents import ROOT, anchors, documents, links, name

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("document", documents(), ids=name)
def test_every_link_within_the_project_leads_somewhere(document: Path) -> None:
    relative = [
        link
        for link in links(document.read_text("utf-8"))
        if "://" not in link and not link.startswith("mailto:")
    ]

    assert [link for link in relative if not _leads_somewhere(document, link)] == []


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        document = ahead.pop()
        if document not in reached:
            reached.add(document)
            found = [
                (document.parent / link.partition("#")[0]).resolve()
                for link in links(document.read_text("utf-8"))
            ]
            ahead += [path for path in found if path.suffix == ".md" and path.is_file()]

    assert [name(document) for document in documents() if document not in reached] == []


def _leads_somewhere(document: Path, link: str) -> bool:
    path, _, fragment = link.partition("#")
    target = (document.parent / path).resolve() if path else document
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not fragment or fragment in anchors(target.read_text("utf-8"))
