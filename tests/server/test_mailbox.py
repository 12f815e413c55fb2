"""The captured mail: whoever tries a site out reads what would have been sent, and nobody else does."""

from __future__ import annotations

import os
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from publisher.server.mailbox import PAGE

from .mailsite import MailSite
from .wire import running, talk

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

DIGEST = """\
From: A Calendar <news@calendar.example.org>
To: ann@example.org
Subject: =?utf-8?q?=D0=90=D0=BF=D1=82=D0=B0=D0=BB=D1=8B=D2=9B?= <b>news</b>
Date: Mon, 08 Jun 2026 03:00:00 +0000
Message-ID: <m@calendar.example.org>
List-Id: Weekly <weekly.calendar.example.org>
List-Unsubscribe: <https://calendar.example.org/unsubscribe/TOKEN>,
 <mailto:editors@calendar.example.org?subject=unsubscribe>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Content-Language: kk
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8

See https://calendar.example.org/en/events/forum/, and https://elsewhere.example/.
<script>alert(1)</script>

--{blank}
https://calendar.example.org/preferences/TOKEN
--b
Content-Type: text/html; charset=utf-8

<!doctype html><html lang="kk"><head><title>News</title></head><body style="color:red">
<a href="https://calendar.example.org/en/">home</a> <a href='https://calendar.example.org'>site</a>
<a href="https://calendar.example.org.evil.example/">other</a> https://calendar.example.org/en/
</body></html>
--b--
""".replace("{blank}", " ")  # where a signature begins (RFC 3676 section 4.3)


ROW = re.compile(
    r'<h2><a href="([^"]+)" lang="kk">(.*?)</a></h2>\n<p class="row-when">(.*?)</p>\n'
    r'<p class="row-where"><span class="foreign">(.*?)</span> (.*?)</p>'
)


@pytest.fixture
def folder(mailsite: MailSite) -> Path:
    for name in ("new", "cur", "tmp"):
        (mailsite.site.var / "mail" / name).mkdir(parents=True)
    return mailsite.site.var / "mail"


@pytest.fixture
def local(mailsite: MailSite) -> TestClient:
    """A browser on the same machine."""
    return mailsite.client("127.0.0.1", base="http://localhost:8123")


def put(folder: Path, name: str, text: str = DIGEST, *, minute: int = 0) -> None:
    path = folder / "new" / name
    path.write_text(text, "utf-8")
    os.utime(path, (minute * 60, minute * 60))


# Who may look.


@pytest.mark.parametrize("host", ["localhost", "localhost:8123", "127.0.0.1:80", "[::1]:8123", "LOCALHOST"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "127.9.9.9", "::ffff:127.0.0.1"])
def test_a_program_on_this_machine_may_look(mailsite: MailSite, host: str, peer: str) -> None:
    assert mailsite.client(peer, host=host).get("/_mail/").status_code == 200


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("192.0.2.1", {"host": "localhost"}),
        ("192.0.2.1", {"host": "localhost", "x_forwarded_for": "127.0.0.1"}),
        ("127.0.0.1", {"host": "calendar.example.org"}),
        ("127.0.0.1", {"host": "localhost.evil.example"}),
        ("127.0.0.1", {"host": "evil.example:80"}),
        ("127.0.0.1", {"host": "localhost:evil.example"}),
        ("127.0.0.1", {"host": "127.0.0.1.evil.example"}),
        ("127.0.0.1", {"host": ""}),
        ("127.0.0.1", {"host": "localhost", "x_forwarded_for": "127.0.0.1"}),
        ("127.0.0.1", {"host": "localhost", "x_forwarded_host": "localhost"}),
        ("127.0.0.1", {"host": "localhost", "forwarded": "for=192.0.2.1"}),
        ("127.0.0.1", {"host": "localhost", "x_real_ip": "192.0.2.1"}),
        ("127.0.0.1", {"host": "localhost", "via": "1.1 proxy"}),
        ("testclient", {"host": "localhost"}),
    ],
)
def test_to_everybody_else_there_is_nothing(
    mailsite: MailSite, folder: Path, peer: str, headers: dict[str, str]
) -> None:
    put(folder, "a.eml")
    client = mailsite.client(peer, **headers)
    nothing = client.get("/_nothing/")

    for path in ("/_mail/", "/_mail/a.eml", "/_mail/a.eml/html", "/_mail/a.eml/raw"):
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (404, nothing.content)
        assert client.post(path).status_code == 405


