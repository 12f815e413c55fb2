"""What HTTP says of a feed or a calendar: rules, and `check`, which holds them against given answers."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from publisher.diagnostics import Diagnostic, Span
from publisher.syndication.http import caching, media, reach, whereabouts
from publisher.syndication.http.rule import Sight

if TYPE_CHECKING:
    from publisher.linting.rule import Rule
    from publisher.syndication.http.exchange import Exchange

#: By what they are about, for the reference.
GROUPS: Final[tuple[tuple[str, tuple[Rule, ...]], ...]] = (
    ("Whether it can be fetched", reach.RULES),
    ("What HTTP says that it is", media.RULES),
    ("Asking again", caching.RULES),
    ("Where it is", whereabouts.RULES),
)
#: So many findings of one sort are told of one address.
MOST_OF_A_SORT: Final = 20
RULES: Final = tuple(rule for _, rules in GROUPS for rule in rules)


def check(exchange: Exchange) -> tuple[Diagnostic, ...]:
    """What is amiss with the answers of an address, in the order of the rules; all stands at its line 1."""
    return tuple(
        finding_of(rule, exchange.asked, told.message, told.hint)
        for rule in RULES
        if rule.sight is Sight.EXCHANGE and (not rule.on or exchange.format in rule.on)
        for told in islice(rule.broken(exchange), MOST_OF_A_SORT)
    )


def finding_of(rule: Rule, url: str, message: str, hint: str = "") -> Diagnostic:
    """That a rule is broken at an address."""
    return Diagnostic(Span(url), rule.code, message, hint or rule.mend, rule.severity)
