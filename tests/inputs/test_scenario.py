from __future__ import annotations

import json
import pickle
import random
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from capacity.base import InputError
from capacity.inputs.scenarios import check, district_schema, load_scenario, scenario_schema
from tests.inputs.folder import DISTRICT, SCENARIO, tables, write
from tests.seeds import seeds

CHILD = """\
name: delayed
title: {en: Delayed, zh: 延期}
extends: baseline.yaml
levers:
  - {kind: delay, add: 2, where: {status: [planned]}}
"""


def child(root, text: str = CHILD, **changed):
    write(root, **changed)
    path = root / "delayed.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(root, path) -> list[str]:
    found = check(path)
    for problem in found:
        assert problem.text("zh")
    return [f"{str(p.at).removeprefix(f'{root}/')} {p.code}" for p in found]


def test_defaults(tmp_path):
    scenario = load_scenario(write(tmp_path))
    assert (scenario.name, scenario.title.zh) == ("baseline", "按计划")
    assert scenario.question.en == "What if all opens as planned?"
    assert (scenario.horizon.base_year, scenario.horizon.last_year) == (2021, 2026)
    assert (scenario.demand.progression.method, scenario.demand.progression.window) == ("shrunk", 3)
    assert (scenario.demand.entry.method, scenario.demand.entry.window) == ("shrunk", 3)
    assert scenario.demand.births.after_last == "trend"
    assert scenario.supply.count == ("open", "building", "approved", "planned")
    assert (scenario.supply.fill, scenario.supply.completion) == ("as_listed", {})
    assert (scenario.chance.draws, scenario.chance.seed) == (1000, 1)
    assert scenario.levers == ()
    assert scenario.district.name == "demo"
    assert not scenario.warnings


def test_all_root_keys(tmp_path):
    text = SCENARIO + (
        "demand:\n  progression: {method: pooled, window: 5}\n  births: {after_last: -0.03}\n"
        "supply:\n  count: [open, idea]\n  fill: immediate\n  completion: {planned: .8}\n"
        "  delay: {planned: {1: .3, 2: .2}, building: {0: .5, 1: .5}}\n"
        "chance: {draws: 100, seed: 7, sources: [births, projects]}\n"
    )
    scenario = load_scenario(write(tmp_path, scenario=text))
    assert scenario.demand.progression.method == "pooled"
    assert scenario.demand.entry.window == 3
    assert scenario.demand.births.after_last == -0.03
    assert scenario.supply.delay["planned"] == {1: 0.3, 2: 0.2}
    assert scenario.chance.sources == ("births", "projects")


def test_everything_is_frozen_and_can_be_sent_to_workers(tmp_path):
    scenario = load_scenario(child(tmp_path))
    with pytest.raises(FrozenInstanceError):
        scenario.name = "x"
    with pytest.raises(ValueError, match="frozen"):
        scenario.supply.fill = "immediate"
    assert pickle.loads(pickle.dumps(scenario)).levers == scenario.levers


def test_files_list_all_that_was_read(tmp_path):
    scenario = load_scenario(child(tmp_path))
    assert [file.name for file in scenario.files] == [
        "delayed.yaml",
        "baseline.yaml",
        "demo/district.yaml",
        "demo/births.csv",
        "demo/enrolment.csv",
        "demo/pipeline.csv",
        "demo/places.csv",
    ]
    assert scenario.files[0].path == scenario.path


def test_extends_merges_maps_replaces_lists_and_appends_levers(tmp_path):
    base = SCENARIO + (
        "demand: {progression: {method: pooled, window: 4}}\n"
        "supply: {count: [open, planned], fill: immediate}\n"
        "levers:\n  - {kind: entry, times: 1.1}\n"
    )
    text = CHILD + (
        "horizon: {last_year: 2030}\ndemand: {progression: {window: 2}}\nsupply: {count: [open]}\n"
    )
    scenario = load_scenario(child(tmp_path, text, scenario=base))
    assert (scenario.horizon.base_year, scenario.horizon.last_year) == (2021, 2030)
    assert scenario.demand.progression.method == "pooled"
    assert scenario.demand.progression.window == 2
    assert scenario.supply.count == ("open",)
    assert scenario.supply.fill == "immediate"
    assert [(lever.kind, lever.line) for lever in scenario.levers] == [("entry", 9), ("delay", 5)]
    assert scenario.levers[0].file.endswith("baseline.yaml")
    assert scenario.title.en == "Delayed"
    assert scenario.question is None


