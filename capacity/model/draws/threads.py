"""Work shared among threads: the same bits for any number of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from capacity.base.axes import Floats
from capacity.model.draws.streams import Singles

Item = TypeVar("Item")
Found = TypeVar("Found")
#: Numbers of each array that a task takes, so that what it works out stays in near memory.
_NUMBERS = 1 << 19


def each(task: Callable[[Item], Found], items: Iterable[Item], workers: int) -> list[Found]:
    """Do a task for each item, in so many threads; without any where there is nothing to share."""
    several = list(items)
    if workers == 1 or len(several) < 2:
        return list(map(task, several))
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(task, several))


def by_year(
    task: Callable[[dict[str, Singles]], dict[str, Floats]],
    cells: Mapping[str, Singles],
    workers: int,
) -> dict[str, Floats]:
    """Work out columns ``(horizon, …)`` of cells ``(horizon, …, draw)``, some years at a time."""
    years = len(next(iter(cells.values())))
    a_year = max(part.size for part in cells.values()) // years
    size = max(_NUMBERS // a_year, 1)

    def found(first: int) -> dict[str, Floats]:
        return task({name: part[first : first + size] for name, part in cells.items()})

    parts = each(found, range(0, years, size), workers)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
