"""Thunderbird, driven without a screen: subscribe to a calendar, poll it again, say what its user sees.

It has a fresh profile, speaks to loopback addresses only, and subscribes as its own dialogue does by
default: a network calendar with offline support.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from .marionette import Marionette
from .occurrences import WINDOW, written
from .tools import environment, program

#: How long Thunderbird may take to start, and then for each thing asked of it, in seconds.
PATIENCE = 90

#: The profile's settings: no first-run pages, no updates, nothing measured; whatever would leave this
#: machine all the same is sent to a proxy that does not exist.
SETTINGS: dict[str, bool | int | str] = {
    "app.donation.eoy.version.viewed": 999,
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "calendar.timezone.local": "Asia/Almaty",
    "calendar.timezone.useSystemTimezone": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.blocklist.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "mail.inappnotifications.enabled": False,
    "mail.provider.enabled": False,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "marionette.port": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.http.speculative-parallel-limit": 0,
    "network.manage-offline-status": False,
    "network.proxy.allow_hijacking_localhost": False,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.type": 1,
    "network.trr.mode": 5,
    "security.OCSP.enabled": 0,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "data:,",
    "toolkit.telemetry.unified": False,
}

#: The last lets the setting `services.settings.server` count.
ENVIRONMENT = {"TZ": "UTC", "MOZ_CRASHREPORTER_DISABLE": "1", "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"}

_CALENDARS = """
    const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
    const calendarAt = url => cal.manager.getCalendars().find(calendar => calendar.uri.spec == url);
    const polled = (calendar, poll) => new Promise((resolve, reject) => {
        const observer = {
            QueryInterface: ChromeUtils.generateQI(["calIObserver"]),
            onLoad() { calendar.removeObserver(observer); resolve(); },
            onError(_, number, message) { reject(new Error(`${number}: ${message}`)); },
            onStartBatch() {}, onEndBatch() {}, onAddItem() {}, onModifyItem() {}, onDeleteItem() {},
            onPropertyChanged() {}, onPropertyDeleting() {},
        };
        calendar.addObserver(observer);
        poll();
    });
"""

_SUBSCRIBE = """
    const calendar = cal.manager.createCalendar("ics", Services.io.newURI(args[0]));
    calendar.name = args[0];
    calendar.setProperty("cache.enabled", true);
    cal.manager.registerCalendar(calendar);
    await polled(calendarAt(args[0]), () => {});
"""

_REFRESH = """
    const calendar = calendarAt(args[0]);
    await polled(calendar, () => calendar.refresh());
"""

_UNSUBSCRIBE = """
    cal.manager.removeCalendar(calendarAt(args[0]));
"""

_SHOWN = """
    const calendar = calendarAt(args[0]);
    const instant = text => cal.createDateTime(text);
    const filter = Ci.calICalendar.ITEM_FILTER_ALL_ITEMS | Ci.calICalendar.ITEM_FILTER_CLASS_OCCURRENCES;
    const written = time => time && (time.isDate ? time : time.getInTimezone(cal.dtz.UTC)).icalString;
    const shown = [];
    for await (const items of cal.iterate.streamValues(
        calendar.getItems(filter, 0, instant(args[1]), instant(args[2])))) {
        for (const item of items) {
            shown.push({
                uid: item.id,
                title: item.title,
                start: written(item.startDate),
                end: written(item.endDate),
                all_day: item.startDate.isDate,
                status: item.status || "",
                location: item.getProperty("LOCATION") || "",
                description: item.getProperty("DESCRIPTION") || "",
            });
        }
    }
    return shown;
"""


@dataclass(frozen=True, kw_only=True, order=True)
class Shown:
    """One bar or block in the user's calendar."""

    #: When it begins: a day (`20260611`) or an instant in UTC (`20260611T040000Z`).
    start: str
    #: The first day or instant that is no longer part of it.
    end: str
    uid: str
    title: str
    all_day: bool
    #: CONFIRMED, TENTATIVE, CANCELLED, or nothing where the calendar says nothing.
    status: str
    location: str
    description: str


class Thunderbird:
    """One running Thunderbird; a calendar in it is known by the address it was subscribed from."""

    def __init__(self, remote: Marionette) -> None:
        self._remote = remote

    @classmethod
    @contextmanager
    def running(cls, profile: Path) -> Iterator[Self]:
        """Start it on a new profile; it is gone when the block is left."""
        _write_settings(profile)
        process = _start(profile)
        try:
            remote = Marionette.connect(_port(profile, process), patience=PATIENCE)
            with remote.connection:
                yield cls(remote)
        finally:
            process.terminate()
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def subscribe(self, url: str) -> None:
        """Add the calendar at this address and wait until it has been read."""
        self.do(_SUBSCRIBE, url)

    def refresh(self, url: str) -> None:
        """Poll the calendar now, as the user's *Synchronise* does, and wait until it has been read."""
        self.do(_REFRESH, url)

    def unsubscribe(self, url: str) -> None:
        """Remove the calendar."""
        self.do(_UNSUBSCRIBE, url)

    def shows(self, url: str) -> list[Shown]:
        """List what the user sees of one calendar in the years that engines are asked for, expanded."""
        return sorted(Shown(**item) for item in self.do(_SHOWN, url, *map(written, WINDOW)))

    def do(self, script: str, *arguments: Any) -> Any:
        """Run a script in the program, as part of it; what it returns."""
        return self._remote.run(_CALENDARS + script, *arguments)


def _write_settings(profile: Path) -> None:
    profile.mkdir(parents=True)
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in SETTINGS.items())
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")


def _start(profile: Path) -> subprocess.Popen[bytes]:
    flags = ["--headless", "--no-remote", "--marionette", "--remote-allow-system-access"]
    with (profile / "thunderbird.log").open("wb") as log:
        return subprocess.Popen(
            [program("thunderbird"), *flags, "--profile", str(profile)],
            env=environment(profile) | ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _port(profile: Path, process: subprocess.Popen[bytes]) -> int:
    """Wait until the program says on which port it listens."""
    announced = profile / "MarionetteActivePort"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if announced.exists() and (text := announced.read_text(encoding="ascii").strip()):
            return int(text)
        time.sleep(0.1)
    log = (profile / "thunderbird.log").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"Thunderbird did not start within {PATIENCE} s: {log[-2000:]}")
