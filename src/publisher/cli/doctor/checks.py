"""What a doctor looks at: each check is a function, and reads without changing anything.

A check that needs what an earlier one found unsound is left out: one cause is
told once.
"""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

from publisher import config, secret_keys
from publisher.app import heartbeat, open_site, utc_now
from publisher.cli.doctor.check import OK, PROBLEM, WARNING, Check
from publisher.cli.doctor.hub_checks import backlog, hubs
from publisher.cli.doctor.mail_checks import addresses, armed, lists, transport
from publisher.cli.mail import moment
from publisher.errors import BadConfiguration, NotASite, PublisherError, WrongSchema
from publisher.store.database import Database, shown
from publisher.store.tables import HEAD
from publisher.zones import require_sound_zones, tzdata_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from publisher.cli.doctor.check import Examined
    from publisher.site import Site

#: A tick comes every minute; two may be missed by a busy machine.
_LATE = timedelta(minutes=3)
#: Less than this is soon nothing, in bytes.
_LITTLE_SPACE = 200_000_000


def examine(folder: Path) -> Sequence[Check]:
    """All checks, in the order in which one would mend things."""
    found = [*_settings(folder)]
    if any(check.level == PROBLEM for check in found):
        return found
    site, now = open_site(folder), utc_now()
    found += [*disk(site), *keys(site), *database(site)]
    has_tables = found[-1].level == OK
    if has_tables:
        found += schedule(site, now)
    found += [*hubs(site), *(backlog(site) if has_tables else ())]
    for check in (addresses, transport, armed):
        found += check(site, now)
    return [*found, *(lists(site, now) if has_tables else ())]


def _settings(folder: Path) -> Examined:
    """publisher.toml, and the zones that it is read with."""
    try:
        require_sound_zones()
    except PublisherError as error:
        yield Check.of("time zones", error)
    else:
        yield Check("time zones", OK, f"tzdata {tzdata_version()}")
    try:
        settings = config.load(folder)
    except NotASite as error:
        yield Check.of("configuration", error)
    except BadConfiguration as error:
        yield Check("configuration", PROBLEM, str(error), "correct what the findings name")
    else:
        site = settings.site
        yield Check("configuration", OK, f"{site.url} in {', '.join(site.languages)}")


def disk(site: Site) -> Examined:
    """Whether this user may write where the program must, and there is room."""
    for folder in (site.var, site.build):
        there = next(each for each in (folder, *folder.parents) if each.is_dir())
        free = shutil.disk_usage(there).free
        if not os.access(there, os.W_OK | os.X_OK):
            hint = "let the user that runs publisher write there"
            yield Check("disk", PROBLEM, f"{there} cannot be written", hint)
        elif folder == there == site.var and there.stat().st_mode & 0o077:
            hint = f"chmod 700 {there}: readers' addresses lie there"
            yield Check("disk", WARNING, f"{there} can be read by other users of this machine", hint)
        elif free < _LITTLE_SPACE:
            hint = "make room: a full disk stops releases and mail"
            yield Check("disk", WARNING, f"{free // 1_000_000} MB are free for {folder}", hint)
        else:
            can_be = "written" if there == folder else "made"
            yield Check("disk", OK, f"{folder} can be {can_be}, {free // 1_000_000_000} GB are free")


def keys(site: Site) -> Examined:
    """The file of secret keys, and who may read it; none is made here."""
    named = os.environ.get(secret_keys.VARIABLE)
    if not named and not (site.var / secret_keys.FILE).exists():
        yield Check("secret keys", OK, "none yet: made when the first mail needs one")
        return
    try:
        found = secret_keys.load(site.var)
    except PublisherError as error:
        yield Check.of("secret keys", error)
    else:
        where = named or site.var / secret_keys.FILE
        yield Check("secret keys", OK, f"{len(found.keys)} in {where}, the newest is {found.newest}")


def database(site: Site) -> Examined:
    """Whether it opens, and is of this version; no tables are made here."""
    name = shown(site.config.database.url)
    try:
        version = Database(site.config.database.url, site.var).version() if site.has_database else None
    except PublisherError as error:
        yield Check.of("database", error)
        return
    if version is None:
        yield Check("database", WARNING, f"{name}: no tables yet", "run `publisher build` once")
    elif version != HEAD:
        yield Check.of("database", WrongSchema(version, HEAD))
    else:
        yield Check("database", OK, f"{name}, schema {version}")


def schedule(site: Site, now: datetime) -> Examined:
    """Whether somebody calls the tick, each minute."""
    _, last = heartbeat(site)
    hint = "start `publisher run`, or call `publisher tick` each minute"
    if last is None:
        yield Check("schedule", WARNING, "it has never ticked", hint)
    elif now - last > _LATE:
        yield Check("schedule", WARNING, f"the last tick was on {moment(last)}", hint)
    else:
        yield Check("schedule", OK, f"the last tick was on {moment(last)}")
