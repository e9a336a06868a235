"""Small random districts as arrays, and whole runs of the model on them.

A `Setup` is all that one run of the model takes; `setups` draws its shape and its special cases
with hypothesis, so that a law that fails comes with a small case, and fills it with numbers of
one drawn seed (drawing each number is ten times slower). Heads, births and places are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import hypothesis.strategies as st
import numpy as np
from hypothesis.extra import numpy as hnp

from capacity.base import Axes, Axis, BirthsAhead, Calibration, Floats, Settings
from capacity.base import Demand as DemandSettings
from capacity.base import Supply as SupplySettings
from capacity.model import (
    NEVER,
    VARIABLES,
    Adjustment,
    Adjustments,
    Check,
    Closure,
    Conversion,
    Demand,
    ModelData,
    Outcome,
    Prepared,
    ProjectAdjustment,
    Projects,
    Rezoning,
    Stock,
    Supply,
    check,
    prepare,
    simulate,
    totals,
)

BASE = 2024
#: Births are known from here on, pupils from PUPILS_FROM.
FIRST = BASE - 5
PUPILS_FROM = BASE - 3
MEAN = DemandSettings()
AS_LISTED = SupplySettings()
NO_LEVERS = Adjustments({})
STATUSES = ("open", "building", "planned", "idea")
WEIGHTS = ({2: 1.0}, {3: 1 / 3, 2: 2 / 3}, {2: 5 / 6, 1: 1 / 6})


@dataclass(frozen=True)
class Setup:
    """All that a run takes."""

    world: ModelData
    demand: DemandSettings = MEAN
    adjustments: Adjustments = NO_LEVERS
    supply: SupplySettings = AS_LISTED

    @property
    def settings(self) -> Settings:
        """What the model is told."""
        return Settings(demand=self.demand, supply=self.supply)

    def run(self) -> Ran:
        prepared = prepare(self.world, self.settings, self.adjustments)
        outcome = simulate(self.world, prepared)
        rows = totals(outcome, self.world.axes.members, self.world.pooled)
        return Ran(self, prepared, outcome, rows)

    def with_world(self, **changes: Any) -> Setup:
        return replace(self, world=replace(self.world, **changes))

    def with_stock(self, **changes: Any) -> Setup:
        return self.with_world(stock=replace(self.world.stock, **changes))

    def with_projects(self, **changes: Any) -> Setup:
        return self.with_world(projects=replace(self.world.projects, **changes))

    def and_then(self, kind: str, form: str, value: float, *chosen: Any) -> Setup:
        """The same with one more lever; a mask of None chooses all."""
        axes = self.world.axes
        names = VARIABLES[kind]
        masks = tuple(
            length_of(axes, name).mask(None) if mask is None else np.asarray(mask)
            for name, mask in zip(names, chosen or (None,) * len(names), strict=True)
        )
        values = dict(self.adjustments.values)
        values[kind] = (*values.get(kind, ()), Adjustment(99, form, value, masks))
        return replace(self, adjustments=replace(self.adjustments, values=values))


@dataclass(frozen=True)
class Ran:
    """A run, with all that was found on the way."""

    setup: Setup
    prepared: Prepared
    outcome: Outcome
    rows: dict[str, Floats]

    @property
    def demand(self) -> Demand:
        """The demand side, levers applied."""
        return self.prepared.demand

    @property
    def supply(self) -> Supply:
        """The supply side, levers applied."""
        return self.prepared.supply

    @property
    def central(self) -> SimpleNamespace:
        """The numbers of the demand side, without the draw axis."""
        return central(self.demand)

    @property
    def pupils(self) -> Floats:
        """Pupils ``(year, area, grade)``."""
        return self.outcome.pupils[..., 0]

    @cached_property
    def checks(self) -> list[Check]:
        world = self.setup.world
        return check(self.outcome, self.demand, self.rows, world.axes.members, world.pooled)


def central(side: Demand | Supply) -> SimpleNamespace:
    """The arrays of a side of a run with a draw axis of length 1, without it."""
    names = (
        ["cohort", "kappa", "ratios", "moves", "entrants"]
        if isinstance(side, Demand)
        else ["usable", "listed", "class_size", "stock", "opening", "opened", "altered"]
    )
    return SimpleNamespace(**{name: getattr(side, name)[..., 0] for name in names})


def length_of(axes: Axes, name: str) -> Axis:
    axis: Axis = getattr(axes, name)
    return axis


def members_of(regions: int) -> list[list[int]]:
    """Every region by itself, then the whole district."""
    return [*([region] for region in range(regions)), list(range(regions))]


def axes_of(
    regions: int = 2,
    groups: int = 1,
    spans: Sequence[int] = (2, 1),
    *,
    last: int = BASE + 4,
    first: int = FIRST,
) -> Axes:
    """Axes of a district whose levels have so many grades each, from grade 1."""
    ends = np.cumsum(spans)
    codes = tuple(f"region {number}" for number in range(regions))
    names = [""] if groups == 1 else [f"group {number}" for number in range(groups)]
    return Axes(
        year=Axis("year", tuple(range(first, last + 1))),
        base=BASE,
        region=Axis("region", codes),
        area=Axis("area", tuple((code, name) for code in codes for name in names)),
        grade=Axis("grade", tuple(range(1, int(ends[-1]) + 1))),
        level=Axis("level", tuple(f"level {number}" for number in range(len(spans)))),
        first=tuple(int(end - span + 1) for end, span in zip(ends, spans, strict=True)),
        last=tuple(int(end) for end in ends),
        row=Axis("region", (*codes, "all")),
        members=tuple(map(tuple, members_of(regions))),
    )


def quiet_world(axes: Axes, **changes: Any) -> ModelData:
    """A world in which nothing happens: 100 pupils everywhere, ratios 1, 100 places a grade."""
    years, horizon = len(axes.year), len(axes.horizon)
    areas, grades, regions, levels = map(len, (axes.area, axes.grade, axes.region, axes.level))
    cells = [(region, level) for region in range(regions) for level in range(levels)]
    places = np.array([100.0 * axes.span[level] for _, level in cells])
    pupils = np.full((years, areas, grades), np.nan)
    pupils[axes.start] = 100.0
    world = ModelData(
        axes=axes,
        weights={2: 1.0},
        pupils=pupils,
        sought=np.full((years, areas), np.nan),
        split_sd=np.zeros(regions),
        split_assumed=np.zeros(regions, dtype=bool),
        flagged=np.zeros((years, areas), dtype=bool),
        births=np.full((years, areas), 100.0),
        births_counted=np.full(areas, axes.start),
        children=np.full((years, areas), np.nan),
        given=np.ones((horizon, areas, grades)),
        given_per_child=np.full((horizon, areas), np.nan),
        given_sd=np.full((horizon, areas, grades), np.nan),
        homes=np.full((years, regions), np.nan),
        per_home=np.zeros((1, grades)),
        flows={},
        onward=np.full(levels, np.nan),
        class_size=np.full(levels, 40.0),
        stock=stock_of(axes, cells, places),
        stated=np.ones((regions, levels), dtype=bool),
        stock_then=np.full((years, regions, levels), np.nan),
        projects=projects_of(axes),
        pooled=np.zeros(levels, dtype=bool),
        neighbours={},
    )
    return replace(world, **changes)


def stock_of(axes: Axes, cells: Sequence[tuple[int, int]], places: Any, **changes: Any) -> Stock:
    """Plain rows, one for each cell, at a class size of 40."""
    stock = Stock(
        region=np.array([region for region, _ in cells], dtype=np.int64),
        level=np.array([level for _, level in cells], dtype=np.int64),
        places=np.asarray(places, dtype=float),
        class_size=np.full(len(cells), 40.0),
        closes=np.full(len(cells), NEVER),
        convertible=np.zeros((len(cells), len(axes.level)), dtype=bool),
        sd=np.zeros(len(cells)),
        assumed=np.zeros(len(cells), dtype=bool),
        school=("",) * len(cells),
    )
    return replace(stock, **changes)


def projects_of(axes: Axes, *rows: tuple[int, str, float, bool, Sequence[float]]) -> Projects:
    """A pipeline of rows (region, status, opens, by grade, places of each level)."""
    return Projects(
        code=tuple(f"P{number}" for number in range(len(rows))),
        status=tuple(row[1] for row in rows),
        region=np.array([row[0] for row in rows], dtype=np.int64),
        places=np.array([row[4] for row in rows], dtype=float).reshape(len(rows), len(axes.level)),
        opens_listed=np.array([row[2] for row in rows], dtype=float),
        opens=np.array([row[2] for row in rows], dtype=float),
        closes=np.full(len(rows), np.inf),
        starts=np.full(len(rows), np.inf),
        decant=np.zeros((len(rows), len(axes.level))),
        by_grade=np.array([row[3] for row in rows], dtype=bool),
        completion=np.ones(len(rows)),
    )


# Strategies ------------------------------------------------------------------------------------


def whole(low: int, high: int) -> st.SearchStrategy[float]:
    """Whole numbers as floats."""
    return st.integers(low, high).map(float)


def hundredths(low: int, high: int) -> st.SearchStrategy[float]:
    """``low / 100`` to ``high / 100``."""
    return st.integers(low, high).map(lambda number: number / 100)


def arrays(shape: Any, elements: st.SearchStrategy[float]) -> st.SearchStrategy[Floats]:
    """Arrays whose elements are all drawn."""
    return hnp.arrays(np.float64, shape, elements=elements, fill=st.nothing())


def marks(length: int) -> st.SearchStrategy[Any]:
    return st.lists(st.booleans(), min_size=length, max_size=length).map(np.array)


class Numbers:
    """Numbers of one drawn seed."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def whole(self, shape: Any, low: int, high: int) -> Floats:
        return self.rng.integers(low, high + 1, shape).astype(float)

    def hundredths(self, shape: Any, low: int, high: int) -> Floats:
        return self.whole(shape, low, high) / 100


