"""Groups that are not in every region, or not in every year."""

from pathlib import Path

import pytest

import capacity

DISTRICT = """\
name: x
regions: [{code: north}, {code: east}]
levels: [{code: primary, grades: [1, 2], class_size: 40}]
"""
SCENARIO = "name: s\ndistrict: d\nhorizon: {base_year: 2024, last_year: 2026}\n"


def run(folder: Path, pupils: dict[tuple[int, str, str], float], **extra: str) -> capacity.Result:
    """Run a district of two grades with the same pupils in each grade of an area."""
    (folder / "d").mkdir()
    (folder / "d" / "district.yaml").write_text(DISTRICT)
    rows = [
        f"{year},{region},{grade},{n},{group}"
        for (year, region, group), n in pupils.items()
        for grade in (1, 2)
    ]
    table = "year,region,grade,pupils,group\n" + "\n".join(rows) + "\n"
    (folder / "d" / "enrolment.csv").write_text(table, encoding="utf-8")
    (folder / "d" / "places.csv").write_text(
        "region,level,places\nnorth,primary,9\neast,primary,9\n"
    )
    for name, text in extra.items():
        (folder / "d" / f"{name}.csv").write_text(text)
    (folder / "s.yaml").write_text(SCENARIO + extra.get("levers", ""))
    return capacity.run(capacity.load_scenario(folder / "s.yaml"))


@pytest.mark.parametrize(
    "groups",
    [
        {"north": ("hukou", "other"), "east": ("",)},
        {"north": ("hukou", "other"), "east": ("hukou",)},
        {"north": ("hukou",), "east": ("other",)},
    ],
)
def test_regions_may_have_groups_of_their_own(tmp_path: Path, groups) -> None:
    pupils = {
        (year, region, group): 100.0
        for year in (2023, 2024)
        for region, names in groups.items()
        for group in names
    }
    demand = run(tmp_path, pupils).frame().set_index(["year", "region", "level"]).demand
    for region, names in groups.items():
        assert demand[2026, region, "primary"] == 200 * len(names)


@pytest.mark.parametrize("grouped", [2023, 2024])
def test_a_group_of_some_years_only(tmp_path: Path, grouped: int) -> None:
    """Areas are those of the base year; what has no past of its own is held."""
    pupils = {
        (year, region, "hukou" if year == grouped else ""): 100.0
        for year in (2023, 2024)
        for region in ("north", "east")
    }
    result = run(tmp_path, pupils)
    assert (result.frame().query("level == 'primary' and region == 'all'").demand == 400).all()
    assert any(note.code == "grades-held" for note in result.notes)


def test_pupils_of_a_group_are_not_sent_where_it_is_not(tmp_path: Path) -> None:
    pupils = {(y, "north", "hukou"): 100.0 for y in (2023, 2024)}
    pupils |= {(y, "east", ""): 100.0 for y in (2023, 2024)}
    levers = (
        "levers:\n  - {kind: rezone, rezone: "
        "{from_region: north, to_region: east, level: primary, share: .1}}\n"
    )
    with pytest.raises(capacity.InputError, match="group-missing"):
        run(tmp_path, pupils, levers=levers)


def test_a_group_that_strays_by_half_widens_nobodys_range_and_is_named(tmp_path: Path) -> None:
    """Some 60 pupils that come and go beside 1,000 a grade who are steady."""
    some = dict(zip(range(2016, 2025), (60, 3, 50, 2, 55, 1, 60, 4, 30), strict=True))
    pupils: dict[tuple[int, str, str], float] = {}
    for year, few in some.items():
        pupils[year, "north", "hukou"] = 1000.0 + year % 3
        pupils[year, "north", "other"] = float(few)
        pupils[year, "east", ""] = 900.0 + year % 2
    both = run(tmp_path, pupils)
    notes = [note.text("en") for note in both.notes if note.code == "spread-irregular"]
    assert len(notes) == 1
    assert "north/other" in notes[0]
    last = both.frame().set_index(["year", "region", "level"]).loc[(2026, "east", "primary")]
    assert last["demand_p90"] - last["demand_p10"] < 0.1 * last["demand"]
    (tmp_path / "alone").mkdir()
    alone = {key: n for key, n in pupils.items() if key[2] != "other"}
    without = run(tmp_path / "alone", alone)
    assert not [note for note in without.notes if note.code == "spread-irregular"]
