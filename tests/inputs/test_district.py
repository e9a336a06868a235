from __future__ import annotations

import os
import random

import pytest

from capacity.base import Problems, ranges
from capacity.inputs.districts import check_base, load_district
from tests.inputs.folder import DISTRICT, enrolment, tables, write
from tests.seeds import seeds


def loaded(root, *, district=DISTRICT, **changed):
    write(root, district=district, **changed)
    problems = Problems()
    return load_district(root / "demo", problems), problems


def found(root, problems) -> list[str]:
    """Give file, place and code of every problem."""
    return [f"{str(p.at).removeprefix(f'{root}/demo/')} {p.code}" for p in problems]


def based(root, base_year=2021, **changed):
    district, problems = loaded(root, **changed)
    assert district is not None, list(problems)
    check_base(district, base_year, problems)
    return found(root, problems), problems


def test_a_whole_district(tmp_path):
    district, problems = loaded(tmp_path)
    assert not list(problems)
    assert (district.name, district.title.zh) == ("demo", "示例区")
    assert district.regions[1].title.en == district.regions[1].title.zh == "南部"
    assert district.regions[0].cell == (0, 1)
    assert district.levels[2].title.en == "high"
    assert [level.pool for level in district.levels] == ["region", "region", "district"]
    assert district.entry.cutoff == (8, 31)
    assert district.entry.births_year_ends == (12, 31)
    assert district.targets.new_places == 45000
    assert district.first_grade == 1
    assert district.level_of(5).code == "middle"
    assert district.level("middle").onward == 0.98
    assert district.level_of(7) is None


def test_tables_are_copies_and_absent_ones_have_columns(tmp_path):
    district, _ = loaded(tmp_path)
    places = district.table("places")
    places["places"] = 0
    assert district.table("places")["places"].sum() == 1200
    assert not district.has("flows")
    assert "share" in district.table("flows").columns
    with pytest.raises(AttributeError):
        district.name = "x"


def test_files_are_listed_with_hashes(tmp_path):
    district, _ = loaded(tmp_path)
    names = ["district.yaml", "births.csv", "enrolment.csv", "pipeline.csv", "places.csv"]
    assert [file.name for file in district.files] == names
    assert all(len(file.sha256) == 64 for file in district.files)


def test_levels_are_sorted_and_neighbours_named_once(tmp_path):
    lines = DISTRICT.splitlines(keepends=True)
    mixed = "".join([*lines[:6], lines[8], lines[7], lines[6], *lines[9:]])
    mixed = mixed.replace("[[north, south]]", "[[south, north], [north, south]]")
    district, problems = loaded(tmp_path, district=mixed)
    assert not list(problems)
    assert [level.code for level in district.levels] == ["primary", "middle", "high"]
    assert district.neighbours == {"middle": (("south", "north"),)}


def test_nested_regions(tmp_path):
    nested = DISTRICT.replace(
        "regions:\n", "regions:\n  - {code: city}\n  - {code: inner, within: city}\n"
    )
    nested = nested.replace("cell: [0, 1]", "within: inner").replace(
        "cell: [1, 1]", "within: inner"
    )
    district, problems = loaded(tmp_path, district=nested)
    assert not list(problems)
    assert district.leaf_regions == ("north", "south")
    assert district.children_of("city") == ("north", "south")
    assert district.children_of("north") == ("north",)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [("code: south", "code: north", "5:12"), ("code: middle", "code: primary", "8:12")],
)
def test_a_code_twice_names_both_lines(tmp_path, old, new, at):
    _, problems = loaded(tmp_path, district=DISTRICT.replace(old, new))
    assert f"district.yaml:{at} code-twice" in found(tmp_path, problems)
    assert "and in line" in str(problems.errors[0].text())
    assert not any(problem.at.file.endswith(".csv") for problem in problems)


def test_regions_within_each_other(tmp_path):
    circle = DISTRICT.replace("cell: [0, 1]", "within: south").replace(
        "cell: [1, 1]", "within: north"
    )
    _, problems = loaded(tmp_path, district=circle)
    assert "region-cycle" in {problem.code for problem in problems}
    assert "north → south → north" in str(problems.errors[0].text())


def test_neighbours_are_leaf_regions(tmp_path):
    nested = DISTRICT.replace("regions:\n", "regions:\n  - {code: city}\n")
    nested = nested.replace("cell: [0, 1]", "within: city").replace("[[north", "[[city")
    _, problems = loaded(tmp_path, district=nested)
    assert [problem.code for problem in problems] == ["region-parent"]


def test_unquoted_code_says_to_quote_it(tmp_path):
    _, problems = loaded(tmp_path, district=DISTRICT.replace("code: north", "code: 7"))
    (problem,) = problems
    assert problem.text().endswith(
        "text-unquoted: text is wanted for 'code', and unquoted this is none; "
        "found 7; expected text; put it in quotes"
    )


