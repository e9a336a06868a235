"""Names and order of the axes, and the two doors between frames and arrays.

Every array of the model has its axes in the order ``(year, area, grade | level, draw)``;
an axis that does not apply is left out, the order stays. Draws are last because then every
operation runs along long contiguous rows. Areas, regions and projects stand in the order of
their codes, so that sums over them give the same bits however the tables were ordered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

#: The code of sums over regions or levels in tables and results.
ALL = "all"

#: Single precision where draws are kept, double everywhere else.
Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Axis:
    """A named axis and its labels, in order.

    >>> Axis("level", ("primary", "middle")).at("middle")
    1
    """

    name: str
    labels: tuple[Any, ...]

    @cached_property
    def _positions(self) -> Mapping[Any, int]:
        return {label: position for position, label in enumerate(self.labels)}

    def __len__(self) -> int:
        return len(self.labels)

    def __contains__(self, label: object) -> bool:
        return label in self._positions

    def at(self, label: Any) -> int:
        """Return the position of a label; `KeyError` names the axis and its labels."""
        try:
            return self._positions[label]
        except KeyError:
            raise KeyError(f"{label!r} is not on axis {self.name}: {self.labels}") from None

    def every(self, labels: Sequence[Any]) -> Ints:
        """Return the positions of labels, as `at` does."""
        try:
            return np.array([*map(self._positions.__getitem__, labels)], dtype=np.int64)
        except KeyError as error:
            return np.array([self.at(error.args[0])])

    def mask(self, labels: Sequence[Any] | None) -> Bools:
        """Mark the labels chosen; ``None`` chooses all."""
        if labels is None:
            return np.ones(len(self), dtype=bool)
        return np.array([label in set(labels) for label in self.labels], dtype=bool)


def dense(frame: pd.DataFrame, axes: Sequence[Axis], value: str, *, fill: float) -> Floats:
    """Turn rows into an array: the door from frames to arrays.

    Parameters
    ----------
    frame
        One row per cell, with a column named after each axis and the column ``value``.
    axes
        The axes of the array, in order.
    value
        The column that is read.
    fill
        What a cell without a row holds, stated by the caller: ``nan`` where absence is
        unknown, ``0.0`` where it is none.

    Raises
    ------
    KeyError
        A row names a label that is not on its axis.
    ValueError
        Two rows name the same cell.
    """
    shape = tuple(len(axis) for axis in axes)
    array = np.full(shape, fill)
    if len(frame) == 0:
        return array
    positions = [axis.every(frame[axis.name].tolist()) for axis in axes]
    flat = np.ravel_multi_index(tuple(positions), shape)
    if len(np.unique(flat)) != len(flat):
        raise ValueError(f"two rows name the same {'/'.join(axis.name for axis in axes)} cell")
    array.flat[flat] = frame[value].to_numpy(dtype=float)
    return array


def tidy(array: NDArray[Any], axes: Sequence[Axis], value: str) -> pd.DataFrame:
    """Turn an array into rows, first axis slowest: the door from arrays to frames.

    Parameters
    ----------
    array
        Its shape is the lengths of ``axes``.
    axes
        One column each, named after the axis.
    value
        The name of the column that holds the cells.
    """
    import pandas as pd

    if array.shape != tuple(len(axis) for axis in axes):
        raise ValueError(f"shape {array.shape} does not fit {[len(axis) for axis in axes]}")
    grid = np.indices(array.shape).reshape(len(axes), -1)
    columns = {
        axis.name: pd.Index(axis.labels).take(positions)
        for axis, positions in zip(axes, grid, strict=True)
    }
    return pd.DataFrame({**columns, value: array.reshape(-1)})


def taking(
    spans: Iterable[tuple[int, int]], groups: Sequence[Sequence[str]], grade: int, group: str
) -> int:
    """Return the position of the level that takes a group in a grade; −1 where none does.

    A level without groups takes every group that no other level of the grade names.

    Parameters
    ----------
    spans, groups
        First and last grade of each level, and the groups that it names.

    Examples
    --------
    >>> [taking([(1, 6), (1, 9)], [(), ("special",)], 7, group) for group in ("special", "")]
    [1, -1]
    """
    here = [at for at, (first, last) in enumerate(spans) if first <= grade <= last]
    named = [at for at in here if group in groups[at]]
    return next(iter(named or [at for at in here if not groups[at]]), -1)


@dataclass(frozen=True)
class Axes:
    """The axes of one run and how they hang together.

    Attributes
    ----------
    year
        Every year from the first of enrolment, births, children and homes (also of homes that
        still bring pupils) to the last year of the horizon.
    base
        The base year: the last one whose pupils are known.
    region
        Leaf regions by code.
    area
        ``(region, group)`` pairs by code; the group is ``""`` where pupils are not grouped.
    grade
        All grades of the levels, in order.
    level
        Levels in grade order.
    first, last
        First and last grade of each level.
    row
        Region rows of the results: the district's regions in its order, then ``all``.
    members
        Positions of the leaf regions that each of these rows adds up, in code order.
    groups
        The groups that each level names; a level without any, and one beyond the end, takes those
        that no other level of the grade names.
    absent
        Cells ``(area, grade)``, by position, of a group that is not there at all: it has its
        grades in other levels.
    flow
        Rows of the flows: ``(level, from, from_group, to, to_group)``, as they are written.
    """

    year: Axis
    base: int
    region: Axis
    area: Axis
    grade: Axis
    level: Axis
    first: tuple[int, ...]
    last: tuple[int, ...]
    row: Axis
    members: tuple[tuple[int, ...], ...]
    groups: tuple[tuple[str, ...], ...] = ()
    absent: frozenset[tuple[int, int]] = frozenset()
    flow: Axis = Axis("flow", ())

    @cached_property
    def start(self) -> int:
        """Position of the base year on the year axis."""
        return self.year.at(self.base)

    @cached_property
    def horizon(self) -> Axis:
        """The years of the results: base year to last year."""
        return Axis("year", self.year.labels[self.start :])

    @cached_property
    def region_of(self) -> Ints:
        """Position of the region of each area, ``[area]``."""
        return np.array([self.region.at(region) for region, _ in self.area.labels], dtype=np.int64)

    @cached_property
    def level_of(self) -> Ints:
        """Position of the level of each area and grade, ``[area, grade]``; −1 where none is."""
        found: dict[str, list[int]] = {
            group: [self.level_at(grade, group) for grade in self.grade.labels]
            for group in dict.fromkeys(group for _, group in self.area.labels)
        }
        cells = [found[group] for _, group in self.area.labels]
        return np.array(cells, dtype=np.int64).reshape(len(self.area), len(self.grade))

    def level_at(self, grade: int, group: str) -> int:
        """Position of the level that takes a group in a grade; −1 where none does."""
        groups = (*self.groups, *[()] * (len(self.first) - len(self.groups)))
        return taking(zip(self.first, self.last, strict=True), groups, grade, group)

    @cached_property
    def streams(self) -> tuple[tuple[Ints, Ints], ...]:
        """Sets of areas of the same levels in all grades: their positions, levels ``[grade]``."""
        alike: dict[tuple[int, ...], list[int]] = {}
        for area, levels in enumerate(self.level_of.tolist()):
            alike.setdefault(tuple(levels), []).append(area)
        return tuple((np.array(areas), np.array(levels)) for levels, areas in alike.items())

    @cached_property
    def nowhere(self) -> Bools:
        """Mark the cells of `absent`, ``[area, grade]``."""
        marked = np.zeros((len(self.area), len(self.grade)), dtype=bool)
        for cell in self.absent:
            marked[cell] = True
        return marked

    def entering(self, level: int) -> Bools:
        """Mark the areas whose pupils enter a level by its first grade, ``[area]``."""
        return np.asarray(self.level_of[:, self.entry[level]] == level)

    @cached_property
    def entry(self) -> tuple[int, ...]:
        """Position of the first grade of each level on the grade axis."""
        return tuple(self.grade.at(first) for first in self.first)

    @cached_property
    def unlinked_grades(self) -> tuple[int, ...]:
        """Positions of grades above the first into which no grade of the district leads."""
        grades = self.grade.labels
        return tuple(at for at in range(1, len(grades)) if grades[at] - 1 != grades[at - 1])

    @cached_property
    def span(self) -> Floats:
        """Number of grades of each level, ``[level]``."""
        return np.array(
            [last - first + 1.0 for first, last in zip(self.first, self.last, strict=True)]
        )

    def window(self, length: int) -> range:
        """Positions of the last ``length`` years up to the base year (those that there are)."""
        return range(max(self.start - length + 1, 0), self.start + 1)


class Arrays:
    """A frozen dataclass of arrays: none of them can be written to, not even by a slip.

    Use as ``@dataclass(frozen=True, eq=False)``: arrays have no one answer to ``==``.
    """

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            parts = value.values() if isinstance(value, Mapping) else (value,)
            for part in parts:
                if isinstance(part, np.ndarray):
                    part.setflags(write=False)


def fingerprint(*things: object) -> bytes:
    """Return what tells `Arrays`, and what else is told by its ``repr``, from others' content."""
    found = blake2b()
    waiting = list(things)[::-1]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, Arrays):
            waiting += [getattr(thing, one.name) for one in fields(thing)]  # type: ignore[arg-type]
        elif isinstance(thing, np.ndarray):
            found.update(f"{thing.dtype} {thing.shape} ".encode())
            found.update(np.ascontiguousarray(thing).tobytes())
        elif isinstance(thing, tuple):
            found.update(f"{len(thing)} ".encode())
            waiting += thing
        else:
            found.update(f"{thing!r} ".encode())
    return found.digest()


def ordered_sum(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Add arrays one after the other, so that their order alone decides the bits."""
    total: NDArray[Any] = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total


def along(array: NDArray[Any], axis: int) -> list[NDArray[Any]]:
    """Return the slices of an array along an axis, in order: the parts of an `ordered_sum`."""
    return list(np.moveaxis(array, axis, 0))
