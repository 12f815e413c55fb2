"""`digest preview` and `digest send`: what a reader would get, for whoever answers for it."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from publisher.mailing.tokens import PREFERENCES, UNSUBSCRIBE
from sites import CONFIG, CuratedSite

LISTS = """
[lists.weekly]
title.en = "Weekly digest"
title.ru = "Еженедельный дайджест"
title.kk = "Апталық дайджест"
cadence = "weekly"
day = "mon"
at = "08:00"

[lists.local]
title = "In Russian only"
cadence = "daily"
languages = ["ru"]
"""
#: A Monday; and the Wednesday before.
MONDAY, WEDNESDAY = "2026-06-08T08:00:00+05:00", "2026-06-03T12:00:00+05:00"


@pytest.fixture
def site(tmp_path: Path) -> CuratedSite:
    config = CONFIG.replace('"en", "ru"', '"en", "ru", "kk"')
    config = config.replace("languages =", 'title.kk = "Күнтізбе"\nlanguages =')
    made = CuratedSite.create(tmp_path / "site", config + LISTS)
    made.write("content/topics/science.kk.md", "---\nname: Ғылым\n---\n")
    made.event(start="2026-06-11", end="2026-06-13", more="publish_at: 2026-06-02 09:00")
    made.write("content/events/2026/meeting.kk.md", "---\ntitle: Кездесу\n---\nБарлығы осында.\n")
    return made


def message(path: Path) -> EmailMessage:
    found = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def files(site: CuratedSite) -> set[str]:
    return {path.relative_to(site.root).as_posix() for path in site.root.rglob("*") if path.is_file()}


def test_a_preview_shows_the_text_and_says_what_is_in_it(site: CuratedSite) -> None:
    said = site.run("digest", "preview", "weekly", "--now", MONDAY)

    assert "Weekly digest" in said.stdout
    assert "A Meeting" in said.stdout
    assert "https://calendar.example.org/en/events/meeting/" in said.stdout
    assert re.search(r"^subject: .*A Meeting", said.stderr, re.MULTILINE)
    assert "items: 1 (1 coming)\n" in said.stderr
    assert re.search(r"^size: [\d.]+ kB of HTML$", said.stderr, re.MULTILINE)
    assert "nothing new" not in said.stderr


def test_a_preview_of_a_site_that_was_never_built_leaves_nothing(site: CuratedSite, tmp_path: Path) -> None:
    before = files(site)
    site.run("digest", "preview", "weekly", "--now", MONDAY, "--eml", str(tmp_path / "m.eml"))

    assert files(site) == before
    assert "A Meeting" in message(tmp_path / "m.eml").get_body(("plain",)).get_content()


def test_a_preview_changes_nothing_of_a_site_that_was_built(site: CuratedSite) -> None:
    site.build("2026-06-01T08:00:00+05:00")
    database = (site.root / "var/publisher.db").read_bytes()
    before = files(site)
    site.run("digest", "preview", "weekly", "--now", MONDAY)

    assert {path for path in files(site) if "publisher.db-" not in path} == before
    assert (site.root / "var/publisher.db").read_bytes() == database
    assert site.run("digest", "list").stdout == "0 issues\n"


def test_a_digest_is_wholly_in_its_language(site: CuratedSite, tmp_path: Path) -> None:
    paths = {kind: tmp_path / f"digest.{kind}" for kind in ("eml", "html", "text")}
    options = [word for kind, path in paths.items() for word in (f"--{kind}", str(path))]
    said = site.run("digest", "preview", "weekly", "--lang", "kk", "--now", MONDAY, *options)

    mail = message(paths["eml"])
    html, text = paths["html"].read_text("utf-8"), paths["text"].read_text("utf-8")
    assert said.stdout == ""
    assert mail["Content-Language"] == "kk"
    assert mail["From"].addresses[0].display_name == "Күнтізбе"
    assert '<html lang="kk"' in html
    assert "Апталық дайджест" in text
    assert "Кездесу" in mail["Subject"]
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == text
    assert mail.get_body(("html",)).get_content().replace("\r\n", "\n") == html
    latin = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"https?://\S+", "", text)))
    assert latin == set()


def test_links_of_a_preview_are_nobodys_and_no_placeholder_is_left(site: CuratedSite, tmp_path: Path) -> None:
    site.run("digest", "preview", "weekly", "--now", MONDAY, "--eml", str(tmp_path / "m.eml"))
    mail = message(tmp_path / "m.eml")
    body = mail.get_body(("html",)).get_content()

    assert PREFERENCES not in body
    assert UNSUBSCRIBE not in body
    assert "https://calendar.example.org/unsubscribe/" in mail["List-Unsubscribe"]
    assert not (site.root / "var/secret.keys").exists()


def test_a_week_with_nothing_in_it_is_previewed_and_said_to_be_no_mail(
    site: CuratedSite, tmp_path: Path
) -> None:
    html = tmp_path / "empty.html"
    said = site.run("digest", "preview", "weekly", "--now", "2026-09-07T08:00:00+05:00", "--html", str(html))

    assert "nothing new: no mail would be sent" in said.stderr
    assert "items: 0\n" in said.stderr
    assert "A Meeting" not in html.read_text("utf-8")
    assert "Weekly digest" in html.read_text("utf-8")


def test_during_the_week_a_preview_is_of_the_issue_to_come(site: CuratedSite) -> None:
    site.event(
        "later", title="Later", start="2026-07-11", end="2026-07-12", more="publish_at: 2026-06-05 09:00"
    )

    midweek = site.run("digest", "preview", "weekly", "--now", WEDNESDAY).stdout
    at_its_time = site.run("digest", "preview", "weekly", "--now", MONDAY).stdout

    assert "/digests/weekly/2026-W24/" in midweek
    assert "/digests/weekly/2026-W24/" in at_its_time
    assert "Later" not in midweek
    assert "Later" in at_its_time


def test_a_preview_can_be_of_a_reader_who_knows_more_or_chose_less(site: CuratedSite) -> None:
    knows = site.run(
        "digest", "preview", "weekly", "--now", MONDAY, "--told-until", "2026-06-03T00:00:00Z"
    ).stdout
    chose = site.run("digest", "preview", "weekly", "--now", MONDAY, "--topics", "science").stdout
    site.write("content/topics/art.md", "---\nid: art\nname: Art\n---\n")
    other = site.run("digest", "preview", "weekly", "--now", MONDAY, "--topics", "art")

    assert "[New] A Meeting" not in knows
    assert "[New] A Meeting" in chose
    assert "nothing new: no mail would be sent" in other.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["weakly"], "no such list 'weakly'\nhint: did you mean 'weekly'?"),
        (
            ["weekly", "--lang", "de"],
            "list 'weekly' is not written in 'de'\nhint: its languages are en, ru, kk",
        ),
        (["local", "--lang", "en"], "list 'local' is not written in 'en'\nhint: its languages are ru"),
        (["weekly", "--topics", "sciense"], "no such topic 'sciense'\nhint: did you mean 'science'?"),
        (["weekly", "--events", "gala"], "no such event 'gala'\nhint: content/events/ has the ids"),
    ],
)
def test_what_there_is_not_is_said_with_what_was_meant(
    site: CuratedSite, arguments: list[str], told: str
) -> None:
    assert f"publisher: {told}\n" in site.run("digest", "preview", *arguments, status=2).stderr


def test_a_test_is_sent_to_oneself_marked_and_counted_nowhere(site: CuratedSite) -> None:
    site.build("2026-06-01T08:00:00+05:00")
    said = site.run("digest", "send", "weekly", "--to", "me@example.org", "--lang", "ru", "--now", MONDAY)

    (path,) = (site.root / "var/mail/new").iterdir()
    mail = message(path)
    assert mail["Subject"].startswith("[Test] ")
    assert mail["To"] == "me@example.org"
    assert mail["Content-Language"] == "ru"
    assert mail["List-Unsubscribe-Post"] is None
    assert "sent to me@example.org" in said.stdout
    assert site.run("digest", "list").stdout == "0 issues\n"
    assert "outbox      empty" in site.run("status").stdout


def test_a_test_leaves_only_from_where_mail_may_leave(site: CuratedSite) -> None:
    config = site.root / "publisher.toml"
    config.write_text(
        config.read_text() + '\n[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\nport = 9\ntls = "none"\n'
    )

    refused = site.run("digest", "send", "weekly", "--to", "me@example.org", "--now", MONDAY, status=2)

    assert "this machine is not armed" in refused.stderr


def test_a_test_to_what_is_no_address_is_refused(site: CuratedSite) -> None:
    refused = site.run("digest", "send", "weekly", "--to", "me at example", "--now", MONDAY, status=2)

    assert "'me at example' is not an address" in refused.stderr
