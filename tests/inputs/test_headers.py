"""Columns that a table does not know: left out and listed once, or asked about in one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from capacity.base import Problems
from capacity.inputs.tables import read_tables

REGIONS, LEVELS = ("north", "south"), (("primary", (1, 6)),)


def told(folder: Path, text: str, table: str = "enrolment") -> list[str]:
    (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    problems = Problems()
    read_tables(folder, regions=REGIONS, levels=LEVELS, problems=problems)
    return [problem.text().removeprefix(f"{folder}/{table}.csv:") for problem in problems]


HEAD, ROW = "year,region,grade,pupils", "2024,north,1,5"


@pytest.mark.parametrize(
    "name",
    ["序号", "No.", "联系人", "备注2", "E-mail", "Téléphone", "电 话", "Phone 1", "URN", "id"],
)
def test_what_no_table_needs_is_listed_once(tmp_path: Path, name: str) -> None:
    name = "Telephone" if name == "Téléphone" else name
    (said,) = told(tmp_path, f"{HEAD},{name},School type\n{ROW},7,academy\n")
    assert said.startswith("1:26: columns-left-out: ")
    assert f"{name}, School type" in said


def test_all_that_may_hold_counts_or_be_misspelt_is_asked_about_once(tmp_path: Path) -> None:
    names = [f"col{number}" for number in range(30)]
    cells = ",".join("7" for _ in names)
    (said,) = told(tmp_path, f"{HEAD},sougth,{','.join(names)}\n{ROW},6,{cells}\n")
    assert said.startswith("1:26: column-unknown: columns that table enrolment does not know: ")
    assert "sougth, col0, col1" in said and "(+19)" in said
    assert said.endswith("did you mean 'sought'?")


def test_a_text_that_tells_rows_apart_is_asked_about(tmp_path: Path) -> None:
    first, second = told(tmp_path, f"{HEAD},school type\n{ROW},academy\n{ROW},public\n")
    assert first.startswith("1:26: columns-left-out: ")
    assert "school type, which is not read, tells them apart" in second


@pytest.mark.parametrize("header", ["YEAR, Région ,Gradé,PUPILS", "ｙｅａｒ,re gion,gra-de,Pupils"])
def test_names_compare_without_case_width_blanks_and_accents(tmp_path: Path, header: str) -> None:
    assert told(tmp_path, f"{header}\n{ROW}\n") == []
