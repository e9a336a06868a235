"""What may be asked for as levels: the example that it means, and its language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "presets.toml"


@cache
def _presets() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def levels_known() -> tuple[str, ...]:
    """Return what may be asked for, the countries first.

    >>> levels_known()
    ('zh-6-3-3', 'england', 'us', 'en', 'zh')
    """
    return tuple(_presets())


def language_of(levels: str) -> str:
    """Return the language in which levels are written where none is asked for."""
    return _presets()[levels]["language"]


def countries() -> tuple[str, ...]:
    """Return the folders of the examples; the first is the one that no levels ask for."""
    return tuple(dict.fromkeys(preset["example"] for preset in _presets().values()))


def country_of(levels: str | None) -> str:
    """Return the folder of the example of levels, of the first where none are asked for."""
    return _presets()[levels]["example"] if levels else countries()[0]
