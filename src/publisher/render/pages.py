"""All pages of an edition: every record, listing and index in every language.

Each page is a pure function of edition and theme. It holds no clock and no
stamp of its own: it changes when a record that it names does, or a day ends that
something on it was for, and otherwise never. What counts the entries of a
calendar names all that is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.model.artifact import Artifact, Stage
from publisher.model.records import FACETS, SITE_PAGES
from publisher.render.assets import assets_of
from publisher.render.changespage import changes_draft
from publisher.render.deadlinepage import deadlines_draft
from publisher.render.digestpages import digest_drafts, digest_texts
from publisher.render.eventpage import event_draft, withdrawn_draft
from publisher.render.facetpages import facet_draft, facet_index_drafts
from publisher.render.layout import Frame, own_name
from publisher.render.listings import announcements_draft, events_draft, home_draft, past_drafts
from publisher.render.lookup import look_up
from publisher.render.months import month_drafts, months_of
from publisher.render.recordpages import announcement_draft, free_page_draft
from publisher.render.subscribepage import subscribe_draft
from publisher.render.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publisher.model.edition import Edition
    from publisher.render.assets import Assets
    from publisher.render.layout import Draft
    from publisher.render.months import Months
    from publisher.render.theme import Theme


def pages(edition: Edition, theme: Theme) -> Iterator[Artifact]:
    """Every HTML page with the texts of digests, and the theme's own assets."""
    lookup, assets = look_up(edition), assets_of(theme)
    months = months_of(edition.showings)
    yield from assets.artifacts()
    views = [View(lookup, theme, language) for language in edition.languages]
    for view in views:
        frame = Frame(view, assets)
        yield from (frame.finish(draft) for draft in _drafts(view, months))
    yield from _for_all_languages(views, assets)
    yield from digest_texts(edition)


def _drafts(view: View, months: Months) -> Iterator[Draft]:
    edition = view.edition
    yield from (event_draft(view, event) for event in edition.events)
    yield from (withdrawn_draft(view, event) for event in edition.withdrawn)
    yield from (announcement_draft(view, news) for news in edition.announcements)
    yield from (announcement_draft(view, news, expired=True) for news in edition.expired)
    yield from (facet_draft(view, facet) for kind in FACETS for facet in edition.facets[kind].values())
    # A page of an earlier version may have an address that is the site's own now.
    yield from (free_page_draft(view, page) for id_, page in edition.pages.items() if id_ not in SITE_PAGES)
    yield from facet_index_drafts(view)
    yield from month_drafts(view, months)
    yield from past_drafts(view)
    yield events_draft(view)
    yield announcements_draft(view)
    yield changes_draft(view)
    yield deadlines_draft(view)
    yield subscribe_draft(view)
    yield from digest_drafts(view)
    yield home_draft(view)


def _for_all_languages(views: Sequence[View], assets: Assets) -> Iterator[Artifact]:
    """The pages that belong to no language: where the languages part, and where nothing is."""
    default = next(view for view in views if view.language == view.config.site.default_language)
    for path, template in (("404.html", "404.html"), ("index.html", "root.html")):
        html = default.theme.render(
            template,
            views=views,
            default=default,
            assets=assets,
            names={view.language: own_name(view, view.language) for view in views},
        )
        yield Artifact(path, html.encode(), Stage.INDEX)
