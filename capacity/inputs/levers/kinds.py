"""What a lever in a scenario file may say: one declaration for each kind, and their table.

Every declaration names the keys of ``where`` that its kind takes and its form of value; from
`KINDS` follow the JSON Schema, the cells that a lever chooses (`cells_of`) and what is checked of
it. What needs the district to be checked stands in `checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from capacity.base.fields import Strict, Year
from capacity.base.limits import FACTORS
from capacity.base.settings import MAX_MARGIN
from capacity.inputs.levers.lever import (
    FORMS,
    Closing,
    Converting,
    ProjectRow,
    Rezoning,
    WhereArea,
    WhereAreaLevel,
    WhereCell,
    WhereFlow,
    WhereGrade,
    WherePlaces,
    WhereProject,
    WhereRegion,
)
from capacity.inputs.tables.columns import HUGE, limits
from capacity.model.data import VARIABLES

_SHARES = (0.0, 1.0)
#: By kind the limits of what it sets and of what levers on a cell come to: those of the tables.
LIMITS: Mapping[str, tuple[float, float]] = {
    "births": limits("births", "births"),
    "entry": limits("ratios", "ratio"),
    "progression": limits("ratios", "ratio"),
    "onward_share": _SHARES,
    "housing": limits("housing", "homes"),
    "class_size": limits("places", "class_size"),
    "places": limits("places", "places"),
    "add_places": limits("places", "places"),
    "completion": _SHARES,
    "flows": _SHARES,
    "margin": (0.0, MAX_MARGIN),
}
#: Pupils who come or leave, set or added: as many as a table may count.
_MOVES: Any = Annotated[float | None, Field(ge=-HUGE, le=HUGE)]


class Dated(Strict):
    """A lever that acts in some years."""

    from_: Year | None = Field(
        default=None, alias="from", description="First year in which it acts."
    )
    until: Year | None = Field(default=None, description="Last year in which it acts.")

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.from_ is not None and self.until is not None and self.from_ > self.until:
            raise PydanticCustomError(
                "lever-years", "until comes before from", {"found": f"{self.from_}–{self.until}"}
            )
        return self


class Formed(Strict):
    """A lever with a value in exactly one form."""

    replaces: bool = Field(
        default=False, description="With set: stands in place of an earlier set of the same cell."
    )

    @model_validator(mode="after")
    def _one_form(self) -> Formed:
        given = [name for name in FORMS if getattr(self, name, None) is not None]
        if len(given) != 1:
            found = ", ".join(given) or "-"
            raise PydanticCustomError("lever-form", "not one form of value", {"found": found})
        if self.replaces and "set" not in given:
            raise PydanticCustomError("lever-replaces", "replaces without set", {"found": "true"})
        return self


class Valued(Formed):
    """A lever that sets, adds to or multiplies numbers."""

    set: float | None = Field(default=None, description="The new value.")
    add: float | None = Field(default=None, description="Added to each chosen cell and year.")
    times: float | None = Field(
        default=None, ge=FACTORS[0], le=FACTORS[1], description="Each chosen value times this."
    )


def _set(kind: str, description: str) -> Any:
    low, high = LIMITS[kind]
    return Field(default=None, ge=low, le=high, description=description)


def _add(kind: str) -> Any:
    most = LIMITS[kind][1]
    text = Valued.model_fields["add"].description
    return Field(default=None, ge=-most, le=most, description=text)


class Births(Dated, Valued):
    """Births, by the year of the births table."""

    kind: Literal["births"]
    where: WhereArea = Field(default=WhereArea(), description="Chosen cells.")
    set: float | None = _set("births", "Births in each chosen region.")
    add: float | None = _add("births")


class EntryRatio(Dated, Valued):
    """Entrants of the first grade per lagged birth or child."""

    kind: Literal["entry"]
    where: WhereArea = Field(default=WhereArea(), description="Chosen cells.")
    set: float | None = _set("entry", "Entrants per birth or child.")
    add: float | None = _add("entry")


class Progression(Dated, Valued):
    """Progression ratio into a grade above the first."""

    kind: Literal["progression"]
    where: WhereGrade = Field(default=WhereGrade(), description="Chosen cells.")
    set: float | None = _set("progression", "The ratio into the grade.")
    add: float | None = _add("progression")


class OnwardShare(Dated, Valued):
    """Share of the leavers of a level that goes on to the next."""

    kind: Literal["onward_share"]
    where: WhereAreaLevel = Field(
        default=WhereAreaLevel(), description="Chosen cells; the level is the one entered."
    )
    set: float | None = _set("onward_share", "The share that goes on.")
    add: float | None = _add("onward_share")


class Migration(Dated, Valued):
    """Pupils who come (or leave, below 0) in each chosen region, grade and year."""

    kind: Literal["migration"]
    where: WhereGrade = Field(default=WhereGrade(), description="Chosen cells.")
    set: _MOVES = Field(default=None, description="Pupils who come.")
    add: _MOVES = Field(default=None, description=Valued.model_fields["add"].description)


class Housing(Dated, Valued):
    """Homes completed in a year."""

    kind: Literal["housing"]
    where: WhereRegion = Field(default=WhereRegion(), description="Chosen cells.")
    set: float | None = _set("housing", "Homes in each chosen region.")
    add: float | None = _add("housing")


class Flows(Dated, Valued):
    """Share of the leavers that a row of the flows sends; those of a source still sum to 1."""

    kind: Literal["flows"]
    where: WhereFlow = Field(default=WhereFlow(), description="Chosen rows.")
    set: float | None = _set("flows", "The share.")
    add: float | None = _add("flows")


class ClassSize(Dated, Valued):
    """Pupils in a class, of the stock and of projects."""

    kind: Literal["class_size"]
    where: WherePlaces = Field(default=WherePlaces(), description="Chosen cells.")
    set: float | None = _set("class_size", "Pupils in a class.")
    add: float | None = _add("class_size")
    times: float | None = Field(
        default=None, gt=FACTORS[0], le=FACTORS[1], description="The class size times this."
    )


class Places(Dated, Valued):
    """Places of the existing stock."""

    kind: Literal["places"]
    where: WherePlaces = Field(default=WherePlaces(), description="Chosen cells.")
    set: float | None = _set("places", "Places of each chosen cell.")
    add: float | None = _add("places")


class Margin(Dated, Valued):
    """Share of places that is kept free."""

    kind: Literal["margin"]
    where: WherePlaces = Field(default=WherePlaces(), description="Chosen cells.")
    set: float | None = _set("margin", "The share kept free.")
    add: float | None = _add("margin")


class Completion(Dated, Valued):
    """Probability that a project is built."""

    kind: Literal["completion"]
    where: WhereProject = Field(default=WhereProject(), description="Chosen projects.")
    set: float | None = _set("completion", "The probability.")
    add: float | None = _add("completion")


class Delay(Formed):
    """Years by which projects open later than listed; open ones stay."""

    kind: Literal["delay"]
    where: WhereProject = Field(default=WhereProject(), description="Chosen projects.")
    set: int | None = Field(default=None, ge=-50, le=50, description="Years after the listed one.")
    add: int | None = Field(default=None, ge=-50, le=50, description="Further years.")


class AddPlaces(Dated):
    """Places added: temporary or recovered premises."""

    kind: Literal["add_places"]
    where: WhereCell = Field(description="Where they stand.")
    add: float = Field(
        gt=0, le=LIMITS["add_places"][1], description="Places in each chosen region and level."
    )


class Cancel(Strict):
    """Projects that are not built."""

    kind: Literal["cancel"]
    where: WhereProject = Field(description="Chosen projects.")

    @model_validator(mode="after")
    def _chosen(self) -> Cancel:
        where = self.where
        if not (where.project or where.region or where.status or where.kind):
            raise PydanticCustomError("lever-cancel", "nothing is chosen")
        return self


class AddProject(Strict):
    """A project beside those of the pipeline."""

    kind: Literal["add_project"]
    add_project: ProjectRow = Field(description="Its row.")


class Close(Dated):
    """Places that are closed in the years from ``from`` to ``until``."""

    kind: Literal["close"]
    close: Closing = Field(description="What is closed.")


class Convert(Dated):
    """Places that change level in the years from ``from`` to ``until``."""

    kind: Literal["convert"]
    convert: Converting = Field(description="What is converted.")


class Rezone(Dated):
    """Entrants who go to school in another region."""

    kind: Literal["rezone"]
    rezone: Rezoning = Field(description="Who moves.")


Declaration = Annotated[
    Births
    | EntryRatio
    | Progression
    | OnwardShare
    | Migration
    | Housing
    | Flows
    | ClassSize
    | Places
    | Margin
    | Completion
    | Delay
    | AddPlaces
    | Cancel
    | AddProject
    | Close
    | Convert
    | Rezone,
    Field(discriminator="kind"),
]
KINDS: Mapping[str, type[BaseModel]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model
    for model in get_args(get_args(Declaration)[0])
}
#: Keys of their own of kinds that set, add to and multiply nothing.
OWN_KEYS: Mapping[str, type[BaseModel]] = {
    "close": Closing,
    "convert": Converting,
    "rezone": Rezoning,
}
_CELLS = {
    "area": ("region", "group"),
    "flow": ("level", "from", "from_group", "to", "to_group"),
}


def cells_of(kind: str) -> tuple[str, ...]:
    """Return what tells the cells of a kind apart: keys of ``where``; none where it has no cells.

    >>> cells_of("progression"), cells_of("delay"), cells_of("rezone")
    (('region', 'group', 'grade'), ('project',), ())
    """
    if kind in VARIABLES:
        return tuple(key for axis in VARIABLES[kind][1:] for key in _CELLS.get(axis, (axis,)))
    return ("project",) if "where" in KINDS[kind].model_fields else ()
