"""Arming: that this machine, and no copy of it, may send this site's mail.

A backup that is restored, a folder that is copied, a machine that is cloned:
each would mail every reader again. So mail leaves by SMTP only where a person
has said so with `publisher doctor --arm`, which keeps what this machine and
this site are in `var/armed.json`. Where anything of it differs, nothing leaves.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.errors import UsageError
from publisher.folders import private
from publisher.mailing.message import sender

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publisher.config import Config

FILE = "armed.json"
#: machine-id(5): one for each installation of a system.
_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


class NotArmed(UsageError):
    """Mail does not leave from here: see that it should, then call `publisher doctor --arm`."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f'[mail] transport = "smtp", and {reason}: nothing is sent\n'
            "hint: look with `publisher doctor`; if this machine is to mail every reader, say"
            " `publisher doctor --arm`"
        )


def fingerprint(root: Path, config: Config) -> Mapping[str, str]:
    """What this machine and this site are, by names for people."""
    return {
        "machine": _machine(),
        "host name": socket.gethostname(),
        "folder": str(root.resolve()),
        # A copy that is put in the original's place is another folder.
        "folder's number": str(root.resolve().stat().st_ino),
        "identity": config.site.identity,
        "SMTP server": config.mail.host or "",
        "port": str(config.mail.smtp_port),
        "sender": sender(config),
    }


def arm(root: Path, config: Config, now: datetime) -> None:
    """Let this machine send this site's mail from now on."""
    record = {"armed": now.isoformat(), "fingerprint": dict(fingerprint(root, config))}
    path = _path(root)
    private(path.parent)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(record, indent=1, ensure_ascii=False), "utf-8")
    draft.replace(path)


def disarm(root: Path) -> bool:
    """Let no mail leave from here any more; returns whether it could."""
    path = _path(root)
    was_there = path.is_file()
    path.unlink(missing_ok=True)
    return was_there


def obstacle(root: Path, config: Config) -> str:
    """Why no mail may leave from here; '' when it may."""
    try:
        armed = json.loads(_path(root).read_text("utf-8"))["fingerprint"]
    except FileNotFoundError:
        return "this machine is not armed"
    except (OSError, ValueError, KeyError, TypeError):
        return f"'{_path(root)}' cannot be read"
    here = fingerprint(root, config)
    differing = [
        name for name, value in here.items() if not isinstance(armed, dict) or armed.get(name) != value
    ]
    if not differing:
        return ""
    return f"what was armed had another {' and another '.join(differing)}"


def require_armed(root: Path, config: Config) -> None:
    """NotArmed, unless mail may leave from here."""
    if reason := obstacle(root, config):
        raise NotArmed(reason)


def _path(root: Path) -> Path:
    return root / "var" / FILE


def _machine() -> str:
    """The installation's own id, hashed: machine-id(5) asks not to hand it on; '' where there is none."""
    for path in _MACHINE_IDS:
        try:
            found = path.read_bytes().strip()
        except OSError:
            continue
        return hashlib.blake2b(found, digest_size=16, person=b"publisher-armed").hexdigest()
    return ""
