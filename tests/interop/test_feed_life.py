"""What becomes of a site in a summer, as followers of its feeds live through it.

Newsboat, rss2email and Thunderbird follow the main feed, that of a topic, that of changes, another language,
and choices that only the server makes. Whatever is renamed, retitled, moved to another address or dressed
otherwise, nobody is told anything twice; what is edited is different in one item, and told once in the feed
of changes.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .newsboat import Item, Newsboat
from .recorder import Recorder, recording
from .rss2email import Mailed, Rss2email
from .site import Site, set_field
from .thunderbird import Thunderbird
from .thunderbird_feeds import ThunderbirdFeeds

pytestmark = pytest.mark.interop

CONFIGURATION = """\
[site]
url = "http://old.example.org"
identity = "life.example.org,2026"
title.en = "A Life"
title.ru = "Жизнь"
languages = ["en", "ru"]
timezone = "Asia/Almaty"
"""
CONFERENCE = """\
---
id: conference
title: A Conference
summary: What it is about.
start: 2026-06-11
end: 2026-06-13
place: {name: Hall, city: Almaty, country: KZ}
topics: [law]
deadlines:
  - {id: papers, title: Papers due, at: 2026-06-05 18:00}
---
All of it, at length.
"""
MEETING = """\
---
id: meeting
title: A Meeting
start: 2026-06-20 15:00
end: "16:30"
topics: [law, water]
---
"""
LECTURE = """\
---
id: lecture
title: A Lecture
start: 2026-06-25
topics: [water]
---
"""
NEWS = """\
---
id: news
title: News
summary: Something was said.
date: 2026-05-21
topics: [law]
events: [conference]
---
It was said.
"""
RECORDS = {
    "topics/law.md": "---\nid: law\nname: Law\n---\n",
    "topics/water.md": "---\nid: water\nname: Water\n---\n",
    "events/conference.md": CONFERENCE,
    "events/conference.ru.md": "---\ntitle: Конференция\n---\nПодробно.\n",
    "events/meeting.md": MEETING,
    "events/lecture.md": LECTURE,
    "announcements/news.md": NEWS,
}
#: The feeds that are followed, by a name; those with a question mark are made by the server.
FEEDS = {
    "main": "/en/feed.atom",
    "main in RSS": "/en/feed.rss",
    "main in Russian": "/ru/feed.atom",
    "law": "/en/topics/law/feed.atom",
    "water": "/en/topics/water/feed.rss",
    "changes": "/en/changes/feed.atom",
    "changes in RSS": "/en/changes/feed.rss",
    "law and water": "/en/feed.atom?topic=law&topic=water",
    "changes of law": "/en/feed.rss?kind=change&topic=law",
}
#: What Thunderbird follows: an entry that is in several feeds it keeps in the first of them alone.
IN_THUNDERBIRD = ("main", "main in Russian", "changes in RSS", "changes of law", "law and water")
CHANGES = frozenset(name for name in FEEDS if "changes" in name)


@dataclass
class Life:
    """The site, who follows its feeds, and what stands between them."""

    site: Site
    recorder: Recorder
    serving: ExitStack
    newsboats: dict[str, Newsboat]
    rss2email: Rss2email
    #: One reader for all feeds at once: it keeps an item that is in several of them once.
    collector: Newsboat
    thunderbird: ThunderbirdFeeds
    moments: Iterator[str]
    mails: list[Mailed] = field(default_factory=list)
    items: dict[str, dict[str, Item]] = field(default_factory=dict)

    def record(self, path: str) -> Path:
        """Return the file of a record."""
        return self.site.root / "content" / path

    def replaces(self, path: str, old: str, new: str) -> None:
        """Write something else in a file."""
        text = (self.site.root / path).read_text(encoding="utf-8")
        assert old in text
        (self.site.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def serves(self) -> None:
        """Start the server, or start it anew, with the settings and the theme as they are."""
        self.serving.close()
        self.recorder.upstream = urlsplit(self.serving.enter_context(self.site.served())).netloc

    def releases(self) -> None:
        """Release the content as it is, an hour after the last time."""
        self.site.build(next(self.moments))

    def polls(self) -> "Polled":
        """Let every reader fetch its feeds; say what is new for it, and what is different."""
        before, mailed = self.items, self.mails
        for newsboat in (*self.newsboats.values(), self.collector):
            newsboat.is_read()
            newsboat.reload()
        self.rss2email.run()
        self.looks()
        for name in IN_THUNDERBIRD:
            self.thunderbird.read_all(self.url(name))
            self.thunderbird.fetch(self.url(name))
        new = sorted(set(self.mails) - set(mailed))
        assert len(self.mails) == len(mailed) + len(new), "a mail was sent twice"
        return Polled(
            new={name: _new(items) for name, items in self.items.items()},
            edited={name: _edited(before[name], items) for name, items in self.items.items()},
            mailed={name: [mail.subject for mail in new if mail.feed == self.url(name)] for name in FEEDS},
            collected=_new({item.id: item for item in self.collector.items()}),
            in_thunderbird=self.unread(),
        )

    def looks(self) -> None:
        """See what the readers have now."""
        self.items = {
            name: {item.id: item for item in newsboat.items()} for name, newsboat in self.newsboats.items()
        }
        self.mails = self.rss2email.mails()

    def unread(self) -> list[str]:
        """List the ids of what is new for Thunderbird's user."""
        messages = (one for name in IN_THUNDERBIRD for one in self.thunderbird.messages(self.url(name)))
        return sorted(short(message.id) for message in messages if message.unread)

    def url(self, name: str) -> str:
        """Return the address of a feed, as its followers know it."""
        return self.recorder.url + FEEDS[name]

    def answers(self) -> dict[str, int]:
        """Say how the server answered when each feed was asked for last."""
        return {name: self.recorder.statuses(path)[-1] for name, path in FEEDS.items()}


