"""However an office spells its cells, the same frames are read; what is unclear gives no figure."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from capacity.base import Problems, catalog
from capacity.inputs.districts import District, load_district
from capacity.inputs.tables import TABLES, CellError, Column, grade_of, listed_words, unclear_words
from tests.random_districts import random_case, write_district

Row = Mapping[str, Any]
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
#: Ways to write a count, a school year, a calendar year and the first autumn of something.
COUNTS = (
    "{n:,}",
    "{n}人",
    "{n} 名",
    "{n}¹",
    "{n} *",
    "{n}[1]",
    "{n} pupils",
    " {n}",
    "wide",
    "{n}②",
)
SCHOOL = (
    *(
        "{y}年",
        "{y}学年",
        "{y}-{z}",
        "{y}-{s}",
        "{y}/{z}学年度",
        "SY {y}-{s}",
        "{y}.0",
        "wide",
        "{y}{z}",
    ),
    *(
        "Autumn {y}",
        "fall {y}",
        "{y}年秋季",
        "January {z}",
        "{z}年3月",
        "{y}-10-15",
        "Census May {z}",
    ),
)
YEAR = ("{y}年", "{y}年度", "{y}.0", "wide", " {y}")
AUTUMN = (*YEAR, "{y}年9月", "{y}-02", "{y}/{z}", "October {b}", "{b}-12-31", "{y}年春", "5/6/{y}")
GRADES = (
    "0{n}",
    "{n}.0",
    "{n}年级",
    "Grade {n}",
    "Year {n}",
    "gr. {n}",
    "Klasse {n}",
    "{n}¹",
    "wide",
)


def seeds(usual: int, every: int) -> list[Any]:
    """Give the seeds of every run of the tests, and those of a slow one."""
    slow = (pytest.param(seed, marks=pytest.mark.slow) for seed in range(usual, every))
    return [*range(usual), *slow]


def loaded(folder: Path) -> tuple[District | None, Problems]:
    problems = Problems()
    return load_district(folder, problems), problems


def levels_of(district: Row) -> dict[str, tuple[int, int]]:
    return {level["code"]: tuple(level["grades"]) for level in district["levels"]}


@cache
def column_of(table: str, name: str) -> Column | None:
    return next((column for column in TABLES[table].columns if column.name == name), None)


def spelt(rng: random.Random, table: str, name: str, value: Any) -> Any:
    """Write a cell otherwise, as an office might."""
    column = column_of(table, name)
    ways: Sequence[str] = (str(value),)
    if column is None or value in ("", None, "all"):
        return value
    if column.kind == "year":
        ways = {"school": SCHOOL, "autumn": AUTUMN}.get(column.sense, YEAR)
    elif column.kind == "grade":
        early = {0: ("K", "Reception", "大班"), -1: ("PK", "中班")}
        ways = GRADES if int(value) > 0 else early.get(int(value), ways)
    elif column.heads and name != "homes" and float(value).is_integer():
        ways = COUNTS
    elif column.kind == "region":
        return rng.choice((value, value.swapcase(), f" {value}", value.replace(" ", "  ")))
    elif column.choices:
        words = [word for word, choice in listed_words(column.words).items() if choice == value]
        return rng.choice((value, rng.choice(words).upper(), str(value).upper()))
    return filled(rng.choice(ways), int(value)) if ways != (str(value),) else value


def filled(way: str, number: int) -> str:
    if way == "wide":
        return str(number).translate(_WIDE)
    after = number + 1
    return way.format(n=number, y=number, z=after, s=f"{after % 100:02}", b=number - 1)


def respelt(rng: random.Random, table: str, rows: Sequence[Row]) -> list[Row]:
    return [{k: spelt(rng, table, k, v) for k, v in row.items()} for row in rows]


@pytest.mark.parametrize("seed", seeds(4, 40))
def test_any_spelling_reads_to_the_frames_of_the_plain_tables(seed: int, tmp_path: Path) -> None:
    case, rng = random_case(seed), random.Random(seed)
    write_district(tmp_path / "plain", case.district, case.tables)
    plain, said = loaded(tmp_path / "plain")
    assert plain is not None, [problem.text() for problem in said.errors]
    tables = {
        name: respelt(rng, name, rows) if name in TABLES else rows
        for name, rows in case.tables.items()
    }
    write_district(tmp_path / "office", case.district, tables)
    read, problems = loaded(tmp_path / "office")
    assert read is not None, [problem.text() for problem in problems.errors]
    for name in TABLES:
        pd.testing.assert_frame_equal(
            *(of.table(name).drop(columns=["line", "file"]) for of in (read, plain))
        )
    assert read.changes


def unclear_cells(rng: random.Random, district: Row) -> dict[str, list[str]]:
    """Give cells of more than one meaning, or of none, by the kind of column."""
    levels = levels_of(district)
    words = [
        *catalog("reading")["grades"]["maybe"],
        "K1",
        "P1",
        "S1",
        "1학년",
        "5e",
        "初一",
        "高二",
        "KF",
        "UG",
    ]
    grades = []
    for word in words:
        try:
            found = grade_of(word, levels)
        except CellError:
            grades.append(word)
        else:
            grades += [word] if found is None else []
    year, span = rng.randint(2012, 2020), "{y}/{s}"
    both = [f"SY {year}", f"{year}-{year + 2}", f"Winter {year}"]
    parts = [f"{year}年下半年", f"10/01/{year}", f"{year}.1"]
    return {
        "grade": grades,
        "school": [*both, *parts, f"August {year}", "2005-06", f"Q3 {year}", f"{year}-01-01"],
        "autumn": [*both, *parts, "2009/10"],
        "births": [*both, *parts, filled(span, year), "2009/10", f"{year}学年", f"May {year}"],
        "period": [*both, *parts, filled(span, year), f"{year}-07"],
        "calendar": [*both, filled(span, year)],
        "heads": [
            "*",
            "c",
            "<10",
            "≤5",
            "1-4",
            "…",
            "n/a",
            "12½",
            "1 2",
            "120(3)",
            "12 dozen",
            "空",
        ],
        "region": ["nowhere", "allx"],
    }


@pytest.mark.parametrize("seed", seeds(10, 300))
def test_a_cell_of_two_meanings_is_never_read_in_silence(seed: int, tmp_path: Path) -> None:
    case, rng = random_case(seed % 25), random.Random(seed)
    tables = {name: [dict(row) for row in rows] for name, rows in case.tables.items()}
    cells = unclear_cells(rng, case.district)
    places = [
        (table, row, column)
        for table, rows in tables.items()
        if table in TABLES
        for row in range(len(rows))
        for name, value in rows[row].items()
        if value not in ("", None, "all") and (column := column_of(table, name))
        if cells.get(kind_of(column)) or column.choices
    ]
    table, row, column = rng.choice(places)
    if column.choices:
        cell = rng.choice([*unclear_words(column.words), "whatever"])
    else:
        cell = rng.choice(cells[kind_of(column)])
    tables[table][row][column.name] = cell
    write_district(tmp_path, case.district, tables)
    district, problems = loaded(tmp_path)
    assert district is None, (table, column.name, cell)
    first = problems.errors[0]
    assert first.at.file.endswith(f"{table}.csv") and first.at.line == row + 2, first.text()


def kind_of(column: Column) -> str:
    """Give the kind of cells that may be unclear in a column."""
    if column.kind == "year":
        return column.sense
    return "heads" if column.heads and column.name != "homes" else column.kind
