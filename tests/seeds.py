"""How many random cases every run of the tests takes, and how many the slow one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def seeds(usual: Iterable[int], many: Iterable[int]) -> list[Any]:
    """Give the seeds of every run, and those of the many that only ``-m slow`` takes."""
    often = list(usual)
    rare = [seed for seed in many if seed not in often]
    return [*often, *(pytest.param(seed, marks=pytest.mark.slow) for seed in rare)]
