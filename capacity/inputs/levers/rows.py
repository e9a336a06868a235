"""The own keys of levers that are no set, add or times: a project, a closure, and the like."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from capacity.base.fields import Code, Known, Quality, Share, Strict, Year
from capacity.inputs.levers.where import Fill, ProjectKind, Status


class ProjectRow(Strict):
    """A row of the pipeline table, with a key ``places_<level>`` for each level it serves."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[float, Field(ge=0)]] = Field(init=False)

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


class Converting(Strict):
    """Places of one level turned into rooms of another."""

    region: Code = Field(description="Region of the places.")
    from_level: Code = Field(description="Level that gives them up.")
    to_level: Code = Field(description="Level that takes the rooms.")
    places: float = Field(gt=0, description="Places, counted at the source.")


class Rezoning(Strict):
    """Entrants of a level sent to another region."""

    from_region: Code = Field(description="Region that gives them up.")
    to_region: Code = Field(description="Region that takes them.")
    level: Code = Field(description="Level whose entrants move.")
    share: Share = Field(description="Share of the entrants.")
