"""The subject of a digest, and the line that mailboxes show beside it: its most important thing first.

Filters hold a subject of Cyrillic words and one Latin acronym for shouting:
they see none but the acronym's letters (SpamAssassin's SUBJ_ALL_CAPS). Such a
subject also says who is behind the event, or where the digest comes from.
"""

from __future__ import annotations

import re
from itertools import chain, product
from textwrap import shorten
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publisher.model.records import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.mailing.digest_items import Item
    from publisher.mailing.digest_view import Contents

#: What most programs show of a subject, and of the line beside it, in characters.
SUBJECT, PREHEADER = 78, 140
#: No title is cut shorter than that.
_LEAST = 24
_ASIDE = " · "


def subject(contents: Contents, list_title: str) -> str:
    """What has changed, else what is new, else what comes first; at most `SUBJECT` characters."""
    first = _foremost(contents)
    words = contents.view.words
    if first is None:
        return words("digest.subject_nothing", list=list_title)
    others = _others(contents, first)
    more = f" {words.count('digest.and_more', others)}" if others else ""
    asides = ["", *(_ASIDE + name for name in _asides(contents, first))]
    options = [(aside, tail) for aside, tail in product(asides, dict.fromkeys((more, "")))]
    for aside, tail in options:
        text = _headline(first) + aside + tail
        if len(text) <= SUBJECT and not shouts(text):
            return text
    calm = next((aside for aside in asides if not shouts(_headline(first) + aside)), "")
    return _headline(first, SUBJECT - len(calm)) + calm


def preheader(contents: Contents) -> str:
    """How much there is, and the titles that the subject leaves out."""
    first = _foremost(contents)
    titles = dict.fromkeys(item.title for item in contents.items if first and item.path != first.path)
    return shorten(_ASIDE.join((contents.lead, *titles)), PREHEADER, placeholder=" …")


def shouts(text: str) -> bool:
    """Whether every Latin letter in it is a capital."""
    latin = re.sub("[^A-Za-z]", "", text)
    return bool(latin) and latin == latin.upper()


def _foremost(contents: Contents) -> Item | None:
    ranked = [(_rank(section.id, item), item) for section in contents.sections for item in section.items]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _rank(section: str, item: Item) -> int:
    """What changed before what is new, and that before what was told already."""
    if section == "changes":
        return {Status.CANCELLED: 0, Status.POSTPONED: 1}.get(Status(item.status or "confirmed"), 2)
    if item.is_new:
        return 3 if section == "coming" else 5
    return {"news": 4, "coming": 6}.get(section, 7)


def _headline(item: Item, room: int | None = None) -> str:
    before, after = item.around
    if room is None:
        return before + item.title + after
    space = max(_LEAST, room - len(before) - len(after))
    cut = shorten(item.title, space, placeholder="…")
    return before + (cut if cut != "…" else item.title[: space - 1] + "…") + after


def _asides(contents: Contents, item: Item) -> Iterator[str]:
    """Names that are written in small Latin letters too: of those behind the item, else of the site."""
    site = urlsplit(contents.view.config.site.url).hostname or ""
    return (name for name in chain(item.parties, (site,)) if re.search("[a-z]", name))


def _others(contents: Contents, first: Item) -> int:
    """How many other records there are: what has moved is also told as coming, and still is one."""
    paths = {item.path for item in contents.items} - {first.path}
    return len(paths) + sum(section.left_out for section in contents.sections)
