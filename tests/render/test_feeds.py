"""One truth in three formats, for whoever reads them."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.artifact import Artifact, Stage
from publisher.model.edition import Selection
from publisher.render.calendar import event_calendar
from publisher.render.feeds import FORMATS, feed_bytes, feeds

from .feedreaders import ATOM, CONTENT, DC, EV, LANG, entries, links, parsed, read_json, read_xml
from .feedsites import NOW, Office, artifacts, office, own_edition, own_theme

ODD = "<b>&amp; ]]> </title><script>alert(1)</script> 🎓 مؤتمر שלום Ә Ғ {braces} %s \"'"


def odd_office() -> Office:
    """Everything that ever broke a feed, in one site."""
    news = {"title": f"News {ODD}", "kinds": ["announcement"]}
    site = office(extra={"feeds": {"news": news}, "publish": {"feed_entries": 50}})
    site.say("topic", "odd", name=ODD, colour="#123456")
    site.say("topic", "odd", "ru", name="Странное")
    site.say(
        "organisation", "body-of-people", name=f"People {ODD}", url="https://people.example.org/?a=1&b=2"
    )
    site.say("place", "hall", name="Hall & <Co>", city="Алматы", country="KZ")
    site.say("series", "every-year", name="Every year")
    site.say(
        "event", "conference", title=ODD, summary=f"Summary {ODD}", start="2026-06-11", end="2026-06-13",
        place="hall", organisers=["body-of-people"], topics=["odd"], series="every-year",
        online={"url": "https://video.example.org/?a=1&b=2"},
        registration={"url": "https://register.example.org/?a=1&b=2"},
        deadlines=[{"id": "abstracts", "title": f"Abstracts {ODD}", "at": "2026-06-05 23:59", "timezone": "AoE"}],
        sources=[
            {"title": ODD, "url": "https://source.example.org/?a=1&b=2", "published": "2026-05-01", "publisher": "body-of-people"},
            {"title": "Without an address", "note": ODD},
        ],
        curator_note=ODD, status_note=ODD,
        body=f"# {ODD}\n\n[a relative link](files/x.pdf) ![picture](p.png) <a href='javascript:alert(1)'>x</a>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    )  # fmt: skip
    site.say("event", "conference", "kk", title=f"Конференция {ODD}")
    site.say("event", "talk", title="Talk", start="2026-07-01 10:00", end="11:30", topics=["odd"])
    site.say(
        "event",
        "open-ended",
        title="Open",
        start="2026-07-02 10:00",
        timezone="Europe/London",
        status="tentative",
    )
    site.say("event", "some-day", title="Some day", start="2027", summary="Only the year is known.")
    site.say("event", "reported", title="Reported", reported="2025-11-24", status="postponed")
    site.say("event", "off", title="Off", start="2026-08-01", status="cancelled", languages=["en"])
    site.say(
        "event", "weekly", title="Weekly", start="2026-07-07 18:00", end="19:00",
        recurrence={"every": "week", "count": "4", "changed": [{"occurrence": "2026-07-14 18:00", "start": "2026-07-15 18:00"}]},
    )  # fmt: skip
    site.say("announcement", "bare", title="T")
    site.say(
        "announcement", "long", title=ODD, date="2026-02-03", events=["conference"], topics=["odd"],
        organisations=["body-of-people"], body=f"{'Long text. ' * 200}\n\n> {ODD}\n\nfootnote[^1]\n\n[^1]: {ODD}\n",
    )  # fmt: skip
    site.say("announcement", "russian", language="ru", title="По-русски", body="Только по-русски.")
    return site


def own() -> dict[str, Artifact]:
    return artifacts(own_edition(), own_theme())


def odd() -> dict[str, Artifact]:
    return odd_office().published()


SITES = pytest.mark.parametrize("site", [own, odd])


@SITES
def test_atom_rss_and_json_say_the_same_of_every_entry(site):
    """Ids, links, titles, texts, dates, tags, files and order, in every feed of the site."""
    files = site()
    compared = 0
    for path in files:
        if path.endswith(".json"):
            stated = read_json(files[path].data)
            assert stated == read_xml(files[path.replace(".json", ".atom")].data)
            assert [one.with_first_file() for one in stated] == read_xml(
                files[path.replace(".json", ".rss")].data
            )
            compared += len(stated)
    assert compared > 20


@SITES
def test_each_listing_and_named_choice_has_a_feed_in_three_formats_and_in_each_language(site):
    files = site()
    edition = own_edition() if site is own else odd_office().release()
    names = {"feed", *(f"{facet.path}/feed" for kind in edition.facets.values() for facet in kind.values())}
    names |= {f"feeds/{id_}" for id_ in edition.config.feeds}

    assert set(files) == {
        f"{language}/{name}.{form}" for language in edition.languages for name in names for form in FORMATS
    }
    assert {artifact.stage for artifact in files.values()} == {Stage.FEED}


@SITES
def test_every_atom_document_keeps_the_rules_of_rfc_4287(site):
    for path, artifact in site().items():
        if path.endswith(".atom"):
            root = ET.fromstring(artifact.data)  # noqa: S314
            assert root.get(LANG) == path[:2]
            assert root.findtext(f"{ATOM}generator") == "publisher"
            assert [link.get("href") for link in links(root, "self")] == [f"https://news.example.org/{path}"]
            assert len(links(root, "alternate")) == 1
            assert root.findtext(f"{ATOM}author/{ATOM}name")
            _check_texts(root)
            updates = [_check_atom_entry(entry) for entry in entries(artifact.data)]
            assert root.findtext(f"{ATOM}updated") == max(updates, default="2026-01-01T00:00:00+00:00")
            ids = [entry.findtext(f"{ATOM}id") for entry in entries(artifact.data)]
            assert len(ids) == len(set(ids))


def _check_atom_entry(entry: ET.Element) -> str:
    _check_texts(entry)
    assert len(links(entry, "alternate")) == 1
    assert entry.find(f"{ATOM}content").get("type") == "html"
    assert entry.findtext(f"{ATOM}content").strip()
    assert entry.findtext(f"{ATOM}summary").strip()
    for link in entry.findall(f"{ATOM}link"):
        assert urlsplit(link.get("href")).netloc
    published, updated = (entry.findtext(f"{ATOM}{name}") for name in ("published", "updated"))
    assert datetime.fromisoformat(published) <= datetime.fromisoformat(updated)
    assert updated.endswith("+00:00")
    return updated


def _check_texts(element: ET.Element) -> None:
    for name in ("title", "subtitle", "summary"):
        for text in element.findall(f"{ATOM}{name}"):
            assert text.get("type") == "text"


@SITES
def test_every_rss_document_keeps_the_rules_of_rss_2_and_its_profile(site):
    for path, artifact in site().items():
        if path.endswith(".rss"):
            root = ET.fromstring(artifact.data)  # noqa: S314
            channel = root.find("channel")
            assert root.get("version") == "2.0"
            assert all(
                channel.findtext(name) for name in ("title", "link", "description", "language", "generator")
            )
            assert channel.findtext("link").endswith("/")
            own_link = channel.find(f"{ATOM}link")
            assert (own_link.get("rel"), own_link.get("href")) == ("self", f"https://news.example.org/{path}")
            _check_rfc_822(channel.findtext("lastBuildDate"))
            for item in entries(artifact.data):
                _check_rss_item(item)


def _check_rss_item(item: ET.Element) -> None:
    assert item.find("guid").get("isPermaLink") == "false"
    assert len(item.findall("link")) == 1
    assert item.findtext(f"{DC}creator")
    assert item.findtext(f"{CONTENT}encoded")
    assert item.find("author") is None
    _check_rfc_822(item.findtext("pubDate"))
    for enclosure in item.findall("enclosure"):
        assert int(enclosure.get("length")) > 0
        assert enclosure.get("type") == "text/calendar"
    assert len(item.findall("enclosure")) <= 1


def _check_rfc_822(text: str) -> None:
    """English names, the right day of the week, a year of four digits, an offset."""
    assert text == format_datetime(parsedate_to_datetime(text))


@SITES
def test_every_json_document_keeps_the_rules_of_json_feed(site):
    for path, artifact in site().items():
        if path.endswith(".json"):
            feed = json.loads(artifact.data)
            assert feed["version"] == "https://jsonfeed.org/version/1.1"
            assert feed["feed_url"] == f"https://news.example.org/{path}"
            assert feed["language"] == path[:2]
            assert feed["authors"][0]["name"]
            assert "author" not in feed
            for item in feed["items"]:
                assert isinstance(item["id"], str)
                assert not [name for name in item if name.startswith("_") and name != "_event"]


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value or "" for name, value in attrs if name in {"href", "src"}]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]


@SITES
def test_content_is_safe_and_has_no_relative_address(site):
    seen = _Addresses()
    for path, artifact in site().items():
        if path.endswith(".json"):
            for entry in read_json(artifact.data):
                seen.feed(entry.content)
    inside = {address for address in seen.found if not address.startswith(("http://", "https://", "mailto:"))}

    assert inside == set()
    assert not seen.tags & {"script", "style", "iframe", "form", "object", "title"}


def test_a_relative_link_in_a_body_leads_below_the_records_page():
    content = next(one.content for one in read_json(odd()["en/feed.json"].data) if "/conference/" in one.link)

    assert 'href="https://news.example.org/en/events/conference/files/x.pdf"' in content


@SITES
def test_no_feed_says_a_moment_that_has_not_come(site):
    """An event's day is told in words and facts; a reader sorts by when it was published."""
    latest = NOW + timedelta(days=1)
    for path, artifact in site().items():
        if path.endswith(".json"):
            assert all(one.published <= one.updated <= latest for one in read_json(artifact.data))


