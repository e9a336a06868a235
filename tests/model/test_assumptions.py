"""The numbers that the model brings: each is named and sourced, and no others are used."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

import capacity
from capacity.model import (
    ASSUMPTIONS,
    BREAK_NONE,
    BREAKS,
    FAR_ABOVE,
    FAR_BELOW,
    FAR_COHORT,
    SHOCKS,
)

MODEL = Path(capacity.__file__).parent / "model"
#: Numbers that count positions or name nothing of the world.
PLAIN = {0, 1, 2, -1, 0.5}
EVERY = (*ASSUMPTIONS, FAR_ABOVE, FAR_BELOW, FAR_COHORT, *BREAKS, BREAK_NONE, *SHOCKS)
BY_NAME = {one.name: one for one in EVERY}
#: Values as documented, but for those of draws (`tests/model/draws/test_pinned.py`).
DOCUMENTED = {
    "births_trend_damping": 0.8,
    "births_trend_years": 4,
    "constrained_from": 0.98,
    "band_yellow_from": 0.9,
    "band_red_from": 1.0,
    "band_idle_below": 0.75,
    "closed_from": 10,
    "ratio_limit": 5,
    "shrunk_memory": 8,
    "shrunk_pool_decay": 0.6,
    "shrunk_area_decay": 0.9,
    "shrunk_area_weight": 2000,
    "shrunk_run_weight": 300,
    "shrunk_recent_decay": 0.4,
    "shrunk_recent_weight": 1000,
    "shrunk_entry_recent_decay": 0.4,
    "shrunk_entry_run_decay": 0.8,
    "shrunk_entry_weight": 1000,
    "shrunk_level_years": 6,
    "shrunk_level_decay": 0.5,
    "shrunk_level_weight": 300,
    "passing_prior": 0.6,
    "passing_weight": 0.04,
    "passing_half": 1000,
    "passing_decay": 0.8,
    "mixing_weight": 500,
    "mixing_grades_weight": 100,
    "mixing_years": 4,
    "mixing_decay": 0.6,
    "far_above": 1.5,
    "far_below": 0.5,
    "far_cohort": 50,
    "break_deviations": 5,
    "break_share": 0.1,
    "break_pupils": 50,
    "break_none": 1000,
    "shock_times": 3.5,
    "shock_least": 0.004,
    "shock_regions": 3,
    "shock_years": 4,
    "shock_luck": 2.4,
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_each_is_as_documented(name: str) -> None:
    assert BY_NAME[name].value == DOCUMENTED[name]


def test_all_but_those_of_draws_are_here() -> None:
    """Those of draws stand together, from `spread_origins` to the last that runs rest on."""
    names = [one.name for one in EVERY]
    first, beyond = names.index("spread_origins"), len(ASSUMPTIONS)
    assert {*names[:first], *names[beyond:]} == DOCUMENTED.keys()


def test_every_assumption_says_what_it_is_where_it_is_from_and_how_sure() -> None:
    assert len(BY_NAME) == len(EVERY)
    for one in EVERY:
        assert one.name
        assert one.unit
        assert one.source
        assert one.quality in ("GREEN", "AMBER", "RED")


def numbers_in(nodes: Iterable[ast.AST]) -> dict[int, ast.Constant]:
    """Number literals anywhere in these nodes, by identity."""
    return {
        id(node): node
        for top in nodes
        for node in ast.walk(top)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    }


def test_the_model_holds_no_number_that_is_not_named() -> None:
    """Numbers stand in assumptions.py, as a named constant in a file's outermost lines, or as the
    position of an axis in brackets."""
    found = []
    for path in sorted(MODEL.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = [node for node in tree.body if isinstance(node, ast.Assign)]
        positions = [node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
        fine = numbers_in([*named, *positions])
        found += [
            f"{path.name}:{node.lineno}: {node.value}"
            for key, node in numbers_in([tree]).items()
            if key not in fine and node.value not in PLAIN
        ]
    assert found == []
