"""The theme: templates, words and assets, the site's own before the default ones.

A site overrides only what it wants to: a template of the same name in its
`templates/` takes the default's place, and may extend what it replaces by
`{% extends "default/base.html" %}`. Words are overridden key by key.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    select_autoescape,
)

from publisher.content.files import walk
from publisher.errors import TemplateFault
from publisher.render.words import Words, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STRINGS, ASSETS = "strings", "assets"


def default_theme() -> Path:
    """The complete theme: inside the wheel, or at the top of a checkout."""
    packaged = Path(str(resources.files("publisher"))) / "theme"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "templates"


@dataclass(frozen=True)
class Theme:
    """Where the theme's files are: `folders` in the order in which they are asked."""

    folders: tuple[Path, ...]
    languages: tuple[str, ...]

    @cached_property
    def environment(self) -> Environment:
        """Jinja2 as all templates see it: escaping on for HTML, a missing value is a fault."""
        loaders = [FileSystemLoader(folder) for folder in self.folders]
        loader = ChoiceLoader([*loaders, PrefixLoader({"default": FileSystemLoader(self.folders[-1])})])
        return Environment(
            loader=loader,
            autoescape=select_autoescape(disabled_extensions=("txt", "css", "js"), default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    @cached_property
    def words(self) -> Mapping[str, Words]:
        """What the theme says in each of the site's languages, the site's own words over the default ones."""
        layers = [_strings(folder) for folder in reversed(self.folders)]
        return {language: words(language, layers) for language in self.languages}

    @cached_property
    def assets(self) -> Mapping[str, bytes]:
        """The theme's own files for browsers: path below assets/ -> bytes."""
        found: dict[str, bytes] = {}
        for folder in reversed(self.folders):
            if (folder / ASSETS).is_dir():
                for path in walk(folder / ASSETS):
                    found[path.relative_to(folder / ASSETS).as_posix()] = path.read_bytes()
        return dict(sorted(found.items()))

    def render(self, template: str, **context: Any) -> str:
        """A template filled in; TemplateFault names the template and line that failed."""
        try:
            return self.environment.get_template(template).render(**context)
        except TemplateSyntaxError as error:
            raise TemplateFault(
                error.name or template, error.lineno, error.message or "syntax error"
            ) from error
        except TemplateError as error:
            raise TemplateFault(template, _line_of(error), error.message or str(error)) from error


def theme(site: Path, languages: Sequence[str]) -> Theme:
    """The theme of a site."""
    own, default = site / "templates", default_theme()
    folders = (own, default) if own.is_dir() and own.resolve() != default.resolve() else (default,)
    return Theme(folders, tuple(languages))


def _strings(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((folder / STRINGS).glob("*.toml"))}


def _line_of(error: BaseException) -> int | None:
    """The line of the innermost template frame in a traceback."""
    line, frame = None, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename.endswith((".html", ".txt", ".xml")):
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
