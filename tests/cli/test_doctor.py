"""`publisher doctor` finds what is not sound, says how to mend it, and changes nothing."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

from publisher.secret_keys import load
from sites import CONFIG, CuratedSite
from smtpserver import SmtpServer

if TYPE_CHECKING:
    from pathlib import Path

LISTS = CONFIG.replace("identity", 'postal_address = "Main street 1"\nidentity') + (
    '[lists.weekly]\ntitle = "Weekly"\n[mail]\nreply_to = "editors@calendar.example.org"\n'
)
Checks = dict[str, dict[str, Any]]


@pytest.fixture
def site(tmp_path: Path) -> CuratedSite:
    """A site that was released, and whose schedule ticks."""
    made = CuratedSite.create(tmp_path / "site", LISTS)
    made.event()
    made.build()
    made.run("tick", "--no-deliver")
    return made


def examined(site: CuratedSite, *options: str, status: int = 0) -> Checks:
    """The checks, by name."""
    report = json.loads(site.run("doctor", "--json", *options, status=status).stdout)
    assert report["sound"] is (status == 0)
    return {check["name"]: check for check in report["checks"]}


def mailing(site: CuratedSite, settings: str) -> None:
    """Send by SMTP."""
    site.write("publisher.toml", LISTS.replace("[mail]", f'[mail]\ntransport = "smtp"\n{settings}'))


def test_a_sound_site_has_nothing_to_mend(site: CuratedSite) -> None:
    checks = examined(site)

    assert {check["level"] for check in checks.values()} == {"ok"}
    assert checks["list"]["text"].startswith("weekly: due ")
    assert checks["mail"]["text"] == "captured in var/mail/: nothing is sent"


def test_it_reads_and_writes_nothing(site: CuratedSite) -> None:
    def listing() -> dict[str, bytes]:
        files = (path for path in site.root.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files if "publisher.db-" not in path.name}

    before = listing()

    examined(site)

    assert listing() == before


def test_a_new_site_is_told_what_comes_first_and_gets_nothing_made(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site", LISTS)

    checks = examined(site)

    assert (checks["database"]["level"], checks["database"]["hint"]) == (
        "warning",
        "run `publisher build` once",
    )
    assert not (site.root / "var").exists()


def test_people_read_a_line_for_each_check_and_a_hint_below_it(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site", LISTS)

    lines = site.run("doctor").stdout.splitlines()

    found = next(number for number, line in enumerate(lines) if "database" in line)
    assert lines[found].split(maxsplit=2) == [
        "warning", "database", "SQLite in var/publisher.db: no tables yet"
    ]  # fmt: skip
    assert lines[found + 1].strip() == "hint: run `publisher build` once"


def test_settings_that_cannot_be_followed_are_named_with_their_line(site: CuratedSite) -> None:
    site.write("publisher.toml", LISTS + "conections = 3\n")

    checks = examined(site, status=1)

    assert checks["configuration"]["level"] == "problem"
    assert "publisher.toml:13:1: error[unknown-setting]" in checks["configuration"]["text"]


def test_a_folder_that_is_no_site_is_said_to_be_none(tmp_path: Path) -> None:
    checks = examined(CuratedSite(tmp_path), status=1)

    assert checks["configuration"]["text"].startswith("no publisher.toml in ")


def test_a_schedule_that_stands_still_is_seen(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site", LISTS)
    site.event()
    site.build()
    assert examined(site)["schedule"]["text"] == "it has never ticked"

    site.tick("2026-06-01T08:01:00+05:00")

    assert examined(site)["schedule"]["text"] == "the last tick was on 2026-06-01 03:01 UTC"
    assert examined(site)["schedule"]["level"] == "warning"


def test_a_file_that_is_no_database_is_a_problem(tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site", LISTS)
    site.write("var/publisher.db", "Dear diary, " * 100)

    checks = examined(site, status=1)

    assert "file is not a database" in checks["database"]["text"]


def test_secret_keys_that_others_may_read_are_a_problem(site: CuratedSite) -> None:
    keys = site.write("var/secret.keys", f"1:{'0123456789abcdef' * 4}\n")
    keys.chmod(0o644)

    checks = examined(site, status=1)

    assert "others may read or change it (mode 0644)" in checks["secret keys"]["text"]
    assert checks["secret keys"]["hint"] == f"run `chmod 600 {keys}`"


@pytest.mark.parametrize(
    ("before", "after", "name", "level", "text"),
    [
        ("editors@", "noreply@", "answers", "problem", "answers to mail go to noreply@calendar.example.org"),
        (
            'reply_to = "editors@calendar.example.org"',
            "",
            "answers",
            "warning",
            "answers to mail go to its sender",
        ),
        ("[mail]", '[mail]\nfrom = "me@gmail.com"', "sender", "problem", "refused everywhere"),
        ('postal_address = "Main street 1"', "", "postal address", "warning", "mail carries none"),
    ],
)
def test_addresses_that_will_not_do_are_found(
    site: CuratedSite, before: str, after: str, name: str, level: str, text: str
) -> None:
    site.write("publisher.toml", LISTS.replace(before, after))

    found = examined(site, status=1 if level == "problem" else 0)[name]

    assert (found["level"], text in found["text"]) == (level, True)
    assert found["hint"]


def test_a_server_is_asked_but_for_mail(site: CuratedSite) -> None:
    with SmtpServer() as server:
        mailing(site, f'host = "127.0.0.1"\nport = {server.port}\ntls = "none"')
        checks = examined(site)

    assert checks["mail"]["text"] == f"127.0.0.1:{server.port} answers, not encrypted, on this machine"
    assert [line.split()[0].upper() for said in server.heard for line in said] == ["EHLO", "QUIT"]
    assert checks["sender"]["text"] == "calendar.example.org is a placeholder and nobody's domain"


def test_an_encrypted_connection_and_the_login_are_tried(
    site: CuratedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = site.write("password", "secret\n")
    password.chmod(0o600)
    with SmtpServer(tls="starttls", users={"me": "secret"}) as server, server.authority_file() as authority:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        login = 'username = "me"\npassword_file = "password"'
        mailing(site, f'host = "127.0.0.1"\nport = {server.port}\n{login}')
        checks = examined(site)

    assert checks["mail"]["text"] == f"127.0.0.1:{server.port} answers, TLSv1.3, logged in"


def test_a_server_whose_certificate_nobody_vouches_for_is_a_problem(site: CuratedSite) -> None:
    with SmtpServer(tls="starttls") as server:
        mailing(site, f'host = "127.0.0.1"\nport = {server.port}')
        checks = examined(site, status=1)

    assert "the server's certificate is not trusted" in checks["mail"]["text"]


def test_a_server_that_does_not_answer_is_a_problem(site: CuratedSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    mailing(site, f'host = "127.0.0.1"\nport = {port}\ntls = "none"')

    checks = examined(site, status=1)

    assert checks["mail"]["text"] == f"127.0.0.1:{port}: no reply to connect: connection refused"


def test_a_machine_is_armed_and_disarmed(site: CuratedSite) -> None:
    with SmtpServer() as server:
        mailing(site, f'host = "127.0.0.1"\nport = {server.port}\ntls = "none"')

        assert examined(site)["armed"]["text"] == "nothing is sent: this machine is not armed"
        assert examined(site, "--arm")["armed"]["level"] == "ok"
        assert examined(site)["armed"]["level"] == "ok"
        assert examined(site, "--disarm")["armed"]["level"] == "warning"


def test_a_new_key_signs_and_the_old_one_is_kept(site: CuratedSite) -> None:
    before = load(site.root / "var")

    checks = examined(site, "--new-key")

    after = load(site.root / "var")
    assert checks["secret keys"]["text"].startswith("2 in ")
    assert after.newest == before.newest + 1
    assert after.keys.items() >= before.keys.items()


def test_captured_mail_needs_no_arming(site: CuratedSite) -> None:
    said = site.run("doctor", "--arm", status=2)

    assert "[mail] transport is 'maildir': no mail leaves" in said.stderr
    assert not (site.root / "var/armed.json").exists()
    site.run("doctor", "--arm", "--disarm", status=2)


def test_what_waits_in_the_outbox_is_told(site: CuratedSite) -> None:
    assert examined(site)["outbox"]["text"] == "empty"
