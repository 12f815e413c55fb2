"""The rules of the lint, one small function each: `RULES` is what is held against a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.syndication.rules import (
    addresses,
    atom,
    atom_texts,
    contents,
    contents_tags,
    dates,
    event,
    form,
    history,
    identity,
    json_feed,
    json_items,
    links,
    modules,
    podcasts,
    push,
    rdf,
    rss,
    rss_channel,
    rss_dates,
    rss_files,
    rss_guids,
    rss_image,
    rss_items,
)

if TYPE_CHECKING:
    from publisher.syndication.rules.rule import Rule

#: By what they are about, in the order of the reference: from the octets to what they mean.
GROUPS: Final[tuple[tuple[str, tuple[Rule, ...]], ...]] = (
    ("The form of a file", form.RULES),
    ("Ids and languages", identity.RULES),
    ("Times", dates.RULES),
    ("Addresses", addresses.RULES),
    ("Links", links.RULES),
    ("Archives and pages", history.RULES),
    ("Push", push.RULES),
    ("The elements of Atom", atom.RULES),
    ("The texts of Atom", atom_texts.RULES),
    ("The elements of RSS", rss.RULES),
    ("The channel of RSS", rss_channel.RULES + rss_image.RULES),
    ("The items of RSS", rss_items.RULES + rss_guids.RULES + rss_dates.RULES),
    ("The files of RSS", rss_files.RULES),
    ("The elements of RSS 1.0", rdf.RULES),
    ("Events in RSS", event.RULES),
    ("Podcasts in RSS", podcasts.RULES),
    ("Places, comments and bases", modules.RULES),
    ("The document of JSON Feed", json_feed.RULES),
    ("The items of JSON Feed", json_items.RULES),
    ("Texts and HTML", contents.RULES + contents_tags.RULES),
)
RULES: Final = tuple(rule for _, rules in GROUPS for rule in rules)
