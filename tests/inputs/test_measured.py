"""Accuracy beside a district's data: shown on these very data, and on no others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import capacity
from capacity.base import Problems
from capacity.inputs.districts import (
    ACCURACY_FILE,
    District,
    data_sha256,
    load_district,
    measured_on,
)
from capacity.results import NUMBERS
from capacity.studies.backtest import store
from tests.inputs.folder import DISTRICT, enrolment, tables, write

NINE = enrolment(range(2013, 2022))
VERSION = (capacity.__version__, NUMBERS)


def read(root: Path, **changed: str) -> District:
    folder = write(root, **({"enrolment": NINE} | changed)).parent / "demo"
    problems = Problems()
    found = load_district(folder, problems)
    assert found is not None, [problem.text() for problem in problems]
    return found


def test_the_hash_is_of_what_forecasts_read(tmp_path: Path) -> None:
    told = data_sha256(read(tmp_path / "a"))
    lines = NINE.splitlines()
    births = tables()["births"]
    same = {
        "rows in another order": {"enrolment": "\n".join([lines[0], *lines[:0:-1]]) + "\n"},
        "a note": {"births": births.replace("\n", ",\n").replace("births,", "births,note")},
        "Chinese heads": {"births": births.replace("year,region,births", "年份,区域,出生人数")},
        "places": {"places": "region,level,places\nnorth,primary,1\n"},
        "how sure a count is": {
            "births": births.replace("\n", ",RED\n").replace("births,RED", "births,quality")
        },
        "titles": {"district": DISTRICT.replace("Demo District", "Another")},
    }
    for name, changed in same.items():
        assert data_sha256(read(tmp_path / name, **changed)) == told, name
    other = {
        "a pupil more": {"enrolment": NINE.replace(",101", ",102", 1)},
        "a birth less": {"births": births.replace(",120", ",119", 1)},
        "a projection": {
            "births": births.replace("\n", ",\n")
            .replace("births,", "births,source")
            .replace("2020,south,120,", "2020,south,120,projection")
        },
        "a flag": {"flags": "year,region,reason\n2020,all,pandemic\n"},
        "another cut-off": {"district": DISTRICT.replace("08-31", "12-31")},
        "another level": {"district": DISTRICT.replace("[4, 5]", "[4, 6]").replace(
            "  - {code: high, grades: [6, 6], class_size: 45, pool: district}\n", ""),
            "places": None},
    }  # fmt: skip
    for name, changed in other.items():
        assert data_sha256(read(tmp_path / name, **changed)) != told, name


FLAGS = "year,region,reason,grade,kind\n2018,all,break,2,odd\n"
FLOWS = "level,from,to,share\nmiddle,north,south,.5\nmiddle,north,north,.5\nmiddle,south,south,1\n"
HOUSING = "year,region,homes\n2018,north,100\n"
YIELDS = "level,years_since,pupils_per_home\nprimary,1,.2\n"
CHILDREN = "year,region,age,children\n" + "".join(
    f"{year},{region},4,{80 + 7 * (year % 3)}\n"
    for year in range(2012, 2020)
    for region in ("north", "south")
)
BESIDE = {"flags": FLAGS, "flows": FLOWS, "housing": HOUSING, "yields": YIELDS}
BESIDE["children"] = CHILDREN


def forecast_of(district: District) -> list[float]:
    """Forecasts of the past with their ranges: what the hash must tell apart."""
    found = capacity.backtest(district, draws=20, horizons=2, workers=1).forecasts
    rows = found[found["method"] == "model"]
    return [float(n) for name in ("forecast", "p10", "p90") for n in rows[name]]


@pytest.mark.parametrize(
    "table, old, new",
    [
        ("flags", "2,odd", "3,odd"),
        ("flags", "2,odd", ",odd"),
        ("flags", "2,odd", "2,step"),
        ("flags", "all", "north"),
        ("flows", "north,south,.5\nmiddle,north,north,.5", "north,south,.2\nmiddle,north,north,.8"),
        ("housing", "100", "300"),
        ("yields", ".2", ".3"),
        ("yields", "1,", "2,"),
        ("yields", "primary", "middle"),
        ("children", "2018,north,4,", "2018,north,4,1"),
        ("children", "2018,north,4", "2018,north,3"),
    ],
)
def test_whatever_moves_a_forecast_moves_the_hash(
    tmp_path: Path, table: str, old: str, new: str
) -> None:
    uneven = NINE.replace("6,north,3,103", "6,north,3,163").replace("8,south,2,102", "8,south,2,72")
    beside = {"enrolment": uneven} | BESIDE
    before = read(tmp_path / "a", **beside)
    after = read(tmp_path / "b", **beside | {table: beside[table].replace(old, new)})
    assert forecast_of(after) != forecast_of(before)
    assert data_sha256(after) != data_sha256(before)


def test_it_is_read_back_on_these_data_by_this_version_alone(tmp_path: Path) -> None:
    district = read(tmp_path)
    tables_before = {p: p.read_bytes() for p in district.folder.iterdir()}
    assert measured_on(district, *VERSION) is None
    result = capacity.backtest(district, draws=50, horizons=3)
    path = store(result, district)
    assert path == district.folder / ACCURACY_FILE
    assert {p: p.read_bytes() for p in district.folder.iterdir() if p != path} == tables_before
    found = measured_on(read(tmp_path), *VERSION)
    assert found is not None and found.grades == (1, 6) and found.origins == result.origins
    scores = result.scores().query("method == 'model' and level == 'all'").set_index("horizon")
    assert sorted(found.scores("model")) == [1, 2, 3]
    assert found.scores("model")[3]["mape"] == scores.loc[3, "mape"]
    assert measured_on(district, "another", NUMBERS) is None
    assert measured_on(district, capacity.__version__, NUMBERS + 1) is None
    assert measured_on(read(tmp_path, enrolment=NINE.replace(",101", ",102", 1)), *VERSION) is None


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "{", '{"accuracy": []}', "\x00", "[" * 9999]
)
def test_what_no_back_test_wrote_is_not_believed(tmp_path: Path, text: str) -> None:
    district = read(tmp_path)
    (district.folder / ACCURACY_FILE).write_text(text)
    assert measured_on(district, *VERSION) is None


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give what a back-test of these data wrote beside them."""
    district = read(tmp_path_factory.mktemp("stored"))
    path = store(capacity.backtest(district, draws=0, horizons=2), district)
    assert measured_on(district, *VERSION) is not None
    return path.read_text()


