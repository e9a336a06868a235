"""Streams of random numbers that no other draw, area, worker or order can change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np

#: Draws of a block. A block is always drawn whole, so that fewer draws are a prefix of more.
BLOCK = 1024


def stream(seed: int, component: str, code: str, block: int) -> np.random.Generator:
    """Give the stream of a component of chance, for one area (or other code) and block.

    Parameters
    ----------
    seed
        Of the run.
    component
        What is drawn, for example ``cell``.
    code
        Whom it is about: an area, a project; "" for what all share.
    block
        Number of the block of `BLOCK` draws, from 0.
    """
    named = hashlib.sha256(f"{component}\x1f{code}".encode()).digest()
    key = np.frombuffer(named[:16], dtype="<u4").tolist()
    return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence([seed, *key, block])))


def blocks(draws: int) -> Iterator[tuple[int, slice]]:
    """Give the blocks that ``draws`` draws need, and where the draws of each one stand."""
    for block, start in enumerate(range(0, draws, BLOCK)):
        yield block, slice(start, min(start + BLOCK, draws))
