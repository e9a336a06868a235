"""What a lever in a scenario file may say: a declaration for each kind.

Every declaration names the keys of ``where`` that its kind takes and its form of value;
what needs the district to be checked stands in `lever_checks`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from capacity.base.fields import Strict, Year
from capacity.inputs.levers.rows import Closing, Converting, ProjectRow, Rezoning
from capacity.inputs.levers.where import (
    WhereArea,
    WhereAreaLevel,
    WhereCell,
    WhereGrade,
    WherePlaces,
    WhereProject,
    WhereRegion,
)


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
        given = [name for name in ("set", "add", "times") if getattr(self, name, None) is not None]
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
    times: float | None = Field(default=None, ge=0, description="Each chosen value times this.")


class Births(Dated, Valued):
    """Births, by the year of the births table."""

    kind: Literal["births"]
    where: WhereArea = Field(default=WhereArea(), description="Chosen cells.")
    set: float | None = Field(default=None, ge=0, description="Births in each chosen region.")


class EntryRatio(Dated, Valued):
    """Entrants of the first grade per lagged birth or child."""

    kind: Literal["entry"]
    where: WhereArea = Field(default=WhereArea(), description="Chosen cells.")
    set: float | None = Field(default=None, ge=0, description="Entrants per birth or child.")


class Progression(Dated, Valued):
    """Progression ratio into a grade above the first."""

    kind: Literal["progression"]
    where: WhereGrade = Field(default=WhereGrade(), description="Chosen cells.")
    set: float | None = Field(default=None, ge=0, description="The ratio into the grade.")


class OnwardShare(Dated, Valued):
    """Share of the leavers of a level that goes on to the next."""

    kind: Literal["onward_share"]
    where: WhereAreaLevel = Field(
        default=WhereAreaLevel(), description="Chosen cells; the level is the one entered."
    )
    set: float | None = Field(default=None, ge=0, le=1, description="The share that goes on.")


class Migration(Dated, Valued):
    """Pupils who come (or leave, below 0) in each chosen region, grade and year."""

    kind: Literal["migration"]
    where: WhereGrade = Field(default=WhereGrade(), description="Chosen cells.")


class Housing(Dated, Valued):
    """Homes completed in a year."""

    kind: Literal["housing"]
    where: WhereRegion = Field(default=WhereRegion(), description="Chosen cells.")
    set: float | None = Field(default=None, ge=0, description="Homes in each chosen region.")


class ClassSize(Dated, Valued):
    """Pupils in a class, of the stock and of projects."""

    kind: Literal["class_size"]
    where: WherePlaces = Field(default=WherePlaces(), description="Chosen cells.")
    set: float | None = Field(default=None, gt=0, description="Pupils in a class.")
    times: float | None = Field(default=None, gt=0, description="The class size times this.")


class Places(Dated, Valued):
    """Places of the existing stock."""

    kind: Literal["places"]
    where: WherePlaces = Field(default=WherePlaces(), description="Chosen cells.")
    set: float | None = Field(default=None, ge=0, description="Places of each chosen cell.")


class Completion(Dated, Valued):
    """Probability that a project is built."""

    kind: Literal["completion"]
    where: WhereProject = Field(default=WhereProject(), description="Chosen projects.")
    set: float | None = Field(default=None, ge=0, le=1, description="The probability.")


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
    add: float = Field(gt=0, description="Places in each chosen region and level.")


class Cancel(Strict):
    """Projects that are not built."""

    kind: Literal["cancel"]
    where: WhereProject = Field(description="Chosen projects.")

    @model_validator(mode="after")
    def _chosen(self) -> Cancel:
        if not (self.where.project or self.where.region or self.where.status):
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
    | ClassSize
    | Places
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