def test_entries_stand_newest_first():
    for artifact in own().values():
        if artifact.path.endswith(".atom"):
            dates = [one.published for one in read_xml(artifact.data)]
            assert dates == sorted(dates, reverse=True)


def test_an_item_is_the_same_in_every_feed_of_a_language_byte_for_byte():
    files = own()
    for form, start, end in (("atom", b"<entry", b"</entry>"), ("rss", b"<item", b"</item>")):
        pattern = re.compile(start + b".*?" + end, re.DOTALL)
        main = set(pattern.findall(files[f"ru/feed.{form}"].data))
        others = {
            item
            for path, artifact in files.items()
            if path.startswith("ru/topics/") and path.endswith(form)
            for item in pattern.findall(artifact.data)
        }

        assert others
        assert others <= main


def test_languages_have_entries_and_feeds_of_their_own():
    """A reader who follows two languages keeps both: programs store an entry by its id alone."""
    by_language = [
        {one.id for one in read_xml(own()[f"{language}/feed.atom"].data)} for language in ("en", "ru", "kk")
    ]
    ids = [parsed(own()[f"{language}/feed.atom"].data).feed.id for language in ("en", "ru", "kk")]

    assert len(set().union(*by_language)) == sum(map(len, by_language)) > 30
    assert len(set(ids)) == 3