def sometimes(draw: st.DrawFn, array: Floats, share: int = 4) -> Floats:
    """The array, or (one time in ``share``) nothing known."""
    return np.full_like(array, np.nan) if draw(st.integers(1, share)) == 1 else array


@st.composite
def setups(
    draw: st.DrawFn,
    *,
    given: bool = False,
    trend: bool = True,
    mixing: bool = True,
    missing: bool = True,
    levers: bool = True,
    by_size: bool = True,
    min_regions: int = 1,
) -> Setup:
    """Draw all that a run takes.

    Parameters
    ----------
    draw
    given
        Every ratio is stated, and no grade held.
    trend
        Births may continue by the common trend (which ties regions together).
    mixing
        Flows and rezoning between regions may occur.
    missing
        A cell may have no places.
    levers
        Levers may occur.
    by_size
        Ratios may depend on size and on other regions: `shrunk`, which mixes small areas too.
    min_regions
    """
    spans = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    axes = axes_of(
        draw(st.integers(min_regions, max(min_regions, 3))),
        draw(st.sampled_from([1, 1, 2])),
        spans,
        last=BASE + draw(st.integers(1, 4)),
    )
    world = quiet_world(axes, weights=draw(st.sampled_from(WEIGHTS)))
    world = replace(world, **_demand_side(draw, axes, given), **_supply_side(draw, axes, missing))
    if mixing and len(axes.level) > 1 and draw(st.booleans()):
        world = replace(world, flows=draw(flows(axes)))
    ahead = ["hold", -0.03, *(["trend"] if trend else [])]
    names = ["mean", "pooled", *(["shrunk"] if by_size else [])]
    methods = st.builds(Calibration, method=st.sampled_from(names), window=st.integers(1, 3))
    return Setup(
        world,
        DemandSettings(
            progression=draw(methods),
            entry=draw(methods),
            births=BirthsAhead(after_last=draw(st.sampled_from(ahead))),
        ),
        draw(adjustments(axes, mixing=mixing)) if levers else NO_LEVERS,
        SupplySettings(fill=draw(st.sampled_from(["as_listed", "by_grade", "immediate"]))),
    )


