"""Back-test folders, the same as JSON, and the accuracy that is left beside a district's data."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity import __version__
from capacity.base.errors import At, Problems
from capacity.inputs.districts.measured import ACCURACY_FILE, data_sha256
from capacity.inputs.districts.measured import FORMAT as ACCURACY_FORMAT
from capacity.inputs.tables.files import is_within
from capacity.render.pictures import chart
from capacity.results.atomic import replace_file
from capacity.results.disk import CHANGED, exists
from capacity.results.folder import Kept, json_rows
from capacity.results.identity import NUMBERS

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District
    from capacity.studies.backtest.study import BacktestResult

FORMAT = "capacity.backtest/1"


def backtest_folder(result: BacktestResult) -> Kept:
    """Return what is kept of a back-test."""
    return Kept(
        kind=FORMAT,
        identity=result.identity,
        tables={
            "accuracy": result.accuracy,
            "forecasts": result.forecasts,
            "years": result.by_year,
            "calm": result.scores(by="calm"),
            "sizes": result.scores(by="size"),
            "growth": result.scores(by="growth"),
        },
        facts=_facts(result)
        | {
            "inputs": [
                {"name": file.name, "sha256": file.sha256, "size": file.size, "rows": file.rows}
                for file in result.district.files
            ]
        },
        charts=[chart("accuracy.png", result.plot.accuracy)],
    )


def as_json(result: BacktestResult) -> dict[str, Any]:
    """Return the scores as full-precision numbers."""
    facts = {"format": FORMAT, "identity": result.identity} | _facts(result)
    return facts | {"accuracy": json_rows(result.accuracy)}


def refuse(district: District, *, overwrite: bool) -> None:
    """Refuse to store accuracy where something stands that no back-test wrote.

    Raises
    ------
    capacity.InputError
    """
    problems, path = Problems(), district.folder / ACCURACY_FILE
    if not is_within(path, district.folder):
        problems.error("file-outside", At(str(path)))
    elif exists(path) and not overwrite and _as_stored(path) is None:
        problems.error("accuracy-changed", At(str(path)), copy=path.name + CHANGED)
    problems.raise_errors()


def _as_stored(path: Path) -> str | None:
    """Return the SHA-256 of a file that is as `store` left it; None of any other."""
    try:
        data = path.read_bytes()
        found = json.loads(data)
        told = found.pop("sha256")
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
    return hashlib.sha256(data).hexdigest() if told == _signature(found) else None


def _signature(measured: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(measured, sort_keys=True).encode()).hexdigest()


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
        The file: replaced whole or not at all. No table is touched, and what somebody has
        changed stays beside it; `refuse` says whether it may be.

    Raises
    ------
    OSError
        The folder may not be written to.
    """
    measured = {
        "format": ACCURACY_FORMAT,
        "version": __version__,
        "numbers": NUMBERS,
        "data_sha256": data_sha256(district),
        **_facts(result),
        "accuracy": json_rows(result.scores()),
    }
    path = district.folder / ACCURACY_FILE
    measured["sha256"] = _signature(measured)
    text = json.dumps(measured, ensure_ascii=False, indent=1, allow_nan=False)
    replace_file(path, text.encode(), _as_stored(path))
    return path


def _facts(result: BacktestResult) -> dict[str, Any]:
    """Return what was measured: district, grades, origins, draws, seed, and what was left out."""
    return {
        "district": result.district.name,
        "grades": [result.district.grades[0], result.district.grades[-1]],
        "horizons": result.horizons,
        "origins": list(result.origins),
        "draws": result.draws,
        "seed": result.seed,
        "shocks": list(result.shocks),
        "left_out": len(result.left_out),
    }