def test_a_proxy_that_says_nothing_of_itself_is_known_by_its_old_tongue(mailsite: MailSite) -> None:
    with running(mailsite.app) as port:
        old, new = (
            talk(port, b"GET /_mail/ HTTP/%s\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" % version)
            for version in (b"1.0", b"1.1")
        )

    assert old.split(b" ", 2)[1] == b"404"
    assert new.split(b" ", 2)[1] == b"200"


def test_once_mail_is_really_sent_there_is_nothing(mailsite: MailSite, folder: Path) -> None:
    put(folder, "a.eml")
    text = (mailsite.root / "publisher.toml").read_text("utf-8")
    smtp = 'transport = "smtp"\nhost = "127.0.0.1"\ntls = "none"\n'
    (mailsite.root / "publisher.toml").write_text(text.replace("[mail]\n", f"[mail]\n{smtp}"), "utf-8")

    later = MailSite(mailsite.root)
    client = later.client("127.0.0.1", host="localhost")
    assert [client.get(path).status_code for path in ("/_mail/", "/_mail/a.eml")] == [404, 404]
    assert "/_mail/" not in later.sign_up("ann@example.org", client=client).text


def test_looking_is_all_that_can_be_done(local: TestClient, folder: Path) -> None:
    put(folder, "a.eml")

    for path in ("/_mail/", "/_mail/a.eml"):
        for method in ("POST", "PUT", "DELETE"):
            assert local.request(method, path).status_code == 405
    assert [path.name for path in (folder / "new").iterdir()] == ["a.eml"]


# What there is to see.


def test_the_list_has_the_newest_first_with_what_it_is(local: TestClient, folder: Path) -> None:
    letter = DIGEST.replace("List-Id", "X-No").replace("Subject: ", "Subject: Letter ")
    put(folder, "older.eml", minute=1)
    put(folder, "newer.eml", letter, minute=2)
    (folder / "new" / "older.eml").rename(folder / "cur" / "older.eml:2,S")
    (folder / "tmp" / "draft.eml").write_text(DIGEST)
    (folder / "new" / "link.eml").symlink_to("/etc/passwd")

    page = local.get("/_mail/").text

    rows = ROW.findall(page)
    date = "Mon, 08 Jun 2026 03:00:00 +0000"
    assert [(path, unescape(subject), to, sort, when) for path, subject, to, sort, when in rows] == [
        ("/_mail/newer.eml", "Letter Апталық <b>news</b>", "ann@example.org", "letter", date),
        ("/_mail/older.eml%3A2%2CS", "Апталық <b>news</b>", "ann@example.org", "weekly", date),
    ]


def test_the_list_has_pages(local: TestClient, folder: Path) -> None:
    for number in range(PAGE + 5):
        put(folder, f"{number}.eml", minute=number)

    first, second = local.get("/_mail/").text, local.get("/_mail/?page=2").text

    assert (first.count("<h2>"), second.count("<h2>")) == (PAGE, 5)
    assert 'href="?page=2"' in first
    assert 'href="?page=1"' in second
    for odd in ("0", "99", "-1", "x", "1%0a"):
        assert local.get(f"/_mail/?page={odd}").status_code == 200


def test_an_empty_mailbox_says_so_in_ones_language(mailsite: MailSite) -> None:
    client = mailsite.client("127.0.0.1", base="http://localhost", accept_language="kk")

    assert "Әзірге бірде-бір хат сақталған жоқ." in client.get("/_mail/").text


def test_a_mail_is_shown_as_text_with_its_head_and_as_a_frame(local: TestClient, folder: Path) -> None:
    put(folder, "a.eml")
    page = local.get("/_mail/a.eml").text

    assert '<h1 lang="kk">Апталық &lt;b&gt;news&lt;/b&gt;</h1>' in page
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page
    assert '<iframe class="mail-frame" src="/_mail/a.eml/html"' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "List-Unsubscribe: &lt;https://calendar.example.org/unsubscribe/TOKEN&gt;," in page


