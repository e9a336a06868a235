"""What levers come to: within the limits of tables, and places not below 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capacity.base.axes import Axes, Bools, Floats, Ints
from capacity.base.errors import At, Problems
from capacity.base.limits import FACTORS
from capacity.inputs.documents.shapes import term
from capacity.inputs.levers.cells import Cells
from capacity.inputs.levers.kinds import LIMITS, cells_of
from capacity.inputs.tables.columns import DECANT, HUGE
from capacity.inputs.tables.sheets import place
from capacity.model.data import VARIABLES, ModelData, Stock
from capacity.model.levers import Step
from capacity.model.simulation import Prepared

if TYPE_CHECKING:
    from capacity.inputs.levers.lever import Lever
    from capacity.inputs.scenarios.scenario import Scenario


#: What levers come to is shown, and followed, up to here: past it they soon come to no number.
_MOST = 1e15


def check_results(scenario: Scenario, data: ModelData, prepared: Prepared) -> None:
    """Refuse levers that together take a cell beyond the limits of what may be stated.

    Of each lever the first cell is told, at the last lever on it.

    Parameters
    ----------
    scenario, data
    prepared
        Both sides of the run, levers applied.

    Raises
    ------
    capacity.InputError
        A value that levers have changed is beyond the limits of its kind and further out than
        before, or factors on it come to more than one may.
    """
    steps, problems = (*prepared.demand.steps, *prepared.supply.steps), Problems()
    for variable in dict.fromkeys(step.variable for step in steps):
        found = _Acted.of(scenario, data.axes, [s for s in steps if s.variable == variable])
        low, high = LIMITS.get(variable, (-HUGE, HUGE))
        least, most = (np.full(found.new.shape, limit) for limit in (low, high))
        if variable == "onward_share":  # an unstated one only takes factors
            most[..., np.isnan(data.onward)] = LIMITS["progression"][1]
        if variable in ("places", "add_places"):
            least[:] = -np.inf  # closures take part: `check_places`
        beyond = (found.new < np.fmin(least, found.old)) | (found.new > np.fmax(most, found.old))
        found.tell(beyond, "lever-result", problems, low=low, high=high)
        found.tell(found.factor > FACTORS[1], "lever-compound", problems, high=FACTORS[1])
        if variable == "class_size":
            _check_rows(found, beyond, data.stock, prepared.supply.row_size, problems)
    problems.raise_errors()


@dataclass(frozen=True, eq=False)
class _Acted:
    """What levers on one variable have done to its cells; nan and 0 where none acted."""

    scenario: Scenario
    axes: Axes
    variable: str
    old: Floats
    new: Floats
    factor: Floats
    last: Ints

    @classmethod
    def of(cls, scenario: Scenario, axes: Axes, steps: Sequence[Step]) -> _Acted:
        """Put the steps of a variable together."""
        variable = steps[0].variable
        shape = tuple(len(getattr(axes, name)) for name in VARIABLES[variable])
        old, new = np.full(shape, np.nan), np.full(shape, np.nan)
        factor, last = np.ones(shape), np.zeros(shape, np.int64)
        for step in steps:
            cells, lever = tuple(step.cells.T), scenario.levers[step.lever - 1]
            old[cells] = np.where(last[cells] > 0, old[cells], step.old)
            new[cells], last[cells] = step.new, step.lever
            if lever.form == "times":
                factor[cells] = np.minimum(factor[cells] * lever.value, _MOST)
            elif lever.form == "set":
                factor[cells] = 1.0
        return cls(scenario, axes, variable, old, new, factor, last)

    def tell(self, wrong: Bools, code: str, problems: Problems, **facts: object) -> None:
        """Report the first cell that is wrong by the last lever on each."""
        by = np.where(wrong, self.last, 0)
        for number in np.unique(by[by > 0]):
            position = tuple(np.argwhere(by == number)[0])
            lever = self.scenario.levers[number - 1]
            told = {"old": float(self.old[position]), "new": float(self.new[position])}
            told = {name: min(max(value, -_MOST), _MOST) for name, value in told.items()}
            if code == "lever-compound":
                told = {"total": float(self.factor[position])}
            problems.error(
                code,
                lever.at(lever.form or "kind"),
                key=term(self.variable),
                cell=self._named(position),
                year=self._labels(0)[position[0]],
                **told,
                **facts,
            )

    def _labels(self, axis: int) -> tuple[Any, ...]:
        labels: tuple[Any, ...] = getattr(self.axes, VARIABLES[self.variable][axis]).labels
        return labels

    def _named(self, position: tuple[int, ...]) -> str:
        """Name a cell as ``where`` would choose it."""
        labels: list[Any] = []
        for axis, number in enumerate(position[1:], 1):
            label = self._labels(axis)[number]
            labels += label if isinstance(label, tuple) else [label]
        named = zip(cells_of(self.variable), labels, strict=True)
        return ", ".join(f"{key}: {label}" for key, label in named if label != "")


def _check_rows(
    found: _Acted, beyond: Bools, stock: Stock, sizes: Floats, problems: Problems
) -> None:
    """Refuse class sizes of single rows of the stock beyond the limits, where the cell's is not."""
    low, high = LIMITS["class_size"]
    rows = (sizes < np.fmin(low, stock.class_size)) | (sizes > np.fmax(high, stock.class_size))
    for row in np.flatnonzero(rows.any(axis=0)):
        here = (slice(None), stock.region[row], stock.level[row])
        wrong = np.zeros(found.new.shape, dtype=bool)
        wrong[here] = rows[:, row] & ~beyond[here]
        new, old = found.new.copy(), found.old.copy()
        new[here], old[here] = sizes[:, row], stock.class_size[row]
        replace(found, new=new, old=old).tell(wrong, "lever-result", problems, low=low, high=high)


