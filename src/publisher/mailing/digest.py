"""A digest: what all readers of a cohort get of an issue, as HTML, as text and as part of a web page.

    Choice --contents_of--> Contents --templates--> HTML, text, page --css-inline--> Digest

All three say the same in the same order. The mail loads nothing: no picture, no
font, no style sheet. Where a reader's own links belong, a placeholder stands that
is as long as the token which replaces it; the page has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publisher.mailing.digest_items import flat
from publisher.mailing.digest_view import contents_of, view_of
from publisher.mailing.headline import preheader, subject
from publisher.mailing.inlining import inlined
from publisher.mailing.plain_text import wrapped
from publisher.mailing.tokens import PREFERENCES, UNSUBSCRIBE
from publisher.model.mailing import Digest
from publisher.render import dates, urls
from publisher.render.digestpages import issue_day

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.config_mail import List
    from publisher.mailing.digest_view import Contents
    from publisher.mailing.issue import Choice
    from publisher.model.edition import Edition
    from publisher.render.theme import Theme
    from publisher.render.view import View

#: Gmail shows no more than 102 kB of a message's HTML; beyond this a digest says how much more there is.
MOST_BYTES = 90_000


@dataclass(frozen=True)
class _Sheet:
    """A digest before it is rendered: what its templates are given beside the contents."""

    theme: Theme
    context: dict[str, Any]

    def render(self, template: str, contents: Contents) -> str:
        return self.theme.render(f"mail/{template}", digest=contents, **self.context)

    def html(self, contents: Contents) -> str:
        return inlined(self.render("digest.html", contents))


def render_digest(  # noqa: PLR0913, PLR0917 -- an issue, a cohort, what both are made of
    edition: Edition,
    theme: Theme,
    list_id: str,
    settings: List,
    period: str,
    choice: Choice,
    language: str,
    *,
    due_at: datetime,
) -> Digest:
    """The digest of a cohort; of a choice of nothing, one that says so.

    Args:
        edition: What the choice was cut from.
        theme: The site's.
        list_id: The list's id, which its addresses have.
        settings: The list's.
        period: The key of the issue's period, which its address has.
        choice: What the cohort is told.
        language: In which language.
        due_at: When the issue was due (aware): the day of the digest, however late it is.
    """
    view = view_of(edition, theme, language)
    contents = contents_of(view, choice, settings.sections)
    site = edition.config.site
    title = flat(settings.title_in(language, site.default_language))
    line = subject(contents, title)
    context = _context(view, title, list_id, period) | {
        "title": line,
        "preheader": preheader(contents),
        "day": dates.day(issue_day(settings, site.timezone, due_at), view.words),
    }
    sheet = _Sheet(theme, context)
    html, shown = _fitted(sheet, contents)
    return Digest(
        cohort=choice.cohort(list_id, language),
        language=language,
        subject=line,
        html=html,
        text=wrapped(sheet.render("digest.txt", shown)),
        page=sheet.render("body.html", contents),
    )


def _context(view: View, list_title: str, list_id: str, period: str) -> dict[str, Any]:
    config, site_title = view.config, flat(view.config.title(view.language))
    links = {
        "home": view.absolute(),
        "web": view.absolute(f"digests/{list_id}/{period}/"),
        "preferences": urls.absolute(config, f"preferences/{PREFERENCES}"),
        "unsubscribe": urls.absolute(config, f"unsubscribe/{UNSUBSCRIBE}"),
    }
    return {
        "words": view.words,
        "language": view.language,
        "site_title": site_title,
        "postal_address": config.site.postal_address or "",
        "list_title": list_title,
        "why": view.words("digest.why", list=list_title, site=site_title),
        "links": links,
    }


def _fitted(sheet: _Sheet, contents: Contents) -> tuple[str, Contents]:
    """The HTML, with as many items in each section as there is room for, and what it shows."""
    html = sheet.html(contents)
    if len(html.encode()) <= MOST_BYTES:
        return html, contents
    fits, too_many = 0, contents.longest
    while too_many - fits > 1:
        most = (fits + too_many) // 2
        is_small = len(sheet.html(contents.cut(most)).encode()) <= MOST_BYTES
        fits, too_many = (most, too_many) if is_small else (fits, most)
    shown = contents.cut(fits)
    return sheet.html(shown), shown
