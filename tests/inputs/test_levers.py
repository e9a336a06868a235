from __future__ import annotations

import math

import pytest

from capacity.base import InputError
from capacity.inputs.scenarios import check, load_scenario
from tests.inputs.folder import SCENARIO, tables, write


def load(root, *levers: str, **changed):
    text = "levers:\n" + "".join(f"  - {lever}\n" for lever in levers)
    return load_scenario(write(root, scenario=SCENARIO + text, **changed))


def problems_of(root, *levers: str, **changed) -> list[str]:
    """Give place and code of every problem; the first lever stands in line 7."""
    text = "levers:\n" + "".join(f"  - {lever}\n" for lever in levers)
    found = check(write(root, scenario=SCENARIO + text, **changed))
    for problem in found:
        assert problem.text("zh")
    return [f"{str(p.at).removeprefix(f'{root}/baseline.yaml:')} {p.code}" for p in found]


YIELDS = {"yields": "level,years_since,pupils_per_home\nprimary,1,.2\n"}


@pytest.mark.parametrize(
    "lever",
    [
        "{kind: births, times: 1.1, from: 2021, until: 2025, where: {region: [north, south]}}",
        "{kind: entry, add: .02}",
        "{kind: progression, set: .97, where: {level: middle, grade: [4, 5]}}",
        "{kind: progression, times: .97, where: {grade: 4}}",
        "{kind: onward_share, set: .9, where: {level: middle}}",
        "{kind: onward_share, times: .9}",
        "{kind: migration, add: -20, where: {region: north, grade: 1}}",
        "{kind: housing, add: 100, where: {region: north}}",
        "{kind: class_size, set: 45, where: {level: [primary]}}",
        "{kind: places, times: .9}",
        "{kind: completion, set: .8, where: {status: planned}}",
        "{kind: delay, add: 2, where: {status: [planned, building]}}",
        "{kind: delay, set: 0, where: {project: P1}}",
        "{kind: delay, add: -1, where: {region: north}}",
        "{kind: add_places, add: 500, from: 2023, until: 2025, "
        "where: {region: north, level: primary}}",
        "{kind: cancel, where: {project: [P1, P2]}}",
        "{kind: cancel, where: {status: planned}}",
        "{kind: add_project, add_project: {project: P9, region: north, status: planned, "
        "opens: 2025, kind: new, places_primary: 900}}",
        "{kind: close, from: 2023, close: {region: north, level: primary, places: 100}}",
        "{kind: convert, from: 2023, convert: {region: north, from_level: primary, "
        "to_level: middle, places: 100}}",
        "{kind: rezone, from: 2023, rezone: {from_region: north, to_region: south, "
        "level: primary, share: .1}}",
    ],
)
def test_every_kind_is_read(tmp_path, lever):
    scenario = load(tmp_path, lever, **YIELDS)
    assert len(scenario.levers) == 1
    assert scenario.levers[0].line == 7
    assert not scenario.warnings


@pytest.mark.parametrize(
    "lever", ["{kind: entry, times: -0.0}", "{kind: margin, set: -0.0}", "{kind: places, add: -0}"]
)
def test_there_is_one_nought(tmp_path, lever):
    """No figure becomes −0, which a table would show and no two processors need order alike."""
    (read,) = load(tmp_path, lever).levers
    assert math.copysign(1.0, read.value) == 1.0


def test_the_common_form(tmp_path):
    scenario = load(
        tmp_path,
        "{kind: places, times: .9, from: 2022, until: 2023, where: {region: north}}",
        "{kind: add_project, add_project: {project: P9, region: north, status: idea, "
        "opens: 2025, places_primary: 900}}",
        "{kind: close, close: {region: north, level: primary, places: 100}}",
        "{kind: delay, add: 1, where: {project: P9}}",
    )
    places, project, closing, delay = scenario.levers
    assert (places.form, places.value, places.set) == ("times", 0.9, None)
    assert (places.from_, places.until) == (2022, 2023)
    assert places.where.region == ("north",)
    assert places.where.level is None
    assert project.add_project["places_primary"] == 900
    assert project.add_project["title"] == ""
    assert project.add_project["cost"] != project.add_project["cost"]
    assert (closing.close.places, closing.close.school) == (100, None)
    assert delay.value == 1


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("project: P1, region: north, status: idea, opens: 2025", ["project-twice"]),
        ("project: P9, region: nrth, status: idea, opens: 2025", ["region-unknown"]),
        ("project: P9, region: north, status: ida, opens: 2025", ["value-unlisted"]),
        ("project: P9, region: north, status: idea", ["key-missing"]),
        ("project: 9, region: north, status: idea, opens: 2025", ["text-unquoted"]),
        ("project: P9, region: north, status: idea, opens: 2025, kind: old", ["value-unlisted"]),
        ("project: P9, region: north, status: idea, opens: 2025, plces: 1", ["key-unknown"]),
    ],
)
def test_added_projects(tmp_path, keys, expected):
    lever = f"{{kind: add_project, add_project: {{{keys}, places_primary: 9}}}}"
    assert [line.split()[1] for line in problems_of(tmp_path, lever)] == expected


