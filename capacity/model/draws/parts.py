"""How much of the spread of a district's gap each source of chance makes, varied alone."""

from __future__ import annotations

import numpy as np

from capacity.base.axes import Floats
from capacity.base.settings import SOURCES, Settings
from capacity.model.data import ModelData
from capacity.model.draws.demand import draw_demand
from capacity.model.draws.runs import spread_of_run
from capacity.model.draws.samples import Sampler, sampler_of, sources_of
from capacity.model.draws.streams import BLOCK, Block
from capacity.model.draws.supply import draw_places
from capacity.model.simulation import Outcome, Prepared

#: Sources that move demand; the others move places.
_DEMAND = ("ratios", "births", "regions")
#: Of a sum of figures in single precision: what strays by less does not vary.
NOISE = 1e-6


def parts_of_spread(
    data: ModelData, prepared: Prepared, outcome: Outcome, settings: Settings
) -> dict[str, Floats]:
    """Return the share of the variance of the district's gap that each source makes.

    Each source is varied alone, in one block of draws of the run's seed, and its variance divided
    by the sum over the sources: what two of them make together is left out.

    Parameters
    ----------
    data, prepared, outcome
        The central run.
    settings
        Of it: which sources vary, and the seed.

    Returns
    -------
    dict of str to (horizon,)
        By source, in the order of `SOURCES`; 0 where nothing varies, nan where the gap is
        unknown.
    """
    chance, spread = settings.chance, spread_of_run(data, prepared.demand, settings.demand)
    chosen = [one for one in SOURCES if chance.sources is None or one in chance.sources]
    found = {}
    for source in chosen:
        sources = sources_of(data, [source])
        sampler = sampler_of(data, prepared, outcome, spread, sources, settings.supply.delay)
        found[source] = _variance(sampler, source, chance.seed)
    whole = np.sum(list(found.values()), axis=0) if found else np.zeros(len(data.axes.horizon))
    return {source: _share(own, whole) for source, own in found.items()}


def _variance(sampler: Sampler, source: str, seed: int) -> Floats:
    """Return the variance of the district's demand, or places, over a block of draws."""
    axes = sampler.data.axes
    block = Block(seed, 0, len(axes.horizon) - 1)
    regions = list(range(len(axes.region)))
    if source in _DEMAND:
        cells, _ = draw_demand(sampler.demand, block, regions)
    elif sampler.supply.varies:
        cells, _ = draw_places(sampler.supply, block, regions)
    else:
        return np.zeros(len(axes.horizon))
    summed = cells[..., :BLOCK].sum(axis=(1, 2), dtype=np.float64)
    found = summed.var(axis=-1)
    return np.where(found < (NOISE * summed.mean(axis=-1)) ** 2, 0.0, found)


def _share(own: Floats, whole: Floats) -> Floats:
    share = np.divide(own, whole, out=np.zeros_like(whole), where=whole > 0)
    return np.where(np.isnan(whole), np.nan, share)
