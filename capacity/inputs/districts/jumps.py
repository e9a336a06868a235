"""Counts that jump from year to year, or stand at 0 beside others: slips, or breaks to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from capacity.base.axes import Floats
from capacity.base.errors import At, Phrase, Problems
from capacity.base.titles import Titles, filled, listed, spans, with_grades
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.sheets import place
from capacity.inputs.tables.withheld import mark_of

#: A cohort that grows or shrinks so many times in a year looks like a slip of the pen (a digit
#: too many makes ten times), and so few heads jump for other reasons.
TIMES = 5.0
HEADS = 50.0
#: A 0 beside more than so many in a year before or after is no ordinary small number.
BESIDE = 20.0
#: Jumps named one by one.
_JUMPS = 10
#: Series that are named beside the first 0; the rest is counted.
_LISTED = 6


class _Counted(NamedTuple):
    """A column of counts, the keys of its series, and the step that leads from one to the next."""

    column: str
    keys: tuple[str, ...]
    step: str = "year"


#: What is looked at for a 0, of which there is none among people; a year without new homes is an
#: ordinary one. Children of one count are a series by age.
_ZEROS = {
    "enrolment": (_Counted("pupils", ("region", "group", "grade")),),
    "births": (_Counted("births", ("region", "group")),),
    "children": (
        _Counted("children", ("region", "age")),
        _Counted("children", ("region", "year"), "age"),
    ),
}
#: What is looked at for jumps: the count, the code, and what goes up by one from year to year.
_STEPS = (
    ("enrolment", "pupils", "cohort-jump", ["year", "grade"]),
    ("births", "births", "births-jump", ["year"]),
)


def check_jumps(
    tables: Mapping[str, pd.DataFrame], base_year: int, titles: Titles, problems: Problems
) -> None:
    """Warn of cohorts and births that jump by `TIMES` and more, and of a 0 beside many.

    Parameters
    ----------
    tables
        Those without errors, by name.
    base_year
        Later years of enrolment are not looked at.
    titles
        Of the district's regions.
    problems
        Takes the warnings.
    """
    known = dict(tables)
    if "enrolment" in known:
        pupils = known["enrolment"]
        known["enrolment"] = pupils[pupils["year"] <= base_year]
    for name, (count_of, *_) in _ZEROS.items():
        if name in known:  # what stands for a withheld count jumps from and to others
            known[name] = known[name][~known[name][mark_of(count_of.column)]]
    known = {name: frame for name, frame in known.items() if not frame.empty}
    for table, count, code, steps in _STEPS:
        rows = _jumps(known[table], count, steps) if table in known else pd.DataFrame()
        for row in rows.to_dict("records") if len(rows) else ():
            grades = {"grade": row["grade"], "lower": row["grade"] - 1} if "grade" in row else {}
            problems.warning(
                code,
                At(str(row["file"]), int(row["line"]), 1),
                region=titles.region(row["region"], row["group"]),
                **grades,
                **{count: row[count]},
                before=row["before"],
                times=row[count] / row["before"],
            )
    for table, counted in _ZEROS.items():
        if table in known:
            _check_zeros(known[table], table, counted, titles, problems)


def _jumps(frame: pd.DataFrame, count: str, steps: list[str]) -> pd.DataFrame:
    """Return the first rows whose count is many times that of a step before, or a small part."""
    now, before = frame[count].to_numpy(float), _a_step_before(frame, count, steps)
    large = (np.fmax(now, before) >= HEADS) & (now > 0) & (before > 0)
    jumps = np.flatnonzero(large & ((now >= TIMES * before) | (before >= TIMES * now)))[:_JUMPS]
    return frame.iloc[jumps].assign(before=before[jumps])


def _a_step_before(frame: pd.DataFrame, count: str, steps: list[str]) -> Floats:
    """Return the count a step before each row, in its own series; nan where there is none."""
    place = np.zeros(len(frame), np.int64)
    step = 0
    for key in ("region", "group", *steps):
        at = frame[key].to_numpy() if key in steps else pd.factorize(frame[key])[0]
        at = at - at.min() + 1  # what is a step before the first is nobody's
        width = int(at.max()) + 1
        place, step = place * width + at, step * width + (key in steps)
    order = np.argsort(place)
    there = np.searchsorted(place, place - step, sorter=order).clip(max=len(frame) - 1)
    found = order[there]
    counts = frame[count].to_numpy(float)
    return np.where(place[found] == place - step, counts[found], np.nan)


def _check_zeros(
    frame: pd.DataFrame,
    table: str,
    counted: Sequence[_Counted],
    titles: Titles,
    problems: Problems,
) -> None:
    """Warn in one line of every 0 that stands beside more than `BESIDE` in its own series."""
    if frame[counted[0].column].to_numpy().all():
        return
    zeros = frame[frame[counted[0].column] == 0]
    beside = pd.concat([_beside(frame, zeros, one) for one in counted], axis=1).max(axis=1)
    rows = zeros.assign(beside=beside)[beside > BESIDE]
    if len(rows):
        column = TABLES[table].column(counted[0].column)
        told = _told(frame, rows.iloc[0], Phrase(column.name, column.term.zh), titles)
        problems.warning("count-zero", place(rows), zero=told, others=_others(rows, titles))


def _beside(frame: pd.DataFrame, zeros: pd.DataFrame, counted: _Counted) -> pd.Series:
    """Return the greatest count a step before or after each row; nan where there is none."""
    keys = [*counted.keys, counted.step]
    there = frame.drop_duplicates(keys).set_index(keys)[counted.column]
    found = {}
    for step in (-1, 1):
        wanted = zeros[keys].copy()
        wanted[counted.step] += step
        found[step] = there.reindex(pd.MultiIndex.from_frame(wanted)).to_numpy()
    return pd.DataFrame(found, index=zeros.index).max(axis=1)


def _told(frame: pd.DataFrame, row: pd.Series, count: Phrase, titles: Titles) -> Phrase:
    """Say of a 0 what it follows: its cohort a year before, else what stands beside it."""
    year, beside = int(row["year"]), float(row["beside"])
    area = titles.region(row["region"], row.get("group", ""))
    facts = {"count": count, "year": year, "beside": beside, "area": area}
    if "grade" not in row:
        return filled("facts.zero", **facts)
    grade = int(row["grade"])
    facts |= {"grade": grade, "lower": grade - 1}
    before = {"year": year - 1, "grade": grade - 1, "region": row["region"], "group": row["group"]}
    same = pd.concat([frame[key] == value for key, value in before.items()], axis=1).all(axis=1)
    lower = frame.loc[same, "pupils"].max()
    if lower > BESIDE:
        return filled("facts.zero_follows", **facts | {"beside": float(lower)})
    return filled("facts.zero_grade", **facts)


def _others(rows: pd.DataFrame, titles: Titles) -> Phrase:
    """Name the other 0s by area, grades (ages) and years; none where there are no others."""
    if len(rows) == 1:
        return Phrase("", "")
    part = next((key for key in ("grade", "age") if key in rows), None)
    series: dict[tuple[str, str, int | None], list[int]] = {}
    for row in rows.to_dict("records"):
        key = (row["region"], row.get("group", ""), row[part] if part else None)
        series.setdefault(key, []).append(row["year"])
    alike: dict[tuple[str, str, tuple[int, ...]], list[int]] = {}
    for (region, group, one), years in series.items():
        found = alike.setdefault((region, group, tuple(sorted(set(years)))), [])
        found += [] if one is None else [one]
    names = []
    for (region, group, when), parts in alike.items():
        area = titles.region(region, group)
        cell = with_grades(area, parts) if part == "grade" else _with_ages(area, parts)
        names.append(filled("facts.cell_of", cell=cell, said=spans(when)))
    return filled("facts.zero_all", cells=listed(names, _LISTED, "nouns.semicolon"))


def _with_ages(area: Phrase, ages: Sequence[int]) -> Phrase:
    return filled("facts.cell_ages", area=area, ages=spans(ages)) if ages else area