def test_an_added_project_needs_places_of_known_levels(tmp_path):
    row = "project: P9, region: north, status: idea, opens: 2025, places_primry: 9"
    found = problems_of(tmp_path, f"{{kind: add_project, add_project: {{{row}}}}}")
    assert [line.split()[1] for line in found] == ["project-no-places", "key-unknown"]


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("{kind: entry, set: 1}", "{kind: entry, set: 1.1, where: {region: north}}", True),
        ("{kind: entry, set: 1}", "{kind: entry, set: 1.1, replaces: true}", False),
        ("{kind: entry, set: 1}", "{kind: entry, times: 1.1}", False),
        ("{kind: entry, set: 1, until: 2022}", "{kind: entry, set: 1.1, from: 2023}", False),
        ("{kind: entry, set: 1, until: 2023}", "{kind: entry, set: 1.1, from: 2023}", True),
        (
            "{kind: entry, set: 1, where: {region: south}}",
            "{kind: entry, set: 1, where: {region: north}}",
            False,
        ),
        (
            "{kind: progression, set: 1, where: {level: middle}}",
            "{kind: progression, set: 1, where: {grade: 5}}",
            True,
        ),
        (
            "{kind: progression, set: 1, where: {level: middle}}",
            "{kind: progression, set: 1, where: {grade: 6}}",
            False,
        ),
        (
            "{kind: delay, set: 1, where: {project: P1}}",
            "{kind: delay, set: 2, where: {status: planned}}",
            True,
        ),
        (
            "{kind: delay, set: 1, where: {project: P1}}",
            "{kind: delay, set: 2, where: {status: building}}",
            False,
        ),
        (  # nothing leads into the first level: there is no such cell
            "{kind: onward_share, set: .9, where: {level: [primary, middle]}}",
            "{kind: onward_share, set: .9, where: {level: primary}}",
            False,
        ),
    ],
)
def test_a_second_set_of_a_cell(tmp_path, first, second, clash):
    found = [line for line in problems_of(tmp_path, first, second) if "twice" in line]
    assert [line.split()[1] for line in found] == ["lever-set-twice"] * clash


def test_a_second_set_names_both_lines(tmp_path):
    with pytest.raises(InputError, match=r"baseline.yaml:8:\d+: .*baseline.yaml line 7 has set"):
        load(tmp_path, "{kind: entry, set: 1}", "{kind: entry, set: 2}")


def test_a_misspelt_kind_is_named(tmp_path):
    assert problems_of(tmp_path, "{knd: births, add: 1}") == ["7:5 key-missing", "7:6 key-unknown"]
    with pytest.raises(InputError, match=r"unknown key 'knd'.*did you mean 'kind'\?"):
        load(tmp_path, "{knd: births, add: 1}")


REZONE = "rezone: {{from_region: north, to_region: south, level: primary, share: {}}}"


def test_rezone_shares_add_up_to_one_at_most(tmp_path):
    half, more = REZONE.format(0.5), REZONE.format(0.6)
    fine = (f"{{kind: rezone, until: 2023, {half}}}", f"{{kind: rezone, from: 2024, {more}}}")
    assert problems_of(tmp_path, *fine) == []
    over = (f"{{kind: rezone, until: 2024, {half}}}", f"{{kind: rezone, from: 2024, {more}}}")
    assert [line.split()[1] for line in problems_of(tmp_path, *over)] == ["rezone-sum"]


def test_rezone_and_convert_between_different_ones(tmp_path):
    found = problems_of(
        tmp_path,
        f"{{kind: rezone, {REZONE.format(0.1).replace('south', 'north')}}}",
        "{kind: convert, convert: {region: north, from_level: high, to_level: high, places: 3}}",
    )
    assert [line.split()[1] for line in found] == ["lever-same", "lever-same"]


def test_entry_needs_births_or_children(tmp_path):
    levers = ("{kind: entry, set: 1}", "{kind: entry, times: 1.1}", "{kind: births, times: 2}")
    found = problems_of(tmp_path, *levers, births=None)
    errors = [line for line in found if not line.endswith("first-grade-held")]
    assert errors == ["7:24 lever-entry", "9:12 lever-table"]


def test_entry_in_a_region_without_births(tmp_path):
    rows = "\n".join(row for row in tables()["births"].splitlines() if "south" not in row) + "\n"
    south = "{kind: entry, add: 1, where: {region: south}}"
    north = "{kind: entry, add: 1, where: {region: north}}"
    found = problems_of(tmp_path, south, north, births=rows)
    assert [line for line in found if "lever" in line] == ["7:24 lever-entry"]


