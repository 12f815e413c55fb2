"""What the theme itself says, in each language: `strings/<language>.toml`, overridable key by key."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from babel import Locale, UnknownLocaleError

from publisher.diagnostics import Diagnostic, Span
from publisher.errors import BadConfiguration

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Words:
    """The theme's texts in one language, with English standing in for what is missing."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of `section.key` with its {names} filled in."""
        return self.texts[key].format(**values) if values else self.texts[key]

    def count(self, key: str, number: int) -> str:
        """A number with its noun in the right form (CLDR plural rules): `key.one`, ..., `key.other`."""
        form = self.locale.plural_form(number)
        return (self.texts.get(f"{key}.{form}") or self.texts[f"{key}.other"]).format(n=number)

    @cached_property
    def locale(self) -> Locale:
        """The CLDR locale for names of months and days."""
        return Locale.parse(self.texts.get("dates.locale", self.language))


def words(language: str, files: Mapping[str, str]) -> Words:
    """The words of a language from the theme's files (name -> text); BadConfiguration where one is broken."""
    texts: dict[str, str] = {}
    for name in ("en.toml", f"{language}.toml"):
        if name not in files:
            continue
        try:
            texts |= _flat(tomllib.loads(files[name]))
        except tomllib.TOMLDecodeError as error:
            finding = Diagnostic(Span(f"templates/strings/{name}"), "invalid-toml", str(error).lower())
            raise BadConfiguration(str(finding)) from None
    if f"{language}.toml" not in files:
        texts["dates.locale"] = _locale_for(language)
    return Words(language, texts)


def _locale_for(language: str) -> str:
    try:
        return str(Locale.parse(language))
    except UnknownLocaleError:
        return "en_GB"


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
