"""How good forecasts of a district's data were, as a back-test left it beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capacity.base.axes import ALL
from capacity.base.settings import BirthsAhead, Calibration, Demand
from capacity.inputs.districts.district import District
from capacity.inputs.tables.columns import PROJECTION
from capacity.inputs.tables.withheld import is_mark

ACCURACY_FILE = "accuracy.json"
FORMAT = "capacity.accuracy/3"
#: Tables that a forecast reads.
_READ = ("enrolment", "births", "children", "flags", "housing", "yields", "flows")
#: What is said about a row, which no forecast of the past reads. Every other column counts, so that
#: one that a table gets later is not forgotten here.
_ABOUT = ("source", "quality", "known", "note", "reason", "line", "file")
#: What `run` uses by default.
MODEL = Demand(progression=Calibration(method="shrunk"), entry=Calibration(method="shrunk"))
#: The mean of the last three yearly ratios; births not yet known held at the last known year.
REF3 = Demand(
    progression=Calibration(method="mean", window=3),
    entry=Calibration(method="mean", window=3),
    births=BirthsAhead(after_last="hold"),
)
#: Sum over sum of the last three years, births as the model continues them.
POOLED = Demand(
    progression=Calibration(method="pooled", window=3),
    entry=Calibration(method="pooled", window=3),
)
#: Methods that are measured, by name, beside `NAIVE`: the same as last year.
NAIVE = "naive"
#: The level of rows that are of the district's first grade alone.
ENTRY = "entry"
#: The first origin is the fourth year there is.
FIRST = 3
METHODS = {"ref3": REF3, "model": MODEL, "pooled": POOLED}
#: What each row of the file states.
_FIGURES = ("n", "mape", "mpe", "wape", "p90", "coverage80", "coverage95", "crps", "median", "wpe")


@dataclass(frozen=True)
class Measured:
    """How good forecasts on these very data were.

    Attributes
    ----------
    draws, seed : int
    grades : (int, int)
        The first and the last grade that were measured.
    origins : tuple of int
        Years from which forecasts were made.
    accuracy : tuple of mapping
        method, level, horizon and the columns of accuracy.csv; None where there is no figure.
    """

    draws: int
    seed: int
    grades: tuple[int, int]
    origins: tuple[int, ...]
    accuracy: tuple[Mapping[str, Any], ...]

    def scores(self, method: str) -> dict[int, Mapping[str, Any]]:
        """Return the scores of a method by years ahead, all levels together."""
        rows = (row for row in self.accuracy if row["method"] == method and row["level"] == ALL)
        return {row["horizon"]: row for row in rows}


def origin_years(district: District) -> tuple[int, ...]:
    """Return the origins of a back-test: from the fourth year of enrolment to the last but one."""
    years = sorted(int(year) for year in district.table("enrolment")["year"].unique())
    return tuple(years[FIRST:-1])


def data_sha256(district: District) -> str:
    """Return a hash of all that can move a forecast of a district: no form or note of its files.

    Also of what is no count, against which none is scored.
    """
    parts: dict[str, Any] = {
        "levels": [(level.code, level.grades, level.groups) for level in district.levels],
        "regions": sorted((r.code, r.within or "") for r in district.regions),
        "entry": None if district.entry is None else district.entry.model_dump(mode="json"),
    }
    found = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    for name in _READ:
        table = district.table(name)
        marks = [column for column in map(str, table) if is_mark(column)]
        unmarked = [mark for mark in marks if not table[mark].any()]
        frame = table.drop(columns=[*_ABOUT, *unmarked], errors="ignore")
        if name == "births":
            frame["projected"] = table["source"].str.strip().str.casefold().isin(PROJECTION)
        text = frame.sort_values(frame.columns.tolist()).to_csv(index=False, lineterminator="\n")
        found.update(f"\n{name}\n{text}".encode())
    return found.hexdigest()


def measured_on(district: District, version: str, numbers: int) -> Measured | None:
    """Read how good the forecasts of a version on a district's data were.

    Parameters
    ----------
    district
    version, numbers
        The version of the package, and of the numbers that it gives.

    Returns
    -------
    Measured or None
        None where nobody has measured it, or the data or either version are others by now.
    """
    try:
        text = (district.folder / ACCURACY_FILE).read_text(encoding="utf-8")
        found = json.loads(text)
        told = tuple(found[name] for name in ("format", "version", "numbers"))
        if told != (FORMAT, version, numbers):
            return None
        if found["data_sha256"] != data_sha256(district):
            return None
        first, last = map(int, found["grades"])
        return Measured(
            draws=int(found["draws"]),
            seed=int(found["seed"]),
            grades=(first, last),
            origins=tuple(map(int, found["origins"])),
            accuracy=tuple(map(_row, found["accuracy"])),
        )
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None  # no such file, or none that a back-test wrote


def _row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    figures = {name: None if row[name] is None else float(row[name]) for name in _FIGURES}
    named = {"method": str(row["method"]), "level": str(row["level"])}
    return named | {"horizon": int(row["horizon"])} | figures
