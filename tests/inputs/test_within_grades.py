"""A district cut down to a range of its grades."""

from __future__ import annotations

from pathlib import Path

import pytest

from capacity.base import InputError, Problems
from capacity.inputs.districts import District, load_district, within_grades
from capacity.inputs.to_model import build
from tests.inputs.folder import tables, write


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    more = {
        "ratios": "grade,region,ratio\n1,all,0.9\n4,all,1\n5,north,0.95\n",
        "yields": "level,years_since,pupils_per_home\nprimary,0,0.3\nmiddle,1,0.1\n",
        "flows": "level,from,to,share\n"
        + "".join(f"{k},{a},{a},1\n" for k in ("middle", "high") for a in ("north", "south")),
    }
    folder = write(tmp_path_factory.mktemp("whole"), **more).parent / "demo"
    problems = Problems()
    found = load_district(folder, problems)
    assert found is not None, list(problems)
    return found


def test_all_grades_are_the_same_district(district: District) -> None:
    same = within_grades(district, 1, 6)
    assert same.levels == district.levels and same.entry == district.entry
    for name in ("enrolment", "births", "places", "ratios", "flows", "yields"):
        assert same.table(name).equals(district.table(name)), name


def test_levels_are_cut_or_left_out_with_their_rows(district: District) -> None:
    part = within_grades(district, 1, 4)
    assert [(v.code, v.grades) for v in part.levels] == [("primary", (1, 3)), ("middle", (4, 4))]
    assert part.grades == (1, 2, 3, 4)
    assert set(part.table("enrolment")["grade"]) == {1, 2, 3, 4}
    assert set(part.table("ratios")["grade"]) == {1, 4}
    assert set(part.table("flows")["level"]) == {"middle"}
    assert set(part.table("places")["level"]) == {"primary", "middle"}
    assert part.table("births").equals(district.table("births"))
    homes = part.table("yields").set_index("level")["pupils_per_home"]
    assert homes["primary"] == pytest.approx(0.3) and homes["middle"] == pytest.approx(0.05)


def test_without_its_first_grade_a_district_has_no_births(district: District) -> None:
    part = within_grades(district, 4, 6)
    assert part.entry is None and not part.has("births")
    assert set(part.table("ratios")["grade"]) == {5}
    assert set(part.table("flows")["level"]) == {"high"}
    assert part.table("births").columns.equals(district.table("births").columns)


@pytest.mark.parametrize("first, last", [(0, 3), (1, 7), (-3, -1)])
def test_grades_that_are_not_there_are_refused(district: District, first: int, last: int) -> None:
    with pytest.raises(InputError, match=r"grades-unknown.*expected grades from 1 to 6"):
        within_grades(district, first, last)


@pytest.mark.parametrize("first, last", [(5, 4), (6, 1), (9, -2)])
def test_the_first_grade_is_not_above_the_last(district: District, first: int, last: int) -> None:
    with pytest.raises(
        InputError, match=rf"grades-backwards.*lower one first: {last}-{first}"
    ) as told:
        within_grades(district, first, last)
    assert "grades-unknown" not in str(told.value) and "先写低年级" in told.value.text("zh")


def test_rooms_are_lent_to_no_level_that_is_left_out(tmp_path: Path) -> None:
    lines = [line + "," for line in tables()["places"].splitlines()]
    lines[0] += "convertible_to"
    lines[1:4] = [
        f"{line}{to}" for line, to in zip(lines[1:4], ("middle;high", "high", ""), strict=True)
    ]
    folder = write(tmp_path, places="\n".join(lines) + "\n").parent / "demo"
    found = load_district(folder, Problems())
    assert found is not None
    for last, lent in ((6, ["middle;high", "high", ""]), (5, ["middle", ""]), (3, [""])):
        part = within_grades(found, 1, last)
        assert part.table("places")["convertible_to"].tolist()[: len(lent)] == lent
        build(part, 2021, 2022)
    assert within_grades(found, 1, 6).table("places").equals(found.table("places"))


def test_the_whole_stays_as_it_was(district: District, tmp_path: Path) -> None:
    before = district.table("yields")
    within_grades(district, 1, 4)
    assert district.table("yields").equals(before)