@dataclass(frozen=True, kw_only=True)
class Polled:
    """What a round of fetching brought, by feed."""

    #: Ids of items that newsboat shows as new.
    new: dict[str, list[str]]
    #: Ids of items that it knew and that now have another title or text.
    edited: dict[str, list[str]]
    #: Subjects of the mails that rss2email sent.
    mailed: dict[str, list[str]]
    #: Ids that are new for a newsboat that follows everything.
    collected: list[str]
    #: Ids that are new for a Thunderbird that follows most of it.
    in_thunderbird: list[str]


def _new(items: dict[str, Item]) -> list[str]:
    return sorted(short(id_) for id_, item in items.items() if item.unread)


def _edited(before: dict[str, Item], after: dict[str, Item]) -> list[str]:
    both = before.keys() & after.keys()
    told = {
        id_: (before[id_].title, before[id_].content) != (after[id_].title, after[id_].content)
        for id_ in both
    }
    return sorted(short(id_) for id_, differs in told.items() if differs)


def short(id_: str) -> str:
    """Return an id without the site's authority."""
    return id_.removeprefix("tag:life.example.org,2026:")


def only(**feeds: list[str]) -> dict[str, list[str]]:
    """Return something for each feed: nothing, but for these."""
    named = {name.replace("_", " "): value for name, value in feeds.items()}
    assert named.keys() <= FEEDS.keys()
    return {name: named.get(name, []) for name in FEEDS}


