"""Deliveries that are killed again and again, by `python benchmarks/deliver_killed.py [--readers 5000]`.

A site with so many confirmed readers and an issue that is due, on SQLite or
`--database postgresql` (a server of its own) or an address; a server that
writes down each message before it answers. `publisher deliver --until-empty`
gets SIGKILL every so many seconds and is called again, until a call ends by
itself. Meanwhile readers leave. Then the server's log is compared with the
database:

- lost: who should have it and has it not;
- doubles: copies beyond the first, at most one for each kill and connection;
- differing: doubles that are not the same byte for byte;
- after leaving: messages taken after their reader's leave was committed.

Exit status 1 if any of these is not as promised.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.mailing.tokens import PREFERENCES, UNSUBSCRIBE
from publisher.model.mailing import (
    DeliveryState,
    Digest,
    IssueState,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from publisher.post import arming
from publisher.post.postbox import Postbox
from publisher.store import issues, subscribers, tables
from publisher.subscribing import consent

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parents[1] / "tests"
NOW = datetime(2026, 6, 8, 3, tzinfo=UTC)
LANGUAGES = ("en", "kk", "ru")
CONFIG = """\
[site]
url = "https://calendar.example.org"
identity = "calendar.example.org,2026"
title.en = "A Calendar"
title.kk = "Күнтізбе"
title.ru = "Календарь"
languages = ["en", "kk", "ru"]
timezone = "Asia/Almaty"

[lists.weekly]
title = "Weekly"

[database]
url = "{url}"

[mail]
transport = "smtp"
host = "127.0.0.1"
port = {port}
tls = "none"
connections = {connections}
"""


def address(number: int) -> str:
    """A reader's."""
    return f"reader{number}@example.org"


@dataclass
class Told:
    """What the server wrote down of one reader's copies."""

    hashes: list[str] = field(default_factory=list)
    last: str = ""


def fill(postbox: Postbox, readers: int) -> None:
    """Confirmed readers, and an issue that is being sent to them."""
    people = [
        (
            Subscriber(
                id=number, email=address(number), email_key=address(number),
                address_hash=hashlib.blake2b(address(number).encode(), digest_size=32).hexdigest(),
                language=LANGUAGES[number % 3], timezone="Asia/Almaty", created=NOW,
            ),
            (
                Subscription(
                    subscriber=number, list="weekly", state=SubscriptionState.CONFIRMED, told_until=NOW,
                    consent_source="benchmark", consent_at=NOW, changed=NOW,
                ),
            ),
        )
        for number in range(readers)
    ]  # fmt: skip
    with postbox.database.writing() as connection:
        subscribers.add_many(connection, people)
        issue = issues.begin(
            connection, list="weekly", period="2026-W24", due_at=NOW, cut_at=NOW,
            not_after=NOW + timedelta(days=3), edition=1, signing_key=postbox.keys.newest,
        )  # fmt: skip
        assert issue is not None  # noqa: S101 -- the database is new
        issues.add_digests(connection, issue.id, [digest(language) for language in LANGUAGES])
        rows = [
            {
                "issue": issue.id, "subscriber": number, "cohort": LANGUAGES[number % 3], "not_before": NOW,
                "not_after": issue.not_after, "message_id": f"<weekly.{number}@calendar.example.org>",
                "created": NOW,
            }
            for number in range(readers)
        ]  # fmt: skip
        issues.add_deliveries(connection, rows)
        issues.move(connection, issue.id, [IssueState.BUILDING], IssueState.SENDING, dated=NOW)


def digest(language: str) -> Digest:
    """A body as long as one of twenty items."""
    links = f"https://calendar.example.org/preferences/{PREFERENCES} /unsubscribe/{UNSUBSCRIBE}"
    text = "Конференция ректоров: теперь 12 июня, раньше 11 июня. " * 60
    html = f"<!doctype html><html><body><p>{text * 4}</p><p>{links}</p></body></html>"
    return Digest(
        cohort=language, language=language, subject="Апталық", html=html, text=text + links, page=""
    )


@contextmanager
def sink(log: Path) -> Iterator[int]:
    """The server, in a process of its own; its port."""
    command = [sys.executable, str(TESTS / "smtpserver.py"), "--log", str(log), "--hashes"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline() if process.stdout else 0)
    finally:
        process.kill()
        process.wait()


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty database."""
    if name != "postgresql":
        yield "" if name == "sqlite" else name
        return
    sys.path.insert(0, str(TESTS))
    with import_module("postgresql").running(folder) as server:
        yield server.new_database()


@dataclass
class Leaving:
    """Readers who leave while it is sent, one every so often, in whatever order."""

    postbox: Postbox
    readers: list[int]
    pause: float
    #: Reader -> when their leave was committed.
    committed: dict[int, datetime] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Leave, until it is over."""
        for number in self.readers:
            if self.over.wait(self.pause):
                return
            consent.leave(self.postbox.database, number, None, NOW)
            self.committed[number] = datetime.now(UTC)


