"""The Haidian example against what was published: each figure with its source and standing."""

import importlib.util
import itertools
import re
from pathlib import Path

import pytest

import capacity

SCENARIOS = Path(__file__).parents[1] / "scenarios"
#: Enough for statements; the figures below are those of central runs.
DRAWS = 100
_RESULTS: dict[str, capacity.Result] = {}


def result(name: str) -> capacity.Result:
    if name not in _RESULTS:
        _RESULTS[name] = capacity.run(
            capacity.load_scenario(SCENARIOS / f"{name}.yaml"), draws=DRAWS
        )
    return _RESULTS[name]


def value(name: str, column: str, year: int, level: str = "all", region: str = "all") -> float:
    frame = result(name).frame()
    row = frame[(frame.year == year) & (frame.region == region) & (frame.level == level)]
    return float(row[column].iloc[0])


#: level, year, seen, tolerance, source, standing: what a ratio was rebuilt from is no test.
SEEN = [
    ("primary", 2021, 186_638, 0.02, "市教委 2021-22 (shvoice.com)", "out of sample"),
    ("primary", 2024, 207_000, 0.04, "chaxiaohao.com, low reliability", "out of sample"),
    ("middle", 2022, 74_689, 0.06, "grade table of 2022-23 (zizzs.com)", "rebuilt"),
    ("middle", 2023, 76_862, 0.06, "grade table of 2023-24 (zizzs.com)", "rebuilt"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("level", "year", "seen", "tolerance", "source", "standing"),
    SEEN,
    ids=[f"{level}-{year}-{standing.replace(' ', '_')}" for level, year, _, _, _, standing in SEEN],
)
def test_baseline_against_what_was_then_seen(
    level, year, seen, tolerance, source, standing
) -> None:
    assert value("baseline", "demand", year, level) == pytest.approx(seen, rel=tolerance)


def test_no_build_has_the_demand_of_the_baseline_to_the_bit() -> None:
    assert result("no-build").frame().demand.equals(result("baseline").frame().demand)
    assert result("no-build").pupils.equals(result("baseline").pupils)


@pytest.mark.parametrize(
    ("name", "places"), [("baseline", 40_000), ("forty-five-thousand", 45_000)]
)
def test_listed_places_of_the_plan_add_up_exactly(name: str, places: int) -> None:
    added = value(name, "places_listed", 2025) - value(name, "places_listed", 2020)
    assert added == places


def test_as_built_equals_its_sources_year_by_year() -> None:
    """Facts: 2021 and 2022 as planned, 2023-25 as reported, the rest of 41,000 in 2025."""
    listed = [value("as-built", "places_listed", year) for year in range(2020, 2026)]
    added = [after - before for before, after in itertools.pairwise(listed)]
    assert added == [4_000, 10_000, 5_560, 8_054, 7_910 + 5_476]
    assert sum(added) == 41_000


def test_as_seen_has_the_pupils_that_were_stated_for_2025() -> None:
    """新京报 2025-04-27: all primary and secondary pupils about 350,000."""
    assert value("as-seen", "demand", 2025) == pytest.approx(350_000, rel=0.03)


def test_as_seen_has_the_entrants_that_were_stated() -> None:
    """北京青年报 2024-04-29 and 新京报 2025-04-27; grade 7 of 2023 from the grade table."""
    entry = result("as-seen").entry
    entry = entry[entry.region == "all"].set_index(["level", "year"]).entrants
    stated = {("primary", 2023): 41_000, ("primary", 2024): 34_000, ("primary", 2025): 31_000}
    stated |= {("middle", 2023): 27_133, ("middle", 2024): 32_000, ("middle", 2025): 31_500}
    for cell, entrants in stated.items():
        assert entry[cell] == pytest.approx(entrants, rel=0.005), cell


def test_the_published_gap_lies_inside_the_table_of_utilisations() -> None:
    spec = importlib.util.spec_from_file_location("utilisation", SCENARIOS / "utilisation.py")
    utilisation = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(utilisation)
    found, _, year, stated = utilisation.gaps()
    assert (year, stated) == (2025, 60_000)
    assert min(found.values()) < stated < max(found.values())
    assert utilisation.README.read_text(encoding="utf-8") == utilisation.put(utilisation.table())


def test_the_outlook_names_peaks_and_turning_years_and_what_is_assumed() -> None:
    said = result("outlook-2026").summary()
    peaks = re.search(r"Peak demand: primary (\d{4}).*, middle (\d{4}), high (\d{4})", said)
    assert peaks, said
    primary, middle, high = map(int, peaks.groups())
    assert primary <= 2025
    assert 2028 <= middle <= 2030
    assert 2031 <= high <= 2033
    table = said.split("From short to idle")[1]
    for region in ("North", "Central", "South", "East", "West"):
        assert re.search(rf"^{region}.*(\d{{4}}|never short)", table, re.MULTILINE), region
    assert "regional split assumed" in table


def test_every_statement_on_a_region_says_that_the_split_is_assumed() -> None:
    for name in ("baseline", "outlook-2026"):
        found = result(name)
        assert found.labels.split_assumed
        for block in found.summary().split("\n\n"):
            if "East" in block:
                assert "regional split assumed" in block
        assert "各区域数按假定比例拆分" in found.summary("zh")


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_scenario_keeps_the_laws(path: Path) -> None:
    checks = result(path.stem).checks
    assert checks.passed.all(), checks[~checks.passed]


def test_schools_have_the_pupils_of_the_baseline_where_kindergartens_are_counted_too() -> None:
    found, base = result("kindergarten"), result("baseline")
    frame, plain = found.frame(), base.frame()
    schools = frame[~frame.level.isin(["kindergarten", "all"])].reset_index(drop=True)
    columns = ["year", "region", "level", "demand", "places", "gap", "shortage"]
    same = schools[columns].equals(plain[plain.level != "all"].reset_index(drop=True)[columns])
    assert same
    # births fall: what the plan adds stands idle, in every region
    assert (frame[(frame.level == "kindergarten") & (frame.year >= 2025)].gap < 0).all()
    assert value("kindergarten", "gap", 2025, "kindergarten") == pytest.approx(-41_641, abs=1)


def test_more_is_short_where_each_school_district_must_seat_its_own() -> None:
    """Sums of a region stay what they are; its shortage is that of its parts."""
    nested, plain = result("school-districts").frame(), result("baseline").frame()
    joined = plain.merge(nested, on=["year", "region", "level"], suffixes=("", "_nested"))
    assert len(joined) == len(plain)
    for column in ("demand", "places", "places_listed", "gap"):
        assert joined[f"{column}_nested"].to_numpy() == pytest.approx(joined[column].to_numpy())
    known = joined.shortage.notna()
    assert (joined.shortage_nested >= joined.shortage - 1e-6)[known].all()
    assert value("school-districts", "shortage", 2025) > value("baseline", "shortage", 2025) + 2_000


def test_levers_move_the_gap_the_way_that_their_question_says() -> None:
    base = value("baseline", "shortage", 2030)
    assert value("no-build", "shortage", 2030) > base
    assert value("delayed", "shortage", 2025) > value("baseline", "shortage", 2025)
    assert value("inflow", "shortage", 2030) > base
    assert value("small-classes", "shortage", 2030) > base
    assert value("general-high-expansion", "shortage", 2030) > base
    assert value("unconstrained", "shortage", 2030) > base
    assert value("convertible", "shortage", 2030) < base
    assert value("vacated-premises", "shortage", 2030) < base
    assert value("recovered-premises", "shortage", 2030) < base
    assert value("low-births", "demand", 2030) < value("baseline", "demand", 2030)
    assert value("high-births", "demand", 2030) > value("baseline", "demand", 2030)


def test_unconstrained_raises_exactly_the_cells_that_are_marked() -> None:
    """Entry for primary, the ratio into grade 7 for middle, into grade 10 for high."""
    frame = result("baseline").frame()
    leaf = (frame.region != "all") & (frame.level != "all") & (frame.year == 2025)
    marked = set(
        frame[leaf & frame.constrained][["region", "level"]].itertuples(index=False, name=None)
    )
    levers = result("unconstrained").levers
    into = {7: "middle", 10: "high"}
    raised = {
        (row["region"], "primary" if row["kind"] == "entry" else into[row["grade"]])
        for row in levers.to_dict("records")
    }
    assert marked
    assert raised == marked
    assert (levers.new / levers.old).astype(float).to_numpy() == pytest.approx(1.05)
