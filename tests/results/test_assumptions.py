"""The register of assumptions says on which years a ratio rests."""

from __future__ import annotations

from pathlib import Path

import pytest

import capacity
from capacity.templates import write as write_template
from tests.inputs.folder import SCENARIO, enrolment, write


def sources(folder: Path, method: str, window: int, **changed: str) -> dict[str, str]:
    """Give the source of every ratio by its name."""
    line = f"demand: {{progression: {{method: {method}, window: {window}}}}}\n"
    text = enrolment(range(2012, 2022))
    path = write(folder, scenario=SCENARIO + line, **({"enrolment": text} | changed))
    frame = capacity.run(capacity.load_scenario(path), draws=0).assumptions
    ratios = frame[frame["kind"] == "ratio"]
    return dict(zip(ratios["name"], ratios["source"], strict=True))


@pytest.mark.parametrize(
    ("method", "window", "years"),
    [("mean", 3, "2019-2021"), ("pooled", 1, "2021"), ("mean", 50, "2013-2021")],
)
def test_a_ratio_names_the_years_on_which_it_rests(
    method: str, window: int, years: str, tmp_path: Path
) -> None:
    assert sources(tmp_path, method, window)["into grade 2, north"] == f"{method} of {years}"


def test_the_recommended_method_names_all_its_years(tmp_path: Path) -> None:
    assert sources(tmp_path, "shrunk", 3)["into grade 2, north"] == "shrunk of 2014-2021"


def test_a_flagged_year_is_not_among_them(tmp_path: Path) -> None:
    flags = "year,region,reason\n2021,north,x\n"
    found = sources(tmp_path, "shrunk", 3, flags=flags)
    assert found["into grade 2, north"] == "shrunk of 2014-2020"
    assert found["into grade 2, south"] == "shrunk of 2014-2021"


def test_an_area_without_years_of_its_own_has_those_of_all(tmp_path: Path) -> None:
    rows = enrolment(range(2012, 2022)).splitlines()
    text = "\n".join(row for row in rows if ",south,2," not in row or row.startswith("2021"))
    short = "\n".join(r for r in text.splitlines() if ",south," not in r or r.startswith("2021"))
    found = sources(tmp_path, "shrunk", 3, enrolment=short + "\n")
    assert found["into grade 2, south"] in ("shrunk of all areas", "no ratio")


def test_warnings_and_places_kept_free_stand_as_the_district_has_them(tmp_path: Path) -> None:
    """As documented by default; what district.yaml or the scenario states, with its source."""
    write_template(tmp_path, "en")
    scenario, home = tmp_path / "baseline.yaml", tmp_path / "district.yaml"
    home.write_text(home.read_text("utf-8") + "bands: {yellow: 0.8}\n", encoding="utf-8")
    said = scenario.read_text("utf-8") + "supply: {margin: 0.05}\n"
    scenario.write_text(said, encoding="utf-8")
    found = capacity.run(capacity.load_scenario(scenario), draws=0).assumptions.set_index("name")
    assert found.loc["band_yellow_from", ["value", "source"]].tolist() == [0.8, "district.yaml"]
    assert found.loc["band_red_from", "value"] == 1.0
    assert found.loc["supply.margin", "value"] == 0.05


@pytest.mark.parametrize(
    ("births", "after", "found"),
    [
        # age 6 by 31 August: of the births of the calendar years 7 and 6 years before
        ("2010:2018", "hold", (2025, "hold")),
        ("2010:2017", "trend", (2024, "trend")),
        ("2010:2018", "-0.02", (2025, "-0.02")),
        ("2010:2017, 2018:2020 projection", "hold", (2024, "projection")),
        ("2010:2021", "hold", None),
        ("", "hold", (2022, "first grade held")),
    ],
)
def test_it_tells_from_when_entrants_rest_on_births_not_counted(
    births: str, after: str, found: tuple[int, str] | None, tmp_path: Path
) -> None:
    rows = ["year,region,births,source,quality"]
    for span in filter(None, births.split(", ")):
        years, _, source = span.partition(" ")
        first, last = map(int, years.split(":"))
        for year in range(first, last + 1):
            rows += [f"{year},{r},100,{source or 'yearbook'},AMBER" for r in ("north", "south")]
    table = "\n".join(rows) + "\n" if births else None
    line = f"demand: {{births: {{after_last: {after}}}}}\n"
    path = write(
        tmp_path, scenario=SCENARIO + line, births=table, enrolment=enrolment(range(2012, 2022))
    )
    labels = capacity.run(capacity.load_scenario(path), draws=0).labels
    assert labels.uncounted == found
