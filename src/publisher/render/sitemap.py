"""sitemap.xml and robots.txt: what search engines are told of the site's pages.

Each page in each language with the day of its last significant change, and its
other languages beside it (the sitemaps protocol 0.9 with `xhtml:link`). A site
of more than 50,000 pages has an index of several sitemaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from publisher.model.artifact import Artifact, Stage
from publisher.model.edition import Selection
from publisher.model.records import FACETS
from publisher.render import urls
from publisher.render.changes import changes_of
from publisher.render.entries import updated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from publisher.model.edition import Edition, Published

#: The protocol's limit for one file.
MOST = 50_000
_OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


@dataclass(frozen=True)
class PageSet:
    """One page in all languages: its path below each of them, and the day of its last change."""

    path: str
    changed: date | None


def sitemap(edition: Edition) -> Iterator[Artifact]:
    """sitemap.xml, and the files it leads to where one does not hold everything."""
    entries = [entry for page in _pages(edition) for entry in _in_all_languages(edition, page)]
    chunks = [entries[first : first + MOST] for first in range(0, len(entries), MOST)]
    if len(chunks) == 1:
        yield _file("sitemap.xml", "urlset", chunks[0], Stage.INDEX)
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(chunks) + 1)]
    for name, chunk in zip(names, chunks, strict=True):
        yield _file(name, "urlset", chunk, Stage.INDEX)
    index = [f"<sitemap><loc>{escape(urls.absolute(edition.config, name))}</loc></sitemap>" for name in names]
    yield _file("sitemap.xml", "sitemapindex", index, Stage.CATALOGUE)  # after the files it names


def robots(edition: Edition) -> Artifact:
    """Everybody may read everything (RFC 9309); written last, since it names the sitemap."""
    text = f"User-agent: *\nAllow: /\n\nSitemap: {urls.absolute(edition.config, 'sitemap.xml')}\n"
    return Artifact("robots.txt", text.encode(), Stage.CATALOGUE)


def _pages(edition: Edition) -> Iterator[PageSet]:
    """The front page, listings, records, free pages, and what has changed; not what was withdrawn."""
    shown = (*edition.events, *edition.announcements)
    yield PageSet("", _latest(shown))
    for kind in FACETS:
        for id_, facet in sorted(edition.facets[kind].items()):
            choice = Selection.of(kind, id_)
            yield PageSet(
                f"{facet.path}/", _latest([facet, *(record for record in shown if choice.takes(record))])
            )
    for record in sorted((*shown, *edition.expired), key=lambda record: record.path):
        yield PageSet(f"{record.path}/", _latest([record]))
    for id_, page in sorted(edition.pages.items()):
        yield PageSet(f"{id_}/", _latest([page]))
    if changes := changes_of(edition):
        yield PageSet("changes/", changes[-1].at.date())
    yield from _digests(edition)


def _digests(edition: Edition) -> Iterator[PageSet]:
    """Of all lists, of each, and of each issue; a page of many as of its last issue."""
    issues = [(issue, issue.due_at.astimezone(UTC).date()) for issue in edition.issues]
    if edition.lists:
        yield PageSet("digests/", max((day for _, day in issues), default=None))
    for id_ in edition.lists:
        latest = max((day for issue, day in issues if issue.list == id_), default=None)
        yield PageSet(f"digests/{id_}/", latest)
    for issue, day in sorted(issues, key=lambda pair: pair[0].path):
        yield PageSet(f"{issue.path}/", day)


def _latest(records: Iterable[Published[Any]]) -> date | None:
    return max((updated(record).date() for record in records), default=None)


def _in_all_languages(edition: Edition, page: PageSet) -> Iterator[str]:
    addresses = {
        language: urls.absolute(edition.config, f"{language}/{page.path}") for language in edition.languages
    }
    default = addresses[edition.config.site.default_language]
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(address)}/>'
        for language, address in (*addresses.items(), ("x-default", default))
    )
    changed = f"<lastmod>{page.changed}</lastmod>" if page.changed else ""
    return (f"<url><loc>{escape(address)}</loc>{changed}{links}</url>" for address in addresses.values())


def _file(path: str, root: str, entries: Iterable[str], stage: Stage) -> Artifact:
    text = _OPENING.format(root=root) + "".join(f"{entry}\n" for entry in entries) + f"</{root}>\n"
    return Artifact(path, text.encode(), stage)