def test_name_title_and_question_are_not_inherited(tmp_path):
    path = child(tmp_path, "extends: baseline.yaml\n")
    assert problems_of(tmp_path, path) == ["delayed.yaml:1:1 key-missing"]
    path.write_text("extends: baseline.yaml\nname: b\n", encoding="utf-8")
    assert load_scenario(path).title.en == "b"


def test_problems_point_into_the_file_that_states_them(tmp_path):
    base = SCENARIO + "suply: {}\nlevers:\n  - {kind: entry, times: x}\n  - {kind: entry, set: 1}\n"
    path = child(tmp_path, CHILD + "  - {kind: entry, set: 2}\nchance: {seed: a}\n", scenario=base)
    assert problems_of(tmp_path, path) == [
        "baseline.yaml:6:1 key-unknown",
        "baseline.yaml:8:26 want-number",
        "delayed.yaml:6:24 lever-set-twice",
        "delayed.yaml:7:16 want-whole",
    ]


def test_the_district_stands_beside_the_file_that_names_it(tmp_path):
    write(tmp_path / "sub")
    path = tmp_path / "delayed.yaml"
    path.write_text(CHILD.replace("baseline", "sub/baseline"), encoding="utf-8")
    scenario = load_scenario(path)
    assert scenario.district.folder == tmp_path / "sub" / "demo"
    assert scenario.files[2].name == "sub/demo/district.yaml"


def test_extends_in_a_circle(tmp_path):
    path = child(tmp_path, scenario=SCENARIO + "extends: delayed.yaml\n")
    assert problems_of(tmp_path, path) == ["baseline.yaml:6:10 extends-cycle"]
    path.write_text("name: a\nextends: delayed.yaml\n", encoding="utf-8")
    assert problems_of(tmp_path, path) == ["delayed.yaml:2:10 extends-cycle"]


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("base.yaml", "path-missing"),
        ("../baseline.yaml", "path-outside"),
        ("sub/../../x.yaml", "path-outside"),
        ("..\\x.yaml", "path-outside"),
        ("/etc/passwd", "path-absolute"),
        ("~/x.yaml", "path-absolute"),
        ("C:\\x.yaml", "path-absolute"),
        ("\\\\server\\x", "path-absolute"),
        ("http://example.org/x.yaml", "path-absolute"),
        ("''", "path-outside"),
        ("5", "text-unquoted"),
    ],
)
def test_paths_stay_inside_the_folder(tmp_path, stated, code):
    path = child(tmp_path, CHILD.replace("baseline.yaml", stated))
    found = [line for line in problems_of(tmp_path, path) if "key-missing" not in line]
    assert found == [f"delayed.yaml:3:10 {code}"]
    path = write(tmp_path, scenario=SCENARIO.replace("district: demo", f"district: {stated}"))
    assert problems_of(tmp_path, path) == [f"baseline.yaml:4:11 {code}"]


def test_links_do_not_lead_out(tmp_path):
    write(tmp_path / "outside")
    path = write(tmp_path / "in", scenario=SCENARIO.replace("demo", "linked"))
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "outside" / "demo")
    (tmp_path / "in" / "base.yaml").symlink_to(tmp_path / "outside" / "baseline.yaml")
    assert [line.split()[1] for line in problems_of(tmp_path, path)] == ["path-outside"]
    path.write_text("name: a\nextends: base.yaml\n", encoding="utf-8")
    assert [line.split()[1] for line in problems_of(tmp_path, path)] == ["path-outside"]


