"""What district.yaml may say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from capacity.base.fields import (
    UNTITLED,
    Code,
    Known,
    MonthDay,
    Quality,
    Strict,
    Title,
    Year,
    titled_by,
)


class Region(Strict):
    """A part of the district; one without regions within it is a leaf, with rows in tables."""

    code: Code = Field(description="What tables and scenarios call the region.")
    title: Title = Field(default=UNTITLED, description="What charts call it; the code by default.")
    cell: tuple[int, int] | None = Field(
        default=None, description="[row, column] on the grid of charts, from the north-west."
    )
    within: Code | None = Field(default=None, description="The region of which it is a part.")

    _titled = titled_by("code")


class Level(Strict):
    """A stage of school: grades that share buildings."""

    code: Code = Field(description="What tables and scenarios call the level.")
    title: Title = Field(default=UNTITLED, description="What charts call it; the code by default.")
    grades: tuple[int, int] = Field(description="[first, last] grade.")
    class_size: float = Field(gt=0, le=200, description="Pupils in a class at the norm.")
    pool: Literal["region", "district"] = Field(
        default="region", description="Where a spare place serves: its region or the district."
    )
    onward: float | None = Field(
        default=None, gt=0, le=1, description="Share of leavers of the level before that goes on."
    )
    source: str = Field(default="", description="Where these figures come from.")
    quality: Quality | None = Field(default=None, description="How sure these figures are.")
    known: Known | None = Field(default=None, description="Year and month of publication, YYYY-MM.")
    note: str = Field(default="", description="Anything a reader should know.")

    _titled = titled_by("code")


def titles_of(items: Iterable[Region | Level]) -> dict[str, tuple[str, str]]:
    """Give the titles of regions or levels by their codes, Chinese first."""
    return {item.code: (item.title.zh, item.title.en) for item in items}


class Entry(Strict):
    """Who enters the first grade: children who reach an age by a cut-off."""

    age: int = Field(ge=0, le=20, description="Age reached by the cut-off.")
    cutoff: MonthDay = Field(description="Month and day of the cut-off in the year of entry.")
    births_year_ends: MonthDay = Field(
        default=(12, 31), description="Last month and day of a year of the births table."
    )


class Targets(Strict):
    """What the district has announced; drawn as a dashed line, read by no calibration."""

    new_places: float | None = Field(default=None, ge=0, description="New places announced.")
    new_places_by: Year | None = Field(default=None, description="The year by which they open.")
    gap: float | None = Field(default=None, description="The gap announced; positive is short.")


class DistrictFile(Strict):
    """A district: its regions, its levels, and how children enter school."""

    name: Code = Field(description="What files and messages call the district.")
    title: Title = Field(default=UNTITLED, description="What charts call it; the name by default.")
    regions: tuple[Region, ...] = Field(min_length=1, description="Regions, in map order.")
    levels: tuple[Level, ...] = Field(min_length=1, description="Levels of school.")
    entry: Entry | None = Field(default=None, description="Needed with births or children.")
    neighbours: dict[Code, tuple[tuple[Code, Code], ...]] = Field(
        default_factory=dict,
        description="For each level, pairs of regions between which pupils may move.",
    )
    targets: Targets = Field(default=Targets(), description="What the district has announced.")

    _titled = titled_by("name")
