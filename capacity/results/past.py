"""What a reader must know of the past behind a run: its zeros, its breaks, its far ratios."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from capacity.base.axes import ALL, Axes, Bools, Floats
from capacity.base.errors import At, Phrase, Problem, Problems, Term, phrase
from capacity.base.words import LANGUAGES, ranges, word
from capacity.inputs.tables.columns import ODD, STEP
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


def notes_of_past(file: str, run: Run) -> tuple[Problem, ...]:
    """Say what was made of the past, each kind in one line, with the pupils that it concerns."""
    found, at = Problems(), At(file)
    _zeros(run, at, found)
    _ratios(run, at, found)
    _projects(run, at, found)
    _breaks(run, at, found)
    return found.warnings


def _zeros(run: Run, at: At, found: Problems) -> None:
    """Name closed grades with those who do not go on, grades that fill, and those unfed."""
    axes, demand, stated = run.data.axes, run.demand, run.demand.stated
    if len(axes.horizon) < 2:
        return
    base = run.outcome.pupils[0, ..., 0]
    below = _below(base)
    later = (demand.later_births + demand.later_children)[1, ..., 0] > 0
    ratio = demand.ratios[1, ..., 0]
    none = (ratio == 0) & ~demand.held[1] & ~later & (below > 0)
    none[:, [0, *run.data.flows, *axes.unlinked_grades]] = False
    if none.any():
        facts = {"cells": cells(none, axes, below), "pupils": below[none].sum()}
        found.warning("cells-closed", at, **facts)
    shut = (demand.kappa[1, :, 0] == 0) & (demand.cohort[1, :, 0] > 0)
    if shut.any():
        entry = np.zeros_like(none)
        entry[:, 0] = shut
        cohort = demand.cohort[1, shut, 0].sum()
        found.warning("entry-closed", at, cells=cells(entry, axes), children=cohort)
    if stated.unreached.any():
        found.warning("cells-filling", at, cells=cells(stated.unreached, axes))
    if stated.unfed.any():
        facts = {"cells": cells(stated.unfed, axes, base), "pupils": base[stated.unfed].sum()}
        found.warning("grades-unfed", at, **facts)


def _below(pupils: Floats) -> Floats:
    """Return the pupils of the grade below each, ``(area, grade)``; 0 below the first."""
    return np.pad(pupils[:, :-1], ((0, 0), (1, 0)))


def _ratios(run: Run, at: At, found: Problems) -> None:
    """Name calibrated ratios that went beyond the limit, and those far from 1."""
    axes, stated = run.data.axes, run.demand.stated
    given = np.asarray(~np.isnan(run.data.given[1:]).all(axis=0))
    beyond = name_replaced(stated.estimate, given, axes, at, found)
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
        found.warning("ratio-far", at, cells=_each(far, axes, ratio), **facts)


def name_replaced(estimate: Estimate, given: Bools, axes: Axes, at: At, found: Problems) -> Bools:
    """Name ratios beyond the limit, where none is given; return where they are, given or not."""
    first, calibrated = estimate.per_birth, estimate.progression
    own, beyond = calibrated.own.copy(), calibrated.replaced.copy()
    own[:, 0], beyond[:, 0] = first.own, first.replaced
    if (beyond & ~given).any():
        said = _each(beyond & ~given, axes, own)
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


def _projects(run: Run, at: At, found: Problems) -> None:
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
        for level in np.flatnonzero(projects.places[row] > 0):
            if when < len(axes.horizon) and not carried[when:, here, axes.entry[level]].any():
                named.append(f"{projects.code[row]} ({axes.level.labels[level]})")
    if named:
        found.warning("project-closed", at, projects=listed(named))


def _breaks(run: Run, at: At, found: Problems) -> None:
    """Say how many breaks there are, which, and the row of flags.csv that leaves each out."""
    axes = run.data.axes
    breaks = largest_first(run.demand.past.breaks)
    if not breaks:
        return
    rows = [break_row(one, axes) for one in breaks]
    more = f" (+{len(rows) - _MOST})" if len(rows) > _MOST else ""
    flags = [flag for row in rows for flag in row["flags"].split("; ")]
    rest = len(flags) - _ROWS
    found.warning(
        "breaks-found",
        at,
        count=len(rows),
        breaks=tuple(_told(row) for row in rows[:_MOST]),
        more=more,
        flags="; ".join(flags[:_ROWS]),
        rest=phrase("facts.breaks_rest", count=rest) if rest > 0 else "",
    )


def _told(row: Mapping[str, Any]) -> Phrase:
    """Return the words of one break."""
    facts = {name: row[name] for name in ("year", "pupils", "expected")}
    region, grades = break_region(row), break_grades(row)
    return Phrase(
        *(
            word("facts.break", lang, region=region.text(lang), grades=grades.text(lang), **facts)
            for lang in LANGUAGES
        )
    )


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


def pasted(*cells: object) -> str:
    """Return a row as it can be pasted into a CSV file, without empty cells at its end.

    >>> pasted(2024, "St. Mary, N", "", "")
    '2024,"St. Mary, N"'
    """
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().strip().rstrip(",")


def break_grades(row: Mapping[str, Any]) -> Phrase:
    """Return the words for the grades of a break."""
    several = "-" in row["grades"] or "," in row["grades"]
    return phrase("facts.grades" if several else "facts.grade", grades=row["grades"])


def break_region(row: Mapping[str, Any]) -> Phrase:
    """Return the name of the region of a break."""
    if row["region"] == ALL:
        return phrase("facts.all_regions")
    name = f"{row['region']} {row['group']}".strip()
    return Phrase(name, f"{name} ")


def cells(marked: Bools, axes: Axes, pupils: Floats | None = None) -> tuple[Term, ...]:
    """Name marked cells by area and grades, with the pupils of these: ``north 7–9 (312)``."""
    said = []
    for area in np.flatnonzero(marked.any(axis=1)):
        here = np.flatnonzero(marked[area])
        grades = ", ".join(ranges(axes.grade.labels[grade] for grade in here))
        heads = "" if pupils is None else f" ({pupils[area, here].sum():,.0f})"
        said.append(f"{area_name(axes, int(area))} {grades}{heads}")
    return listed(said)


def _each(marked: Bools, axes: Axes, ratios: Floats) -> tuple[Term, ...]:
    """Name marked cells one by one with their ratios: ``north 7 (1.83)``."""
    return listed(
        [
            f"{area_name(axes, area)} {axes.grade.labels[grade]} ({ratios[area, grade]:.2f})"
            for area, grade in np.argwhere(marked)
        ]
    )


def area_name(axes: Axes, area: int) -> str:
    """Return the code of an area's region, with its group."""
    region, group = axes.area.labels[area]
    return f"{region}/{group}" if group else region


def listed(names: Sequence[str]) -> tuple[Term, ...]:
    """Return the first names, and how many more there are."""
    more = [f"(+{len(names) - _MOST})"] if len(names) > _MOST else []
    return tuple(Term(name) for name in [*names[:_MOST], *more])
