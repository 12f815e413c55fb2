"""What a curator is told: each text of tests/diagnostics/ holds bad input and exactly what is found in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from diagnostics_case import findings, read_case

CASES = sorted(Path(__file__).with_name("diagnostics").glob("*.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_bad_input_is_told_exactly_and_nothing_else_is_lost(path: Path, tmp_path: Path) -> None:
    case = read_case(path)

    assert findings(case, tmp_path) == case.expected, case.promise
