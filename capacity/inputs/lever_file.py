"""What a lever in a scenario file may say: a declaration for each kind.

Every declaration names the keys of ``where`` that its kind takes and its form of value;
what needs the district to be checked stands in `lever_checks`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from capacity.inputs.columns import FILLS, PROJECT_KINDS, STATUSES
from capacity.inputs.fields import (
    Code,
    Codes,
    Grades,
    Known,
    Quality,
    Share,
    Strict,
    Year,
    one_or_more,
)

Status = Literal["open", "building", "approved", "planned", "idea", "cancelled"]
ProjectKind = Literal["new", "extension", "rebuild", "bought", "vacated", "temporary"]
Fill = Literal["as_listed", "by_grade", "immediate"]
assert Status.__args__ == STATUSES  # type: ignore[attr-defined]
assert ProjectKind.__args__ == PROJECT_KINDS  # type: ignore[attr-defined]
assert Fill.__args__ == FILLS  # type: ignore[attr-defined]

Statuses = Annotated[tuple[Status, ...], *one_or_more({"type": "string", "enum": list(STATUSES)})]

_REGION = "Regions; a region with others within it chooses those. All by default."
_LEVEL = "Levels. All by default."
_GROUP = "Groups of pupils. All by default."
_PROJECT = "Projects of the pipeline, or added by a lever before. All by default."
_STATUS = "Projects of these statuses. All by default."


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


class Completion(Valued):
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


class ProjectRow(Strict):
    """A row of the pipeline table, with a key ``places_<level>`` for each level it serves."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, float] = Field(init=False)

    project: Code = Field(description="Code of the project, new to the pipeline.")
    region: Code = Field(description="Region in which it stands.")
    status: Status = Field(description="How far it is.")
    opens: Year = Field(description="First autumn in use.")
    title: str = Field(default="", description="Its name.")
    kind: ProjectKind | None = Field(default=None, description="What is built.")
    fill: Fill | None = Field(default=None, description="How it fills.")
    floor_area_m2: float | None = Field(default=None, ge=0, description="Floor area.")
    site_ha: float | None = Field(default=None, ge=0, description="Site, hectares.")
    cost: float | None = Field(default=None, ge=0, description="Cost.")
    decide_by: Year | None = Field(default=None, description="Last year to decide.")
    source: str = Field(default="", description="Where this comes from.")
    quality: Quality | None = Field(default=None, description="How sure it is.")
    known: Known | None = Field(default=None, description="Year and month of publication.")
    note: str = Field(default="", description="Anything a reader should know.")


class AddProject(Strict):
    """A project beside those of the pipeline."""

    kind: Literal["add_project"]
    add_project: ProjectRow = Field(description="Its row.")


class Closing(Strict):
    """Places taken out of use: a number of them, or a school."""

    region: Code = Field(description="Region of the places.")
    level: Code = Field(description="Level of the places.")
    places: float | None = Field(default=None, gt=0, description="Places closed.")
    school: Code | None = Field(default=None, description="The school closed.")

    @model_validator(mode="after")
    def _one_form(self) -> Closing:
        if (self.places is None) == (self.school is None):
            raise PydanticCustomError("lever-close", "not one of places and school")
        return self


class Close(Dated):
    """Places that are closed in the years from ``from`` to ``until``."""

    kind: Literal["close"]
    close: Closing = Field(description="What is closed.")


class Converting(Strict):
    """Places of one level turned into rooms of another."""

    region: Code = Field(description="Region of the places.")
    from_level: Code = Field(description="Level that gives them up.")
    to_level: Code = Field(description="Level that takes the rooms.")
    places: float = Field(gt=0, description="Places, counted at the source.")


class Convert(Dated):
    """Places that change level in the years from ``from`` to ``until``."""

    kind: Literal["convert"]
    convert: Converting = Field(description="What is converted.")


class Rezoning(Strict):
    """Entrants of a level sent to another region."""

    from_region: Code = Field(description="Region that gives them up.")
    to_region: Code = Field(description="Region that takes them.")
    level: Code = Field(description="Level whose entrants move.")
    share: Share = Field(description="Share of the entrants.")


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
