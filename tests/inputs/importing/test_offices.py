"""The files of two offices, one Chinese and one English, to districts that run."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import capacity
from capacity.base import Problems
from capacity.inputs.importing import ImportMap, read_map
from tests.inputs.importing import office_zh as office

SHARED = Path(__file__).parents[4] / "shared"
#: What only the Chinese office knows.
ANSWERS = {
    "units": office.STREETS,
    "words": {
        "split_classes": {"东升实验学校": "primary=18;middle=9"},
        "level": {"羊坊店中学扩建": "middle"},
        "status": {"主体施工": "building", "前期手续": "approved"},
    },
}


def completed(found: capacity.Imported) -> ImportMap:
    """The map with the office's answers in all the empty places, and nowhere else."""
    units = {unit: office.STREETS[unit] for unit in found.map.units}
    words = {
        column: {said: ANSWERS["words"][column][said] for said in asked}  # type: ignore[index]
        for column, asked in found.map.words.items()
    }
    return found.map.model_copy(update={"units": units, "words": words})


def test_a_chinese_office_gets_next_autumns_classes_in_two_runs(tmp_path: Path) -> None:
    files = office.write(tmp_path)
    first = capacity.import_tables(files, name="某区")
    assert {way[0] for way in first.open} <= {"units", "words"} and not first.tables
    second = capacity.import_tables(files, completed(first))
    assert second.is_complete
    pupils = second.tables["enrolment"]
    assert pupils["pupils"].sum() == sum(
        office.pupils(school, year, grade)
        for year in office.YEARS
        for schools, grades in (
            (office.SCHOOLS, range(1, 7)),
            (office.MIDDLE_SCHOOLS, range(7, 10)),
        )
        for school in schools
        for grade in grades
    )
    qinghe = pupils[(pupils["year"] == 2025) & (pupils["region"] == "清河街道")]
    assert qinghe.set_index("grade").loc[1, "pupils"] == sum(
        office.pupils(school, 2025, 1) for school in ("清河第一小学", "清河第二小学")
    )
    born = second.tables["births"]
    assert born["births"].sum() == sum(
        office.births(street, year) for street in office.STREETS for year in range(2012, 2026)
    )
    places = second.tables["places"].groupby("level")["classes"].sum()
    assert places.to_dict() == {"middle": 33, "primary": 120}
    projects = second.tables["pipeline"].set_index("project")
    assert projects["opens"].tolist() == [2027, 2028, 2026, 2029]
    assert projects["places_primary"].fillna(0).tolist() == [960, 960, 0, 960]
    assert projects["places_middle"].fillna(0).tolist() == [0, 480, 240, 480]


def test_every_cell_that_was_not_taken_as_it_stood_is_listed(tmp_path: Path) -> None:
    files = office.write(tmp_path)
    log = capacity.import_tables(files, completed(capacity.import_tables(files))).changes_frame()
    summed = log[log["what"] == "summed"]
    assert len(summed) == 2 * 6 * len(office.YEARS)  # two schools in one street
    assert set(log["what"]) == {"changed", "summed", "left out"}
    assert (log["cell"] != "").all()


@pytest.mark.skipif(not SHARED.exists(), reason="the cases are not beside")
def test_english_exports_ask_for_one_list(tmp_path: Path) -> None:
    files = sorted((SHARED / "cases" / "office-england").glob("*.csv"))
    first = capacity.import_tables(files, name="la")
    assert {way[0] for way in first.open} == {"units"} and len(first.open) == 10
    wards = dict(zip(first.map.units, [r for r in first.map.regions for _ in (1, 2)], strict=True))
    second = capacity.import_tables(files, first.map.model_copy(update={"units": wards}))
    assert sorted(second.tables) == ["births", "enrolment", "housing", "places", "units"]
    assert second.tables["enrolment"]["year"].unique().tolist() == list(range(2020, 2026))
    assert second.tables["births"]["year"].iloc[0] == 2010  # born in 2009/10
    text = second.map_text("en")
    assert yaml.safe_load(text)["district"]["entry"] == {
        "age": 4, "cutoff": "08-31", "births_year_ends": "08-31",
    }  # fmt: skip


def test_the_map_is_read_as_it_is_written(tmp_path: Path) -> None:
    files = office.write(tmp_path)
    found = capacity.import_tables(files, completed(capacity.import_tables(files)))
    for lang in ("en", "zh"):
        path = tmp_path / f"{lang}.yaml"
        path.write_text(found.map_text(lang), encoding="utf-8")
        problems = Problems()
        assert read_map(path, problems) == found.map and not problems.errors
    again = capacity.import_tables(files, tmp_path / "en.yaml")
    assert again.map == found.map and again.is_complete


def test_next_year_the_same_map_names_only_what_is_new(tmp_path: Path) -> None:
    files = office.write(tmp_path / "2025")
    known = completed(capacity.import_tables(files))
    years = (*office.YEARS, 2026)
    same = capacity.import_tables(office.write(tmp_path / "2026", years), known)
    assert same.is_complete and same.tables["enrolment"]["year"].max() == 2026
    schools = {**office.SCHOOLS, "上地新校": "上地街道"}
    new = capacity.import_tables(office.write(tmp_path / "new", years, schools), known)
    assert list(new.open) == [("units", "上地街道")]
    assert new.open["units", "上地街道"][:3] == ("北部", "中部", "南部")
