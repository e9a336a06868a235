"""The table of bad inputs: every row is tested, or it is said why not yet."""

from __future__ import annotations

from tests.bad_input import (
    test_paths,
    test_runs,
    test_scenarios,
    test_tables,
    test_values,
    test_workbooks,
)

MODULES = (test_paths, test_runs, test_scenarios, test_tables, test_values, test_workbooks)
#: Rows of the table.
ALL = range(1, 71)
#: Rows without a test, and why.
NOT_YET = {
    43: "opening years are not compared with approval (no such column), horizon or base year",
    47: "no file gives a correlation matrix",
    59: "no workbook is written; a run has far fewer rows than a sheet",
    60: "no workbook is written",
    62: "no HTML report is written",
    63: "no HTML report is written",
    67: "no results are read back but the manifest, which is JSON and only compared",
    68: "there is no cluster",
}


def test_each_row_has_its_test_or_its_reason() -> None:
    covered = [row for module in MODULES for row in module.ROWS]
    assert len(set(covered)) == len(covered) >= 45
    assert sorted([*covered, *NOT_YET]) == list(ALL)
