"""School-place supply and demand by region, level and year, under scenarios.

Public names are loaded when they are first used, so that importing the package, and asking
the command for help, costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from capacity.api import backtest, calibrate, compare, load_run, load_scenario, run
    from capacity.base.errors import CapacityError, InputError
    from capacity.inputs.scenarios.scenario import Scenario
    from capacity.results.result import Result
    from capacity.studies.backtest.study import BacktestResult
    from capacity.studies.compare.study import Comparison
    from capacity.studies.ratios.study import CalibratedRatios

_HOME = {
    "BacktestResult": "capacity.studies.backtest.study",
    "CalibratedRatios": "capacity.studies.ratios.study",
    "CapacityError": "capacity.base.errors",
    "Comparison": "capacity.studies.compare.study",
    "InputError": "capacity.base.errors",
    "Result": "capacity.results.result",
    "Scenario": "capacity.inputs.scenarios.scenario",
    "backtest": "capacity.api",
    "calibrate": "capacity.api",
    "compare": "capacity.api",
    "load_run": "capacity.api",
    "load_scenario": "capacity.api",
    "run": "capacity.api",
}

__all__ = [
    "BacktestResult",
    "CalibratedRatios",
    "CapacityError",
    "Comparison",
    "InputError",
    "Result",
    "Scenario",
    "backtest",
    "calibrate",
    "compare",
    "load_run",
    "load_scenario",
    "run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
