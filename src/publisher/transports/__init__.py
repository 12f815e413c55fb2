"""How messages leave: captured in a folder, or handed to an SMTP server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.errors import PublisherError

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.config import Config
    from publisher.transports.maildir import Maildir
    from publisher.transports.smtp import Smtp

#: Where captured messages lie, below var/.
MAIL = "mail"


class TransportFault(PublisherError):
    """Nothing can be sent as things are set up: correct what the message says, then deliver again."""


def whatever_happens() -> bool:
    """For a message that nothing can happen to on its way: it may go."""
    return True


def configured(config: Config, root: Path) -> Maildir | Smtp:
    """The transport that [mail] asks for; only its own libraries are loaded.

    Raises:
        UsageError: the password file is not there, is empty, or others may read it.
    """
    if config.mail.transport == "smtp":
        from publisher.transports import smtp

        return smtp.configured(config, root)
    from publisher.transports.maildir import Maildir

    return Maildir(root / "var" / MAIL)
