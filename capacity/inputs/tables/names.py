"""What the cells of a district's tables may name, and what else tells how they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from capacity.inputs.tables.sizes import Sizes
from capacity.inputs.tables.values import Cell, Value

#: Reads a filled cell, or raises `CellError`.
Reader = Callable[[Cell], Value[Any]]


@dataclass(frozen=True)
class Stated:
    """What district.yaml states beside names that tells how cells are read.

    Attributes
    ----------
    births_year_ends : (month, day), optional
        The last day of a births year.
    withheld : float, optional
        What stands for a count of people that is withheld; where it is None, each is an error.
    class_sizes : mapping of str to float
        The class size of each level.
    """

    births_year_ends: tuple[int, int] | None = None
    withheld: float | None = None
    class_sizes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Names:
    """What the cells of a district's tables may name.

    Attributes
    ----------
    regions : tuple of str, or None
        Leaf regions; None where district.yaml does not tell: any code is one.
    levels : mapping of str to (int, int), or None
        First and last grade of each level; None where any level and grade may be.
    titles : mapping of kind to (mapping of code to its titles)
        Of the kinds region and level.
    stated : Stated
        What else district.yaml states that tells how cells are read.
    units : mapping of str to str
        The units of units.csv with their titles.
    sums : bool
        Whether units may stand for their regions.
    spellings : dict of (column, matched form) to str
        The codes read so far in other columns, each as it was first written.
    cases : dict of (column, plain name) to str
        The same, whatever the case of letters and the blanks.
    """

    regions: tuple[str, ...] | None
    levels: Mapping[str, tuple[int, int]] | None
    titles: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    stated: Stated = Stated()
    units: Mapping[str, str] = field(default_factory=dict)
    sums: bool = False
    spellings: dict[tuple[str, str], str] = field(default_factory=dict)
    cases: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def grades(self) -> tuple[int, ...]:
        """All grades of all levels, in order."""
        spans = (self.levels or {}).values()
        return tuple(sorted({grade for a, b in spans for grade in range(a, b + 1)}))

    @property
    def sizes(self) -> Sizes:
        """What is built, as lists of projects say it."""
        return Sizes(self.levels or {}, self.titles.get("level", {}), self.stated.class_sizes)
