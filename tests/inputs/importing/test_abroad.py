"""Offices of other kinds: places across, traditional Chinese and its era, other exports.

Each is imported, completed where only the office knows, and answers when it is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import capacity
from capacity.studies.importing import imported_folder

Sheets = Mapping[str, Sequence[Sequence[Any]]]
GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级")


def book(path: Path, sheets: Sheets) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def pupils(place: int, year: int, grade: int) -> int:
    return 800 + 120 * place + 17 * (year - 2021) - 11 * grade


def bureau(folder: Path) -> list[Path]:
    """A Chinese bureau: a column for each area, a row for each year and grade, and a list."""
    areas = ("江北片区", "江南片区", "开发区", "老城片区")
    roll: list[list[Any]] = [["江滨区分年级在校生情况"], ["", "", "", "", "", "单位：人"]]
    roll.append(["学年", "年级", *areas, "全区合计"])
    for year in range(2021, 2026):
        rows = [[pupils(a, year, g) for a in range(4)] for g in range(1, 10)]
        said = f"{year}-{year + 1}学年"
        roll += [[said, GRADES[g], *row, sum(row)] for g, row in enumerate(rows)]
        sums = [sum(column) for column in zip(*rows, strict=True)]
        roll.append([said, "小计", *sums, sum(sums)])
    births: list[list[Any]] = [["户籍出生人口"], ["年份", *areas, "全区"]]
    births += [
        [f"{y}年", *(one := [900 + 100 * a for a in range(4)]), sum(one)] for y in range(2015, 2025)
    ]
    places = [["2025年秋季各片区学位供给（个）"], ["学段", *areas, "合计"]]
    places += [["小学", 5000, 6000, 6100, 6500, 23600], ["初中", 2700, 3000, 3400, 3800, 12900]]
    projects = [
        ["学校建设项目台账"],
        ["序号", "项目名称", "片区", "建设规模", "开工时间", "计划投用", "当前进展"],
        [1, "新城实验学校", "江北片区", "36班九年一贯制", "2025年3月", "2027年9月", "主体封顶"],
        [2, "开发区第三小学", "开发区", "30班", "2026年5月", "2028年秋季", "前期手续"],
    ]
    sheets = {"在校生": roll, "出生人口": births, "学位": places, "建设项目": projects}
    return [book(folder / "江滨区教育数据.xlsx", sheets)]


def taiwan(folder: Path) -> list[Path]:
    """Traditional Chinese, years of the era, a sheet a level, schools by district."""
    areas = ("板橋區", "三重區", "中和區")
    names = (
        "一年級",
        "二年級",
        "三年級",
        "四年級",
        "五年級",
        "六年級",
        "七年級",
        "八年級",
        "九年級",
    )
    sheets: dict[str, list[list[Any]]] = {}
    for level, first, last in (("國小", 1, 6), ("國中", 7, 9)):
        rows: list[list[Any]] = [[f"{level}各行政區學生人數"], ["單位：人"]]
        rows.append(["學年度", "行政區", *names[first - 1 : last], "總計"])
        for year in range(110, 115):
            for number, area in enumerate(areas):
                counts = [pupils(number, year + 1911, g) for g in range(first, last + 1)]
                said = year if level == "國小" else f"{year}學年度"
                rows.append([said, area, *counts, sum(counts)])
        sheets[level] = rows
    sheets["出生數"] = [["各區出生人數"], ["行政區", *(f"{year}年" for year in range(103, 114))]]
    sheets["出生數"] += [[area, *[900] * 11] for area in areas]
    sheets["核定班級數"] = [["學校名稱", "行政區", "班級數", "每班人數"]]
    sheets["核定班級數"] += [[f"{a[:2]}國小", a, 170, 29] for a in areas]
    sheets["核定班級數"] += [[f"{a[:2]}國中", a, 85, 30] for a in areas]
    return [book(folder / "學生人數統計.xlsx", sheets)]


def authority(folder: Path) -> list[Path]:
    """An English pair: NOR by NC year with codes, and births to the middle of the year."""
    areas = ("Ash", "Brook", "Castle")
    head = ["Census", "LA Code", "Area Name", "NOR YR R", *(f"NOR YR {g}" for g in range(1, 12))]
    roll: list[list[Any]] = [[*head, "NOR Total"]]
    for year in range(2021, 2026):
        for number, area in enumerate(areas):
            counts = [pupils(number, year, g) for g in range(12)]
            roll.append([f"Jan {year + 1}", 200 + number, area, *counts, sum(counts)])
    path = folder / "Pupil numbers by NCY.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(",".join(map(str, row)) for row in roll), encoding="utf-8")
    births: list[list[Any]] = [["Live births by area"], ["Source: ONS"], []]
    births.append(["Name", "Code", *(f"Mid-{year}" for year in range(2014, 2024))])
    births += [[area, number, *[900] * 10] for number, area in enumerate(areas)]
    scap = [["Area", "Primary Capacity 2025/26", "Secondary Capacity 2025/26"]]
    scap += [[area, 6500, 4600] for area in areas]  # type: ignore[list-item]
    return [path, book(folder / "Births and capacity.xlsx", {"Live births": births, "SCAP": scap})]


def texas(folder: Path) -> list[Path]:
    """A sheet a year, four columns that name places, grades before kindergarten, -999 for few."""
    areas = {"227901": "AUSTIN ISD", "227904": "MANOR ISD", "227907": "EANES ISD"}
    head = ["REGION", "COUNTY NAME", "DISTRICT", "DISTRICT NAME", "EARLY EDUCATION"]
    head += ["PRE-KINDERGARTEN", "KINDERGARTEN", *(f"GRADE {g:02d}" for g in range(1, 13)), "TOTAL"]
    sheets: dict[str, list[list[Any]]] = {}
    for year in range(2021, 2026):
        title = f"Student Enrollment by Grade, {year}-{(year + 1) % 100:02d}"
        rows: list[list[Any]] = [["Texas Education Agency"], [title], [], head]
        for number, (code, name) in enumerate(areas.items()):
            counts = [pupils(number, year, g) for g in range(13)]
            rows.append([13, "TRAVIS", code, name, -999, 40, *counts, sum(counts) + 44])
        sheets[f"{year}-{(year + 1) % 100:02d}"] = rows
    return [book(folder / "PEIMS enrollment.xlsx", sheets)]


#: What each office is asked, with its answer, the tables that come of it and its grades.
OFFICES: dict[str, tuple[Callable[[Path], list[Path]], dict[Any, str], set[str], range]] = {
    "bureau": (
        bureau, {("size", "36班九年一贯制"): "小学24班/初中12班"},
        {"enrolment", "births", "places", "pipeline"}, range(1, 10),
    ),
    "taiwan": (taiwan, {}, {"enrolment", "births", "places"}, range(1, 10)),
    "authority": (authority, {}, {"enrolment", "births", "places"}, range(12)),
    "texas": (texas, {}, {"enrolment"}, range(13)),
}  # fmt: skip


@pytest.mark.parametrize("office", OFFICES)
def test_an_office_of_another_kind_gets_its_answer(tmp_path: Path, office: str) -> None:
    write, answers, tables, grades = OFFICES[office]
    files = write(tmp_path)
    found = capacity.import_tables(files, name=office)
    assert set(found.open) == {("words", *way) for way in answers}
    if answers:
        words = {column: {said: meant} for (column, said), meant in answers.items()}
        found = capacity.import_tables(files, found.map.model_copy(update={"words": words}))
    assert set(found.tables) == tables
    frame = found.tables["enrolment"]
    assert sorted(set(frame["year"])) == list(range(2021, 2026))
    taken = frame.set_index(["year", "region", "grade"])["pupils"].to_dict()
    assert taken == {
        (year, region, grade): pupils(number, year, grade)
        for number, region in enumerate(found.map.regions)
        for year in range(2021, 2026)
        for grade in grades
    }
    kept = imported_folder(found)
    (tmp_path / "out").mkdir()
    for name, table in kept.tables.items():
        table.to_csv(tmp_path / "out" / f"{name}.csv", index=False)
    for name, text in kept.texts.items():
        (tmp_path / "out" / name).write_text(text, encoding="utf-8")
    result = capacity.run(capacity.load_scenario(tmp_path / "out" / "baseline.yaml"), draws=0)
    assert result.frame()["demand"].notna().all()


def test_births_to_the_middle_of_the_year_are_known_as_such(tmp_path: Path) -> None:
    found = capacity.import_tables(authority(tmp_path))
    assert found.map.district.entry is not None
    assert found.map.district.entry.births_year_ends == (6, 30)
    assert found.tables["births"]["year"].min() == 2014


def test_places_that_are_known_nowhere_are_asked_about_once(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["学年", "年级", "甲", "乙", "合计"]]
    rows += [[2025, grade, 10, 20, 30] for grade in range(1, 7)]
    path = book(tmp_path / "roll.xlsx", {"在校生": rows})
    found = capacity.import_tables([path])
    assert set(found.open) == {("tables", "0", "region")}
    assert found.open["tables", "0", "region"][0] == "header"
    table = found.map.tables[0].model_copy(update={"region": "header"})
    again = capacity.import_tables([path], found.map.model_copy(update={"tables": (table,)}))
    assert again.tables["enrolment"]["pupils"].sum() == 180


def test_next_year_a_new_place_across_is_asked_about(tmp_path: Path) -> None:
    known = capacity.import_tables(bureau(tmp_path), name="江滨区").map
    words = {"size": {"36班九年一贯制": "skip"}}
    known = known.model_copy(update={"words": words})
    rows: list[list[Any]] = [["学年", "年级", "江北片区", "江南片区", "开发区", "老城片区", "新区"]]
    rows += [[2026, grade, 10, 20, 30, 40, 50] for grade in range(1, 10)]
    path = book(tmp_path / "next" / "江滨区教育数据.xlsx", {"在校生": rows})
    assert list(capacity.import_tables([path], known).open) == [("units", "新区")]