@pytest.mark.parametrize("key", ["grades", "origins", "accuracy", "draws", "data_sha256"])
def test_what_was_spoilt_since_is_not_believed(tmp_path: Path, stored: str, key: str) -> None:
    district = read(tmp_path)
    path, found = district.folder / ACCURACY_FILE, json.loads(stored)
    path.write_text(stored)
    assert measured_on(district, *VERSION) is not None
    for value in (None, "x", [{"method": 1}], 7.5e400):
        path.write_text(json.dumps(found | {key: value}))
        assert measured_on(district, *VERSION) is None, value


def test_runs_show_it_in_both_languages_and_say_where_it_is_not(tmp_path: Path) -> None:
    district = read(tmp_path)
    scenario = tmp_path / "baseline.yaml"
    plan = capacity.load_scenario(scenario)
    assert "not measured on these data" in capacity.run(plan, draws=0).summary()
    assert "预测准确度尚未检验；可运行：capacity backtest" in capacity.run(plan, draws=0).summary(
        "zh"
    )
    store(capacity.backtest(district, draws=50, horizons=3), district)
    result = capacity.run(plan, draws=0)
    assert result.measured is not None
    said = "How good such forecasts were on these data: three years ahead, half of"
    assert said in result.summary() and "all together" not in result.summary()
    assert "在本区历史数据上检验：提前 3 年" in result.summary("zh")
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text + "demand: {progression: {method: mean, window: 5}}\n", "utf-8")
    other = capacity.run(capacity.load_scenario(scenario), draws=0)
    assert "not measured on these data by this method" in other.summary()


def test_fewer_grades_are_said(tmp_path: Path) -> None:
    district = read(tmp_path)
    store(capacity.backtest(district, draws=0, horizons=2, grades=(1, 5)), district)
    result = capacity.run(capacity.load_scenario(tmp_path / "baseline.yaml"), draws=0)
    assert "were on these data (grades 1–5): two years ahead" in result.summary()


def test_a_run_read_back_shows_what_it_showed(tmp_path: Path) -> None:
    from capacity import api
    from capacity.results import Options

    district = read(tmp_path)
    plan = capacity.load_scenario(tmp_path / "baseline.yaml")
    store(capacity.backtest(district, draws=50, horizons=3), district)
    result, _ = api.keep(plan, tmp_path / "run", Options(charts=False))
    (district.folder / ACCURACY_FILE).unlink()
    back = capacity.load_run(tmp_path / "run")
    assert back.measured == result.measured is not None
    assert back.summary() == result.summary()