def test_faults_of_all_files_come_in_one_pass(tmp_path):
    district, problems = loaded(
        tmp_path,
        district=DISTRICT.replace("onward: .98", "onward: 2").replace("pool:", "pol:"),
        births=tables()["births"].replace("2012,south,120", "2012,sputh,120"),
        places=tables()["places"].replace("north,primary,300", "north,primary,-3"),
    )
    assert district is None
    files = [line.split(":")[0] for line in found(tmp_path, problems)]
    assert files == ["births.csv", "district.yaml", "district.yaml", "places.csv"]


def test_births_need_entry(tmp_path):
    cut = DISTRICT.replace('entry: {age: 6, cutoff: "08-31"}\n', "")
    _, problems = loaded(tmp_path, district=cut)
    assert found(tmp_path, problems) == ["district.yaml:1:1 entry-missing"]
    district, problems = loaded(tmp_path / "without", district=cut, births=None)
    assert district.entry is None


def test_children_need_entry(tmp_path):
    cut = DISTRICT.replace('entry: {age: 6, cutoff: "08-31"}\n', "")
    children = "year,region,age,children\n2021,north,3,90\n"
    _, problems = loaded(tmp_path, district=cut, births=None, children=children)
    assert found(tmp_path, problems) == ["district.yaml:1:1 entry-missing"]


def test_enrolment_is_needed(tmp_path):
    _, problems = loaded(tmp_path, enrolment=None)
    assert [problem.code for problem in problems] == ["enrolment-missing"]


def test_classes_give_places(tmp_path):
    text = "region,level,places,classes,class_size\n"
    text += "north,primary,300,7,\nnorth,middle,,3,\nsouth,middle,100,2,50\nsouth,high,9,,\n"
    district, problems = loaded(tmp_path, places=text)
    assert district.table("places")["places"].tolist() == [280, 135, 100, 9]
    assert found(tmp_path, problems) == ["places.csv:2:1 places-differ"]
    assert district.warnings == problems.warnings
    assert "7 classes of 40 make 280" in problems.warnings[0].text()


def test_groups_without_pupils(tmp_path):
    ratios = "grade,region,ratio,group\n1,all,.9,hukou\n"
    _, problems = loaded(tmp_path, ratios=ratios)
    assert found(tmp_path, problems) == ["ratios.csv:2:1 group-unknown"]


def test_flows_come_from_every_region_into_later_levels(tmp_path):
    flows = (
        "level,from,to,share\nmiddle,north,north,1\nprimary,north,north,1\nprimary,south,south,1\n"
    )
    _, problems = loaded(tmp_path, flows=flows)
    assert found(tmp_path, problems) == ["flows.csv:2:1 flows-from", "flows.csv:3:1 flows-first"]


