"""How good forecasts of a run's data were, in one line beside its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capacity.base.words import word
from capacity.studies.backtest import page as scorecard
from capacity.studies.backtest.benchmarks import METHODS

if TYPE_CHECKING:
    from capacity.inputs.districts.measured import Measured
    from capacity.inputs.scenarios.scenario import Scenario


def method_of(scenario: Scenario) -> str | None:
    """Name the measured method by which a scenario forecasts; None where it is another.

    Stated ratios were not measured: nobody knows what would have been stated in the past.
    """
    if scenario.district.has("ratios"):
        return None
    return next((name for name, one in METHODS.items() if one == scenario.demand), None)


def measured_line(scenario: Scenario, measured: Measured | None, lang: str) -> str:
    """Say how good forecasts of these data by this method were, or that nobody has measured it."""
    if measured is None:
        return word("backtest.measured_not", lang)
    method = method_of(scenario)
    found = measured.scores(method) if method else {}
    if not found:
        return word("backtest.measured_other", lang)
    naive, plain = (measured.scores(name) for name in (scorecard.NAIVE, scorecard.REF3))
    text = scorecard.answered(found, naive, plain, lang)
    first, last = measured.grades
    if measured.grades == (scenario.district.grades[0], scenario.district.grades[-1]):
        return word("backtest.measured_line", lang, text=text)
    return word("backtest.measured_grades", lang, text=text, first=first, last=last)
