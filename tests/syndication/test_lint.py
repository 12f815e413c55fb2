"""The lint of feeds: each rule finds what breaks it, at its place, and nothing in its mended twin."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.linting.tally import MOST_OF_A_SORT
from publisher.syndication import lint
from publisher.syndication.lint import check
from publisher.syndication.rules import RULES

HERE = Path(__file__).parent
BROKEN = {path.stem: path for path in sorted((HERE / "broken").iterdir())}
MENDED = {path.stem: path for path in sorted((HERE / "mended").iterdir())}
#: The line and column at which the rule of its name is broken in each of `broken/`.
PLACES = dict(line.split() for line in (HERE / "places.txt").read_text("utf-8").splitlines() if line)
#: Rules about sizes; their feeds are made here.
OF_SIZES = {"feed-large", "feed-too-large"}
#: Rules about RDF, which is told as old whatever else is amiss; test_rss_rules.py has them.
OF_RDF = {"rdf-item-incomplete", "rdf-channel-without-items"}
#: When the feeds are looked at.
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)

ATOM = (HERE / "mended/id-malformed.atom").read_text("utf-8")
TWO = (HERE / "mended/id-repeated.atom").read_text("utf-8")
RSS = (HERE / "mended/address-not-absolute.rss").read_text("utf-8")
JSON = (HERE / "mended/date-missing.json").read_text("utf-8")
SOURCE = (
    "<source><id>tag:example.com,2026:x</id><title>X</title><updated>2026-11-20T09:00:00Z</updated></source>"
)
LINK = '<link rel="self" type="application/atom+xml" href="https://example.org/en/feed.atom"/>'


def _codes(text: str | bytes, now: datetime | None = NOW) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return [finding.code for finding in check(data, "x", now)]


def _atom(old: str, new: str, feed: str = ATOM) -> str:
    """A sound feed with something in it replaced, once."""
    assert old in feed
    return feed.replace(old, new, 1)


def _linked(line: str) -> str:
    """A sound feed with one more element of its own."""
    return _atom(LINK, f"{LINK}\n  {line}")


def test_the_feeds_that_are_broken_here_are_sound() -> None:
    assert [_codes(feed) for feed in (ATOM, TWO, RSS, JSON)] == [[], [], [], []]


def test_every_rule_has_its_broken_feed_and_its_mended_one() -> None:
    codes = {rule.code for rule in RULES} - OF_SIZES - OF_RDF

    assert len(codes) == len(RULES) - len(OF_SIZES | OF_RDF)
    assert set(BROKEN) == codes == set(PLACES)
    assert [path.name for path in MENDED.values()] == [path.name for path in BROKEN.values()]


@pytest.mark.parametrize("code", sorted(PLACES))
def test_a_broken_feed_is_told_at_its_place(code: str) -> None:
    (finding,) = check(BROKEN[code].read_bytes(), BROKEN[code].name, NOW)

    assert finding.code == code
    assert f"{finding.span.line}:{finding.span.column}" == PLACES[code]
    assert finding.hint


@pytest.mark.parametrize("code", sorted(PLACES))
def test_a_mended_feed_is_silent(code: str) -> None:
    assert [str(each) for each in check(MENDED[code].read_bytes(), MENDED[code].name, NOW)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_why_who_misreads_and_what_to_do(rule: object) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", rule.code)
    assert rule.why.endswith(".")
    assert rule.misread.endswith(".")
    assert rule.source
    assert rule.mend[0].islower()
    assert not rule.mend.endswith(".")


@pytest.mark.parametrize("code", sorted(PLACES))
def test_a_finding_has_the_severity_of_its_rule_and_is_told_in_one_style(code: str) -> None:
    severities = {rule.code: rule.severity for rule in RULES}
    (finding,) = check(BROKEN[code].read_bytes(), "x", NOW)

    assert finding.severity is severities[code]
    assert re.match(r"expected |unknown (element|attribute|member) '", finding.message)
    assert not finding.message.endswith(".")
    assert finding.hint[0].islower()


# What else is said of single rules.


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("2026-11-19T09:00:00Z", "2026-11-19", "date-malformed"),
        ("2026-11-19T09:00:00Z", "2026-11-19T09:00:00", "date-malformed"),
        ("2026-11-19T09:00:00Z", "2026-11-19T24:00:00Z", "date-malformed"),
        ("2026-11-19T09:00:00Z", "2026-11-19t09:00:00z", "date-malformed"),
        ("2026-11-19T09:00:00Z", " 2026-11-19T09:00:00Z", "date-malformed"),
        ("2026-11-19T09:00:00Z", "2026-11-19T09:00:00+24:00", "date-malformed"),
        ("2026-11-19T09:00:00Z", "", "date-malformed"),
        ("2026-11-19T09:00:00Z", "0001-01-01T00:00:00+05:00", "date-zero"),
        ("tag:example.org,2026:event/open-day/en", "tag:example.org:open-day", "id-malformed"),
        ("tag:example.org,2026:event/open-day/en", "tag:example.org,2026-13:open-day", "id-malformed"),
        ("tag:example.org,2026:event/open-day/en", "urn:uuid:60a76c80", "id-malformed"),
        ("tag:example.org,2026:event/open-day/en", "open day", "id-malformed"),
        ("tag:example.org,2026:event/open-day/en", "", "id-malformed"),
        ("tag:example.org,2026:event/open-day/en", "https://example.org/a/../b", "id-not-canonical"),
        ("tag:example.org,2026:event/open-day/en", "https://example.org/%d1%8f", "id-not-canonical"),
        ('xml:lang="en"', 'xml:lang="en_US"', "language-unknown"),
        ('xml:lang="en"', 'xml:lang="en-UK"', "language-unknown"),
        ('xml:lang="en"', 'xml:lang="english"', "language-unknown"),
        ('xmlns="http://www.w3.org/2005/Atom"', 'xmlns="https://www.w3.org/2005/Atom"', "namespace-misspelt"),
        ('xmlns="http://www.w3.org/2005/Atom"', 'xmlns="http://www.w3.org/2005/atom/"', "namespace-misspelt"),
        ('type="html"', 'type="HTML"', "atom-type-unknown"),
        ('type="html"', 'type="html5"', "atom-type-unknown"),
        ('type="html"', 'type="multipart/alternative"', "atom-type-unknown"),
        ("<title>Open day<", '<title type="text/plain">Open day<', "atom-type-unknown"),
        ("<title>Open days</title>", "<title>Open days</title><tagline>x</tagline>", "atom-element-unknown"),
        ("<title>Open days</title>", '<title>Open days</title><x xmlns=""/>', "atom-element-unknown"),
        ("<name>Example University</name>", "<email>info@example.org</email>", "atom-element-missing"),
        ("<?xml", "Warning: include() failed\n<?xml", "text-before-xml"),
        ("Open days", "Open days &copy;", "entity-unknown"),
        ("Open days", "Open days &#0;", "control-character"),
        ("Open days", "Open days ]]>", "xml-broken"),
        ("Open days", "Open days < 3", "xml-broken"),
        ('href="https://example.org/en/"', 'href="https://example.org/?a=1&b=2"', "ampersand-bare"),
        ('href="https://example.org/en/"', "href=https://example.org/en/", "xml-broken"),
        ('href="https://example.org/en/"', 'href="https:///en/"', "address-malformed"),
        ('href="https://example.org/en/"', 'href="https://example.org/%zz"', "address-malformed"),
        ('href="https://example.org/en/"', 'href="https://example.org/&quot;"', "address-malformed"),
        ('href="https://example.org/en/"', 'href=""', "address-malformed"),
        ("<entry>", '<entry xml:base="https://example.org/a b/">', "address-malformed"),
        ("<entry>", '<entry><category term="a" scheme="a b"/>', "address-malformed"),
        ('href="https://example.org/en/"', 'href="//example.org/en/"', "address-relative"),
        ('href="https://example.org/en/"', 'href="file:///home/index.html"', "address-harmful"),
        ('href="https://example.org/en/"', 'href="http://192.168.0.7/en/"', "address-local"),
        ("</feed>", "</feed>\n<feed/>", "xml-broken"),
        ("</feed>", "", "truncated"),
        ("</feed>", "<entry", "truncated"),
        ("</feed>", "<!-- ", "truncated"),
    ],
)
def test_a_feed_with_this_in_it_breaks_this_rule(old: str, new: str, code: str) -> None:
    assert code in _codes(_atom(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-11-19T09:00:00Z", "2026-11-19T09:00:00.5+05:00"),
        ("2026-11-19T09:00:00Z", "2016-12-31T23:59:60Z"),
        ("tag:example.org,2026:event/open-day/en", "tag:info@example.org,2026-11-19:open-day"),
        ("tag:example.org,2026:event/open-day/en", "urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6"),
        ("tag:example.org,2026:event/open-day/en", "https://example.org/?p=17"),
        ("tag:example.org,2026:event/open-day/en", "https://пример.kz/күн"),
        ('xml:lang="en"', 'xml:lang="zh-Hant-TW"'),
        ('xml:lang="en"', 'xml:lang="es-419"'),
        ('xml:lang="en"', 'xml:lang=""'),
        ('type="html"', 'type="text/html"'),
        ('<content type="html">&lt;p&gt;All laboratories are open.&lt;/p&gt;<', "<content>All are open.<"),
        ("<title>Open day<", '<title type="html"><![CDATA[Open <em>day</em>]]><'),
        ("<feed ", "<!-- made by hand -->\n<feed "),
        ("<feed ", '<?xml-stylesheet href="/feed.css" type="text/css"?>\n<feed '),
        ("</entry>", '<geo xmlns="https://example.org/ns" lat="1">43<id/></geo></entry>'),
        ("<entry>", '<entry xmlns:x="https://example.org/ns" x:status="moved">'),
        ('href="https://example.org/en/"', 'href="https://xn--e1afmkfd.kz:8443/~a/(b);c?d=%20#e"'),
        ("<entry>", '<entry xml:base="../en/"><category term="a" scheme="#topics"/>'),
        ("\n", "\r\n"),
    ],
)
def test_a_feed_with_this_in_it_is_sound(old: str, new: str) -> None:
    assert _codes(_atom(old, new)) == []


@pytest.mark.parametrize(
    "line",
    [
        '<link rel="alternate" hreflang="ru" type="text/html" href="https://example.org/ru/"/>',
        '<link rel="alternate" type="application/rss+xml" href="https://example.org/en/feed.rss"/>',
        '<link rel="http://example.org/rels/map" href="https://example.org/map/"/>',
        '<link rel="http://www.iana.org/assignments/relation/related" href="https://example.org/map/"/>',
        '<link rel="enclosure" type="image/png" length="0" href="https://example.org/map.png"/>',
        '<link rel="related" href="mailto:info@example.org"/>',
        '<generator uri="https://example.org/publisher" version="1.0">publisher</generator>',
        '<category term="physics" scheme="https://example.org/topics/"/>',
        '<subtitle type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">All <b>days</b></div></subtitle>',
        '<subtitle type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml">All<h:br/></h:div></subtitle>',
        "<icon>https://example.org/icon.png</icon>",
    ],
)
def test_a_feed_with_this_element_is_sound(line: str) -> None:
    assert _codes(_linked(line)) == []


def test_an_address_is_relative_even_with_a_base() -> None:
    based = _atom("<entry>", '<entry xml:base="https://example.org/en/events/">')

    assert _codes(_atom("https://example.org/en/events/open-day/", "open-day/", based)) == [
        "address-relative"
    ]


def test_a_feed_on_one_machine_may_lead_to_that_machine() -> None:
    assert _codes(ATOM.replace("https://example.org/", "http://localhost:8000/")) == []


def test_an_author_is_that_of_the_entry_its_source_or_the_feed() -> None:
    author = "  <author>\n    <name>Example University</name>\n  </author>\n"
    without = _atom(author, "")
    source = SOURCE.replace("</source>", f"{author}</source>")

    assert _codes(without) == ["atom-author-missing"]
    assert _codes(_atom("<entry>", f"<entry>{author}", without)) == []
    assert _codes(_atom("<entry>", f"<entry>{source}", without)) == []


def test_whether_something_lies_in_the_future_is_asked_only_if_it_is_known_when_now_is() -> None:
    later = ATOM.replace("2026-11-20T", "2027-06-11T")

    assert _codes(later) == ["date-future", "date-future"]
    assert _codes(later, None) == []


def test_clocks_may_be_a_few_minutes_apart() -> None:
    assert _codes(ATOM.replace("2026-11-20T09:00:00Z", "2026-11-22T08:05:00Z")) == []


def test_an_entry_in_the_future_does_not_ask_the_feed_to_follow_it_there() -> None:
    entry_later = _atom(
        "<updated>2026-11-20T09:00:00Z</updated>\n    <link",
        "<updated>2037-11-20T09:00:00Z</updated>\n    <link",
    )

    assert _codes(entry_later) == ["date-future"]
    assert _codes(entry_later, None) == ["feed-updated-old"]


def test_the_path_of_a_hub_may_be_a_secret_and_is_not_told() -> None:
    """Whoever knows it can publish in another's name at some hubs."""
    for address in (
        "http://hub.example.org/secret", "ftp://hub.example.org/secret", "https://hub.example.org/a secret",
        " https://hub.example.org/secret", "/secret", "http://127.0.0.1/secret",
        "https://ann:secret@hub.example.org/a b",
        "https://hub.example.org/%zzsecret", "https:///secret", "secret",
    ):  # fmt: skip
        found = check(_linked(f'<link rel="hub" href="{address}"/>').encode(), "x", NOW)

        assert found
        assert not any("secret" in f"{each.message} {each.hint}" for each in found)


