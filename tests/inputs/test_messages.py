"""What problems say to a planner: columns as the file has them, codes for titles, Chinese words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest

from capacity.base import METHODS, Counted, Problem, Source, Term, Unsure, catalog
from capacity.inputs.districts import DistrictFile
from capacity.inputs.documents import value_terms
from capacity.inputs.levers import Declaration
from capacity.inputs.scenarios import (
    ScenarioFile,
    check,
    district_schema,
    load_scenario,
    scenario_schema,
)
from capacity.inputs.tables import TABLES, as_written
from tests.inputs.folder import DISTRICT, SCENARIO, tables, write


def only(folder: Path, **changed: str) -> Problem:
    (problem,) = check(write(folder, **changed)).errors
    return problem


CHINESE = tables()["births"].replace("year,region,births", "出生年份,区域,出生人数")


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        (
            CHINESE.replace("2010,north", "2010,nroth"),
            "unknown region in column 区域 (region)",
            "“区域 (region)”列：没有这个区域",
        ),
        (
            CHINESE.replace("120", "120元", 1),
            "column 出生人数 (births) is not a number",
            "“出生人数 (births)”列不是数字",
        ),
        (
            tables()["births"].replace("120", "120元", 1),
            "column births is not a number",
            "“births（出生人数）”列不是数字",
        ),
        (
            CHINESE + "2010,north,5\n",
            "the same 出生年份 (year), 区域 (region) as in line 2",
            "出生年份 (year)、区域 (region) 与第 2 行相同",
        ),
        (
            tables()["births"].replace("births", "birth", 1),
            "table births lacks the column(s) births",
            "表 births（出生）缺少列 births（出生人数）",
        ),
    ],
)
def test_a_column_is_named_as_the_file_names_it(
    tmp_path: Path, text: str, en: str, zh: str
) -> None:
    errors = check(write(tmp_path, births=text)).errors
    assert any(en in problem.text("en") and zh in problem.text("zh") for problem in errors)


def test_a_header_that_differs_in_case_or_cannot_be_printed_is_the_columns_own_name() -> None:
    region = TABLES["births"].column("region")
    assert as_written(" Region", region) == Term("region", "区域")
    assert as_written("区\n域", region) == Term("区 域 (region)")
    assert as_written("区域\u200b", region) == Term("region", "区域")


@pytest.mark.parametrize(
    ("table", "old", "title", "kind", "code"),
    [
        ("enrolment", "north", "北部", "region", "north"),
        ("places", "primary", "小学", "level", "primary"),
    ],
)
def test_a_title_in_place_of_a_code_is_refused_with_the_code(
    tmp_path: Path, table: str, old: str, title: str, kind: str, code: str
) -> None:
    problem = only(tmp_path, **{table: tables()[table].replace(old, title, 1)})
    assert problem.code == "title-for-code"
    assert problem.text().endswith(f"{title} is the title of {kind} {code}: write {code}")
    assert problem.text("zh").endswith(f"“{title}”是 {code} 的名称：请改写为 {code}")


@pytest.mark.parametrize(
    ("table", "old", "spelt"),
    [
        ("enrolment", "north", "ＮORTH "),
        ("places", "primary", "Primary"),
        ("births", "north", "Nórth"),
    ],
)
def test_a_code_is_read_whatever_its_case_width_and_accents(
    tmp_path: Path, table: str, old: str, spelt: str
) -> None:
    district = load_scenario(
        write(tmp_path, **{table: tables()[table].replace(old, spelt, 1)})
    ).district
    assert [(one.kind, one.before, one.after) for one in district.changes] == [("code", spelt, old)]


def test_a_title_of_two_regions_names_neither(tmp_path: Path) -> None:
    district = DISTRICT.replace("title: 南部", "title: {en: South, zh: 北部}")
    enrolment = tables()["enrolment"].replace("north", "北部", 1)
    assert only(tmp_path, district=district, enrolment=enrolment).code == "unknown-region"


@pytest.mark.parametrize(
    ("lever", "code"),
    [
        ("{kind: births, times: 1, where: {region: 北部}}", "north"),
        ("{kind: add_places, add: 5, where: {region: north, level: 小学}}", "primary"),
        ("{kind: close, close: {region: 北部, level: middle, places: 5}}", "north"),
        ("{kind: close, close: {region: north, level: 初中, places: 5}}", "middle"),
    ],
)
def test_a_title_in_a_lever_is_answered_with_the_code(
    tmp_path: Path, lever: str, code: str
) -> None:
    problem = only(tmp_path, scenario=f"{SCENARIO}levers:\n  - {lever}\n")
    assert problem.text().endswith(f"did you mean '{code}'?")


def test_a_key_has_its_chinese_word_beside_it(tmp_path: Path) -> None:
    path = write(tmp_path, scenario=SCENARIO.replace("last_year: 2026", "lastyear: 2026"))
    missing, unknown = check(path).errors
    assert "缺少字段 last_year（末年）" in f"{missing.text('zh')}{unknown.text('zh')}"
    assert "base_year（基准年）、last_year（末年）" in f"{missing.text('zh')}{unknown.text('zh')}"
    assert "base_year, last_year" in f"{missing.text()}{unknown.text()}"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("levers:\n  - {kind: brths, times: 1}", "births（出生人数）、entry（入学比率）"),
        (
            "levers:\n  - {kind: delay, add: 1, where: {status: opne}}",
            "building（在建）、approved（已批复）",
        ),
        ("supply: {count: [opne]}", "open（已启用）、building（在建）"),
        ("supply: {completion: {planed: .5}}", "approved（已批复）、planned（规划）"),
        ("supply: {fill: imediate}", "immediate（一次到位）"),
        ("demand: {entry: {method: men}}", "mean（逐年平均）、pooled（合计之比）"),
        ("chance: {sources: [brths]}", "ratios（比率）、projects（项目）"),
    ],
)
def test_a_listed_value_has_its_chinese_word_beside_it(
    tmp_path: Path, line: str, words: str
) -> None:
    problem = only(tmp_path, scenario=f"{SCENARIO}{line}\n")
    assert words in problem.text("zh")
    assert "（" not in problem.text()


KINDS = sorted(
    name
    for declaration in get_args(get_args(Declaration)[0])
    for name in get_args(declaration.model_fields["kind"].annotation)
)


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("kind", KINDS),
        ("method", METHODS),
        ("sources", get_args(Source)),
        ("count", get_args(Counted)),
        ("completion", get_args(Unsure)),
    ],
)
def test_every_listed_value_has_a_chinese_word(key: str, values: Sequence[str]) -> None:
    words = [term.zh for term in value_terms(key, values)]
    assert words and all(words) and len(set(words)) == len(words)


def keys(schema: Any) -> Iterator[str]:
    """Give the keys of all objects of a schema."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for part in schema.values():
            yield from keys(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from keys(part)


@pytest.mark.parametrize("declaration", [DistrictFile, ScenarioFile])
def test_every_key_has_a_chinese_word(declaration: type) -> None:
    schema = district_schema() if declaration is DistrictFile else scenario_schema()
    named = set(keys(schema))
    assert len(named) > 20
    assert not named - catalog("terms")["keys"].keys()
