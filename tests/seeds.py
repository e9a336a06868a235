"""Which cases every run of the tests takes, and which only the slow one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def seeds(usual: Iterable[int], many: Iterable[int]) -> list[Any]:
    """Give the seeds of every run, and those of the many that only ``-m slow`` takes."""
    often = list(usual)
    rare = [seed for seed in many if seed not in often]
    return [*often, *(pytest.param(seed, marks=pytest.mark.slow) for seed in rare)]


def usually(cases: Iterable[Any], often: Iterable[Any]) -> list[Any]:
    """Give all cases, of which only ``-m slow`` takes those that are not among the ``often``."""
    among = list(often)
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=[pytest.mark.slow] * (case not in among),
        )
        for case in cases
    ]


def in_turn(cases: Iterable[Any], ways: Sequence[Any]) -> list[Any]:
    """Give each case in each way; every run takes each case in one of them, each in its turn."""
    return [
        pytest.param(case, way, marks=[pytest.mark.slow] * (place % len(ways) != turn))
        for place, case in enumerate(cases)
        for turn, way in enumerate(ways)
    ]
