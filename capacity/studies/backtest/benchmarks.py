"""Methods that a forecast is held against: same as last year, and plain cohort survival."""

from __future__ import annotations

import numpy as np

from capacity.base.axes import Floats
from capacity.base.settings import BirthsAhead, Calibration, Demand
from capacity.model.data import ModelData
from capacity.model.roll import by_level

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
#: Methods beside `naive`, by name.
METHODS = {"ref3": REF3, "model": MODEL, "pooled": POOLED}


def naive(world: ModelData) -> Floats:
    """Hold every grade as in the base year: same as last year, ``(horizon, region, level)``."""
    axes = world.axes
    last = by_level(world.pupils[[axes.start], :, :, None], axes)[0, ..., 0]
    return np.broadcast_to(last, (len(axes.horizon), *last.shape))
