"""What ``where`` of a lever may choose cells by: a class for each set of keys."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from capacity.base.fields import Codes, Grades, Strict, one_or_more
from capacity.base.settings import STATUSES
from capacity.inputs.tables.columns import CHOICES

PROJECT_KINDS = tuple(CHOICES["kind"])
Statuses: Any = Annotated[
    tuple[Literal[STATUSES], ...],  # type: ignore[valid-type]
    *one_or_more({"type": "string", "enum": list(STATUSES)}),
]

Kinds: Any = Annotated[
    tuple[Literal[PROJECT_KINDS], ...],  # type: ignore[valid-type]
    *one_or_more({"type": "string", "enum": list(PROJECT_KINDS)}),
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
    kind: Kinds | None = Field(default=None, description="Projects of these kinds. All by default.")


class WhereFlow(Strict):
    """Rows of the flows chosen by the level entered, and by where leavers come from and go to."""

    level: Codes | None = Field(default=None, description="Levels entered. All by default.")
    from_: Codes | None = Field(
        default=None, alias="from", description="Regions that they leave. All by default."
    )
    from_group: Codes | None = Field(
        default=None, description="Groups that they leave, as the rows name them. All by default."
    )
    to: Codes | None = Field(default=None, description="Regions that they enter. All by default.")
    to_group: Codes | None = Field(
        default=None, description="Groups that they join, as the rows name them. All by default."
    )
