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
    from collections.abc import Collection, Mapping, Sequence


@dataclass(frozen=True)
class Words:
    """The theme's texts in one language, with English standing in for what is missing."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of `section.key` with its {names} filled in.

        A date may bring a full stop of its own ("2026 г."): a sentence that ends with it has one, not two.
        """
        text = self.texts[key].format(**values) if values else self.texts[key]
        return text[:-1] if text.endswith("..") and not text.endswith("...") else text

    def count(self, key: str, number: int, **values: object) -> str:
        """The text for so many: `key.one`, `key.few`, ... by the language's plural rule (CLDR), with {n}.

        A form that has no text is said like `key.other`.
        """
        form = f"{key}.{self.locale.plural_form(number)}"
        return self(form if form in self.texts else f"{key}.other", n=number, **values)

    @cached_property
    def locale(self) -> Locale:
        """The CLDR locale for names of months and days."""
        return Locale.parse(self.texts.get("dates.locale", self.language))


def words(language: str, layers: Sequence[Mapping[str, str]]) -> Words:
    """The words of a language from the files of each theme folder (name -> text), the later over the earlier.

    BadConfiguration where a file is broken.
    """
    texts = {"dates.locale": _locale_for(language)}
    for files in layers:
        texts |= _read(files, "en.toml", without=() if language == "en" else ("dates.locale",))
    for files in layers:
        texts |= _read(files, f"{language}.toml")
    return Words(language, texts)


def _read(files: Mapping[str, str], name: str, without: Collection[str] = ()) -> dict[str, str]:
    try:
        found = _flat(tomllib.loads(files.get(name, "")))
    except tomllib.TOMLDecodeError as error:
        finding = Diagnostic(Span(f"templates/strings/{name}"), "invalid-toml", str(error).lower())
        raise BadConfiguration(str(finding)) from None
    return {key: text for key, text in found.items() if key not in without}


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
