"""The official English forecasts beside those of this model: what docs/england.md says of them."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from tests.studies.public_sets import DATA, convert

ROOT = Path(__file__).parents[2]
PUBLISHED = DATA / "england_la"
#: Parts of a percent that our documented errors may be off when the method changes a little.
LOOSE = 0.25


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    sys.path.insert(0, str(ROOT / "scenarios"))
    try:
        yield importlib.import_module("official_england")
    finally:
        sys.path.remove(str(ROOT / "scenarios"))


def documented() -> dict[tuple[int, str, int], list[float]]:
    """Figures of the page by autumn, level and years ahead: authorities, errors, leanings."""
    text = (ROOT / "docs" / "england.md").read_text(encoding="utf-8")
    text = text.split("<!-- official forecasts -->")[1].split("<!-- end")[0]
    found = {}
    for line in text.splitlines()[3:]:
        if line.startswith("|"):
            year, level, ahead, *figures = (cell.strip() for cell in line.strip("|").split("|"))
            found[int(year), level, int(ahead)] = [float(one.rstrip(" %")) for one in figures]
    return found


def test_errors_are_means_over_the_authorities_that_both_forecast(script: ModuleType) -> None:
    pick = random.Random(4)
    official, own = (
        {(f"a{k}", 2021, "primary", 1): pick.gauss(0, 0.02) for k in range(first, first + 9)}
        for first in (0, 3)
    )
    frames = [
        pd.DataFrame([(*key, error) for key, error in rows.items()], columns=[*script.KEYS, name])
        for rows, name in ((official, "official"), (own, "ours"))
    ]
    (row,) = script.compared(*frames).to_dict("records")
    both = official.keys() & own.keys()
    assert row["n"] == len(both) == 6
    for name, errors in (("official", official), ("ours", own)):
        assert row[f"{name}_error"] == pytest.approx(sum(abs(errors[k]) for k in both) / 6)
        assert row[f"{name}_leaning"] == pytest.approx(sum(errors[k] for k in both) / 6)


@pytest.mark.skipif(not PUBLISHED.exists(), reason="public sets are not beside")
def test_the_page_says_what_is_measured(script: ModuleType, tmp_path: Path) -> None:
    district = convert("england_la", tmp_path / "england")
    found = script.compared(script.official(PUBLISHED), script.ours(district))
    told = documented()
    assert len(found) == len(told) == 6
    for row in found.to_dict("records"):
        n, official, ours, leaning, own_leaning = told[row["year"], row["level"], row["horizon"]]
        assert n == row["n"] == 146
        assert official == pytest.approx(100 * row["official_error"], abs=0.006)
        assert leaning == pytest.approx(100 * row["official_leaning"], abs=0.006)
        assert ours == pytest.approx(100 * row["ours_error"], abs=LOOSE)
        assert own_leaning == pytest.approx(100 * row["ours_leaning"], abs=2 * LOOSE)
    assert (found["ours_error"] < found["official_error"]).sum() == 5  # as the READMEs say
    later = found[found["horizon"] == 3]
    assert (later["ours_error"] < 0.6 * later["official_error"]).all()
