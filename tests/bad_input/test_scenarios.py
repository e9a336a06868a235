"""Bad scenario files and district.yaml: what YAML may not hold, and what no run can answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.cases import (
    BIRTHS,
    DISTRICT_FILE,
    ENROLMENT,
    PIPELINE,
    PLACES,
    SCENARIO_FILE,
    SOUND,
    Case,
    Content,
    Read,
    Refused,
    check_all,
    every,
    levers,
    more,
    of,
    swap,
)

_BOMB = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{f'*a{i - 1}, ' * 9}]\n" for i in range(1, 10))
_BASE, _LAST = "base_year: 2021", "last_year: 2026"


def scenario(*lines: str) -> dict[str, Content]:
    """Add lines to the scenario; the first is line 6."""
    return more(SCENARIO_FILE, *lines)


def refused(what: str, line: str, *errors: str, words: tuple[str, ...] = ()) -> Refused:
    """Refuse a line added to the scenario."""
    return Refused(what, scenario(line), tuple(f"{SCENARIO_FILE}:{e}" for e in errors), words)


def horizon(what: str, old: str, new: str, *errors: str) -> Refused:
    """Refuse something put into the line of the horizon."""
    told = tuple(f"{SCENARIO_FILE}:5:{error}" for error in errors)
    return Refused(what, swap(SCENARIO_FILE, old, new), told)


def named(text: str, error: str) -> Refused:
    """Refuse a name of the scenario."""
    files = swap(SCENARIO_FILE, "name: baseline", f"name: {text}")
    return Refused(f"name {text[:9]}", files, (f"{SCENARIO_FILE}:1:{error}",))


def added(opens: int, *more: str) -> str:
    """Write a lever that adds a project."""
    said = ", ".join((f"opens: {opens}, places_primary: 5", *more))
    return (
        "{kind: add_project, add_project: "
        f"{{project: P9, region: north, status: planned, {said}}}}}"
    )


ROWS: dict[int, list[Case]] = {
    1: [
        refused("a tag", "x: !!python/object/apply:os.system [id]", "6:4 yaml-tag"),
        refused("a short tag", "chance: {seed: !int 5}", "6:16 yaml-tag"),
    ],
    2: [
        Refused("aliases", {SCENARIO_FILE: _BOMB}, (f"{SCENARIO_FILE}:1:5 yaml-anchor",)),
        refused("a merge key", "chance: {<<: {seed: 1}}", "6:10 yaml-anchor"),
        refused("more than 1 MiB", "#" * 2**20, "1:1 yaml-size"),
    ],
    3: [
        refused("5,000 brackets", "x: " + "[" * 5000, "6:35 yaml-depth", words=("32",)),
    ],
    4: [
        refused("a key twice", "name: again", "6:1 yaml-duplicate", words=("line 1",)),
    ],
    5: [
        refused("a misspelt key", "suply: {}", "6:1 key-unknown", words=("mean 'supply'?",)),
        refused("below", "demand: {entry: {windo: 3}}", "6:18 key-unknown", words=("'window'",)),
        Refused(
            "in a lever",
            levers("{kind: delay, ad: 2}"),
            (f"{SCENARIO_FILE}:7:19 key-unknown",),
            ("did you mean 'add'?",),
        ),
    ],
    6: [
        Read(
            "NO is a region",
            {name: text.replace("north", "NO") for name, text in SOUND.items()},
            lambda scenario: scenario.district.leaf_regions,
            ("NO", "south"),
        ),
        refused("true as key", "true: 1", "6:1 yaml-key"),
        named("true", "7 text-unquoted"),
    ],
    7: [
        Refused(
            "numbers with a 0 before",
            swap(DISTRICT_FILE, "code: north", "code: 00123") | swap(SCENARIO_FILE, "2021", "010"),
            (f"{SCENARIO_FILE}:5:22 yaml-leading-zero", f"{DISTRICT_FILE}:4:12 yaml-leading-zero"),
        ),
        Read(
            "a code in quotes",
            {
                n: t.replace("north", '"00123"' if "yaml" in n else "00123")
                for n, t in SOUND.items()
            },
            of("enrolment", "region"),
            "00123",
        ),
    ],
    8: [
        horizon("a time as year", "2021", "2024:09", "22 want-whole"),
        horizon("a time of day", "2026", "12:30:45", "39 want-whole"),
    ],
    9: [
        Read(
            "an exponent",
            levers("{kind: births, set: 1.0e2}", "{kind: births, add: 1e2}"),
            lambda scenario: (scenario.levers[0].set, scenario.levers[1].add),
            (100.0, 100.0),
        ),
        horizon("a year with one", "2021", "2.021e3", "22 want-whole"),
    ],
    10: [
        Refused(
            "underscores",
            swap(SCENARIO_FILE, "2026", "2_026") | swap(ENROLMENT, ",101", ",1_000"),
            (f"{SCENARIO_FILE}:5:39 yaml-underscore", f"{ENROLMENT}:2:14 number-invalid"),
        ),
    ],
    11: [
        Refused(
            "no finite numbers in YAML",
            levers(*(f"{{kind: births, times: {x}}}" for x in (".nan", "-.inf", "1e400", "nan"))),
            (
                *(f"{SCENARIO_FILE}:{line}:27 yaml-not-finite" for line in (7, 8, 9)),
                f"{SCENARIO_FILE}:10:27 want-number",
            ),
        ),
        Refused(
            "no finite numbers in a table",
            more(
                BIRTHS, *(f"{y},all,{x}" for y, x in enumerate(("nan", "Infinity", "1e400"), 1990))
            ),
            tuple(f"{BIRTHS}:{line}:10 number-not-finite" for line in (24, 25, 26)),
        ),
    ],
    12: [
        horizon("a date as year", "2026", "2026-09-01", "39 want-whole"),
        Refused(
            "a date that no calendar has in a table",
            swap(ENROLMENT, "2018,", "2018-19-01,"),
            (f"{ENROLMENT}:2:1 year-invalid",),
        ),
    ],
    13: [
        refused("a tab", "demand:\n\tentry: {}", "7:1 yaml-tab"),
        refused("a full-width colon", "levers：[]", "6:7 yaml-wide-colon"),
        Refused("nothing else", {SCENARIO_FILE: "v：5"}, (f"{SCENARIO_FILE}:1:2 yaml-wide-colon",)),
    ],
    14: [
        refused("two documents", "---\nname: b", "6:1 yaml-documents"),
        *(
            Refused(what, {name: text}, (f"{name}:{error}",))
            for name in (SCENARIO_FILE, DISTRICT_FILE)
            for what, text, error in (
                ("an empty file", "", "1:1 yaml-empty"),
                ("a list", "- a\n", "1:1 yaml-not-map"),
                ("NUL", "name: a\0\n", "1:8 text-nul"),
            )
        ),
    ],
    40: [
        horizon("20,240", _LAST, "last_year: 20260", "39 value-range"),
        horizon("a hundred years", _LAST, "last_year: 2121", "39 horizon-long"),
        refused("10⁷ draws", "chance: {draws: 10000000}", "6:17 value-range"),
    ],
    42: [
        horizon("the end before the start", _LAST, "last_year: 2020", "39 horizon-order"),
        horizon("no such base year", _BASE, "base_year: 2022", "22 base-outside"),
        Refused(
            "cohorts left out",
            {BIRTHS: "year,region,births\n2014,all,5\n2016,all,5\n"},
            (f"{BIRTHS}:2:1 births-hole",) * 2,
        ),
        Read(
            "no births: the first grade is held, and that is said",
            {BIRTHS: None},
            lambda scenario: scenario.district.has("births"),
            False,
            warned=("first-grade-held", "entry-held"),
        ),
    ],
    43: [
        Refused(
            "a project that opens before it is decided",
            {PIPELINE: "project,region,status,opens,decide_by\nP1,north,planned,2024,2025\n"},
            (f"{PIPELINE}:2:23 project-decided-late",),
            ("before the last year to decide", "2024 or earlier"),
        ),
        Refused(
            "and one that a lever adds",
            levers(added(2024, "decide_by: 2025")),
            (f"{SCENARIO_FILE}:7:127 project-decided-late",),
        ),
        Read(
            "a project after the horizon",
            more(PIPELINE, "P4,south,planned,2027,5,0,new"),
            of("pipeline", "opens", -1),
            2027,
            warned=("project-late",),
        ),
        Read(
            "and one that a lever adds",
            levers(added(2027)),
            lambda scenario: [str(w.at.line) for w in scenario.warnings],
            ["7"],
            warned=("project-late",),
        ),
        Read(
            "a project to come, in the past",
            more(PIPELINE, "P4,south,planned,2021,5,0,new"),
            of("pipeline", "opens", -1),
            2021,
            warned=("project-overdue",),
        ),
        Read(
            "and one that a lever adds",
            levers(added(2020)),
            lambda scenario: scenario.levers[0].add_project["opens"],
            2020,
            warned=("project-overdue",),
        ),
    ],
    44: [
        Refused(
            "a project twice",
            more(PIPELINE, "P1,south,planned,2025,10,0,new"),
            (f"{PIPELINE}:5:1 key-twice",),
            ("line 2",),
        ),
        Refused(
            "a project of the pipeline once more",
            levers(
                "{kind: add_project, add_project: "
                "{project: P1, region: north, status: planned, opens: 2024, places_primary: 5}}"
            ),
            (f"{SCENARIO_FILE}:7:48 project-twice",),
        ),
        Read(
            "a project without places",
            more(PIPELINE, "P4,south,planned,2025,0,0,new"),
            of("pipeline", "project", -1),
            "P4",
            warned=("project-empty",),
        ),
    ],
    45: [
        Refused(
            "more closed than there is",
            levers("{kind: close, close: {region: north, level: middle, places: 500}, from: 2024}"),
            (f"{SCENARIO_FILE}:7:5 places-below-zero",),
            ("in 2024",),
        ),
        Refused(
            "more converted than there is",
            levers(
                "{kind: convert, convert: "
                "{region: south, from_level: middle, to_level: primary, places: 1000}}"
            ),
            (f"{SCENARIO_FILE}:7:5 places-below-zero",),
        ),
        Refused(
            "negative places",
            swap(PLACES, "north,middle,200", "north,middle,-200"),
            (f"{PLACES}:3:14 number-negative",),
        ),
    ],
    46: [
        refused("p > 1", "supply: {completion: {planned: 1.5}}", "6:32 value-range"),
        refused(
            "more than 1 in all",
            "supply: {delay: {planned: {1: .6, 2: .5}}}",
            "6:27 delay-sum",
            words=("sum to 1.1",),
        ),
        refused(
            "less than 1",
            "supply: {delay: {planned: {0: .6, 2: .3}}}",
            "6:27 delay-sum",
            words=("sum to 0.9",),
        ),
        Refused(
            "a negative spread",
            {"demo/ratios.csv": "grade,region,ratio,sd\n2,all,1,-.1\n"},
            ("demo/ratios.csv:2:9 number-negative",),
        ),
    ],
    48: [
        refused("seed -1", "chance: {seed: -1}", "6:16 value-range"),
        refused("seed 1.5", "chance: {seed: 1.5}", "6:16 want-whole"),
        refused("a text", "chance: {seed: one}", "6:16 want-whole"),
        Read("no seed", {}, lambda scenario: scenario.chance.seed, 1),
    ],
    51: [
        *(named(text, "7 name-bad") for text in ("../x", "a/b", "CON", "-x", "a" * 300, "a b")),
        named('"a\\0b"', "7 name-bad"),
        Read(
            "a Chinese name",
            swap(SCENARIO_FILE, "name: baseline", "name: 延期两年"),
            lambda scenario: scenario.name,
            "延期两年",
        ),
    ],
}


@every(ROWS)
def test_bad_input(row: int, tmp_path: Path) -> None:
    check_all(ROWS[row], tmp_path)


@pytest.mark.slow
@every(ROWS)
def test_bad_input_by_both_commands(row: int, tmp_path: Path) -> None:
    check_all(ROWS[row], tmp_path, wholly=True)