def test_ids_and_entries_do_not_depend_on_titles_files_scheme_or_host():
    before, after = office(), office(url="http://other.example.net/cooperation")
    for site in (before, after):
        site.say("announcement", "news", title="One title" if site is before else "Another")

    old, new = (read_xml(site.published()["en/feed.atom"].data)[0] for site in (before, after))
    assert old.id == new.id == "tag:news.example.org,2026:announcement/news/en"
    assert new.link == "http://other.example.net/cooperation/en/announcements/news/"


def test_translations_sources_and_files_are_links_with_their_language_type_and_length():
    edition = odd_office().release()
    entry = next(
        entry for entry in entries(artifacts(edition, odd_office().theme)["en/feed.atom"].data)
        if entry.findtext(f"{ATOM}id").endswith("event/conference/en")
    )  # fmt: skip

    assert [(link.get("hreflang"), link.get("href")) for link in links(entry, "related")] == [
        ("kk", "https://news.example.org/kk/events/conference/")
    ]
    assert [link.get("href") for link in links(entry, "via")] == ["https://source.example.org/?a=1&b=2"]
    (file,) = links(entry, "enclosure")
    calendar = event_calendar(edition, odd_office().theme, "en", edition.event("conference"))
    assert file.get("href") == "https://news.example.org/en/events/conference/event.ics"
    assert (file.get("type"), file.get("length")) == ("text/calendar", str(len(calendar)))


def test_an_event_without_a_day_has_no_calendar_to_offer():
    (event,) = [one for one in read_json(odd()["en/feed.json"].data) if "/some-day/" in one.link]

    assert event.files == ()