def check_places(scenario: Scenario, axes: Axes, places: Floats) -> None:
    """Refuse levers that take places below 0.

    Reports the first year of each cell, at the last lever that takes from it.

    Parameters
    ----------
    scenario, axes
    places : (horizon, region, level, draw)

    Raises
    ------
    capacity.InputError
    """
    cells, problems, told = Cells(scenario.district), Problems(), set()
    for position in np.argwhere(places < 0):
        year, region, level, _ = position
        cell = axes.region.labels[region], axes.level.labels[level]
        if cell in told:
            continue
        told.add(cell)
        when = axes.horizon.labels[year]
        takers = [
            lever
            for lever in scenario.levers
            if lever.acts_in(when) and _takes(lever, cells, *cell)
        ]
        at = takers[-1].at() if takers else At(str(scenario.path), 1, 1)
        found = places[tuple(position)]
        facts = {"year": when, "region": cell[0], "level": cell[1]}
        shown = int(found) if found == int(found) else float(f"{found:.6g}")
        works = _works(scenario, when, *cell)
        if len(works) and not takers:
            problems.error("decant-too-much", place(works), **facts, found=shown)
        else:
            problems.error("places-below-zero", at, **facts, found=shown)
    problems.raise_errors()


def _works(scenario: Scenario, year: int, region: str, level: str) -> pd.DataFrame:
    """Return the projects whose works take places of a cell away, from their start on."""
    pipeline = scenario.district.table("pipeline")
    taken = (pipeline["region"] == region) & (pipeline[f"{DECANT}{level}"] > 0)
    return pipeline[taken & (pipeline["starts"] <= year) & (pipeline["status"] != "cancelled")]


def _takes(lever: Lever, cells: Cells, region: str, level: str) -> bool:
    """Whether a lever takes places from a cell."""
    if lever.close:
        return (lever.close.region, lever.close.level) == (region, level)
    if lever.add_project:
        taken = lever.add_project.get(f"{DECANT}{level}", 0.0)
        return lever.add_project["region"] == region and taken != 0
    if lever.convert:
        return (lever.convert.region, lever.convert.from_level) == (region, level)
    lowers = (lever.add or 0.0) < 0 or (lever.times or 1.0) < 1 or lever.set is not None
    if lever.kind != "places" or not lowers:
        return False
    chosen = cells.chosen(lever)
    return region in chosen["region"] and level in chosen["level"]