def _demand_side(draw: st.DrawFn, axes: Axes, given: bool) -> dict[str, Any]:
    years, horizon, number = len(axes.year), len(axes.horizon), Numbers(draw)
    areas, grades, regions = len(axes.area), len(axes.grade), len(axes.region)
    pupils = np.full((years, areas, grades), np.nan)
    known = slice(axes.year.at(PUPILS_FROM), axes.start + 1)
    pupils[known] = number.whole((axes.start + 1 - known.start, areas, grades), 0, 200)
    births = number.whole((years, areas), 1, 200)
    births[axes.year.at(BASE + draw(st.integers(-1, 1))) + 1 :] = np.nan
    ratios = number.hundredths((areas, grades), 50, 150)
    stated = np.broadcast_to(ratios, (horizon, areas, grades)).copy()
    since = draw(st.integers(1, horizon))
    stated[since:] *= 1.1
    children = number.whole((years, areas), 0, 200)
    if not given:
        stated = sometimes(draw, stated, 2)
        births = sometimes(draw, births)
    return {
        "pupils": pupils,
        "births": births,
        "given": stated,
        "sought": sometimes(draw, pupils[:, :, 0] + 5.0, 2),
        "flagged": number.whole((years, areas), 0, draw(st.integers(0, 1))) > 0,
        "children": np.full_like(children, np.nan) if draw(st.booleans()) else children,
        "given_per_child": stated[:, :, 0] if draw(st.booleans()) else stated[:, :, 0] * np.nan,
        "homes": sometimes(draw, number.whole((years, regions), 0, 50), 2),
        "per_home": number.hundredths((2, grades), 0, 30),
        "onward": np.full(len(axes.level), draw(st.sampled_from([np.nan, 0.5, 0.7]))),
    }


