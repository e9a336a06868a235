"""Streams: what may change their numbers, and what may not."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from capacity.model.draws import BLOCK, Block, blocks, normals, stream


def numbers(seed: int, component: str, code: str, block: int) -> np.ndarray:
    return np.random.Generator(stream(seed, component, code, block)).random(4)


def test_each_seed_component_code_and_block_has_a_stream_of_its_own() -> None:
    keys = [(1, "cell", "north", 0), (2, "cell", "north", 0), (1, "area", "north", 0)]
    keys += [(1, "cell", "east", 0), (1, "cell", "north", 1), (1, "cellnorth", "", 0)]
    drawn = [numbers(*key) for key in keys]
    for one, other in combinations(drawn, 2):
        assert (one != other).all()
    np.testing.assert_array_equal(numbers(*keys[0]), drawn[0])


def test_the_numbers_of_a_stream_stay() -> None:
    """A run written down today can be drawn again: these are known values."""
    found = np.random.Generator(stream(1, "cell", "海淀", 2)).integers(0, 2**32, 4)
    assert found.tolist() == [1944235693, 1271881944, 1041446293, 3378080989]


def test_blocks_cover_all_draws_once() -> None:
    for draws in (1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 7):
        for together in (1, 2, 3):
            found = list(blocks(draws, 1, 4, together))
            every = [block.number + k for block, _ in found for k in range(block.count)]
            assert every == list(range(-(-draws // BLOCK)))
            assert all(0 < at.stop - at.start <= block.draws for block, at in found)
            covered = [draw for _, at in found for draw in range(at.start, at.stop)]
            assert covered == list(range(draws))


def test_blocks_together_are_drawn_as_each_alone() -> None:
    together, table = Block(1, 3, 5, 3), normals()
    for shape, after in (((), 0), ((2,), 0), ((2, 3), 4), ((3,), 1)):
        whole = together.draw_each(table, "cell", ["a", "b"], shape=shape, after=after)
        into = np.zeros((2, 2, *shape, 3 * BLOCK), np.float32)[:, 1]
        if shape:
            together.draw_each(table, "cell", ["a", "b"], shape=shape, after=after, out=into)
            np.testing.assert_array_equal(into, whole)
        for at, code in enumerate("ab"):
            parts = [
                Block(1, number, 5).draw(table, "cell", code, shape=shape, after=after)
                for number in (3, 4, 5)
            ]
            np.testing.assert_array_equal(whole[at], np.concatenate(parts, axis=-1))
