"""Addresses: every link is made here, from the configured url and permanent ids only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publisher.config import Config
    from publisher.model.edition import Published
    from publisher.model.records import Kind


def absolute(config: Config, path: str) -> str:
    """The public address of a path below build/; a folder's page is the folder."""
    path = path.removesuffix("index.html")
    return f"{config.site.url}/{path}"


def page(language: str, record: Published[object]) -> str:  # type: ignore[type-var]
    """The path of a record's page."""
    return f"{language}/{record.path}/index.html"


def listing(language: str, kind: Kind, id_: str) -> str:
    """The folder of a facet's listing, with its calendar and feeds."""
    return f"{language}/{kind.plural}/{id_}/"


def asset(stored: str) -> str:
    """The path of a file that stood beside a record."""
    return f"assets/files/{stored}"


def tag_uri(config: Config, kind: str, id_: str, language: str) -> str:
    """The id of a feed entry for ever (RFC 4151): authority, stored id, language; nothing that can change."""
    return f"tag:{config.site.identity}:{kind}/{id_}/{language}"


def feed_uri(config: Config, name: str, language: str) -> str:
    """The id of a feed."""
    return f"tag:{config.site.identity}:feed/{name}/{language}"
