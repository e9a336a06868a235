"""Levers: the changes that a scenario makes, all in one form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from capacity.base.errors import At
from capacity.base.fields import Fixed
from capacity.inputs.documents.yaml import Mark
from capacity.inputs.levers.declared import Declaration
from capacity.inputs.levers.rows import Closing, Converting, ProjectRow, Rezoning
from capacity.inputs.tables.columns import TABLES

#: Kinds whose value is one of set, add and times, and what one of their cells is.
CELLS: Mapping[str, tuple[str, ...]] = {
    "births": ("region", "group"),
    "entry": ("region", "group"),
    "progression": ("region", "group", "grade"),
    "onward_share": ("region", "group", "level"),
    "migration": ("region", "group", "grade"),
    "housing": ("region",),
    "class_size": ("region", "level"),
    "places": ("region", "level"),
    "add_places": ("region", "level"),
    "completion": ("project",),
    "delay": ("project",),
    "cancel": ("project",),
}

_FIELDS = tuple(ProjectRow.model_fields)


@dataclass(frozen=True)
class Where:
    """The cells that a lever chooses; None chooses all.

    Regions may be parents, which choose the leaf regions within them.
    """

    region: tuple[str, ...] | None = None
    level: tuple[str, ...] | None = None
    grade: tuple[int, ...] | None = None
    group: tuple[str, ...] | None = None
    project: tuple[str, ...] | None = None
    status: tuple[str, ...] | None = None


@dataclass(frozen=True, repr=False)
class Lever:
    """One change.

    Attributes
    ----------
    kind : str
    where : Where
    from_, until : int or None
        First and last year in which it acts; None is unbounded.
    set, add, times : float or None
        At most one is given.
    replaces : bool
        Whether an earlier set of the same cell may be overwritten.
    add_project : mapping or None
        A row of the pipeline: text columns "" and numbers nan where nothing is stated.
    close, convert, rezone : own keys of these kinds, or None
    file : str
    line : int
        Where the lever stands.
    mark : Mark
        Where each of its keys stands.
    """

    kind: str
    where: Where = Where()
    from_: int | None = None
    until: int | None = None
    set: float | None = None
    add: float | None = None
    times: float | None = None
    replaces: bool = False
    add_project: Mapping[str, object] | None = None
    close: Closing | None = None
    convert: Converting | None = None
    rezone: Rezoning | None = None
    file: str = ""
    line: int = 0
    mark: Mark = field(default_factory=lambda: Mark(At("")), compare=False)

    def __repr__(self) -> str:
        places = ("kind", "where", "file", "line", "mark")
        stated = {name: of for name, of in vars(self).items() if name not in places}
        every = (stated | vars(self.where)).items()
        said = [f"{name}={of!r}" for name, of in every if of is not None and of is not False]
        return f"<Lever {self.kind}: {', '.join(said)}>"

    def at(self, *path: str | int) -> At:
        """Give the place of a key of the lever, or of the lever."""
        return self.mark.way(path)[-1].at

    def key_at(self, *path: str | int) -> At:
        """Give the place of the key at the end of ``path``."""
        mark = self.mark.way(path)[-1]
        return mark.key or mark.at

    @property
    def form(self) -> str | None:
        """Which of set, add and times is given."""
        return next(
            (form for form in ("set", "add", "times") if getattr(self, form) is not None), None
        )

    @property
    def value(self) -> float | None:
        """The number given by set, add or times."""
        return None if self.form is None else float(getattr(self, self.form))

    def acts_with(self, other: Lever) -> bool:
        """Tell whether there is a year in which both act."""
        starts = [lever.from_ for lever in (self, other) if lever.from_ is not None]
        ends = [lever.until for lever in (self, other) if lever.until is not None]
        return not starts or not ends or max(starts) <= min(ends)


def lever_of(declared: Declaration, mark: Mark) -> Lever:
    """Bring a declaration into the form that all levers share.

    Parameters
    ----------
    declared : Declaration
        What the file says.
    mark : Mark
        Where it says it.
    """
    said = {name: getattr(declared, name) for name in type(declared).model_fields}
    if isinstance(where := said.get("where"), BaseModel):
        said["where"] = Where(**{name: getattr(where, name) for name in type(where).model_fields})
    if isinstance(row := said.get("add_project"), ProjectRow):
        said["add_project"] = _row(row)
    return Lever(**said, file=mark.at.file, line=mark.at.line or 0, mark=mark)


def _row(row: ProjectRow) -> Fixed[str, object]:
    """Give a project as a row of the pipeline table, with places_<level> as stated."""
    numbers = {c.name for c in TABLES["pipeline"].columns if c.kind in ("number", "year")}
    empty: dict[str, object] = {name: float("nan") if name in numbers else "" for name in _FIELDS}
    stated = {name: getattr(row, name) for name in _FIELDS}
    stated |= row.model_extra or {}
    return Fixed(empty | {name: value for name, value in stated.items() if value is not None})
