"""What stands in a district folder and is no table is said, with the name that is nearest."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from capacity.base import Problems
from capacity.inputs.districts import load_district
from tests.inputs.folder import tables, write
from tests.seeds import seeds

#: Names that offices give to tables.
NAMES = ("{}_by_region", "2021 {}", "district-{}-final", "{}汇总", "data")
#: What nobody takes for a table.
ASIDES = ("README.csv", "notes.csv", "填表说明.csv", ".hidden.csv", "~$births.xlsx", "map.png")
ASIDES += ("other.yaml", "words.txt", "accuracy.json")


def said(folder: Path) -> dict[str, str]:
    """Give the words of every problem by code."""
    problems = Problems()
    load_district(folder, problems)
    return {problem.code: problem.text("en") for problem in problems}


@pytest.mark.parametrize("seed", seeds(range(8), range(20)))
def test_a_table_of_another_name_is_told_with_the_nearest(seed: int, tmp_path: Path) -> None:
    luck, folder = random.Random(seed), write(tmp_path).parent / "demo"
    table = luck.choice(sorted(tables()))
    path = folder / f"{table}.csv"
    other = path.rename(folder / (luck.choice(NAMES).format(table) + ".csv"))
    found = said(folder)
    words = found.get("not-read") or found["table-name"]
    assert other.name in words
    assert f"{table}.csv" in words
    assert all(name in words for name in tables())
    if table == "enrolment":
        missing = found.get("enrolment-missing") or found["table-name"]
        assert other.name in missing


@pytest.mark.parametrize("name", ["{}2024", "{}_old", "{} (1)", "{}s", "copy of {}"])
@pytest.mark.parametrize("table", sorted(tables()))
def test_a_copy_beside_a_table_is_no_misspelling(table: str, name: str, tmp_path: Path) -> None:
    folder = write(tmp_path).parent / "demo"
    other = folder / f"{name.format(table)}.csv"
    other.write_bytes((folder / f"{table}.csv").read_bytes())
    found = said(folder)
    assert set(found) == {"not-read"}
    assert other.name in found["not-read"] and f"{table}.csv?" not in found["not-read"]


def test_one_line_names_all_of_a_folder(tmp_path: Path) -> None:
    folder = write(tmp_path).parent / "demo"
    for number in range(30):
        (folder / f"x{number:02}.csv").write_text("a,b\n1,2\n", "utf-8")
    (folder / "old.xls").write_bytes(b"")
    (folder / "births.tsv").write_text("year\tregion\tbirths\n", "utf-8")
    found = said(folder)
    assert set(found) == {"not-read"}
    assert "x00.csv" in found["not-read"] and "+20" in found["not-read"]


def test_what_is_no_data_is_not_told(tmp_path: Path) -> None:
    folder = write(tmp_path).parent / "demo"
    for name in ASIDES:
        (folder / name).write_text("some words, and more\n", "utf-8")
    (folder / "optional").mkdir()
    assert not said(folder)


def test_a_sheet_that_is_no_table_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path, births=None).parent / "demo"
    rows = [line.split(",") for line in tables()["births"].splitlines()]
    with Workbook(folder / "book.xlsx") as book:
        for name in ("births", "Homes by year", "说明", "Sheet3"):
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows if name != "Sheet3" else []):
                for place, cell in enumerate(cells):
                    sheet.write(row, place, int(cell) if cell.isdigit() else cell)
        hidden = book.add_worksheet("lists of words")
        hidden.write(0, 0, "x")
        hidden.hide()
    found = said(folder)
    (folder / "births2024.csv").write_text(tables()["births"], "utf-8")
    assert set(found) == set(said(folder)) == {"not-read"}
    assert "Homes by year (housing?)" in found["not-read"]
    assert "Sheet3" not in found["not-read"] and "说明" not in found["not-read"]