def test_a_feed_that_has_just_been_published_is_of_now() -> None:
    """It is the time of its newest entry; one that is of nothing but the request is told."""
    assert _codes(ATOM.replace("2026-11-20T09:00:00Z", "2026-11-22T07:59:50Z")) == []
    assert _codes(_atom("2026-11-20T09:00:00Z", "2026-11-22T07:59:50Z")) == ["feed-updated-now"]


def test_entries_may_stand_by_their_publication_or_by_their_last_change() -> None:
    changed = TWO.replace("<updated>2026-11-18", "<updated>2026-11-20")
    later = TWO.replace("2026-11-18T09:00:00Z</published>", "2026-11-20T09:00:00Z</published>")

    assert (
        _codes(
            changed.replace(
                "2026-11-20T09:00:00Z</updated>\n    <link", "2026-11-19T09:00:00Z</updated>\n    <link", 1
            )
        )
        == []
    )
    assert _codes(later.replace("<updated>2026-11-18", "<updated>2026-11-20")) == []


def test_an_entry_may_say_twice_what_is_not_its_own() -> None:
    """An id within a foreign element, or in a source, is another's."""
    assert _codes(_atom("<entry>", f"<entry>{SOURCE}")) == []


@pytest.mark.parametrize(
    "rss_date", ["Thu, 19 Nov 2026 09:00 GMT", "19 Nov 2026 09:00:00 +0500", "19 Nov 2026 09:00:00 Z"]
)
def test_dates_of_rss_are_written_in_several_ways(rss_date: str) -> None:
    assert "date-malformed" not in _codes(RSS.replace("Thu, 19 Nov 2026 09:00:00 GMT", rss_date))


