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
from capacity.studies.backtest import store
from tests.inputs.folder import DISTRICT, enrolment, tables, write

NINE = enrolment(range(2013, 2022))


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


def test_it_is_read_back_on_these_data_by_this_version_alone(tmp_path: Path) -> None:
    district = read(tmp_path)
    tables_before = {p: p.read_bytes() for p in district.folder.iterdir()}
    assert measured_on(district, capacity.__version__) is None
    result = capacity.backtest(district, draws=50, horizons=3)
    path = store(result, district)
    assert path == district.folder / ACCURACY_FILE
    assert {p: p.read_bytes() for p in district.folder.iterdir() if p != path} == tables_before
    found = measured_on(read(tmp_path), capacity.__version__)
    assert found is not None and found.grades == (1, 6) and found.origins == result.origins
    scores = result.scores().query("method == 'model' and level == 'all'").set_index("horizon")
    assert sorted(found.scores("model")) == [1, 2, 3]
    assert found.scores("model")[3]["mape"] == scores.loc[3, "mape"]
    assert measured_on(district, "another") is None
    assert measured_on(read(tmp_path, enrolment=NINE.replace(",101", ",102", 1)), "0.1.0") is None


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "{", '{"accuracy": []}', "\x00", "[" * 9999]
)
def test_what_no_back_test_wrote_is_not_believed(tmp_path: Path, text: str) -> None:
    district = read(tmp_path)
    (district.folder / ACCURACY_FILE).write_text(text)
    assert measured_on(district, capacity.__version__) is None


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give what a back-test of these data wrote beside them."""
    district = read(tmp_path_factory.mktemp("stored"))
    path = store(capacity.backtest(district, draws=0, horizons=2), district)
    assert measured_on(district, capacity.__version__) is not None
    return path.read_text()


@pytest.mark.parametrize("key", ["grades", "origins", "accuracy", "draws", "data_sha256"])
def test_what_was_spoilt_since_is_not_believed(tmp_path: Path, stored: str, key: str) -> None:
    district = read(tmp_path)
    path, found = district.folder / ACCURACY_FILE, json.loads(stored)
    path.write_text(stored)
    assert measured_on(district, capacity.__version__) is not None
    for value in (None, "x", [{"method": 1}], 7.5e400):
        path.write_text(json.dumps(found | {key: value}))
        assert measured_on(district, capacity.__version__) is None, value


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
    assert said in result.summary() and "all regions together" not in result.summary()
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
