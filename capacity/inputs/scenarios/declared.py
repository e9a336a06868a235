"""What a scenario file may say; each of its levers is read by itself."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from capacity.base.fields import UNTITLED, Name, Strict, Title, titled_by
from capacity.base.settings import Chance, Demand, Horizon, Supply


class ScenarioFile(Strict):
    """One question about a district's school places, and the changes it asks about."""

    name: Name = Field(description="What the scenario's folder of results is called.")
    title: Title = Field(default=UNTITLED, description="What charts call it; the name by default.")
    question: Title | None = Field(default=None, description="What a planner wants to know.")
    extends: str | None = Field(
        default=None, description="A scenario file in this one's folder whose keys it builds on."
    )
    district: str = Field(description="The district's folder, inside this file's own folder.")
    horizon: Horizon = Field(description="The years of a run.")
    demand: Demand = Field(default=Demand(), description="How pupils are forecast.")
    supply: Supply = Field(default=Supply(), description="What is built.")
    chance: Chance = Field(default=Chance(), description="What is drawn.")
    levers: tuple[Any, ...] = Field(
        default=(), description="Changes, in order; those of extends come first."
    )

    _titled = titled_by("name")
