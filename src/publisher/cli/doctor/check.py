"""A check: what was looked at, and how it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.errors import PublisherError

OK, WARNING, PROBLEM = "ok", "warning", "problem"


@dataclass(frozen=True)
class Check:
    """What was looked at, and how it is."""

    name: str
    level: str
    text: str
    #: What to do about it.
    hint: str = ""

    @classmethod
    def of(cls, name: str, error: PublisherError) -> Check:
        """A fault, with its own hint apart."""
        text, _, hint = str(error).partition("\nhint: ")
        return cls(name, PROBLEM, text, hint)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


Examined: TypeAlias = "Iterator[Check]"
