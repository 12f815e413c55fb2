"""A site of everything that ever broke a feed, for the tests of feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .feedsites import Office, office

if TYPE_CHECKING:
    from publisher.model.artifact import Artifact

#: Markup, the end of a CDATA section, emoji, right to left, Kazakh letters, format strings, quotes.
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
        deadlines=[
            {"id": "abstracts", "title": f"Abstracts {ODD}", "at": "2026-06-05 23:59", "timezone": "AoE"},
        ],
        sources=[
            {
                "title": ODD, "url": "https://source.example.org/?a=1&b=2",
                "published": "2026-05-01", "publisher": "body-of-people",
            },
            {"title": "Without an address", "note": ODD},
        ],
        curator_note=ODD, status_note=ODD,
        body=(
            f"# {ODD}\n\n[a relative link](files/x.pdf) ![picture](p.png)\n\n"
            "<a href='javascript:alert(1)'>x</a>\n\n"
            "| a | b |\n|---|---|\n| 1 | 2 |\n"
        ),
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
        recurrence={
            "every": "week", "count": "4",
            "changed": [{"occurrence": "2026-07-14 18:00", "start": "2026-07-15 18:00"}],
        },
    )  # fmt: skip
    site.say("announcement", "bare", title="T")
    site.say(
        "announcement", "long", title=ODD, date="2026-02-03", events=["conference"], topics=["odd"],
        organisations=["body-of-people"],
        body=f"{'Long text. ' * 200}\n\n> {ODD}\n\nfootnote[^1]\n\n[^1]: {ODD}\n",
    )  # fmt: skip
    site.say("announcement", "russian", language="ru", title="По-русски", body="Только по-русски.")
    return site


def odd() -> dict[str, Artifact]:
    """Every feed of it."""
    return odd_office().published()
