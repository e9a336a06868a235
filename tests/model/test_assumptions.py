"""The numbers that the model brings: each is named and sourced, and no others are used."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import capacity
from capacity.model import ASSUMPTIONS, BREAKS

MODEL = Path(capacity.__file__).parent / "model"
#: Numbers that count positions or name nothing of the world.
PLAIN = {0, 1, 2, -1, 0.5}


def test_every_assumption_says_what_it_is_where_it_is_from_and_how_sure() -> None:
    every = (*ASSUMPTIONS, *BREAKS)
    assert len({one.name for one in every}) == len(every)
    for one in every:
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
    for path in sorted(MODEL.glob("*.py")):
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
