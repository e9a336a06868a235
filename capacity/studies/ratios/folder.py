"""Folders of calibrated ratios: ratios.csv, yearly.csv, breaks.csv and the chart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.model.assumptions import BREAKS
from capacity.results import study_folder
from capacity.results.runfolder import Options
from capacity.results.study_folder import Study

if TYPE_CHECKING:
    from capacity.studies.ratios.study import CalibratedRatios

FORMAT = "capacity.ratios/1"
CHART = "charts/ratios.png"


def keep(
    found: CalibratedRatios, folder: Path, options: Options, *, overwrite: bool = False
) -> str:
    """Write calibrated ratios into a folder; see `capacity.results.study_folder.keep`."""
    study = Study(
        kind=FORMAT,
        identity=found.identity,
        tables={"ratios": found.frame(), "yearly": found.yearly, "breaks": found.breaks},
        charts={CHART: lambda lang: found.plot.ratios(lang=lang)},
        facts=facts(found) | {"breaks": {one.name: one.value for one in BREAKS}},
    )
    return study_folder.keep(study, folder, options, overwrite=overwrite)


def facts(found: CalibratedRatios) -> dict[str, Any]:
    """Say what was calibrated: district, method, window, base year."""
    return {
        "district": found.district.name,
        "method": found.method,
        "window": found.window,
        "base_year": found.base_year,
    }