def _supply_side(draw: st.DrawFn, axes: Axes, missing: bool) -> dict[str, Any]:
    regions, levels, number = len(axes.region), len(axes.level), Numbers(draw)
    stated = np.ones((regions, levels), dtype=bool)
    if missing and regions * levels > 1 and draw(st.integers(1, 4)) == 1:
        stated[draw(st.integers(0, regions - 1)), draw(st.integers(0, levels - 1))] = False
    cells = [(int(region), int(level)) for region, level in np.argwhere(stated)]
    schools = draw(st.lists(st.sampled_from(cells), max_size=4, unique=True))
    rows = sorted([(*cell, "") for cell in cells] + [(*cell, "A school") for cell in schools])
    convertible = np.zeros((len(rows), levels), dtype=bool)
    closes = np.full(len(rows), NEVER)
    for row, (_, level, school) in enumerate(rows):
        if school:
            convertible[row] = draw(marks(levels))
            convertible[row, level] = False
            closes[row] = draw(st.sampled_from([NEVER, NEVER, BASE + 1.0]))
    stock = stock_of(
        axes,
        [row[:2] for row in rows],
        number.whole(len(rows), 100, 400),
        class_size=number.whole(len(rows), 20, 50),
        convertible=convertible,
        closes=closes,
        school=tuple(row[2] for row in rows),
    )
    then = np.full((len(axes.year), regions, levels), np.nan)
    then[: axes.start + 1] = np.where(stated, draw(whole(100, 600)), np.nan)
    pooled = draw(marks(levels)) if draw(st.booleans()) else np.zeros(levels, dtype=bool)
    return {
        "stock": stock,
        "stated": stated,
        "stock_then": then,
        "class_size": number.whole(levels, 20, 50),
        "projects": draw(pipelines(axes)),
        "pooled": pooled,
        "neighbours": {level: draw(pairs(regions)) for level in range(levels) if not pooled[level]},
    }


