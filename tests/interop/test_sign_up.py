"""A reader signs up in a browser, in Kazakh, reads digests, and leaves: the whole way, as people go it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest

from .site import PATIENCE, Site
from .tools import node, program

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

pytestmark = pytest.mark.interop

#: A form that is sent on sooner than people can read it is asked for once more.
READING = 2.5
BUTTON = "main form[method=post] button[type=submit]"


@dataclass
class Person:
    """Somebody with a browser: what is done is told step by step, and done when it is asked what was read."""

    steps: list[dict[str, Any]] = field(default_factory=list)

    def do(self, name: str, **details: Any) -> Person:
        self.steps.append({"do": name, **details})
        return self

    def reads(self) -> list[str]:
        program("chromium")
        question = {"steps": self.steps, "width": 360, "scheme": "light"}
        answer = node("walk.mjs", question, "playwright-core")
        assert answer["cookies"] == 0
        return answer["read"]


def mail_to(site: Site, address: str) -> EmailMessage:
    """The latest mail to somebody, as soon as it is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for path in site.mails():
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if mail["To"] == address:
                return mail
        time.sleep(0.2)
    raise AssertionError(f"no mail to {address}")


def next_monday(after: datetime) -> str:
    """The next Monday at 8 in Almaty, as `--now` takes it."""
    local = after + timedelta(hours=5)
    monday = local.date() + timedelta(days=7 - local.weekday())
    return f"{monday}T08:00:00+05:00"


def test_from_a_sign_up_in_kazakh_to_a_digest_and_out_again(tmp_path: Path) -> None:
    site = Site.copied_to(tmp_path / "site")
    site.call("build")
    readers = tmp_path / "readers.csv"
    readers.write_text(
        "email,language,lists,consent_source,consent_date\nsecond@example.org,ru,weekly,a form,2026-01-15\n"
    )
    site.call("subscribers", "import", str(readers), "--confirmed")

    with site.served("run") as server:
        asked, told = (
            Person()
            .do("open", url=f"{server}/kk/subscribe/")
            .do("write", into="#email", text="reader@example.org")
            .do("press", what="form.sign-up button")
            .do("read", from_="main")
            .do("pause", seconds=READING)
            .do("press", what=BUTTON)
            .do("read", from_="main")
            .reads()
        )
        assert "reader@example.org" in asked
        assert "Апталық дайджест" in asked
        assert "Поштаңызды қараңыз" in told
        assert "reader" not in told

        mail_to(site, "reader@example.org")
        letter, question, answer = (
            Person()
            .do("open", url=f"{server}/_mail/")
            .do("press", what="main li a")
            .do("readMail")
            .do("follow", what="a[href*='/confirm/']")
            .do("read", from_="main")
            .do("press", what=BUTTON)
            .do("read", from_="main")
            .reads()
        )
        assert "Жазылуыңызды растаңыз" in letter
        assert "Апталық дайджест" in question
        assert "Сіз жазылдыңыз" in answer

        site.call("tick", "--now", next_monday(datetime.now(UTC)))
        digest = mail_to(site, "reader@example.org")
        assert digest["Content-Language"] == "kk"
        assert mail_to(site, "second@example.org")["Content-Language"] == "ru"
        shown, question, answer = (
            Person()
            .do("open", url=f"{server}/_mail/")
            .do("press", what="main li:has-text('reader@example.org') a")
            .do("readMail")
            .do("follow", what="a[href*='/unsubscribe/']")
            .do("read", from_="main")
            .do("press", what=BUTTON)
            .do("read", from_="main")
            .reads()
        )
        assert question != answer
        text = digest.get_body(("plain",)).get_content()
        titles = re.findall(r"^\* (.+)$", "\n".join(text.splitlines()), re.MULTILINE)
        assert titles
        # The text part is wrapped: the first words of each title stand on its first line.
        assert [
            title for title in titles if title.removeprefix("[Жаңа] ") not in " ".join(shown.split())
        ] == []

        assert one_click(mail_to(site, "second@example.org"), server) == 200

    standing = [line for line in site.call("subscribers", "list").splitlines() if "@" in line]
    assert [("unsubscribed" in line, "confirmed" in line) for line in standing] == [(True, False)] * 2


def one_click(mail: EmailMessage, server: str) -> int:
    """Leave as mail providers do it (RFC 8058 section 3.2): a POST without cookies; its status."""
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.search(r"<https://[^/]+(/unsubscribe/[^>]+)>", mail["List-Unsubscribe"])
    assert address
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with urlopen(Request(server + address[1], b"List-Unsubscribe=One-Click", form)) as answer:  # noqa: S310 -- http on loopback
        status: int = answer.status
        return status
