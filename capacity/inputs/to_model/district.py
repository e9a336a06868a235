"""Tables of a district to the arrays of a run: what was known at the base year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capacity.base.axes import ALL, Axes, Axis, Bools, Floats, Ints, dense
from capacity.inputs.calendar import entry_weights
from capacity.inputs.tables.columns import DECANT, PLACES, PROJECTION, STEP
from capacity.inputs.to_model.streams import absent_cells, flow_axis, flows_of
from capacity.model.data import NEVER, Bands, ModelData, Projects, Stock
from capacity.model.pools import Pools

if TYPE_CHECKING:
    from capacity.inputs.districts.declared import Entry
    from capacity.inputs.districts.district import District


#: Standard deviation, as a share, of a figure whose quality is all that is stated; none where
#: not even that is.
SPREAD_OF_QUALITY = {"GREEN": 0.0, "AMBER": 0.02, "RED": 0.05}
#: Columns of enrolment that become arrays; a back-test cuts them off at every origin.
_COUNTED = ["year", "region", "group", "grade", "pupils", "sought", "quality"]
#: Kinds of project that open with their first grade and fill a grade a year.
FILLS_BY_GRADE = ("new", "")


def build(
    district: District,
    base: int,
    last: int,
    *,
    completion: Mapping[Any, float] | None = None,
    births_until: int | None = None,
) -> ModelData:
    """Turn a district into arrays, as known at a base year.

    Parameters
    ----------
    district
    base, last
        The last year whose pupils are used, and the last year of the horizon.
    completion
        Probability that a project of a status is built; 1 where none is given.
    births_until
        The last year whose births may be used; a back-test knows none after its origin. All
        by default, the planner's own projections with them.

    Raises
    ------
    capacity.InputError
        Flows send pupils to a group that the level has not in that region.
    """
    axes = lay_axes(district, base, last)
    enrolment = _until(district.table("enrolment")[_COUNTED], base)
    enrolment["area"] = _areas(enrolment)
    enrolment = enrolment[enrolment["area"].isin(axes.area.labels)]
    first = enrolment[enrolment["grade"] == axes.grade.labels[0]]
    split_sd, split_assumed = _split(enrolment[enrolment["year"] == base], axes)
    stated_ratios = _stated_ratios(district.table("ratios"), axes)
    births, series, counted = _births(district.table("births"), axes, births_until)
    stock, stated, stock_then = stock_of(district, axes)
    return ModelData(
        axes=axes,
        weights=_weights(district.entry),
        pupils=_pupils(enrolment, axes),
        sought=dense(first, (axes.year, axes.area), "sought", fill=np.nan),
        split_sd=split_sd,
        split_assumed=split_assumed,
        flagged=_flagged(_until(district.table("flags"), base), axes),
        births=births,
        births_series=series,
        births_counted=counted,
        children=_children(district, axes),
        **stated_ratios,
        homes=_homes(district.table("housing"), axes),
        per_home=_per_home(district.table("yields"), axes),
        shares=district.table("flows")["share"].to_numpy(float),
        flows=flows_of(district, axes),
        onward=np.array([np.nan if lv.onward is None else lv.onward for lv in district.levels]),
        class_size=np.array([float(level.class_size) for level in district.levels]),
        stock=stock,
        stated=stated,
        stock_then=stock_then,
        projects=pipeline(district.table("pipeline"), axes, completion or {}),
        pools=pools_of(district, axes),
        bands=Bands(**district.bands.model_dump()),
        neighbours={
            axes.level.at(level): tuple((axes.region.at(a), axes.region.at(b)) for a, b in pairs)
            for level, pairs in district.neighbours.items()
        },
    )


def pools_of(district: District, axes: Axes) -> Pools:
    """Return where the places of each level serve: its region, the district or sets of regions."""
    sets = []
    for level in district.levels:
        named = (sorted(axes.region.at(code) for code in one) for one in district.pools_of(level))
        sets.append(tuple(sorted(map(tuple, named))))
    whole = [level.pool == "district" for level in district.levels]
    return Pools(tuple(sets), np.array(whole, dtype=bool))


def _weights(entry: Entry | None) -> dict[int, float]:
    if entry is None:
        return {}
    return entry_weights(entry.age, entry.cutoff, entry.births_year_ends)


def lay_axes(district: District, base: int, last: int) -> Axes:
    """Name every axis; regions and areas by code, years from the first in any table.

    Areas are the regions and groups of the base year: one that has no past is held.
    """
    enrolment = district.table("enrolment")[["year", "region", "group"]]
    codes = [region.code for region in district.regions]
    leaves = Axis("region", tuple(sorted(district.leaf_regions)))
    members = [tuple(sorted(leaves.at(leaf) for leaf in district.children_of(c))) for c in codes]
    axes = Axes(
        year=Axis("year", tuple(range(min([base, *_years(district, base)]), last + 1))),
        base=base,
        region=leaves,
        area=Axis("area", tuple(sorted(set(_areas(enrolment[enrolment["year"] == base]))))),
        grade=Axis("grade", district.grades),
        level=Axis("level", tuple(level.code for level in district.levels)),
        first=tuple(level.grades[0] for level in district.levels),
        last=tuple(level.grades[1] for level in district.levels),
        row=Axis("region", (*codes, ALL)),
        members=(*members, tuple(range(len(leaves)))),
        groups=tuple(level.groups for level in district.levels),
        flow=flow_axis(district.table("flows")),
    )
    return replace(axes, absent=absent_cells(district, axes))


def _years(district: District, base: int) -> Iterator[int]:
    """Return the first years of the tables, and those whose homes still bring pupils."""
    for name in ("enrolment", "births", "housing"):
        yield from (int(year) for year in district.table(name)["year"].unique())
    children = district.table("children")
    if district.has("housing") and district.has("yields"):
        yield base - int(district.table("yields")["years_since"].max())
    if len(children) and district.entry is not None:
        yield int((children["year"] + district.entry.age - children["age"]).min())


def _pupils(enrolment: pd.DataFrame, axes: Axes) -> Floats:
    """Return counts ``(year, area, grade)``: 0 where a group is not, in years that count it."""
    pupils = dense(enrolment, (axes.year, axes.area, axes.grade), "pupils", fill=np.nan)
    uncounted = np.isnan(pupils).all(axis=2, keepdims=True)
    return np.where(~uncounted & axes.nowhere, 0.0, pupils)


def _until(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    return frame[frame["year"] <= year].copy()


def _areas(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(frame["region"].tolist(), frame["group"].tolist(), strict=True))


def _flagged(flags: pd.DataFrame, axes: Axes) -> Bools:
    """Mark the counts that are kept out: a year by itself, or those before a step.

    A ratio into a year of a step crosses it where the grade below has the step too: it is left
    out as well.
    """
    shape = (len(axes.year), len(axes.area), len(axes.grade))
    flagged, stepped = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    years, grades = np.array(axes.year.labels), np.array(axes.grade.labels)
    for year, region, grade, kind in flags[["year", "region", "grade", "kind"]].itertuples(
        index=False
    ):
        here = np.array([region in (ALL, of) for of, _ in axes.area.labels])
        of_grade = np.isnan(grade) | (grades == grade)
        when = years < year if kind == STEP else years == year
        flagged[np.ix_(when, here, of_grade)] = True
        if kind == STEP:
            stepped[np.ix_(years == year, here, of_grade)] = True
    flagged[:, :, 1:] |= stepped[:, :, 1:] & stepped[:, :, :-1]
    return flagged


def _sources(region: str, group: str) -> tuple[tuple[str, str], ...]:
    """Keys of rows that apply to an area, the most specific first."""
    return ((region, group), (region, ""), (ALL, group), (ALL, ""))


def _split(base: pd.DataFrame, axes: Axes) -> tuple[Floats, Bools]:
    """Spread of each region's share, from its base-year rows, and whether that is assumed."""
    rows = base.assign(sd=base["quality"].map(SPREAD_OF_QUALITY).fillna(0.0))
    rows["assumed"] = rows["quality"] == "RED"
    worst = rows.groupby("region")[["sd", "assumed"]].max().reindex(axes.region.labels)
    assumed: Bools = (worst["assumed"] == True).to_numpy(bool)  # noqa: E712
    return worst["sd"].fillna(0.0).to_numpy(float), assumed