@st.composite
def pairs(draw: st.DrawFn, regions: int) -> tuple[tuple[int, int], ...]:
    """Some pairs of neighbours, each once."""
    every = [(one, other) for one in range(regions) for other in range(one)]
    return tuple(draw(st.lists(st.sampled_from(every), unique=True))) if every else ()


@st.composite
def pipelines(draw: st.DrawFn, axes: Axes, min_size: int = 0) -> Projects:
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, len(axes.region) - 1),
                st.sampled_from(STATUSES),
                whole(BASE - 2, axes.year.labels[-1] + 1),
                st.booleans(),
                arrays(len(axes.level), whole(0, 120)),
            ),
            min_size=min_size,
            max_size=3,
        )
    )
    return projects_of(axes, *rows)


@st.composite
def flows(draw: st.DrawFn, axes: Axes) -> dict[int, Floats]:
    """Where the leavers of one region go at the transition into one of the later levels."""
    regions = len(axes.region)
    parts = draw(arrays((regions, regions), whole(0, 5))) + np.eye(regions)
    share = parts / parts.sum(axis=1, keepdims=True)
    groups = [group for _, group in axes.area.labels]
    same = np.array([[one == other for other in groups] for one in groups])
    level = draw(st.integers(1, len(axes.level) - 1))
    return {axes.entry[level]: share[np.ix_(axes.region_of, axes.region_of)] * same}


#: Forms of value of each kind of lever, and the range of each.
_VALUES: dict[str, dict[str, st.SearchStrategy[float]]] = {
    "births": {"set": whole(0, 200), "add": whole(0, 20), "times": hundredths(50, 150)},
    "entry": {"set": hundredths(30, 130), "add": hundredths(0, 10), "times": hundredths(50, 150)},
    "onward_share": {"times": hundredths(50, 120)},
    "progression": {
        "set": hundredths(50, 150),
        "add": hundredths(0, 10),
        "times": hundredths(50, 150),
    },
    "migration": {"set": whole(-40, 40), "add": whole(-40, 40), "times": hundredths(50, 150)},
    "housing": {"set": whole(0, 60), "add": whole(0, 20), "times": hundredths(50, 150)},
    "class_size": {"set": whole(20, 50), "add": whole(-5, 5), "times": hundredths(80, 120)},
    "places": {"set": whole(60, 400), "add": whole(-5, 60), "times": hundredths(80, 120)},
    "add_places": {"add": whole(0, 60)},
}
#: Kinds whose ``set`` and ``add`` count heads, homes or places.
COUNTS = ("births", "migration", "housing", "places", "add_places")
#: Kinds that act from the year after the base.
_LATER = ("entry", "onward_share", "progression", "migration")


@st.composite
def adjustments(draw: st.DrawFn, axes: Axes, *, mixing: bool = True) -> Adjustments:
    """Draw some levers of every sort."""
    values: dict[str, tuple[Adjustment, ...]] = {}
    for kind in draw(st.lists(st.sampled_from(list(_VALUES)), max_size=3)):
        form = draw(st.sampled_from(list(_VALUES[kind])))
        chosen = [draw(marks(len(length_of(axes, name)))) for name in VARIABLES[kind]]
        if kind in _LATER:
            chosen[0][0] = False
        if kind == "progression":
            chosen[2][0] = False
        lever = Adjustment(len(values) + 1, form, draw(_VALUES[kind][form]), tuple(chosen))
        values[kind] = (*values.get(kind, ()), lever)
    regions, levels = st.integers(0, len(axes.region) - 1), st.integers(0, len(axes.level) - 1)
    horizon = marks(len(axes.horizon))
    few = st.integers(0, 2)
    two = len(axes.region) > 1
    schools = st.sampled_from(["", "A school"])
    closing = st.builds(Closure, st.just(90), horizon, regions, levels, whole(0, 5), schools)
    converting = st.builds(Conversion, st.just(91), horizon, regions, levels, levels, whole(0, 5))
    sending = st.builds(
        Rezoning, st.just(92), horizon, regions, regions, levels, hundredths(0, 20)
    ).filter(lambda sent: sent.source != sent.target)
    return Adjustments(
        values,
        projects=tuple(draw(project_levers(axes)) for _ in range(draw(few))),
        closures=tuple(draw(closing) for _ in range(draw(few))),
        conversions=tuple(draw(converting) for _ in range(draw(few))),
        rezonings=tuple(draw(sending) for _ in range(draw(few) if mixing and two else 0)),
    )