def test_closing_a_school(tmp_path):
    places = tables()["places"].replace("places\n", "places,school\n", 1).replace("\n", ",A\n")
    places = places.replace("school,A", "school")
    lever = "{kind: close, close: {region: north, level: primary, school: A}}"
    assert load(tmp_path, lever, places=places).levers[0].close.school == "A"


def test_all_levers_are_checked_in_one_pass(tmp_path):
    found = problems_of(
        tmp_path,
        "{kind: dellay}",
        "{kind: births, add: 1, where: {region: nrth}}",
        "{kind: entry, set: one}",
        "{kind: delay, add: 1, where: {project: P7}}",
        places=tables()["places"].replace("300", "3OO", 1),
    )
    codes = [line.split()[1] for line in found]
    assert codes[:4] == ["lever-form", "value-unlisted", "lever-unknown", "want-number"]
    assert codes[4:] == ["lever-unknown", "number-invalid"]


@pytest.mark.parametrize(
    ("lever", "expected"),
    [
        (
            "{kind: rezone, rezone: {from_region: nrth, to_region: soth, level: prim, share: 2}}",
            ["42 region-unknown", "59 region-unknown", "72 lever-unknown", "85 value-range"],
        ),
        (
            "{kind: add_project, add_project: "
            "{project: P9, region: nrth, status: opn, opens: 3027, places_pri: 3}}",
            [
                "60 region-unknown",
                "74 value-unlisted",
                "86 value-range",
                "92 key-unknown",
            ],
        ),
        (
            "{kind: dleay, add: 1, where: {regoin: north}, frm: 2}",
            ["12 value-unlisted", "35 key-unknown", "51 key-unknown"],
        ),
        (
            "{kind: migration, add: 1, where: {region: nrth, grade: [1, 13]}, "
            "from: 2030, until: 2026}",
            ["5 lever-years", "47 lever-unknown", "64 lever-unknown"],
        ),
        (
            "{kind: delay, ad: 1, where: {project: [P1, 7, P9]}}",
            ["19 key-unknown", "48 text-unquoted", "51 lever-unknown"],
        ),
        (
            "{kind: [delay], where: {region: nrth}}",
            ["5 lever-form", "12 value-unlisted", "37 lever-unknown"],
        ),
        ("{kind: entry, add: x, where: {level: prim}}", ["24 want-number", "35 key-unknown"]),
        (
            "{kind: entry, add: x, where: {region: [North, all, '']}}",
            ["24 want-number", "44 lever-unknown", "51 code-bad", "56 code-bad"],
        ),
        (
            "{kind: close, close: {region: nrth, level: [primary]}}",
            ["35 region-unknown", "48 want-text"],
        ),
    ],
)
def test_names_are_checked_beside_faults_of_form(tmp_path, lever, expected):
    found = [line.removeprefix("7:") for line in problems_of(tmp_path, lever)]
    assert found == expected


@pytest.mark.parametrize(
    ("lever", "words"),
    [
        ("{kind: null}", "found null;"),
        ("{kind: [delay]}", "found [delay];"),
        ("{kind: {delay: 1}}", "found {delay};"),
        ("{kind: 1}", "found 1;"),
        ("{kind: births, add: [null, true]}", "found [null, true];"),
        ("{kind: births, times: -1}", "expected ≥ 0"),
    ],
)
def test_what_was_found_is_shown_as_yaml(tmp_path, lever, words):
    with pytest.raises(InputError) as raised:
        load(tmp_path, lever)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("key", "limit"),
    [("draws: 10000000", "≤ 1000000"), (f"seed: {2**65}", "≤ 9223372036854775807")],
)
def test_limits_are_plain_numbers(tmp_path, key, limit):
    with pytest.raises(InputError) as raised:
        load_scenario(write(tmp_path, scenario=f"{SCENARIO}chance: {{{key}}}\n"))
    assert f"expected {limit}" in str(raised.value)


ADDED = "add_project: {{project: {}, region: north, status: planned, opens: {}, places_high: 9}}"


@pytest.mark.parametrize(
    ("lever", "hidden"),
    [
        ("{kind: dleay, add: 1}", False),
        ("{kind: nonsense, times: 1}", False),
        (f"{{kind: add_project, {ADDED.format('P8', 'soon')}}}", False),
        (f"{{kind: add_project, {ADDED.format('P9', 'soon')}}}", True),
        (f"{{kind: ad_project, {ADDED.format('P9', 2023)}}}", True),
        (f"{{kind: add_project, {ADDED.format(9, 2023)}}}", True),
        (f"{{kind: add_project, a{ADDED.format('P9', 2023)}}}", True),
        ("delay", True),
    ],
)
def test_an_unknown_project_beside_a_lever_at_fault(tmp_path, lever, hidden):
    cancel = "{kind: cancel, where: {project: P9}}"
    found = [line for line in problems_of(tmp_path, lever, cancel) if line.startswith("8:")]
    assert found == ([] if hidden else ["8:37 lever-unknown"])