@pytest.mark.parametrize(
    ("rss_date", "message"),
    [
        ("Fri, 19 Nov 2026 09:00:00 GMT", "expected Thu for that day"),
        ("Чт, 19 ноя 2026 09:00:00 GMT", "expected a time such as Fri, 20 Nov 2026 09:00:00 +0500"),
        ("Don, 19 Nov 2026 09:00:00 GMT", "expected English names of days and months"),
        ("Thu, 19 Nov 2026 09:00:00 +05:00", "expected a time such as"),
        ("Thu, 19 Nov 2026 09:00:00", "expected a time such as"),
        ("2026-11-19T09:00:00Z", "expected a time such as"),
        ("Mon, 31 Nov 2026 09:00:00 GMT", "expected a time that there is"),
        ("Thu, 19 Nov 2026 09:00:00 ALMT", "expected a time such as"),
    ],
)
def test_a_date_of_rss_is_told_with_what_is_amiss(rss_date: str, message: str) -> None:
    (finding,) = check(RSS.replace("Thu, 19 Nov 2026 09:00:00 GMT", rss_date).encode(), "x")

    assert finding.code == "date-malformed"
    assert finding.message.startswith(message)


# Many findings.


def test_of_many_findings_of_one_sort_some_are_shown_and_all_are_counted() -> None:
    entry = TWO[TWO.index("  <entry>") : TWO.index("</entry>") + len("</entry>\n")]
    entries = "".join(
        entry.replace("open-day/en", f"day-{number}").replace("T09:00:00Z</p", "</p") for number in range(57)
    )

    *_, last = found = check(ATOM.replace("</feed>", entries + "</feed>").encode(), "x")

    assert {each.code for each in found} == {"date-malformed"}
    assert len(found) == MOST_OF_A_SORT
    assert last.message.endswith("(and 7 more of this sort)")


def test_findings_stand_in_the_order_of_the_file() -> None:
    found = check(BROKEN["atom-text-stray"].read_bytes().replace(b"2026-11-19T", b"2026-11-31T"), "x")

    assert [finding.code for finding in found] == ["atom-text-stray", "date-malformed"]


# The rules themselves.


@pytest.mark.parametrize("code", sorted(PLACES))
def test_no_rule_can_be_missing_unnoticed(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its broken feed passes for sound once the rule is gone."""
    for name, rules in vars(lint).items():
        if isinstance(rules, lint._Rules):  # noqa: SLF001 -- the registry itself is what is tried
            monkeypatch.setattr(lint, name, rules.without(code))
    monkeypatch.setattr(lint, "_OF_FORM", {key: rule for key, rule in lint._OF_FORM.items() if key != code})  # noqa: SLF001

    assert check(BROKEN[code].read_bytes(), "x", NOW) == ()
