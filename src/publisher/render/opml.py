"""feeds.opml: every feed of the site, for a feed reader to import at once (OPML 2.0, subscription list).

Outlines within outlines: of each language, and there of each sort of feed. Readers make
folders or tags of them. It has no dateModified: it changes when a feed comes or goes, or is
called something else, not when it tells something new.
"""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from publisher.model.artifact import Artifact, Stage
from publisher.render import urls
from publisher.render.feed import told
from publisher.render.feed_channels import channels
from publisher.render.feed_offers import GENERAL, NAMED, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.config import Config
    from publisher.model.edition import Edition
    from publisher.render.feed_channels import Channel
    from publisher.render.theme import Theme
    from publisher.render.words import Words

PATH: Final = "feeds.opml"


def opml(edition: Edition, theme: Theme) -> Artifact:
    """All feeds that can be chosen, each once, as Atom."""
    config = edition.config
    root = ET.Element("opml", version="2.0")
    head, body = ET.SubElement(root, "head"), ET.SubElement(root, "body")
    ET.SubElement(head, "title").text = told(config.title(config.site.default_language))
    for language in edition.languages:
        words = theme.words[language]
        whole = _folder(body, config.title(language), language)
        offered = _offered(channels(edition, theme, language), config)
        for sort, found in groupby(offered, partial(_sort, words)):
            folder = _folder(whole, sort, language)
            for channel in found:
                ET.SubElement(folder, "outline", _feed(config, words, channel))
    ET.indent(root)
    return Artifact(PATH, ET.tostring(root, "utf-8", xml_declaration=True) + b"\n", Stage.INDEX)


def _offered(found: Iterator[Channel], config: Config) -> Iterator[Channel]:
    """Without the combinations that are declared no more, and go on for old subscribers alone."""
    return (
        channel
        for channel in found
        if not channel.name.startswith(NAMED) or channel.name.removeprefix(NAMED) in config.feeds
    )


def _folder(parent: ET.Element, name: str, language: str) -> ET.Element:
    name = told(name)
    return ET.SubElement(parent, "outline", text=name, title=name, language=language)


def _sort(words: Words, channel: Channel) -> str:
    """The name of the folder where a feed belongs: channels come sorted."""
    if channel.name in GENERAL:
        return words("subscribe.feed_general")
    if channel.name.startswith(NAMED):
        return words("subscribe.feed_named")
    return words(f"facet.{channel.name.partition('/')[0]}")


def _feed(config: Config, words: Words, channel: Channel) -> dict[str, str]:
    """The attributes of a feed's outline; `type` is "rss" for Atom too."""
    title = told(channel.title)
    return {
        "type": "rss",
        "text": title,
        "title": title,
        "description": told(sentence(words, channel)),
        "language": words.language,
        "xmlUrl": urls.absolute(config, f"{channel.path}.atom"),
        "htmlUrl": urls.absolute(config, channel.home),
    }
