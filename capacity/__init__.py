"""School-place supply and demand by region, level and year, under scenarios.

Public names are loaded when they are first used, so that importing the package, and asking
the command for help, costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from capacity.base.faces import face

__version__ = "0.2.0"

if TYPE_CHECKING:  # what `as` repeats is public also to those who check strictly
    from capacity.api import backtest as backtest
    from capacity.api import calibrate as calibrate
    from capacity.api import compare as compare
    from capacity.api import load_district as load_district
    from capacity.api import load_run as load_run
    from capacity.api import load_scenario as load_scenario
    from capacity.api import report as report
    from capacity.api import run as run
    from capacity.base.errors import CapacityError as CapacityError
    from capacity.base.errors import InputError as InputError
    from capacity.inputs.districts.district import District as District
    from capacity.inputs.importing.imported import Imported as Imported
    from capacity.inputs.scenarios.scenario import Scenario as Scenario
    from capacity.results.result import Result as Result
    from capacity.studies.backtest.study import BacktestResult as BacktestResult
    from capacity.studies.compare.study import Comparison as Comparison
    from capacity.studies.importing.study import import_tables as import_tables
    from capacity.studies.ratios.study import CalibratedRatios as CalibratedRatios
else:  # to a checker a module that gives any name on demand would have every name
    __getattr__, __dir__, __all__ = face(
        __name__,
        """
        api: backtest calibrate compare load_district load_run load_scenario report run
        base.errors: CapacityError InputError
        inputs.districts.district: District
        inputs.importing.imported: Imported
        inputs.scenarios.scenario: Scenario
        results.result: Result
        studies.backtest.study: BacktestResult
        studies.compare.study: Comparison
        studies.importing.study: import_tables
        studies.ratios.study: CalibratedRatios
        """,
    )
