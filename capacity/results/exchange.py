"""Results as other tools of research take them: xarray, and the IAMC format of scenario data."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capacity import __version__
from capacity.base.axes import ALL
from capacity.base.titles import names_in
from capacity.base.words import word
from capacity.results.labels import Labels
from capacity.results.units import described, parted, unit_of

if TYPE_CHECKING:
    import xarray as xr

_KEYS = ["year", "region", "level"]
#: Columns in their order, as `pyam.IamDataFrame` reads them.
IAMC = ("model", "scenario", "region", "variable", "unit", "year", "value")
#: What parts the levels of an IAMC variable, and what stands for it in a title.
_PART, _INSTEAD = "|", "/"


def xarray() -> ModuleType:
    """Return xarray.

    Raises
    ------
    ImportError
        It is not installed.
    """
    try:
        import xarray
    except ImportError as error:
        raise ImportError('this needs xarray: pip install "capacity[notebook]"') from error
    return xarray


def dataset_of(
    frame: pd.DataFrame,
    attrs: Mapping[str, Any],
    drawn: Mapping[str, xr.DataArray],
    lang: str,
) -> xr.Dataset:
    """Return the rows of results.csv as a dataset over year, region and level.

    Parameters
    ----------
    frame
    attrs
        Of the dataset.
    drawn
        Draws that stand beside them as ``<variable>_draws``, over all regions and levels.
    lang
        Of descriptions.
    """
    coords = {key: list(dict.fromkeys(frame[key].tolist())) for key in _KEYS}
    rows = pd.MultiIndex.from_product([*coords.values()], names=_KEYS)
    table = frame.set_index(_KEYS).reindex(rows).drop(columns="scenario")
    shape = tuple(map(len, coords.values()))
    variables: dict[str, Any] = {
        str(name): (_KEYS, table[name].to_numpy().reshape(shape), _attrs(str(name), lang))
        for name in table.columns
    }
    for name, of in drawn.items():
        said = word("frames.drawn", lang, of=of.attrs["long_name"])
        variables[f"{name}_draws"] = of.assign_attrs(long_name=said)
    found: xr.Dataset = xarray().Dataset(variables, coords, dict(attrs))
    return found


def _attrs(column: str, lang: str) -> dict[str, str]:
    return {"units": unit_of(column) or "1", "long_name": described(column, lang)}


def iamc_of(frame: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return the rows of results.csv in the IAMC format, in `IAMC`.

    Parameters
    ----------
    frame
    labels
    """
    regions = _names({r.code: r.title for r in labels.regions}, labels.region_name(ALL, "en"))
    levels = _names({level.code: level.title for level in labels.levels}, "")
    columns = [name for name in frame.columns if name not in ("scenario", "constrained", *_KEYS)]
    long = frame.melt(["scenario", *_KEYS], columns, "column", "value").dropna(subset="value")
    said = {column: variable(column) for column in columns}
    ends = {code: f"{_PART}{name}" if name else "" for code, name in levels.items()}
    found = pd.DataFrame(
        {
            "model": f"capacity {__version__}",
            "scenario": long["scenario"],
            "region": long["region"].map(regions),
            "variable": long["column"].map(said) + long["level"].map(ends),
            "unit": long["column"].map(unit_of),
            "year": long["year"].astype(np.int64),
            "value": long["value"].astype(np.float64),
        }
    )
    return found.reset_index(drop=True)


def variable(column: str) -> str:
    """Return the IAMC variable of a column, for all levels; ``|`` and a level's title follow.

    >>> variable("demand"), variable("shortage_by_grade"), variable("gap_p90")
    ('Demand', 'Shortage By Grade', 'Gap (p90)')
    """
    base, end = parted(column)
    return base.replace("_", " ").title() + (f" ({end})" if end else "")


def _names(titles: Mapping[str, Mapping[str, str]], every: str) -> dict[str, str]:
    """Return English titles by code, no two alike, and what sums are called."""
    named = {
        code: name.replace(_PART, _INSTEAD).strip() for code, name in names_in(titles, "en").items()
    }
    taken = [*named.values(), every]
    named = {
        code: name if taken.count(name) == 1 else f"{name} ({code})" for code, name in named.items()
    }
    return named | {ALL: every.replace(_PART, _INSTEAD).strip()}
