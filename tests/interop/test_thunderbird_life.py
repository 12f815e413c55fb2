"""What becomes of a site in a summer, as a subscriber's Thunderbird lives through it.

It is subscribed to the four calendars in which an event may be: headlines, programme, deadlines, and the
event's own. After each release it polls, and shows exactly what has changed, no more and nothing twice; it
shows what independent engines read in the files; and when it polls again, the server has nothing to say.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .engines import read_icaljs, read_with_titles
from .recorder import Recorder, recording
from .site import Site, set_field
from .thunderbird import Shown, Thunderbird

pytestmark = pytest.mark.interop

CONFIGURATION = """\
[site]
url = "https://life.example.org"
identity = "life.example.org,2026"
title.en = "A Life"
languages = ["en"]
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
registration: {closes: 2026-06-08}
deadlines:
  - {id: papers, title: Papers due, at: 2026-06-05 18:00}
sessions:
  - {id: opening, title: Opening, start: 2026-06-11 10:00, end: "11:00"}
  - {id: dinner, title: Dinner, start: 2026-06-12 19:00}
---
"""
COURSE = """\
---
id: course
title: A Course
start: 2026-06-09 18:00
end: "19:00"
recurrence: {every: week, count: 3}
---
"""
MEETING = """\
---
id: meeting
title: A Meeting
start: 2026-06-20 15:00
end: "16:30"
place: {name: Room 1, city: Almaty}
---
"""
PAST = """\
---
id: past
title: It Is Past
start: 2026-05-10
---
"""
ADDED = """\
---
id: added
title: Added
start: 2026-06-25 10:00
end: "12:30"
timezone: Europe/Berlin
---
"""
CALENDARS = ("calendar.ics", "programme.ics", "deadlines.ics", "events/conference/event.ics")
#: What a curator does, and what is true afterwards.
Change = Callable[["Life"], object]
Says = Callable[["Life"], bool]


@dataclass
class Life:
    """The site, who subscribed to it, and what stands between them."""

    site: Site
    thunderbird: Thunderbird
    recorder: Recorder
    hours: Iterator[int]
    shown: dict[str, list[Shown]] = field(default_factory=dict)

    def record(self, id_: str) -> Path:
        """Return the file of an event."""
        return self.site.root / "content" / "events" / f"{id_}.md"

    def sets(self, id_: str, **fields: str) -> None:
        """Write fields of an event's record."""
        for name, value in fields.items():
            set_field(self.record(id_), name, value)

    def replaces(self, id_: str, old: str, new: str) -> None:
        """Write something else in an event's record."""
        text = self.record(id_).read_text(encoding="utf-8")
        assert old in text
        self.record(id_).write_text(text.replace(old, new), encoding="utf-8")

    def releases(self) -> set[str]:
        """Release the content as it is; say which calendars differ now."""
        before = {name: self.file(name).read_bytes() for name in CALENDARS}
        self.site.build(f"2026-06-02T{next(self.hours):02}:00:00+05:00")
        return {name for name in CALENDARS if self.file(name).read_bytes() != before[name]}

    def polls(self) -> dict[str, int]:
        """Poll each calendar, look at what is shown; say how the server answered."""
        for name in CALENDARS:
            self.thunderbird.refresh(self.url(name))
        self.looks()
        return {name: self.recorder.statuses(f"/en/{name}")[-1] for name in CALENDARS}

    def looks(self) -> None:
        """See what is shown now."""
        self.shown = {name: self.thunderbird.shows(self.url(name)) for name in CALENDARS}

    def lines(self) -> set[str]:
        """Say in one line each what the site's three calendars show."""
        return {line(one) for name in CALENDARS[:3] for one in self.shown[name]}

    def of(self, uid: str) -> Shown:
        """Return what is shown of one UID that is shown once."""
        (one,) = (one for name in CALENDARS[:3] for one in self.shown[name] if short(one) == uid)
        return one

    def file(self, name: str) -> Path:
        """Return where the site keeps a calendar."""
        return self.site.published / "en" / name

    def url(self, name: str) -> str:
        """Return the address of a calendar."""
        return f"{self.recorder.url}/en/{name}"

    def shows_what_engines_read(self) -> None:
        """Make sure that nothing is shown twice, and all of it as other engines understand the file."""
        read = read_icaljs(map(self.file, CALENDARS))
        for name, shown in self.shown.items():
            told = sorted((one.uid, one.start, one.end, one.status) for one in shown)
            titled = sorted((one.uid, one.start, one.end, one.status, one.title) for one in shown)

            assert told == read[self.file(name)]
            assert titled == read_with_titles(self.file(name))
            assert len({(one.uid, one.start) for one in shown}) == len(shown)

    def agrees_with_itself(self) -> None:
        """Make sure that the event's own calendar shows what the three others show of it."""
        own = sorted(self.shown[CALENDARS[3]])

        assert own == sorted(
            one for name in CALENDARS[:3] for one in self.shown[name] if "event.conference" in one.uid
        )


