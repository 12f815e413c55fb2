"""What `status` says of mail, and what a tick leaves to be mended."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from publisher.app import open_site
from publisher.issuing.standing import mail_standing
from publisher.model.mailing import SubscriptionState
from sites import instant

from .listed import ListedSite, monday, period
from .test_catch_up import later

Made = Callable[..., ListedSite]
SMTP = '\n[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\nport = 9\ntls = "none"\n'


def status(site: ListedSite) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(site.run("status", "--json").stdout)
    return report


def row(site: ListedSite, name: str) -> str:
    lines = site.run("status").stdout.splitlines()
    return next(line for line in lines if line.startswith(f"{name} ")).removeprefix(name).strip()


def add(site: ListedSite, text: str) -> None:
    path = site.root / "publisher.toml"
    path.write_text(path.read_text() + text)


def test_a_list_is_told_with_its_next_and_last_issue_and_its_readers(site: ListedSite) -> None:
    site.read_by(1)
    site.read_by(2)
    site.read_by(3, state=SubscriptionState.UNSUBSCRIBED)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.tick(monday(1))

    (told,) = status(site)["lists"]
    assert told["list"] == "weekly"
    assert told["subscriptions"] == {"confirmed": 2, "unsubscribed": 1}
    assert (told["last_issue"]["period"], told["last_issue"]["state"]) == (period(1), "done")
    assert instant(told["next_due"]) > datetime.now(UTC)
    assert f"last weekly {period(1)}  done; 2 confirmed, 1 unsubscribed" in row(site, "list")


def test_what_waits_in_the_outbox_is_told_and_what_to_do_about_it(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.run("tick", "--now", monday(1), "--no-deliver")

    told = status(site)
    assert told["outbox"] == {"open": {"queued": 1}, "oldest": instant(monday(1)).isoformat()}
    assert told["mail"] == "captured"
    assert told["warnings"] == [
        "messages wait in the outbox since 2026-06-01 03:00 UTC: see what `publisher deliver` says"
    ]
    assert row(site, "outbox") == "1 queued, since 2026-06-01 03:00 UTC"
    site.tick(later(monday(1), minutes=1))
    assert row(site, "outbox") == "empty"
    assert status(site)["warnings"] == []


def test_where_mail_may_not_leave_a_tick_says_so_and_the_mail_waits(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    add(site, SMTP)

    report = site.run("tick", "--now", monday(1), "--json")

    assert "this machine is not armed: nothing is sent" in report.stderr
    assert "this machine is not armed" in json.loads(report.stdout)["postponed"][0]
    assert site.deliveries() == [(period(1), 1, "queued")]
    assert row(site, "mail") == "not armed: this machine is not armed"
    assert "mail is not armed" in row(site, "warning")


def test_an_issue_that_is_paused_or_was_left_is_a_warning(site: ListedSite) -> None:
    site.read_by(1)
    site.announce("alpha", "2026-05-28T12:00:00+05:00")
    site.run("tick", "--now", monday(1), "--no-deliver")
    site.run("digest", "pause", "weekly", period(1), "--now", monday(1))

    name = f"weekly {period(1)}"
    assert row(site, "warning") == (
        f"{name} is paused; `publisher digest resume {name}` has it go on, until 2026-06-04 03:00 UTC"
    )


def test_a_site_that_was_never_built_is_told_of_and_nothing_is_made(tmp_path: Path) -> None:
    site = ListedSite.create(tmp_path / "site")
    site.configure()
    told = mail_standing(open_site(site.root), instant("2026-05-27T12:00:00+05:00"))

    assert [(each.id, each.next_due, each.last) for each in told.lists] == [
        ("weekly", instant(monday(1)), None)
    ]
    assert not (site.root / "var").exists()
    assert site.run("digest", "list").stdout == "0 issues\n"
    assert not (site.root / "var").exists()


def test_a_fault_in_a_template_keeps_no_mail_that_is_ready_from_leaving(listed: Made) -> None:
    site = listed(cadence="daily", day=None, max_lateness="3d")
    first, second = "2026-05-28T08:00:00+05:00", "2026-05-29T08:00:00+05:00"
    site.read_by(1)
    site.announce("alpha", "2026-05-27T13:00:00+05:00")
    site.run("tick", "--now", first, "--no-deliver")
    site.announce("beta", "2026-05-28T12:00:00+05:00")
    broken = site.write("templates/mail/digest.html", "{{ nothing.of.the.kind }}")

    refused = site.run("tick", "--now", second, "--json", status=1)
    assert "templates/mail/digest.html:1:1: error[template-fault]" in refused.stderr
    assert json.loads(refused.stdout)["delivered"]["counts"] == {"sent": 1}
    assert site.states() == {"2026-05-28": "done", "2026-05-29": "building"}
    broken.unlink()
    site.tick(later(second, minutes=1))

    assert site.states()["2026-05-29"] == "done"
    assert site.told(1) == {"2026-05-28": {"Alpha"}, "2026-05-29": {"Beta"}}