@st.composite
def project_levers(draw: st.DrawFn, axes: Axes) -> ProjectAdjustment:
    kind = draw(st.sampled_from(["cancel", "delay", "add_project"]))
    if kind == "add_project":
        row = draw(pipelines(axes, min_size=1))
        added = replace(
            projects_of(axes, (0, "planned", BASE + 1.0, True, row.places[0])), code=("Added",)
        )
        return ProjectAdjustment(93, kind, added=added)
    return ProjectAdjustment(
        93,
        kind,
        form="add",
        value=draw(whole(0, 2)),
        codes=("P0",) if draw(st.booleans()) else None,
        statuses=None if draw(st.booleans()) else ("planned", "idea"),
        regions=draw(marks(len(axes.region))),
    )


# Changes of a setup ----------------------------------------------------------------------------


def scaled(setup: Setup, factor: float) -> Setup:
    """The same with every count of heads, homes and places multiplied."""
    world, levers = setup.world, setup.adjustments
    names = ("pupils", "sought", "births", "children", "homes", "stock_then")
    more = setup.with_world(
        **{name: getattr(world, name) * factor for name in names},
        stock=replace(world.stock, places=world.stock.places * factor),
        projects=replace(world.projects, places=world.projects.places * factor),
    )
    values = {
        kind: tuple(
            replace(lever, value=lever.value * factor)
            if kind in COUNTS and lever.form != "times"
            else lever
            for lever in levers.values[kind]
        )
        for kind in levers.values
    }
    added = tuple(
        replace(lever, added=replace(lever.added, places=lever.added.places * factor))
        if lever.added
        else lever
        for lever in levers.projects
    )
    return replace(
        more,
        adjustments=replace(
            levers,
            values=values,
            projects=added,
            closures=tuple(replace(one, places=one.places * factor) for one in levers.closures),
            conversions=tuple(
                replace(one, places=one.places * factor) for one in levers.conversions
            ),
        ),
    )


def picked(setup: Setup, regions: Sequence[int]) -> Setup:
    """The same with these regions only, in this order; without flows and rezoning."""
    world, levers = setup.world, setup.adjustments
    assert not world.flows
    assert not levers.rezonings
    axes = world.axes
    areas = [area for region in regions for area in np.flatnonzero(axes.region_of == region)]
    new = {old: position for position, old in enumerate(regions)}
    stock, projects = world.stock, world.projects
    rows = [row for region in regions for row in np.flatnonzero(stock.region == region)]
    built = [row for row, region in enumerate(projects.region) if int(region) in new]
    by_area = ("pupils", "sought", "flagged", "births", "children", "given", "given_per_child")
    by_area += ("given_sd",)
    return replace(
        setup,
        world=replace(
            world,
            axes=replace(
                axes,
                region=Axis("region", tuple(axes.region.labels[region] for region in regions)),
                area=Axis("area", tuple(axes.area.labels[area] for area in areas)),
                row=Axis("region", (*(axes.region.labels[region] for region in regions), "all")),
                members=tuple(map(tuple, members_of(len(regions)))),
            ),
            **{name: getattr(world, name)[:, areas] for name in by_area},
            births_counted=world.births_counted[areas],
            split_sd=world.split_sd[list(regions)],
            split_assumed=world.split_assumed[list(regions)],
            homes=world.homes[:, regions],
            stock=replace(
                stock,
                region=np.array([new[int(stock.region[row])] for row in rows], dtype=np.int64),
                **{
                    name: getattr(stock, name)[rows]
                    for name in (
                        "level",
                        "places",
                        "class_size",
                        "closes",
                        "convertible",
                        "sd",
                        "assumed",
                    )
                },
                school=tuple(stock.school[row] for row in rows),
            ),
            stated=world.stated[regions],
            stock_then=world.stock_then[:, regions],
            projects=_picked_projects(projects, built, new),
            neighbours={
                level: tuple((new[a], new[b]) for a, b in near if a in new and b in new)
                for level, near in world.neighbours.items()
            },
        ),
        adjustments=_picked_levers(levers, regions, areas, new),
    )


