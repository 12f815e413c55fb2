"""Rules about the elements of Atom: which there are, how many, where (RFC 4287 section 4)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.places import Element, Near
from publisher.syndication.rules.atom_names import (
    ATTRIBUTES,
    CHILDREN,
    ELEMENTS,
    MANY,
    PLAIN,
    REQUIRED,
    TEXTS,
)
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.subject import Feed

_EMAIL: Final = re.compile(r"[^@\s<>()]+@[^@\s<>()]+")
_STRAY: Final = 40


def _shown(name: str) -> str:
    """An element as messages name it."""
    return f"<{name.removeprefix('atom:')}>"


@rule(
    "atom-element-missing", ERROR, Sight.ELEMENT, *REQUIRED,
    source="RFC 4287 4.1.1, 4.1.2, 3.2 (MUST contain exactly one)",
    misread="Strict readers refuse the feed; without an id readers make one of the link or the title, and "
    "each "
    "edit is a new entry.",
    mend="add it",
)  # fmt: skip
def atom_element_missing(element: Element, feed: Feed) -> Iterator[Found]:
    """A feed and each entry have an id, a title and a time of their last change; a person has a name."""
    del feed
    there = {child.name for child in element.children}
    for name in REQUIRED[element.name]:
        if name not in there:
            yield Found(element, f"expected {_shown(name)} in {_shown(element.name)}, got none")


@rule(
    "atom-author-missing", ERROR, Sight.ELEMENT, "atom:entry",
    source="RFC 4287 4.1.2, 4.1.1 (MUST)",
    misread="Strict readers refuse the feed; who collects entries of many feeds cannot say whose this one "
    "is.",
    mend="add <author><name>...</name></author> to the feed or to each entry",
)  # fmt: skip
def atom_author_missing(element: Element, feed: Feed) -> Found | None:
    """Each entry has an author: its own, that of its source, or that of the feed."""
    places = (element, element.first("atom:source"), element.parent)
    if feed.format != "atom" or any(each.first("atom:author") for each in places if each):
        return None
    return Found(element, "expected <author> in the entry or the feed, got none")


@rule(
    "atom-element-repeated", ERROR, Sight.ELEMENT, *CHILDREN,
    source="RFC 4287 4.1.1, 4.1.2, 4.2.11, 3.2 (MUST NOT contain more than one)",
    misread="Some take the first, some the last.",
    mend="keep one of them",
)  # fmt: skip
def atom_element_repeated(element: Element, feed: Feed) -> Iterator[Found]:
    """What is said once is said once: two ids or titles contradict each other."""
    del feed
    seen: Counter[str] = Counter()
    for child in element.children:
        seen[child.name] += 1
        if seen[child.name] == 2 and child.name in ELEMENTS and child.name not in MANY:  # noqa: PLR2004 -- once more
            yield Found(child, f"expected one {_shown(child.name)} in {_shown(element.name)}, got another")


@rule(
    "atom-element-unknown", ERROR, Sight.ELEMENT, *CHILDREN,
    source="RFC 4287 4, 6.1 (extensions are in other namespaces)",
    misread="All pass it over: a <pubDate> or <description> in Atom is nothing.",
    mend="use an element that Atom has, or declare the namespace of the other",
)  # fmt: skip
def atom_element_unknown(element: Element, feed: Feed) -> Iterator[Found]:
    """Atom has the elements that its standard names; all others have a namespace of their own."""
    del feed
    known = [name.removeprefix("atom:") for name in CHILDREN[element.name]]
    for child in element.children:
        if child.name.startswith("atom:") and child.name not in ELEMENTS:
            message = (
                f"expected an element of Atom in {_shown(element.name)}, got {_shown(child.name[:_STRAY])}"
            )
            yield Found(child, message, hint=Near(child.local, known))
        elif ":" not in child.name and child.name[0] != "{":
            message = f"expected an element in a namespace, got <{child.name[:_STRAY]}> in none"
            yield Found(child, message, hint="write its prefix, and declare the namespace of it")


@rule(
    "atom-element-misplaced", ERROR, Sight.ELEMENT, *sorted(ELEMENTS),
    source="RFC 4287 4.1.1, 4.1.2, 4.2.11, 3.2",
    misread="All pass it over.",
    mend="move it to where it belongs",
)  # fmt: skip
def atom_element_misplaced(element: Element, feed: Feed) -> Found | None:
    """Each element has its place: a subtitle is a feed's, a summary an entry's, a name a person's."""
    del feed
    parent = element.parent
    if parent is None or element.name in CHILDREN.get(parent.name, ELEMENTS):
        return None  # in other elements, and in RSS, it is what their makers say
    return Found(element, f"expected {_shown(element.name)} elsewhere, got it in {_shown(parent.name)}")


@rule(
    "atom-entry-early", WARNING, Sight.FEED, "atom",
    source="RFC 4287 appendix B (the grammar has entries last); the W3C validator's MisplacedMetadata",
    misread="Readers that stop at the first entry, or at the last that they know, never see what stands "
    "after it.",
    mend="write what is of the feed before the first entry",
)  # fmt: skip
def atom_entry_early(feed: Feed) -> Found | None:
    """What is said of the whole feed stands before its entries."""
    children = feed.root.children if isinstance(feed.root, Element) else []
    first = next(
        (number for number, child in enumerate(children) if child.name == "atom:entry"), len(children)
    )
    late = (child for child in children[first:] if child.name in ELEMENTS and child.name != "atom:entry")
    child = next(late, None)
    if child is None:
        return None
    return Found(child, f"expected {_shown(child.name)} before the first <entry>, got it after one")


