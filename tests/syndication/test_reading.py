"""How feeds are read: what is told of files that are none, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.diagnostics import Severity
from publisher.syndication.lint import check, is_feed
from publisher.syndication.rules.form import LARGE

MENDED = Path(__file__).parent / "mended"
#: When the feeds are looked at.
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ATOM = (MENDED / "id-malformed.atom").read_text("utf-8")
TWO = (MENDED / "id-repeated.atom").read_text("utf-8")
RSS = (MENDED / "address-not-absolute.rss").read_text("utf-8")
JSON = (MENDED / "date-missing.json").read_text("utf-8")


def _codes(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return [finding.code for finding in check(data, "x", NOW)]


def _atom(old: str, new: str, feed: str = ATOM) -> str:
    """A sound feed with something in it replaced, once."""
    assert old in feed
    return feed.replace(old, new, 1)


# Form, in plain words.


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Open days", "Days & nights", "expected &amp;, got a bare ampersand: '& nights</title>'"),
        ("</name>", "</Name>", "expected </name>, got </Name>"),
        ("Open days", "Open <days", "expected a tag or &lt;, got '<days</title>'"),
        ("<entry>", "<ev:entry>", "expected a namespace for the prefix 'ev', got none"),
        ("<entry>", '<entry media:x="1">', "expected a namespace for the prefix 'media', got none"),
        ("Open days", "Open\x0bdays", "expected text, got the character U+000B"),
        (
            "<title>",
            "<title type=text>",
            "expected quotation marks around the value of an attribute, got 'type=text>Open days</tit'",
        ),
        ('xml:lang="en"', 'xml:lang="en" xml:lang="en"', "expected each attribute once, got one twice"),
    ],
)
def test_what_is_no_xml_is_told_in_plain_words(old: str, new: str, message: str) -> None:
    (finding,) = check(_atom(old, new).encode(), "x")

    assert finding.message == f"{message}; what follows was not read"


@pytest.mark.parametrize(
    ("old", "new", "message", "code"),
    [
        (
            '"Open days",',
            '"Open days"',
            "expected a comma or '}' after the member, got '\"home_page_url\"",
            "json-broken",
        ),
        ('"Open days"', "'Open days'", "expected a value, got ''Open days','", "json-broken"),
        ('"title"', "title", "expected a name in quotation marks, got", "json-broken"),
        (
            '"Open days",',
            '"Open days", // all of them',
            "expected a name in quotation marks, got",
            "json-broken",
        ),
        ('"Open days"', "NaN", "expected a value, got 'NaN,'", "json-broken"),
        ('"Open days"', '"Open\ndays"', "expected text, got the character U+000A", "control-character"),
        ('"Open days"', '"\\x41"', "expected an escape that JSON has, got", "json-broken"),
        (
            '"Open days"',
            '"\\ud83d"',
            "expected text, got half of a pair of surrogates: \\ud83d",
            "control-character",
        ),
        ("\n}\n", "", "expected a comma or '}' after the member, got the end of the file", "truncated"),
        ("\n}\n", "\n}}\n", "expected the end of the file after the outermost value, got '}'", "json-broken"),
    ],
)
def test_what_is_no_json_is_told_in_plain_words(old: str, new: str, message: str, code: str) -> None:
    first, *_ = check(_atom(old, new, JSON).encode(), "x")

    assert first.code == code
    assert first.message.startswith(message)


def test_json_in_single_quotation_marks_is_told_once() -> None:
    assert _codes(JSON.replace('"', "'")) == ["json-broken"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_a_feed_in_another_unicode_is_read(encoding: str) -> None:
    expected = [] if encoding == "utf-8-sig" else ["charset-other"]

    assert _codes(ATOM.replace(' encoding="utf-8"', "").encode(encoding)) == expected


@pytest.mark.parametrize(
    ("encoding", "declared", "got"),
    [
        ("utf-16", "utf-8", "expected the declaration to name UTF-16-LE, which it is in, got 'utf-8'"),
        ("utf-16-be", "UTF-8", "expected the declaration to name UTF-16-BE, which it is in, got 'UTF-8'"),
        ("utf-32", "utf-8", "expected the declaration to name UTF-32-LE, which it is in, got 'utf-8'"),
        ("utf-16", "klingon", "expected the declaration to name UTF-16-LE, which it is in, got 'klingon'"),
        ("utf-8-sig", "koi8-r", "expected the declaration to name UTF-8, which it is in, got 'koi8-r'"),
    ],
)  # fmt: skip
def test_a_declaration_that_contradicts_the_first_octets_is_told_as_that(
    encoding: str, declared: str, got: str
) -> None:
    """expat and feedparser lose all of such a feed."""
    (finding,) = check(_atom('"utf-8"', f'"{declared}"').encode(encoding), "x", NOW)

    assert (finding.code, finding.severity, finding.message) == ("charset-contradicted", Severity.ERROR, got)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-16", "UTF-16"), ("utf-16", "utf-16le"), ("utf-32", "UTF-32"), ("utf-8-sig", "us-ascii")],
)
def test_a_declaration_that_names_what_it_is_in_contradicts_nothing(encoding: str, declared: str) -> None:
    expected = [] if encoding == "utf-8-sig" else ["charset-other"]

    assert _codes(_atom('"utf-8"', f'"{declared}"').encode(encoding)) == expected


def test_surrogates_in_utf_8_are_told_as_such_and_not_as_letters_of_a_charset() -> None:
    (finding,) = check(ATOM.encode().replace(b"Open days", b"Open \xed\xa0\xbd\xed\xb8\x80"), "x")

    assert finding.code == "charset-wrong"
    assert finding.message.endswith("0xED, which begins half of a pair of surrogates (CESU-8)")
    assert finding.hint.startswith("write the character itself")


def test_letters_in_a_charset_that_is_not_declared_are_told_with_what_they_look_like() -> None:
    (finding,) = check(_atom("Open days", "Дни открытых дверей").encode("windows-1251"), "x")

    assert finding.code == "charset-wrong"
    assert finding.message == "expected UTF-8, got the octet 0xC4: it looks like windows-1251"
    assert (finding.span.line, finding.span.column) == (4, 10)


def test_columns_count_characters() -> None:
    (finding,) = check(_atom("Open days</title>", "Ашық есік күндері</title><x/>").encode(), "x")

    assert finding.code == "atom-element-unknown"
    assert (finding.span.line, finding.span.column) == (4, 35)


def test_what_stands_before_the_fault_is_checked() -> None:
    """An entry that ends before it; what is required of the feed may still have come."""
    broken = _atom("2026-11-19T09:00:00Z", "2026-11-19", TWO)
    cut = broken[: broken.rindex("<published>")]

    assert _codes(cut) == ["date-malformed", "truncated"]
    assert _codes(_atom("<title>Open days</title>", "", cut)) == ["date-malformed", "truncated"]


# What is dangerous.

BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE feed [\n<!ENTITY a "haha">\n'
    + "\n".join(
        f"<!ENTITY {after} '{f'&{before};' * 10}'>"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "\n]>\n<feed>&i;</feed>"
)
FILE = '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<feed xmlns="http://www.w3.org/2005/Atom">&x;</feed>'
PARAMETER = '<!DOCTYPE feed [<!ENTITY % x SYSTEM "https://example.org/x.dtd"> %x;]>\n<feed>x</feed>'


@pytest.mark.parametrize("text", [BOMB, FILE, PARAMETER])
def test_entities_are_refused_where_they_are_declared(text: str) -> None:
    (finding,) = check(text.encode(), "x")

    assert finding.code == "entity-declared"
    assert finding.message.endswith("nothing more was read")


@pytest.mark.parametrize(
    "declared",
    [
        'feed a CDATA "x"',
        'feed a CDATA #FIXED "x"',
        'feed a (x|y) "x"',
        'feed a CDATA #IMPLIED b CDATA "x"',
        "feed " + " ".join(f"a{number} CDATA #IMPLIED" for number in range(101)),
        "feed " + " ".join(f"a{number} ID #IMPLIED" for number in range(101)),
    ],
)
def test_attributes_that_elements_would_have_without_a_word_are_refused(declared: str) -> None:
    (finding,) = check(_atom("<feed ", f"<!DOCTYPE feed [\n<!ATTLIST {declared}>]>\n<feed ").encode(), "x")

    assert finding.code == "attribute-declared"
    assert finding.message.endswith("nothing more was read")
    assert (finding.span.line, finding.span.column) == (3, 1)


def test_a_declaration_of_attributes_that_copies_nothing_is_no_more_than_a_document_type() -> None:
    assert _codes(_atom("<feed ", "<!DOCTYPE feed [<!ATTLIST entry id ID #IMPLIED>]>\n<feed ")) == ["doctype"]


def test_an_attribute_that_each_of_many_items_would_have_takes_no_memory() -> None:
    code = (
        "from pathlib import Path; from publisher.syndication.lint import check;"
        "declared = '<!DOCTYPE f [<!ATTLIST item a CDATA \"' + 'a' * 3_500 + '\">]>';"
        "items = '<item/>' * 190_000;"
        'text = f\'<?xml version="1.0"?>{declared}<rss version="2.0"><channel>{items}</channel></rss>\';'
        "print(*(each.code for each in check(text.encode(), 'x')));"
        # Not ru_maxrss: a new process is given that of the one that began it.
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    codes, kilobytes = done.stdout.splitlines()
    assert codes == "attribute-declared"
    assert int(kilobytes) < 300_000


def test_a_document_type_of_elsewhere_is_not_fetched() -> None:
    feed = _atom("<feed", '<!DOCTYPE feed SYSTEM "https://example.org/feed.dtd">\n<feed')

    assert _codes(_atom("Open days", "Open&nbsp;days", feed)) == ["doctype", "entity-unknown"]


@pytest.mark.parametrize(
    "data", [b"<feed>" * 200_000, b'{"items":' + b"[" * 200_000, b"<a " + b"b='1' " * 200_000]
)
def test_what_is_too_deep_is_refused(data: bytes) -> None:
    assert check(data, "x")[0].severity is Severity.ERROR


def test_what_is_too_large_is_not_looked_at() -> None:
    assert _codes(b"<feed>" + b" " * 50_000_000) == ["feed-too-large"]


def test_more_elements_than_any_feed_has_are_refused() -> None:
    assert _codes(_atom("</entry>", "<x/>" * 200_000 + "</entry>")) == ["feed-too-large"]
    assert "feed-too-large" in _codes('{"items": [' + "1," * 200_000 + "1]}")


def test_a_large_feed_is_told() -> None:
    assert _codes(_atom("All laboratories", "x" * LARGE)) == ["feed-large"]


def test_a_feed_of_fifty_megabytes_fits_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.atom"
    entry = ATOM[ATOM.index("  <entry>") : ATOM.index("</feed>")].replace(
        "laboratories", "&amp; laboratories" * 1_000
    )
    path.write_text(ATOM.replace("</feed>", entry * (49_000_000 // len(entry)) + "</feed>"), "utf-8")
    code = (
        "import resource, sys; from pathlib import Path; from publisher.syndication.lint import check;"
        "print(*(each.code for each in check(Path(sys.argv[1]).read_bytes(), 'x')));"
        # Not ru_maxrss: a new process is given that of the one that began it.
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )

    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)

    codes, kilobytes = done.stdout.splitlines()
    assert set(codes.split()) == {"feed-large", "id-repeated"}
    assert int(kilobytes) < 1_000_000


# What is a feed.


@pytest.mark.parametrize(
    "text", [ATOM, RSS, JSON, "\n" + ATOM, "<b>Warning</b>: x\n" + ATOM, JSON.replace(" ", ""), BOMB]
)
def test_a_feed_is_known_by_how_it_begins(text: str) -> None:
    assert is_feed(text.encode())


def test_a_json_feed_is_known_by_its_members_where_its_version_is_no_address() -> None:
    assert is_feed(JSON.replace('"https://jsonfeed.org/version/1.1"', "1.1").encode())


def test_a_feed_that_is_cut_off_or_in_another_charset_is_one() -> None:
    assert is_feed(ATOM.encode()[:200])
    assert is_feed(ATOM.encode("utf-16"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 100,
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
        b"<!DOCTYPE html><html><body><feed></feed></body></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'{"version": 3, "mappings": []}',
        b'{"version": 3, "feed_url": "https://example.org/"}',
        b'<opml version="2.0"><body/></opml>',
    ],
)
def test_other_files_are_no_feeds(data: bytes) -> None:
    assert not is_feed(data)
    assert _codes(data) == ["no-feed"]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (RSS.replace("rss ", "RSS ").replace("/rss", "/RSS"), "expected <rss>, got <RSS>", "write <rss>"),
        (ATOM.replace("feed ", "Feed ").replace("/feed", "/Feed"), "expected <feed>, got <Feed>", "write <"),
        (
            '<entry xmlns="http://www.w3.org/2005/Atom"><id>tag:example.org,2026:a</id></entry>',
            "expected <feed>, got an <entry> by itself: a document of one entry",
            "put it into a <feed>",
        ),
    ],
)  # fmt: skip
def test_what_is_nearly_a_feed_is_told_as_what_it_is(text: str, message: str, hint: str) -> None:
    (finding,) = check(text.encode(), "x")

    assert is_feed(text.encode())
    assert (finding.code, finding.message) == ("no-feed", message)
    assert finding.hint.startswith(hint)


def test_a_message_names_what_came_instead_of_a_feed() -> None:
    messages = [check(data, "x")[0].message for data in (b"<html></html>", b"", b"hello", b"<opml/>", b"[]")]

    assert messages == [
        "expected a feed, got a web page",
        "expected a feed, got an empty file",
        "expected a feed, got plain text",
        "expected <feed>, <rss> or <rdf:RDF>, got <opml>",
        "expected a feed, got JSON without a version and items",
    ]


# Bad input.


@given(st.binary())
def test_no_octets_are_too_bad_to_be_checked(data: bytes) -> None:
    found = check(data, "x", NOW)

    assert list(found) == sorted(found)
    assert is_feed(data) in {True, False}


@given(st.data())
def test_no_change_of_a_good_feed_is_too_odd_to_be_checked(data: st.DataObject) -> None:
    """Octets are taken out, doubled, put elsewhere or replaced; what is found has a place and words."""
    text = data.draw(st.sampled_from([TWO, RSS, JSON])).encode()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 80, len(text))))
        piece = data.draw(
            st.sampled_from(
                [b"", text[start:end] * 2, b"&", b"<", b'"', b"\xff", b"]]>", b"\0", b"{}", b"-1"]
            )
        )
        text = text[:start] + piece + text[end:]

    for finding in check(text, "x", NOW):
        assert finding.span.line >= 1
        assert finding.span.column >= 1
        assert finding.message


_TAGS = st.sampled_from(
    ["feed", "entry", "id", "link", "author", "name", "content", "source", "updated", "category", "title"]
)
_VALUES = st.sampled_from(
    [
        "",
        " ",
        "html",
        "xhtml",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "tag:",
        "http://[",
        "a/b",
    ]
)
_ATTRIBUTES = st.dictionaries(
    st.sampled_from(["href", "type", "rel", "src", "xml:lang", "xml:base", "term"]), _VALUES, max_size=3
)


def _element(tag: str, attributes: dict[str, str], parts: list[str]) -> str:
    written = "".join(f" {name}='{value}'" for name, value in attributes.items())
    return f"<{tag}{written}>{''.join(parts)}</{tag}>"


_TREES = st.recursive(
    _VALUES,
    lambda inner: st.builds(_element, _TAGS, _ATTRIBUTES, st.lists(inner, max_size=4)),
    max_leaves=12,
)


@given(st.lists(_TREES, max_size=5))
def test_no_elements_are_too_odd_to_be_checked(trees: list[str]) -> None:
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(trees)}</feed>'

    assert all(finding.code != "xml-broken" for finding in check(feed.encode(), "x", NOW))


_MEMBERS = st.sampled_from(
    [
        "id",
        "url",
        "title",
        "items",
        "authors",
        "attachments",
        "hubs",
        "language",
        "date_published",
        "tags",
        "_x",
    ]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_MEMBERS, inner, max_size=5),
    max_leaves=15,
)


@given(_JSON, _JSON)
def test_no_values_are_too_odd_to_be_checked(items: object, rest: object) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items, "language": rest, "hubs": rest}

    assert all(finding.code != "json-broken" for finding in check(json.dumps(feed).encode(), "x", NOW))
