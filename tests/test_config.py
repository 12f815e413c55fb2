"""publisher.toml: what it may say, and that whatever it cannot say is told with its line."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import config
from publisher.diagnostics import Diagnostic, Span
from publisher.errors import BadConfiguration, NotASite
from publisher.toml_places import parse, place

if TYPE_CHECKING:
    from pathlib import Path

SITE = {"url": "https://news.example.org", "identity": "news.example.org,2026", "title": {"en": "News"}}


def parsed(**sections: Any) -> config.Config:
    return config.parse({"site": SITE} | sections)


def refused(text: str) -> list[str]:
    with pytest.raises(BadConfiguration) as caught:
        config.parse(tomllib.loads(text), text)
    return str(caught.value).splitlines()


def test_a_site_needs_an_address_an_identity_and_a_title() -> None:
    made = parsed()

    assert made.site.url == "https://news.example.org"
    assert (made.authority_host, made.title("en"), made.description("en")) == ("news.example.org", "News", "")
    assert (made.site.languages, made.site.default_language, made.site.timezone) == (("en",), "en", "UTC")
    assert (made.publish.mode, made.publish.settle) == ("auto", timedelta(minutes=10))


def test_a_final_slash_of_the_address_is_no_mistake() -> None:
    assert parsed(site=SITE | {"url": "https://example.org/news/"}).site.url == "https://example.org/news"


@pytest.mark.parametrize(
    ("written", "duration"),
    [
        ("30s", timedelta(seconds=30)),
        ("10m", timedelta(minutes=10)),
        ("1 h", timedelta(hours=1)),
        ("2d", timedelta(days=2)),
        ("0s", timedelta()),
    ],
)
def test_durations_are_written_with_their_unit(written: str, duration: timedelta) -> None:
    assert parsed(publish={"settle": written}).publish.settle == duration


@pytest.mark.parametrize("written", ["", "10", "m", "-1m", "1.5h", "1w", "99999m", 10, True, [], "٣m"])
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(BadConfiguration, match="expected a duration"):
        parsed(publish={"settle": written})


def test_a_named_choice_has_one_title_or_one_for_each_language() -> None:
    made = parsed(
        calendars={
            "a": {"title": "All"},
            "b": {"title": {"en": "All", "ru": "Все"}},
            "c": {"title": {"kk": "Бәрі"}},
        }
    )

    assert [made.calendars[name].title_in("ru", "en") for name in "abc"] == ["All", "Все", "Бәрі"]
    assert made.calendars["b"].title_in("kk", "en") == "All"


def test_a_section_that_other_parts_read_is_left_to_them() -> None:
    assert parsed(deploy={"web": {"to": "somewhere"}}) == parsed()


def test_lists_and_mail_are_read() -> None:
    config = parsed(lists={"weekly": {"title": "Weekly", "day": "tue"}}, mail={"per_minute": 60})

    assert (config.lists["weekly"].day, config.lists["weekly"].lateness.days) == ("tue", 3)
    assert (config.mail.transport, config.mail.per_minute, config.mail.smtp_port) == ("maildir", 60, 587)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('[lists.weekly]\ntitle = "W"\nday = 1', "lists.weekly.day: a weekly list expects a day of the week"),
        ('[lists.daily]\ntitle = "D"\ncadence = "daily"\nday = "mon"', "a daily list expects no day"),
        ('[lists.weekly]\ntitle = "W"\nat = "25:00"', "expected a time of day, got '25:00'"),
        ('[lists.weekly]\ntitle = "W"\ntimezone = "Asia/Almata"', "unknown time zone 'Asia/Almata'"),
        ('[lists.weekly]\ntitle = "W"\nlanguages = ["de"]', "expected one of the site's languages"),
        ('[mail]\ntransport = "smtp"', "mail.host: expected a value, got none"),
        ('[mail]\nfrom = "nobody"', "mail.from"),
        (
            (
                '[mail]\ntransport = "smtp"\nhost = "mail.example.org"\ntls = "none"\nusername = "u"\n'
                'password_file = "p"'
            ),
            "mail.tls: expected encryption to log in at 'mail.example.org', got 'none'",
        ),
    ],
)
def test_what_a_list_or_mail_cannot_be_is_said_with_its_line(settings: str, told: str) -> None:
    site = '[site]\nurl = "https://a.example"\nidentity = "a.example,2026"\ntitle.en = "A"\n'

    found = refused(f"{site}{settings}\n")

    assert told in found[0], found
    assert int(found[0].split(":")[1]) >= 5


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = '[site]\nurl = "example.org"\nidentity = "x"\ntitle.en = ""\n\n[publish]\nmode = "now"\n[publsh]\n'

    assert [line.split(": ")[0] for line in refused(text) if not line.startswith("  hint")] == [
        "publisher.toml:2:1",
        "publisher.toml:3:1",
        "publisher.toml:4:1",
        "publisher.toml:7:1",
        "publisher.toml:8:2",
    ]


@pytest.mark.parametrize(
    "title", ["News\nBcc: x@example.org", "Ne\rws", "\0", "News\u202e", "a\tb", "", "  "]
)
def test_a_title_that_could_break_a_header_is_refused(title: str) -> None:
    with pytest.raises(BadConfiguration, match=r"site\.title\.en"):
        parsed(site=SITE | {"title": {"en": title}})


@pytest.mark.parametrize(
    "logo", ["/etc/passwd", "../logo.png", "a/../b.png", "a\\b.png", ".hidden", "", "a//b"]
)
def test_a_logo_is_a_file_of_the_theme(logo: str) -> None:
    with pytest.raises(BadConfiguration, match=r"site\.logo"):
        parsed(site=SITE | {"logo": logo})


@pytest.mark.parametrize(
    "identity",
    ["news.example.org", "news.example.org,26", "News.example.org,2026", "a b,2026", ",2026", "x,2026-1"],
)
def test_an_identity_is_a_host_and_a_date(identity: str) -> None:
    with pytest.raises(BadConfiguration, match=r"site\.identity: expected a host and a date"):
        parsed(site=SITE | {"identity": identity})


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
SETTINGS = st.sampled_from([
    *(("site", name) for name in config.Site.model_fields),
    *(("publish", name) for name in config.Publish.model_fields),
    *(("calendars", "a", name) for name in config.Combination.model_fields),
    ("database", "url"), ("site",), ("publish",), ("feeds",), ("feeds", "a"), ("x",), ("site", "x"),
])  # fmt: skip


@given(VALUES, SETTINGS)
def test_any_value_of_any_setting_is_followed_or_refused(value: Any, where: tuple[str, ...]) -> None:
    sections: dict[str, Any] = {"site": dict(SITE), "calendars": {"a": {"title": "A"}}}
    *around, name = where
    table = sections
    for step in around:
        table = table.setdefault(step, {})
    table[name] = value
    told = ""
    try:
        config.parse(sections)
    except BadConfiguration as error:
        told = str(error)

    assert all(line.startswith(("publisher.toml:1:1: error[", "  hint: ")) for line in told.splitlines())


# The file itself


def test_a_folder_without_publisher_toml_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(NotASite, match=r"no publisher\.toml"):
        config.load(tmp_path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    text = '\ufeff[site]\nurl = "https://example.org"\nidentity = "example.org,2026"\ntitle.en = "News"\n'
    (tmp_path / "publisher.toml").write_text(text, "utf-8")

    assert config.load(tmp_path).title("en") == "News"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = parse(text, "x.toml")

    assert not isinstance(found, Diagnostic) or found.code == "invalid-toml"


TEXT = '''\
# [site] is here
top = 1
[site]
url = "x"
"title".en = "News"
title . 'ru' = "Новости"
note = """
[publish]
mode = 1
"""
[ publish ]
mode = "auto"
[[many]]
one = 1
[calendars."a b".c]
title = {en = "x"}
'''


@pytest.mark.parametrize(
    ("where", "line", "column"),
    [
        (["top"], 2, 1),
        (["site"], 3, 2),
        (["site", "url"], 4, 1),
        (["site", "title", "en"], 5, 1),
        (["site", "title", "ru"], 6, 1),
        (["site", "title"], 5, 1),
        (["site", "missing"], 3, 2),
        (["publish", "mode"], 12, 1),
        (["many", "one"], 14, 1),
        (["calendars", "a b", "c", "title", "en"], 16, 1),
        (["calendars"], 15, 2),
        (["nowhere"], 1, 1),
    ],
)
def test_a_setting_is_found_where_it_stands(where: list[str], line: int, column: int) -> None:
    assert place(TEXT, "x.toml", where) == Span("x.toml", line, column)
