"""khal, a calendar client for the terminal: put calendars into its store, ask what it shows."""

import importlib
import json
import subprocess
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import icalendar

from .occurrences import WINDOW, Occurrence, Reading, in_order, written
from .tools import environment, program


def read_khal(files: Iterable[Path]) -> Reading:
    """Read with khal, a calendar client for the terminal: one calendar of its own for each file."""
    numbered = {f"calendar-{number}": file for number, file in enumerate(files)}
    program("khal")
    with tempfile.TemporaryDirectory() as home:
        for name, file in numbered.items():
            _khal_import(file, Path(home, name))
        listed = _khal_list(Path(home), numbered)
    return {file: in_order(_of_khal(file, listed.get(name, []))) for name, file in numbered.items()}


def _khal_import(file: Path, store: Path) -> None:
    """Store each event, with its changed occurrences, in a file of its own, as khal keeps them."""
    store.mkdir()
    split = importlib.import_module("khal.icalendar").split_ics
    for number, item in enumerate(split(file.read_text(encoding="utf-8"))):
        (store / f"{number}.ics").write_text(item, encoding="utf-8", newline="")


def _khal_list(home: Path, names: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """Ask khal for every day of the window, and sort what it lists by calendar."""
    settings = home / "config"
    settings.write_text(_khal_settings(home, names), encoding="utf-8")
    fields = ["calendar", "uid", "start-long-full", "end-long-full", "all-day", "status"]
    asked = [argument for field in fields for argument in ("--json", field)]
    days = [f"{moment:%Y-%m-%d}" for moment in WINDOW]
    command = [program("khal"), "--config", str(settings), "list", *asked, *days]
    done = subprocess.run(
        command, env=environment(home) | {"PYTHONTZPATH": ""}, capture_output=True, text=True, check=True
    )
    listed: dict[str, list[dict[str, str]]] = {}
    for line in done.stdout.splitlines():
        for row in json.loads(line):
            listed.setdefault(row["calendar"], []).append(row)
    return listed


def _khal_settings(home: Path, names: Iterable[str]) -> str:
    calendars = "".join(f"[[{name}]]\npath = {home / name}\n" for name in names)
    moment = "%Y-%m-%d %H:%M"
    return (
        f"[calendars]\n{calendars}[sqlite]\npath = {home / 'khal.db'}\n"
        "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        f"datetimeformat = {moment}\nlongdatetimeformat = {moment}\n"
    )


def _of_khal(file: Path, rows: Iterable[dict[str, str]]) -> set[Occurrence]:
    """Turn khal's lines (one for each day that an event touches) into occurrences.

    It names the last day of a whole-day event, and draws an hour where no end is given.
    """
    endless = _without_end(file)
    occurrences = set()
    for row in rows:
        start, end = (
            datetime.fromisoformat(f"{row[edge]}Z") for edge in ("start-long-full", "end-long-full")
        )
        if row["all-day"] == "True":
            moments = written(start.date()), written(end.date() + timedelta(days=1))
        else:
            moments = written(start), written(start if row["uid"] in endless else end)
        occurrences.add(Occurrence(row["uid"], *moments, row["status"].strip()))
    return occurrences


def _without_end(file: Path) -> set[str]:
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    return {str(event["UID"]) for event in calendar.walk("VEVENT") if not {"DTEND", "DURATION"} & set(event)}
