"""Runs of the package with the very luck that a page carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np

from capacity.model.draws import BLOCK, UnknownBirths, beginnings, demand, supply
from capacity.studies.live import shocks_of, unpacked


@contextmanager
def same_luck(luck: Mapping[str, Any]) -> Iterator[None]:
    """Let every draw be one of a page, over and over."""
    logs = _block(unpacked(luck["logs"], np.int8))
    births = [None if one is None else _block(1 + unpacked(one)) for one in luck["births"]]
    divided, stock = (_factors(luck[name]) for name in ("split", "stock"))
    projects = luck["projects"] and dict(
        zip(
            luck["projects"]["codes"],
            _block(shocks_of(luck["projects"])).swapaxes(0, 1),
            strict=True,
        )
    )

    def lucky(sampler: Any, areas: list[int], common: Any) -> tuple[Any, Any]:
        begun, began = demand._begun(sampler, areas, common)
        own = logs[:, areas].swapaxes(0, 1).copy()
        none = np.zeros_like(sampler.centre[:, areas])
        return begun, demand.made_of(own, none, began, sampler.came[:, areas])

    def strayed(births_of: UnknownBirths, area: int, *_: Any) -> Any:
        return births[area]

    def of_stock(sampler: Any, block: Any, regions: Sequence[int]) -> Any:
        return stock[list(regions)]

    def shocks(block: Any, codes: Sequence[str]) -> Any:
        return np.stack([projects[code] for code in codes], axis=1)

    with (
        patch.object(demand, "_luck", lucky),
        patch.object(UnknownBirths, "strayed", strayed),
        patch.object(beginnings, "split_factor", lambda *_: divided),
        patch.object(supply, "stock_factor", of_stock),
        patch.object(supply, "project_shocks", shocks),
    ):
        yield


def _factors(part: Any) -> Any:
    return None if part is None else _block(1 + unpacked(part))


def _block(values: Any) -> Any:
    """Return a block of draws, the same ones again and again."""
    times = -(-BLOCK // values.shape[-1])
    return np.tile(values, times)[..., :BLOCK].astype(np.float32)