def _births(births: pd.DataFrame, axes: Axes, until: int | None) -> tuple[Floats, Ints, Ints]:
    """Each area sees its own series, else its region's, else the district's.

    Also which one that is, and the position of its last year that is no projection.
    """
    final = axes.year.labels[-1]
    births = _until(births, final if until is None else min(until, final))
    keys = Axis("key", tuple(sorted(set(_areas(births)))))  # in whatever order rows stand
    births["key"] = _areas(births)
    births["projected"] = births["source"].str.strip().str.casefold().isin(PROJECTION)
    series = dense(births, (axes.year, keys), "births", fill=np.nan)
    projected = dense(births, (axes.year, keys), "projected", fill=1.0) > 0
    seen = np.full((len(axes.year), len(axes.area)), np.nan)
    of, counted = np.full((2, len(axes.area)), -1)
    for area, (region, group) in enumerate(axes.area.labels):
        key = next((key for key in _sources(region, group) if key in keys), None)
        if key is not None:
            of[area] = keys.at(key)
            seen[:, area] = series[:, of[area]]
            counted[area] = np.flatnonzero(~projected[:, keys.at(key)]).max(initial=-1)
    return seen, of, counted


def _children(district: District, axes: Axes) -> Floats:
    """Children by the year in which their cohort enters; the latest count wins."""
    counts = _until(district.table("children"), axes.base)
    seen = np.full((len(axes.year), len(axes.area)), np.nan)
    if not len(counts) or district.entry is None:
        return seen
    counts["enters"] = counts["year"] + district.entry.age - counts["age"]
    counts = counts[counts["enters"] <= axes.year.labels[-1]]
    latest = counts.sort_values("year").drop_duplicates(["region", "enters"], keep="last")
    keys = Axis("region", (*axes.region.labels, ALL))
    series = dense(latest, (Axis("enters", axes.year.labels), keys), "children", fill=np.nan)
    for area, (region, _) in enumerate(axes.area.labels):
        own = series[:, keys.at(region)]
        seen[:, area] = series[:, keys.at(ALL)] if np.isnan(own).all() else own
    return seen