@pytest.fixture
def life(tmp_path: Path, thunderbird: Thunderbird) -> Iterator[Life]:
    """A site with three events and news; somebody follows it."""
    site = Site(tmp_path / "site")
    for path, text in RECORDS.items():
        (site.root / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (site.root / "content" / path).write_text(text, encoding="utf-8")
    (site.root / "publisher.toml").write_text(CONFIGURATION, encoding="utf-8")
    site.build("2026-06-01T08:00:00+05:00")
    moments = (f"2026-06-{2 + number // 24:02}T{number % 24:02}:00:00+05:00" for number in range(72))
    with recording("http://127.0.0.1:9") as recorder, ExitStack() as serving:
        newsboats = {name: Newsboat(tmp_path / f"newsboat-{n}") for n, name in enumerate(FEEDS)}
        rss2email, collector = Rss2email(tmp_path / "rss2email"), Newsboat(tmp_path / "collector")
        account = ThunderbirdFeeds(thunderbird)
        life = Life(site, recorder, serving, newsboats, rss2email, collector, account, moments)
        life.serves()
        for name, newsboat in newsboats.items():
            newsboat.follow([life.url(name)])
            newsboat.reload()
        collector.follow([life.url(name) for name in FEEDS])
        collector.reload()
        rss2email.follow({f"feed-{number}": life.url(name) for number, name in enumerate(FEEDS)})
        rss2email.run()
        for name in IN_THUNDERBIRD:
            account.follow(life.url(name))
        life.looks()
        yield life


def _renames(life: Life) -> None:
    target = life.record("events/elsewhere/another-name.md")
    target.parent.mkdir()
    life.record("events/conference.md").rename(target)
    life.record("events/conference.ru.md").rename(target.with_suffix(".ru.md"))


def _dresses(life: Life) -> None:
    theme = life.site.root / "templates"
    (theme / "strings").mkdir(parents=True)
    (theme / "assets").mkdir()
    words = '[feed]\nabout = "All that is new: {title}"\n[status]\nconfirmed = "It takes place"\n'
    (theme / "strings" / "en.toml").write_text(words, encoding="utf-8")
    (theme / "assets" / "feed.css").write_text("feed { color: #123; }\n", encoding="utf-8")
    life.serves()


def _has(life: Life, url: str) -> None:
    text = CONFIGURATION.replace("http://old.example.org", url)
    (life.site.root / "publisher.toml").write_text(text, encoding="utf-8")
    life.serves()


#: What is done, and to which feeds an item comes by it: a record that is of a topic now is news there.
QUIET: dict[str, tuple[Callable[[Life], object], dict[str, list[str]]]] = {
    "nothing; it is another day": (lambda _: None, only()),
    "a record's file is renamed": (_renames, only()),
    "a record has another title": (
        lambda life: set_field(life.record("events/meeting.md"), "title", "A Better Title"),
        only(),
    ),
    "a typo is mended": (
        lambda life: life.replaces("content/announcements/news.md", "It was said.", "It was really said."),
        only(),
    ),
    "https": (lambda life: _has(life, "https://old.example.org"), only()),
    "another domain": (lambda life: _has(life, "https://new.example.net/events"), only()),
    "another theme": (_dresses, only()),
    "a topic more": (
        lambda life: set_field(life.record("announcements/news.md"), "topics", "[law, water]"),
        only(water=["announcement/news/en"]),
    ),
    "a topic less": (
        lambda life: set_field(life.record("announcements/news.md"), "topics", "[law]"),
        only(),
    ),
}


def test_nothing_is_new_that_was_there_before(life: Life) -> None:
    for step, (change, expected) in QUIET.items():
        change(life)
        life.releases()
        polled = life.polls()

        assert polled.new == expected, step
        assert polled.collected == polled.in_thunderbird == [], step
        assert {name: len(mailed) for name, mailed in polled.mailed.items()} == {
            name: len(ids) for name, ids in expected.items()
        }, step

        life.rss2email.run()

        assert set(life.answers().values()) == {304}, step


def test_links_lead_to_where_the_site_is_now(life: Life) -> None:
    """The same items, with another address each."""
    _has(life, "https://new.example.net/events")
    life.releases()
    life.polls()

    for items in life.items.values():
        assert all(item.link.startswith("https://new.example.net/events/") for item in items.values())


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What a curator does, and what readers see of it."""

    does: Callable[[Life], object]
    #: Which records read otherwise, wherever they stand: the one, and what tells when it takes place.
    edited: tuple[str, ...]
    #: What the feed of changes has anew, by its titles.
    told: tuple[str, ...] = ()
    #: The languages in which something reads otherwise.
    languages: tuple[str, ...] = ("en", "ru")


EDITS = {
    "it moves, and so does the date in the news of it": Edit(
        does=lambda life: life.replaces(
            "content/events/conference.md", "2026-06-11\nend: 2026-06-13", "2026-06-12\nend: 2026-06-14"
        ),
        edited=("event/conference", "announcement/news"),
        told=("Moved: A Conference",),
    ),
    "to another hour": Edit(
        does=lambda life: life.replaces(
            "content/events/meeting.md", '15:00\nend: "16:30"', '17:00\nend: "18:00"'
        ),
        edited=("event/meeting",),
        told=("Moved: A Meeting",),
    ),
    "to another hall": Edit(
        does=lambda life: set_field(
            life.record("events/meeting.md"), "place", "{name: Hall 2, city: Astana}"
        ),
        edited=("event/meeting",),
        told=("Place announced: A Meeting",),
    ),
    "a deadline is extended": Edit(
        does=lambda life: life.replaces(
            "content/events/conference.md", "2026-06-05 18:00", "2026-06-08 12:00"
        ),
        edited=("event/conference",),
        told=("New deadline: Papers due: A Conference",),
    ),
    "it is cancelled": Edit(
        does=lambda life: set_field(life.record("events/meeting.md"), "status", "cancelled"),
        edited=("event/meeting",),
        told=("Cancelled: A Meeting",),
    ),
    "it is postponed": Edit(
        does=lambda life: set_field(life.record("events/lecture.md"), "status", "postponed"),
        edited=("event/lecture",),
        told=("Postponed: A Lecture",),
    ),
    "it takes place after all": Edit(
        does=lambda life: set_field(life.record("events/meeting.md"), "status", "confirmed"),
        edited=("event/meeting",),
        told=("Takes place after all: A Meeting",),
    ),
    "its text is mended": Edit(
        does=lambda life: life.replaces("content/events/conference.md", "at length", "at great length"),
        edited=("event/conference",),
        languages=("en",),
    ),
}
#: In which feeds each record is.
WHERE = {
    "announcement/news": {"main", "main in RSS", "main in Russian", "law", "law and water"},
    "event/conference": {"main", "main in RSS", "main in Russian", "law", "law and water"},
    "event/meeting": {"main", "main in RSS", "main in Russian", "law", "water", "law and water"},
    "event/lecture": {"main", "main in RSS", "main in Russian", "water", "law and water"},
}


def edited_in(name: str, edit: Edit) -> list[str]:
    """List the ids of the items that differ in a feed after an edit."""
    language = "ru" if "Russian" in name else "en"
    records = edit.edited if language in edit.languages else ()
    return sorted(f"{record}/{language}" for record in records if name in WHERE[record])


def told_in(name: str, edit: Edit) -> int:
    """Say how many items are new in a feed after an edit: those of the feeds of changes alone."""
    is_of_law = name != "changes of law" or "law" in WHERE[edit.edited[0]]
    return len(edit.told) if name in CHANGES and is_of_law else 0


def test_an_edit_is_one_other_item_and_one_change(life: Life) -> None:
    for step, edit in EDITS.items():
        edit.does(life)
        life.releases()
        polled = life.polls()

        assert {name: polled.edited[name] for name in FEEDS.keys() - CHANGES} == {
            name: edited_in(name, edit) for name in FEEDS.keys() - CHANGES
        }, step
        # What was told of it before now says how it stands since; of others nothing differs.
        again = {id_ for name in CHANGES for id_ in polled.edited[name]}
        assert all(id_.startswith(f"{edit.edited[0]}/en/change/") for id_ in again), step
        assert {name: len(ids) for name, ids in polled.new.items()} == {
            name: told_in(name, edit) for name in FEEDS
        }, step
        assert len(polled.collected) == len(polled.in_thunderbird) == len(edit.told), step
        assert {name: len(mails) for name, mails in polled.mailed.items()} == {
            name: told_in(name, edit) for name in FEEDS
        }, step
        assert tuple(polled.mailed["changes"]) == edit.told, step
        assert all(f"{edit.edited[0]}/en/change/" in id_ for id_ in polled.new["changes"]), step

        life.rss2email.run()

        assert set(life.answers().values()) == {304}, step


def test_a_removed_record_is_nothing_new(life: Life) -> None:
    """What was published by mistake goes; nobody hears of it again."""
    set_field(life.record("events/lecture.md"), "status", "withdrawn")
    life.releases()
    polled = life.polls()

    assert polled.new == polled.edited == polled.mailed == only()
    assert polled.in_thunderbird == []

    life.record("events/lecture.md").unlink()
    life.releases()

    assert life.polls().new == only()
