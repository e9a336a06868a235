"""What an import asks of the office, and what it finds in the office's files itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import capacity

NORTH = "2024,北部,甲,100,90\n2024,,乙,80,70\n"


def imported(folder: Path, *texts: str, name: str = "", **more: Any) -> capacity.Imported:
    """The import of texts as files; ``more`` completes the map."""
    paths = [folder / f"{name}{number}.csv" for number, _ in enumerate(texts)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    found = capacity.import_tables(paths)
    if not more:
        return found
    tables = tuple(
        one.model_copy(update={k: v for k, v in more.items() if k in ("fill", "table", "region")})
        for one in found.map.tables
    )
    stated = {key: more[key] for key in ("words", "units") if key in more}
    return capacity.import_tables(paths, found.map.model_copy(update={"tables": tables, **stated}))


def counts(found: capacity.Imported, table: str = "enrolment") -> list[float]:
    return [float(n) for n in found.tables[table].iloc[:, -2]]


def test_an_empty_cell_below_a_name_is_asked_about(tmp_path: Path) -> None:
    text = "学年,区域,学校,一年级,二年级\n" + NORTH
    assert list(imported(tmp_path, text).open) == [("tables", "0", "fill")]
    filled = imported(tmp_path, text, fill="yes")
    assert counts(filled) == [180, 160]
    assert "fill" in set(filled.changes_frame()["why"])
    with pytest.raises(capacity.InputError) as refused:
        imported(tmp_path, text, fill="no")
    assert {one.code for one in refused.value.problems} == {"cell-empty"}


def test_a_mark_for_a_withheld_count_is_asked_once(tmp_path: Path) -> None:
    text = "Year,Area,Year 1,Year 2\n2024/25,North,10,c\n2024/25,South,c,12\n"
    assert list(imported(tmp_path, text).open) == [("words", "withheld", "c")]
    assert counts(imported(tmp_path, text, words={"withheld": {"c": "3"}})) == [10, 3, 3, 12]
    left = imported(tmp_path, text, words={"withheld": {"c": "skip"}})
    assert counts(left) == [10, 12]
    assert (left.changes_frame()["why"] == "withheld").sum() == 2


def test_a_grade_of_no_level_is_left_out_and_named_once(tmp_path: Path) -> None:
    """Across or down, totals hold it, and a mark in place of its figure asks nothing."""
    across = "School Year,Zone,EE,PK,K,Grade 1,Total\n2024-25,East,-999,5,10,11,30\n"
    across += "2024-25,West,3,6,12,13,34\n"
    down = "School Year,Zone,Grade,Students\n" + "".join(
        f"2024-25,{zone},{grade},{count}\n"
        for zone, own in {"East": (5, 10, 11), "West": (6, 12, 13)}.items()
        for grade, count in zip(("PK", "K", "1"), own, strict=True)
    )
    for text in (across, down):
        found = imported(tmp_path, text)
        assert counts(found) == [10, 11, 12, 13]
        told = [one for one in found.warnings if one.code == "import-outside"]
        assert len(told) == 1 and "PK" in str(told[0].text("en"))
        assert (found.changes_frame()["why"] == "outside").any()
    known = imported(tmp_path, down).map
    levels = known.district.levels
    nursery = levels[0].model_copy(update={"code": "nursery", "grades": (-1, -1)})
    district = known.district.model_copy(update={"levels": (nursery, *levels)})
    read = capacity.import_tables(
        [tmp_path / "0.csv"], known.model_copy(update={"district": district})
    )
    assert counts(read) == [5, 10, 11, 6, 12, 13] and read.is_complete


def test_a_word_that_is_no_grade_may_be_left_out_alone(tmp_path: Path) -> None:
    text = "School Year,Zone,Grade,Students\n2024-25,East,K,5\n2024-25,West,K,4\n"
    text += "2024-25,East,Other,3\n"
    assert imported(tmp_path, text).open["words", "grade", "Other"][-1] == "skip"
    assert counts(imported(tmp_path, text, words={"grade": {"Other": "skip"}})) == [5, 4]


def test_a_list_of_schools_answers_what_it_can(tmp_path: Path) -> None:
    roll = "School,Reception,Year 1\nOak,10,20\nElm,30,40\nAsh,1,2\n"
    zones = "School,Planning area\nOak,North\nElm,South\nElm,North\n"
    found = imported(tmp_path, roll, zones, name="2024-25 ")
    assert found.map.tables[1].table == "units" and found.map.units["Oak"] == "North"
    assert {way[-1] for way in found.open} == {"Elm", "Ash"}
    assert found.open["units", "Elm"][:2] == ("South", "North")


def test_children_by_age_across_or_down(tmp_path: Path) -> None:
    roll = "学年,区域,一年级\n2024,北部,100\n2024,南部,90\n"
    across = "年份,区域,3岁,４周岁\n2024,北部,1,2\n2024,南部,3,4\n"
    down = (
        "年份,区域,年龄,户籍儿童\n2024,北部,3岁,1\n2024,北部,4,2\n2024,南部,3,3\n2024,南部,4岁,4\n"
    )
    for text in (across, down):
        assert counts(imported(tmp_path, roll, text), "children") == [1, 2, 3, 4]


def test_what_is_expected_is_not_taken_for_what_was_counted(tmp_path: Path) -> None:
    text = "Planning area,Year group,2024/25,2025/26\nNorth,Year 1,10,11\nSouth,Year 1,9,8\n"
    found = imported(tmp_path, text, name="forecast ")
    assert found.open["tables", "0", "table"] == ("enrolment", "skip")
    assert not imported(tmp_path, text, name="roll ").open


def test_names_that_differ_between_files_are_asked_about(tmp_path: Path) -> None:
    head = "Planning area,Reception,Year 1\n"
    texts = [f"{head}North,1,2\n{name},3,4\n" for name in ("St Mary's", "St. Marys")]
    for text, year in zip(texts, ("2023-24", "2024-25"), strict=True):
        (tmp_path / f"roll {year}.csv").write_text(text, encoding="utf-8")
    found = capacity.import_tables([tmp_path])
    assert list(found.open) == [("units", "St. Marys")]
    assert found.open["units", "St. Marys"][0] == "St Mary's"


def test_a_district_that_begins_later_has_older_entrants(tmp_path: Path) -> None:
    head = "Academic year,School,Planning area," + ",".join(f"Year {n}" for n in range(7, 12))
    found = imported(
        tmp_path, f"{head}\n2024/25,Oak,North,1,2,3,4,5\n2024/25,Elm,South,1,2,3,4,5\n"
    )
    entry = found.map.district.entry
    assert entry is not None and entry.age == 11


def test_a_column_that_is_left_out_is_listed(tmp_path: Path) -> None:
    roll = "学年,区域,一年级\n2024,北部,100\n2024,南部,90\n"
    text = "学校,区域,学段,学位数,招生计划,电话\n甲,北部,小学,500,90,1\n乙,南部,小学,400,80,2\n"
    found = imported(tmp_path, roll, text)
    log = found.changes_frame()
    assert list(log[log["why"] == "column"]["before"]) == ["电话"]
    assert found.tables["places"]["entry_places"].tolist() == [90, 80]


def test_pupils_to_be_admitted_by_a_school_of_two_levels_are_left_out(tmp_path: Path) -> None:
    """Nobody says to which first grade."""
    roll = "学年,区域,一年级,七年级\n2024,北部,100,90\n2024,南部,90,80\n"
    text = "学校,区域,学段,轨数,招生计划\n甲,北部,九年一贯制,2,90\n乙,南部,小学,3,80\n"
    found = imported(tmp_path, roll, text)
    assert found.tables["places"]["entry_places"].dropna().tolist() == [80]
    assert (found.changes_frame()["why"] == "entry_places").sum() == 1


def test_months_of_births_are_added_up_to_their_year(tmp_path: Path) -> None:
    roll = "学年,区域,一年级,二年级\n2024,北部,100,90\n2024,南部,90,80\n"
    months = [f"{n}月" for n in range(1, 13)]
    rows = [",".join(map(str, (name, *range(1, 13), 78))) for name in ("北部", "南部")]
    text = "\n".join(["2024年出生人口", ",".join(["街道", *months, "合计"]), *rows])
    assert counts(imported(tmp_path, roll, text), "births") == [78, 78]
    with pytest.raises(capacity.InputError) as refused:
        imported(tmp_path, roll, text.replace("78", "79"))
    assert {one.code for one in refused.value.problems} == {"total-differs"}


def test_a_total_alone_may_be_the_count(tmp_path: Path) -> None:
    text = "学年,区域,年级,合计\n2024,北部,一年级,10\n2024,南部,一年级,12\n"
    found = imported(tmp_path, text)
    assert "pupils" in found.open["tables", "0", "columns", "合计"]


def test_the_total_of_a_level_is_held_against_its_grades(tmp_path: Path) -> None:
    head = "学年,区域,一年级,二年级,小学合计,初一,初中合计\n"
    assert counts(imported(tmp_path, f"{head}2024,北部,1,2,3,4,4\n2024,南部,1,2,3,5,5\n"))
    with pytest.raises(capacity.InputError) as refused:
        imported(tmp_path, f"{head}2024,北部,1,2,4,4,4\n2024,南部,1,2,3,5,5\n")
    assert {one.code for one in refused.value.problems} == {"total-differs"}


def test_a_word_of_the_map_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    text = "学年,区域,年级,人数\n2024,北部,一年级,10\n2024,南部,一年级,12\n"
    known = imported(tmp_path, text).map
    columns = {**known.tables[0].columns, "人数": "pupil"}
    table = known.tables[0].model_copy(update={"columns": columns})
    with pytest.raises(capacity.InputError) as refused:
        capacity.import_tables([tmp_path], known.model_copy(update={"tables": (table,)}))
    assert [one.code for one in refused.value.problems] == ["unknown-value"]
