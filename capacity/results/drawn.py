"""Draws of a run as arrays with named axes, some regions and levels of them or all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from capacity.base.axes import ALL, Arrays, Axes, Axis, tidy
from capacity.base.fields import Fixed
from capacity.model.draws.runs import Worlds
from capacity.results.units import described, unit_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

#: What is drawn of every cell, and of the pupils behind its demand.
Kept = Literal["demand", "places", "gap", "shortage"]
Variable = Literal[Kept, "pupils", "entrants"]
KEPT: tuple[Kept, ...] = get_args(Kept)
VARIABLES: tuple[Variable, ...] = get_args(Variable)
#: A code, or several; none chooses all.
Chosen = str | Iterable[str] | None


@dataclass(frozen=True, eq=False, repr=False)
class Drawn(Arrays):
    """Draws of one variable with their axes, as `capacity.Result.draws` gives them.

    Attributes
    ----------
    name : str
        The variable.
    values : array of float32
        An axis for each of ``dims``; not to be written to. nan where the variable is unknown.
    dims : tuple of str
        Of year, region, level or grade, and last draw.
    coords : mapping of str to tuple
        The labels along each axis.
    unit : str
        ``pupils`` or ``places``.

    Examples
    --------
    Numpy takes it for its values:

    >>> import capacity, numpy
    >>> result = capacity.run(capacity.load_scenario("demo/baseline.yaml"), draws=100)
    >>> gap = result.draws("gap", region="all", level=["primary", "middle"])
    >>> gap
    <Drawn gap (places): year 11, level 2, draw 100>
    >>> numpy.median(gap, axis=-1).shape
    (11, 2)
    """

    name: str
    values: npt.NDArray[np.float32]
    dims: tuple[str, ...]
    coords: Mapping[str, tuple[Any, ...]]
    unit: str

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        """Return the values, as numpy asks for them."""
        return np.array(self.values, dtype=dtype, copy=copy)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{dim} {len(self.coords[dim])}" for dim in self.dims)
        return f"<Drawn {self.name} ({self.unit}): {sizes}>"

    def to_frame(self) -> pd.DataFrame:
        """Return a row per cell: a column for each axis, and one named as the variable.

        Examples
        --------
        >>> import capacity
        >>> result = capacity.run(capacity.load_scenario("demo/baseline.yaml"), draws=100)
        >>> result.draws("shortage", region="all", level="all").to_frame().columns.tolist()
        ['year', 'draw', 'shortage']
        """
        return tidy(self.values, [Axis(dim, self.coords[dim]) for dim in self.dims], self.name)

    def to_xarray(self, *, lang: str = "en") -> xr.DataArray:
        """Return an `xarray.DataArray` with these axes, unit and description.

        Parameters
        ----------
        lang : str, optional
            Of the description: ``en`` or ``zh``.

        Raises
        ------
        ImportError
            There is no xarray: ``pip install "capacity[notebook]"``.

        Examples
        --------
        >>> import capacity
        >>> result = capacity.run(capacity.load_scenario("demo/baseline.yaml"), draws=100)
        >>> pupils = result.draws("pupils", region="all").to_xarray()
        >>> pupils.sel(year=2026, grade=1).quantile(0.9, "draw").dims
        ()
        """
        from capacity.results.exchange import xarray

        coords = {dim: list(self.coords[dim]) for dim in self.dims}
        attrs = {"units": self.unit, "long_name": described(self.name, lang)}
        found: xr.DataArray = xarray().DataArray(
            self.values, coords, self.dims, name=self.name, attrs=attrs
        )
        return found


def drawn_of(worlds: Worlds, name: str, region: Chosen, level: Chosen) -> Drawn:
    """Return the draws of a variable, of some regions and levels.

    Parameters
    ----------
    worlds
    name
        One of `VARIABLES`.
    region, level
        Codes or ``all``; the axis of a single one is left out. Of pupils, the level is that in
        which they are counted, and the axis is that of its grades.

    Raises
    ------
    ValueError
        There is no such variable, region or level.
    """
    if name not in VARIABLES:
        raise ValueError(f"no draws of {name!r}: one of {', '.join(VARIABLES)}")
    axes = worlds.sampler.data.axes
    rows = _Choice.of(axes.row, region)
    across: list[_Choice] = [_Choice.of(axes.horizon, None), rows]
    if name in KEPT:
        across.append(_Choice.of(Axis("level", (*axes.level.labels, ALL)), level))
        values = worlds.cells(name, rows.positions, across[-1].positions)
    elif name == "entrants":
        across.append(_Choice.of(axes.level, level))
        values = worlds.entrants(rows.positions)[:, :, across[-1].positions]
    else:
        levels = _counted(axes, level)
        across.append(_Choice(Axis("grade", axes.grade.labels), _grades(axes, levels), False))
        values = worlds.pupils(rows.positions, levels)[:, :, across[-1].positions]
    across.append(_Choice.of(Axis("draw", tuple(range(worlds.draws))), None))
    kept = [choice for choice in across if not choice.single]
    return Drawn(
        name=name,
        values=values.reshape([len(choice.positions) for choice in kept]),
        dims=tuple(choice.axis.name for choice in kept),
        coords=Fixed({choice.axis.name: choice.labels for choice in kept}),
        unit=unit_of(name),
    )


@dataclass(frozen=True)
class _Choice:
    """Labels of an axis that are chosen, by their positions; a single one has no axis left."""

    axis: Axis
    positions: list[int]
    single: bool

    @classmethod
    def of(cls, axis: Axis, chosen: Chosen) -> _Choice:
        if chosen is None:
            return cls(axis, list(range(len(axis))), single=False)
        codes = [chosen] if isinstance(chosen, str) else list(chosen)
        for code in codes:
            if code not in axis:
                raise ValueError(f"no {axis.name} {code!r}: one of {', '.join(axis.labels)}")
        if len({*codes}) < len(codes) or not codes:
            raise ValueError(f"each {axis.name} once, and one at least: {', '.join(codes)}")
        return cls(axis, [axis.at(code) for code in codes], isinstance(chosen, str))

    @property
    def labels(self) -> tuple[Any, ...]:
        return tuple(self.axis.labels[at] for at in self.positions)


def _counted(axes: Axes, level: Chosen) -> Sequence[int] | None:
    """Return the positions of levels whose pupils count; None where all do."""
    choice = _Choice.of(Axis("level", (*axes.level.labels, ALL)), level)
    return None if level is None or ALL in choice.labels else choice.positions


def _grades(axes: Axes, levels: Sequence[int] | None) -> list[int]:
    """Return the positions of the grades of some levels, or of all."""
    if levels is None:
        return list(range(len(axes.grade)))
    spans = [(axes.first[level], axes.last[level]) for level in levels]
    return [
        at
        for at, grade in enumerate(axes.grade.labels)
        if any(first <= grade <= last for first, last in spans)
    ]
