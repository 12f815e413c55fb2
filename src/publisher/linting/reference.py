"""The page that a reference of rules is: why there is each, who misreads what breaks it, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from publisher.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.linting.rule import Rule

#: Rules by what they are about, each group under its title.
Groups: TypeAlias = "tuple[tuple[str, tuple[Rule, ...]], ...]"


def page(head: str, groups: Groups) -> str:
    """The whole document: what stands before the rules, where they are, and each of them."""
    sections = (part for title, rules in groups for part in _group(title, rules))
    return "\n".join([head, *_contents(groups), *sections])


def _contents(groups: Groups) -> Iterator[str]:
    for title, rules in groups:
        codes = ", ".join(f"[{rule.code}](#{rule.code})" for rule in rules)
        yield f"- **{title}**: {codes}"
    yield ""


def _group(title: str, rules: tuple[Rule, ...]) -> Iterator[str]:
    yield f"## {title}\n"
    yield from map(_section, rules)


def _section(rule: Rule) -> str:
    severity = "An error" if rule.severity is Severity.ERROR else "A warning"
    return (
        f"### {rule.code}\n\n*{severity}.* {rule.why}\n\n"
        f"- In practice: {rule.misread}\n- Said in: {rule.source}.\n\nTo mend it: {rule.mend}.\n"
    )