def test_a_folder_whose_name_only_begins_alike_is_outside(tmp_path):
    write(tmp_path / "base-secret")
    path = write(tmp_path / "base", scenario=SCENARIO.replace("demo", "x"))
    (tmp_path / "base" / "x").symlink_to(tmp_path / "base-secret" / "demo")
    assert [line.split()[1] for line in problems_of(tmp_path, path)] == ["path-outside"]


def test_unknown_key_names_the_nearest(tmp_path):
    with pytest.raises(InputError, match=r"unknown key 'suply'.*did you mean 'supply'\?"):
        load_scenario(write(tmp_path, scenario=SCENARIO + "suply: {}\n"))


def test_chinese_names_are_names(tmp_path):
    path = write(tmp_path, scenario=SCENARIO.replace("name: baseline", "name: 海淀-基准"))
    assert load_scenario(path).name == "海淀-基准"


def test_all_files_in_one_pass(tmp_path):
    path = child(
        tmp_path,
        CHILD.replace("add: 2", "add: two"),
        scenario=SCENARIO + "chance: {draws: x}\n",
        district=DISTRICT.replace("onward: .98", "onward: 9"),
        births=tables()["births"].replace("2012,south,120", "2012,south,many"),
    )
    with pytest.raises(InputError) as raised:
        load_scenario(path)
    files = [problem.at.file.removeprefix(f"{tmp_path}/") for problem in raised.value.problems]
    assert files == ["baseline.yaml", "delayed.yaml", "demo/births.csv", "demo/district.yaml"]


def test_warnings_do_not_raise(tmp_path):
    scenario = load_scenario(write(tmp_path, births=None))
    assert [problem.code for problem in scenario.warnings] == ["first-grade-held"]


def test_check_takes_folders_and_files(tmp_path):
    path = write(tmp_path, district=DISTRICT.replace("pool:", "pol:"))
    for target in (path, tmp_path / "demo", tmp_path / "demo" / "district.yaml", str(path)):
        assert [problem.code for problem in check(target)] == ["key-unknown"]
    assert [problem.code for problem in check(tmp_path / "none.yaml")] == ["file-missing"]


def test_with_levers_gives_a_new_checked_scenario(tmp_path):
    scenario = load_scenario(child(tmp_path))
    further = scenario.with_levers(
        {"kind": "places", "times": np.float64(0.9), "from": 2023, "where": {"region": ["north"]}},
        {"kind": "migration", "add": np.int64(5), "from_": 2024},
    )
    assert [lever.kind for lever in scenario.levers] == ["delay"]
    assert [lever.kind for lever in further.levers] == ["delay", "places", "migration"]
    assert further.levers[1].where.region == ("north",)
    assert further.levers[2].from_ == 2024
    again = scenario.with_levers(*further.levers[1:])
    assert again.levers == further.levers


@pytest.mark.parametrize(
    ("status", "opens", "expected"),
    [
        ("planned", 2027, "project-late"),
        ("open", 2027, "project-late"),
        ("cancelled", 2027, None),
        ("planned", 2026, None),
        ("planned", 2022, None),
        ("planned", 2021, "project-overdue"),
        ("building", 2019, "project-overdue"),
        ("open", 2021, None),
        ("cancelled", 2021, None),
    ],
)
def test_projects_that_do_not_go_with_the_horizon(tmp_path, status, opens, expected):
    row = f"P4,south,{status},{opens},100,0,new\n"
    scenario = load_scenario(write(tmp_path, pipeline=tables()["pipeline"] + row))
    found = [(p.code, p.at.line) for p in scenario.warnings if p.code.startswith("project-")]
    assert found == ([(expected, 5)] if expected else [])
    for problem in scenario.warnings:
        assert problem.text("zh")


