"""The named combinations of publisher.toml, held against what there is to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher import toml_places
from publisher.config import FILE
from publisher.content.checks import UNKNOWN
from publisher.diagnostics import Diagnostic, did_you_mean, warning
from publisher.model.records import FACETS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from publisher.config import Config
    from publisher.model.records import Kind


def unknown_choices(
    config: Config, text: str, known: Collection[tuple[Kind, str]], unsure: Collection[Kind] = ()
) -> Iterator[Diagnostic]:
    """Warnings about ids that no record has: what chooses by them alone stays empty.

    `text` is publisher.toml as it stands; `unsure` are kinds of which a broken file
    may have any id.
    """
    for table, combinations in (("calendars", config.calendars), ("feeds", config.feeds)):
        for name, combination in combinations.items():
            for kind in FACETS:
                if kind in unsure:
                    continue
                ids = {id_ for its_kind, id_ in known if its_kind is kind}
                for id_ in getattr(combination, kind.plural):
                    if id_ not in ids:
                        span = toml_places.place(text, FILE, (table, name, kind.plural))
                        message = f"{table}.{name}: unknown {kind} '{id_}'"
                        hint = did_you_mean(id_, ids) or f"add the {kind}, or take another id"
                        yield warning(span, UNKNOWN[kind], message, hint)
