"""What readers do about mail, as browsers, mail programs, scanners and attackers meet it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from publisher.mailing.tokens import Purpose, sign
from publisher.model.mailing import Interests
from publisher.server import forms
from publisher.server.asgi import application
from publisher.server.subscribing import Door
from publisher.store import subscribers, suppressions
from publisher.subscribing import consent

from .mailsite import CONFIG, MailSite, build, fields
from .sites import SmallSite, WrittenDown
from .wire import running, talk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx2 import Response

TYPED = "application/x-www-form-urlencoded"
DOORS = list(Door)


def title(answer: Response) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert found, answer.text
    return found[1]


def lang(answer: Response) -> str:
    found = re.search(r'<html lang="(\w+)">', answer.text)
    assert found, answer.text
    return found[1]


def links(mailsite: MailSite) -> dict[Door, str]:
    """A link of each sort that is good now: of somebody who waits to confirm, and of a reader."""
    reader = mailsite.reader()
    mailsite.sign_up("bob@example.org")
    letter = mailsite.links("bob@example.org")
    return {
        Door.CONFIRM: letter["confirm"],
        Door.REFUSE: letter["refuse"],
        Door.PREFERENCES: mailsite.preferences(reader),
        Door.UNSUBSCRIBE: mailsite.unsubscribe(reader),
    }


# The form and its two steps.


def test_the_page_of_each_language_has_a_form_that_needs_no_script(built: Path) -> None:
    for language, name in (
        ("en", "Weekly digest"),
        ("ru", "Еженедельный дайджест"),
        ("kk", "Апталық дайджест"),
    ):
        page = (built / f"build/{language}/subscribe/index.html").read_text("utf-8")
        form = re.search(
            r'<form class="box sign-up" method="post" action="/subscribe">.*?</form>', page, re.DOTALL
        )

        assert form
        assert '<input type="email" id="email" name="email"' in form[0]
        assert re.search(rf'name="list" value="weekly" checked> <span>{name}', form[0])
        assert re.search(r'name="list" value="monthly"> <span>Monthly digest', form[0])
        assert '<input type="checkbox" name="topic" value="science">' in form[0]
        assert '<input type="checkbox" name="organisation" value="almau">' in form[0]
        assert f'<input type="hidden" name="language" value="{language}">' in form[0]
        assert f'<a href="/{language}/privacy/">' in form[0]


def test_a_site_without_lists_has_no_form_and_takes_no_sign_up(tmp_path: Path) -> None:
    build(tmp_path / "site", CONFIG.partition("[lists.weekly]")[0])
    mailsite = MailSite(tmp_path / "site")

    assert '/subscribe"' not in (tmp_path / "site/build/en/subscribe/index.html").read_text("utf-8")
    assert mailsite.form("ann@example.org").status_code == 404


@pytest.mark.parametrize(
    ("accepts", "language"), [("kk-KZ,ru;q=0.8", "kk"), ("de,ru;q=0.1", "ru"), ("", "en")]
)
def test_who_opens_the_address_of_the_form_is_led_to_the_page(
    mailsite: MailSite, accepts: str, language: str
) -> None:
    answer = mailsite.client(accept_language=accepts, host="evil.example").get("/subscribe")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/{language}/subscribe/#mail")


def test_the_first_step_repeats_the_choice_and_keeps_nothing(mailsite: MailSite) -> None:
    mailsite.form("first@example.org")  # the key of address hashes is made
    with mailsite.unchanged():
        answer = mailsite.form(
            "ann@example.org", "weekly", "monthly", language="kk", topic="science", organisation="almau",
            event="talk", timezone="Asia/Oral",
        )  # fmt: skip

    assert (answer.status_code, lang(answer)) == (200, "kk")
    for shown in ("ann@example.org", "Апталық дайджест", "Monthly digest", "Science", "AlmaU"):
        assert shown in answer.text
    sent_on = fields(answer.text)
    assert sent_on[:-1] == [
        ("email", "ann@example.org"), ("list", "weekly"), ("list", "monthly"), ("topic", "science"),
        ("organisation", "almau"), ("event", "talk"), ("language", "kk"), ("timezone", "Asia/Oral"),
    ]  # fmt: skip
    assert sent_on[-1][0] == "form"


def test_the_second_step_signs_up_for_what_was_chosen(mailsite: MailSite) -> None:
    answer = mailsite.sign_up(
        "ann@example.org", "monthly", language="ru", topic=["science"], timezone="Asia/Oral"
    )

    ann = mailsite.person()
    assert (answer.status_code, lang(answer), title(answer)) == (202, "ru", "Загляните в почту")
    assert (ann.language, ann.timezone) == ("ru", "Asia/Oral")
    with mailsite.site.database.reading() as connection:
        (signed_up,) = subscribers.subscriptions(connection, ann.id)
    assert (signed_up.list, signed_up.interests) == ("monthly", Interests(topics=("science",)))


@pytest.mark.parametrize(
    "email", ["", "   ", "ann", "ann.example.org", "@example.org", "ann@", "x" * 300 + "@e.org"]
)
def test_what_is_plainly_no_address_is_told_before_anybody_is_looked_up(
    mailsite: MailSite, email: str
) -> None:
    with mailsite.unchanged():
        answer = mailsite.form(email, topic="science")

    assert answer.status_code == 400
    assert "This is no e-mail address" in answer.text
    assert ("topic", "science") in fields(answer.text)


def test_to_choose_no_list_is_told_and_can_be_mended(mailsite: MailSite) -> None:
    answer = mailsite.browser.post("/subscribe", data={"email": "ann@example.org", "language": "en"})

    assert answer.status_code == 400
    assert "Choose at least one digest" in answer.text
    assert 'value="weekly"' in answer.text
    assert ("email", "ann@example.org") in fields(answer.text)


@pytest.mark.parametrize("lists", [["1 OR 1=1"], ["nosuch"], ["weekly' --"], ["WEEKLY"], [""]])
def test_a_list_that_there_is_not_is_as_none(mailsite: MailSite, lists: list[str]) -> None:
    assert mailsite.form("ann@example.org", *lists).status_code == 400
    assert mailsite.form("ann@example.org", "weekly", *lists).status_code == 200


def test_what_there_is_not_is_left_out(mailsite: MailSite) -> None:
    mailsite.sign_up(
        "ann@example.org", "weekly", "nosuch", language="de", topic=["nosuch", "science"], event=["nosuch"],
        timezone="Mars/Base", name="Free pills http://spam.example", next="//evil.example",
    )  # fmt: skip

    ann = mailsite.person()
    assert (ann.language, ann.timezone) == ("en", "Asia/Almaty")
    assert mailsite.states(ann) == {"weekly": "unconfirmed"}
    mailsite.deliver()
    assert "pills" not in mailsite.mails()[0].as_string()


def test_markup_in_a_field_stays_text(mailsite: MailSite) -> None:
    answer = mailsite.form('"><script>alert(1)</script>@example.org')

    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize("after", [0.0, 1.9, 2 * 3600 + 61])
def test_a_form_that_is_sent_on_too_soon_or_too_late_is_shown_again(mailsite: MailSite, after: float) -> None:
    answer = mailsite.sign_up("ann@example.org", after=after)

    assert answer.status_code == 200
    assert "once more" in answer.text
    assert mailsite.rows()["subscriber"] == []


def test_a_form_is_good_for_the_address_that_it_was_made_for_only(mailsite: MailSite) -> None:
    form = dict(fields(mailsite.form("ann@example.org").text))
    mailsite.wait(seconds=3)

    answer = mailsite.browser.post("/subscribe", data=form | {"email": "bob@example.org"})

    assert answer.status_code == 200
    assert mailsite.rows()["subscriber"] == []


@pytest.mark.parametrize("forged", ["x" * 52, "", "a" * 4000, "\0" * 52])
def test_without_a_form_of_ours_nothing_is_signed_up(mailsite: MailSite, forged: str) -> None:
    answer = mailsite.form("ann@example.org", form=forged)

    assert answer.status_code == 200
    assert mailsite.rows()["subscriber"] == []


def test_a_letters_link_is_no_form(mailsite: MailSite) -> None:
    mailsite.reader()
    for path in (mailsite.preferences(mailsite.person()), mailsite.unsubscribe(mailsite.person())):
        assert mailsite.form("bob@example.org", form=path.rpartition("/")[2]).status_code == 200


# Nobody learns who is known here.


def test_every_address_gets_the_same_answer(mailsite: MailSite) -> None:
    """New, waiting, confirmed, paused, left, refused, no address: the same bytes, headers and status."""
    mailsite.sign_up("waits@example.org")
    mailsite.reader("reads@example.org")
    paused = mailsite.reader("paused@example.org")
    left = mailsite.reader("left@example.org")
    refuses = mailsite.reader("refuses@example.org")
    pause = consent.Wish(state=consent.SubscriptionState.PAUSED, interests=Interests())
    chosen = consent.Wishes(language="en", timezone="UTC", lists={"weekly": pause}, consent_text="")
    consent.change(mailsite.site.database, paused.id, 1, chosen, mailsite.now)
    consent.leave(mailsite.site.database, left.id, None, mailsite.now)
    consent.refuse(mailsite.site.database, refuses.id, mailsite.now)
    with mailsite.site.database.writing() as connection:
        suppressions.suppress(
            connection, mailsite.person("left@example.org").address_hash, "bounce", mailsite.now
        )
    addresses = [
        "new@example.org", "waits@example.org", "reads@example.org", "paused@example.org", "left@example.org",
        "refuses@example.org", "a,b@example.org", "a@b", "-oQx@example.org", f"{'x' * 65}@example.org",
        "a@[127.0.0.1]", '"a b"@example.org', "<a@example.org>", "a@example.org\nBcc: b@example.org",
    ]  # fmt: skip

    answers = [mailsite.sign_up(email) for email in addresses]

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(answer.headers.multi_items()) for answer in answers}) == 1


def test_what_is_no_address_gets_no_mail(mailsite: MailSite) -> None:
    for email in ("a,b@example.org", "a@b", "-oQx@example.org", "a@[127.0.0.1]", "<a@example.org>"):
        mailsite.sign_up(email)
    mailsite.deliver()

    assert mailsite.rows()["subscriber"] == []
    assert mailsite.mails() == []


def test_one_network_is_slowed_down_and_told_when_to_come_back(built: Path, mailsite: MailSite) -> None:
    text = (built / "publisher.toml").read_text("utf-8").replace("= 1000", "= 2")
    (mailsite.root / "publisher.toml").write_text(text, "utf-8")
    mailsite.wait(minutes=20)

    answers = [mailsite.sign_up(f"reader{number}@example.org", after=2) for number in range(4)]

    assert [answer.status_code for answer in answers] == [202, 202, 429, 429]
    assert answers[2].headers["retry-after"] == str(40 * 60 - 6)
    assert title(answers[2]) == "Too many sign-ups"
    assert mailsite.sign_up("neighbour@example.org", client=mailsite.client("192.0.2.200")).status_code == 429
    assert mailsite.sign_up("stranger@example.org", client=mailsite.client("198.51.100.1")).status_code == 202


@pytest.mark.parametrize(
    ("peer", "forwarded", "other_peer", "other_forwarded", "is_one"),
    [
        ("192.0.2.1", "203.0.113.1", "192.0.2.9", "198.51.100.1", True),  # nobody's proxy: not believed
        ("127.0.0.1", "203.0.113.1", "127.0.0.1", "198.51.100.1", False),
        ("127.0.0.1", "8.8.8.8, 203.0.113.1", "127.0.0.1", "9.9.9.9, 203.0.113.77", True),  # the right-most
        ("127.0.0.1", "203.0.113.1:4711", "::1", "203.0.113.2", True),
        ("127.0.0.1", "[2001:db8::1]:80", "127.0.0.1", "2001:db8::ffff", True),
        ("2001:db8:1::1", "", "2001:db8:1:0:5::1", "", True),
        ("2001:db8:1::1", "", "2001:db8:1:1::1", "", False),
        ("::ffff:192.0.2.1", "", "192.0.2.7", "", True),
        ("127.0.0.1", "nonsense", "127.0.0.1", "", True),
    ],
)  # fmt: skip
def test_who_counts_as_one_network(
    built: Path,
    mailsite: MailSite,
    peer: str,
    forwarded: str,
    other_peer: str,
    other_forwarded: str,
    is_one: bool,  # noqa: FBT001 -- a case
) -> None:
    text = (built / "publisher.toml").read_text("utf-8").replace("= 1000", "= 1")
    (mailsite.root / "publisher.toml").write_text(text, "utf-8")
    one, other = mailsite.client(peer), mailsite.client(other_peer)
    if forwarded:
        one.headers["x-forwarded-for"] = forwarded
    if other_forwarded:
        other.headers["x-forwarded-for"] = other_forwarded

    assert mailsite.sign_up("ann@example.org", client=one).status_code == 202
    assert mailsite.sign_up("bob@example.org", client=other).status_code == (429 if is_one else 202)


# From the letter to the digest and out again.


def test_the_whole_way_in_kazakh(mailsite: MailSite) -> None:
    mailsite.sign_up("ann@example.org", "weekly", language="kk")
    letter = mailsite.links("ann@example.org")
    asked = mailsite.browser.get(letter["confirm"])
    done = mailsite.browser.post(letter["confirm"])

    assert (asked.status_code, lang(asked), title(asked)) == (200, "kk", "Жазылуды растаңыз")
    assert "a…@example.org" in asked.text
    assert "Апталық дайджест" in asked.text
    assert (done.status_code, lang(done), title(done)) == (200, "kk", "Сіз жазылдыңыз")
    assert "2026 жылғы 8 маусым, 08:00" in done.text
    assert mailsite.states(mailsite.person()) == {"weekly": "confirmed"}
    chosen = re.search(r'href="(/preferences/[\w-]+)"', done.text)
    assert chosen
    assert title(mailsite.browser.get(chosen[1])) == "Поштаңызға не келеді"


@pytest.mark.parametrize("door", DOORS)
def test_looking_changes_nothing_however_often_a_scanner_looks(mailsite: MailSite, door: Door) -> None:
    path = links(mailsite)[door]
    with mailsite.unchanged():
        for method in ("GET", "HEAD") * 10:
            assert mailsite.browser.request(method, path).status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_other_methods_are_told_which_there_are(mailsite: MailSite, door: Door) -> None:
    path = links(mailsite)[door]
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        with mailsite.unchanged():
            answer = mailsite.browser.request(method, path)

        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")


def test_a_head_has_the_headers_of_a_get(mailsite: MailSite) -> None:
    path = links(mailsite)[Door.CONFIRM]
    got, headed = mailsite.browser.get(path), mailsite.browser.head(path)

    assert headed.headers == got.headers
    assert headed.content == b""


def test_confirming_twice_shows_the_same_page(mailsite: MailSite) -> None:
    path = links(mailsite)[Door.CONFIRM]
    first = mailsite.browser.post(path)
    with mailsite.unchanged():
        second = mailsite.browser.post(path)
        looked = mailsite.browser.get(path)

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert looked.content == first.content


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"List-Unsubscribe=One-Click", TYPED),
        (b"", ""),
        (b"", TYPED),
        (b"List-Unsubscribe=One-Click", f"{TYPED}; charset=utf-8"),
        (
            b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (b"\xff\xfe\x00garbage&&==", TYPED),
        (b'{"List-Unsubscribe": "One-Click"}', "application/json"),
        (b"x=1&" * 2000, TYPED),
    ],
)
def test_a_mail_program_leaves_by_one_post(mailsite: MailSite, body: bytes, content_type: str) -> None:
    """RFC 8058: no cookie, no login, no redirect; some programs leave the body out."""
    ann = mailsite.reader("ann@example.org", "weekly", "monthly")
    program = mailsite.client("203.0.113.9")

    answer = program.post(
        mailsite.unsubscribe(ann),
        content=body,
        headers={"content-type": content_type} if content_type else {},
    )

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert mailsite.states(ann) == {"monthly": "confirmed", "weekly": "unsubscribed"}


def test_a_link_to_leave_works_after_three_years_two_keys_and_a_renewal(mailsite: MailSite) -> None:
    ann = mailsite.reader()
    path = mailsite.unsubscribe(ann)
    for key in (2, 3):
        with (mailsite.site.var / "secret.keys").open("a") as file:
            file.write(f"{key}:{key:02x}{bytes(range(31)).hex()}\n")
    consent.renew_links(mailsite.site.database, ann.id, 1)
    mailsite.wait(days=3 * 365)

    for _ in range(3):
        assert mailsite.browser.post(path).status_code == 200
    assert mailsite.states(ann) == {"weekly": "unsubscribed"}


def test_leaving_offers_less_mail_instead_and_a_way_back(mailsite: MailSite) -> None:
    ann = mailsite.reader("ann@example.org", "weekly", "monthly")
    path = mailsite.unsubscribe(ann)

    asked, left = mailsite.browser.get(path), mailsite.browser.post(path)

    assert title(asked) == "Leave “Weekly digest”?"
    assert mailsite.preferences(ann) in asked.text
    assert title(left) == "You have left “Weekly digest”"
    assert mailsite.preferences(ann) in left.text
    assert title(mailsite.browser.get(path)) == "You have left “Weekly digest”"


def test_who_made_earlier_links_invalid_is_not_betrayed_by_one_to_leave(mailsite: MailSite) -> None:
    ann = mailsite.reader()
    path = mailsite.unsubscribe(ann)
    consent.renew_links(mailsite.site.database, ann.id, 1)

    assert "/preferences/" not in mailsite.browser.get(path).text
    assert "/preferences/" not in mailsite.browser.post(path).text


def test_all_lists_can_be_left_at_once(mailsite: MailSite) -> None:
    ann = mailsite.reader("ann@example.org", "weekly", "monthly")
    path = mailsite.unsubscribe(ann)
    assert fields(mailsite.browser.get(path).text, 1) == [("all", "1")]

    answer = mailsite.browser.post(path, data={"all": "1"})

    assert title(answer) == "You have left all digests"
    assert mailsite.states(ann) == {"monthly": "unsubscribed", "weekly": "unsubscribed"}


def test_a_list_that_was_taken_out_of_the_configuration_can_still_be_left(
    built: Path, mailsite: MailSite
) -> None:
    ann = mailsite.reader()
    path = mailsite.unsubscribe(ann)
    text = (built / "publisher.toml").read_text("utf-8").replace("[lists.weekly]", "[lists.other]")
    (mailsite.root / "publisher.toml").write_text(text, "utf-8")

    later = MailSite(mailsite.root, mailsite.now)
    answer = later.browser.post(path)

    assert answer.status_code == 200
    assert mailsite.states(ann) == {"weekly": "unsubscribed"}


def test_who_is_forgotten_can_still_press_the_link_to_leave(mailsite: MailSite) -> None:
    ann = mailsite.reader()
    consent.forget(mailsite.site.database, ann.id, mailsite.now)

    assert mailsite.browser.get(mailsite.unsubscribe(ann)).status_code == 200
    assert mailsite.browser.post(mailsite.unsubscribe(ann)).status_code == 200


def test_an_old_letter_does_not_confirm_and_offers_to_sign_up_again(mailsite: MailSite) -> None:
    mailsite.sign_up("ann@example.org", language="ru")
    path = mailsite.links("ann@example.org")["confirm"]
    mailsite.wait(days=7, minutes=1)

    with mailsite.unchanged():
        answers = [mailsite.browser.get(path), mailsite.browser.post(path)]

    for answer in answers:
        assert (answer.status_code, lang(answer), title(answer)) == (410, "ru", "Ссылка больше не действует")
        assert 'href="/ru/subscribe/#mail"' in answer.text


def test_a_letter_about_a_sign_up_that_was_purged_does_not_fail(mailsite: MailSite) -> None:
    mailsite.sign_up("ann@example.org")
    letter = mailsite.links("ann@example.org")
    with mailsite.site.database.working() as connection:
        subscribers.purge_unconfirmed(connection, mailsite.now + timedelta(days=1))

    for door in ("confirm", "refuse"):
        assert mailsite.browser.get(letter[door]).status_code == 410
        assert mailsite.browser.post(letter[door]).status_code == 410


def test_who_refuses_is_not_written_to_and_not_kept(mailsite: MailSite) -> None:
    mailsite.sign_up("ann@example.org")
    path = mailsite.links("ann@example.org")["refuse"]

    asked, first = mailsite.browser.get(path), mailsite.browser.post(path)
    second = mailsite.browser.post(path)

    assert title(asked) == "Never write to this address again?"
    assert title(first) == "Nothing will be sent to this address any more"
    assert "editors@calendar.example.org" in first.text
    assert second.content == first.content
    assert "ann@example.org" not in repr(mailsite.rows())
    mailsite.wait(days=30)
    assert mailsite.sign_up("ann@example.org").status_code == 202
    mailsite.deliver()
    assert len(mailsite.mails()) == 1


# What is no link of ours.


def spoilt(path: str) -> Iterator[str]:
    """A link as it may arrive, or as somebody tries it."""
    door, token = path[1:].split("/")
    yield token[:-1]
    yield token + "A"
    yield token.upper()
    yield token.swapcase()
    yield token[:-1] + ("A" if token[-1] != "A" else "B")
    yield token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
    yield "x" * 52
    yield "x" * 5000
    yield "%00" * 52
    yield "%D0%B0" * 52
    yield door


@pytest.mark.parametrize("door", DOORS)
def test_whatever_is_wrong_with_a_link_the_page_is_the_same(mailsite: MailSite, door: Door) -> None:
    good = links(mailsite)
    others = [path.rpartition("/")[2] for other, path in good.items() if other is not door]
    forged = sign(
        type(mailsite.keys)({1: bytes(range(32))}, 1),
        Purpose(door.value),
        subscriber=mailsite.person().id,
        version=1,
    )
    with mailsite.unchanged():
        answers = [
            mailsite.browser.request(
                method, f"/{door}/{token}", data={"do": "forget"} if method == "POST" else None
            )
            for token in [*spoilt(good[door]), *others, forged]
            for method in ("GET", "POST")
        ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert title(answers[0]) == "This link leads nowhere"


@pytest.mark.parametrize("path", ["/confirm", "/confirm/", "/unsubscribe", "/unsubscribe//x", "/refuse/a/b"])
def test_a_path_without_a_token_is_the_sites_404(mailsite: MailSite, path: str) -> None:
    answer = mailsite.browser.get(path)

    assert answer.status_code == 404
    assert "Page not found" in answer.text


# What every such page has.


def test_no_page_of_a_reader_is_kept_found_framed_or_told_to_others(mailsite: MailSite) -> None:
    pages = [mailsite.browser.get(path) for path in links(mailsite).values()]
    pages += [
        mailsite.form("eve@example.org"),
        mailsite.form("no address"),
        mailsite.sign_up("eve@example.org"),
    ]
    pages += [mailsite.browser.get("/confirm/nonsense")]

    for page in pages:
        assert page.headers["content-security-policy"] == (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-robots-tag"] == "noindex"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in page.headers
        assert "<script" not in page.text
        assert "style=" not in page.text


def test_pages_name_the_files_of_the_theme_that_are_served(mailsite: MailSite) -> None:
    """Also while a theme was changed and is not released yet."""
    own = mailsite.root / "templates/assets"
    own.mkdir(parents=True)
    (own / "site.css").write_text("body { color: red }", "utf-8")

    page = mailsite.form("ann@example.org")

    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page.text)
    assert mailsite.browser.get(sheet).status_code == 200


@pytest.mark.parametrize("header", [{"host": "evil.example"}, {"x-forwarded-host": "evil.example"}])
def test_no_link_is_made_of_what_a_client_says_about_hosts(
    mailsite: MailSite, header: dict[str, str]
) -> None:
    client = mailsite.client()
    client.headers.update(header)
    answer = mailsite.sign_up("ann@example.org", client=client)
    links = mailsite.links("ann@example.org")

    assert "evil" not in answer.text
    assert "evil" not in mailsite.mails()[0].as_string()
    assert "evil" not in client.get(links["confirm"]).text


# Preferences.


def choose(mailsite: MailSite, path: str, **values: str | list[str]) -> Response:
    return mailsite.browser.post(path, data={name.replace("_", "."): value for name, value in values.items()})


def test_lists_interests_and_language_can_be_chosen_anew(mailsite: MailSite) -> None:
    ann = mailsite.reader()
    answer = choose(
        mailsite, mailsite.preferences(ann), state_weekly="unsubscribed", state_monthly="confirmed",
        topic_monthly=["science", "nosuch"], organisation_monthly="almau", event_monthly="talk",
        language="kk",
    )  # fmt: skip

    assert (answer.status_code, lang(answer)) == (200, "kk")
    assert "Сақталды." in answer.text
    assert mailsite.states(ann) == {"monthly": "confirmed", "weekly": "unsubscribed"}
    with mailsite.site.database.reading() as connection:
        monthly = subscribers.subscription(connection, ann.id, "monthly")
    assert monthly
    assert monthly.interests == Interests(topics=("science",), organisations=("almau",), events=("talk",))
    assert monthly.consent_text.startswith("I want to receive")


def test_the_page_shows_how_things_stand(mailsite: MailSite) -> None:
    ann = mailsite.reader("ann@example.org", "weekly", topic=["science"])
    page = mailsite.browser.get(mailsite.preferences(ann)).text

    assert '<input type="radio" name="state.weekly" value="confirmed" checked>' in page
    assert '<input type="radio" name="state.monthly" value="unsubscribed" checked>' in page
    assert '<input type="checkbox" name="topic.weekly" value="science" checked>' in page
    assert '<input type="checkbox" name="topic.monthly" value="science">' in page
    assert '<input type="radio" name="language" value="en" checked>' in page


def test_mail_pauses_until_a_day_or_until_resumed(mailsite: MailSite) -> None:
    ann = mailsite.reader()
    path = mailsite.preferences(ann)

    page = choose(mailsite, path, state_weekly="paused", until_weekly="2026-07-01")
    with mailsite.site.database.reading() as connection:
        until = subscribers.subscription(connection, ann.id, "weekly")
    choose(mailsite, path, state_weekly="paused", until_weekly="")
    with mailsite.site.database.reading() as connection:
        open_end = subscribers.subscription(connection, ann.id, "weekly")
    choose(mailsite, path, state_weekly="confirmed")

    assert until
    assert open_end
    assert until.paused_until
    assert until.paused_until.isoformat() == "2026-06-30T19:00:00+00:00"  # midnight in Almaty
    assert 'name="until.weekly" value="2026-07-01"' in page.text
    assert (open_end.state, open_end.paused_until) == ("paused", None)
    assert mailsite.states(ann) == {"weekly": "confirmed"}


@pytest.mark.parametrize(
    "day", ["2026-06-01", "2020-01-01", "tomorrow", "2026-02-30", "0001-01-01", "9999-99-99"]
)
def test_a_pause_until_no_day_to_come_is_told_and_nothing_is_saved(mailsite: MailSite, day: str) -> None:
    ann = mailsite.reader()
    with mailsite.unchanged():
        answer = choose(mailsite, mailsite.preferences(ann), state_weekly="paused", until_weekly=day)

    assert answer.status_code == 400
    assert "a day in the future" in answer.text


def test_what_is_not_offered_any_more_stays_chosen(mailsite: MailSite) -> None:
    """Who wanted one thing only, which is gone, must not get everything."""
    ann = mailsite.reader()
    gone = Interests(events=("gone",))
    with mailsite.site.database.writing() as connection:
        mine = subscribers.subscription(connection, ann.id, "weekly")
        assert mine
        subscribers.put(connection, mine.evolve(interests=gone))

    choose(mailsite, mailsite.preferences(ann), state_weekly="confirmed")

    with mailsite.site.database.reading() as connection:
        mine = subscribers.subscription(connection, ann.id, "weekly")
    assert mine
    assert mine.interests == gone


def test_an_unknown_language_or_state_changes_nothing(mailsite: MailSite) -> None:
    ann = mailsite.reader()
    with mailsite.unchanged():
        choose(
            mailsite,
            mailsite.preferences(ann),
            state_weekly="erased",
            language="de",
            state_nosuch="confirmed",
        )


def test_a_reader_can_end_everything_or_be_deleted(mailsite: MailSite) -> None:
    ann = mailsite.reader("ann@example.org", "weekly", "monthly")
    path = mailsite.preferences(ann)

    left = choose(mailsite, path, do="leave")
    assert "You have left all digests" in left.text
    assert set(mailsite.states(ann).values()) == {"unsubscribed"}
    deleted = choose(mailsite, path, do="forget")

    assert title(deleted) == "Your address has been deleted"
    assert "ann@example.org" not in repr(mailsite.rows())
    assert mailsite.browser.get(path).status_code == 404


def test_a_forwarded_mail_opens_nothing_once_its_reader_has_said_so(mailsite: MailSite) -> None:
    ann = mailsite.reader()
    path = mailsite.preferences(ann)

    renewed = choose(mailsite, path, do="renew")

    new = re.search(r'action="(/preferences/[\w-]+)"', renewed.text)
    assert new
    with mailsite.unchanged():
        assert mailsite.browser.get(path).status_code == 404
        assert choose(mailsite, path, state_weekly="unsubscribed").status_code == 404
    assert mailsite.browser.get(new[1]).status_code == 200


# Bodies that are too much, and a database that does not answer.


@pytest.mark.parametrize("path", ["/subscribe", *(f"/{door}/x" for door in DOORS)])
def test_a_long_body_is_not_read_to_its_end(mailsite: MailSite, path: str) -> None:
    def endless() -> Iterator[bytes]:
        yield from (b"x" * 1024 for _ in range(64))

    declared = mailsite.browser.post(path, content=b"x" * 8193, headers={"content-type": TYPED})
    streamed = mailsite.browser.post(path, content=endless(), headers={"content-type": TYPED})

    assert {declared.status_code, streamed.status_code} == {413}


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (b"Content-Length: 1000000000", b"", 413),
        (b"Content-Length: 99999999999999999999999999", b"", 400),
        (b"Transfer-Encoding: chunked", b"400\r\n" + b"x" * 1024 + b"\r\n", 413),
        (b"Content-Length: 20", b"email=", 408),
        (b"Transfer-Encoding: chunked", b"6\r\nemail=\r\n", 408),
    ],
    ids=[
        "a gigabyte",
        "more than all disks hold",
        "chunks for ever",
        "stops in the middle",
        "stops between chunks",
    ],
)
def test_a_body_that_is_too_long_or_never_comes_ends_the_connection(  # one that goes on is read no further
    mailsite: MailSite, monkeypatch: pytest.MonkeyPatch, headers: bytes, body: bytes, status: int
) -> None:
    monkeypatch.setattr(forms, "PATIENCE", 0.2)
    head = b"POST /subscribe HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + TYPED.encode() + b"\r\n"
    sent = body * 20 if status == 413 else body  # what is not read is lost
    with running(mailsite.app) as port:
        answer = talk(port, head + headers + b"\r\n\r\n" + sent)

    assert answer.startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize("door", [None, Door.PREFERENCES])
@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=b", "text/plain", ""])
def test_a_choice_must_be_a_form(mailsite: MailSite, door: Door | None, kind: str) -> None:
    path = links(mailsite)[door] if door else "/subscribe"
    with mailsite.unchanged():
        answer = mailsite.browser.post(path, content=b"{}", headers={"content-type": kind})

    assert answer.status_code == 415


def test_too_many_values_are_refused(mailsite: MailSite) -> None:
    answer = mailsite.browser.post("/subscribe", content=b"a=&" * 600, headers={"content-type": TYPED})

    assert answer.status_code == 400


@pytest.mark.parametrize("door", [None, *DOORS])
def test_while_the_database_does_not_answer_a_page_says_to_come_back(
    mailsite: MailSite, door: Door | None
) -> None:
    path = links(mailsite)[door] if door else "/subscribe"
    mailsite.site.database.close()
    (mailsite.site.var / "publisher.db").write_bytes(b"this is no database" * 100)

    for method in ("GET", "POST") if door else ("POST",):
        data = {"email": "ann@example.org", "list": "weekly"} if method == "POST" else None
        answer = mailsite.browser.request(method, path, data=data)

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert title(answer) == "Not possible at this moment"


def test_the_health_of_a_site_without_a_desk_is_as_before(tmp_path: Path) -> None:
    client = TestClient(application(SmallSite(tmp_path), WrittenDown()))

    assert client.post("/subscribe").status_code == 405
    assert client.get("/confirm/x").status_code == 404


def test_every_address_that_is_answered_is_documented(mailsite: MailSite) -> None:
    from docs.documents import ROOT

    text = (ROOT / "docs/reference/urls.md").read_text("utf-8")
    answered = {getattr(route, "path", "") for route in mailsite.app.routes}

    assert {path for path in answered if f"`{path}`" not in text} <= {
        "/_mail/{name}/html",
        "/_mail/{name}/raw",
    }
    assert answered >= {"/subscribe", "/unsubscribe/{token}", "/_mail/"}
