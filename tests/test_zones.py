"""Time zones: what a curator may write, what is refused and why, and whose data is believed."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import publisher
from publisher.errors import PublisherError
from publisher.zones import (
    AmbiguousTime,
    NonexistentTime,
    UnclearTime,
    UnknownZone,
    UnsoundZones,
    instant,
    require_sound_zones,
    tzdata_version,
    zone,
    zone_file,
    zone_names,
)

SOURCES = Path(publisher.__file__).parents[1]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Names


@pytest.mark.parametrize(
    "name", ["Asia/Almaty", "Europe/Berlin", "America/Argentina/Ushuaia", "UTC", "Etc/GMT+12"]
)
def test_an_iana_name_is_a_zone(name: str) -> None:
    assert zone(name).key == name


def test_aoe_is_the_last_place_on_earth_where_a_day_ends() -> None:
    assert instant(local("2027-03-01 23:59"), zone("AoE")) == utc("2027-03-02 11:59")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Almaty", "Asia/Almaty"),
        ("almaty", "Asia/Almaty"),
        ("asia/almaty", "Asia/Almaty"),
        ("ASIA/ALMATY", "Asia/Almaty"),
        (" Asia/Almaty ", "Asia/Almaty"),
        ("Asia/Alma-Ata", "Asia/Almaty"),
        ("Almati", "Asia/Almaty"),
        ("Europe/Berlln", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("utc", "UTC"),
        ("aoe", "AoE"),
        ("etc/gmt+12", "Etc/GMT+12"),
    ],
)
def test_another_spelling_is_refused_and_told_what_was_meant(name: str, meant: str) -> None:
    with pytest.raises(UnknownZone, match=f"did you mean '{meant.replace('+', '[+]')}'") as refused:
        zone(name)

    assert refused.value.name == name
    assert refused.value.matches[0] == meant


def test_a_city_that_several_zones_are_named_after_gives_them_all() -> None:
    with pytest.raises(UnknownZone) as refused:
        zone("Louisville")

    assert refused.value.matches == ("America/Kentucky/Louisville", "America/Louisville")


@pytest.mark.parametrize("name", ["GMT+5", "UTC+5", "UTC+05:00", "+05:00", "+0500", "UTC-3"])
def test_an_offset_is_refused_without_a_guess_for_etc_gmt_counts_the_other_way(name: str) -> None:
    with pytest.raises(UnknownZone) as refused:
        zone(name)

    assert refused.value.matches == ()
    assert str(refused.value) == f"unknown time zone '{name}'"


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "Asia", "localtime", "zone.tab", "__init__.py", "Asia/__init__.py"),
        *("/etc/passwd", "../etc/passwd", "../zoneinfo/Asia/Almaty", "Asia/../Asia/Almaty", "Asia/./Almaty"),
        *("Asia//Almaty", "Asia/Almaty/", "Asia\\Almaty", "Asia/Almaty\0", "Asia/Almaty\n"),
    ],
)
def test_what_is_a_path_and_not_a_name_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        zone(name)
    with pytest.raises(UnknownZone):
        zone_file(name)


def test_a_name_that_is_endless_is_refused_in_a_short_sentence() -> None:
    with pytest.raises(UnknownZone) as refused:
        zone("Asia/" * 100_000)

    assert len(str(refused.value)) < 100


def test_every_name_is_a_zone_with_a_file() -> None:
    assert len(zone_names()) > 400
    assert {"Asia/Almaty", "Asia/Qostanay", "UTC"} <= zone_names()
    assert all(zone(name).key == name for name in zone_names())
    assert all(zone_file(name).startswith(b"TZif") for name in zone_names())


# Instants


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("Asia/Almaty", "2026-06-11 09:00", "2026-06-11 04:00"),
        ("Asia/Almaty", "2024-02-01 09:00", "2024-02-01 03:00"),
        ("Europe/Berlin", "2026-07-01 09:00", "2026-07-01 07:00"),
        ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29 00:59"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-10-25 01:59", "2026-10-24 23:59"),
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25 02:00"),
        ("Asia/Kolkata", "2026-07-01 09:00", "2026-07-01 03:30"),
        ("UTC", "2026-07-01 09:00", "2026-07-01 09:00"),
    ],
)
def test_a_local_time_is_one_instant(name: str, written: str, meant: str) -> None:
    assert instant(local(written), zone(name)) == utc(meant)
    assert instant(local(written), zone(name)).tzinfo is UTC


def test_a_time_that_the_clocks_skip_is_refused_with_both_times_it_could_be() -> None:
    with pytest.raises(NonexistentTime) as refused:
        instant(local("2026-03-29 02:30"), zone("Europe/Berlin"))

    assert str(refused.value) == (
        "2026-03-29 02:30 does not exist in Europe/Berlin, where the clocks skip it:"
        " expected 2026-03-29 01:30 +01:00 (2026-03-29 00:30 UTC)"
        " or 2026-03-29 03:30 +02:00 (2026-03-29 01:30 UTC)"
    )
    assert refused.value.readings == (utc("2026-03-29 00:30"), utc("2026-03-29 01:30"))
    assert refused.value.hint == "write a local time that exists, or the time in UTC with 'timezone: UTC'"


def test_a_time_that_the_clocks_show_twice_is_refused_with_both_times_it_could_be() -> None:
    with pytest.raises(AmbiguousTime) as refused:
        instant(local("2026-10-25 02:30"), zone("Europe/Berlin"))

    assert str(refused.value) == (
        "2026-10-25 02:30 happens twice in Europe/Berlin, where the clocks are set back:"
        " expected 2026-10-25 02:30 +02:00 (2026-10-25 00:30 UTC)"
        " or 2026-10-25 02:30 +01:00 (2026-10-25 01:30 UTC)"
    )
    assert refused.value.readings == (utc("2026-10-25 00:30"), utc("2026-10-25 01:30"))
    assert refused.value.hint == "write the time in UTC with 'timezone: UTC'"


def test_the_hour_that_almaty_lived_twice_is_refused() -> None:
    with pytest.raises(AmbiguousTime):
        instant(local("2024-02-29 23:30"), zone("Asia/Almaty"))


def test_a_day_that_samoa_never_had_is_refused() -> None:
    with pytest.raises(NonexistentTime) as refused:
        instant(local("2011-12-30 12:00"), zone("Pacific/Apia"))

    assert refused.value.readings == (utc("2011-12-29 22:00"), utc("2011-12-30 22:00"))


def test_both_refusals_are_what_python_calls_a_bad_value() -> None:
    assert issubclass(UnclearTime, ValueError)
    assert issubclass(NonexistentTime, UnclearTime)
    assert issubclass(AmbiguousTime, UnclearTime)


@pytest.mark.parametrize(
    "moment", [utc("2026-06-11 09:00"), utc("2026-06-11 09:00").astimezone(zone("Asia/Almaty"))]
)
def test_a_time_that_carries_an_offset_is_no_local_time(moment: datetime) -> None:
    with pytest.raises(ValueError, match="expected a local time without an offset"):
        instant(moment, zone("Asia/Almaty"))


@pytest.mark.parametrize(
    ("written", "name"), [("0001-01-01 00:00", "Asia/Almaty"), ("9999-12-31 23:59", "AoE")]
)
def test_a_time_outside_the_years_of_utc_is_refused(written: str, name: str) -> None:
    with pytest.raises(ValueError, match="expected a time that can be told in UTC"):
        instant(local(written), zone(name))


# Whose data


def test_the_installed_data_is_sound() -> None:
    require_sound_zones()

    assert tzdata_version() >= "2024.1"


def run(code: str, tmp_path: Path, **environment: str) -> str:
    """What a fresh Python prints; packages in `tmp_path` come before the installed ones."""
    path = os.pathsep.join((str(tmp_path), str(SOURCES)))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def fixed_zone(offset: timedelta) -> bytes:
    """A zone file that knows one offset for all time (RFC 8536)."""
    seconds = int(offset.total_seconds())
    header = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 4)
    block = struct.pack(">l?B4s", seconds, False, 0, b"-00\0")
    return header + block + header + block + f"\n<-00>{-seconds // 3600}\n".encode()


def install_tzdata(folder: Path, version: str, zones: dict[str, bytes]) -> None:
    """A `tzdata` package with these zones only."""
    package = folder / "tzdata"
    for name, data in zones.items():
        file = package / "zoneinfo" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        for parent in (package, package / "zoneinfo", file.parent):
            (parent / "__init__.py").touch()
        file.write_bytes(data)
    (package / "__init__.py").write_text(f'__version__ = "{version}"\n', "utf-8")
    (package / "zones").write_text("".join(f"{name}\n" for name in zones), "utf-8")


REFUSE = """
from publisher.zones import UnsoundZones, require_sound_zones
try:
    require_sound_zones()