def test_readers_find_when_where_and_whether_in_the_first_line():
    contents = {one.link.split("/")[-2]: one.content for one in read_json(odd()["en/feed.json"].data)}

    assert contents["conference"].startswith(
        "<p><strong>11–13 June 2026 · Hall &amp; &lt;Co&gt; · Confirmed</strong></p>"
    )
    assert "<strong>1 July 2026, 10:00–11:30 (Almaty time, UTC+5) · Confirmed</strong>" in contents["talk"]
    assert "<strong>day not stated; reported 24 November 2025 · Postponed</strong>" in contents["reported"]
    assert "<strong>1 August 2026 · Cancelled</strong>" in contents["off"]


def test_machines_find_the_same_in_facts():
    items = {
        item["id"].split("/")[1]: item["_event"]
        for item in json.loads(odd()["en/feed.json"].data)["items"]
        if "_event" in item
    }

    assert items["conference"] == {
        "start": "2026-06-11",
        "end": "2026-06-13",
        "location": "Hall & <Co>, Алматы, Kazakhstan",
        "status": "confirmed",
        "ical": "https://news.example.org/en/events/conference/event.ics",
        "uid": "event.conference@news.example.org",
    }
    assert items["talk"] == {
        "start": "2026-07-01T10:00:00+05:00",
        "end": "2026-07-01T11:30:00+05:00",
        "timezone": "Asia/Almaty",
        "status": "confirmed",
        "ical": "https://news.example.org/en/events/talk/event.ics",
        "uid": "event.talk@news.example.org",
    }
    assert items["some-day"] == {"status": "confirmed", "uid": "event.some-day@news.example.org"}


def test_rss_has_the_facts_in_the_event_module():
    items = {item.findtext("guid").split("/")[1]: item for item in entries(odd()["en/feed.rss"].data)}
    told = {
        name: items["conference"].findtext(f"{EV}{name}")
        for name in ("startdate", "enddate", "location", "organizer")
    }

    assert told["startdate"] == "2026-06-11"
    assert told["enddate"] == "2026-06-13"
    assert told["location"] == "Hall & <Co>, Алматы, Kazakhstan"
    assert told["organizer"].startswith("People <b>")
    assert items["some-day"].find(f"{EV}startdate") is None


def test_what_is_not_translated_is_in_every_feed_and_says_its_language():
    files = odd()
    (atom,) = [
        entry for entry in entries(files["kk/feed.atom"].data) if "/russian/" in entry.findtext(f"{ATOM}id")
    ]
    (rss,) = [item for item in entries(files["kk/feed.rss"].data) if "/russian/" in item.findtext("guid")]
    (item,) = [item for item in json.loads(files["kk/feed.json"].data)["items"] if "/russian/" in item["id"]]

    assert (atom.get(LANG), rss.findtext(f"{DC}language"), item["language"]) == ("ru", "ru", "ru")
    assert item["content_html"] == '<div lang="ru"><p>Только по-русски.</p></div>'
    assert not [
        entry
        for entry in entries(files["ru/feed.atom"].data)
        if "/russian/" in entry.findtext(f"{ATOM}id") and entry.get(LANG)
    ]


def test_a_part_that_is_not_translated_says_its_language():
    (item,) = [
        item for item in json.loads(odd()["kk/feed.json"].data)["items"] if "event/conference/" in item["id"]
    ]

    assert "language" not in item
    assert item["title"].startswith("Конференция")
    assert '<div lang="en"><p>Summary' in item["content_html"]


def test_a_title_says_that_an_event_is_off_or_has_moved_until_it_is_over():
    site = office(["en"])
    for id_ in ("moves", "falls-out", "waits"):
        site.say("event", id_, title="School", start="2026-09-06")
    site.release()
    site.say("event", "moves", title="School", start="2026-09-07")
    site.say("event", "falls-out", title="School", start="2026-09-06", status="cancelled")
    site.say("event", "waits", title="School", start="2026-09-06", status="postponed")
    site.release()

    def titles(moment: datetime) -> dict[str, str]:
        files = artifacts(site.as_of(moment), site.theme)
        return {one.link.split("/")[-2]: one.title for one in read_json(files["en/feed.json"].data)}

    assert titles(site.now) == {
        "moves": "New date: School", "falls-out": "Cancelled: School", "waits": "Postponed: School",
    }  # fmt: skip
    assert titles(datetime.fromisoformat("2026-09-07T18:00:00Z"))["moves"] == "New date: School"
    assert titles(datetime.fromisoformat("2026-09-07T19:00:00Z"))["moves"] == "School"


