"""`publisher subscribers`, as an operator uses it."""

from __future__ import annotations

import csv
import io
import json
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from postgresql import running
from publisher.app import open_site
from publisher.model.mailing import Interests
from publisher.subscribing import signup
from publisher.subscribing.signup import Limits, Request
from sites import CONFIG, CuratedSite, instant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postgresql import Server

LISTS = """
[lists.weekly]
title = "Weekly"

[lists.monthly]
title = "Monthly"
cadence = "monthly"
"""
HEADER = "email,language,lists,topics,timezone,consent_source,consent_date"
ANN = "ann@example.org,ru,weekly;monthly,,Europe/Berlin,fair,2026-05-01"
BEN = "ben@example.org,,weekly,,,fair,2026-05-01"
NOW = "2026-06-01T12:00:00Z"
LATER = "2026-06-05T12:00:00Z"


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture
def site(tmp_path: Path) -> CuratedSite:
    return CuratedSite.create(tmp_path / "site", CONFIG + LISTS)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> CuratedSite:
    """A site on each of the two databases."""
    config = CONFIG + LISTS
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        config += f'\n[database]\nurl = "{server.new_database()}"\n'
    return CuratedSite.create(tmp_path / "site", config)


def bring(
    site: CuratedSite, *lines: str, now: str = NOW, status: int = 0, options: str = "--confirmed"
) -> dict[str, Any]:
    """Import these lines; the report."""
    path = site.write("readers.csv", "\n".join([HEADER, *lines]))
    done = site.run(
        "subscribers", "import", str(path), "--now", now, "--json", *options.split(), status=status
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def there(site: CuratedSite) -> dict[str, dict[str, str]]:
    """Who is there, and how each subscription stands."""
    listed = json.loads(site.run("subscribers", "list", "--full", "--json").stdout)["subscribers"]
    return {each["email"]: each["subscriptions"] for each in listed}


def shown(site: CuratedSite, who: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(site.run("subscribers", "show", who, "--json").stdout)
    return found


def letters(site: CuratedSite) -> list[str]:
    """The Message-IDs of all letters to whoever is there."""
    messages = [each for who in there(site) for each in shown(site, who)["messages"]]
    assert {each["sort"] for each in messages} <= {"confirm"}
    return sorted(each["message_id"] for each in messages)


def exported(site: CuratedSite, *options: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(site.run("subscribers", "export", *options).stdout, newline="")))


# import


def test_confirmed_readers_are_subscribed_at_once_and_nothing_is_sent_to_them(
    either: CuratedSite,
) -> None:
    report = bring(either, ANN, BEN)

    assert report == {
        "dry_run": False,
        "lines": 2,
        "readers": 2,
        "subscriptions": {"confirmed": 3},
        "unchanged": 0,
        "letters": 0,
        "not_asked": 0,
        "findings": [],
    }
    assert there(either) == {
        "ann@example.org": {"monthly": "confirmed", "weekly": "confirmed"},
        "ben@example.org": {"weekly": "confirmed"},
    }
    kept = shown(either, "ann@example.org")
    assert (kept["subscriber"]["language"], kept["subscriber"]["timezone"]) == ("ru", "Europe/Berlin")
    assert [
        (each["changed"], each["consent_source"], each["consent_at"]) for each in kept["subscriptions"]
    ] == [("2026-06-01T12:00:00+00:00", "fair", "2026-04-30T19:00:00+00:00")] * 2
    assert letters(either) == []


def test_without_confirmed_each_reader_is_asked_by_one_letter_and_nothing_else_is_sent(
    either: CuratedSite,
) -> None:
    report = bring(either, ANN, BEN, options="")

    assert (report["letters"], report["subscriptions"]) == (2, {"unconfirmed": 3})
    assert len(set(letters(either))) == 2
    assert [len(shown(either, who)["messages"]) for who in there(either)] == [1, 1]


def test_the_caps_are_said_before_letters_are_queued(site: CuratedSite) -> None:
    path = site.write("readers.csv", f"{HEADER}\n{ANN}\n")

    said = site.run("subscribers", "import", str(path), "--now", NOW)

    assert "at most 1 in 1 day and 3 in 30 days to an address" in said.stderr
    assert "1 letter queued" in said.stdout


def test_an_address_is_not_asked_again_so_soon_and_nothing_waits_for_an_answer_to_no_question(
    either: CuratedSite,
) -> None:
    bring(either, BEN, options="")

    sooner = bring(either, BEN.replace("weekly", "weekly;monthly"), options="", now="2026-06-02T11:00:00Z")

    assert (sooner["letters"], sooner["not_asked"]) == (0, 1)
    assert there(either) == {"ben@example.org": {"weekly": "unconfirmed"}}
    later = bring(either, BEN.replace("weekly", "weekly;monthly"), options="", now="2026-06-02T12:00:01Z")
    assert (later["letters"], later["not_asked"]) == (1, 0)
    assert there(either) == {"ben@example.org": {"monthly": "unconfirmed", "weekly": "unconfirmed"}}


def test_an_import_and_the_page_together_ask_an_address_no_more_often(site: CuratedSite) -> None:
    bring(site, BEN, options="")
    asked = Request(
        email="ben@example.org", key="ben@example.org", lists=("monthly",), interests=Interests(),
        language="en", timezone="Asia/Almaty", consent_text="yes",
    )  # fmt: skip

    def sign_up(now: str) -> None:
        limit = Limits(30, 30, lambda *named: f"<{named}@example.org>")
        database = open_site(site.root).database
        assert signup.sign_up(database, limit, asked, "192.0.2.0/24", instant(now)) is None

    sign_up("2026-06-02T11:00:00Z")
    assert len(letters(site)) == 1
    sign_up("2026-06-02T12:00:01Z")
    assert len(letters(site)) == 2
    assert bring(site, BEN, options="", now="2026-06-02T13:00:00Z")["not_asked"] == 1


@pytest.mark.parametrize("options", ["--confirmed", ""])
def test_importing_again_changes_nothing(either: CuratedSite, options: str) -> None:
    bring(either, ANN, BEN, options=options)
    before = [shown(either, who) for who in ("ann@example.org", "ben@example.org")]
    queued = letters(either)

    report = bring(either, ANN, BEN, ANN.replace("ann@", " ANN@"), options=options, now=LATER)

    assert (report["readers"], report["subscriptions"], report["unchanged"]) == (0, {}, 3)
    assert [shown(either, who) for who in ("ann@example.org", "ben@example.org")] == before
    assert letters(either) == queued
    assert len(queued) == (0 if options else 2)


def test_who_was_asked_and_has_agreed_elsewhere_is_confirmed_by_a_later_import(site: CuratedSite) -> None:
    bring(site, BEN, options="")

    bring(site, BEN, now=LATER)

    assert there(site) == {"ben@example.org": {"weekly": "confirmed"}}


def test_good_lines_are_imported_all_the_same_and_bad_ones_make_the_status_1(site: CuratedSite) -> None:
    report = bring(
        site, ANN, "ben@@example.org,,weekly,,,fair,2026-05-01", "cem@example.org,,weekli,,,fair,x", status=1
    )

    assert [(each["line"], each["code"]) for each in report["findings"]] == [
        (3, "invalid-email"),
        (4, "unknown-list"),
        (4, "invalid-date"),
    ]
    assert list(there(site)) == ["ann@example.org"]


def test_a_line_without_consent_is_never_confirmed(site: CuratedSite) -> None:
    report = bring(
        site,
        "ann@example.org,,weekly,,,,2026-05-01",
        "ben@example.org,,weekly,,,fair,",
        "cem@example.org,,weekly,,,,",
        status=1,
    )

    assert {each["code"] for each in report["findings"]} == {"missing-consent"}
    assert [each["line"] for each in report["findings"]] == [2, 3, 4, 4]
    assert there(site) == {}


def test_a_dry_run_says_the_same_and_writes_nothing(site: CuratedSite) -> None:
    tried = bring(site, ANN, BEN, options="--dry-run")

    assert there(site) == {}
    assert tried == bring(site, ANN, BEN, options="") | {"dry_run": True}


def test_who_has_left_is_not_brought_back_by_an_older_consent(either: CuratedSite) -> None:
    bring(either, ANN, BEN)
    either.run(
        "subscribers", "unsubscribe", "ann@example.org", "--list", "weekly", "--now", "2026-06-02T12:00:00Z"
    )

    report = bring(either, ANN, now=LATER)

    assert [each["code"] for each in report["findings"]] == ["unsubscribed-address"]
    assert there(either)["ann@example.org"] == {"monthly": "confirmed", "weekly": "unsubscribed"}
    bring(either, ANN.replace("2026-05-01", "2026-06-03"), now=LATER)
    assert there(either)["ann@example.org"] == {"monthly": "confirmed", "weekly": "confirmed"}


@pytest.mark.parametrize("options", ["--confirmed", ""])
def test_a_suppressed_address_is_told_and_passed_over(either: CuratedSite, options: str) -> None:
    either.run("subscribers", "suppress", "ANN@example.org")

    report = bring(either, ANN, BEN, options=options)

    assert [(each["line"], each["code"]) for each in report["findings"]] == [(2, "suppressed-address")]
    assert list(there(either)) == ["ben@example.org"]


def test_a_suppression_is_lifted_and_the_address_can_be_imported(site: CuratedSite) -> None:
    site.run("subscribers", "suppress", "ann@example.org")

    assert "may be written to again" in site.run("subscribers", "lift", "ann@example.org").stdout
    assert "was not suppressed" in site.run("subscribers", "lift", "ann@example.org").stdout
    bring(site, ANN)
    assert list(there(site)) == ["ann@example.org"]


def test_ids_are_those_of_what_is_released(site: CuratedSite) -> None:
    site.event()
    site.build()

    report = bring(
        site,
        "ann@example.org,,,science,,fair,2026-05-01",
        "ben@example.org,,,scienze,,fair,2026-05-01",
        status=1,
    )

    assert [(each["line"], each["code"], each["hint"]) for each in report["findings"]] == [
        (3, "unknown-topic", "did you mean 'science'?")
    ]


def test_a_reader_with_several_lines_has_what_all_of_them_say(site: CuratedSite) -> None:
    report = bring(site, BEN, BEN.replace("weekly", "monthly"), BEN)

    assert (report["readers"], report["subscriptions"], report["unchanged"]) == (1, {"confirmed": 2}, 1)
    assert there(site) == {"ben@example.org": {"monthly": "confirmed", "weekly": "confirmed"}}


def test_five_thousand_lines_are_taken_in_chunks(either: CuratedSite) -> None:
    lines = [f"reader{number}@example.org,,weekly,,,fair,2026-05-01" for number in range(2_500)]

    report = bring(either, *lines, "x,,,,,fair,2026-05-01", *lines, status=1)

    assert (report["lines"], report["readers"], report["unchanged"]) == (5_000, 2_500, 2_500)
    assert [each["line"] for each in report["findings"]] == [2_502]


def test_standard_input_is_a_file_too(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site", CONFIG + LISTS)
    call = [
        sys.executable,
        "-m",
        "publisher",
        "subscribers",
        "import",
        "-",
        "--confirmed",
        "--site",
        str(site.root),
    ]

    done = subprocess.run(
        call, input=f"{HEADER}\nx\n{BEN}\n".encode(), capture_output=True, check=False, timeout=60
    )

    assert done.returncode == 1
    assert done.stderr.decode().startswith("standard input:2:1: error[invalid-email]: ")
    assert list(there(site)) == ["ben@example.org"]


def test_a_site_without_lists_has_nothing_to_subscribe_to(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site")
    path = site.write("readers.csv", f"{HEADER}\n{ANN}\n")

    said = site.run("subscribers", "import", str(path), "--confirmed", status=2)

    assert "hint: add a table such as [lists.weekly] to publisher.toml" in said.stderr


# export


def test_what_is_exported_can_be_imported_and_says_the_same(either: CuratedSite, tmp_path: Path) -> None:
    bring(either, ANN, BEN, "+cem@example.org,,weekly,,,=cmd|' /C calc'!A0,2026-05-01")
    bring(either, "dan@example.org,,weekly,,,fair,2026-05-01", options="")
    either.run("subscribers", "unsubscribe", "ben@example.org")
    other = CuratedSite.create(tmp_path / "other", CONFIG + LISTS)

    either.run("subscribers", "export", str(tmp_path / "all.csv"))
    other.run("subscribers", "import", str(tmp_path / "all.csv"), "--confirmed")

    moved = {who: stand for who, stand in there(either).items() if who != "dan@example.org"}
    assert there(other) == moved
    assert moved["ben@example.org"] == {"weekly": "unsubscribed"}
    known = sorted(exported(other), key=str)
    assert known == sorted((row for row in exported(either) if row["email"] != "dan@example.org"), key=str)


def test_no_exported_cell_is_a_formula(site: CuratedSite) -> None:
    bring(site, "+cem@example.org,,weekly,,,=cmd|' /C calc'!A0,2026-05-01")

    (row,) = exported(site)

    assert (row["email"], row["consent_source"]) == ("'+cem@example.org", "'=cmd|' /C calc'!A0")


def test_an_export_can_be_of_one_list_or_state(site: CuratedSite) -> None:
    bring(site, ANN, BEN)
    site.run("subscribers", "unsubscribe", "ben@example.org")

    assert [row["email"] for row in exported(site, "--list", "monthly")] == ["ann@example.org"]
    assert [(row["email"], row["state"]) for row in exported(site, "--state", "unsubscribed")] == [
        ("ben@example.org", "unsubscribed")
    ]
    assert "did you mean 'weekly'?" in site.run("subscribers", "export", "--list", "weekli", status=2).stderr


def test_an_exported_file_is_its_owners_only(site: CuratedSite, tmp_path: Path) -> None:
    bring(site, ANN)
    path = tmp_path / "all.csv"
    path.write_text("old")
    path.chmod(0o644)

    site.run("subscribers", "export", str(path))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["all.csv", "site"]


# list, show


def test_a_list_of_readers_does_not_tell_their_addresses(site: CuratedSite) -> None:
    bring(site, ANN, BEN)

    said = site.run("subscribers", "list").stdout

    assert "a***@e***  ru  monthly confirmed, weekly confirmed" in said
    assert "example" not in said
    assert said.endswith("2 readers\n")
    assert "ann@example.org" in site.run("subscribers", "list", "--full", "--list", "monthly").stdout


def test_a_reader_can_be_shown_by_address_or_id(site: CuratedSite) -> None:
    bring(site, ANN)
    by_address = shown(site, "Ann@Example.org")

    assert shown(site, str(by_address["subscriber"]["id"])) == by_address
    assert (
        "nobody here has the address" in site.run("subscribers", "show", "eve@example.org", status=2).stderr
    )


def test_everything_that_is_kept_about_a_reader_is_shown(either: CuratedSite) -> None:
    bring(either, BEN, options="")
    either.run("subscribers", "suppress", "ben@example.org", "--now", NOW)

    kept = shown(either, "ben@example.org")

    assert kept.keys() == {"subscriber", "subscriptions", "messages", "bounces", "suppression", "limits"}
    assert [each["sort"] for each in kept["messages"]] == ["confirm"]
    assert kept["suppression"] == {
        "reason": "operator",
        "created": "2026-06-01T12:00:00+00:00",
        "until": None,
    }
    assert [each["count"] for each in kept["limits"]] == [1]
    said = either.run("subscribers", "show", "ben@example.org").stdout
    assert all(word in said for word in ("ben@example.org", "weekly", "unconfirmed", "confirm", "operator"))


# What people ask for


def test_whoever_writes_is_unsubscribed_from_all_or_from_one(either: CuratedSite) -> None:
    bring(either, ANN, BEN)

    one = either.run("subscribers", "unsubscribe", "ann@example.org", "--list", "monthly").stdout
    everything = either.run("subscribers", "unsubscribe", "ben@example.org").stdout

    assert (one, everything) == ("unsubscribed from monthly\n", "unsubscribed from weekly\n")
    assert there(either) == {
        "ann@example.org": {"monthly": "unsubscribed", "weekly": "confirmed"},
        "ben@example.org": {"weekly": "unsubscribed"},
    }


def test_of_an_erased_reader_nothing_is_left_that_says_who_it_was(either: CuratedSite) -> None:
    bring(either, ANN)
    bring(either, BEN, options="")
    known_as = str(shown(either, "ben@example.org")["subscriber"]["id"])

    either.run("subscribers", "erase", "ben@example.org", "--yes")

    assert list(there(either)) == ["ann@example.org"]
    assert "nobody here" in either.run("subscribers", "show", "ben@example.org", status=2).stderr
    kept = shown(either, known_as)
    assert "ben" not in json.dumps(kept)
    assert (kept["subscriber"]["email"], kept["subscriptions"]) == ("", [])
    assert [each["state"] for each in kept["messages"]] == ["suppressed"]


def test_nobody_is_erased_without_a_yes(site: CuratedSite) -> None:
    bring(site, ANN)

    said = site.run("subscribers", "erase", "ann@example.org", status=2)

    assert "hint: add --yes" in said.stderr
    assert list(there(site)) == ["ann@example.org"]
