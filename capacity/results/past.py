"""What a reader must know of the past behind a run: its zeros, its breaks, its far ratios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from capacity.base.axes import ALL, Axes, Bools, Floats
from capacity.base.errors import At, Phrase, Problem, Problems, phrase
from capacity.base.titles import Titles, filled, listed, with_grades
from capacity.base.words import ranges
from capacity.inputs.tables.columns import ODD, STEP
from capacity.inputs.tables.sheets import pasted
from capacity.model.assumptions import FAR_ABOVE, FAR_BELOW, FAR_COHORT, RATIO_LIMIT
from capacity.model.births import birth_cohorts
from capacity.model.breaks import Break

if TYPE_CHECKING:
    from capacity.model.ratios import Estimate
    from capacity.model.run import Run

#: Columns of breaks.csv.
BREAKS = (
    *("year", "region", "group", "grades", "pupils", "expected", "change"),
    *("ratio", "expected_ratio", "deviations", "flags"),
)
#: What the reason of a flags row is until somebody writes a better one.
REASON = "break"
#: Cells and breaks named before the rest is only counted.
_MOST = 6
#: Rows of flags.csv offered in one message.
_ROWS = 12


def notes_of_past(file: str, run: Run, titles: Titles) -> tuple[Problem, ...]:
    """Say what was made of the past, each kind in one line, with the pupils that it concerns."""
    found, at = Problems(), At(file)
    _zeros(run, titles, at, found)
    _ratios(run, titles, at, found)
    _projects(run, titles, at, found)
    _breaks(run, titles, at, found)
    return found.warnings


def _zeros(run: Run, titles: Titles, at: At, found: Problems) -> None:
    """Name closed grades with those who do not go on, grades that fill, and those unfed."""
    axes, demand, stated = run.data.axes, run.demand, run.demand.stated
    if len(axes.horizon) < 2:
        return
    base = run.outcome.pupils[0, ..., 0]
    below = _below(base)
    later = (demand.later_births + demand.later_children)[1, ..., 0] > 0
    ratio = demand.ratios[1, ..., 0]
    none = (ratio == 0) & ~demand.held[1] & ~later & (below > 0)
    none[:, [0, *axes.unlinked_grades]] = False
    none &= ~axes.nowhere
    for flow in run.data.flows:
        none[flow.into, flow.grade] = False
    if none.any():
        facts = {"cells": cells(none, axes, titles, below), "pupils": below[none].sum()}
        found.warning("cells-closed", at, **facts)
    shut = (demand.kappa[1, :, 0] == 0) & (demand.cohort[1, :, 0] > 0) & ~axes.nowhere[:, 0]
    if shut.any():
        entry = np.zeros_like(none)
        entry[:, 0] = shut
        cohort = demand.cohort[1, shut, 0].sum()
        found.warning("entry-closed", at, cells=cells(entry, axes, titles), children=cohort)
    if stated.unreached.any():
        found.warning("cells-filling", at, cells=cells(stated.unreached, axes, titles))
    if stated.unfed.any():
        facts = {"cells": cells(stated.unfed, axes, titles, base)}
        facts |= {"pupils": base[stated.unfed].sum()}
        found.warning("grades-unfed", at, **facts)


def _below(pupils: Floats) -> Floats:
    """Return the pupils of the grade below each, ``(area, grade)``; 0 below the first."""
    return np.pad(pupils[:, :-1], ((0, 0), (1, 0)))


def _ratios(run: Run, titles: Titles, at: At, found: Problems) -> None:
    """Name calibrated ratios that went beyond the limit, and those far from 1."""
    axes, stated = run.data.axes, run.demand.stated
    given = np.asarray(~np.isnan(run.data.given[1:]).all(axis=0))
    beyond = name_replaced(stated.estimate, given, axes, titles, at, found)
    if len(axes.horizon) < 2:
        return
    base = run.outcome.pupils[0, ..., 0]
    ratio = run.demand.ratios[1, ..., 0]
    far = (ratio > FAR_ABOVE.value) | ((ratio < FAR_BELOW.value) & (ratio > 0))
    far &= (np.maximum(_below(base), base) > FAR_COHORT.value) & ~given & ~beyond
    far &= run.demand.stated.progression[1] == ratio  # a lever's result is no finding
    far[:, 0] = False
    if far.any():
        area, grade = (int(at) for at in np.argwhere(far)[0])
        label, (region, group) = axes.grade.labels[grade], axes.area.labels[area]
        per_birth = _per_birth(run, area, grade)
        instead = (f"{per_birth:.3g}", "births") if per_birth else ("1", "")
        rows = ((label, region, *instead), (label, region, f"{ratio[area, grade]:.3g}", ""))
        facts = dict(zip(("row", "kept"), (pasted(*row, group) for row in rows), strict=True))
        found.warning("ratio-far", at, cells=_each(far, axes, titles, ratio), **facts)


def name_replaced(
    estimate: Estimate, given: Bools, axes: Axes, titles: Titles, at: At, found: Problems
) -> Bools:
    """Name ratios beyond the limit, where none is given; return where they are, given or not."""
    first, calibrated = estimate.per_birth, estimate.progression
    own, beyond = calibrated.own.copy(), calibrated.replaced.copy()
    own[:, 0], beyond[:, 0] = first.own, first.replaced
    if (beyond & ~given).any():
        said = _each(beyond & ~given, axes, titles, own)
        found.warning("ratio-replaced", at, cells=said, limit=RATIO_LIMIT.value)
    return beyond


def _per_birth(run: Run, area: int, grade: int) -> float:
    """Return the pupils of a grade in the base year per birth of their cohort; 0 where unknown."""
    labels, data = run.data.axes.grade.labels, run.data
    entered = data.axes.start - (labels[grade] - labels[0])
    if entered < 0:
        return 0.0
    born = float(birth_cohorts(data.births, data.weights)[entered, area])
    return float(data.pupils[data.axes.start, area, grade]) / born if born > 0 else 0.0


def _projects(run: Run, titles: Titles, at: At, found: Problems) -> None:
    """Name counted projects of a level that nobody of their region goes on to."""
    axes, demand, projects = run.data.axes, run.demand, run.data.projects
    carried = (demand.ratios[..., 0] > 0) | demand.held | (demand.moves[..., 0] > 0)
    carried[:, :, 0] = demand.entrants[..., 0] > 0
    counted = [status in run.settings.supply.count for status in projects.status]
    named = []
    for row in np.flatnonzero(counted):
        opens = int(projects.opens[row]) - axes.base
        if opens >= len(axes.horizon):
            continue
        when, here = max(opens, 1), axes.region_of == projects.region[row]
        for level in np.flatnonzero(projects.places[row] > 0).tolist():
            coming = carried[when:, here & axes.entering(level)][..., axes.entry[level]]
            if when < len(axes.horizon) and not coming.any():
                cell = titles.level(axes.level.labels[level])
                named.append(filled("facts.project_at", project=projects.code[row], cell=cell))
    if named:
        found.warning("project-closed", at, projects=listed(named, _MOST))


def _breaks(run: Run, titles: Titles, at: At, found: Problems) -> None:
    """Say how many breaks there are, which, and the row of flags.csv that leaves each out."""
    axes = run.data.axes
    breaks = largest_first(run.demand.past.breaks)
    if not breaks:
        return
    rows = [break_row(one, axes) for one in breaks]
    flags = [flag for row in rows for flag in row["flags"].split("; ")]
    rest = len(flags) - _ROWS
    found.warning(
        "breaks-found",
        at,
        count=len(rows),
        breaks=listed([_told(row, titles) for row in rows], _MOST),
        flags="; ".join(flags[:_ROWS]),
        rest=phrase("facts.breaks_rest", count=rest) if rest > 0 else "",
    )


def _told(row: Mapping[str, Any], titles: Titles) -> Phrase:
    """Return the words of one break."""
    facts = {name: row[name] for name in ("year", "pupils", "expected")}
    region, grades = break_region(row, titles), break_grades(row)
    return filled("facts.break", region=region, grades=grades, **facts)


def largest_first(breaks: Iterable[Break]) -> tuple[Break, ...]:
    """Return breaks by their size in pupils."""
    return tuple(sorted(breaks, key=lambda one: -abs(one.counted - one.expected)))


def break_row(one: Break, axes: Axes) -> dict[str, Any]:
    """Return a break as its row of breaks.csv.

    ``region`` is ``all`` where all areas jump alike; ``flags`` are the rows of flags.csv (year,
    region, reason, grade, kind) that leave it out.
    """
    every = one.area is None and len(axes.area) > 1
    region, group = (ALL, "") if every else axes.area.labels[one.area or 0]
    per = 1.0 / one.before if one.before > 0 else np.nan
    labels = [axes.grade.labels[at] for at in one.grades]
    year = axes.year.labels[one.year]
    kinds = {axes.grade.labels[at]: STEP if at in one.stayed else ODD for at in one.grades}
    if one.whole and len(set(kinds.values())) == 1:
        kinds = {"": kinds[labels[0]]}
    return {
        "year": year,
        "region": region,
        "group": group,
        "grades": ", ".join(ranges(labels)).replace("–", "-"),
        "pupils": one.counted,
        "expected": one.expected,
        "change": one.counted / one.expected - 1.0 if one.expected > 0 else np.nan,
        "ratio": one.counted * per,
        "expected_ratio": one.expected * per,
        "deviations": one.deviations,
        "flags": "; ".join(pasted(year, region, REASON, *one) for one in kinds.items()),
    }


def break_grades(row: Mapping[str, Any]) -> Phrase:
    """Return the words for the grades of a break."""
    several = "-" in row["grades"] or "," in row["grades"]
    return phrase("facts.grades" if several else "facts.grade", grades=row["grades"])


def break_change(row: Mapping[str, Any]) -> Phrase:
    """Return how far pupils were from those expected, in brackets; nothing where none were."""
    if row["expected"] > 0:
        return phrase("facts.change", change=row["change"])
    return Phrase("", "")


def break_region(row: Mapping[str, Any], titles: Titles) -> Phrase:
    """Return the name of the region of a break."""
    if row["region"] == ALL:
        return phrase("facts.all_regions")
    return titles.region(row["region"], row["group"])


def cells(marked: Bools, axes: Axes, titles: Titles, pupils: Floats | None = None) -> Phrase:
    """Name marked cells by area and grades, with the pupils of these: ``North 7–9 (312)``."""
    said = []
    for area in np.flatnonzero(marked.any(axis=1)):
        here = np.flatnonzero(marked[area])
        cell = with_grades(area_name(axes, int(area), titles), [axes.grade.labels[k] for k in here])
        if pupils is not None:
            heads = filled("facts.heads", n=pupils[area, here].sum())
            cell = filled("facts.cell_of", cell=cell, said=heads)
        said.append(cell)
    return listed(said, _MOST)


def _each(marked: Bools, axes: Axes, titles: Titles, ratios: Floats) -> Phrase:
    """Name marked cells one by one with their ratios: ``North 7 (1.83)``."""
    said = []
    for area, grade in np.argwhere(marked).tolist():
        cell = with_grades(area_name(axes, area, titles), [axes.grade.labels[grade]])
        said.append(filled("facts.cell_of", cell=cell, said=f"{ratios[area, grade]:.2f}"))
    return listed(said, _MOST)


def area_name(axes: Axes, area: int, titles: Titles) -> Phrase:
    """Return the title of an area's region, with its group."""
    return titles.region(*axes.area.labels[area])
