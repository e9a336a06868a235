"""Spreads with their scales, of any kind, for laws of what is drawn of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import hypothesis.strategies as st
import numpy as np

from capacity.base import Bools, Floats
from capacity.model.draws import Scales, Singles, Spread
from tests.drawn import scales_with, spread_with


@dataclass(frozen=True)
class Drawn:
    """A small spread with scales, every part of them."""

    spread: Spread
    pupils: Floats
    stated: Bools
    scales: Scales
    seed: int


def residuals(rng: np.random.Generator, count: int) -> Singles:
    """A skewed pool, cut and standard as measured ones are."""
    found = rng.standard_gamma(2.0, count) if count else np.zeros(0)
    return ((found - found.mean()) / found.std() if count else found).astype(np.float32)


@st.composite
def lucks(draw: st.DrawFn) -> Drawn:
    """Parts of a spread, and pools, may be none; starts, held first grades, stated spreads."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    years, areas, grades = (draw(st.integers(1, most)) for most in (5, 2, 4))
    names = ("common", "grade", "entry", "area", "cell", "first")
    some = {name: draw(st.sampled_from([0.0, 1.0])) for name in names}
    spread = spread_with(
        grades,
        common=some["common"] * 0.05,
        grade=some["grade"] * 0.03,
        entry=some["entry"] * 0.1,
        area=(some["area"] * 0.01, some["area"] * 2.0),
        cell=(some["cell"] * 0.01, some["cell"]),
        first=(some["first"] * 0.02, some["first"] * 3.0),
        freedom=float(draw(st.sampled_from([3, 5, 9]))),
    )
    pools = {
        f"{name}_pool": residuals(rng, draw(st.sampled_from([0, 7, 60])))
        for name in ("area", "cell", "entry")
    }
    shape = (years, areas, grades)
    pupils = np.exp(rng.uniform(0, 9, shape)) * (rng.random(shape) < 0.9)
    stated = np.where(rng.random(shape) < 0.1, 0.2, np.nan)
    return Drawn(
        replace(spread, **pools),
        pupils,
        ~np.isnan(stated),
        scales_with(
            replace(spread, **pools),
            pupils,
            stated=stated,
            held=(rng.random(areas) < 0.5).tolist(),
            starts=rng.random(shape) < 0.2,
            first=draw(st.sampled_from([-2, 0, 1, 7])),
        ),
        draw(st.integers(0, 100)),
    )
