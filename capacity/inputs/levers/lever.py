"""Levers: the changes that a scenario makes, all in one form, and what their keys may hold.

By ``where`` a lever chooses cells, a class for each set of keys; a project, a closure, a conversion
and a rezoning have keys of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from capacity.base.errors import At
from capacity.base.fields import Code, Codes, Grades, Known, Share, Strict, Year, one_or_more
from capacity.base.settings import STATUSES
from capacity.inputs.documents.yaml import Mark
from capacity.inputs.tables.columns import CHOICES, HUGE, TABLES, Column

FORMS = ("set", "add", "times")
PROJECT_KINDS = tuple(CHOICES["kind"])
Statuses: Any = Annotated[
    tuple[Literal[STATUSES], ...],  # type: ignore[valid-type]
    *one_or_more({"type": "string", "enum": list(STATUSES)}),
]
Kinds: Any = Annotated[
    tuple[Literal[PROJECT_KINDS], ...],  # type: ignore[valid-type]
    *one_or_more({"type": "string", "enum": list(PROJECT_KINDS)}),
]
_REGION = "Regions; a region with others within it chooses those. All by default."
_LEVEL = "Levels. All by default."
_GROUP = "Groups of pupils. All by default."
_PROJECT = "Projects of the pipeline, or added by a lever before. All by default."
_STATUS = "Projects of these statuses. All by default."
_Count = Annotated[float, Field(ge=0, le=HUGE)]
_TYPES: Mapping[str, Any] = {
    "code": Code,
    "region": Code,
    "year": Year,
    "number": _Count,
    "month": Known,
    "text": str,
}
#: What a key is for, where that is not what the column of a table is for.
_WORDS = {
    "project": "Code of the project, new to the pipeline.",
    "region": "Region in which it stands.",
    "fill": "How it fills.",
    "floor_area_m2": "Floor area.",
    "source": "Where this comes from.",
    "quality": "How sure it is.",
}


class WhereRegion(Strict):
    """Cells chosen by region."""

    region: Codes | None = Field(default=None, description=_REGION)


class WhereArea(WhereRegion):
    """Cells chosen by region and group."""

    group: Codes | None = Field(default=None, description=_GROUP)


class WhereAreaLevel(WhereArea):
    """Cells chosen by region, group and level."""

    level: Codes | None = Field(default=None, description=_LEVEL)


class WhereGrade(WhereAreaLevel):
    """Cells chosen by region, group, level and grade."""

    grade: Grades | None = Field(
        default=None, description="Grades (of progression: entered). All by default."
    )


class WherePlaces(WhereRegion):
    """Cells chosen by region and level."""

    level: Codes | None = Field(default=None, description=_LEVEL)


class WhereCell(Strict):
    """Cells that must be named by region and level."""

    region: Codes = Field(description="Regions.")
    level: Codes = Field(description="Levels.")


class WhereProject(WhereRegion):
    """Projects chosen by name, region and status."""

    project: Codes | None = Field(default=None, description=_PROJECT)
    status: Statuses | None = Field(default=None, description=_STATUS)
    kind: Kinds | None = Field(default=None, description="Projects of these kinds. All by default.")


class WhereFlow(Strict):
    """Rows of the flows chosen by the level entered, and by where leavers come from and go to."""

    level: Codes | None = Field(default=None, description="Levels entered. All by default.")
    from_: Codes | None = Field(
        default=None, alias="from", description="Regions that they leave. All by default."
    )
    from_group: Codes | None = Field(
        default=None, description="Groups that they leave, as the rows name them. All by default."
    )
    to: Codes | None = Field(default=None, description="Regions that they enter. All by default.")
    to_group: Codes | None = Field(
        default=None, description="Groups that they join, as the rows name them. All by default."
    )


def _key_of(column: Column) -> tuple[Any, Any]:
    """Return the type and the field of the key that a column of the pipeline table is."""
    kind = Literal[column.choices] if column.choices else _TYPES[column.kind]
    text = _WORDS.get(column.name, f"{column.docs['en']}.")
    if column.required:
        return kind, Field(description=text)
    if column.kind == "text":
        return kind, Field(default="", description=text)
    return kind | None, Field(default=None, description=text)


#: All but what an office's list says in words.
_COLUMNS = {
    column.name: _key_of(column) for column in TABLES["pipeline"].columns if column.kind != "size"
}


class ProjectRow(create_model("_Row", __base__=Strict, **_COLUMNS)):  # type: ignore[misc]
    """A row of the pipeline table, with a key ``places_<level>`` for each level it serves."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, _Count] = Field(init=False)


class Closing(Strict):
    """Places taken out of use: a number of them, or a school."""

    region: Code = Field(description="Region of the places.")
    level: Code = Field(description="Level of the places.")
    places: float | None = Field(default=None, gt=0, le=HUGE, description="Places closed.")
    school: Code | None = Field(default=None, description="The school closed.")

    @model_validator(mode="after")
    def _one_form(self) -> Closing:
        if (self.places is None) == (self.school is None):
            raise PydanticCustomError("lever-close", "not one of places and school")
        return self


class Converting(Strict):
    """Places of one level turned into rooms of another."""

    region: Code = Field(description="Region of the places.")
    from_level: Code = Field(description="Level that gives them up.")
    to_level: Code = Field(description="Level that takes the rooms.")
    places: float = Field(gt=0, le=HUGE, description="Places, counted at the source.")


class Rezoning(Strict):
    """Entrants of a level sent to another region."""

    from_region: Code = Field(description="Region that gives them up.")
    to_region: Code = Field(description="Region that takes them.")
    level: Code = Field(description="Level whose entrants move.")
    share: Share = Field(description="Share of the entrants.")


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
        """The number given by set, add or times; −0 is 0, so that no figure is less than none."""
        return None if self.form is None else float(getattr(self, self.form)) + 0.0

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
