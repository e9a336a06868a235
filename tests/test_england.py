"""150 English local authorities through the same commands, by the conversion of docs/england.md."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.command import capacity
from tests.plain_ratios import find_passing

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data" / "england_la"
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not DATA.exists(), reason="public English tables are not beside"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the commands of docs/england.md as they are written."""
    work = tmp_path_factory.mktemp("england")
    text = (ROOT / "docs" / "england.md").read_text(encoding="utf-8")
    block = re.search(r"```sh\n(.*?)```", text, re.DOTALL).group(1)
    for line in block.strip().splitlines():
        words = shlex.split(line.replace("FROM", str(DATA)).replace("TO", str(work)))
        if words[0] == "capacity":
            done = capacity(*words[1:], cwd=ROOT)
        else:
            assert words[0] == "python"
            own = [sys.executable, *words[1:]]
            done = subprocess.run(own, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
    return work


def test_every_authority_has_its_rows(folder: Path) -> None:
    frame = pd.read_csv(folder / "run" / "results.csv")
    assert frame.region.nunique() == 151
    assert len(frame) == 7 * 151 * 3
    assert pd.read_csv(folder / "run" / "checks.csv").passed.all()


def test_reception_is_births_by_whole_months_and_a_ratio_of_the_past(folder: Path) -> None:
    """Entry 4 by 31 August, births years ending 30 June: 5/6 of t-4 and 1/6 of t-3.

    Births count as first grades show them. The ratio is that of the last years, and the more that
    of eight years the fewer births.
    """
    pupils = pd.read_csv(DATA / "enrolment.csv").set_index(["area", "year", "grade"]).enrolment
    births = pd.read_csv(DATA / "births.csv").set_index(["area", "year"]).births
    run = pd.read_csv(folder / "run" / "pupils.csv").set_index(["region", "year", "grade"]).pupils
    areas = births.index.unique("area")
    born = {
        area: {y: births[area, y - 4] * 5 / 6 + births[area, y - 3] / 6 for y in range(2015, 2026)}
        for area in areas
    }
    came = {area: {y: pupils[area, y, 0] for y in range(2015, 2023)} for area in areas}
    passing = find_passing(born, came, set(areas), 2022)
    every = {year: sum(counts[year] for counts in born.values()) for year in range(2015, 2026)}
    for area in ("Barking and Dagenham", "Dorset+BCP", "Kingston upon Hull, City of"):
        cohort = {year: passing.shown(area, n, every[year]) for year, n in born[area].items()}
        entrants = came[area]
        (long_run, of), (recent, of_recent) = (
            [sum(decay**k * counts[2022 - k] for k in range(8)) for counts in (entrants, cohort)]
            for decay in (0.8, 0.4)
        )
        ratio = (recent + 1000 * long_run / of) / (of_recent + 1000)
        for year in (2023, 2024, 2025):
            assert run[area, year, 0] == pytest.approx(ratio * cohort[year], rel=1e-9)


def test_what_is_unknown_stays_empty(folder: Path) -> None:
    frame = pd.read_csv(folder / "run" / "results.csv").set_index(["region", "level", "year"])
    frame = frame.sort_index()
    assert frame.loc[("Dudley", "secondary")].gap.isna().all()
    assert frame.loc[("Dudley", "secondary")].demand.notna().all()
    assert frame.loc[("all", "secondary")].gap.isna().all()
