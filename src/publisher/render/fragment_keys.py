"""Keys of rendered fragments: a hash over all that their bytes are made of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publisher.model.edition import Edition, Part, Published
    from publisher.render.theme import Theme


def surroundings(edition: Edition, theme: Theme, language: str) -> bytes:
    """A hash of what everything in a language depends on: the site, the theme's words."""
    site = edition.config.site.model_dump_json()
    words = sorted(theme.words[language].texts.items())
    return fragment_key(f"{language}{site}{words}".encode(), ())


def state(item: Published[object] | Part, language: str) -> tuple[object, ...]:  # type: ignore[type-var]
    """All that the ledger says of an item for a language: its bytes change with nothing else of it."""
    return (
        item.uid,
        item.revision,
        item.first_published,
        item.last_modified[language],
        item.seen[language],
    )


def fragment_key(start: bytes, told: object) -> bytes:
    """A key of what is told, in surroundings."""
    return hashlib.blake2b(start + repr(told).encode("utf-8", "surrogatepass"), digest_size=16).digest()
