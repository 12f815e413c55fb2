"""rss2email: follow feeds, fetch them, keep each new entry as a message in a maildir."""

import mailbox
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

from .tools import environment, program


@dataclass(frozen=True, kw_only=True, order=True)
class Mailed:
    """One message that it wrote."""

    #: The name under which its feed is followed.
    feed: str
    subject: str
    link: str


@dataclass(frozen=True)
class Rss2email:
    """A reader whose settings, memory and maildir are in a folder of its own."""

    folder: Path

    def follow(self, feeds: Mapping[str, str]) -> None:
        """Subscribe to these feeds, given as name and address."""
        self.folder.mkdir(parents=True)
        (self.folder / "config").write_text(
            "[DEFAULT]\nfrom = reader@localhost\nto = reader@localhost\nemail-protocol = maildir\n"
            f"maildir-path = {self.folder}\nmaildir-mailbox = mail\nuse-publisher-email = False\n",
            encoding="utf-8",
        )
        for name, url in feeds.items():
            self._run("add", name, url)

    def run(self) -> None:
        """Fetch all feeds, with the validators of the last time."""
        self._run("run")

    def mails(self) -> list[Mailed]:
        """List every message so far."""
        box = mailbox.Maildir(self.folder / "mail", create=True)
        return sorted(_mailed(message) for message in box)

    def _run(self, *arguments: str) -> None:
        files = ["--config", str(self.folder / "config"), "--data", str(self.folder / "data.json")]
        command = [program("r2e"), *files, *arguments]
        done = subprocess.run(
            command, env=environment(self.folder), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"rss2email failed: {done.stderr}"
        complaints = [line for line in done.stderr.splitlines() if "[INFO]" not in line]
        assert not complaints, f"rss2email complains: {complaints}"


def _mailed(message: Message) -> Mailed:
    subject = str(make_header(decode_header(message["Subject"])))
    return Mailed(feed=message["X-RSS-Feed"], subject=subject, link=message["X-RSS-URL"])