def test_with_levers_raises_all_problems(tmp_path):
    scenario = load_scenario(child(tmp_path))
    with pytest.raises(InputError) as raised:
        scenario.with_levers(
            {"kind": "dellay"},
            {"kind": "entry", "set": 1, "were": {}},
            {"kind": "entry", "set": float("nan")},
        )
    codes = [problem.code for problem in raised.value.problems]
    assert codes == ["lever-form", "value-unlisted", "key-unknown", "want-number"]
    assert str(raised.value.problems[2].at) == "with_levers:2"
    with pytest.raises(InputError, match="with_levers line 1 has set"):
        scenario.with_levers({"kind": "entry", "set": 1}, {"kind": "entry", "set": 2})


def test_five_thousand_levers_are_read(tmp_path):
    lever = "  - {kind: migration, add: 1, from: 2023, where: {region: north, grade: 1}}\n"
    path = write(tmp_path, scenario=SCENARIO + "levers:\n" + lever * 5000)
    assert len(load_scenario(path).levers) == 5000


@pytest.mark.parametrize("seed", seeds([1], range(1, 21)))
def test_garbled_files_give_problems_and_nothing_else(seed, tmp_path):
    """Mutate the files a little: either they load, or every problem can be read."""
    chance = random.Random(seed)
    bits = [
        "[",
        "}",
        ":",
        "：",
        "- ",
        "\n",
        "\t",
        "'",
        "null",
        "1e999",
        "{}",
        "&a",
        "\0",
        "海",
        "|",
    ]
    path = write(tmp_path)
    tables_too = [*(tmp_path / "demo").glob("*.csv")]
    for target in (path, tmp_path / "demo" / "district.yaml", *tables_too) * (7 if seed > 1 else 3):
        good = target.read_text(encoding="utf-8")
        cut, more = chance.randrange(len(good)), chance.randrange(12)
        bad = good[:cut] + chance.choice(bits) + good[cut + more :]
        target.write_text(bad, encoding="utf-8")
        try:
            load_scenario(path)
        except InputError as error:
            assert error.problems
            assert error.text("zh")
            assert all(at.line and at.column for at in (p.at for p in error.problems))
        target.write_text(good, encoding="utf-8")


def references(part) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(value) for value in part.values()))
    if isinstance(part, list):
        return set().union(*(references(value) for value in part))
    return set()