except UnsoundZones as error:
    print(error)
"""


def test_data_from_before_kazakhstan_changed_its_clocks_is_refused(tmp_path: Path) -> None:
    install_tzdata(tmp_path, "2023.3", {"Asia/Almaty": fixed_zone(timedelta(hours=6))})

    assert run(REFUSE, tmp_path) == (
        "the time zone data (tzdata 2023.3) is out of date:"
        " on 2026-06-11 Asia/Almaty is at +05:00, it says +06:00\n"
        "hint: install a newer one with `python -m pip install --upgrade tzdata`\n"
    )


def test_data_that_has_forgotten_what_was_before_is_refused(tmp_path: Path) -> None:
    install_tzdata(tmp_path, "2030.1", {"Asia/Almaty": fixed_zone(timedelta(hours=5))})

    assert "on 2024-02-01 Asia/Almaty is at +06:00, it says +05:00" in run(REFUSE, tmp_path)


def test_data_without_almaty_is_refused(tmp_path: Path) -> None:
    install_tzdata(tmp_path, "2023.3", {"Europe/Berlin": fixed_zone(timedelta(hours=1))})

    assert "unknown time zone 'Asia/Almaty'" in run(REFUSE, tmp_path)


def test_unsound_data_stops_the_operator_with_a_sentence_and_no_traceback() -> None:
    assert issubclass(UnsoundZones, PublisherError)


def test_the_machines_own_database_is_never_asked(tmp_path: Path) -> None:
    """Not even for a zone that somebody loaded from it before."""
    machine = tmp_path / "zoneinfo"
    (machine / "Asia").mkdir(parents=True)
    (machine / "Asia" / "Almaty").write_bytes(fixed_zone(timedelta(hours=9)))
    code = """
from datetime import datetime
from zoneinfo import ZoneInfo
local = datetime(2026, 6, 11, 9, 0)
print(local.replace(tzinfo=ZoneInfo("Asia/Almaty")).isoformat())
from publisher.zones import instant, zone
print(local.replace(tzinfo=ZoneInfo("Asia/Almaty")).isoformat())
print(instant(local, zone("Asia/Almaty")).isoformat())
"""

    assert run(code, tmp_path, PYTHONTZPATH=str(machine)).split() == [
        "2026-06-11T09:00:00+09:00",
        "2026-06-11T09:00:00+05:00",
        "2026-06-11T04:00:00+00:00",
    ]
