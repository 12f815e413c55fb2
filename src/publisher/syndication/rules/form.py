"""Rules about octets, charsets and syntax, which reading itself holds, and about what surrounds a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.diagnostics import quoted
from publisher.syndication.rules.rule import ERROR, WARNING, Found, Sight, of_form, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.syndication.subject import Feed

#: In octets. Some readers and gateways stop there; the W3C validator stops at five times as much.
LARGE: Final = 1_000_000

_OF_READING: Final = (
    of_form(
        "no-feed", ERROR,
        "A feed is <feed>, <rss>, <rdf:RDF>, or a JSON object with a version and items.",
        source="RFC 4287 2; RSS 2.0, 'RSS'; JSON Feed 1.1, 'Structure'",
        misread="All: there is nothing to subscribe to. Mostly a sign-in page or a page of an error came "
        "instead.",
        mend="name the address of the feed itself, not that of a page",
    ),
    of_form(
        "feed-too-large", ERROR,
        "A file with more than 50 million octets, or 200,000 elements, is not looked at.",
        source="what no reader takes",
        misread="Readers run out of memory or of time.",
        mend="put the newest entries into the feed and the others into archives (RFC 5005)",
    ),
    of_form(
        "nested-too-deep", ERROR,
        "No feed has more than a few elements or values within each other; what is deeper is not looked at.",
        source="what no reader takes",
        misread="Readers that call themselves for each level fall over.",
        mend="end the elements before others begin",
    ),
    of_form(
        "charset-unknown", ERROR,
        "The charset that the XML declaration names is one that readers know.",
        source="XML 1.0, 4.3.3",
        misread="XML parsers refuse the file.",
        mend="save the file as UTF-8 and declare that",
    ),
    of_form(
        "charset-wrong", ERROR,
        "The file is in the charset that it says it is in; without a word, in UTF-8.",
        source="XML 1.0, 4.3.3; RFC 8259 8.1",
        misread="XML parsers refuse the file; others show letters that nobody wrote.",
        mend="save the file as UTF-8 and declare that",
    ),
    of_form(
        "charset-contradicted", ERROR,
        "What the XML declaration names is what the first octets show.",
        source="XML 1.0, 4.3.3 (it is an error); RFC 7303 3.3",
        misread="expat refuses the file, and with it many readers; feedparser finds nothing in it.",
        mend="save the file as UTF-8 and declare that",
    ),
    of_form(
        "charset-other", WARNING,
        "Feeds are in UTF-8: parsers have to know that and UTF-16 only.",
        source="XML 1.0, 4.3.3; RFC 8259 8.1",
        misread="Readers that know no other charset refuse the file; servers that say utf-8 in Content-Type "
        "contradict it.",
        mend="save the file as UTF-8",
    ),
    of_form(
        "byte-order-mark", ERROR,
        "JSON begins with its first character; no byte order mark may be added.",
        source="RFC 8259 8.1 (MUST NOT)",
        misread="JSON.parse and Python's json refuse the file.",
        mend="save the file as UTF-8 without a byte order mark",
    ),
    of_form(
        "text-before-xml", ERROR,
        "Nothing stands before the XML declaration, not even an empty line.",
        source="XML 1.0, 2.8; the W3C validator has a message of its own for WordPress's blank line",
        misread="All XML parsers refuse the file. Mostly a plugin or an include prints a blank line, or a "
        "warning.",
        mend="begin the file with <?xml",
    ),
    of_form(
        "xml-version", ERROR,
        "Feeds are XML 1.0.",
        source="RFC 4287 2",
        misread="Parsers that know 1.0 only, which are nearly all, refuse the file.",
        mend='write <?xml version="1.0" encoding="utf-8"?>',
    ),
    of_form(
        "doctype", WARNING,
        "A feed has no document type: nothing checks it, and parsers have to be kept from fetching it.",
        source="RFC 4287 2 (Atom has no DTD)",
        misread="Readers that fear entities refuse each file with a document type.",
        mend="delete the <!DOCTYPE ...>",
    ),
    of_form(
        "entity-declared", ERROR,
        "A feed declares no entities: a few of them unfold to gigabytes, or to files of the reader's "
        "machine.",
        source="CWE-776, CWE-611",
        misread="Readers refuse the file; those that do not are in danger.",
        mend="delete the declarations and write the text itself",
    ),
    of_form(
        "attribute-declared", ERROR,
        "A feed declares no attributes that elements have without a word: each element gets a copy, and a "
        "megabyte becomes gigabytes.",
        source="CWE-776, CWE-400; XML 1.0, 3.3.2",
        misread="Some readers run out of memory; others do not read the declaration, and miss the attribute.",
        mend="delete the declarations and write each attribute where it belongs",
    ),
    of_form(
        "entity-unknown", ERROR,
        "XML has &amp;, &lt;, &gt;, &quot; and &apos;; the names of HTML, such as &nbsp;, are none of it.",
        source="XML 1.0, 4.1 (WFC: Entity Declared)",
        misread="XML parsers refuse the file from there on; others lose the character.",
        mend="write the character itself, or its number",
    ),
    of_form(
        "ampersand-bare", ERROR,
        "In XML an ampersand begins an entity; by itself it is &amp;, in addresses too.",
        source="XML 1.0, 2.4",
        misread="XML parsers refuse the file from there on.",
        mend="write &amp;",
    ),
    of_form(
        "control-character", ERROR,
        "Control characters beside tab and line ends, and halves of surrogates, are no text.",
        source="XML 1.0, 2.2; RFC 8259 7; mozilla/bedrock#13867, ckan/ckan#6378",
        misread="XML parsers refuse the file from there on, in whatever way the character is written.",
        mend="leave it out",
    ),
    of_form(
        "prefix-unbound", ERROR,
        "A prefix such as dc: stands for a namespace that is declared.",
        source="Namespaces in XML 1.0, 3",
        misread="XML parsers refuse the file from there on.",
        mend="declare its namespace in the outermost element",
    ),
    of_form(
        "namespace-misspelt", ERROR,
        "Namespaces are compared character by character: https, a capital or a stroke make another one.",
        source="Namespaces in XML 1.0, 2.3; the W3C validator's MediaRssNamespace",
        misread="Readers pass over all that is in it.",
        mend="write the namespace as its standard has it",
    ),
    of_form(
        "xml-broken", ERROR,
        "A feed is well-formed XML.",
        source="XML 1.0, 2.1",
        misread="XML parsers refuse the file from there on: half of the programs show nothing.",
        mend="mend it there, and have a library write XML",
    ),
    of_form(
        "json-broken", ERROR,
        "A JSON Feed is JSON: names and strings in double quotation marks, no comments, no comma at the end.",
        source="RFC 8259 2",
        misread="All refuse the file.",
        mend="mend it there, and have a library write JSON",
    ),
    of_form(
        "member-repeated", ERROR,
        "The names in an object are each there once.",
        source="RFC 8259 4",
        misread="Some take the first, most the last, some refuse the file.",
        mend="delete one of them",
    ),
    of_form(
        "truncated", ERROR,
        "A file whose end never comes was cut off on its way.",
        source="XML 1.0, 2.1; RFC 8259 2",
        misread="Most refuse the file; others show the half of it without a word.",
        mend="fetch the file again: it stops short",
    ),
    of_form(
        "atom-namespace", ERROR,
        "<feed> is an element of Atom only in Atom's namespace.",
        source="RFC 4287 1.2",
        misread="Readers find no feed.",
        mend='write <feed xmlns="http://www.w3.org/2005/Atom">',
    ),
    of_form(
        "atom-old", ERROR,
        "Atom 0.3 was a draft of 2003; RFC 4287 took its place. It is not looked at further.",
        source="RFC 4287; the W3C validator's ObsoleteNamespace",
        misread="Readers that were written later find no feed.",
        mend='write Atom 1.0: <feed xmlns="http://www.w3.org/2005/Atom">',
    ),
)  # fmt: skip


@rule(
    "feed-large", WARNING, Sight.FEED,
    source="what readers and gateways take; the W3C validator refuses more than five million octets",
    misread="It is fetched again and again by each reader, and some cut it off.",
    mend="put the newest 30 to 50 entries into the feed and the others into archives (RFC 5005)",
)  # fmt: skip
def feed_large(feed: Feed) -> Found | None:
    """A feed holds what is new; all that ever was is for archives."""
    size = feed.root.end
    if size <= LARGE:
        return None
    return Found(feed.root, f"expected at most {LARGE:,} octets, got {size:,}")


@rule(
    "stylesheet-xslt", WARNING, Sight.FEED, "atom", "rss",
    source="whatwg/html#11523; Chrome 158 turns XSLT off",
    misread="Chrome shows an error in place of the feed; readers do not mind.",
    mend='use a style sheet of type "text/css", or none',
)  # fmt: skip
def stylesheet_xslt(feed: Feed) -> Iterator[Found]:
    """Browsers give XSLT up: a feed that names an XSL style sheet is no longer shown."""
    for each in feed.instructions:
        if each.target == "xml-stylesheet" and (
            "xsl" in each.get("type") or each.get("href").endswith((".xsl", ".xslt"))
        ):
            yield Found(each.at, f"expected no XSLT, got {quoted(each.get('type') or each.get('href'))}")


RULES = (*_OF_READING, feed_large, stylesheet_xslt)
