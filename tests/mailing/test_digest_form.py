"""What mail programs make of a digest: nothing is loaded, cut off or lost, and every word can be read."""

from __future__ import annotations

import re

import pytest

from publisher.mailing.digest import MOST_BYTES
from publisher.mailing.tokens import PREFERENCES, UNSUBSCRIBE
from publisher.render.colours import CONTRAST, contrast
from render.pagesites import Desk, Publication

from .contrast import colours
from .digests import NAMES, SITE, as_text, in_every_language, weekly


@in_every_language
def test_every_link_is_whole_and_leads_to_the_site(busy: Publication, language: str) -> None:
    mail = weekly(busy, language)
    in_text = re.findall(r"https?://\S+", mail.digest.text)

    assert len(mail.links) > 20
    assert all(link.startswith(f"{SITE}/") for link in (*mail.links, *in_text))
    assert set(in_text) == set(mail.links) - {f"{SITE}/{language}/"}


@in_every_language
def test_a_readers_own_links_stand_once_in_each_form_and_not_on_the_page(
    busy: Publication, language: str
) -> None:
    digest = weekly(busy, language).digest

    for form in (digest.html, digest.text):
        assert form.count(PREFERENCES) == form.count(f"{SITE}/preferences/{PREFERENCES}") == 1
        assert form.count(UNSUBSCRIBE) == form.count(f"{SITE}/unsubscribe/{UNSUBSCRIBE}") == 1
    for form in (digest.page, digest.subject):
        assert PREFERENCES not in form
        assert UNSUBSCRIBE not in form


@in_every_language
def test_nothing_is_loaded_from_anywhere(busy: Publication, language: str) -> None:
    mail = weekly(busy, language)

    loading = (
        "//img | //link | //script | //iframe | //object | //embed | //video | //audio | //form | //base"
    )
    assert mail.find(loading) == []
    assert mail.find("//@src | //@srcset | //@background | //@poster | //@*[starts-with(name(), 'on')]") == []
    assert not re.search(r"url\(|@import|@font-face", mail.digest.html)


@in_every_language
@pytest.mark.parametrize("night", [False, True], ids=["by day", "by night"])
def test_every_word_stands_out_from_its_ground(busy: Publication, language: str, *, night: bool) -> None:
    found = list(colours(weekly(busy, language, told_until="2026-05-01 08:00").digest.html, night=night))

    assert len(found) > 60
    assert [text for text, colour, ground in found if contrast(colour, ground) < CONTRAST] == []
    assert {"#ffffff", "#fbfaf6"} & {ground for _, _, ground in found} == (
        set() if night else {"#ffffff", "#fbfaf6"}
    )


def test_every_program_can_lay_it_out(busy: Publication) -> None:
    """What mail programs leave out must not carry anything: positions, grids, boxes that flow."""
    mail = weekly(busy)
    styles = " ".join(mail.find("//@style"))

    assert mail.find("//table[not(@role='presentation')]") == []
    assert [table.get("width") for table in mail.find("//table[contains(@class, 'card')]")] == ["600"]
    assert not re.search(r"position:|float:|display:(?!none)|grid|flex|var\(|calc\(|animation", styles)
    sheets = mail.find("//style")
    assert [bool(re.search("prefers-color-scheme", sheet.text)) for sheet in sheets] == [True, False]
    assert "max-width: 520px" in sheets[1].text
    assert mail.find("//meta[@name='color-scheme']/@content") == ["light dark"]
    assert [h.tag for h in mail.find("//h1 | //h2")] == ["h1", "h2", "h2", "h2", "h2"]
    assert mail.find("//title")[0].text == mail.digest.subject


@in_every_language
def test_lines_of_text_are_short_and_links_whole(busy: Publication, language: str) -> None:
    lines = weekly(busy, language, told_until="2026-05-01 08:00").digest.text.split("\n")

    assert [line for line in lines if len(line) > 72 and not line.strip().startswith("https://")] == []
    assert [line for line in lines if line != line.rstrip()] == ["-- "]
    assert max(map(len, lines)) < 200


@in_every_language
def test_the_foot_says_why_one_gets_it_and_how_to_leave(busy: Publication, language: str) -> None:
    mail, words = weekly(busy, language), busy.look.words[language]
    (foot,) = mail.find("//table[@class='foot']")
    html_foot, text_foot = " ".join(foot.text_content().split()), " ".join(mail.text_footer.split())

    why = words("digest.why", list=NAMES[language], site=busy.edition.config.title(language))
    for said in (html_foot, text_foot):
        assert said.startswith(why)
        for key in ("preferences", "unsubscribe", "web"):
            assert words(f"digest.{key}") in said
    assert f"{SITE}/{language}/digests/weekly/2026-W23/" in mail.links


def test_the_operators_address_stands_in_the_foot(desk: Desk) -> None:
    desk.put(
        "publisher.toml",
        (desk.root / "publisher.toml")
        .read_text("utf-8")
        .replace(
            'timezone = "Asia/Almaty"', 'timezone = "Asia/Almaty"\npostal_address = "1 Street & Co, Almaty"'
        ),
    )
    mail = weekly(desk.release("2026-06-01"))

    assert "1 Street &amp; Co, Almaty</p>" in mail.digest.html
    assert mail.text_footer.endswith("\n\n1 Street & Co, Almaty\n")


def many(desk: Desk, number: int) -> Publication:
    """Half of it news, half of it coming events, all with what such records usually have."""
    about = "Three days on international cooperation, academic mobility and joint programmes of universities."
    desk.write("places/hall", {"name": "Congress Centre of the University", "city": "Astana"})
    for index in range(number // 2):
        day = f"2026-{6 + index // 28 % 2:02}-{1 + index % 28:02} 10:00"
        title = f"Regional Conference on International Cooperation {index}"
        desk.event(f"e{index}", title=title, start=day, end="17:00", place="hall", summary=about)
        title = f"Two universities sign agreement {index} on cooperation"
        desk.write(f"announcements/a{index}", {"title": title, "summary": about, "date": "2026-05-30"})
    return desk.release("2026-06-01")


def test_a_digest_of_twenty_is_small(desk: Desk) -> None:
    mail = weekly(many(desk, 20), told_until="2026-05-01 08:00")

    assert len(mail.html_facts) == 20
    assert len(mail.digest.html.encode()) < 30_000


def test_a_digest_of_two_hundred_says_how_many_more_there_are(desk: Desk) -> None:
    """Beyond 102 kB a large provider cuts a mail off, and with it the way to leave."""
    mail = weekly(many(desk, 200), told_until="2026-05-01 08:00", next_at="2026-08-01 08:00")
    shown = {
        section: [t for t in mail.html_facts if t.section == section] for section in ("News", "Coming events")
    }

    assert 70_000 < len(mail.digest.html.encode()) <= MOST_BYTES
    assert [as_text(told) for told in mail.html_facts] == mail.text_facts
    left_out = {section: 100 - len(told) for section, told in shown.items()}
    for section, page in (("News", "announcements"), ("Coming events", "events")):
        link = mail.find(f"//p[@class='more']/a[@href='{SITE}/en/{page}/']")
        assert [a.text for a in link] == [f"and {left_out[section]} more on the site"]
        assert f"and {left_out[section]} more on the site:\n{SITE}/en/{page}/" in mail.digest.text
    assert "100 announcements, 100 coming events" in mail.digest.text
    assert mail.digest.page.count("<li ") == 200
