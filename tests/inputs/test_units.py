"""Units of regions (schools, streets, wards) are added up to them, and nothing is counted twice."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.base import Problems
from capacity.inputs.scenarios import check, load_scenario
from capacity.inputs.tables import Tables, read_tables
from tests.inputs.folder import tables, write

LEVELS = (("primary", (1, 3)), ("middle", (4, 6)))


def read(folder: Path, **texts: str) -> tuple[Tables, Problems]:
    folder.mkdir(exist_ok=True, parents=True)
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    problems = Problems()
    found = read_tables(folder, regions=("north", "south"), levels=LEVELS, problems=problems)
    return found, problems


UNITS = (
    "unit,region,share,title\nOak,north,,Oak School\nElm,north,,\nAsh,south,,\n"
    "Yew,north,.25,\nYew,south,.75,\n"
)


def codes(problems: Problems, severity: str = "error") -> list[str]:
    return [problem.code for problem in problems if problem.severity == severity]


@given(st.integers(0, 10**6))
def test_counts_of_units_are_the_counts_of_their_regions(seed: int) -> None:
    """Whatever the order, spelling and split: the plain sum, and every row is a change."""
    import tempfile

    luck = random.Random(seed)
    units = {
        f"Unit {n}": luck.choice(("north", "south", "both")) for n in range(luck.randint(1, 6))
    }
    listed = ["unit,region,share"]
    for unit, region in units.items():
        if region == "both":
            listed += [f"{unit},north,.25", f"{unit},south,.75"]
        else:
            listed.append(f"{unit},{region},")
    rows, wanted = [], defaultdict[tuple[int, str, int], float](float)
    for year in (2020, 2021):
        for unit, region in units.items():
            for grade in (1, 2):
                pupils = luck.randint(0, 400)
                spelt = luck.choice((unit, unit.upper(), f" {unit}", unit.replace(" ", "  ")))
                rows.append(f"{year},{spelt},{grade},{pupils}")
                shares = {"north": 0.25, "south": 0.75} if region == "both" else {region: 1.0}
                for to, share in shares.items():
                    wanted[year, to, grade] += pupils * share
    luck.shuffle(rows)
    with tempfile.TemporaryDirectory() as folder:
        found, problems = read(
            Path(folder),
            units="\n".join(listed) + "\n",
            enrolment="\n".join(["year,region,grade,pupils", *rows]) + "\n",
        )
    assert not problems.errors
    frame = found.frames["enrolment"]
    keys = zip(frame["year"], frame["region"], frame["grade"], strict=True)
    got = dict(zip(keys, frame["pupils"], strict=True))
    assert got == pytest.approx(dict(wanted))
    assert sum(one.count for one in found.changes if one.kind == "summed") == len(rows)


def test_a_district_by_schools_is_the_district_by_regions(tmp_path: Path) -> None:
    """Units that halve every count give the same frames."""
    plain = load_scenario(write(tmp_path / "plain")).district
    texts = {}
    for name in ("enrolment", "births", "places"):
        head, *rows = tables()[name].splitlines()
        count = -1
        halved = []
        for row in rows:
            cells = row.split(",")
            cells[count] = str(float(cells[count]) / 2)
            for unit in ("A", "B"):
                place = head.split(",").index("region")
                halved.append(
                    ",".join([*cells[:place], f"{cells[place]} {unit}", *cells[place + 1 :]])
                )
        texts[name] = "\n".join([head, *halved]) + "\n"
    units = "".join(f"{r} {u},{r}\n" for r in ("north", "south") for u in "AB")
    summed = load_scenario(
        write(tmp_path / "units", units=f"unit,region\n{units}", **texts)
    ).district
    for name in ("enrolment", "births"):
        one, other = (d.table(name).drop(columns=["line", "file"]) for d in (plain, summed))
        assert one.equals(other), name
    places = summed.table("places")
    assert set(places["school"]) == {"north A", "north B", "south A", "south B"}
    total = places.groupby(["region", "level"])["places"].sum()
    assert (
        total.to_dict() == plain.table("places").set_index(["region", "level"])["places"].to_dict()
    )


def test_a_title_names_a_unit_too(tmp_path: Path) -> None:
    found, problems = read(
        tmp_path, units=UNITS, births="year,region,births\n2020,oak school,5\n2020,Elm,6\n"
    )
    assert not problems.errors
    assert found.frames["births"][["region", "births"]].values.tolist() == [["north", 11.0]]


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("unit-beside", {"births": "year,region,births\n2020,north,5\n2020,Oak,6\n"}),
        ("unit-beside", {"births": "year,region,births,group\n2020,north,5,\n2020,Oak,6,A\n"}),
        (
            "unit-beside",
            {"places": "region,level,places,school\nnorth,primary,5,B\nOak,primary,6,\n"},
        ),
        ("unit-elsewhere", {"ratios": "grade,region,ratio\n2,Oak,1\n"}),
        ("unit-elsewhere", {"flags": "year,region,reason\n2020,Elm,x\n"}),
        ("unit-elsewhere", {"flows": "level,from,to,share\nmiddle,Oak,north,1\n"}),
        (
            "unit-split",
            {"pipeline": "project,region,status,opens,places_primary\nP,Yew,planned,2024,5\n"},
        ),
        ("unknown-region", {"births": "year,region,births\n2020,Oakk,5\n"}),
        ("key-twice", {"births": "year,region,births\n2020,Oak,5\n2020,oak,5\n"}),
        ("unit-shares", {"units": "unit,region,share\nOak,north,.5\nOak,south,.4\n"}),
        ("unit-shares", {"units": "unit,region\nOak,north\nOak,south\n"}),
        ("unit-shares", {"units": "unit,region,share\nOak,north,.5\n"}),
        ("unit-is-region", {"units": "unit,region\nNorth,north\n"}),
        ("unit-is-region", {"units": "unit,region\nall,north\n"}),
        ("unit-name-twice", {"units": "unit,region,title\nOak,north,\nElm,south,OAK\n"}),
        ("unknown-region", {"units": "unit,region\nOak,west\n"}),
        ("key-twice", {"units": "unit,region\nOak,north\nOak,north\n"}),
    ],
)
def test_what_would_be_counted_twice_or_nowhere_is_refused(
    tmp_path: Path, code: str, texts: dict[str, str]
) -> None:
    _, problems = read(tmp_path, **({"units": UNITS} | texts))
    assert code in codes(problems) or (code == "unit-is-region" and "code-all" in codes(problems))


def test_one_fault_in_units_is_one_error(tmp_path: Path) -> None:
    found, problems = read(
        tmp_path,
        units="unit,region,share\nOak,north,.5\n",
        births="year,region,births\n2020,Oak,5\n",
    )
    assert codes(problems) == ["unit-shares"] and found.invalid == {"units", "births"}


def test_units_that_lack_a_year_and_those_that_nobody_names_are_told(tmp_path: Path) -> None:
    rows = [f"{year},{unit},5" for year in (2018, 2019, 2020) for unit in ("Oak", "Elm")]
    rows.remove("2019,Elm,5")
    births = "\n".join(["year,region,births", *rows]) + "\n"
    _, problems = read(tmp_path, units=UNITS, births=births)
    assert codes(problems, "warning").count("units-lacking") == 1
    text = next(one.text() for one in problems if one.code == "units-lacking")
    assert "Elm (2019)" in text
    text = next(one.text() for one in problems if one.code == "units-unnamed")
    assert "Ash" in text and "Yew" in text and "Oak" not in text


def test_a_unit_that_begins_later_is_no_gap(tmp_path: Path) -> None:
    births = "year,region,births\n2018,Oak,5\n2019,Oak,5\n2019,Elm,5\n2019,Ash,1\n2019,Yew,1\n"
    _, problems = read(tmp_path, units=UNITS, births=births)
    assert not list(problems)


def test_a_project_counts_in_the_region_of_its_unit(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        units="unit,region\nOak,south\n",
        pipeline="project,region,status,opens,places_primary\nP,Oak,planned,2024,50\n",
    )
    assert load_scenario(path).district.table("pipeline")["region"].tolist() == ["south"]
    assert not check(path).errors


def test_the_least_sure_part_tells_how_sure_a_sum_is(tmp_path: Path) -> None:
    births = (
        "year,region,births,quality,source,known\n2020,Oak,5,GREEN,a,2021-01\n"
        "2020,Elm,5,AMBER,projection,2021-03\n"
    )
    found, problems = read(tmp_path, units=UNITS, births=births)
    assert not problems.errors
    row = found.frames["births"].iloc[0]
    assert (row["quality"], row["source"], row["known"]) == ("AMBER", "projection", "2021-03")


def test_many_names_that_are_no_regions_are_one_question(tmp_path: Path) -> None:
    rows = "".join(f"2020,{n}号街道,5\n" for n in range(20)) + "2020,0号街道,7\n"
    _, problems = read(tmp_path, births=f"year,region,births\n{rows}")
    (problem,) = problems
    assert problem.code == "regions-unknown" and "20 names" in problem.text()
    assert "0号街道,<region>" in problem.text() and "lines 2–22" in problem.text()
    assert "0号街道,<区域代码>" in problem.text("zh")