def send_killed(root: Path, every: float) -> tuple[int, float]:
    """Deliver, killed every so many seconds; how many kills it took, and seconds."""
    command = [sys.executable, "-m", "publisher", "deliver", "--site", str(root), "--until-empty"]
    began, kills = time.perf_counter(), 0
    while True:
        process = subprocess.Popen([*command, "--now", NOW.isoformat()], stdout=subprocess.DEVNULL)
        try:
            status = process.wait(every or None)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
            continue
        if status:
            raise SystemExit(f"publisher deliver ended with status {status}")
        return kills, time.perf_counter() - began


def told(log: Path) -> dict[str, Told]:
    """What the server took, by address."""
    found: defaultdict[str, Told] = defaultdict(Told)
    for line in log.read_text("utf-8").splitlines() if log.exists() else ():
        record = json.loads(line)
        (recipient,) = record["recipients"]
        found[recipient].hashes.append(record["sha256"])
        found[recipient].last = record["at"]
    return found


def measure(given: argparse.Namespace, every: float) -> bool:
    """Deliver once, and print what came of it; whether it is as promised."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=given.folder)))
        url = stack.enter_context(database(given.database, folder))
        log = folder / "log"
        port = stack.enter_context(sink(log))
        root = folder / "site"
        root.mkdir()
        config = CONFIG.format(url=url, port=port, connections=given.connections)
        (root / "publisher.toml").write_text(config, "utf-8")
        postbox = Postbox.open(root)
        arming.arm(root, postbox.config, NOW)
        fill(postbox, given.readers)
        stack.callback(postbox.database.close)
        shuffled = random.Random(1).sample(range(given.readers), given.readers // 10)  # noqa: S311 -- the same each time
        leaving = Leaving(postbox, shuffled if every else [], 0.05)
        thread = threading.Thread(target=leaving.run)
        thread.start()
        kills, seconds = send_killed(root, every)
        leaving.over.set()
        thread.join()
        return report(given, postbox, told(log), leaving, kills, seconds)


def report(  # noqa: PLR0913, PLR0917 -- all that was seen
    given: argparse.Namespace,
    postbox: Postbox,
    taken: dict[str, Told],
    leaving: Leaving,
    kills: int,
    seconds: float,
) -> bool:
    """Print the figures of a delivering; whether they are as promised."""
    with postbox.database.reading() as connection:
        rows = connection.execute(tables.delivery.select()).all()
    states = {row.subscriber: row.state for row in rows}
    lost = [n for n in range(given.readers) if address(n) not in taken and n not in leaving.committed]
    unsettled = [
        n for n, state in states.items() if state not in {DeliveryState.SENT, DeliveryState.SUPPRESSED}
    ]
    doubles = sum(len(each.hashes) - 1 for each in taken.values())
    differing = sum(len(set(each.hashes)) - 1 for each in taken.values())
    late = [
        n for n, at in leaving.committed.items()
        if address(n) in taken and datetime.fromisoformat(taken[address(n)].last) > at
    ]  # fmt: skip
    left = sum(address(n) not in taken for n in leaving.committed)
    copies = sum(len(each.hashes) for each in taken.values())
    rate = f"{doubles / kills / given.connections:.2f}" if kills else "-"
    print(
        f"{given.database:<11} readers {given.readers}  connections {given.connections}  kills {kills}  "
        f"lost {len(lost)}  unsettled {len(unsettled)}  doubles {doubles} ({rate} per kill and connection)  "
        f"differing {differing}  left {len(leaving.committed)} ({left} before their mail)  "
        f"after leaving {len(late)}  {seconds:.1f} s  {copies / seconds:.0f} messages/s",
        flush=True,
    )
    return not (lost or unsettled or differing or late or doubles > kills * given.connections)


def main() -> None:
    """Print the figures, with kills and without."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split(", by", 1)[0])
    parser.add_argument("--readers", type=int, default=5_000)
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql, or an address")
    parser.add_argument("--every", type=float, default=1.0, help="seconds between kills; 0 is none at all")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--folder", type=Path, help="where the site is made")
    given = parser.parse_args()
    sound = [measure(given, every) for every in dict.fromkeys((given.every, 0.0))]
    sys.exit(0 if all(sound) else 1)


if __name__ == "__main__":
    main()
