"""What district.yaml may say: its regions, its levels, who enters, what was announced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from capacity.base.fields import (
    UNTITLED,
    Code,
    Fixed,
    Known,
    MonthDay,
    Quality,
    Strict,
    Title,
    Year,
    titled_by,
)
from capacity.base.titles import Titles
from capacity.inputs.tables.columns import HUGE, limits
from capacity.model.assumptions import BAND_IDLE, BAND_RED, BAND_YELLOW

#: Grades lie within these.
GRADES = (-10, 20)
_Grade = Annotated[int, Field(ge=GRADES[0], le=GRADES[1])]
_CLASS_SIZES = limits("places", "class_size")


#: Lines of early warnings lie within this share of entry places.
MAX_LINE = 2.0
#: Levels of a district: as many as there are grades.
MAX_LEVELS = GRADES[1] - GRADES[0] + 1
#: Regions of a district, and rows or columns of the grid of charts on either side of 0.
MAX_REGIONS, MAX_CELL = 3000, 100
_Step = Annotated[int, Field(ge=-MAX_CELL, le=MAX_CELL)]


class Region(Strict):
    """A part of the district; one without regions within it is a leaf, with rows in tables."""

    code: Code = Field(description="What tables and scenarios call the region.")
    title: Title = Field(default=UNTITLED, description="What charts call it; the code by default.")
    cell: tuple[_Step, _Step] | None = Field(
        default=None, description="[row, column] on the grid of charts, from the north-west."
    )
    within: Code | None = Field(default=None, description="The region of which it is a part.")

    _titled = titled_by("code")


#: Regions that share places.
Pool = Annotated[tuple[Code, ...], Field(min_length=2)]


def _in_sets(pool: Any) -> Any:
    """Refuse codes that stand where sets of codes should."""
    if isinstance(pool, list | tuple) and any(isinstance(one, str) for one in pool):
        found = ", ".join(map(str, pool))
        raise PydanticCustomError("pool-flat", "no sets", {"found": f"[{found}]", "sets": found})
    return pool


#: By what is written, so that a fault is told of that alone.
_Pools = Annotated[
    Annotated[Literal["region", "district"], Tag("word")]
    | Annotated[tuple[Pool, ...], Tag("sets")],
    Discriminator(lambda pool: "sets" if isinstance(pool, list | tuple) else "word"),
    BeforeValidator(_in_sets),
]


class Level(Strict):
    """A stage of school: grades that share buildings."""

    code: Code = Field(description="What tables and scenarios call the level.")
    title: Title = Field(default=UNTITLED, description="What charts call it; the code by default.")
    grades: tuple[int, int] = Field(description="[first, last] grade.")
    class_size: float = Field(
        ge=_CLASS_SIZES[0], le=_CLASS_SIZES[1], description="Pupils in a class at the norm."
    )
    groups: tuple[Code, ...] = Field(
        default=(),
        description="Groups of pupils that it takes, beside another level of its grades.",
    )
    pool: _Pools = Field(
        default="region",
        description="Where a spare place serves: its region, the district, or sets of regions.",
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
    """Return the titles of regions or levels by their codes, Chinese first."""
    return {item.code: (item.title.zh, item.title.en) for item in items}


def titles_by_code(regions: Iterable[Region], levels: Iterable[Level]) -> Titles:
    """Return the titles of regions and levels, as messages name them."""
    return Titles(
        Fixed({region.code: Fixed(region.title.model_dump()) for region in regions}),
        Fixed({level.code: Fixed(level.title.model_dump()) for level in levels}),
    )


class Entry(Strict):
    """Who enters the first grade: children who reach an age by a cut-off."""

    age: int = Field(ge=0, le=20, description="Age reached by the cut-off.")
    cutoff: MonthDay = Field(description="Month and day of the cut-off in the year of entry.")
    births_year_ends: MonthDay = Field(
        default=(12, 31), description="Last month and day of a year of the births table."
    )

    @property
    def says_births_year_ends(self) -> bool:
        """Whether the last day of a births year is stated."""
        return "births_year_ends" in self.model_fields_set


_Line = Annotated[float, Field(gt=0, le=MAX_LINE)]


class Lines(Strict):
    """Where early warnings and idleness begin."""

    yellow: _Line = Field(
        default=BAND_YELLOW.value, description="Entrants ÷ entry places from which entry is tight."
    )
    red: _Line = Field(
        default=BAND_RED.value, description="Entrants ÷ entry places from which entry is full."
    )
    idle: float = Field(
        default=BAND_IDLE.value, gt=0, le=1, description="Demand ÷ places below which some idle."
    )


class Targets(Strict):
    """What the district has announced; drawn as a dashed line, read by no calibration."""

    new_places: float | None = Field(
        default=None, ge=0, le=HUGE, description="New places announced."
    )
    new_places_by: Year | None = Field(default=None, description="The year by which they open.")
    gap: float | None = Field(
        default=None, ge=-HUGE, le=HUGE, description="The gap announced; positive is short."
    )
    levels: tuple[Code, ...] = Field(
        default=(), description="Levels for which they were announced. All by default."
    )


class DistrictFile(Strict):
    """A district: its regions, its levels, and how children enter school."""

    name: Code = Field(description="What files and messages call the district.")
    title: Title = Field(default=UNTITLED, description="What charts call it; the name by default.")
    regions: tuple[Region, ...] = Field(
        min_length=1, max_length=MAX_REGIONS, description="Regions, in map order."
    )
    levels: tuple[Level, ...] = Field(
        min_length=1, max_length=MAX_LEVELS, description="Levels of school."
    )
    entry: Entry | None = Field(default=None, description="Needed with births or children.")
    neighbours: dict[Code, tuple[tuple[Code, Code], ...]] = Field(
        default_factory=dict,
        description="For each level, pairs of regions between which pupils may move.",
    )
    bands: Lines = Field(default=Lines(), description="Where early warnings and idleness begin.")
    targets: Targets = Field(default=Targets(), description="What the district has announced.")
    grade_names: dict[_Grade, Title] = Field(
        default_factory=dict, description="What people call grades, by their number."
    )
    school_years: Literal["2026", "2026/27"] = Field(
        default="2026", description="How English texts call a school year: by its autumn, or both."
    )
    headline: Literal["all", "levels"] = Field(
        default="all", description="Whether answers add up places of all levels or name each level."
    )
    withheld: float | None = Field(
        default=None,
        ge=0,
        le=HUGE,
        description="What stands for a count that is withheld (*, <10); such rows are RED.",
    )

    _titled = titled_by("name")


def leaves(regions: Sequence[Region]) -> tuple[str, ...]:
    """Return the codes of regions that have none within them."""
    parents = {region.within for region in regions}
    return tuple(region.code for region in regions if region.code not in parents)
