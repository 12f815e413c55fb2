"""Captured mail: every message a whole file of its own, however often it is sent."""

from __future__ import annotations

import mailbox
import os
import threading
import time
from typing import TYPE_CHECKING

import pytest

from publisher.config import parse
from publisher.mailing.message import Outgoing
from publisher.mailing.policy import WITHHELD, Reply, Stage
from publisher.transports import TransportFault, configured
from publisher.transports.maildir import Maildir, name_of

if TYPE_CHECKING:
    from pathlib import Path


def message(id_: str = "<abc234@news.example.org>", text: str = "Hello") -> Outgoing:
    data = f"Message-ID: {id_}\r\n\r\n{text}\r\n".encode()
    return Outgoing(sender="n@example.org", recipient="a@example.org", data=data, message_id=id_)


def captured(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "new").iterdir()}


def test_a_message_is_kept_as_it_would_go_on_the_wire(tmp_path: Path) -> None:
    with Maildir(tmp_path / "mail").open() as connection:
        reply = connection.send(message())

    assert reply == Reply(code=250, enhanced="2.0.0", text="kept as new/abc234.eml", stage=Stage.AFTER_DATA)
    assert captured(tmp_path / "mail") == {"abc234.eml": message().data}
    assert [kept["Message-ID"] for kept in mailbox.Maildir(tmp_path / "mail")] == [
        "<abc234@news.example.org>"
    ]


def test_a_message_that_is_sent_again_is_still_one(tmp_path: Path) -> None:
    with Maildir(tmp_path / "mail").open() as connection:
        connection.send(message())
        connection.send(message())
        connection.send(message("<other@news.example.org>"))

    assert sorted(captured(tmp_path / "mail")) == ["abc234.eml", "other.eml"]
    assert list((tmp_path / "mail/tmp").iterdir()) == []


def test_a_message_that_may_not_go_any_more_is_not_kept(tmp_path: Path) -> None:
    with Maildir(tmp_path / "mail").open() as connection:
        reply = connection.send(message(), lambda: False)

    assert reply == Reply(code=WITHHELD, stage=Stage.DATA)
    assert captured(tmp_path / "mail") == {}
    assert list((tmp_path / "mail/tmp").iterdir()) == []


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Maildir(tmp_path / "var/mail").open() as connection:
            connection.send(message())
    finally:
        os.umask(before)

    folders = [tmp_path / "var/mail", *(tmp_path / "var/mail" / name for name in ("tmp", "new", "cur"))]
    assert [oct(folder.stat().st_mode & 0o777) for folder in folders] == ["0o700"] * 4
    assert (tmp_path / "var/mail/new/abc234.eml").stat().st_mode & 0o777 == 0o600


def test_whoever_looks_sees_whole_messages(tmp_path: Path) -> None:
    """Several processes may send the same one at the same time, when a lease ran out."""
    messages = [message(text="x" * length) for length in (1, 100_000, 200_000)]
    whole = {each.data for each in messages}
    transport = Maildir(tmp_path / "mail")
    seen: set[bytes] = set()
    with transport.open() as connection:
        connection.send(messages[0])
        threads = [
            threading.Thread(target=lambda each=each: [connection.send(each) for _ in range(20)])
            for each in messages
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            seen |= set(captured(tmp_path / "mail").values())

    assert seen <= whole
    assert len(captured(tmp_path / "mail")) == 1


def test_what_a_killed_process_left_is_cleared_after_a_while(tmp_path: Path) -> None:
    transport = Maildir(tmp_path / "mail")
    with transport.open():
        old, young = tmp_path / "mail/tmp/old", tmp_path / "mail/tmp/young"
        old.write_text("From")
        young.write_text("From")
    os.utime(old, (time.time() - 37 * 3600,) * 2)

    with transport.open():
        assert list((tmp_path / "mail/tmp").iterdir()) == [young]


def test_a_name_is_never_a_path() -> None:
    names = [name_of(id_) for id_ in ("<../../etc/passwd@x>", "<a/b@x>", "<.hidden@x>", "<a:2,S@x>")]

    assert names == ["______etc_passwd.eml", "a_b.eml", "_hidden.eml", "a_2_S.eml"]


def test_a_folder_that_cannot_be_written_halts_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(TransportFault, match=r"mail: .*\nhint: let the user that runs publisher write there"):
        Maildir(tmp_path / "mail").open().__enter__()


def test_a_message_that_cannot_be_kept_halts_and_leaves_nothing(tmp_path: Path) -> None:
    with Maildir(tmp_path / "mail").open() as connection:
        (tmp_path / "mail/new").rmdir()
        with pytest.raises(TransportFault, match="no such file or directory"):
            connection.send(message())

    assert list((tmp_path / "mail/tmp").iterdir()) == []


def test_mail_is_captured_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    site = {"url": "https://news.example.org", "identity": "example.org,2026", "title": {"en": "News"}}

    assert configured(parse({"site": site}), tmp_path) == Maildir(tmp_path / "var/mail")
