"""The no-build gap over base-year utilisations: `python scenarios/utilisation.py [--write]`.

How full the schools of 2020 were is in no source; the published gap says how full they must
have been. --write puts the table into scenarios/README.md.
"""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from pathlib import Path

import capacity

HERE = Path(__file__).parent
README = HERE / "README.md"
UTILISATIONS = (0.95, 0.975, 1.0, 1.025, 1.05)
START, END = "<!-- utilisation table -->", "<!-- end of utilisation table -->"


def gap(scenario: capacity.Scenario, year: int) -> tuple[float, float]:
    """Net gap of a year, and utilisation of the base year, of the whole district."""
    frame = capacity.run(scenario).frame()
    whole = frame[(frame["region"] == "all") & (frame["level"] == "all")].set_index("year")
    return whole["gap"][year], whole["utilisation"].iloc[0]


def gaps() -> tuple[dict[float, float], float, int, float]:
    """No-build gap by utilisation, the folder's own utilisation, the year, the stated gap."""
    scenario = capacity.load_scenario(HERE / "no-build.yaml")
    targets = scenario.district.targets
    _, own = gap(scenario, targets.new_places_by)
    found = {}
    for utilisation in UTILISATIONS:
        filled = scenario.with_levers({"kind": "places", "times": own / utilisation})
        found[utilisation], reached = gap(filled, targets.new_places_by)
        assert abs(reached - utilisation) < 1e-9, (reached, utilisation)
    return found, own, targets.new_places_by, targets.gap


def where(found: dict[float, float], stated: float) -> float | None:
    """Utilisation at which the stated gap is met, between the two nearest of the table."""
    points = sorted(found.items())
    for (low, below), (high, above) in pairwise(points):
        if below <= stated <= above:
            return low + (high - low) * (stated - below) / (above - below)
    return None


def table() -> str:
    found, own, year, stated = gaps()
    met = where(found, stated)
    lines = [
        f"| pupils ÷ places in the base year | no-build gap in {year} (places, + short) |",
        "|---|---|",
        *(f"| {utilisation:g} | {amount:+,.0f} |" for utilisation, amount in found.items()),
        "",
        f"The plan's {stated:,.0f} "
        + (f"is met at {met:.3f}" if met else "lies outside the table")
        + f"; the folder's own factor gives {own:.3f}.",
    ]
    return "\n".join(lines)


def put(text: str) -> str:
    """README with the table between its marks."""
    pattern = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    return pattern.sub(lambda _: f"{START}\n{text}\n{END}", README.read_text(encoding="utf-8"))


if __name__ == "__main__":
    made = table()
    print(made)
    if "--write" in sys.argv:
        README.write_text(put(made), encoding="utf-8")