def test_a_change_is_told_with_what_was_before():
    site = office(["en"])
    site.say("place", "hall-a", name="Hall A")
    site.say("place", "hall-b", name="Hall B")
    deadline = {"id": "papers", "title": "Papers", "at": "2026-08-01"}
    site.say("event", "school", title="School", start="2026-09-06", place="hall-a", deadlines=[deadline])
    site.release()
    deadline = {**deadline, "at": "2026-08-15"}
    site.say("event", "school", title="School", start="2026-09-07", place="hall-b", deadlines=[deadline])
    (entry,) = read_json(site.published()["en/feed.json"].data)

    assert entry.content == "\n".join([
        "<p><strong>7 September 2026 · Hall B · Confirmed</strong></p>",
        "<p><em>This event has moved: it was 6 September 2026, it is now 7 September 2026.</em></p>",
        "<p><em>The place has changed.</em></p>",
        "<p>Deadlines:</p><ul><li>Papers: 15 August 2026 (was 1 August 2026)</li></ul>",
    ])  # fmt: skip


def test_a_typo_moves_no_date_and_a_change_moves_one():
    site = office(["en"])

    def dates() -> tuple[datetime, datetime]:
        (entry,) = read_json(site.published()["en/feed.json"].data)
        return entry.published, entry.updated

    fields = {"start": "2026-09-06", "deadlines": [{"id": "papers", "title": "Papers", "at": "2026-08-01"}]}
    site.say("event", "school", title="Shcool", **fields)
    first = dates()
    site.say("event", "school", title="School", body="More text.", **fields)
    corrected = dates()
    site.say("event", "school", title="School", **{**fields, "start": "2026-09-07"})
    moved, moved_at = dates(), site.now
    fields |= {"start": "2026-09-07", "deadlines": [{"id": "papers", "title": "Papers", "at": "2026-08-02"}]}
    site.say("event", "school", title="School", **fields)

    assert corrected == first == (first[0], first[0])
    assert moved == (first[0], moved_at)
    assert dates() == (first[0], site.now)


def test_what_is_withdrawn_or_has_expired_is_in_no_living_feed():
    site = office(["en"])
    site.say("topic", "t", name="T")
    site.say("event", "mistake", title="Mistake", start="2026-09-06", topics=["t"])
    site.say("announcement", "short-lived", title="Soon over", topics=["t"], expires="2026-06-03")
    assert len(read_xml(site.published()["en/topics/t/feed.atom"].data)) == 2
    site.say("event", "mistake", title="Mistake", start="2026-09-06", topics=["t"], status="withdrawn")
    files = site.published()

    assert all(read_xml(files[f"en/{path}.atom"].data) == [] for path in ("feed", "topics/t/feed"))


def test_a_feed_without_entries_is_whole_and_has_a_date_that_stays():
    for identity, date in (
        ("a.example.org,2024", "2024-01-01"),
        ("a.example.org,2024-05", "2024-05-01"),
        ("a.example.org,2024-05-06", "2024-05-06"),
    ):
        files = office(["en"], identity=identity).published()

        assert parsed(files["en/feed.atom"].data).feed.updated == f"{date}T00:00:00+00:00"
        assert (
            f"{parsedate_to_datetime(parsed(files['en/feed.rss'].data).feed.updated):%Y-%m-%d %H:%M %z}"
            == f"{date} 00:00 +0000"
        )
        assert json.loads(files["en/feed.json"].data)["items"] == []


def test_a_combination_has_the_entries_of_the_feeds_it_combines():
    edition, look = own_edition(), own_theme()
    files = own()
    address = "https://news.example.org/en/feed.atom?topic=leadership&organisation=almau"
    choice = Selection(topics=frozenset({"leadership"}), organisations=frozenset({"almau"}))
    combined = feed_bytes(edition, look, "en", choice, "atom", address)
    topic, organisation = (
        {one.id for one in read_xml(files[f"en/{path}/feed.atom"].data)}
        for path in ("topics/leadership", "organisations/almau")
    )

    assert {one.id for one in read_xml(combined)} == topic & organisation != set()
    for entry in re.findall(b"<entry.*?</entry>", combined, re.DOTALL):
        assert entry in files["en/feed.atom"].data
    assert links(ET.fromstring(combined), "self")[0].get("href") == address  # noqa: S314
    assert parsed(combined).feed.title == "Leadership · AlmaU · Academic Cooperation Kazakhstan"


