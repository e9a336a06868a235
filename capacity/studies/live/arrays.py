"""A run before anything is rolled, as plain numbers: what the kernel of the page works on.

An array is ``{"shape": […], "values": […]}``, the first axis slowest; null is unknown. One that is
the same in every year has length 1 there; one that is 0 everywhere is null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capacity.base.axes import Axes
from capacity.base.settings import Supply as SupplySettings
from capacity.model.births import extend_births
from capacity.model.data import VARIABLES, Adjustment, Adjustments, ModelData, Projects, Stock
from capacity.model.demand import Demand
from capacity.model.levers import adjust_projects
from capacity.model.supply import shut_rows

#: Variables that levers of the page may change.
MOVED = tuple(name for name in VARIABLES if name not in ("migration", "flows", "housing"))


def numbers(values: Any) -> list[Any]:
    """Return the numbers of an array in one list; null for what is no number, or endless."""
    flat = np.asarray(values, np.float64).reshape(-1)
    finite = np.isfinite(flat)
    whole = finite & (np.trunc(flat) == flat) & (np.abs(flat) < 2.0**53)
    return [
        (int(value) if w else value) if f else None
        for value, f, w in zip(flat.tolist(), finite.tolist(), whole.tolist(), strict=True)
    ]


def array(values: NDArray[Any], *, yearly: bool = True) -> dict[str, Any] | None:
    """Return an array as numbers; ``yearly`` where its first axis is years, which may be alike."""
    values = np.asarray(values, np.float64)
    if not np.nan_to_num(values, nan=1.0).any():
        return None
    if yearly and len(values) > 1:
        first = np.broadcast_to(values[:1], values.shape)
        if np.array_equal(first, values, equal_nan=True):
            values = values[:1]
    return {"shape": list(values.shape), "values": numbers(values)}


def axes_data(axes: Axes, children: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the axes, and how they hang together.

    ``children`` are the leaf regions that each region stands for.
    """
    groups = sorted({"", *(group for _, group in axes.area.labels)})
    return {
        "years": list(axes.year.labels),
        "start": axes.start,
        "regions": list(axes.region.labels),
        "areas": [
            [int(region), group]
            for region, (_, group) in zip(axes.region_of, axes.area.labels, strict=True)
        ],
        "grades": list(axes.grade.labels),
        "levels": list(axes.level.labels),
        "entry": list(axes.entry),
        "span": numbers(axes.span),
        "level_of": axes.level_of.tolist(),
        "level_at": {
            group: [axes.level_at(grade, group) for grade in axes.grade.labels] for group in groups
        },
        "nowhere": axes.nowhere.astype(int).tolist(),
        "unlinked": list(axes.unlinked_grades),
        "rows": list(axes.row.labels),
        "members": [list(leaves) for leaves in axes.members],
        "leaves": {
            code: [axes.region.at(leaf) for leaf in leaves] for code, leaves in children.items()
        },
    }


def demand_data(data: ModelData, demand: Demand, after_last: str | float) -> dict[str, Any]:
    """Return cohorts, ratios and moves before the levers of `MOVED`, but after all others.

    ``after_last`` continues births, as in `extend_births`.
    """
    start, ratios, homes = data.axes.start, demand.stated, demand.homes
    passing = ratios.estimate.passing
    return {
        "base": array(data.pupils[start], yearly=False),
        "births": array(extend_births(data.births, after_last), yearly=False),
        "weights": [[int(lag), float(weight)] for lag, weight in data.weights.items()],
        "passing": {
            "share": passing.share,
            "spread": numbers(passing.spread),
            "counted": numbers(passing.counted),
        },
        "stated_entry": array(~np.isnan(data.given[:, :, 0])),
        "children": array(data.children, yearly=False),
        "per_birth": array(ratios.per_birth),
        "per_child": array(ratios.per_child),
        "entrants": numbers(ratios.entrants),
        "progression": array(ratios.progression),
        "closed": array(ratios.closed),
        "onward": numbers(data.onward),
        "later_per_birth": array(data.later_per_birth),
        "later_per_child": array(data.later_per_child),
        "migration": array(demand.migration[..., 0]),
        "small_area": array(demand.small_area[..., 0]),
        "homes": array(homes.moves + homes.unplaced),
        "homes_by_children": (demand.basis[1:2] == "children").any(axis=0).astype(int).tolist(),
        "flows": [
            {
                "grade": flow.grade,
                "into": np.flatnonzero(flow.into).tolist(),
                "share": array(flow.share),
            }
            for flow in demand.transfers.flows
        ],
        "rezoned": [
            {"grade": int(grade), "share": array(share)}
            for grade, share in demand.transfers.rezoned.items()
        ],
    }


