"""Renders an edition: the one place that knows every kind of artifact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.model.artifact import Artifact, Stage
from publisher.render import urls
from publisher.render.calendars import calendars
from publisher.render.feeds import feeds
from publisher.render.listing_calendars import listing_calendars
from publisher.render.opml import opml
from publisher.render.pages import pages
from publisher.render.sitemap import robots, sitemap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from publisher.model.edition import Edition
    from publisher.render.theme import Theme


def render(edition: Edition, theme: Theme, load_asset: Callable[[str], bytes]) -> Iterator[Artifact]:
    """Every file of build/ but the catalogue; `load_asset` gives the bytes of a stored file of a record."""
    yield from assets(edition, load_asset)
    yield from calendars(edition, theme)
    yield from listing_calendars(edition, theme)
    yield from feeds(edition, theme)
    yield from pages(edition, theme)
    yield opml(edition, theme)
    yield from sitemap(edition)
    yield robots(edition)


def assets(edition: Edition, load_asset: Callable[[str], bytes]) -> Iterator[Artifact]:
    """The pictures and attachments of records, under addresses that change when their bytes do."""
    facets = [facet for kind in edition.facets.values() for facet in kind.values()]
    records = (*edition.events, *edition.announcements, *edition.expired, *facets, *edition.pages.values())
    owners: dict[str, set[str]] = {}
    for record in records:
        for stored in record.assets.values():
            owners.setdefault(stored, set()).add(f"{record.kind}/{record.id}")
    for stored, names in sorted(owners.items()):
        yield Artifact(urls.asset(stored), load_asset(stored), Stage.ASSET, frozenset(names))