def short(one: Shown) -> str:
    """Return a UID without the site's host."""
    return one.uid.partition("@")[0].removeprefix("event.")


def line(one: Shown) -> str:
    """Say when and whether something takes place."""
    return f"{short(one)} {one.start}/{one.end} {one.status}"


@pytest.fixture
def life(tmp_path: Path, thunderbird: Thunderbird) -> Iterator[Life]:
    """A site with a conference, a course, a meeting and something past; somebody has subscribed."""
    site = Site(tmp_path / "site")
    (site.root / "content" / "events").mkdir(parents=True)
    (site.root / "publisher.toml").write_text(CONFIGURATION, encoding="utf-8")
    for id_, text in {"conference": CONFERENCE, "course": COURSE, "meeting": MEETING, "past": PAST}.items():
        (site.root / "content" / "events" / f"{id_}.md").write_text(text, encoding="utf-8")
    site.build("2026-06-01T08:00:00+05:00")
    with site.served() as server, recording(server) as recorder:
        life = Life(site, thunderbird, recorder, iter(range(24)))
        for name in CALENDARS:
            thunderbird.subscribe(life.url(name))
        life.looks()
        yield life


def marked(uid: str, mark: str) -> Says:
    """Say that the title of something is marked."""
    return lambda life: life.of(uid).title.startswith(f"{mark}: ")


