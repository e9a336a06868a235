"""What a forecast is held against: the same as last year."""

from __future__ import annotations

import numpy as np

from capacity.base.axes import Floats
from capacity.model.data import ModelData
from capacity.model.roll import by_level


def naive(world: ModelData) -> Floats:
    """Hold every grade as in the base year: same as last year, ``(horizon, region, level)``."""
    axes = world.axes
    last = by_level(world.pupils[[axes.start], :, :, None], axes)[0, ..., 0]
    return np.broadcast_to(last, (len(axes.horizon), *last.shape))
