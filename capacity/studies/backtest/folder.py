"""Back-test folders, and the accuracy that is left beside a district's data."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity import __version__
from capacity.inputs.districts.measured import ACCURACY_FILE, data_sha256
from capacity.inputs.districts.measured import FORMAT as ACCURACY_FORMAT
from capacity.results import study_folder
from capacity.results.runfolder import Options, write_bytes
from capacity.results.study_folder import Progress, Study

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District
    from capacity.studies.backtest.study import BacktestResult

FORMAT = "capacity.backtest/1"
CHART = "charts/accuracy.png"


def keep(
    result: BacktestResult,
    folder: Path,
    options: Options,
    *,
    overwrite: bool = False,
    progress: Progress = lambda step: None,
) -> str:
    """Write a back-test into a folder; see `capacity.results.study_folder.keep`."""
    study = Study(
        kind=FORMAT,
        identity=result.identity,
        tables={
            "accuracy": result.accuracy,
            "forecasts": result.forecasts,
            "years": result.by_year,
        },
        charts={CHART: lambda lang: result.plot.accuracy(lang=lang)},
        facts=facts(result)
        | {
            "inputs": [
                {"name": file.name, "sha256": file.sha256, "size": file.size, "rows": file.rows}
                for file in result.district.files
            ]
        },
    )
    return study_folder.keep(study, folder, options, overwrite=overwrite, progress=progress)


def facts(result: BacktestResult) -> dict[str, Any]:
    """Say what was measured: district, grades, origins, draws, seed."""
    return {
        "district": result.district.name,
        "grades": [result.district.grades[0], result.district.grades[-1]],
        "horizons": result.horizons,
        "origins": list(result.origins),
        "draws": result.draws,
        "seed": result.seed,
    }


def store(result: BacktestResult, district: District) -> Path:
    """Leave the accuracy in the district's folder, where runs on the same data show it.

    Parameters
    ----------
    result
    district
        The whole district; ``result`` may be of fewer grades.

    Returns
    -------
    Path
        The file: replaced whole or not at all. No table is touched.

    Raises
    ------
    OSError
        The folder may not be written to.
    """
    rows = [
        {name: _plain(value) for name, value in row.items()}
        for row in result.scores().to_dict("records")
    ]
    said = {
        "format": ACCURACY_FORMAT,
        "version": __version__,
        "data_sha256": data_sha256(district),
        **facts(result),
        "accuracy": rows,
    }
    path = district.folder / ACCURACY_FILE
    draft = path.with_name(f".{ACCURACY_FILE}.{os.getpid()}")
    try:
        text = json.dumps(said, ensure_ascii=False, indent=1, allow_nan=False)
        write_bytes(draft, text.encode())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _plain(value: Any) -> Any:
    """Give a cell as JSON has it; what is not known is null."""
    return None if isinstance(value, float) and math.isnan(value) else value
