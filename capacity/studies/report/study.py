"""What a report knows beside the tables of its run: what must be said of it, and why it strays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from capacity.base.errors import InputError
from capacity.inputs.scenarios.scenario import load_scenario
from capacity.model.draws.parts import parts_of_spread
from capacity.model.simulation import Prepared
from capacity.results.build import build_result
from capacity.results.labels import has_draws
from capacity.results.notes import notes_of
from capacity.studies.live.study import Again, again

if TYPE_CHECKING:
    from capacity.base.errors import Problem
    from capacity.inputs.scenarios.scenario import Scenario
    from capacity.results.result import Result


@dataclass(frozen=True, eq=False)
class Report:
    """A run, and what a report says of it that its tables do not.

    Attributes
    ----------
    result : Result
        As it was run, or as it was read back.
    notes : tuple of Problem
        What a reader must know.
    parts : mapping of str to (mapping of int to float)
        By source of chance and year, its share of the variance of the district's gap; empty
        without draws.
    ran : Again
        What of the run no folder keeps.
    base : Result or None
        Of the scenario that this one builds on, without draws.
    signed : tuple of str
        Who has signed the report off.
    """

    result: Result
    notes: tuple[Problem, ...]
    parts: Mapping[str, Mapping[int, float]]
    ran: Again
    base: Result | None
    signed: tuple[str, ...]


def report_of(result: Result, signed: Sequence[str] = ()) -> Report:
    """Return what a report says of a run; its tables are taken as they are.

    Parameters
    ----------
    result
    signed
        Names of those who have signed it off.
    """
    scenario = result.scenario
    ran = again(scenario, draws=has_draws(result.frame()))
    run, parts = ran.run, {}
    if ran.sampler is not None:
        prepared = Prepared(run.demand, run.supply)
        parts = parts_of_spread(run.data, prepared, run.outcome, run.settings)
    years = run.data.axes.horizon.labels
    return Report(
        result=result,
        notes=notes_of(scenario, run, ran.spread),
        parts={name: dict(zip(years, _floats(part), strict=True)) for name, part in parts.items()},
        ran=ran,
        base=_base_of(scenario),
        signed=tuple(signed),
    )


def _base_of(scenario: Scenario) -> Result | None:
    """Run the scenario that this one builds on, where it can stand alone."""
    if scenario.extends is None:
        return None
    try:
        base = load_scenario(scenario.extends)
    except InputError:
        return None
    return build_result(base, again(base, draws=False).run)


def _floats(values: np.ndarray) -> list[float]:
    return [float(value) for value in values]
