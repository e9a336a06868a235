"""Counts as offices write them: units, marks of footnotes, marks for what is withheld."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.base import InputError, catalog
from capacity.inputs import changed_inputs
from capacity.inputs.scenarios import check, load_scenario
from capacity.inputs.tables import CellError, is_withheld, read_number
from tests.inputs.folder import DISTRICT, tables, write

HEADS = ("人", "名", "个", "位")
MARKS = ["¹", "²³", "①", " ⑵", "*", "†", "‡", "[1]", " [r]", " (p)", " [note 2]", "(注1)"]


def enrolment(cell: str) -> str:
    """Give the sound table with one cell of pupils, of 2018, written otherwise."""
    return tables()["enrolment"].replace("2018,north,1,101", f"2018,north,1,{cell}")


def pupils(path: Path) -> float:
    return float(load_scenario(path).district.table("enrolment")["pupils"].iloc[0])


@given(st.integers(0, 10**7), st.sampled_from(MARKS), st.sampled_from(["", "人", " pupils"]))
def test_marks_of_footnotes_are_no_digits(count: int, mark: str, unit: str) -> None:
    """Never is a mark read as part of the figure."""
    assert read_number(f"{count}{unit}{mark}" if mark[0] not in " [(" else f"{count}{mark}", HEADS)[
        :2
    ] == (float(count), "mark")


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        *(
            ("1.2千人", 1200),
            ("0.5万人", 5000),
            ("120 名", 120),
            ("120个", 120),
            ("1,234 pupils", 1234),
        ),
        *(("1.5 thousand", 1500), ("2 thousand pupils", 2000), ("120 Children", 120), ("95位", 95)),
        *(("12 places", 12), ("1 pupil", 1)),
    ],
)
def test_units_are_applied(cell: str, count: int) -> None:
    assert read_number(cell, HEADS) == (count, "unit")


@pytest.mark.parametrize(
    "cell", ["120 classes", "120班", "12½", "120(3)", "1 2", "120 dozen", "12K"]
)
def test_other_words_are_no_units(cell: str) -> None:
    with pytest.raises(CellError):
        read_number(cell, HEADS)


def withheld_marks() -> list[str]:
    stated = catalog("reading")["withheld"]
    limits = [f"{word} {n}" for word in stated["before"] for n in (5, 10)]
    limits += [f"{n}{word}" for word in stated["after"] for n in (5, 10)]
    return [
        *stated["marks"],
        *limits,
        "<10",
        "≤5",
        "1-4",
        "1 – 4",
        "1 to 9",
        "N/A",
        "C",
        "＜10",
        "＊",
    ]


def test_every_mark_of_what_is_withheld_is_known() -> None:
    for mark in withheld_marks():
        assert is_withheld(mark) and is_withheld(f" {mark} "), mark
        with pytest.raises(CellError):
            read_number(mark, HEADS)


@pytest.mark.parametrize("text", ["", "12", "0", "1.5", "12人", "north", "a", "-5", "102*", "-1"])
def test_figures_and_words_are_not_withheld(text: str) -> None:
    assert not is_withheld(text)


def test_withheld_counts_are_one_error_with_three_ways_out(tmp_path: Path) -> None:
    text = tables()["enrolment"].replace("2018,north,1,101", "2018,north,1,*")
    text = text.replace("2019,north,2,102", "2019,north,2,<10").replace(
        "2019,north,3,103", "2019,north,3,*"
    )
    (problem,) = check(write(tmp_path, enrolment=text)).errors
    assert (problem.code, problem.at.line) == ("counts-withheld", 2)
    said = problem.text()
    assert "3 counts of column pupils" in said and "'*' 2" in said and "'<10' 1" in said
    assert "lines 2, 15–16" in said
    for way in ("leave these rows out", "write the figures", "withheld: 5"):
        assert way in said


def test_a_stated_figure_stands_for_what_is_withheld_and_is_assumed(tmp_path: Path) -> None:
    text = tables()["enrolment"].replace("2018,north,1,101", "2018,north,1,c")
    path = write(tmp_path, enrolment=text, district=f"{DISTRICT}withheld: 5\n")
    district = load_scenario(path).district
    rows = district.table("enrolment")
    assert rows["pupils"].iloc[0] == 5
    assert rows["quality"].tolist() == ["RED"] + [""] * (len(rows) - 1)
    (change,) = district.changes
    assert (change.kind, change.before, change.after) == ("withheld", "c", "5")


@given(
    st.dictionaries(st.integers(1, 48), st.sampled_from(["*", "<10", "c", "…"]), max_size=20),
    st.dictionaries(st.integers(1, 22), st.sampled_from(["x", "*"]), max_size=5),
)
def test_what_stands_for_withheld_counts_is_told_once_with_its_cells(
    pupils: dict[int, str], births: dict[int, str]
) -> None:
    """How many, in which tables and lines; and each is marked in its frame."""
    changed = {}
    for name, marks in (("enrolment", pupils), ("births", births)):
        lines = tables()[name].splitlines()
        for row, mark in marks.items():
            lines[row] = f"{lines[row].rpartition(',')[0]},{mark}"
        changed[name] = "\n".join(lines) + "\n"
    with TemporaryDirectory() as root:
        path = write(Path(root), district=f"{DISTRICT}withheld: 5\n", **changed)
        problems, district = check(path), load_scenario(path).district
    told = [one for one in problems.warnings if one.code == "withheld-filled"]
    codes = [one.code for one in problems.warnings]
    assert len(told) == bool(pupils or births) and "read-otherwise" not in codes
    for one in told:
        assert dict(one.facts)["count"] == len(pupils) + len(births)
        for name, marks in (("enrolment", pupils), ("births", births)):
            assert (f" {name} {len(marks)} (lines " in one.text()) == bool(marks)
        first = min(births or pupils)
        assert one.at.line == first + 1
    for name, column, marks in (("enrolment", "pupils", pupils), ("births", "births", births)):
        rows = district.table(name)
        assert rows.index[rows[f"withheld_{column}"]].tolist() == sorted(row - 1 for row in marks)
        assert (rows.loc[rows[f"withheld_{column}"], "quality"] == "RED").all()


def test_a_region_with_a_unit_that_is_withheld_is_marked(tmp_path: Path) -> None:
    text = tables()["enrolment"].replace("2020,north,2,102", "2020,Oak,2,*\n2020,Elm,2,60")
    units = "unit,region\nOak,north\nElm,north\n"
    path = write(tmp_path, enrolment=text, units=units, district=f"{DISTRICT}withheld: 5\n")
    rows = load_scenario(path).district.table("enrolment")
    (marked,) = rows[rows["withheld_pupils"]].to_dict("records")
    assert (marked["region"], marked["year"], marked["pupils"]) == ("north", 2020, 65)
    (told,) = [one for one in check(path).warnings if one.code == "withheld-filled"]
    assert "stand as 5, their rows as RED: enrolment 1 (lines" in told.text()


def test_a_comparison_names_what_stands_there_not_its_mark(tmp_path: Path) -> None:
    text = tables()["enrolment"].replace("2018,north,1,101", "2018,north,1,c")
    yaml = f"{DISTRICT}withheld: 5\n"
    one, other = (
        load_scenario(write(tmp_path / name, enrolment=rows, district=yaml))
        for name, rows in (("a", text), ("b", tables()["enrolment"]))
    )
    changed = [(row.column, row.a, row.b) for row in changed_inputs(one, other)]
    assert ("pupils", "5", "101") in changed
    assert not any(column.startswith("withheld_") for column, _, _ in changed)


@pytest.mark.parametrize("stands", [0, 2, 5])
def test_what_stands_there_is_no_slip_of_the_pen(tmp_path: Path, stands: int) -> None:
    text = tables()["enrolment"].replace("2020,north,2,102", "2020,north,2,*")
    births = tables()["births"].replace("2015,north,120", "2015,north,c")
    for mark in (True, False):
        enrolment, born = (
            one if mark else one.replace(",*", f",{stands}").replace(",c", f",{stands}")
            for one in (text, births)
        )
        yaml = f"{DISTRICT}withheld: {stands}\n"
        problems = check(write(tmp_path, enrolment=enrolment, births=born, district=yaml))
        codes = {one.code for one in problems.warnings}
        slips = codes & {"cohort-jump", "births-jump", "count-zero"}
        assert bool(slips) == (not mark), codes


def test_no_total_is_held_against_what_is_assumed(tmp_path: Path) -> None:
    text = tables()["enrolment"].replace("2021,south,6,106\n", "2021,south,6,*\n合计,,,4991\n")
    path = write(tmp_path, enrolment=text, district=f"{DISTRICT}withheld: 5\n")
    assert load_scenario(path).district.table("enrolment")["pupils"].iloc[-1] == 5


@pytest.mark.parametrize("cell", ["<10", "*"])
def test_places_are_not_withheld(tmp_path: Path, cell: str) -> None:
    places = tables()["places"].replace("north,primary,300", f"north,primary,{cell}")
    assert [problem.code for problem in check(write(tmp_path, places=places)).errors] == [
        "number-invalid"
    ]


def test_points_of_thousands_are_asked_about(tmp_path: Path) -> None:
    def many(cell: str) -> Path:
        text = "".join(
            line if line.startswith("year") else f"{line.rpartition(',')[0]},1{line[-4:-1]}\n"
            for line in tables()["enrolment"].splitlines(keepends=True)
        )
        return write(tmp_path, enrolment=text.replace("2018,north,1,1101", f"2018,north,1,{cell}"))

    (told,) = [one for one in check(many("1.101")).warnings if one.code == "thousands-dots"]
    assert told.at.line == 2 and "write 1,101 for 1.101" in told.text() and "lines 2" in told.text()
    codes = {one.code for one in check(many("1100.5")).warnings}
    assert "fractions" in codes and "thousands-dots" not in codes


def test_a_figure_with_a_mark_is_counted_as_changed(tmp_path: Path) -> None:
    path = write(tmp_path, enrolment=enrolment("101¹"))
    assert pupils(path) == 101
    assert [change.kind for change in load_scenario(path).district.changes] == ["mark"]
    with pytest.raises(InputError):
        load_scenario(write(tmp_path, enrolment=enrolment("101¹½")))
