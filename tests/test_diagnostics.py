"""What a curator is told: each text of tests/diagnostics/ holds bad input and exactly what is found in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import publisher
from diagnostics_case import findings, read_case
from publisher.diagnostics import Diagnostic, Severity, Span, did_you_mean, quoted, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = sorted(Path(__file__).with_name("diagnostics").glob("*.txt"))
SOURCES = sorted(Path(publisher.__file__).parent.rglob("*.py"))
#: All texts of cases.
CASES_TEXT = "".join(path.read_text("utf-8") for path in CASES)
REFERENCE = Path(__file__).parents[1] / "docs/reference/diagnostics.md"

#: The calls that make a finding, and which of their arguments is its code.
MAKERS = {
    "Diagnostic": 1, "warning": 1, "fault": 0, "reads": 1, "_Refused": 1, "_refused": 0, "Mistimed": 1,
}  # fmt: skip
#: Codes that no file of a curator brings about: a fault of the program, and one of a theme.
NOT_OF_CONTENT = {"changed-identity", "internal-error", "template-fault"}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_bad_input_is_told_exactly_and_nothing_else_is_lost(path: Path, tmp_path: Path) -> None:
    case = read_case(path)

    assert findings(case, tmp_path) == case.expected, case.promise


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_finding_says_what_to_do(path: Path) -> None:
    told = read_case(path).expected.partition("sound: ")[0].strip().splitlines()
    places = re.compile(r"\S+:\d+:\d+: (error|warning)\[[a-z0-9-]+\]: \S")

    assert [line for line in told[::2] if not places.match(line)] == []
    assert [line for line in told[1::2] if not line.startswith("  hint: ")] == []
    assert len(told) % 2 == 0


def test_every_code_has_a_case() -> None:
    shown = {
        code
        for path in CASES
        for code in re.findall(r"(?:error|warning)\[([a-z0-9-]+)\]", read_case(path).expected)
    }

    assert codes() - NOT_OF_CONTENT == shown


def test_every_code_is_explained_in_the_reference() -> None:
    headings = re.findall(r"^### (.+)$", REFERENCE.read_text("utf-8"), re.MULTILINE)

    assert sorted(codes()) == headings


def test_the_reference_shows_findings_as_they_are() -> None:
    expected = "\n".join(read_case(path).expected for path in CASES)
    _, *sections = re.split(r"^### ", REFERENCE.read_text("utf-8"), flags=re.MULTILINE)
    for section in sections:
        code = section.split("\n", 1)[0]
        shown = re.search(rf"^\S+: (?:error|warning)\[{code}\]: .*(?:\n  hint: .*)?$", section, re.MULTILINE)

        assert shown, code
        assert code in NOT_OF_CONTENT or shown[0] in expected
        assert "\nTo mend it: " in section


def codes() -> set[str]:
    """Every code in the source but those of what an import reads: they have a reference of their own."""
    found = {code for path in SOURCES for code in _codes(ast.parse(path.read_text("utf-8")))}
    return {code for code in found if not code.startswith("import-") or f"[{code}]" in CASES_TEXT}


def _codes(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"(?:error|warning)\[([a-z0-9-]+)\]", node.value)
        if (
            isinstance(node, ast.Call)
            and (maker := _name(node.func)) in MAKERS
            and len(node.args) > MAKERS[maker]
        ):
            yield from _strings(node.args[MAKERS[maker]])
        if (
            isinstance(node, ast.Assign | ast.AnnAssign)
            and node.value
            and _name(_target(node)) in {"UNKNOWN", "_SHAPES", "code"}
        ):
            yield from (code for code in _strings(node.value) if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", code))


def _target(node: ast.Assign | ast.AnnAssign) -> ast.expr:
    return node.target if isinstance(node, ast.AnnAssign) else node.targets[0]


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _strings(node: ast.expr) -> Iterator[str]:
    return (n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str))


# Findings themselves


def test_a_finding_reads_like_a_compilers() -> None:
    finding = Diagnostic(
        Span("content/x.md", 4, 6), "unknown-timezone", "unknown time zone 'X'", "use another"
    )

    assert str(finding) == (
        "content/x.md:4:6: error[unknown-timezone]: unknown time zone 'X'\n  hint: use another"
    )
    assert finding.as_json() == {
        "path": "content/x.md",
        "line": 4,
        "column": 6,
        "severity": "error",
        "code": "unknown-timezone",
        "message": "unknown time zone 'X'",
        "hint": "use another",
    }


def test_a_warning_never_fails() -> None:
    finding = warning(Span("content/x.md"), "no-status-note", "the event is cancelled without a word why")

    assert finding.severity is Severity.WARNING
    assert not finding.is_error
    assert str(finding) == (
        "content/x.md:1:1: warning[no-status-note]: the event is cancelled without a word why"
    )


def test_what_a_finding_quotes_cannot_forge_lines_or_drive_a_terminal() -> None:
    span = Span("content/a\nb\udcff.md")
    finding = Diagnostic(span, "unknown-field", "unknown field '\x1b[2J\r\n\u202eforged'", "x\ny")

    assert str(finding) == (
        "content/a\\nb\\udcff.md:1:1: error[unknown-field]: unknown field '\\x1b[2J\\r\\n\\u202eforged'\n"
        "  hint: x\\ny"
    )
    assert finding.as_json()["path"] == "content/a\\nb\\udcff.md"


def test_findings_are_in_the_order_of_files_and_lines() -> None:
    spans = [Span("b.md", 1, 1), Span("a.md", 10, 1), Span("a.md", 9, 2), Span("a.md", 9, 1)]

    in_order = sorted(Diagnostic(span, "x", "y") for span in spans)

    assert [finding.span for finding in in_order] == spans[::-1]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Almaty", "'Almaty'"),
        ("Алматы\u00a0қаласы", "'Алматы қаласы'"),
        ("a" * 61, f"'{'a' * 60}…'"),
        (["a"], "a list"),
        ({"a": "b"}, "a mapping"),
        ("a\tb", "'a\\tb'"),
    ],
)
def test_what_was_written_is_quoted_on_one_short_line(written: object, shown: str) -> None:
    assert quoted(written) == shown


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("titel", "did you mean 'title'?"),
        ("TITLE", "did you mean 'title'?"),
        ("xyz", ""),
        ("t" * 50_000, ""),
        ("", ""),
    ],
)
def test_only_what_is_near_is_proposed(word: str, hint: str) -> None:
    assert did_you_mean(word, ["start", "title"]) == hint
