"""Projects whose year of opening does not go with the years that a scenario asks about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from capacity.base.errors import At, Problems, Term
from capacity.inputs.districts.district import District
from capacity.inputs.tables.about import CHOICES
from capacity.inputs.tables.sheets import place


class Listed(NamedTuple):
    """A project, and where it is listed."""

    project: str
    status: str
    opens: int
    at: At


def check_projects(
    district: District,
    base_year: int,
    last_year: int | None,
    problems: Problems,
    added: Iterable[Listed] = (),
) -> None:
    """Warn of projects that open after ``last_year``, or are to open when that is past.

    A pipeline with errors is not asked; ``added`` are the projects of levers.
    """
    for project, status, opens, at in (*_pipeline(district), *added):
        facts = {"project": project, "opens": opens}
        if status == "cancelled":
            continue
        if last_year is not None and opens > last_year:
            problems.warning("project-late", at, **facts, last=last_year)
        elif opens <= base_year and status != "open":
            problems.warning("project-overdue", at, **facts, status=_status(status), base=base_year)


def _status(status: str) -> Term:
    return Term(status, CHOICES["status"][status][1])


def _pipeline(district: District) -> Iterator[Listed]:
    if not district.sure("pipeline"):
        return
    pipeline = district.table("pipeline")
    rows = zip(pipeline["project"], pipeline["status"], pipeline["opens"], strict=True)
    for row, (project, status, opens) in enumerate(rows):
        yield Listed(project, status, int(opens), place(pipeline, row))
