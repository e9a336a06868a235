"""What draws say: quantiles, means and probabilities, each over draws and last of all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats
from capacity.model.draws.sample import KEPT, Samples
from capacity.model.draws.tables import Singles

#: Quantiles of the columns ``_p10``, ``_p50`` and ``_p90``.
QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


@dataclass(frozen=True, eq=False)
class Summary(Arrays):
    """Draws in figures, each ``(horizon, region row, level row)``; nan is an empty cell.

    Attributes
    ----------
    quantiles : dict
        By column name: ``demand_p10`` and so on, of `KEPT`.
    shortage_mean, surplus_mean
    prob_shortage
        Share of the draws with gap > 0.
    bands : (horizon, region row, level, band)
        Share of the draws in each early-warning band.
    """

    quantiles: dict[str, Floats]
    shortage_mean: Floats
    surplus_mean: Floats
    prob_shortage: Floats
    bands: Floats

    @property
    def columns(self) -> dict[str, Floats]:
        """Columns that draws add to the rows of the results, by name."""
        means = ("shortage_mean", "surplus_mean", "prob_shortage")
        return self.quantiles | {name: getattr(self, name) for name in means}

    @property
    def entry_columns(self) -> dict[str, Floats]:
        """Columns that draws add to the rows of first grades, by name."""
        return {"prob_yellow": self.bands[..., 0], "prob_red": self.bands[..., 1]}


def summarise(samples: Samples, pooled: Bools, workers: int = 1) -> Summary:
    """Sum draws up.

    Parameters
    ----------
    samples
    pooled : (level)
        Levels whose region rows have no shortage of their own.
    workers
        Threads; the same bits for any number of them.
    """
    with ThreadPoolExecutor(workers) as pool:
        found = dict(zip(KEPT, pool.map(lambda name: _quantiles(samples, name), KEPT), strict=True))
    short = samples.gap > 0
    prob = np.where(np.isnan(samples.gap[..., 0]), np.nan, short.mean(axis=-1))
    prob[:, :-1, :-1][:, :, pooled] = np.nan
    mean = samples.shortage.mean(axis=-1, dtype=np.float64)
    return Summary(
        quantiles={
            f"{name}_{label}": values[number]
            for name, values in found.items()
            for number, label in enumerate(QUANTILES)
        },
        shortage_mean=mean,
        surplus_mean=_surplus(mean, samples.gap.mean(axis=-1, dtype=np.float64)),
        prob_shortage=prob,
        bands=samples.bands,
    )


def _surplus(shortage: Floats, gap: Floats) -> Floats:
    """Mean surplus, from surplus = shortage − gap in every cell and the sums over levels."""
    surplus = shortage - gap
    own, every = surplus[:, :, :-1], surplus[:, :, -1:]
    unknown = np.isnan(shortage[:, :, -1:])
    every[...] = np.where(unknown, np.nan, np.nansum(own, axis=2, keepdims=True))
    return np.maximum(surplus, 0.0)  # single precision may leave a trace below


def _quantiles(samples: Samples, name: str) -> Floats:
    return quantiles(getattr(samples, name), tuple(QUANTILES.values()))


def quantiles(draws: Singles, shares: tuple[float, ...]) -> Floats:
    """Quantiles along the last axis, between neighbours by straight lines: ``(share, …)``.

    Sorting rows in single precision is faster here than partitioning them.
    """
    ordered = np.sort(draws, axis=-1)
    last = ordered.shape[-1] - 1
    found = np.empty((len(shares), *ordered.shape[:-1]))
    for number, share in enumerate(shares):
        below = int(share * last)
        low = ordered[..., below].astype(np.float64)
        high = ordered[..., min(below + 1, last)].astype(np.float64)
        found[number] = low + (share * last - below) * (high - low)
    return found
