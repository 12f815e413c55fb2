"""What the rules say of RSS, beyond their broken and mended files."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.syndication.lint import check

RSS = (Path(__file__).parent / "mended/guid-missing.rss").read_text("utf-8")


def _codes(text: str) -> list[str]:
    return [finding.code for finding in check(text.encode(), "x")]


def _item(*lines: str) -> str:
    """A feed with more in its item."""
    return RSS.replace("</item>", "".join(lines) + "</item>")


def test_the_feed_that_is_broken_here_is_sound() -> None:
    assert _codes(RSS) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("<guid>tag:example.org,2024:x</guid>", "rss-element-repeated"),
        ("<Category>Physics</Category>", "rss-element-unknown"),
        ("<ttl>60</ttl>", "rss-element-misplaced"),
        ('<category term="physics">Physics</category>', "rss-attribute-unknown"),
        ('<enclosure url="https://example.org/a.pdf" type="application/pdf"/>', "enclosure-incomplete"),
        ('<enclosure url="https://example.org/a.pdf" length="" type="a/b"/>', "enclosure-incomplete"),
        ('<enclosure url="https://example.org/a.pdf" length="-1" type="a/b"/>', "enclosure-length-malformed"),
        ("<author>jane at example.org</author>", "contact-not-email"),
        ("<author/>", "rss-element-empty"),
    ],
)
def test_an_item_with_this_element_breaks_this_rule(lines: str, code: str) -> None:
    assert code in _codes(_item(lines))


@pytest.mark.parametrize(
    "line",
    [
        "<author>jane@example.org</author>",
        "<author>jane@example.org (Jane Doe)</author>",
        "<author>Jane Doe &lt;jane@example.org&gt;</author>",
        '<category domain="example.org/topics">Physics</category>',
        '<category domain="topics">Physics</category><category>Physics</category>',
        '<source url="https://example.org/feed.rss">News</source>',
        '<x:guid xmlns:x="https://example.org/ns">17</x:guid>',
        '<ev:startdate xmlns:ev="http://purl.org/rss/1.0/modules/event/">2024-06</ev:startdate>',
    ],
)
def test_an_item_with_this_element_is_sound(line: str) -> None:
    assert _codes(_item(line)) == []


def _channel(*lines: str) -> str:
    """A feed with more in its channel, before the items."""
    return RSS.replace("<item>", "".join(lines) + "<item>", 1)


HOURS = "".join(f"<hour>{hour}</hour>" for hour in range(24))
IMAGE = "<title>Open days</title><link>https://example.org/open-days/</link>"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("<skipHours></skipHours>", "skip-hours-malformed"),
        (f"<skipHours>{HOURS}</skipHours>", "skip-hours-malformed"),
        ("<skipHours><hour>1</hour><hour>01</hour></skipHours>", "skip-hours-malformed"),
        ("<skipDays><day>Sunday</day><day>Sunday</day></skipDays>", "skip-days-malformed"),
        ("<skipDays/>", "skip-days-malformed"),
        ("<ttl>0</ttl>", "ttl-malformed"),
        ("<ttl/>", "ttl-malformed"),
        ('<cloud domain="a.example.org" port="x" path="/" registerProcedure="" protocol="http-post"/>',
         "cloud-incomplete"),
        (f"<image>{IMAGE}</image>", "channel-image-incomplete"),
        (f"<image>{IMAGE}<url>https://example.org/a.png</url><width>0</width></image>", "channel-image-size"),
        (f"<image>{IMAGE}<url>https://example.org/a.ico?b</url></image>", "channel-image-format"),
        ("<managingEditor>Jane Doe</managingEditor>", "contact-not-email"),
        ("<guid>https://example.org/</guid>", "rss-element-misplaced"),
        ("<link>https://example.org/</link>", "rss-element-repeated"),
        ("<generator/>", "rss-element-empty"),
        (("<sy:updateFrequency xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>often"
         "</sy:updateFrequency>"), "update-period-unknown"),
        ("<dc:language xmlns:dc='http://purl.org/dc/elements/1.1/'>en</dc:language>", "rss-said-twice"),
    ],
)  # fmt: skip
def test_a_channel_with_this_element_breaks_this_rule(lines: str, code: str) -> None:
    assert code in _codes(_channel(lines))


@pytest.mark.parametrize(
    "lines",
    [
        f"<image>{IMAGE}<url>https://example.org/a</url><width>144</width><height>400</height></image>",
        f"<image>{IMAGE}<url>https://example.org/a.JPG?size=1</url></image>",
        "<skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Friday</day></skipDays>",
        "<webMaster>jane@example.org (Jane Doe)</webMaster><ttl>60</ttl><category>Science</category>",
        '<cloud domain="a.example.org" port="80" path="/" registerProcedure="" protocol="http-post"/>',
        "<pubDate>Tue, 12 Mar 2024 08:00:00 GMT</pubDate><docs>https://www.example.org/rss</docs>",
    ],
)
def test_a_channel_with_this_element_is_sound(lines: str) -> None:
    assert _codes(_channel(lines)) == []


@pytest.mark.parametrize("name", ["title", "link", "description"])
def test_a_channel_has_a_title_a_link_and_a_description(name: str) -> None:
    line = next(line for line in RSS.splitlines() if f"<{name}>" in line)

    assert _codes(RSS.replace(line, "", 1)) == ["channel-incomplete"]
    assert len(_codes(RSS.replace(line, f"<{name}/>", 1))) == 1


@pytest.mark.parametrize(
    "guid",
    [
        "<guid>https://example.org/open-days/physics/</guid>",
        '<guid isPermaLink="true">https://example.org/open-days/physics/</guid>',
        '<guid isPermaLink="false">12 Mar: physics</guid>',
    ],
)
def test_a_guid_is_an_address_or_says_that_it_is_none(guid: str) -> None:
    old = next(line.strip() for line in RSS.splitlines() if "<guid" in line)

    assert _codes(RSS.replace(old, guid)) == []


def test_a_guid_that_is_an_address_takes_the_place_of_a_link() -> None:
    guid = next(line.strip() for line in RSS.splitlines() if "<guid" in line)
    link = "<link>https://example.org/open-days/physics/</link>"
    without = RSS.replace(link, "")

    assert _codes(without) == ["item-link-missing"]
    assert _codes(without.replace(guid, "<guid>https://example.org/open-days/physics/</guid>")) == []


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<channel rdf:about="https://example.org/"><title>Open days</title><link>https://example.org/</link>'
    "<description>When universities open their doors.</description>"
    '<items><rdf:Seq><rdf:li rdf:resource="https://example.org/a"/></rdf:Seq></items></channel>'
    '<item rdf:about="https://example.org/a"><title>Physics</title><link>https://example.org/a</link>'
    "<dc:date>2024-03-12</dc:date></item></rdf:RDF>"
)


def test_rdf_is_told_as_old_and_nothing_of_rss_2_is_asked_of_it() -> None:
    assert _codes(RDF) == ["rss-version-old"]


@pytest.mark.parametrize(
    ("left_out", "code", "message"),
    [
        (' rdf:about="https://example.org/a"', "rdf-item-incomplete", "expected rdf:about of the <item>"),
        ("<link>https://example.org/a</link>", "rdf-item-incomplete", "expected a <link> in the <item>"),
        ("<title>Physics</title>", "rdf-item-incomplete", "expected a <title> in the <item>"),
        (
            '<items><rdf:Seq><rdf:li rdf:resource="https://example.org/a"/></rdf:Seq></items>',
            "rdf-channel-without-items",
            "expected <items> in the <channel>",
        ),
    ],
)  # fmt: skip
def test_what_rdf_demands_of_items_and_channels_is_asked_of_them(
    left_out: str, code: str, message: str
) -> None:
    assert left_out in RDF
    _, finding = check(RDF.replace(left_out, "", 1).encode(), "x")

    assert (finding.code, finding.message, finding.is_error) == (code, f"{message}, got none", True)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("<itunes:explicit>Clean</itunes:explicit>", ""),
        ("<itunes:explicit/>", "itunes-explicit-unknown"),
        ("<itunes:duration>5400</itunes:duration>", ""),
        ("<itunes:duration>1:30:00</itunes:duration>", ""),
        ("<itunes:duration>90:00</itunes:duration>", ""),
        ("<itunes:duration>1:30:00.5</itunes:duration>", "itunes-duration-malformed"),
        ("<itunes:duration>PT1H</itunes:duration>", "itunes-duration-malformed"),
        ("<itunes:owner><itunes:email>at home</itunes:email></itunes:owner>", "itunes-owner-without-email"),
        ("<georss:point> 43.24\n76.91 </georss:point>", ""),
        ("<georss:point>-33.9 -180</georss:point>", ""),
        ("<georss:point>43.24,76.91</georss:point>", "geo-point-malformed"),
        ("<georss:point>43.24</georss:point>", "geo-point-malformed"),
        ("<georss:point>43.24 181</georss:point>", "geo-point-malformed"),
        ("<georss:point>nan inf</georss:point>", "geo-point-malformed"),
        ("<geo:Point><geo:lat>43.24</geo:lat><geo:long>-76.91</geo:long></geo:Point>", ""),
        ("<geo:Point><geo:lat>91</geo:lat><geo:long>76.91</geo:long></geo:Point>", "geo-degrees-malformed"),
        ("<geo:Point><geo:lat>1</geo:lat><geo:long>76.91 E</geo:long></geo:Point>", "geo-degrees-malformed"),
        ("<slash:comments>17</slash:comments>", ""),
        ("<slash:comments>-1</slash:comments>", "slash-comments-malformed"),
    ],
)
def test_what_modules_say_is_written_as_they_have_it(line: str, code: str) -> None:
    prefixes = {
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "georss": "http://www.georss.org/georss",
        "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
    }
    spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in prefixes.items())

    assert _codes(_item(line).replace("<rss ", f"<rss {spaces} ")) == ([code] if code else [])


def test_the_forerunners_of_rss_2_know_no_guid_and_need_no_link_to_themselves() -> None:
    old = RSS.replace('version="2.0"', 'version="0.91"')
    lines = [line for line in old.splitlines() if "<guid" not in line and "atom:link" not in line]

    assert _codes("\n".join(lines)) == ["rss-version-old"]


@pytest.mark.parametrize(
    ("start", "end", "early"),
    [
        ("2024-06-11", "2024-06-11", False),
        ("2024-06-11", "2024-06-10", True),
        ("2024-06-11T10:00+05:00", "2024-06-11", False),
        ("2024-06-11T10:00+05:00", "2024-06-11T06:00Z", False),
        ("2024-06-11T10:00+05:00", "2024-06-11T04:59Z", True),
    ],
)
def test_the_end_of_an_event_is_compared_as_it_is_told(start: str, end: str, *, early: bool) -> None:
    module = 'xmlns:ev="http://purl.org/rss/1.0/modules/event/"'
    lines = f"<ev:startdate {module}>{start}</ev:startdate><ev:enddate {module}>{end}</ev:enddate>"

    assert _codes(_item(lines)) == (["event-end-before-start"] if early else [])