@pytest.mark.parametrize("schema", [scenario_schema(), district_schema()])
def test_schemas_are_draft_07_and_document_every_key(schema):
    text = json.dumps(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$defs" not in text and "prefixItems" not in text
    names = {f"#/definitions/{name}" for name in schema["definitions"]}
    assert references(schema) == names
    for part in (schema, *schema["definitions"].values()):
        for key, value in part["properties"].items():
            known = "const" in value or "$ref" in value or value.get("description")
            assert known, key


def test_schema_of_levers_names_all_kinds():
    schema = scenario_schema()
    kinds = [
        schema["definitions"][option["$ref"].rsplit("/", 1)[-1]]["properties"]["kind"]["const"]
        for option in schema["properties"]["levers"]["items"]["oneOf"]
    ]
    assert len(kinds) == 18
    assert "from" in schema["definitions"]["Places"]["properties"]
    assert schema["definitions"]["ProjectRow"]["patternProperties"]
    assert schema["required"] == ["name"]


def codes_of(path) -> list[str]:
    return [problem.code for problem in check(path).errors]


LEVERS = """\
levers:
  - {kind: cancel, where: {project: P9}}
  - {kind: close, close: {region: north, level: primary, school: X}}
"""


def test_a_bad_cell_hides_nothing_that_other_tables_tell(tmp_path):
    births = tables()["births"] + "2024,nrth,5\n"
    path = write(
        tmp_path,
        scenario=SCENARIO + LEVERS,
        births=births,
        enrolment=tables()["enrolment"].replace("2021,north,3,103\n", ""),
        flows="level,from,to,share\nmiddle,north,north,1\n",
    )
    assert sorted(codes_of(path)) == [
        "base-incomplete",
        "flows-from",
        "lever-unknown",
        "lever-unknown",
        "unknown-region",
    ]
    path = write(tmp_path, scenario=SCENARIO.replace("2021", "2023"), births=births, flows=None)
    assert "base-outside" in codes_of(path)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("pool: district", "pol: district", "key-unknown"),
        ("cell: [1, 1]", "cel: [1, 1]", "key-unknown"),
        ("age: 6", "age: six", "want-whole"),
        ("onward: .98", "onward: 9", "value-range"),
        ("class_size: 40", "class_size: 0", "value-range"),
        ("targets:", "tagrets:", "key-unknown"),
        ("[[north, south]]", "[[north, suth]]", "region-unknown"),
        ("cell: [1, 1]", "colour: red", "key-unknown"),
        ("title: 南部", "title: 7", "want-map"),
        ("name: demo\n", "", "key-missing"),
        ("name: demo\n", "name: demo\nname: demo\n", "yaml-duplicate"),
    ],
)
def test_a_fault_of_district_yaml_hides_no_lever_problem(tmp_path, old, new, code):
    path = write(tmp_path, scenario=SCENARIO + LEVERS, district=DISTRICT.replace(old, new))
    assert sorted(codes_of(path)) == sorted([code, "lever-unknown", "lever-unknown"])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("code: north", "code: 010", "yaml-leading-zero"),
        ("code: south", "code: north", "code-twice"),
        ("cell: [1, 1]", "witin: nort", "key-unknown"),
        ("cell: [1, 1]", "parent: north", "key-unknown"),
        ("cell: [1, 1]", "within: nort", "region-unknown"),
        ("code: middle", "code: all", "code-bad"),
        ("grades: [4, 5]", "grades: [4, x]", "want-whole"),
        ("grades: [4, 5]", "grades: [3, 5]", "grades-overlap"),
        ("onward: .98", "onwrd: .98", "key-unknown"),
        ("entry:", "entri:", "key-unknown"),
        ("neighbours: {", "neighbours：{", "yaml-wide-colon"),
        ("regions:", "regoins:", "key-unknown"),
        ("levels:\n", "levels: 3\nlevel:\n", "key-unknown"),
        ("targets: {", "targets: [", "yaml-syntax"),
    ],
)
def test_a_fault_of_district_yaml_brings_no_false_problem(tmp_path, old, new, code):
    text = SCENARIO + (
        "levers:\n"
        "  - {kind: onward_share, set: .9, where: {level: middle}}\n"
        "  - {kind: progression, times: .9, where: {grade: 5}}\n"
        "  - {kind: migration, add: 1, where: {region: north, level: high}}\n"
        "  - {kind: cancel, where: {project: P1}}\n"
        "  - {kind: convert, convert: {region: south, from_level: primary, to_level: middle,"
        " places: 5}}\n"
        "  - {kind: entry, set: 1, where: {region: south}}\n"
        "  - {kind: add_project, add_project: {project: P9, region: north, status: idea,"
        " opens: 2025, places_middle: 90}}\n"
    )
    path = write(
        tmp_path,
        scenario=text,
        district=DISTRICT.replace(old, new),
        flows="level,from,to,share\nmiddle,north,north,1\nmiddle,south,south,1\n",
        ratios="grade,region,ratio\n5,south,.9\n",
    )
    found = codes_of(path)
    assert code in found
    assert set(found) <= {code, "key-missing", "want-list"}
    assert "many" in str([p.text() for p in check(_spoilt(path, tmp_path)).errors])


def _spoilt(path, root):
    """Spoil a cell, which district.yaml's faults must not hide."""
    births = root / "demo" / "births.csv"
    births.write_text(births.read_text().replace("2012,south,120", "2012,south,many"))
    return path


