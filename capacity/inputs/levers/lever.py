"""Levers: the changes that a scenario makes, all in one form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from capacity.base.errors import At
from capacity.inputs.documents.yaml import Mark
from capacity.inputs.levers.kinds import FORMS
from capacity.inputs.levers.own import Closing, Converting, Rezoning


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
    kind: tuple[str, ...] | None = None
    from_: tuple[str, ...] | None = None
    from_group: tuple[str, ...] | None = None
    to: tuple[str, ...] | None = None
    to_group: tuple[str, ...] | None = None


#: What the keys of `Where` name, but for those whose values are given.
NAMES_OF: Mapping[str, str] = {
    **{key: key for key in ("region", "level", "grade", "group", "project")},
    **{"from_": "region", "from_group": "group", "to": "region", "to_group": "group"},
}


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
        every = (*stated.items(), *vars(self.where).items())
        said = [f"{name}={of!r}" for name, of in every if of is not None and of is not False]
        return f"<Lever {self.kind}: {', '.join(said)}>"

    def at(self, *path: str | int) -> At:
        """Return the place of a key of the lever, or of the lever."""
        return self.mark.way(path)[-1].at

    def key_at(self, *path: str | int) -> At:
        """Return the place of the key at the end of ``path``."""
        mark = self.mark.way(path)[-1]
        return mark.key or mark.at

    @property
    def form(self) -> str | None:
        """Which of set, add and times is given."""
        return next((form for form in FORMS if getattr(self, form) is not None), None)

    @property
    def value(self) -> float | None:
        """The number given by set, add or times."""
        return None if self.form is None else float(getattr(self, self.form))

    def acts_in(self, year: int) -> bool:
        """Whether the lever acts in a year."""
        begun = self.from_ is None or self.from_ <= year
        return begun and (self.until is None or year <= self.until)

    def acts_with(self, other: Lever) -> bool:
        """Whether there is a year in which both act."""
        starts = [lever.from_ for lever in (self, other) if lever.from_ is not None]
        ends = [lever.until for lever in (self, other) if lever.until is not None]
        return not starts or not ends or max(starts) <= min(ends)


@dataclass(frozen=True, repr=False)
class PartialLever(Lever):
    """The names in a lever at fault; None stands for one that cannot be read."""
