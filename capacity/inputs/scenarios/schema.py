"""What a scenario file may say, and the JSON Schema of it and of district.yaml, for editors."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, Field, create_model

from capacity.base.fields import UNTITLED, Name, Strict, Title, Year, titled_by
from capacity.base.settings import Chance, Demand, Supply
from capacity.inputs.districts.declared import DistrictFile
from capacity.inputs.levers.kinds import Declaration
from capacity.inputs.levers.lever import ProjectRow
from capacity.inputs.tables.columns import PER_LEVEL

_DRAFT = "http://json-schema.org/draft-07/schema#"


class HorizonFile(Strict):
    """The years of a run."""

    base_year: Year | None = Field(
        default=None,
        description="The last year of enrolment used; its autumn. By default the last whole one.",
    )
    last_year: Year = Field(description="The last year forecast.")


class ScenarioFile(Strict):
    """One question about a district's school places, and the changes it asks about."""

    name: Name = Field(description="What the scenario's folder of results is called.")
    title: Title = Field(default=UNTITLED, description="What charts call it; the name by default.")
    question: Title | None = Field(default=None, description="What a planner wants to know.")
    extends: str | None = Field(
        default=None, description="A scenario file in this one's folder whose keys it builds on."
    )
    district: str = Field(description="The district's folder, inside this file's own folder.")
    horizon: HorizonFile = Field(description="The years of a run.")
    demand: Demand = Field(default=Demand(), description="How pupils are forecast.")
    supply: Supply = Field(default=Supply(), description="What is built.")
    chance: Chance = Field(default=Chance(), description="What is drawn.")
    levers: tuple[Any, ...] = Field(
        default=(), description="Changes, in order; those of extends come first."
    )

    _titled = titled_by("name")


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft-07) of a scenario file."""
    levers = ScenarioFile.model_fields["levers"]
    whole = create_model(  # a file's levers are read one by one
        ScenarioFile.__name__,
        __base__=ScenarioFile,
        __doc__=ScenarioFile.__doc__,
        levers=(tuple[Declaration, ...], levers),
    )
    schema = _schema(whole)
    schema["required"] = ["name"]
    # What a file leaves out, the file that it extends must say.
    schema["anyOf"] = [{"required": ["extends"]}, {"required": ["district", "horizon"]}]
    row = schema["definitions"][ProjectRow.__name__]
    row["patternProperties"] = {f"^({'|'.join(PER_LEVEL)})": {"type": "number", "minimum": 0}}
    row["additionalProperties"] = False
    return schema


def district_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft-07) of district.yaml."""
    return _schema(DistrictFile)


def _schema(declaration: type[BaseModel]) -> dict[str, Any]:
    template = "#/definitions/{model}"
    schema = declaration.model_json_schema(by_alias=True, ref_template=template)
    schema["definitions"] = schema.pop("$defs", {})
    plain: dict[str, Any] = json.loads(json.dumps(_draft_07(schema)))
    return {"$schema": _DRAFT, **plain}


def _draft_07(part: Any) -> Any:
    """Write fixed-length lists and kinds as draft-07 does, and drop generated titles."""
    if isinstance(part, list | tuple):
        return [_draft_07(item) for item in part]
    if not isinstance(part, dict):
        return part
    plain = {key: _draft_07(value) for key, value in part.items()}
    if "prefixItems" in plain:
        plain["items"] = plain.pop("prefixItems")
        plain["additionalItems"] = False
    if isinstance(plain.get("title"), str):
        del plain["title"]
    if "default" in plain and isinstance(plain["default"], dict | None):
        del plain["default"]  # an absent map has the defaults of its own keys
    if "oneOf" in plain:
        plain.pop("discriminator", None)
    if "$ref" in plain and len(plain) > 1:  # draft-07 reads nothing beside a reference
        plain["allOf"] = [{"$ref": plain.pop("$ref")}]
    return plain
