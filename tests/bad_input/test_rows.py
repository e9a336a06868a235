"""The table of bad inputs: every row is tested, or it is said why not yet."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

#: Rows of the table.
ALL = range(1, 71)
#: Rows that must be tested.
REQUIRED = {
    *(2, 3, 4, 5, 7, 11, 15, 16, 19, 20, 22, 23, *range(25, 31), *range(33, 38), 40),
    *(*range(42, 46), 49, 50, *range(52, 58), *range(60, 63), *range(64, 67)),
}
LEAST = 50
#: Rows without a test, and why.
NOT_YET = {
    47: "no file gives a correlation matrix",
    59: "no results go to a workbook; a run has far fewer rows than a sheet",
    68: "there is no cluster",
}


def collected() -> Counter[int]:
    """Count the tests of each row that pytest collects: ``test_bad_input[07]`` is of row 7."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", Path(__file__).parent]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Counter(map(int, re.findall(r"::test_bad_input\[(\d\d)\]$", done.stdout, re.MULTILINE)))


def test_each_row_has_its_test_or_its_reason() -> None:
    rows = collected()
    assert len(rows) >= LEAST
    assert set(rows.values()) == {1}
    assert sorted([*rows, *NOT_YET]) == list(ALL)
    assert rows.keys() >= REQUIRED