def test_links_to_the_site_lead_to_this_server_and_others_nowhere(local: TestClient, folder: Path) -> None:
    put(folder, "a.eml")
    page, html = local.get("/_mail/a.eml").text, local.get("/_mail/a.eml/html").text
    text = page[page.index('<pre class="mail-text" lang="kk">') :]

    assert '<a href="/en/events/forum/">https://calendar.example.org/en/events/forum/</a>, and' in text
    assert '<a href="/preferences/TOKEN">https://calendar.example.org/preferences/TOKEN</a>' in text
    assert "and https://elsewhere.example/.\n" in text
    assert re.findall(r"href=[\"']([^\"']*)", html) == [
        "/en/",
        "/",
        "https://calendar.example.org.evil.example/",
    ]
    assert '<head><base target="_top">' in html


def test_the_button_does_what_a_mail_program_does(local: TestClient, folder: Path) -> None:
    put(folder, "a.eml")
    put(folder, "letter.eml", DIGEST.replace("List-Unsubscribe-Post", "X-No"))
    put(folder, "other.eml", DIGEST.replace("<https://calendar.example.org/uns", "<https://evil.example/uns"))

    page = local.get("/_mail/a.eml").text

    form = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert form
    assert form[1] == "/unsubscribe/TOKEN"
    assert '<input type="hidden" name="List-Unsubscribe" value="One-Click">' in form[2]
    assert "<form" not in local.get("/_mail/letter.eml").text
    assert "<form" not in local.get("/_mail/other.eml").text


def test_a_mail_can_neither_run_nor_load_anything(local: TestClient, folder: Path) -> None:
    put(folder, "a.eml")
    mail, page = local.get("/_mail/a.eml/html"), local.get("/_mail/a.eml")

    assert mail.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
    )
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    for answer in (mail, page, local.get("/_mail/")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_file_can_be_had_as_it_would_have_gone_out(local: TestClient, folder: Path) -> None:
    put(folder, "a.eml")
    answer = local.get("/_mail/a.eml/raw")

    assert answer.content == (folder / "new/a.eml").read_bytes()
    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.headers["content-disposition"] == 'attachment; filename="a.eml"'


@pytest.mark.parametrize(
    "name",
    [
        "nothing.eml",
        "%2e%2e",
        "..%2fa.eml",
        ".hidden",
        "draft.eml",
        "link.eml",
        "",
        "a.eml%00",
    ],
)
def test_no_other_file_is_shown(mailsite: MailSite, local: TestClient, folder: Path, name: str) -> None:
    (folder / "a.eml").write_text(DIGEST)
    (folder / "new" / ".hidden").write_text(DIGEST)
    (folder / "tmp" / "draft.eml").write_text(DIGEST)
    (folder / "new" / "link.eml").symlink_to(mailsite.site.var / "publisher.db")

    for rest in ("", "/html", "/raw"):
        if name or rest:
            assert local.get(f"/_mail/{name}{rest}").status_code in {404, 308}


@pytest.mark.parametrize(
    "text", ["", "\n\n", "no mail at all", "Subject: =?utf-8?b?====?=\nDate: x\nTo: ,;:\n\nx", "\xff" * 99]
)
def test_what_is_no_mail_is_no_reason_to_fail(local: TestClient, folder: Path, text: str) -> None:
    put(folder, "odd.eml", text)

    for path in ("/_mail/", "/_mail/odd.eml", "/_mail/odd.eml/raw"):
        assert local.get(path).status_code == 200
    assert local.get("/_mail/odd.eml/html").status_code == 404


def test_a_real_letter_is_read_and_its_link_followed(mailsite: MailSite, local: TestClient) -> None:
    sent = mailsite.sign_up("ann@example.org", client=local, language="ru")
    assert 'href="/_mail/"' in sent.text
    assert "/_mail/" not in mailsite.sign_up("bob@example.org").text
    mailsite.deliver()

    (path,) = set(re.findall(r'<h2><a href="([^"]+)"', local.get("/_mail/").text)[:1])
    html = local.get(f"{path}/html").text
    link = re.search(r'href="(/confirm/[\w-]+)"', html)

    assert link
    assert "https://calendar.example.org/confirm" not in html
    assert local.get(link[1]).status_code == 200


def test_odd_names_are_found_again(local: TestClient, folder: Path) -> None:
    name = "1700000000.M1P2Q3.host,S=1:2,FS ü"
    put(folder, name)

    assert f'href="/_mail/{quote(name)}"' in local.get("/_mail/").text
    assert local.get(f"/_mail/{quote(name)}").status_code == 200
