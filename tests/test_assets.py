"""The files that stand beside records: what is known of them by their bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pictures import gif, jpeg, png, webp
from publisher.assets import AssetStore, LostAsset
from publisher.model.artifact import AssetFacts

if TYPE_CHECKING:
    from pathlib import Path


def facts_of(tmp_path: Path, name: str, data: bytes) -> AssetFacts:
    """Of a file that has not been stored yet."""
    beside = tmp_path / name
    beside.write_bytes(data)
    store = AssetStore(tmp_path / "kept", tmp_path / "published")
    stored = store.name_all({f"content/events/{name}": beside})
    return store.facts(stored[f"content/events/{name}"])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", png(640, 480)),
        ("a.gif", gif(640, 480)),
        ("a.webp", webp(640, 480)),
        ("a.jpg", jpeg(640, 480)),
        ("turned.jpg", jpeg(480, 640, orientation=6)),
    ],
)
def test_a_picture_has_its_length_and_the_size_in_which_it_is_shown(
    tmp_path: Path, name: str, data: bytes
) -> None:
    assert facts_of(tmp_path, name, data) == AssetFacts(len(data), 640, 480)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("programme.pdf", b"%PDF-1.7 ..."),
        ("empty.png", b""),
        ("torn.png", png(640, 480)[:20]),
        ("none.png", png(0, 0)),
        ("named-like-one.jpg", b"A text."),
    ],
)
def test_what_has_no_size_has_a_length(tmp_path: Path, name: str, data: bytes) -> None:
    assert facts_of(tmp_path, name, data) == AssetFacts(len(data), None, None)


def test_a_stored_file_is_known_when_nothing_stands_beside_the_record_any_more(tmp_path: Path) -> None:
    beside = tmp_path / "a.png"
    beside.write_bytes(png(3, 4))
    first = AssetStore(tmp_path / "kept", tmp_path / "published")
    (stored,) = first.name_all({"content/events/a.png": beside}).values()
    first.keep([stored])
    beside.unlink()

    assert AssetStore(tmp_path / "kept", tmp_path / "published").facts(stored) == AssetFacts(
        len(png(3, 4)), 3, 4
    )


def test_a_lost_file_is_named(tmp_path: Path) -> None:
    store = AssetStore(tmp_path / "kept", tmp_path / "published")

    with pytest.raises(LostAsset, match=r"0123456789abcdef/a\.png"):
        store.facts("0123456789abcdef/a.png")