def test_housing_without_yields_is_a_warning(tmp_path):
    district, problems = loaded(tmp_path, housing="year,region,homes\n2020,north,30\n")
    assert district is not None
    assert found(tmp_path, problems) == ["housing.csv:2:1 housing-without-yields"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links")
def test_district_yaml_may_not_lead_out(tmp_path):
    write(tmp_path)
    inside = tmp_path / "demo" / "district.yaml"
    inside.rename(tmp_path / "other.yaml")
    inside.symlink_to(tmp_path / "other.yaml")
    problems = Problems()
    assert load_district(tmp_path / "demo", problems) is None
    assert [problem.code for problem in problems] == ["file-outside"]


def test_a_good_base_year_has_no_problems(tmp_path):
    assert based(tmp_path)[0] == []


def test_base_year_outside(tmp_path):
    lines, problems = based(tmp_path, 2022)
    assert lines == ["enrolment.csv:2:1 base-outside"]
    assert "from 2018 to 2021" in problems.errors[0].text()


def test_missing_cells_of_the_base_year_are_listed_shortly(tmp_path):
    text = enrolment()
    for row in ("2021,north,3,103\n", "2021,south,4,104\n", "2021,south,5,105\n"):
        text = text.replace(row, "")
    lines, problems = based(tmp_path, enrolment=text)
    assert [line.split()[1] for line in lines] == ["base-incomplete"]
    assert "missing: north 3; south 4–5;" in problems.errors[0].text()


def test_a_missing_row_that_stands_at_a_year_of_its_own_is_named(tmp_path):
    text = enrolment().replace("2021,north,3,103", "2052,north,3,103")
    line = text.splitlines().index("2052,north,3,103") + 1
    _, problems = based(tmp_path, enrolment=text)
    (error,) = problems.errors
    assert error.text().endswith(f"; a row of north 3 stands alone at 2052, line {line}")
    assert error.text("zh").endswith(f"；north（北部）3 年级有一行单独写在 2052 年（第 {line} 行）")


@pytest.mark.parametrize("year", [1920, 2091])
def test_so_is_one_of_a_hole_between_years(tmp_path, year):
    text = enrolment().replace("2020,south,2,102", f"{year},south,2,102")
    _, problems = based(tmp_path, enrolment=text)
    (warning,) = (problem for problem in problems.warnings if problem.code != "years-after")
    assert warning.code == "series-hole" and not problems.errors
    assert f"a row of south 2 stands alone at {year}, line " in warning.text()


def test_every_group_of_a_region_is_wanted(tmp_path):
    rows = ["year,region,grade,pupils,group"]
    for grade in range(1, 7):
        rows += [f"2021,north,{grade},50,hukou", f"2021,south,{grade},50,"]
        rows += [f"2021,north,{grade},50,other"] if grade != 2 else []
    lines, problems = based(tmp_path, enrolment="\n".join(rows) + "\n")
    assert "missing: north other 2;" in problems.errors[0].text()
    assert len(lines) == 1


def test_holes_between_years_are_a_warning(tmp_path):
    _, problems = based(tmp_path, enrolment=enrolment().replace("2019,north,3,103\n", ""))
    assert not problems.errors
    assert "North 3 (2019)" in problems.warnings[0].text()


def test_a_grade_that_an_earlier_year_lacks_is_a_warning(tmp_path):
    _, problems = based(tmp_path, enrolment=enrolment().replace("2018,north,3,103\n", ""))
    assert [problem.code for problem in problems.warnings] == ["series-hole"]
    assert "North 3 (2018)" in problems.warnings[0].text()


def test_a_digit_too_many_is_a_warning(tmp_path):
    table = enrolment().replace("2021,north,3,103\n", "2021,north,3,1030\n")
    assert table != enrolment()
    _, problems = based(tmp_path, enrolment=table)
    assert [problem.code for problem in problems.warnings] == ["cohort-jump"]
    assert "1,030 pupils in grade 3 of North are 10 times the" in problems.warnings[0].text()


def test_births_leave_out_a_cohort_to_come(tmp_path):
    births = tables()["births"].replace("2016,north,120\n", "")
    lines, problems = based(tmp_path, births=births)
    assert lines == ["births.csv:2:1 births-hole"]
    assert "leave out 2016" in problems.errors[0].text()


def test_births_end_too_early(tmp_path):
    births = "year,region,births\n" + "".join(f"{year},all,240\n" for year in range(2005, 2015))
    _, problems = based(tmp_path, births=births)
    assert not problems.errors
    assert [problem.code for problem in problems.warnings] == ["births-end"] * 2
    assert "up to 2015 or later" in problems.warnings[0].text()


def test_births_may_end_with_those_who_entered(tmp_path):
    births = "year,region,births\n" + "".join(f"{year},all,240\n" for year in range(2005, 2016))
    assert based(tmp_path, births=births)[0] == []


def test_no_births_at_all_holds_the_first_grade(tmp_path):
    lines, _ = based(tmp_path, births=None)
    assert lines == ["births.csv first-grade-held"]


def test_a_region_without_births(tmp_path):
    rows = [row for row in tables()["births"].splitlines() if "south" not in row]
    lines, _ = based(tmp_path, births="\n".join(rows) + "\n")
    assert lines == ["births.csv:2:1 births-region"]


def test_missing_places_are_named(tmp_path):
    places = tables()["places"].replace("north,primary,300\n", "")
    _, problems = based(tmp_path, places=places)
    assert "no places for North primary:" in problems.warnings[0].text()


def test_places_of_a_later_year_are_no_stock(tmp_path):
    places = "region,level,places,year\n" + "".join(
        f"{region},{level},100,{2023 if (region, level) == ('south', 'high') else 2020}\n"
        for region in ("north", "south")
        for level in ("primary", "middle", "high")
    )
    _, problems = based(tmp_path, places=places)
    assert "no places for 南部 high:" in problems.warnings[0].text()


@pytest.mark.parametrize("seed", seeds(range(3), range(12)))
def test_births_are_asked_for_by_cohort(tmp_path, seed):
    """A year of births is missed where a cohort needs it that is not counted as children."""
    luck = random.Random(seed)
    gone = set(luck.sample(range(2015, 2020), 2))
    counted = set(luck.sample(range(2022, 2028), luck.randint(0, 6)))
    births = "\n".join(
        row
        for row in tables()["births"].splitlines()
        if not (row[:4].isdigit() and int(row[:4]) in gone and "north" in row)
    )
    children = "year,region,age,children\n" + "".join(
        f"2021,north,{2021 + 6 - entered},100\n" for entered in counted
    )
    _, problems = based(tmp_path, births=births + "\n", children=children if counted else None)
    # Born in the last four months of a year: seven years before entry; in the first eight: six.
    needed = {
        born for entered in set(range(2022, 2028)) - counted for born in (entered - 7, entered - 6)
    }
    missing = sorted(gone & needed)
    found = [problem.text() for problem in problems.errors if problem.code == "births-hole"]
    assert len(found) == bool(missing)
    assert not missing or f"leave out {', '.join(ranges(missing))}, when" in found[0]
