"""The table of problems: files spoilt so that each code is told, and the place where."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter.worksheet import Worksheet

from capacity.base import Problem, catalog
from capacity.inputs.scenarios import check
from tests.bad_input.cases import (
    BIRTHS,
    DISTRICT_FILE,
    ENROLMENT,
    PIPELINE,
    PLACES,
    SCENARIO_FILE,
    SOUND,
    Content,
    built,
    capacity,
    levers,
    more,
    swap,
    tree,
)
from tests.bad_input.faults import DISTRICT_YAML, LEVER, LINE, SCENARIO, TABLE, WARNED
from tests.bad_input.test_workbooks import BOOK, drawn
from tests.inputs.folder import enrolment
from tests.seeds import in_turn, usually

CHILDREN, FLOWS, HOUSING, RATIOS, UNITS, YIELDS = (
    f"demo/{name}.csv" for name in ("children", "flows", "housing", "ratios", "units", "yields")
)
_LINE = re.compile(r"(warning: |提示：)?(.+?): ([a-z0-9-]+): (.+)")
_CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Spoilt:
    """Files of which a code is told, and what else is.

    Attributes
    ----------
    at : str
        Where the problem stands.
    files : mapping of name to content
        What differs from the sound files.
    beside : tuple of str
        Place and code of every other error.
    warned : bool
        The problem is a warning, and nothing is refused for it.
    target : tuple of str
        The command, and what it is given.
    """

    at: str
    files: Mapping[str, Content]
    beside: tuple[str, ...] = ()
    target: tuple[str, ...] = field(default=("check", SCENARIO_FILE), kw_only=True)
    warned: bool = field(default=False, kw_only=True)


def lever(at: str, *lines: str, beside: tuple[str, ...] = (), warned: bool = False) -> Spoilt:
    """Spoil the scenario by levers; the first stands on line 7."""
    return Spoilt(f"{SCENARIO_FILE}:{at}", levers(*lines), beside, warned=warned)


def scenario(at: str, line: str) -> Spoilt:
    """Spoil the scenario by one more line, the sixth."""
    return Spoilt(f"{SCENARIO_FILE}:{at}", more(SCENARIO_FILE, line))


def district(at: str, old: str, new: str) -> Spoilt:
    """Spoil district.yaml."""
    return Spoilt(f"{DISTRICT_FILE}:{at}", swap(DISTRICT_FILE, old, new))


def sheet(cell: str, row: tuple[object, ...], at: str = "births") -> Spoilt:
    """Spoil the births by a workbook with one more row, the 24th."""
    rows = [*((year, "all", 120) for year in range(2000, 2022)), row]
    return Spoilt(f"{BOOK}[{at}!{cell}]", {BIRTHS: None, BOOK: drawn(rows=rows)})


def _shifted(sheet: Worksheet) -> None:
    sheet.write_row(0, 0, ("", "", 5))
    sheet.write_row(1, 0, ("year", "region", "births"))


def _huge(path: Path) -> None:
    """Make a file of more bytes than are read, without writing them."""
    with path.open("wb") as file:
        file.truncate(2**28 + 1)


def _two_books(path: Path) -> None:
    drawn()(path)  # type: ignore[operator]
    drawn()(path.with_name("late.xlsx"))  # type: ignore[operator]


_PLACES, _SCHOOLS = SOUND[PLACES], "region,level,places,school\n"
_WIDE = "region,2018年,2019年"
_BESIDE = SOUND[BIRTHS].replace("births\n", "births,,year\n").replace("120\n", "120,,2020\n")
_SIZE = "project,region,status,opens,size\nP,north,planned,2024,{}\n"
_UNITS = "unit,region\nOak,north\nElm,north\n"
_ROW = "region: north, status: idea, opens: 2025"
_SENT = "from_region: north, to_region: south, level: primary"
_LIVING = "level,years_since,pupils_per_home\nprimary,0,.2\n"
_FLOWING = "level,from,to,share\nmiddle,north,north,1\nmiddle,south,south,.9\n"


#: A file of outlines, and a square of each region in it.
OUTLINES = "demo/regions.geojson"
_SQUARE = "[[116.0, 40.0], [116.1, 40.0], [116.1, 40.1], [116.0, 40.0]]"


def outline(place: str, *features: str, beside: tuple[str, ...] = (), **how: bool) -> Spoilt:
    """Spoil outlines by features, the first on line 2; each region has one."""
    every = [*features, feature('"region": "north"'), feature('"region": "south"')]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(every) + "\n]}\n"
    return Spoilt(f"{OUTLINES}:{place}", {OUTLINES: text}, beside, **how)


def feature(named: str = '"region": "north"', rings: str = f"[{_SQUARE}]") -> str:
    """Give a feature by its properties and its rings."""
    shape = f'"geometry": {{"type": "Polygon", "coordinates": {rings}}}'
    return f'{{"type": "Feature", "properties": {{{named}}}, {shape}}}'


def _point(written: str) -> str:
    return feature(rings=f"[{_SQUARE.replace('[116.1, 40.1]', written)}]")


def _broken(grade: int) -> str:
    """Give ten years of pupils in which one grade of the north jumps in the seventh."""
    rows = ["year,region,grade,pupils"]
    for year in range(2012, 2022):
        for region in ("north", "south"):
            for g in range(1, 7):
                more = 3 if (region, year) == ("north", 2018) and g == grade else 1
                rows.append(f"{year},{region},{g},{more * (900 + (7 * year + 13 * g) % 11)}")
    return "\n".join(rows) + "\n"


_RATIOS = ("ratios", "demo", "-o", "out", "--no-charts")

PROBLEMS: dict[str, Spoilt] = {
    # files and their tables
    "file-missing": Spoilt("none.yaml", {}, target=("check", "none.yaml")),
    "table-name": Spoilt("demo/birth.csv:1:1", {BIRTHS: None, "demo/birth.csv": "x"}),
    "not-read": Spoilt("demo", {"demo/heads 2021.csv": "年,区域,年级,人数\n"}, warned=True),
    "table-twice": Spoilt("demo/book.xlsx[births!A1]", {BOOK: drawn()}),
    "workbook-second": Spoilt("demo/late.xlsx:1:1", {BIRTHS: None, BOOK: _two_books}),
    "workbook-tables": Spoilt(
        "demo/births.xlsx:1:1",
        {BIRTHS: None, "demo/births.xlsx": drawn(lambda sheet: setattr(sheet, "name", "x"))},
    ),
    "table-blank": Spoilt("demo/births.csv:1:1", {BIRTHS: ""}),
    "column-missing": Spoilt(
        "demo/births.csv:1:1",
        swap(BIRTHS, "births", ""),
        beside=("demo/births.csv:1:13 column-blank",),
    ),
    "wide-unclear": Spoilt(
        "demo/births.csv:2:2", {BIRTHS: "region,2018年,\n,2019年,x\nnorth,5,5\n"}
    ),
    "wide-mixed": Spoilt("demo/enrolment.csv:1:8", {ENROLMENT: "region,1,2,2021\nnorth,5,6,7\n"}),
    "wide-twice": Spoilt("demo/births.csv:1:14", {BIRTHS: "region,2018年,2018\nnorth,5,6\n"}),
    "wide-part": Spoilt("demo/births.csv:2:2", {BIRTHS: "region,2018年,\n,男,女\nnorth,5,6\n"}),
    "total-across": Spoilt("demo/births.csv:2:11", {BIRTHS: _WIDE + ",合计\nnorth,5,5,11\n"}),
    "table-below": Spoilt("demo/births.csv:25:1", more(BIRTHS, "", "班额,班数,", "45,3,")),
    "table-beside": Spoilt("demo/births.csv:1:21", {BIRTHS: _BESIDE}),
    "unit-unknown": Spoilt("demo/births.csv:1:1", {BIRTHS: "单位：千克,,\n" + SOUND[BIRTHS]}),
    "unit-unclear": Spoilt(
        "demo/births.csv:2:13",
        {BIRTHS: "单位：千人,,\n" + SOUND[BIRTHS].replace("births", "births(人)", 1)},
    ),
    "unit-twice": Spoilt(
        "demo/births.csv:3:12",
        {BIRTHS: "单位：千人,,\n" + SOUND[BIRTHS].replace("120", "0.2万", 1)},
    ),
    "number-comma": Spoilt(
        "demo/ratios.csv:2:7", {"demo/ratios.csv": "grade;region;ratio\n2;all;1,012\n"}
    ),
    "year-differs": Spoilt(
        "demo/births 2020.csv:2:1", {BIRTHS: None, "demo/births 2020.csv": SOUND[BIRTHS]}
    ),
    "year-title": Spoilt(
        "demo/places 2021.csv:1:1",
        {PLACES: None, "demo/places 2021.csv": "Places of 2019,,\n" + SOUND[PLACES]},
        warned=True,
    ),
    "columns-left-out": Spoilt(
        "demo/places.csv:1:21",
        {PLACES: SOUND[PLACES].replace("\n", ",x\n").replace("places,x", "places,contact")},
        warned=True,
    ),
    "encoding-other": Spoilt(
        "demo/places.csv:2:19", {PLACES: (_SCHOOLS + "north,primary,300,École\n").encode("cp1252")}
    ),
    "row-note": Spoilt("demo/births.csv:4:1", swap(BIRTHS, "2011,north", "注：人,,\n2011,north")),
    "file-too-big": Spoilt("demo/births.csv:1:1", {BIRTHS: _huge}),
    # outlines
    "json-size": Spoilt(f"{OUTLINES}:1:1", {OUTLINES: _huge}),
    "json-syntax": Spoilt(f"{OUTLINES}:1:12", {OUTLINES: '{"type": 1 "features": []}'}),
    "json-depth": Spoilt(f"{OUTLINES}:1:1", {OUTLINES: "[" * 100_000}),
    "json-number": Spoilt(f"{OUTLINES}:1:1", {OUTLINES: f"[{'9' * 5_000}]"}),
    "outlines-form": Spoilt(f"{OUTLINES}:1:1", {OUTLINES: '{"type": "Topology"}'}),
    "outlines-name": Spoilt("demo/map.geojson", {"demo/map.geojson": "x"}, warned=True),
    "outlines-points": outline("2:104", feature(rings=f"[[{'[1, 2],' * 200_000}[1, 2]]]")),
    "outline-feature": outline("2:1", '{"type": "Polygon"}'),
    "outline-kind": outline("2:68", feature().replace('"Polygon"', '"LineString"')),
    "outline-nameless": outline("2:35", feature('"id": 3')),
    "outline-two": outline("2:63", feature('"region": "north", "name": "南部"')),
    "outline-rings": outline("2:103", feature(rings="[]")),
    "outline-ring": outline("2:104", feature(rings="[[[1, 2], [3, 4], [1, 2]]]")),
    "outline-point": outline("2:135", _point('["116", 40]')),
    "outline-metres": outline("2:135", _point("[447000.5, 4420000]")),
    "outline-turned": outline("2:105", feature(rings="[[[39, 116], [40, 116], [40, 117]]]")),
    "outline-missing": Spoilt(
        OUTLINES, {OUTLINES: '{"type": "FeatureCollection", "features": []}'}, warned=True
    ),
    # cells
    "cell-date": sheet("C24", (1990, "all", datetime.date(2024, 5, 1))),
    "counts-withheld": Spoilt(
        "demo/enrolment.csv:2:14", swap(ENROLMENT, "2018,north,1,101", "2018,north,1,*")
    ),
    "withheld-filled": Spoilt(
        "demo/enrolment.csv:2:14",
        swap(ENROLMENT, "north,1,101", "north,1,<10") | more(DISTRICT_FILE, "withheld: 5"),
        warned=True,
    ),
    "thousands-dots": Spoilt(
        "demo/births.csv:2:12",
        {BIRTHS: SOUND[BIRTHS].replace(",120\n", ",1120\n").replace(",1120\n", ",1.12\n", 1)},
        warned=True,
    ),
    "regions-unknown": Spoilt(
        "demo/births.csv:24:6", more(BIRTHS, *(f"2021,Ward {n},5" for n in range(5)))
    ),
    "unit-elsewhere": Spoilt(
        "demo/ratios.csv:2:3", {UNITS: _UNITS, RATIOS: "grade,region,ratio\n2,Oak,1\n"}
    ),
    "unit-is-region": Spoilt("demo/units.csv:4:1", {UNITS: f"{_UNITS}North,north\n"}),
    "unit-name-twice": Spoilt(
        "demo/units.csv:3:1", {UNITS: "unit,region,title\nOak,north,\nElm,south,oak\n"}
    ),
    "unit-shares": Spoilt("demo/units.csv:4:1", {UNITS: f"{_UNITS}Yew,north\nYew,south\n"}),
    "unit-split": Spoilt(
        "demo/pipeline.csv:2:4",
        {UNITS: "unit,region,share\nYew,north,.5\nYew,south,.5\n"}
        | swap(PIPELINE, "P1,north", "P1,Yew"),
    ),
    "unit-beside": Spoilt("demo/births.csv:24:6", {UNITS: _UNITS} | more(BIRTHS, "2010,Oak,5")),
    "units-lacking": Spoilt(
        "demo/births.csv:25:6",
        {UNITS: _UNITS} | more(BIRTHS, "2021,Oak,5\n2021,Elm,5\n2022,Oak,6"),
        warned=True,
    ),
    "units-unnamed": Spoilt("demo/units.csv:2:1", {UNITS: _UNITS}, warned=True),
    "word-unclear": Spoilt("demo/pipeline.csv:2:10", swap(PIPELINE, "planned,2024", "停工,2024")),
    "size-unclear": Spoilt("demo/pipeline.csv:2:22", {PIPELINE: _SIZE.format("24班")}),
    "size-elsewhere": Spoilt(
        "demo/pipeline.csv:2:22",
        {PIPELINE: _SIZE.format("初中24班").replace("size", "places_primary")},
    ),
    "sizes-differ": Spoilt(
        "demo/pipeline.csv:2:22",
        {PIPELINE: _SIZE.format("900,24").replace("size", "places_primary,classes_primary")},
        warned=True,
    ),
    "year-unclear": Spoilt("demo/births.csv:24:1", more(BIRTHS, "SY 2009,north,5")),
    "year-part": Spoilt("demo/births.csv:24:1", more(BIRTHS, "2009年3月,north,5")),
    "year-births": Spoilt("demo/births.csv:24:1", more(BIRTHS, "2009/2010,north,5")),
    "grade-part": Spoilt(
        "demo/enrolment.csv:2:12", swap(ENROLMENT, "2018,north,1,", "2018,north,KF,")
    ),
    "grade-none": Spoilt(
        "demo/enrolment.csv:2:12", swap(ENROLMENT, "2018,north,1,", "2018,north,UG,")
    ),
    "rows-above": Spoilt("demo/book.xlsx[births!C1]", {BIRTHS: None, BOOK: drawn(_shifted)}),
    "cell-boolean": sheet("C24", (1990, "all", True)),
    "number-leading-zero": Spoilt(
        "demo/enrolment.csv:2:14", swap(ENROLMENT, "2018,north,1,101", "2018,north,1,0101")
    ),
    "code-long": Spoilt("demo/pipeline.csv:2:1", swap(PIPELINE, "P1", "P" * 65)),
    "code-unprintable": Spoilt("demo/pipeline.csv:2:1", swap(PIPELINE, "P1", "P\u200b1")),
    "title-for-code": Spoilt("demo/places.csv:2:7", swap(PLACES, "north,primary", "north,小学")),
    "grade-unclear": Spoilt(
        "demo/enrolment.csv:5:12",
        {ENROLMENT: SOUND[ENROLMENT].replace("2018,north,4,", "2018,north,高四,", 1)}
        | swap(DISTRICT_FILE, "title: {en: Middle, zh: 初中}, ", ""),
    ),
    # YAML
    "want-text": lever("7:49", "{kind: close, close: {region: north, level: [high]}}"),
    "want-bool": lever("7:38", "{kind: births, add: 1, replaces: 3}"),
    # district.yaml
    "district-folder": Spoilt(
        "demo/births.csv", swap(SCENARIO_FILE, "district: demo", "district: demo/births.csv")
    ),
    "enrolment-missing": Spoilt("demo/enrolment.csv", {ENROLMENT: None}),
    "region-parent": Spoilt(
        "demo/district.yaml:12:24",
        {
            DISTRICT_FILE: SOUND[DISTRICT_FILE]
            .replace("cell: [0, 1]}", "within: city}\n  - {code: city}")
            .replace("[[north, south]]", "[[city, south]]")
        },
    ),
    "grades-hole": Spoilt(
        "demo/district.yaml:9:26",
        swap(DISTRICT_FILE, "[6, 6]", "[7, 7]"),
        warned=True,
        beside=("demo/enrolment.csv:7:12 grade-outside",),
    ),
    "entry-missing": district("1:1", 'entry: {age: 6, cutoff: "08-31"}\n', ""),
    # between tables
    "entry-places-far": Spoilt(
        "demo/places.csv:2:1",
        {
            PLACES: _PLACES.replace("\n", ",\n")
            .replace("places,", "places,entry_places", 1)
            .replace("300,", "300,0", 1)
        },
        warned=True,
    ),
    "places-differ": Spoilt(
        "demo/places.csv:2:1",
        {
            PLACES: _PLACES.replace("\n", ",\n")
            .replace("places,", "places,classes", 1)
            .replace("300,", "300,7", 1)
        },
        warned=True,
    ),
    "decant-too-much": Spoilt(
        "demo/pipeline.csv:3:1",
        {
            PIPELINE: "project,region,status,opens,places_primary,starts,decant_primary\n"
            "P1,north,open,2020,10,,\nP2,north,planned,2025,400,2023,500\n"
        },
    ),
    "temporary-endless": Spoilt(
        "demo/pipeline.csv:3:19", swap(PIPELINE, "extension", "temporary"), warned=True
    ),
    "part-maybe-total": Spoilt(
        "demo/places.csv:4:19",
        {PLACES: f"{_SCHOOLS}north,primary,300,C\nnorth,primary,200,A\nnorth,primary,500,B\n"},
        warned=True,
    ),
    "region-is-total": Spoilt(
        "demo/enrolment.csv:4:6",
        {
            DISTRICT_FILE: SOUND[DISTRICT_FILE].replace("levels:", "  - {code: whole}\nlevels:", 1),
            ENROLMENT: "year,region,grade,pupils\n2021,north,1,101\n2021,south,1,102\n"
            "2021,whole,1,203\n",
        },
    ),
    "building-twice": Spoilt(
        "demo/pipeline.csv:4:1",
        {PLACES: f"{_SCHOOLS}north,primary,300,Q3\nsouth,primary,300,Ｐ 3\n"},
    ),
    "group-unknown": Spoilt(
        "demo/ratios.csv:2:1", {RATIOS: "grade,region,ratio,group\n1,all,.9,hukou\n"}
    ),
    "level-group-unknown": district("7:92", "class_size: 40}", "class_size: 40, groups: [hukou]}"),
    "group-without-level": Spoilt(
        "demo/enrolment.csv:2:1",
        {
            **swap(DISTRICT_FILE, "size: 40}", "size: 40, groups: [hukou]}"),
            ENROLMENT: SOUND[ENROLMENT].replace("\n", ",\n").replace("pupils,\n", "pupils,group\n")
            + "2017,north,1,9,hukou\n",
        },
    ),
    "housing-without-yields": Spoilt(
        "demo/housing.csv:2:1", {HOUSING: "year,region,homes\n2020,north,30\n"}, warned=True
    ),
    "grade-name-unused": Spoilt(
        "demo/district.yaml:1:19",
        swap(DISTRICT_FILE, "name: demo", "grade_names: {14: Upper}\nname: demo"),
        warned=True,
    ),
    "flows-from": Spoilt(
        "demo/flows.csv:2:1", {FLOWS: "level,from,to,share\nmiddle,north,north,1\n"}
    ),
    "flows-first": Spoilt(
        "demo/flows.csv:2:1",
        {FLOWS: "level,from,to,share\nprimary,north,north,1\nprimary,south,south,1\n"},
    ),
    "births-region": Spoilt(
        "demo/births.csv:2:1",
        {BIRTHS: "".join(line for line in SOUND[BIRTHS].splitlines(True) if "south" not in line)},
        warned=True,
    ),
    "births-end": Spoilt(
        "demo/births.csv:2:1",
        {
            BIRTHS: "".join(
                line
                for line in SOUND[BIRTHS].splitlines(True)
                if not line.startswith(("2015", "2016", "2017", "2018", "2019", "2020"))
            )
        },
        warned=True,
    ),
    "births-jump": Spoilt(
        "demo/births.csv:14:1", swap(BIRTHS, "2016,north,120", "2016,north,1200"), warned=True
    ),
    "births-unfinished": Spoilt(
        "demo/births.csv:24:1",
        {
            BIRTHS: SOUND[BIRTHS].replace("\n", ",\n").replace("births,", "births,known", 1)
            + "2021,north,60,2021-06\n2021,south,60,2022-02\n"
        },
        warned=True,
    ),
    "count-early": Spoilt(
        "demo/enrolment.csv:44:1",
        {
            ENROLMENT: SOUND[ENROLMENT]
            .replace("\n", ",\n")
            .replace("pupils,", "pupils,known", 1)
            .replace("2021,south,1,101,", "2021,south,1,101,2021-05")
        },
        warned=True,
    ),
    "years-after": Spoilt(
        "demo/enrolment.csv:50:1",
        more(ENROLMENT, "2022,north,1,90", "2023,north,2,90"),
        warned=True,
    ),
    "ratios-old": Spoilt(
        "demo/ratios.csv:3:1",
        {RATIOS: "grade,region,ratio,known\n2,all,.9,2022-01\n3,all,.9,2020-01\n"},
        warned=True,
    ),
    "count-zero": Spoilt(
        "demo/enrolment.csv:28:1",
        swap(ENROLMENT, "2020,north,3,103", "2020,north,3,0"),
        warned=True,
    ),
    "projects-open-later": Spoilt(
        "demo/pipeline.csv:4:1", swap(PIPELINE, "open,2021", "open,2022"), warned=True
    ),
    "places-missing": Spoilt(
        "demo/places.csv:2:1", swap(PLACES, "south,high,100\n", ""), warned=True
    ),
    # the past of the district
    "grade-closed-alone": Spoilt(
        "demo/enrolment.csv:3:1",
        {
            ENROLMENT: enrolment(range(2021, 2022)).replace("north,2,102", "north,2,0"),
            RATIOS: "grade,region,ratio\n2,all,.9\n3,all,.9\n",
        },
    ),
    "ratios-stated": Spoilt(
        "demo/ratios.csv", {RATIOS: "grade,region,ratio\n2,all,.9\n"}, target=_RATIOS, warned=True
    ),
    "ratio-break": Spoilt(
        "demo/enrolment.csv:89:1", {ENROLMENT: _broken(3)}, target=_RATIOS, warned=True
    ),
    "pupils-break": Spoilt(
        "demo/enrolment.csv:86:1",
        {ENROLMENT: _broken(1), BIRTHS: None},
        target=_RATIOS,
        warned=True,
    ),
    # scenario files
    "scenario-table": Spoilt("b.xlsx:1:1", {"b.xlsx": "PK"}, target=("check", "b.xlsx")),
    "scenario-folder": Spoilt("demo", {}, target=("run", "demo")),
    "folder-without": Spoilt("empty", {"empty/births.csv": ""}, target=("run", "empty")),
    "grade-unknown": Spoilt(
        "demo/enrolment.csv:28:12", swap(ENROLMENT, "2020,north,3,103", "2020,north,pupils,103")
    ),
    "setting-unused": Spoilt(
        "baseline.yaml:6:18",
        more(SCENARIO_FILE, "demand: {entry: {window: 5}}"),
        warned=True,
    ),
    "extends-cycle": scenario("6:10", "extends: baseline.yaml"),
    # levers
    "lever-entry": Spoilt("baseline.yaml:7:24", {BIRTHS: None} | levers("{kind: entry, set: 1}")),
    "lever-set-twice": lever("8:24", "{kind: entry, set: 1}", "{kind: entry, set: 2}"),
    "lever-same": lever(
        "7:60",
        "{kind: rezone, rezone: {from_region: north, to_region: north, level: primary, share: .1}}",
    ),
    "rezone-sum": lever(
        "7:90",
        f"{{kind: rezone, rezone: {{{_SENT}, share: .5}}}}",
        f"{{kind: rezone, rezone: {{{_SENT}, share: .6}}}}",
    ),
    "lever-shares-sum": Spoilt(
        f"{SCENARIO_FILE}:7:24",
        levers("{kind: flows, set: .9, where: {from: north, to: north}}")
        | {FLOWS: "level,from,to,share\nmiddle,north,north,1\nmiddle,south,south,1\n"},
    ),
    "project-no-places": lever(
        "7:38", f"{{kind: add_project, add_project: {{project: P9, {_ROW}}}}}"
    ),
    "lever-without-effect": lever(
        "7:5", "{kind: delay, set: 0, where: {project: P1}}", warned=True
    ),
    "lever-result": lever("7:29", "{kind: class_size, add: -50}"),
    "lever-compound": lever("8:27", "{kind: births, times: 4}", "{kind: births, times: 3}"),
    "times-unusual": lever("7:27", "{kind: births, times: .05}", warned=True),
    "add-unusual": lever("7:24", "{kind: entry, add: 2}", warned=True),
    "set-as-factor": lever("7:25", "{kind: births, set: .95}", warned=True),
    "number-unusual": Spoilt(
        "demo/places.csv:2:19",
        {PLACES: "region,level,places,sd\nnorth,primary,900,5\n"},
        warned=True,
    ),
    "children-without-ratio": Spoilt(
        "baseline", {CHILDREN: "year,region,age,children\n2021,north,3,120\n"}, warned=True
    ),
    "homes-without-past": Spoilt(
        "baseline", {HOUSING: "year,region,homes\n2025,north,30\n", YIELDS: _LIVING}, warned=True
    ),
    "homes-taken-off": Spoilt(
        "baseline",
        {HOUSING: "year,region,homes\n2020,north,30\n2021,north,30\n", YIELDS: _LIVING},
        warned=True,
    ),
}


#: Codes whose test is elsewhere, beside the command or study that tells them.
ELSEWHERE = {
    **dict.fromkeys(
        (
            "table-rows",
            "import-rows",
            "import-tables",
            "import-names",
            "import-texts",
            "import-merged",
            "rows-unread",
        ),
        "tests/bad_input/test_hostile.py",
    ),
    "import-outside": "tests/inputs/importing/test_asked.py",
    **dict.fromkeys(
        (
            *("import-nothing", "import-unread", "import-twice", "import-split", "import-two"),
            *("import-apart", "import-unused", "import-levels", "import-total"),
            *(
                "import-unnamed",
                "import-classes",
                "import-swapped",
                "import-years",
                "import-gaps",
                "import-usual",
            ),
        ),
        "tests/inputs/importing/test_doubts.py",
    ),
    "total-row": "tests/inputs/test_tables.py",
    "places-few": "tests/results/test_notes.py",
    "folder-missing": "tests/inputs/test_tables.py",
    "levels-of-one": "tests/bad_input/test_codes.py",
    "grades-unknown": "tests/inputs/test_within_grades.py",
    "grades-backwards": "tests/inputs/test_within_grades.py",
    "group-missing": "tests/test_groups.py",
    "grades-held": "tests/test_groups.py",
    "cells-closed": "tests/test_zeros.py",
    "entry-closed": "tests/test_zeros.py",
    "cells-filling": "tests/test_zeros.py",
    "grades-unfed": "tests/test_zeros.py",
    "homes-without-school": "tests/test_zeros.py",
    "ratio-replaced": "tests/test_zeros.py",
    "ratio-far": "tests/test_zeros.py",
    "ratio-beyond": "tests/test_zeros.py",
    "project-closed": "tests/test_zeros.py",
    "breaks-found": "tests/test_zeros.py",
    "clipped": "tests/cli/test_run.py",
    "project-without-pupils": "tests/cli/test_said.py",
    "spread-default": "tests/test_chance.py",
    "spread-irregular": "tests/test_groups.py",
    "ratios-changed": "tests/cli/test_write.py",
    "accuracy-changed": "tests/cli/test_write.py",
    "run-missing": "tests/results/test_load.py",
    "chart-year": "tests/cli/test_chart.py",
    "chart-region": "tests/cli/test_chart.py",
    "chart-without-draws": "tests/cli/test_chart.py",
    "chart-kept": "tests/cli/test_chart.py",
    "report-other": "tests/cli/test_report.py",
    "report-kept": "tests/cli/test_report.py",
    "report-folder": "tests/cli/test_report.py",
    "compare-neither": "tests/cli/test_compare.py",
    "compare-years": "tests/studies/test_comparison.py",
    "years-left-out": "tests/studies/test_comparison.py",
    "regions-of-one": "tests/studies/test_comparison.py",
    "two-districts": "tests/studies/test_comparison.py",
    "inputs-beyond-file": "tests/studies/test_comparison.py",
    "ratios-workbook": "tests/cli/test_ratios.py",
    "ratios-planners": "tests/cli/test_ratios.py",
    "backtest-years": "tests/studies/test_backtest_study.py",
    "backtest-entry": "tests/studies/test_backtest_study.py",
    "backtest-nothing": "tests/studies/test_backtest_study.py",
    "backtest-withheld": "tests/studies/test_withheld.py",
}
#: Codes without a test, and why.
NOT_YET = {
    "file-unreadable": "a disk that fails cannot be had in a test; root may read every file",
    "want-other": "for kinds of values that no declaration asks for today",
}


#: What is wrong in one place: the file, what stands there, and the one problem that it is.
FAULTS = [
    *((swap(DISTRICT_FILE, *fault), f"{DISTRICT_FILE}:{told}") for *fault, told in DISTRICT_YAML),
    *((swap(SCENARIO_FILE, *fault), f"{SCENARIO_FILE}:{told}") for *fault, told in SCENARIO),
    *((more(SCENARIO_FILE, line), f"{SCENARIO_FILE}:{told}") for line, told in LINE),
    *((levers(line), f"{SCENARIO_FILE}:{told}") for line, told in LEVER),
]


def first_of_each(faults: Iterable[Any], kind: Callable[[Any], object]) -> list[Any]:
    """Give all faults; of those that are of one kind every run takes the first alone."""
    found: dict[object, Any] = {}
    for fault in faults:
        found.setdefault(kind(fault), fault)
    return usually(faults, found.values())


def of_file(fault: tuple[object, str]) -> tuple[str, str]:
    """Give file and code of a fault."""
    return fault[1].split(":")[0], fault[1].split()[-1]


@pytest.mark.parametrize(("files", "told"), first_of_each(FAULTS, of_file))
def test_one_fault_is_one_problem(
    files: Mapping[str, Content], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built(tmp_path, files).parent)
    found = [problem for problem in check(SCENARIO_FILE) if problem.code != "constrained"]
    assert [f"{problem.at} {problem.code}" for problem in found] == [told]
    assert found[0].severity == ("warning" if found[0].code in WARNED else "error")
    assert _CHINESE.search(found[0].text("zh"))


@pytest.mark.parametrize(("table", "text", "code", "place"), first_of_each(TABLE, itemgetter(0, 2)))
def test_a_cell_that_is_wrong_is_told(
    table: str, text: str, code: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built(tmp_path, {f"demo/{table}.csv": text}).parent)
    told = [f"{problem.at} {problem.code}" for problem in check(SCENARIO_FILE).errors]
    assert f"demo/{table}.csv:{place} {code}" in told


@pytest.mark.parametrize(("code", "lang"), in_turn(PROBLEMS, ("en", "zh")))
def test_a_code_is_told_where_it_stands(
    code: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the command in one language; the words of what it told in both."""
    spoilt, shown, text = PROBLEMS[code], [], Problem.text
    built(tmp_path, spoilt.files)
    before = tree(tmp_path)
    with monkeypatch.context() as here:
        here.chdir(tmp_path)
        here.setattr(Problem, "text", lambda one, lang="en": shown.append(one) or text(one, lang))
        said = capacity(*spoilt.target, "--lang", lang)
    lines = [_LINE.fullmatch(line) for line in said.err.splitlines()]
    told = [match.groups() for match in lines if match]
    assert len(told) == len(lines), said.err
    errors = [f"{at} {found}" for mark, at, found, _ in told if not mark]
    warned = [f"{at} {found}" for mark, at, found, _ in told if mark]
    own = f"{spoilt.at} {code}"
    assert own in (warned if spoilt.warned else errors), said.err
    rest = [error for error in errors if error.rsplit(" ", 1)[1] != code]
    assert rest == list(spoilt.beside), said.err
    assert said.code == (2 if errors else 0)
    assert "Traceback" not in said.err
    assert {found for _, _, found, _ in told} <= {problem.code for problem in shown}
    assert all(problem.text("en") and _CHINESE.search(problem.text("zh")) for problem in shown)
    if lang == "zh":
        assert all(_CHINESE.search(words) for *_, words in told), said.err
    assert spoilt.target == _RATIOS or tree(tmp_path) == before


