"""The architecture as imports: who may know whom, which library is known where, and what a command loads."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import publisher
from sites import CuratedSite

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(publisher.__file__).parent

#: From the bottom up; what stands in one line may know each other.
LAYERS = (
    {"_version", "errors", "diagnostics", "fetching", "folders", "zones"}
    | {"linting", "ics", "syndication", "model"},
    {"config", "config_mail", "config_faults", "toml_places", "reference", "content", "edition", "render"},
    {"mailing", "calendar_import"},
    {"store", "build", "assets", "fragment_file", "server", "schedule", "transports", "secret_keys"}
    | {"websub"},
    {"site"},
    {"post"},
    {"release"},
    {"issuing", "subscribing", "subscriber_files", "mailshots"},
    {"app", "served"},
    {"cli"},
    {"__main__"},
)
#: What has no clock, no chance and no state: the same input gives the same output.
PURE = (
    "diagnostics",
    "ics",
    "linting",
    "syndication",
    "model",
    "config",
    "config_mail",
    "config_faults",
    "toml_places",
    "reference",
    "content",
    "edition",
    "render",
    "mailing",
)

#: Where each library may be imported; everything else goes through what these modules offer.
KNOWN_IN = {
    "alembic": ("store.migrate", "store.migrations"),
    "anyio": ("server",),
    "apscheduler": ("schedule",),
    "babel": ("render", "calendar_import.zones"),
    "click": ("cli",),
    "css_inline": ("mailing.inlining",),
    "dateutil": ("model.rule_dates",),
    "email_validator": ("mailing.addresses",),
    "feedgen": ("render.atom_rss",),
    "imagesize": ("assets",),
    "icalendar": ("render.vevent", "ics.vtimezone", "ics.writing"),
    "jinja2": ("render.theme",),
    "nh3": ("content.markdown", "render.markup"),
    "psycopg": (),
    "pyromark": ("content.markdown",),
    "rich": ("cli.options",),
    "smtplib": ("transports.smtp_session",),
    "sqlalchemy": ("store",),
    "starlette": ("server",),
    "tomllib": ("toml_places", "render.words"),
    "uvicorn": ("server",),
    "watchfiles": ("cli.preview",),
    "yaml": ("content",),
    "zoneinfo": ("zones",),
}


class Import(NamedTuple):
    """One import, as `publisher.render.site` has one of `publisher.model.edition`."""

    importer: str
    imported: str

    def __str__(self) -> str:
        return f"{self.importer} imports {self.imported}"


def _module(path: Path) -> str:
    """The name of a module within the package: `model.edition`; of a package its own."""
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the program, parsed."""
    return {_module(path): ast.parse(path.read_bytes()) for path in sorted(SOURCE.rglob("*.py"))}


def _walk(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes that run: a name that only a type checker reads makes nobody depend on anybody."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _walk(node)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in _walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def imports() -> tuple[Import, ...]:
    return tuple(Import(name, imported) for name, tree in modules().items() for imported in _imported(tree))


def _layer(module: str) -> int:
    part = module.split(".", maxsplit=1)[0]
    return next(number for number, layer in enumerate(LAYERS) if part in layer)


def _is_in(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


def test_every_module_has_its_layer() -> None:
    parts = {name.split(".")[0] for name in modules()} - {"__init__"}

    assert parts == set.union(*LAYERS)


def test_nobody_imports_what_stands_above() -> None:
    ours = [
        each for each in imports() if each.imported.startswith("publisher.") and each.importer != "__init__"
    ]
    inner = [(each, each.imported.removeprefix("publisher.")) for each in ours]
    upwards = [
        str(each)
        for each, imported in inner
        if imported.split(".")[0] != "__version__" and _layer(imported) > _layer(each.importer)
    ]

    assert len(inner) > 100
    assert upwards == []


@pytest.mark.parametrize("library", KNOWN_IN)
def test_a_library_is_imported_in_its_place_only(library: str) -> None:
    users = {each.importer for each in imports() if each.imported.split(".")[0] == library}

    assert {user for user in users if not _is_in(user, KNOWN_IN[library])} == set()
    assert users or not KNOWN_IN[library]


def test_nothing_pure_looks_at_a_clock_or_draws_lots() -> None:
    """Time is an argument: what is made of a ledger and a date is the same on every machine."""
    clocks = {
        "now",
        "utcnow",
        "today",
        "time",
        "time_ns",
        "monotonic",
        "perf_counter",
        "uuid1",
        "uuid4",
        "getlocale",
    }
    owners = {"datetime", "date", "time", "uuid", "random", "secrets", "locale"}
    calls = [
        f"{name}: {node.value.id}.{node.attr}"
        for name, tree in modules().items()
        if name.split(".")[0] in PURE
        for node in _walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id in owners and node.attr in clocks
    ]
    drawn = [
        str(i)
        for i in imports()
        if i.importer.split(".")[0] in PURE
        and i.imported.split(".")[0] in {"random", "secrets", "uuid", "time", "locale"}
    ]

    assert calls == []
    assert drawn == []


def _loaded(arguments: list[str]) -> set[str]:
    """The modules that a command has loaded when it ends."""
    code = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: sys.stderr.write(json.dumps(sorted(sys.modules))))\n"
        "from publisher.__main__ import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


def test_the_version_is_told_before_anything_is_loaded() -> None:
    allowed = set(sys.stdlib_module_names) | {"publisher", "__main__", "__mp_main__"}
    startup = {name for name in _loaded(["--version"]) if name not in allowed and not name.startswith("_")}

    assert not startup & {*KNOWN_IN, "pydantic"}


@pytest.mark.parametrize("command", ["build", "plan", "check", "status", "tick"])
def test_a_command_loads_no_server_no_mail_and_no_migrations(command: str, tmp_path: Path) -> None:
    site = CuratedSite.create(tmp_path / "site")
    site.event()

    loaded = _loaded([command, "--site", str(site.root)])

    assert "sqlalchemy" in loaded
    assert not loaded & {
        "alembic",
        "starlette",
        "uvicorn",
        "anyio",
        "apscheduler",
        "smtplib",
        "psycopg",
        "watchfiles",
    }
