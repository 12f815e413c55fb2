"""Rules about ids, by which readers know what they have shown before, and about languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from publisher.diagnostics import quoted
from publisher.syndication.languages import language_fault
from publisher.syndication.places import Element
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule
from publisher.syndication.values import identity_fault, scheme_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.places import Value
    from publisher.syndication.subject import Feed

_LOWER_ESCAPE: Final = re.compile(r"%(?:[a-f][0-9A-Fa-f]|[0-9A-F][a-f])")
_DOTS: Final = re.compile(r"/\.\.?(?:/|$)")
_PORTS: Final = {"http": ":80", "https": ":443"}
#: Elements whose text is the tag of a language, beside the attribute xml:lang.
_LANGUAGES: Final = frozenset({"language", "rss1:language", "dc:language"})


@rule(
    "id-malformed", ERROR, Sight.ELEMENT, "atom:id",
    source="RFC 4287 4.2.6 (MUST be an IRI); RFC 4151 (tag:), RFC 8141 (urn:)",
    misread="Readers compare ids character by character: one that depends on where the feed is, or is none, "
    "is a new one elsewhere.",
    mend="write an absolute address that never changes, such as tag:example.org,2026:event/open-day",
)  # fmt: skip
def id_malformed(element: Element, feed: Feed) -> Found | None:
    """An id is an absolute address; a tag: has an authority, a date and a name."""
    del feed
    fault = identity_fault(element.text)
    return Found(element, fault, element.text.strip()[:80]) if fault else None


@rule(
    "id-repeated", ERROR, Sight.FEED,
    source="RFC 4287 4.2.6; RSS 2.0, 'guid'; JSON Feed 1.1, 'id'; miniflux/v2#4197",
    misread="Readers show one of the entries only: miniflux showed one of ten.",
    mend="give each entry an id of its own",
)  # fmt: skip
def id_repeated(feed: Feed) -> Iterator[Found]:
    """Each entry has its own id: by it readers tell it from others."""
    seen: set[str] = set()
    for entry in feed.entries:
        said = entry.facts.id
        if said is None or not said.text.strip():
            continue
        if said.text.strip() in seen:
            yield said.found(
                f"expected an id of its own for each entry, got {quoted(said.text.strip())} again"
            )
        seen.add(said.text.strip())


@rule(
    "id-of-feed", WARNING, Sight.FEED, "atom",
    source="RFC 4287 4.2.6 (universally unique)",
    misread="Who keeps feeds and entries in one place takes the one for the other.",
    mend="give the entry an id of its own",
)  # fmt: skip
def id_of_feed(feed: Feed) -> Iterator[Found]:
    """No entry has the id of its feed."""
    own = feed.facts.id.text.strip() if feed.facts.id else ""
    for entry in feed.entries:
        said = entry.facts.id
        if said and own and said.text.strip() == own:
            yield said.found(f"expected another id than the feed's, got {quoted(own)}")


@rule(
    "id-not-canonical", WARNING, Sight.ELEMENT, "atom:id",
    source="RFC 4287 4.2.6.1",
    misread="Programs that write addresses anew make another id of it, and all entries are new.",
    mend="write scheme and host in small letters, no standard port, no /../, and %2F in capitals",
)  # fmt: skip
def id_not_canonical(element: Element, feed: Feed) -> Found | None:
    """An id that is a web address is written as programs would write it."""
    del feed
    text = element.text.strip()
    if scheme_of(text) not in _PORTS or identity_fault(text):
        return None
    parts = urlsplit(text)
    odd = not text.startswith(parts.scheme) or parts.netloc != parts.netloc.lower()
    odd = odd or parts.netloc.endswith((_PORTS[parts.scheme], ":"))
    if odd or _DOTS.search(parts.path) or _LOWER_ESCAPE.search(text):
        return Found(element, f"expected the address in its usual form, got {quoted(text)}", text)
    return None


@rule(
    "language-unknown", ERROR, Sight.NODE,
    source="RFC 4287 2 (xml:lang); RFC 5646; RSS 2.0, 'language'; JSON Feed 1.1, 'language'",
    misread="Readers speak, hyphenate and translate it as another language, or as none: kz is a country, "
    "Kazakh "
    "is kk.",
    mend="write the tag of the language, such as kk, ru or pt-BR",
)  # fmt: skip
def language_unknown(node: Element | Value, feed: Feed) -> Iterator[Found]:
    """A language is told by its tag, which is another thing than the code of a country."""
    del feed
    for tag, attribute in _tags(node):
        fault, hint = language_fault(tag)
        if fault:
            yield Found(node, fault, tag.strip(), attribute, hint)


def _tags(node: Element | Value) -> Iterator[tuple[str, str]]:
    """The tags of languages that an element or object has, each with its attribute or member."""
    if not isinstance(node, Element):
        if node.role in {"feed", "items"} and (tag := node.string("language")):
            yield tag, "language"
        return
    for attribute in ("xml:lang", "hreflang") if node.name == "atom:link" else ("xml:lang",):
        if own := node.attributes.get(attribute):  # an empty one says that none is known
            yield own, attribute
    if node.name in _LANGUAGES:
        yield node.text.strip(), ""


RULES = (id_malformed, id_repeated, id_of_feed, id_not_canonical, language_unknown)
