"""Mail leaves only from the machine and for the site that a person has armed."""

from __future__ import annotations

import shutil
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publisher.post import arming
from publisher.post.arming import NotArmed

from .mailroom import Mailroom

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 6, 8, tzinfo=UTC)
SMTP = 'transport = "smtp"\nhost = "mail.example.org"\nport = 587'


@pytest.fixture
def armed(tmp_path: Path) -> Mailroom:
    """A site that may send."""
    room = Mailroom(tmp_path / "site", mail=SMTP)
    room.postbox.require_armed()
    return room


def test_a_copy_of_the_folder_sends_nothing(armed: Mailroom) -> None:
    copied = armed.root.parent / "copy"
    shutil.copytree(armed.root, copied)

    reason = arming.obstacle(copied, armed.postbox.config)

    assert reason == "what was armed had another folder and another folder's number"


def test_a_copy_that_is_put_in_the_folders_place_sends_nothing(armed: Mailroom) -> None:
    config = armed.postbox.config
    copied, away = armed.root.parent / "copy", armed.root.parent / "away"
    shutil.copytree(armed.root, copied)
    armed.root.rename(away)
    copied.rename(armed.root)

    assert arming.obstacle(armed.root, config) == "what was armed had another folder's number"


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ('host = "mail.example.org"', 'host = "other.example.org"', "SMTP server"),
        ("port = 587", "port = 25", "port"),
        ("port = 587", 'port = 587\nfrom = "other@example.org"', "sender"),
        ("calendar.example.org,2026", "other.example.org,2026", "identity"),
    ],
)
def test_another_server_sender_or_identity_needs_arming_anew(
    armed: Mailroom, before: str, after: str, what: str
) -> None:
    file = armed.root / "publisher.toml"
    file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")
    del armed.postbox

    with pytest.raises(NotArmed, match=f"what was armed had another {what}: nothing is sent"):
        armed.postbox.require_armed()


def test_a_clone_of_the_machine_sends_nothing(armed: Mailroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "clone")

    assert arming.obstacle(armed.root, armed.postbox.config) == "what was armed had another host name"


def test_another_installation_of_the_system_sends_nothing(
    armed: Mailroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "machine-id"
    other.write_text("0123456789abcdef0123456789abcdef\n")
    monkeypatch.setattr(arming, "_MACHINE_IDS", (other,))

    assert arming.obstacle(armed.root, armed.postbox.config) == "what was armed had another machine"


def test_the_machines_own_id_is_kept_nowhere(
    armed: Mailroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "machine-id"
    own.write_text("0123456789abcdef0123456789abcdef\n")
    monkeypatch.setattr(arming, "_MACHINE_IDS", (own,))

    arming.arm(armed.root, armed.postbox.config, NOW)

    assert "0123456789abcdef" not in (armed.root / "var/armed.json").read_text("utf-8")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"fingerprint": 7}'])
def test_a_file_that_says_nothing_arms_nothing(armed: Mailroom, text: str) -> None:
    (armed.root / "var/armed.json").write_text(text)

    with pytest.raises(NotArmed):
        armed.postbox.require_armed()


def test_disarmed_it_sends_nothing_any_more(armed: Mailroom) -> None:
    assert arming.disarm(armed.root) is True
    assert arming.disarm(armed.root) is False

    with pytest.raises(NotArmed, match="this machine is not armed: nothing is sent"):
        armed.postbox.require_armed()
