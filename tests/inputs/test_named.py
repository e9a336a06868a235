"""Files and sheets by their names: one for each year of a table, or no table, which is said."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from capacity.base import Problems
from capacity.inputs.districts import load_district
from capacity.inputs.tables import Tables, read_tables
from tests.inputs.folder import tables as sound
from tests.inputs.folder import write
from tests.seeds import seeds

REGIONS, LEVELS = ("north", "south"), (("primary", (1, 6)),)
HEAD = "region,grade,pupils\n"
#: Names that offices give to tables.
NAMES = ("{}_by_region", "2021 {}", "district-{}-final", "{}汇总", "data")
#: What nobody takes for a table.
ASIDES = ("README.csv", "notes.csv", "填表说明.csv", ".hidden.csv", "~$births.xlsx", "map.png")
ASIDES += ("other.yaml", "words.txt", "accuracy.json")


def read(folder: Path) -> tuple[Tables, list[tuple[str, str]]]:
    problems = Problems()
    tables = read_tables(folder, regions=REGIONS, levels=LEVELS, problems=problems)
    lead = f"{folder}{os.sep}"
    return tables, [(str(problem.at).replace(lead, ""), problem.code) for problem in problems]


def rows(tables: Tables) -> list[tuple[int, str, int, float]]:
    frame = tables.frames["enrolment"]
    return list(frame[["year", "region", "grade", "pupils"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    "names",
    [
        ("enrolment 2022", "enrolment 2023"),
        ("enrolment_2022", "ENROLMENT_2023"),
        ("2022学年在校生", "2023学年 在校生"),
        ("enrolment 2022-23", "enrolment 2023-2024"),
        ("在校生数(2022)", "在校生数(2023年)"),
    ],
)
def test_a_file_for_each_year(tmp_path: Path, names: tuple[str, str]) -> None:
    (tmp_path / f"{names[0]}.csv").write_text(HEAD + "north,1,5\n", encoding="utf-8")
    text = "grade;region;pupils;year\n1;south;6;2023\n2;south;7;2023\n"
    (tmp_path / f"{names[1]}.csv").write_text(text, encoding="utf-8")
    tables, told = read(tmp_path)
    assert not told
    assert rows(tables) == [(2022, "north", 1, 5), (2023, "south", 1, 6), (2023, "south", 2, 7)]
    assert tables.frames["enrolment"]["line"].tolist() == [2, 2, 3]
    assert sorted(file.rows for file in tables.files) == [1, 2]
    assert [change.kind for change in tables.changes] == ["name_year"]


def book(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> None:
    with xlsxwriter.Workbook(path) as made:
        for name, lines in sheets.items():
            sheet = made.add_worksheet(name)
            for number, cells in enumerate(lines):
                sheet.write_row(number, 0, cells)


@pytest.mark.parametrize("file", ["enrolment.xlsx", "office.xlsx"])
def test_a_sheet_for_each_year_whose_name_is_the_year_alone(tmp_path: Path, file: str) -> None:
    wide = [("区域", "一年级", "二年级"), ("north", 5, 6)]
    book(tmp_path / file, {"2022学年": wide, "2023-2024学年": wide, "说明": [("x",)]})
    tables, told = read(tmp_path)
    assert not told
    assert rows(tables) == [
        (year, "north", grade, grade + 4) for year in (2022, 2023) for grade in (1, 2)
    ]


def test_a_workbook_for_each_year(tmp_path: Path) -> None:
    for year in (2022, 2023):
        book(
            tmp_path / f"enrolment {year}.xlsx",
            {"Sheet1": [HEAD.strip().split(","), ("north", 1, 5)]},
        )
    tables, told = read(tmp_path)
    assert not told
    assert [row[0] for row in rows(tables)] == [2022, 2023]


@pytest.mark.parametrize(
    ("files", "place", "code"),
    [
        (
            {"enrolment 2022": "year,region,grade,pupils\n2022,north,1,5\n2023,north,1,5\n"},
            "enrolment 2022.csv:3:1",
            "year-differs",
        ),
        (
            {"enrolment 2022": HEAD + "north,1,5\n", "enrolment_2022": HEAD + "north,2,5\n"},
            "enrolment_2022.csv:1:1",
            "table-twice",
        ),
        (
            {"enrolment 2022": "Pupils in 2021,,\n" + HEAD + "north,1,5\n"},
            "enrolment 2022.csv:1:1",
            "year-title",
        ),
        (
            {"enrolment 2022": HEAD + "north,1,5\n", "enrolment 2023": "region,grade\nnorth,1\n"},
            "enrolment 2023.csv:1:1",
            "column-missing",
        ),
        (
            {"enrolment 2022": HEAD + "north,1,5\n", "enrolment 2023": HEAD + "nort,1,5\n"},
            "enrolment 2023.csv:2:1",
            "unknown-region",
        ),
        (
            {
                "enrolment 2022": HEAD + "north,1,5\n",
                "enrolment": "year," + HEAD + "2022,north,1,5\n",
            },
            "",
            "not-read",
        ),
    ],
)
def test_what_does_not_agree_is_told_with_its_cell(
    tmp_path: Path, files: dict[str, str], place: str, code: str
) -> None:
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    _, told = read(tmp_path)
    assert (place or str(tmp_path), code) in told


def test_years_in_rows_of_their_own(tmp_path: Path) -> None:
    lines = ["区域,年级,在校生数", "2022学年,,", "north,1,5", "south,1,6", "", "2023学年统计表,,"]
    lines += ["区域,年级,在校生数", "north,1,7", "合计,,7", "注：初步数,,"]
    (tmp_path / "enrolment.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    tables, told = read(tmp_path)
    assert not told
    assert rows(tables) == [(2022, "north", 1, 5), (2022, "south", 1, 6), (2023, "north", 1, 7)]
    kinds = [change.kind for change in tables.changes]
    assert kinds == ["header_row", "section", "section", "note_row", "total_row"]


def said(folder: Path) -> dict[str, str]:
    """Give the words of every problem by code."""
    problems = Problems()
    load_district(folder, problems)
    return {problem.code: problem.text("en") for problem in problems}


@pytest.mark.parametrize("seed", seeds(range(8), range(20)))
def test_a_table_of_another_name_is_told_with_the_nearest(seed: int, tmp_path: Path) -> None:
    luck, folder = random.Random(seed), write(tmp_path).parent / "demo"
    table = luck.choice(sorted(sound()))
    path = folder / f"{table}.csv"
    other = path.rename(folder / (luck.choice(NAMES).format(table) + ".csv"))
    found = said(folder)
    words = found.get("not-read") or found["table-name"]
    assert other.name in words
    assert f"{table}.csv" in words
    assert all(name in words for name in sound())
    if table == "enrolment":
        missing = found.get("enrolment-missing") or found["table-name"]
        assert other.name in missing


@pytest.mark.parametrize("name", ["{}2024", "{}_old", "{} (1)", "{}s", "copy of {}"])
@pytest.mark.parametrize("table", sorted(sound()))
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
    rows = [line.split(",") for line in sound()["births"].splitlines()]
    with xlsxwriter.Workbook(folder / "book.xlsx") as made:
        for name in ("births", "Homes by year", "说明", "Sheet3"):
            sheet = made.add_worksheet(name)
            for row, cells in enumerate(rows if name != "Sheet3" else []):
                for place, cell in enumerate(cells):
                    sheet.write(row, place, int(cell) if cell.isdigit() else cell)
        hidden = made.add_worksheet("lists of words")
        hidden.write(0, 0, "x")
        hidden.hide()
    found = said(folder)
    (folder / "births2024.csv").write_text(sound()["births"], "utf-8")
    assert set(found) == set(said(folder)) == {"not-read"}
    assert "Homes by year (housing?)" in found["not-read"]
    assert "Sheet3" not in found["not-read"] and "说明" not in found["not-read"]
