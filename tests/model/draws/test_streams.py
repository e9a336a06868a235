"""Streams: what may change their numbers, and what may not."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from capacity.model.draws import BLOCK, blocks, stream


def test_each_seed_component_code_and_block_has_a_stream_of_its_own() -> None:
    keys = [(1, "cell", "north", 0), (2, "cell", "north", 0), (1, "area", "north", 0)]
    keys += [(1, "cell", "east", 0), (1, "cell", "north", 1), (1, "cellnorth", "", 0)]
    drawn = [stream(*key).random(4) for key in keys]
    for one, other in combinations(drawn, 2):
        assert (one != other).all()
    np.testing.assert_array_equal(stream(*keys[0]).random(4), drawn[0])


def test_the_numbers_of_a_stream_stay() -> None:
    """A run written down today can be drawn again: these are known values."""
    found = stream(1, "cell", "海淀", 2).integers(0, 2**32, 4)
    assert found.tolist() == [1944235693, 1271881944, 1041446293, 3378080989]


def test_blocks_cover_all_draws_once() -> None:
    for draws in (1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 7):
        found = list(blocks(draws))
        assert [number for number, _ in found] == list(range(len(found)))
        covered = [draw for _, at in found for draw in range(at.start, at.stop)]
        assert covered == list(range(draws))
