"""District folders with ten years of enrolment, and what is unusual in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.inputs.folder import write

YEARS = range(2012, 2022)
REGIONS = ("north", "south")


def enrolment(jump: Callable[[int, str, int], float] = lambda *_: 1.0, size: int = 900) -> str:
    """Pupils who go up with a usual luck; ``jump(year, region, grade)`` multiplies those there
    and all who come from them."""
    rng = np.random.default_rng(4)
    rows, pupils = ["year,region,grade,pupils"], {}
    for year in YEARS:
        for region in REGIONS:
            for grade in range(1, 7):
                below = pupils.get((year - 1, region, grade - 1), size)
                luck = float(np.exp(rng.normal(0, 0.01)))
                pupils[year, region, grade] = round(below * luck * jump(year, region, grade))
                rows.append(f"{year},{region},{grade},{pupils[year, region, grade]}")
    return "\n".join(rows) + "\n"


def district(root: Path, **tables: str | None) -> Path:
    """Write a district with that past, ten times the births, and a scenario; give its folder."""
    births = [f"{year},{region},950" for year in range(2000, 2021) for region in REGIONS]
    known = {"births": "\n".join(("year,region,births", *births)) + "\n"}
    write(root, **{"enrolment": enrolment(), **known, **tables})
    return root / "demo"


def doubled(year: int, region: str, grade: int) -> float:
    """The south doubles in all grades in 2018."""
    return 2.0 if (year, region) == (2018, "south") else 1.0