@pytest.mark.parametrize("form", FORMATS)
def test_a_combination_of_one_topic_is_the_topics_feed(form):
    edition, look = own_edition(), own_theme()
    path = f"kk/topics/leadership/feed.{form}"
    read = read_json if form == "json" else read_xml
    asked = feed_bytes(
        edition,
        look,
        "kk",
        Selection(topics=frozenset({"leadership"})),
        form,
        f"https://news.example.org/{path}",
    )

    assert read(asked) == read(own()[path].data)


def test_an_artifact_names_the_records_it_shows():
    files = odd()

    assert files["en/feeds/news.json"].items == {
        "announcement/bare",
        "announcement/long",
        "announcement/russian",
    }
    assert files["ru/places/hall/feed.rss"].items == {"event/conference", "announcement/long"}


def test_a_listings_feed_holds_the_newest_and_the_coming_that_have_changed():
    site = office(["en"])
    site.say("topic", "t", name="T")
    site.say("event", "old", title="Old", start="2026-12-01", topics=["t"])
    site.say("event", "old-and-unchanged", title="Old", start="2026-12-01", topics=["t"])
    site.release()
    for number in range(7):
        site.say("announcement", f"n{number}", title="News", topics=["t"])
        site.release()
    site.say("event", "old", title="Old", start="2026-12-02", topics=["t"])
    read = read_xml(site.published()["en/topics/t/feed.atom"].data)

    assert [one.link.split("/")[-2] for one in read] == ["n6", "n5", "n4", "n3", "n2", "old"]


def test_a_feed_says_what_it_is_and_where_one_subscribes():
    feed = parsed(own()["ru/topics/leadership/feed.rss"].data).feed

    assert feed.title == "Лидерство · Академическое сотрудничество Казахстана"
    assert feed.subtitle.startswith("Новости и мероприятия: Лидерство")
    assert feed.subtitle.endswith("https://news.example.org/ru/subscribe/")
    assert feed.link == "https://news.example.org/ru/topics/leadership/"


def test_the_sites_logo_is_the_feeds_picture():
    files = office(["en"], logo="logo.png").published()
    drawn = office(["en"], logo="logo.svg").published()

    assert parsed(files["en/feed.atom"].data).feed.logo == "https://news.example.org/assets/logo.png"
    assert parsed(files["en/feed.rss"].data).feed.image.href == "https://news.example.org/assets/logo.png"
    assert parsed(drawn["en/feed.atom"].data).feed.logo == "https://news.example.org/assets/logo.svg"
    assert "image" not in parsed(drawn["en/feed.rss"].data).feed


_TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
                  + "".join(map(chr, range(0xFDD0, 0xFDF0))) + "\ufffe\uffff"),
    min_size=1, max_size=40,
).filter(lambda text: text.strip(" \u00a0") and text.split())  # fmt: skip


@given(title=_TEXTS, summary=_TEXTS, body=_TEXTS)
def test_whatever_a_curator_writes_three_formats_say_it_alike(title, summary, body):
    site = office(["en"])
    site.say("event", "any", title=title, summary=summary, start="2026-09-06", body=body, curator_note=title)
    files = site.published()
    stated = read_json(files["en/feed.json"].data)

    assert [(one.id, one.link, one.published, one.content) for one in stated] == [
        (one.id, one.link, one.published, one.content) for one in read_xml(files["en/feed.atom"].data)
    ]
    for form in ("atom", "rss"):
        (element,) = entries(files[f"en/feed.{form}"].data)
        assert stated[0].title in {element.findtext("title"), element.findtext(f"{ATOM}title")}


def test_text_that_xml_cannot_hold_is_left_out():
    files = office(["en"], title={"en": "Bell\x07 and \ufffe \U0001f393"}).published()

    assert parsed(files["en/feed.atom"].data).feed.title == "Bell and  🎓"
    assert json.loads(files["en/feed.json"].data)["title"] == "Bell and  🎓"


def test_feeds_are_not_shared_between_editions():
    first = office(["en"])
    first.say("announcement", "a", title="One")
    one = first.release()
    first.say("announcement", "a", title="Two")
    two = first.release()

    assert [read_xml(next(iter(feeds(edition, first.theme))).data)[0].title for edition in (one, two)] == [
        "One",
        "Two",
    ]
