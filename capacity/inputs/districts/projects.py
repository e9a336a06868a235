"""Projects whose year of opening does not go with the years that a scenario asks about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from capacity.base.errors import At, Message, Problems, Term, register
from capacity.inputs.districts.district import District
from capacity.inputs.tables.about import CHOICES
from capacity.inputs.tables.sheets import place

register(
    {
        "project-late": {
            "en": Message(
                "project {project!r} is listed to open in {opens}, after the last year {last}: "
                "unless a lever brings it forward it changes nothing",
            ),
            "zh": Message(
                "项目 {project!r} 计划于 {opens} 年启用，晚于末年 {last}："
                "除非有调整项将其提前，否则不起作用",
            ),
        },
        "project-overdue": {
            "en": Message(
                "project {project!r} is {status} though listed to open in {opens}, not after the "
                "base year {base}: is it still to come?",
                fix="correct its year or its status",
            ),
            "zh": Message(
                "项目 {project!r} 的状态为 {status}，却列为 {opens} 年启用，不晚于基准年 {base}，"
                "可能仍未建成",
                fix="请更正其年份或状态",
            ),
        },
    }
)


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
