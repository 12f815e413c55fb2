"""A site that tells hubs."""

from __future__ import annotations

import json
from pathlib import Path

from sites import CONFIG, CuratedSite

FORMATS = (".atom", ".rss", ".json")


def configured(*hubs: str, config: str = CONFIG) -> str:
    """The settings of a site with hubs."""
    return f"{config}\n[websub]\nhubs = {json.dumps(hubs)}\n"


def site_with(root: Path, *hubs: str) -> CuratedSite:
    """A site with one event in a topic, not yet released."""
    site = CuratedSite.create(root, configured(*hubs))
    site.event(start="2026-09-11", end="2026-09-13")
    return site


def feeds(site: CuratedSite) -> dict[str, bytes]:
    """Every living feed that is served."""
    return {
        path: data
        for path, data in site.files().items()
        if path.endswith(FORMATS) and "/archive/" not in path and path != "catalogue.json"
    }


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The feeds that are not what they were."""
    return sorted(path for path, data in after.items() if before.get(path) != data)