def _picked_projects(projects: Projects, rows: list[int], new: dict[int, int]) -> Projects:
    return replace(
        projects,
        code=tuple(projects.code[row] for row in rows),
        status=tuple(projects.status[row] for row in rows),
        region=np.array([new[int(projects.region[row])] for row in rows], dtype=np.int64),
        **{
            name: getattr(projects, name)[rows]
            for name in ("places", "opens_listed", "opens", "by_grade", "completion")
        },
    )


def _picked_levers(
    levers: Adjustments, regions: Sequence[int], areas: Sequence[Any], new: dict[int, int]
) -> Adjustments:
    of = {"region": list(regions), "area": list(areas)}
    values = {
        kind: tuple(
            replace(
                lever,
                chosen=tuple(
                    mask[of[name]] if name in of else mask
                    for name, mask in zip(VARIABLES[kind], lever.chosen, strict=True)
                ),
            )
            for lever in levers.values[kind]
        )
        for kind in levers.values
    }
    return Adjustments(
        values,
        projects=tuple(
            replace(
                lever,
                regions=None if lever.regions is None else lever.regions[list(regions)],
                added=lever.added and _picked_projects(lever.added, [0], new),
            )
            for lever in levers.projects
            if lever.added is None or int(lever.added.region[0]) in new
        ),
        closures=tuple(
            replace(one, region=new[one.region]) for one in levers.closures if one.region in new
        ),
        conversions=tuple(
            replace(one, region=new[one.region]) for one in levers.conversions if one.region in new
        ),
    )


def until(setup: Setup, last: int) -> Setup:
    """The same with a horizon that ends in ``last``."""
    world, levers = setup.world, setup.adjustments
    axes = world.axes
    years, ahead = last + 1 - axes.year.labels[0], last + 1 - axes.base
    cut: dict[str, Callable[[Any], Any]] = {
        "year": lambda array: array[:years],
        "horizon": lambda array: array[:ahead],
    }
    by_year = ("pupils", "sought", "flagged", "births", "children", "homes", "stock_then")
    values = {
        kind: tuple(
            replace(lever, chosen=(cut[VARIABLES[kind][0]](lever.chosen[0]), *lever.chosen[1:]))
            for lever in levers.values[kind]
        )
        for kind in levers.values
    }
    return replace(
        setup,
        world=replace(
            world,
            axes=replace(axes, year=Axis("year", axes.year.labels[:years])),
            **{name: getattr(world, name)[:years] for name in by_year},
            given=world.given[:ahead],
            given_per_child=world.given_per_child[:ahead],
            given_sd=world.given_sd[:ahead],
        ),
        adjustments=replace(
            levers,
            values=values,
            closures=tuple(replace(one, years=one.years[:ahead]) for one in levers.closures),
            conversions=tuple(replace(one, years=one.years[:ahead]) for one in levers.conversions),
            rezonings=tuple(replace(one, years=one.years[:ahead]) for one in levers.rezonings),
        ),
    )


def same_bits(one: Any, other: Any) -> None:
    """Fail unless two arrays hold the same bits (unknown equals unknown)."""
    one, other = np.asarray(one), np.asarray(other)
    assert one.shape == other.shape
    np.testing.assert_array_equal(one, other)
