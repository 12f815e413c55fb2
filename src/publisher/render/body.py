"""A record's text as HTML for whoever reads it: a page, a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.render import markup, urls
from publisher.render.markup import File

if TYPE_CHECKING:
    from publisher.model.edition import Edition, Published


def body(edition: Edition, language: str, record: Published[Any]) -> str:
    """Safe HTML whose addresses are all absolute; what names a file beside the record leads to that file."""
    text, base = record.text(language).body, urls.absolute(edition.config, urls.page(language, record))
    return markup.html(text, base, _files(edition, record)) if text else ""


def _files(edition: Edition, record: Published[Any]) -> tuple[File, ...]:
    return tuple(_file(edition, name, stored) for name, stored in sorted(record.assets.items()))


def _file(edition: Edition, name: str, stored: str) -> File:
    facts = edition.asset_facts(stored)
    return File(name, urls.absolute(edition.config, urls.asset(stored)), facts.width, facts.height)