#: What happens; what Thunderbird then shows no longer (-) and anew (+); what else is true of it.
STEPS: dict[str, tuple[Change, str, Says]] = {
    "an event is added; Berlin is two hours ahead": (
        lambda life: life.record("added").write_text(ADDED, encoding="utf-8"),
        "+ added 20260625T080000Z/20260625T103000Z CONFIRMED",
        lambda life: life.of("added").title == "Added",
    ),
    "another title": (
        lambda life: life.sets("conference", title="A Better Title"),
        "",
        lambda life: life.of("conference").title == "A Better Title",
    ),
    "another description": (
        lambda life: life.sets("conference", summary="What it is really about."),
        "",
        lambda life: "really" in life.of("conference").description,
    ),
    "it moves to another day": (
        lambda life: life.sets("conference", start="2026-06-12", end="2026-06-14"),
        """
        - conference 20260611/20260614 CONFIRMED
        + conference 20260612/20260615 CONFIRMED
        """,
        lambda life: life.of("conference").all_day,
    ),
    "to another hour": (
        lambda life: life.sets("meeting", start="2026-06-20 17:00", end='"18:00"'),
        """
        - meeting 20260620T100000Z/20260620T113000Z CONFIRMED
        + meeting 20260620T120000Z/20260620T130000Z CONFIRMED
        """,
        lambda life: life.of("meeting").title == "A Meeting",
    ),
    "to another place": (
        lambda life: life.sets("meeting", place="{name: Room 2, city: Astana}"),
        "",
        lambda life: life.of("meeting").location == "Room 2, Astana",
    ),
    "it is cancelled, and all of it": (
        lambda life: life.sets("conference", status="cancelled", status_note="A flood."),
        """
        - conference 20260612/20260615 CONFIRMED
        - conference.deadline.papers 20260605T130000Z/20260605T130000Z CONFIRMED
        - conference.deadline.registration-closes 20260608/20260609 CONFIRMED
        - conference.session.dinner 20260612T140000Z/20260612T140000Z CONFIRMED
        - conference.session.opening 20260611T050000Z/20260611T060000Z CONFIRMED
        + conference 20260612/20260615 CANCELLED
        + conference.deadline.papers 20260605T130000Z/20260605T130000Z CANCELLED
        + conference.deadline.registration-closes 20260608/20260609 CANCELLED
        + conference.session.dinner 20260612T140000Z/20260612T140000Z CANCELLED
        + conference.session.opening 20260611T050000Z/20260611T060000Z CANCELLED
        """,
        marked("conference", "Cancelled"),
    ),
    "it takes place after all": (
        lambda life: life.sets("conference", status="confirmed"),
        """
        - conference 20260612/20260615 CANCELLED
        - conference.deadline.papers 20260605T130000Z/20260605T130000Z CANCELLED
        - conference.deadline.registration-closes 20260608/20260609 CANCELLED
        - conference.session.dinner 20260612T140000Z/20260612T140000Z CANCELLED
        - conference.session.opening 20260611T050000Z/20260611T060000Z CANCELLED
        + conference 20260612/20260615 CONFIRMED
        + conference.deadline.papers 20260605T130000Z/20260605T130000Z CONFIRMED
        + conference.deadline.registration-closes 20260608/20260609 CONFIRMED
        + conference.session.dinner 20260612T140000Z/20260612T140000Z CONFIRMED
        + conference.session.opening 20260611T050000Z/20260611T060000Z CONFIRMED
        """,
        lambda life: life.of("conference").title == "A Better Title",
    ),
    "it is postponed, nobody knows until when": (
        lambda life: life.sets("meeting", status="postponed", status_note="A flood."),
        """
        - meeting 20260620T120000Z/20260620T130000Z CONFIRMED
        + meeting 20260620T120000Z/20260620T130000Z CANCELLED
        """,
        marked("meeting", "Postponed"),
    ),
    "a new day is found": (
        lambda life: life.sets("meeting", status="confirmed", start="2026-07-20 17:00"),
        """
        - meeting 20260620T120000Z/20260620T130000Z CANCELLED
        + meeting 20260720T120000Z/20260720T130000Z CONFIRMED
        """,
        lambda life: life.of("meeting").title == "A Meeting",
    ),
    "a session moves, the conference stays": (
        lambda life: life.replaces(
            "conference", '2026-06-11 10:00, end: "11:00"', '2026-06-12 09:00, end: "10:00"'
        ),
        """
        - conference.session.opening 20260611T050000Z/20260611T060000Z CONFIRMED
        + conference.session.opening 20260612T040000Z/20260612T050000Z CONFIRMED
        """,
        lambda life: "Opening" in life.of("conference.session.opening").title,
    ),
    "a deadline moves": (
        lambda life: life.replaces("conference", "2026-06-05 18:00", "2026-06-06 12:00"),
        """
        - conference.deadline.papers 20260605T130000Z/20260605T130000Z CONFIRMED
        + conference.deadline.papers 20260606T070000Z/20260606T070000Z CONFIRMED
        """,
        lambda life: "Papers due" in life.of("conference.deadline.papers").title,
    ),
    "a session is cancelled": (
        lambda life: life.replaces("conference", "2026-06-12 19:00", "2026-06-12 19:00, status: cancelled"),
        """
        - conference.session.dinner 20260612T140000Z/20260612T140000Z CONFIRMED
        + conference.session.dinner 20260612T140000Z/20260612T140000Z CANCELLED
        """,
        marked("conference.session.dinner", "Cancelled"),
    ),
    "a session is taken out": (
        lambda life: life.replaces("conference", "  - {id: opening", "  # - {id: opening"),
        """
        - conference.session.opening 20260612T040000Z/20260612T050000Z CONFIRMED
        + conference.session.opening 20260612T040000Z/20260612T050000Z CANCELLED
        """,
        marked("conference.session.opening", "Cancelled"),
    ),
    "one date of a course moves": (
        lambda life: life.replaces(
            "course", "count: 3", "count: 3, changed: [{occurrence: 2026-06-16, start: 2026-06-17}]"
        ),
        """
        - course 20260616T130000Z/20260616T140000Z CONFIRMED
        + course 20260617T130000Z/20260617T140000Z CONFIRMED
        """,
        lambda life: len([one for one in life.shown["calendar.ics"] if short(one) == "course"]) == 3,
    ),
    "that date is cancelled": (
        lambda life: life.replaces("course", "start: 2026-06-17}", "status: cancelled}"),
        """
        - course 20260617T130000Z/20260617T140000Z CONFIRMED
        + course 20260616T130000Z/20260616T140000Z CANCELLED
        """,
        lambda life: (
            [one.start for one in life.shown["calendar.ics"] if one.title == "Cancelled: A Course"]
            == ["20260616T130000Z"]
        ),
    ),
    "that date is as it was": (
        lambda life: life.replaces("course", ", changed: [{occurrence: 2026-06-16, status: cancelled}]", ""),
        """
        - course 20260616T130000Z/20260616T140000Z CANCELLED
        + course 20260616T130000Z/20260616T140000Z CONFIRMED
        """,
        lambda life: (
            {one.title for one in life.shown["calendar.ics"] if short(one) == "course"} == {"A Course"}
        ),
    ),
    "the file of what is past is deleted": (
        lambda life: life.record("past").unlink(),
        "- past 20260510/20260511 CONFIRMED",
        lambda life: "past" not in {short(one) for one in life.shown["calendar.ics"]},
    ),
    "the file of what is to come is deleted": (
        lambda life: life.record("meeting").unlink(),
        """
        - meeting 20260720T120000Z/20260720T130000Z CONFIRMED
        + meeting 20260720T120000Z/20260720T130000Z CANCELLED
        """,
        marked("meeting", "Cancelled"),
    ),
    "it was published by mistake": (
        lambda life: life.sets("added", status="withdrawn", status_note="Another's."),
        "- added 20260625T080000Z/20260625T103000Z CONFIRMED",
        lambda life: "added" not in {short(one) for one in life.shown["calendar.ics"]},
    ),
    "the whole conference was published by mistake": (
        lambda life: life.sets("conference", status="withdrawn", status_note="Another's."),
        """
        - conference 20260612/20260615 CONFIRMED
        - conference.deadline.papers 20260606T070000Z/20260606T070000Z CONFIRMED
        - conference.deadline.registration-closes 20260608/20260609 CONFIRMED
        - conference.session.dinner 20260612T140000Z/20260612T140000Z CANCELLED
        - conference.session.opening 20260612T040000Z/20260612T050000Z CANCELLED
        """,
        lambda life: life.shown["events/conference/event.ics"] == [],
    ),
}


def test_a_subscriber_sees_what_becomes_of_a_site_and_nothing_twice(life: Life) -> None:
    life.shows_what_engines_read()
    for step, (change, expected, says) in STEPS.items():
        before = life.lines()
        change(life)
        differs = life.releases()
        answers = life.polls()
        after = life.lines()

        gone, come = ({f"- {each}" for each in before - after}, {f"+ {each}" for each in after - before})
        assert gone | come == set(filter(None, map(str.strip, expected.splitlines()))), step
        assert says(life), step
        assert answers == {name: 200 if name in differs else 304 for name in CALENDARS}, step
        assert set(life.polls().values()) == {304}, step
        life.shows_what_engines_read()
        life.agrees_with_itself()
