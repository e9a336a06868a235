"""The cells and projects that a lever may choose, by its kind."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from capacity.base.fields import Codes, Grades, Strict, one_or_more
from capacity.inputs.tables.columns import CHOICES

Status = Literal["open", "building", "approved", "planned", "idea", "cancelled"]
ProjectKind = Literal["new", "extension", "rebuild", "bought", "vacated", "temporary"]
Fill = Literal["as_listed", "by_grade", "immediate"]
assert Status.__args__ == tuple(CHOICES["status"])  # type: ignore[attr-defined]
assert ProjectKind.__args__ == tuple(CHOICES["kind"])  # type: ignore[attr-defined]
assert Fill.__args__ == tuple(CHOICES["fill"])  # type: ignore[attr-defined]

Statuses = Annotated[
    tuple[Status, ...], *one_or_more({"type": "string", "enum": list(CHOICES["status"])})
]

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