@rule(
    "atom-element-empty", WARNING, Sight.ELEMENT, "atom:title", "atom:name", "atom:generator",
    source="RFC 4287 3.2.1, 4.2.4; the W3C validator's NotBlank",
    misread="Readers show a line without words, which nobody can click, or an address in its place.",
    mend="write what it is, or leave it out where it need not be there",
)  # fmt: skip
def atom_element_empty(element: Element, feed: Feed) -> Found | None:
    """A title and a name have words in them."""
    del feed
    words = element.all_text.strip()
    return None if words else Found(element, f"expected words in {_shown(element.name)}, got none")


@rule(
    "atom-attribute-unknown", ERROR, Sight.ELEMENT, *sorted(ATTRIBUTES),
    source="RFC 4287 2, 6.1 (other attributes are in namespaces)",
    misread='All pass it over: mode="escaped" of Atom 0.3 and url= of RSS are nothing in Atom.',
    mend="leave it out, or use the attribute that Atom has",
)  # fmt: skip
def atom_attribute_unknown(element: Element, feed: Feed) -> Iterator[Found]:
    """The elements of Atom have the attributes that its standard names."""
    del feed
    known = ATTRIBUTES[element.name]
    for name in element.attributes:
        if name not in known and ":" not in name and name[0] != "{":
            message = f"expected an attribute that {_shown(element.name)} has, got {quoted(name)}"
            yield Found(element, message, attribute=name, hint=Near(name, known))


@rule(
    "atom-text-stray", ERROR, Sight.ELEMENT, *CHILDREN,
    source="RFC 4287 2 (the grammar has no text there)",
    misread="All pass it over.",
    mend="put it into an element, or delete it",
)  # fmt: skip
def atom_text_stray(element: Element, feed: Feed) -> Found | None:
    """Between the elements of a feed or an entry stands nothing."""
    del feed
    stray = next((part for part in element.parts if part.strip()), "")
    if not stray:
        return None
    first = stray.strip().split("\n")[0][:_STRAY]
    about = stray[: stray.index(first)] + first
    return Found(element, f"expected elements in {_shown(element.name)}, got the text {quoted(first)}", about)


@rule(
    "atom-markup-bare", ERROR, Sight.ELEMENT, *sorted(PLAIN), *TEXTS, "atom:content",
    source="RFC 4287 3.1.1.1, 3.1.1.2 (MUST NOT contain child elements)",
    misread="Readers take the tags for elements of the feed: the text is empty, or ends at the first of "
    "them.",
    mend='write < as &lt; and & as &amp; in type="html", or use type="xhtml" with a <div>',
)  # fmt: skip
def atom_markup_bare(element: Element, feed: Feed) -> Found | None:
    """HTML in Atom is escaped, unless its type is xhtml; ids, names and times are plain text."""
    del feed
    kind = (element.get("type") or "text").lower()
    if not element.children or (element.name not in PLAIN and (kind == "xhtml" or "/" in kind)):
        return None
    child = element.children[0]
    return Found(child, f"expected text in {_shown(element.name)}, got the element <{child.local[:_STRAY]}>")


@rule(
    "atom-email-malformed", ERROR, Sight.ELEMENT, "atom:email",
    source="RFC 4287 3.2.3 (MUST conform to addr-spec)",
    misread="Nobody can write to it; strict readers refuse the feed.",
    mend="write the address alone, such as jane@example.org, or leave it out",
)  # fmt: skip
def atom_email_malformed(element: Element, feed: Feed) -> Found | None:
    """An e-mail address is one, without a name beside it."""
    del feed
    if _EMAIL.fullmatch(element.text):
        return None
    return Found(element, f"expected an e-mail address, got {quoted(element.text)}")


@rule(
    "atom-category-without-term", ERROR, Sight.ELEMENT, "atom:category",
    source="RFC 4287 4.2.2.1 (MUST have a term attribute)",
    misread="Readers show no category: what stands between its tags is nothing to them.",
    mend='write <category term="physics" label="Physics"/>',
)  # fmt: skip
def atom_category_without_term(element: Element, feed: Feed) -> Found | None:
    """A category is what its attribute `term` says."""
    del feed
    if (element.get("term") or "").strip():
        return None
    return Found(element, "expected a term in <category>, got none")


@rule(
    "atom-source-incomplete", WARNING, Sight.ELEMENT, "atom:source",
    source="RFC 4287 4.2.11 (SHOULD contain all required elements of the feed)",
    misread="Who collects entries cannot tell from which feed this one was copied.",
    mend="copy the id, title and updated of the feed that the entry is from",
)  # fmt: skip
def atom_source_incomplete(element: Element, feed: Feed) -> Iterator[Found]:
    """A copied entry says from which feed: its id, its title and the time of its last change."""
    del feed
    for name in REQUIRED["atom:feed"]:
        if element.first(name) is None:
            yield Found(element, f"expected {_shown(name)} in <source>, got none")


RULES = (
    atom_element_missing,
    atom_author_missing,
    atom_element_repeated,
    atom_element_unknown,
    atom_element_misplaced,
    atom_entry_early,
    atom_element_empty,
    atom_attribute_unknown,
    atom_text_stray,
    atom_markup_bare,
    atom_email_malformed,
    atom_category_without_term,
    atom_source_incomplete,
)
