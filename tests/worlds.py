"""Small districts as arrays, and whole runs of the model on them.

A `Setup` is all that one run of the model takes. `setups` draws its shape and its special cases
with hypothesis, so that a law that fails comes with a small case, and fills it with numbers of
one drawn seed (drawing each number is ten times slower). `quiet_world` and the like are for
examples that state their own few numbers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import hypothesis.strategies as st
import numpy as np
from hypothesis.extra import numpy as hnp

from capacity.base import Axes, Axis, Floats, Settings
from capacity.base import Demand as DemandSettings
from capacity.base import Supply as SupplySettings
from capacity.inputs.to_model import build, resolve
from capacity.model import (
    NEVER,
    VARIABLES,
    Adjustment,
    Adjustments,
    Check,
    Demand,
    Flow,
    ModelData,
    Outcome,
    Pools,
    Prepared,
    Projects,
    Stock,
    Supply,
    check,
    prepare,
    simulate,
    totals,
)
from capacity.model.draws import completion_of
from tests.from_rows import scenario_of
from tests.random_districts import BASE, Case, Shape, drawn_case

#: Years of `axes_of` begin here.
FIRST = BASE - 5
MEAN = DemandSettings()
AS_LISTED = SupplySettings()
NO_LEVERS = Adjustments({})
STATUSES = ("open", "building", "planned", "idea")
#: Shape of the districts that laws are tried on.
SMALL = Shape(
    regions=(1, 3),
    history=(1, 4),
    ahead=(1, 4),
    schools=2,
    projects=3,
    levers=12,
    nested=False,
    wild=True,
)
#: Kinds of lever whose ``set`` and ``add`` count heads, homes or places.
COUNTS = ("births", "migration", "housing", "places", "add_places")


@dataclass(frozen=True)
class Setup:
    """All that a run takes."""

    world: ModelData
    demand: DemandSettings = MEAN
    adjustments: Adjustments = NO_LEVERS
    supply: SupplySettings = AS_LISTED
    case: Case | None = None  # of which it was made; changes of a setup leave it

    @property
    def settings(self) -> Settings:
        """What the model is told."""
        return Settings(demand=self.demand, supply=self.supply)

    def run(self) -> Ran:
        prepared = prepare(self.world, self.settings, self.adjustments)
        outcome = simulate(self.world, prepared)
        rows = totals(outcome, self.world.axes.members, self.world.pools)
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
        return check(self.outcome, self.demand, self.rows, world.axes.members, world.pools)


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
        flagged=np.zeros((years, areas, len(axes.grade)), dtype=bool),
        births=np.full((years, areas), 100.0),
        births_series=np.arange(areas),
        births_counted=np.full(areas, axes.start),
        children=np.full((years, areas), np.nan),
        given=np.ones((horizon, areas, grades)),
        given_per_child=np.full((horizon, areas), np.nan),
        later_per_birth=np.full((horizon, areas, len(axes.grade)), np.nan),
        later_per_child=np.full((horizon, areas, len(axes.grade)), np.nan),
        given_sd=np.full((horizon, areas, grades), np.nan),
        homes=np.full((years, regions), np.nan),
        per_home=np.zeros((1, areas, grades)),
        shares=np.zeros(0),
        flows=(),
        onward=np.full(levels, np.nan),
        class_size=np.full(levels, 40.0),
        stock=stock_of(axes, cells, places),
        stated=np.ones((regions, levels), dtype=bool),
        stock_then=np.full((years, regions, levels), np.nan),
        projects=projects_of(axes),
        pools=pools_of(np.zeros(levels, dtype=bool), regions),
        neighbours={},
    )
    if (pooled := changes.pop("pooled", None)) is not None:
        changes["pools"] = pools_of(pooled, regions)
    return replace(world, **changes)


def pools_of(pooled: Any, regions: int) -> Pools:
    """Levels whose places serve the whole district, those marked."""
    marks = np.asarray(pooled, dtype=bool)
    return Pools(tuple((tuple(range(regions)),) if one else () for one in marks), marks)


def stock_of(axes: Axes, cells: Sequence[tuple[int, int]], places: Any, **changes: Any) -> Stock:
    """Plain rows, one for each cell, at a class size of 40."""
    stock = Stock(
        region=np.array([region for region, _ in cells], dtype=np.int64),
        level=np.array([level for _, level in cells], dtype=np.int64),
        places=np.asarray(places, dtype=float),
        entry=np.full(len(cells), np.nan),
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


def flow_of(grade: int, share: Any, level: int = 1, into: Any = True) -> Flow:
    """A flow into a level by the grade at a position, into all areas or some."""
    share = np.asarray(share, dtype=float)
    into = np.broadcast_to(into, len(share))
    return Flow(level, grade, into, share[None], np.where(share > 0, 0, -1))


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


@st.composite
def setups(draw: st.DrawFn, *, levers: bool = True, by_size: bool = True, **shape: Any) -> Setup:
    """Draw all that a run takes, from the one generator of districts by the product's own door.

    Parameters
    ----------
    draw
    levers
        Levers may occur.
    by_size
        Ratios may depend on size and on other regions: `shrunk`, which mixes small areas too.
    **shape
        Other parts of a `Shape`.
    """
    own = {
        "levers": SMALL.levers * levers,
        "methods": ("mean", "pooled", *["shrunk"] * by_size),
    }
    numbers = random.Random(draw(st.integers(0, 2**32 - 1)))
    choices = draw(st.randoms(use_true_random=False))
    return setup_of(drawn_case(choices, numbers, replace(SMALL, **own, **shape)))


def setup_of(case: Case) -> Setup:
    """What a run of a case takes."""
    scenario = scenario_of(case)
    years, completion = scenario.horizon, completion_of(scenario.supply)
    data = build(scenario.district, years.base_year, years.last_year, completion=completion)
    levers = resolve(scenario, data.axes, completion)
    return Setup(data, scenario.demand, levers, scenario.supply, case)


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


# Changes of a setup ----------------------------------------------------------------------------


def scaled(setup: Setup, factor: float) -> Setup:
    """The same with every count of heads, homes and places multiplied."""
    world, levers = setup.world, setup.adjustments
    names = ("pupils", "sought", "births", "children", "homes", "stock_then")
    more = setup.with_world(
        **{name: getattr(world, name) * factor for name in names},
        stock=replace(
            world.stock,
            places=world.stock.places * factor,
            entry=world.stock.entry * factor,
        ),
        projects=projects_times(world.projects, factor),
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
        replace(lever, added=projects_times(lever.added, factor)) if lever.added else lever
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


def projects_times(projects: Projects, factor: float) -> Projects:
    """The same projects with every count of places multiplied."""
    return replace(projects, places=projects.places * factor, decant=projects.decant * factor)


def picked_pools(pools: Pools, new: dict[int, int]) -> Pools:
    """Sets of the regions that are left, by their new positions."""
    sets = [[tuple(sorted(new[r] for r in one if r in new)) for one in part] for part in pools.sets]
    least = [1 if whole else 2 for whole in pools.district]
    kept = [sorted(one for one in s if len(one) >= n) for s, n in zip(sets, least, strict=True)]
    return Pools(tuple(map(tuple, kept)), pools.district)


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
    by_area += ("later_per_birth", "later_per_child")
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
            births_series=world.births_series[areas],
            births_counted=world.births_counted[areas],
            split_sd=world.split_sd[list(regions)],
            split_assumed=world.split_assumed[list(regions)],
            homes=world.homes[:, regions],
            per_home=world.per_home[:, areas],
            stock=replace(
                stock,
                region=np.array([new[int(stock.region[row])] for row in rows], dtype=np.int64),
                **{
                    name: getattr(stock, name)[rows]
                    for name in (
                        "level",
                        "places",
                        "entry",
                        "class_size",
                        "closes",
                        "convertible",
                        "sd",
                        "assumed",
                    )
                },
                school=tuple(stock.school[row] for row in rows),
            ),
            pools=picked_pools(world.pools, new),
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
    chosen = projects.take(rows)
    regions = [new[int(region)] for region in chosen.region]
    return replace(chosen, region=np.array(regions, dtype=np.int64))


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
                among=None if lever.among is None else lever.among[list(areas)],
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
            births_counted=np.minimum(world.births_counted, years - 1),
            given=world.given[:ahead],
            given_per_child=world.given_per_child[:ahead],
            later_per_birth=world.later_per_birth[:ahead],
            later_per_child=world.later_per_child[:ahead],
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