def supply_data(
    data: ModelData, settings: SupplySettings, adjustments: Adjustments
) -> dict[str, Any]:
    """Return stock and pipeline before the levers of `MOVED`; levers on projects have acted."""
    shut = shut_rows(data, adjustments)
    projects, _ = adjust_projects(data.projects, adjustments.projects)
    added = [change.added.code for change in adjustments.projects if change.added is not None]
    return {
        "class_size": numbers(data.class_size),
        "stock": _stock(data.stock),
        "stated": data.stated.astype(int).tolist(),
        "shut": np.argwhere(shut).tolist(),
        "closures": [
            {
                "years": np.flatnonzero(one.years).tolist(),
                "cell": [one.region, one.level],
                "places": one.places,
            }
            for one in adjustments.closures
        ],
        "conversions": [
            {
                "years": np.flatnonzero(one.years).tolist(),
                "cell": [one.region, one.source],
                "target": one.target,
                "places": one.places,
            }
            for one in adjustments.conversions
        ],
        "projects": projects_data(projects),
        "codes": [*data.projects.code, *(code for codes in added for code in codes)],
        "count": list(settings.count),
        "fill": settings.fill,
        "margin": settings.margin,
        "pools": [[list(one) for one in sets] for sets in data.pools.sets],
        "holds": data.pools.holds(data.axes.members).astype(int).tolist(),
        "neighbours": [
            [list(pair) for pair in data.neighbours.get(level, ())]
            for level in range(len(data.class_size))
        ],
        "bands": [data.bands.yellow, data.bands.red, data.bands.idle],
    }


def _stock(stock: Stock) -> dict[str, Any]:
    return {
        "region": stock.region.tolist(),
        "level": stock.level.tolist(),
        "places": numbers(stock.places),
        "entry": numbers(stock.entry),
        "class_size": numbers(stock.class_size),
        "closes": numbers(stock.closes),
        "convertible": stock.convertible.astype(int).tolist(),
    }


def projects_data(projects: Projects) -> list[dict[str, Any]]:
    """Return a pipeline, a map a project; null for never."""
    columns = {
        name: numbers(getattr(projects, name))
        for name in ("region", "opens_listed", "opens", "closes", "starts", "completion")
    }
    return [
        {
            "code": code,
            "status": projects.status[row],
            **{name: column[row] for name, column in columns.items()},
            "places": numbers(projects.places[row]),
            "decant": numbers(projects.decant[row]),
            "by_grade": bool(projects.by_grade[row]),
        }
        for row, code in enumerate(projects.code)
    ]


def changes_data(adjustments: Adjustments) -> dict[str, Any]:
    """Return the levers of the scenario on `MOVED`, the cells of each as positions."""
    return {
        name: [_change(change) for change in adjustments.values.get(name, ())] for name in MOVED
    }


def _change(change: Adjustment) -> dict[str, Any]:
    among = change.among
    return {
        "lever": change.lever,
        "form": change.form,
        "value": change.value,
        "chosen": [np.flatnonzero(marks).tolist() for marks in change.chosen],
        "among": None if among is None else among.reshape(-1).astype(int).tolist(),
    }
