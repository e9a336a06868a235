"""A standard deviation that ratios.csv states is that of its cohorts, and of no others."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from capacity import api
from tests.inputs.folder import write

RATIOS = "grade,region,ratio,sd\n2,all,1,{}\n"


def spread_of_grade_two(root: Path, sd: str) -> dict[str, float]:
    """Standard deviation ÷ mean of next year's demand by region; one grade of several varies."""
    path = write(root, ratios=RATIOS.format(sd))
    result = api.run(api.load_scenario(path).with_sources("ratios"), draws=4000)
    frame = result.frame()
    rows = frame[(frame["year"] == 2022) & (frame["region"] != "all") & (frame["level"] != "all")]
    return {
        f"{row.region} {row.level}": (row.demand_p90 - row.demand_p10) / row.demand
        for row in rows.itertuples()
    }


def test_a_stated_spread_widens_its_own_grade_only(tmp_path: Path) -> None:
    plain, wide = (spread_of_grade_two(tmp_path / sd, sd) for sd in ("0.0001", "0.5"))
    assert plain.keys() == wide.keys()
    widened = {cell for cell in plain if wide[cell] > 1.5 * plain[cell]}
    assert widened and all(cell.endswith("primary") for cell in widened)
    others = plain.keys() - widened
    np.testing.assert_allclose([wide[c] for c in others], [plain[c] for c in others], rtol=1e-6)


def test_a_stated_spread_is_still_where_ratios_do_not_vary(tmp_path: Path) -> None:
    path = write(tmp_path, ratios=RATIOS.format("0.5"))
    result = api.run(api.load_scenario(path).with_sources("projects"), draws=100)
    frame = result.frame()
    np.testing.assert_allclose(frame["demand_p90"], frame["demand"], rtol=1e-6)
