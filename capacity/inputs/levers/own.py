"""Levers with keys of their own: a project, a closure, a conversion, a rezoning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from capacity.base.fields import Code, Known, Share, Strict, Year
from capacity.inputs.tables.columns import HUGE, TABLES, Column

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
