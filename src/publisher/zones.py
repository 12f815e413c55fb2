"""Time zones: the IANA names, and local times turned into instants.

Zones are read from the `tzdata` package that is installed beside the program,
never from the machine's own database, so that the same content gives the same
bytes everywhere. Importing this module is what makes it so.

Python answers for every local time, also for one that a clock skips or shows
twice (PEP 495). A silent guess puts an event an hour off, so `instant` refuses.
"""

from __future__ import annotations

import difflib
import re
import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module, resources
from types import MappingProxyType
from typing import ClassVar
from zoneinfo import ZoneInfo

from publisher.errors import PublisherError

zoneinfo.reset_tzpath(())
ZoneInfo.clear_cache()  # what others loaded before may come from the machine

#: Names that people write and IANA does not have. "Anywhere on earth" is the last place where a day ends.
ALIASES = MappingProxyType({"AoE": "Etc/GMT+12"})

#: Kazakhstan moved to one zone on 2024-03-01; data from before that is an hour off for this site's readers.
_PROBES = (
    ("Asia/Almaty", datetime(2024, 2, 1, tzinfo=UTC), timedelta(hours=6)),
    ("Asia/Almaty", datetime(2026, 6, 11, tzinfo=UTC), timedelta(hours=5)),
)

_LONGEST_NAME = 64  # twice the longest there is; more is no typo, and comparing it costs time
_MOST_MATCHES = 3
_OFFSET = re.compile(r"[+-]\d")


class UnknownZone(ValueError):
    """Not the name of a time zone: take one of `matches`, best first, or another IANA name."""

    def __init__(self, name: str, matches: tuple[str, ...]) -> None:
        shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
        hint = f": did you mean {' or '.join(repr(match) for match in matches)}?" if matches else ""
        super().__init__(f"unknown time zone {shown!r}{hint}")
        self.name, self.matches = name, matches


class UnclearTime(ValueError):
    """A local time that is not exactly one instant: `readings` are the two it could be, in UTC, in order."""

    told: ClassVar[str]
    hint: ClassVar[str]

    def __init__(self, local: datetime, zone: ZoneInfo, readings: tuple[datetime, datetime]) -> None:
        expected = " or ".join(_in_full(moment, zone) for moment in readings)
        super().__init__(f"{local:%Y-%m-%d %H:%M} {self.told.format(zone.key)}: expected {expected}")
        self.readings = readings


class NonexistentTime(UnclearTime):
    """The clocks skip this local time: write one that exists."""

    told = "does not exist in {}, where the clocks skip it"
    hint = "write a local time that exists, or the time in UTC with 'timezone: UTC'"


class AmbiguousTime(UnclearTime):
    """The clocks show this local time twice: write it in UTC."""

    told = "happens twice in {}, where the clocks are set back"
    hint = "write the time in UTC with 'timezone: UTC'"


class UnsoundZones(PublisherError):
    """The time zone data is too old to be right: install a newer `tzdata`."""

    def __init__(self, finding: str) -> None:
        super().__init__(
            f"the time zone data (tzdata {tzdata_version()}) is out of date: {finding}\n"
            "hint: install a newer one with `python -m pip install --upgrade tzdata`"
        )


def tzdata_version() -> str:
    """The version of the installed `tzdata` package, such as 2026.6 (IANA calls it 2026f)."""
    return str(import_module("tzdata").__version__)


@cache
def zone_names() -> frozenset[str]:
    """All IANA names of the installed `tzdata` package; aliases of our own are not among them."""
    names = resources.files("tzdata").joinpath("zones").read_text("utf-8").split()
    return frozenset(names) - {"Factory"}  # what a machine has until somebody sets its clock: no place


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name, spelt as IANA spells it, or of 'AoE' (anywhere on earth).

    Raises:
        UnknownZone: for anything else, paths and other spellings of case included.
    """
    iana = ALIASES.get(name, name)
    if iana not in zone_names():
        raise UnknownZone(name, _matches(name))
    return ZoneInfo(iana)


def zone_file(name: str) -> bytes:
    """The compiled rules of a zone as the `tzdata` package has them (TZif, RFC 8536)."""
    parts = zone(name).key.split("/")
    return resources.files("tzdata").joinpath("zoneinfo", *parts).read_bytes()


def require_sound_zones() -> None:
    """Make sure, before anything is published, that the zone data knows Kazakhstan's time.

    Raises:
        UnsoundZones: naming the installed version and what it got wrong.
    """
    for name, moment, expected in _PROBES:
        try:
            found = moment.astimezone(zone(name)).utcoffset()
        except UnknownZone as error:
            raise UnsoundZones(str(error)) from None
        if found != expected:
            day = moment.date()
            raise UnsoundZones(f"on {day} {name} is at {_signed(expected)}, it says {_signed(found)}")


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The one instant, in UTC, at which clocks in the zone show this local time (without offset).

    Raises:
        NonexistentTime: the clocks skip it (a gap, PEP 495).
        AmbiguousTime: the clocks show it twice (a fold).
        ValueError: it carries an offset, or is outside the years that can be told in UTC.
    """
    if local.tzinfo is not None:
        raise ValueError(f"expected a local time without an offset, got '{local}'")
    before, after = (_offset(local.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    try:
        first, second = sorted((local - offset).replace(tzinfo=UTC, fold=0) for offset in (before, after))
    except OverflowError:
        raise ValueError(f"expected a time that can be told in UTC, got '{local}' in {zone.key}") from None
    if before == after:
        return first
    # in a gap each offset leads to the other side of it, so that the readings are the two ways to mend it
    unclear = NonexistentTime if before < after else AmbiguousTime
    raise unclear(local, zone, (first, second))


def _in_full(moment: datetime, zone: ZoneInfo) -> str:
    """An instant as local time with its offset, and in UTC."""
    there = moment.astimezone(zone)
    return f"{there:%Y-%m-%d %H:%M} {_signed(there.utcoffset())} ({moment:%Y-%m-%d %H:%M} UTC)"


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def _signed(offset: timedelta | None) -> str:
    """An offset as people write it: +05:00."""
    total = int((offset or timedelta()).total_seconds())
    hours, minutes = divmod(abs(total) // 60, 60)
    return f"{'-' if total < 0 else '+'}{hours:02}:{minutes:02}"


def _matches(name: str) -> tuple[str, ...]:
    """Names that may have been meant: the same but for case, then by city alone, then the most alike.

    None for an offset: 'GMT+5' is most like Etc/GMT+5, which POSIX counts westward and is ten hours off.
    """
    if len(name) > _LONGEST_NAME:
        return ()
    wanted = name.strip().replace(" ", "_").casefold()
    known = sorted({*zone_names(), *ALIASES})
    if same := [each for each in known if each.casefold() == wanted]:
        return tuple(same)
    if _OFFSET.search(name):
        return ()
    cities = [each for each in known if _city(each) == wanted]
    return tuple(cities[:_MOST_MATCHES]) or _alike(wanted, known)


def _alike(wanted: str, known: list[str]) -> tuple[str, ...]:
    """The names nearest to what was written, compared whole or, where only a city was written, by city."""
    key, cutoff = (str.casefold, 0.8) if "/" in wanted else (_city, 0.7)  # whole names share their region
    near = difflib.get_close_matches(wanted, sorted({key(each) for each in known}), _MOST_MATCHES, cutoff)
    return tuple(each for one in near for each in known if key(each) == one)[:_MOST_MATCHES]


def _city(name: str) -> str:
    return name.rpartition("/")[2].casefold()