def test_a_level_that_only_one_side_has_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    built(tmp_path / "a", {})
    last = "  - {code: high, grades: [6, 6], class_size: 45, pool: district}\n"
    heads = [line for line in SOUND[ENROLMENT].splitlines(True) if line.split(",")[2] != "6"]
    rooms = [line for line in SOUND[PLACES].splitlines(True) if ",high," not in line]
    without = {ENROLMENT: "".join(heads), PLACES: "".join(rooms)}
    built(tmp_path / "b", swap(DISTRICT_FILE, last, "") | without)
    said = capacity("compare", "a/baseline.yaml", "b/baseline.yaml", "--no-charts", "-o", "out")
    assert " levels-of-one: " in said.err
    assert said.code == 0


def test_every_code_has_a_test() -> None:
    folder = Path(__file__).parent
    rows = "".join(
        path.read_text("utf-8") for path in folder.glob("*.py") if path != Path(__file__)
    )
    codes = set(catalog("problems"))
    in_rows = codes & set(re.findall(r"[\w-]+", rows))
    assert not (PROBLEMS.keys() | ELSEWHERE.keys() | NOT_YET.keys()) - codes
    assert not codes - in_rows - PROBLEMS.keys() - ELSEWHERE.keys() - NOT_YET.keys()
    for code, name in ELSEWHERE.items():
        assert code in (folder.parents[1] / name).read_text("utf-8"), code
