"""What a revision is made against: the ledger before it, the configuration, the instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.config import Config
    from publisher.model.ledger import Item, ItemKey, Ledger


@dataclass(frozen=True)
class Occasion:
    """One release."""

    ledger: Ledger
    config: Config
    #: UTC.
    now: datetime

    @property
    def timezone(self) -> str:
        """The site's zone."""
        return self.config.site.timezone

    def known(self, key: ItemKey) -> Item | None:
        """What the ledger holds of an item."""
        return self.ledger.get(key)

    def was_public(self, key: ItemKey) -> bool:
        """Whether readers knew of an item before this release."""
        known = self.ledger.get(key)
        return known is not None and known.first_published is not None
