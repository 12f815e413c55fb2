"""What an entry tells its reader: when, where, whether, what changed, and in which language."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pictures import png
from publisher.render.calendars import event_calendar
from publisher.render.entries import entry_of

from .feedreaders import (
    ATOM,
    DC,
    EV,
    LANG,
    MEDIA,
    entries,
    links,
    parsed,
    read_json,
    read_xml,
    text_of,
)
from .feedsites import artifacts, office
from .oddsite import ODD, odd, odd_office

if TYPE_CHECKING:
    from publisher.model.edition import Edition
    from publisher.render.feed import Entry


def test_translations_sources_and_files_are_links_with_their_language_type_and_length() -> None:
    edition = odd_office().release()
    entry = next(
        entry for entry in entries(artifacts(edition, odd_office().theme)["en/feed.atom"].data)
        if text_of(entry, f"{ATOM}id").endswith("event/conference/en")
    )  # fmt: skip

    assert [(link.get("hreflang"), link.get("href")) for link in links(entry, "related")] == [
        ("kk", "https://news.example.org/kk/events/conference/")
    ]
    assert [link.get("href") for link in links(entry, "via")] == ["https://source.example.org/?a=1&b=2"]
    (file,) = links(entry, "enclosure")
    conference = edition.event("conference")
    assert conference is not None
    calendar = event_calendar(edition, odd_office().theme, "en", conference)
    assert file.get("href") == "https://news.example.org/en/events/conference/event.ics"
    assert (file.get("type"), file.get("length")) == ("text/calendar", str(len(calendar)))


def test_files_are_the_same_in_all_formats_and_in_the_same_order() -> None:
    site = office(["en"])
    photo, programme = png(640, 480), b"%PDF-1.7"
    at = site.put("event", "photo.png", photo)
    leads_to = site.put("event", "programme.pdf", programme)
    site.say(
        "event", "school", title="School", start="2026-09-06", body="[Programme](programme.pdf)",
        image={"file": "photo.png", "alt": "Us & <you>", "credit": "Me"},
        attachments=[
            {"file": "programme.pdf", "title": "Programme"}, {"file": "photo.png", "title": "It again"}
        ],
    )  # fmt: skip
    files = site.published()
    (entry,) = read_json(files["en/feed.json"].data)
    (item,) = json.loads(files["en/feed.json"].data)["items"]

    assert [entry] == read_xml(files["en/feed.atom"].data) == read_xml(files["en/feed.rss"].data)
    calendar, *others = entry.files
    assert calendar[:2] == ("https://news.example.org/en/events/school/event.ics", "text/calendar")
    assert others == [
        (at, "image/png", str(len(photo))),
        (leads_to, "application/pdf", str(len(programme))),
    ]
    assert item["image"] == at
    shown = f'<p><img src="{at}" alt="Us &amp; &lt;you&gt;" width="640" height="480"></p><p>Me</p>'
    assert shown in entry.content
    assert f'<a href="{leads_to}">Programme</a>' in entry.content


def test_the_picture_of_an_announcement_is_its_first_file() -> None:
    site = office(["en"])
    at = site.put("announcement", "photo.png", png(640, 480))
    site.say("announcement", "news", title="News", image={"file": "photo.png", "alt": "Us"})
    (item,) = entries(site.published()["en/feed.rss"].data)

    assert [file.get("url") for file in item.findall("enclosure")] == [at]
    assert item.find(f"{MEDIA}content") is None


def test_an_event_without_a_day_has_no_calendar_to_offer() -> None:
    (event,) = [one for one in read_json(odd()["en/feed.json"].data) if "/some-day/" in one.link]

    assert event.files == ()


def test_readers_find_when_where_and_whether_in_the_first_line() -> None:
    contents = {one.link.split("/")[-2]: one.content for one in read_json(odd()["en/feed.json"].data)}

    assert contents["conference"].startswith(
        "<p><strong>11–13 June 2026 · Hall &amp; &lt;Co&gt; · Confirmed</strong></p>"
    )
    assert "<strong>1 July 2026, 10:00–11:30 (Almaty time, UTC+5) · Confirmed</strong>" in contents["talk"]
    assert "<strong>day not stated; reported 24 November 2025 · Postponed</strong>" in contents["reported"]
    assert "<strong>1 August 2026 · Cancelled</strong>" in contents["off"]


def test_machines_find_the_same_in_facts() -> None:
    items = {
        item["id"].split("/")[1]: item["_event"]
        for item in json.loads(odd()["en/feed.json"].data)["items"]
        if "_event" in item
    }

    about = {"about": "http://purl.org/rss/1.0/modules/event/", "type": "event"}
    assert items["conference"] == {
        **about,
        "start": "2026-06-11",
        "end": "2026-06-13",
        "location": "Hall & <Co>, Алматы, Kazakhstan",
        "organizer": f"People {ODD}",
        "status": "confirmed",
        "ical": "https://news.example.org/en/events/conference/event.ics",
        "uid": "event.conference@news.example.org",
    }
    assert items["talk"] == {
        **about,
        "start": "2026-07-01T10:00:00+05:00",
        "end": "2026-07-01T11:30:00+05:00",
        "timezone": "Asia/Almaty",
        "status": "confirmed",
        "ical": "https://news.example.org/en/events/talk/event.ics",
        "uid": "event.talk@news.example.org",
    }
    assert items["some-day"] == {**about, "status": "confirmed", "uid": "event.some-day@news.example.org"}


def test_rss_has_the_facts_in_the_event_module() -> None:
    items = {text_of(item, "guid").split("/")[1]: item for item in entries(odd()["en/feed.rss"].data)}
    told = {
        name: text_of(items["conference"], f"{EV}{name}")
        for name in ("startdate", "enddate", "location", "organizer")
    }

    assert told["startdate"] == "2026-06-11"
    assert told["enddate"] == "2026-06-13"
    assert told["location"] == "Hall & <Co>, Алматы, Kazakhstan"
    assert told["organizer"].startswith("People <b>")
    assert items["some-day"].find(f"{EV}startdate") is None


def test_what_is_not_translated_is_in_every_feed_and_says_its_language() -> None:
    files = odd()
    (atom,) = [
        entry for entry in entries(files["kk/feed.atom"].data) if "/russian/" in text_of(entry, f"{ATOM}id")
    ]
    (rss,) = [item for item in entries(files["kk/feed.rss"].data) if "/russian/" in text_of(item, "guid")]
    (item,) = [item for item in json.loads(files["kk/feed.json"].data)["items"] if "/russian/" in item["id"]]

    assert (atom.get(LANG), text_of(rss, f"{DC}language"), item["language"]) == ("ru", "ru", "ru")
    assert item["content_html"] == '<div lang="ru"><p>Только по-русски.</p></div>'
    assert not [
        entry
        for entry in entries(files["ru/feed.atom"].data)
        if "/russian/" in text_of(entry, f"{ATOM}id") and entry.get(LANG)
    ]


def test_what_is_said_in_the_feeds_language_about_an_untranslated_event_is_marked_too() -> None:
    (item,) = [item for item in json.loads(odd()["kk/feed.json"].data)["items"] if "event/off/" in item["id"]]

    status = odd_office().theme.words["kk"]("status.cancelled")

    assert item["content_html"].startswith(
        f'<div lang="kk"><p><strong>2026 жылғы 1 тамыз · {status}</strong></p></div>'
    )


def test_a_part_that_is_not_translated_says_its_language() -> None:
    (item,) = [
        item for item in json.loads(odd()["kk/feed.json"].data)["items"] if "event/conference/" in item["id"]
    ]

    assert "language" not in item
    assert item["title"].startswith("Конференция")
    assert '<div lang="en"><p>Summary' in item["content_html"]


def test_a_title_says_that_an_event_is_off_or_has_moved() -> None:
    site = office(["en"])
    for id_ in ("moves", "falls-out", "waits"):
        site.say("event", id_, title="School", start="2026-09-06")
    site.release()
    site.say("event", "moves", title="School", start="2026-09-07")
    site.say("event", "falls-out", title="School", start="2026-09-06", status="cancelled")
    site.say("event", "waits", title="School", start="2026-09-06", status="postponed")
    files = site.published()

    assert {one.link.split("/")[-2]: one.title for one in read_json(files["en/feed.json"].data)} == {
        "moves": "New date: School", "falls-out": "Cancelled: School", "waits": "Postponed: School",
    }  # fmt: skip


def test_an_entry_says_the_same_on_every_day() -> None:
    """Else all who follow a feed would fetch it again because a day has passed."""
    site = odd_office()
    site.release()
    site.say("event", "talk", title="Talk", start="2026-07-02 10:00", end="11:30", topics=["odd"])
    site.say(
        "event", "weekly", title="Weekly", start="2026-07-07 18:00", end="19:00",
        recurrence={"every": "week", "changed": [{"occurrence": "2026-07-14 18:00", "status": "cancelled"}]},
    )  # fmt: skip
    today = site.release()

    def told(edition: Edition) -> dict[tuple[str, str], Entry]:
        return {
            (language, record.id): entry_of(edition, site.theme, language, record)
            for language in edition.languages
            for record in (*edition.events, *edition.announcements)
        }

    for moment in (site.now + timedelta(days=45), site.now + timedelta(days=4_000)):
        assert told(site.as_of(moment)) == told(today)


def test_an_event_that_loses_its_day_is_postponed_and_keeps_its_calendar() -> None:
    site = office(["en"])
    site.say("event", "school", title="School", start="2026-09-06")
    site.release()
    site.say("event", "school", title="School", start="2026-11")
    (item,) = json.loads(site.published()["en/feed.json"].data)["items"]

    assert item["title"] == "Postponed: School"
    assert item["summary"] == "November 2026 · Postponed"
    assert (item["_event"]["start"], item["_event"]["status"]) == ("2026-09-06", "postponed")
    assert item["attachments"][0]["url"] == item["_event"]["ical"]


def test_a_change_is_told_with_what_was_before() -> None:
    site = office(["en"])
    site.say("place", "hall-a", name="Hall A")
    site.say("place", "hall-b", name="Hall B")
    deadline = {"id": "papers", "title": "Papers", "at": "2026-08-01"}
    site.say("event", "school", title="School", start="2026-09-06", place="hall-a", deadlines=[deadline])
    site.release()
    deadline = {**deadline, "at": "2026-08-15"}
    site.say("event", "school", title="School", start="2026-09-07", place="hall-b", deadlines=[deadline])
    (entry,) = read_json(site.published()["en/feed.json"].data)

    assert entry.content.splitlines() == [
        "<p><strong>7 September 2026 · Hall B · Confirmed</strong></p>",
        "<p><em>This event has moved: it was 6 September 2026, it is now 7 September 2026.</em></p>",
        "<p><em>The place has changed.</em></p>",
        "<p>Deadlines:</p><ul><li>Papers: 15 August 2026 (was 1 August 2026)</li></ul>",
    ]


def test_a_typo_moves_no_date_and_a_change_moves_one() -> None:
    site = office(["en"])

    def dates() -> tuple[datetime, datetime]:
        (entry,) = read_json(site.published()["en/feed.json"].data)
        return entry.published, entry.updated

    fields: dict[str, Any] = {
        "start": "2026-09-06",
        "deadlines": [{"id": "papers", "title": "Papers", "at": "2026-08-01"}],
    }
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


def test_what_is_withdrawn_is_in_no_feed() -> None:
    site = office(["en"])
    site.say("topic", "t", name="T")
    site.say("event", "mistake", title="Mistake", start="2026-09-06", topics=["t"])
    assert len(read_xml(site.published()["en/topics/t/feed.atom"].data)) == 1
    site.say("event", "mistake", title="Mistake", start="2026-09-06", topics=["t"], status="withdrawn")
    files = site.published()

    assert all(read_xml(files[f"en/{path}.atom"].data) == [] for path in ("feed", "topics/t/feed"))


def test_a_feed_without_entries_is_whole_and_has_a_date_that_stays() -> None:
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
