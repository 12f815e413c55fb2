"""feeds.opml: every feed of the site, for a feed reader to import at once (OPML 2.0, subscription list).

It has no dateModified: it changes when a feed comes or goes, not when one of them does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from publisher.model.artifact import Artifact, Stage
from publisher.render import urls
from publisher.render.feed import told
from publisher.render.feeds import channels

if TYPE_CHECKING:
    from publisher.config import Config
    from publisher.model.edition import Edition
    from publisher.render.feeds import Channel

PATH = "feeds.opml"


def opml(edition: Edition) -> Artifact:
    """All feeds, a group for each language; each feed once, as Atom."""
    config = edition.config
    root = ET.Element("opml", version="2.0")
    head, body = ET.SubElement(root, "head"), ET.SubElement(root, "body")
    ET.SubElement(head, "title").text = told(config.title(config.site.default_language))
    for language in edition.languages:
        name = told(config.title(language))
        group = ET.SubElement(body, "outline", text=name, title=name, language=language)
        for channel in channels(edition, language):
            ET.SubElement(group, "outline", _feed(config, language, channel))
    ET.indent(root)
    return Artifact(PATH, ET.tostring(root, "utf-8", xml_declaration=True) + b"\n", Stage.INDEX)


def _feed(config: Config, language: str, channel: Channel) -> dict[str, str]:
    """The attributes of a feed's outline; `type` is "rss" for Atom too."""
    title = told(channel.title)
    address = urls.absolute(config, f"{channel.path}.atom")
    home = urls.absolute(config, channel.home)
    names = {"type": "rss", "text": title, "title": title}
    return {**names, "language": language, "xmlUrl": address, "htmlUrl": home}