def test_a_lost_lever_or_horizon_brings_no_false_problem(tmp_path):
    text = SCENARIO + (
        "levers:\n"
        "  - {kind: add_project, add_project: {project: P9, region: north, status: ida,"
        " opens: 2025, places_middle: 90}}\n"
        "  - {kind: cancel, where: {project: P9}}\n"
        "  - {kind: births, add: 1, where: {region: nrth}}\n"
    )
    path = write(tmp_path, scenario=text.replace("last_year: 2026", "last_year: x"))
    assert codes_of(path) == ["want-whole", "value-unlisted", "lever-unknown"]
    path = write(tmp_path, scenario=SCENARIO.replace("2021, last_year: 2026", "2031, last_year: x"))
    assert codes_of(path) == ["base-outside", "want-whole"]


@pytest.mark.parametrize(
    ("name", "data"),
    [("birth.csv", b"x"), ("births.csv", b"\xff\xff\xff"), ("births.xls", b"\xd0\xcf\x11\xe0")],
)
def test_an_unread_table_is_not_called_absent(tmp_path, name, data):
    path = write(
        tmp_path, births=None, scenario=SCENARIO + "levers:\n  - {kind: births, times: 2}\n"
    )
    (tmp_path / "demo" / name).write_bytes(data)
    (problem,) = check(path)
    assert str(problem.at).startswith(f"{tmp_path}/demo/{name}:1:1")


def test_a_table_is_no_scenario(tmp_path):
    write(tmp_path)
    (problem,) = check(tmp_path / "demo" / "births.csv")
    assert problem.code == "scenario-table"
    assert f"check the district folder {tmp_path / 'demo'} instead" in problem.text()
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04")
    assert codes_of(tmp_path / "b.xlsx") == ["scenario-table"]


def test_codes_in_full_width_are_named_as_written(tmp_path):
    pipeline = tables()["pipeline"].replace("P1,", "小学（南区）,")
    places = "region,level,places,school\nsouth,high,100,第一小学（本部）\n"
    rows = tables()["enrolment"].replace("\n", ",京籍（含）\n")
    rows = rows.replace("pupils,京籍（含）", "pupils,group")
    rows = rows.replace("2021,south,6,106,京籍（含）", "2021,south,6,106, 京籍(含)")
    levers = (
        "levers:\n"
        "  - {kind: cancel, where: {project: 小学（南区）}}\n"
        "  - {kind: delay, add: 1, where: {project: '小学(南区)'}}\n"
        "  - {kind: close, close: {region: south, level: high, school: 第一小学(本部)}}\n"
        "  - {kind: entry, times: 2, where: {group: '京籍(含)', region: ｎorth}}\n"
    )
    path = write(
        tmp_path, scenario=SCENARIO + levers, pipeline=pipeline, places=places, enrolment=rows
    )
    scenario = load_scenario(path)
    assert scenario.district.table("pipeline")["project"].tolist()[0] == "小学（南区）"
    assert scenario.district.groups == ("京籍（含）",)
    assert [(c.kind, c.before, c.after) for c in scenario.district.changes] == [
        ("code", " 京籍(含)", "京籍（含）")
    ]
    cancel, delay, close, entry = scenario.levers
    assert cancel.where.project == delay.where.project == ("小学（南区）",)
    assert close.close.school == "第一小学（本部）"
    assert (entry.where.group, entry.where.region) == (("京籍（含）",), ("north",))


def test_maps_are_frozen_too(tmp_path):
    text = SCENARIO + (
        "supply: {completion: {planned: .8}, delay: {planned: {1: .3}}}\n"
        "levers:\n  - {kind: add_project, add_project: {project: P9, region: north, status: idea,"
        " opens: 2025, places_primary: 9}}\n"
    )
    scenario = load_scenario(write(tmp_path, scenario=text))
    supply, district = scenario.supply, scenario.district
    again = pickle.loads(pickle.dumps(scenario))
    for one in (supply.delay, supply.delay["planned"], supply.completion, district.neighbours):
        with pytest.raises(TypeError, match="cannot be changed"):
            one["planned"] = 0.1
    with pytest.raises(TypeError, match="cannot be changed"):
        again.levers[0].add_project.update(places_primary=3)
    assert again.supply.model_dump() == supply.model_dump()