def _stated_ratios(ratios: pd.DataFrame, axes: Axes) -> dict[str, Floats]:
    """Return the stated ratios by what they are per, and the standard deviation of each."""
    first = ratios["grade"] == axes.grade.labels[0]
    basis = ratios["basis"].where(~first | (ratios["basis"] != ""), "births")
    _, from_below, below_sd = _given(ratios[~first & (basis == "")], axes)
    births, later_births, births_sd = _given(ratios[basis == "births"], axes)
    children, later_children, children_sd = _given(ratios[basis == "children"], axes)
    from_below[:, :, 0] = births
    sd = np.where(np.isnan(below_sd), births_sd, below_sd)
    return {
        "given": from_below,
        "given_per_child": children,
        "later_per_birth": later_births,
        "later_per_child": later_children,
        "given_sd": np.where(np.isnan(sd), children_sd, sd),
    }


def _given(ratios: pd.DataFrame, axes: Axes) -> tuple[Floats, Floats, Floats]:
    """Stated ratios; a region beats ``all``, a group beats none, a year beats none.

    Only a row of its own brings a group where it is not.

    Returns
    -------
    first : (horizon, area)
        Of the first grade of all.
    later, sd : (horizon, area, grade)
        Of the grades above it; the standard deviation of each, from the row of its ratio.
    """
    given = np.full((2, len(axes.horizon), len(axes.area), len(axes.grade)), np.nan)
    if ratios.empty:
        return given[0, :, :, 0], given[0], given[1]
    years = np.array(axes.horizon.labels)
    ratios = ratios.sort_values("year", na_position="first")
    rows: dict[tuple[str, str, int], list[tuple[float, float, float]]] = {}
    for region, group, grade, year, ratio, sd in ratios[
        ["region", "group", "grade", "year", "ratio", "sd"]
    ].itertuples(index=False):
        since = -NEVER if np.isnan(year) else float(year)
        rows.setdefault((region, group, grade), []).append((since, ratio, sd))
    for area, (region, group) in enumerate(axes.area.labels):
        for grade, label in enumerate(axes.grade.labels):
            own = group if axes.nowhere[area, grade] else None
            for key in reversed(_sources(region, group)):  # the most specific is written last
                if own is not None and (own == "" or key[1] != own):
                    continue
                for since, ratio, sd in rows.get((*key, label), ()):
                    given[:, years >= since, area, grade] = [[ratio], [sd]]
    later = given[0].copy()
    later[:, :, 0] = np.nan
    return given[0, :, :, 0], later, given[1]


def _homes(housing: pd.DataFrame, axes: Axes) -> Floats:
    rows = _until(housing, axes.year.labels[-1])
    return dense(rows, (axes.year, axes.region), "homes", fill=np.nan)


