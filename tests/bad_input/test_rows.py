"""The table of bad inputs: every row is tested, or it is said why not yet."""

from __future__ import annotations

import importlib
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


def rows_held() -> Counter[int]:
    """Count the tests of each row, by the marks that pytest makes them of.

    A mark for the slow run alone would be another one.
    """
    found: Counter[int] = Counter()
    for path in Path(__file__).parent.glob("test_*.py"):
        module = importlib.import_module(f"{__package__}.{path.stem}")
        for mark in getattr(getattr(module, "test_bad_input", None), "pytestmark", ()):
            assert mark.name == "parametrize" and mark.args[0] == "row", path
            found.update(mark.args[1])
    return found


def test_each_row_has_its_test_or_its_reason() -> None:
    rows = rows_held()
    assert len(rows) >= LEAST
    assert set(rows.values()) == {1}
    assert sorted([*rows, *NOT_YET]) == list(ALL)
    assert rows.keys() >= REQUIRED