def _per_home(yields: pd.DataFrame, axes: Axes) -> Floats:
    """Pupils per home of a level, spread evenly over its grades: ``(since, area, grade)``."""
    since = Axis(
        "years_since", tuple(range(int(yields["years_since"].max()) + 1)) if len(yields) else (0,)
    )
    by_level = dense(yields, (since, axes.level), "pupils_per_home", fill=0.0)
    spread: Floats = (by_level / axes.span)[:, axes.level_of]
    return np.where(axes.level_of >= 0, spread, 0.0)


# Places and projects ----------------------------------------------------------------------------


def stock_of(district: District, axes: Axes) -> tuple[Stock, Bools, Floats]:
    """Return the latest rows up to the base year, the cells that have any, what stood by year."""
    sizes = {level.code: float(level.class_size) for level in district.levels}
    rows = district.table("places")
    rows["year"] = rows["year"].fillna(-NEVER)
    rows = rows[rows["year"] <= axes.base]
    rows["size"] = rows["class_size"].fillna(rows["level"].map(sizes))
    rows["full"] = (rows["classes"] * rows["size"]).fillna(rows["places"])
    rows["closes"] = rows["closes"].fillna(NEVER)
    key = ["region", "level", "school", "kind"]
    rows = rows.sort_values([*key, "year"], kind="stable")
    superseded = rows.duplicated(key, keep="last").to_numpy()
    since, closes, full = (rows[name].to_numpy(float) for name in ("year", "closes", "full"))
    until = np.where(superseded, np.roll(since, -1), NEVER)  # the next row is of the same key
    cells = (
        np.array([axes.region.at(code) for code in rows["region"]], dtype=np.int64),
        np.array([axes.level.at(code) for code in rows["level"]], dtype=np.int64),
    )
    then = np.full((len(axes.year), len(axes.region), len(axes.level)), np.nan)
    for position, year in enumerate(axes.year.labels[: axes.start + 1]):
        stands = (since <= year) & (year < until)
        here = tuple(part[stands] for part in cells)
        then[(position, *here)] = 0.0
        np.add.at(then[position], here, np.where(closes > year, full, 0.0)[stands])
    known = np.zeros(then.shape[1:], dtype=bool)
    known[cells] = True
    return _stock_rows(rows[~superseded], axes), known, then


def _stock_rows(rows: pd.DataFrame, axes: Axes) -> Stock:
    convertible = np.zeros((len(rows), len(axes.level)), dtype=bool)
    for row, levels in enumerate(rows["convertible_to"]):
        for level in filter(None, (name.strip() for name in levels.split(";"))):
            convertible[row, axes.level.at(level)] = True
    return Stock(
        region=np.array([axes.region.at(code) for code in rows["region"]], dtype=np.int64),
        level=np.array([axes.level.at(code) for code in rows["level"]], dtype=np.int64),
        places=rows["full"].to_numpy(float),
        entry=rows["entry_places"].to_numpy(float),
        class_size=rows["size"].to_numpy(float),
        closes=rows["closes"].to_numpy(float),
        convertible=convertible,
        sd=rows["sd"].fillna(rows["quality"].map(SPREAD_OF_QUALITY)).fillna(0.0).to_numpy(float),
        assumed=(rows["quality"] == "RED").to_numpy(bool),
        school=tuple(rows["school"]),
    )


def pipeline(rows: pd.DataFrame, axes: Axes, completion: Mapping[Any, float]) -> Projects:
    """Turn rows of pipeline.csv into projects, by code."""
    rows = rows.sort_values("project", kind="stable")
    fill = rows["fill"].where(
        ~rows["fill"].isin(["", "as_listed"]),
        rows["kind"].isin(FILLS_BY_GRADE).map({True: "by_grade", False: "immediate"}),
    )
    opens: Floats = rows["opens"].to_numpy(dtype=np.float64)
    places, decant = (
        np.stack(
            [rows[f"{prefix}{level}"].fillna(0.0).to_numpy(float) for level in axes.level.labels],
            axis=1,
        )
        for prefix in (PLACES, DECANT)
    )
    return Projects(
        code=tuple(rows["project"]),
        status=tuple(rows["status"]),
        region=np.array([axes.region.at(code) for code in rows["region"]], dtype=np.int64),
        places=places,
        opens_listed=opens,
        opens=opens.copy(),
        closes=rows["closes"].fillna(NEVER).to_numpy(float),
        starts=rows["starts"].fillna(NEVER).to_numpy(float),
        decant=decant,
        by_grade=(fill == "by_grade").to_numpy(bool),
        completion=np.array([completion.get(status, 1.0) for status in rows["status"]]),
    )
