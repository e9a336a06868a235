"""Random settings of the levers that a page offers, valid in a scenario."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

#: How far each kind of lever is moved, by form.
MOVES: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "births": {"times": (0.7, 1.4), "add": (-20, 200), "set": (50, 3000)},
    "entry": {"times": (0.7, 1.3), "add": (-0.1, 0.1), "set": (0.4, 1.2)},
    "progression": {"times": (0.8, 1.2), "add": (-0.05, 0.05), "set": (0.7, 1.1)},
    "onward_share": {"times": (0.7, 1.1)},
    "class_size": {"times": (0.8, 1.2), "add": (-5, 5), "set": (25, 50)},
    "places": {"times": (0.8, 1.5), "add": (0, 500), "set": (1000, 9000)},
    "margin": {"set": (0, 0.2), "add": (0, 0.1)},
    "completion": {"set": (0, 1), "times": (0.5, 1), "add": (-0.2, 0.2)},
}


def lever(pick: random.Random, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return one lever on a district as `live_data` gives it."""
    kinds = list(data["offered"])
    kind = pick.choice(kinds)
    years, regions = data["years"], [region["code"] for region in data["regions"]]
    levels = [level["code"] for level in data["levels"]]
    projects = [project["code"] for project in data["model"]["supply"]["projects"]]
    places = {"region": some(pick, regions), "level": some(pick, levels)}
    if kind == "add_project":
        row = {"project": f"trial-{pick.randint(1, 3)}", "region": pick.choice(leaves(data))}
        row |= {"status": pick.choice(["building", "approved", "planned"])}
        row |= {f"places_{pick.choice(levels)}": pick.randint(100, 3000)}
        return {"kind": kind, "add_project": row | {"opens": pick.choice(years[1:])}}
    if kind == "add_places":
        return {"kind": kind, "where": places, "add": pick.randint(1, 900), **dated(pick, years)}
    if kind in ("delay", "cancel", "completion"):
        keys = {"region": regions, "project": projects}
        keys |= {"status": ["building", "approved", "planned"]}
        where = {
            key: some(pick, names) for key, names in keys.items() if names and pick.random() < 0.4
        }
        if kind == "cancel":
            return {"kind": kind, "where": where or {"status": ["planned"]}}
        if kind == "delay":
            return {"kind": kind, "where": where, "add": pick.randint(-1, 4)}
        return {"kind": kind, "where": where, **moved(pick, kind)}
    keys = {"region": regions}
    if kind in ("births", "entry", "progression", "onward_share") and data["groups"]:
        keys["group"] = data["groups"]
    if kind in ("progression", "class_size", "places", "margin", "onward_share"):
        keys["level"] = levels[1:] if kind == "onward_share" else levels
    if kind == "progression":
        keys["grade"] = [one["grade"] for one in data["grades"]][1:]
    return {"kind": kind, "where": chosen(pick, keys), **moved(pick, kind), **dated(pick, years)}


def moved(pick: random.Random, kind: str) -> dict[str, Any]:
    """Return a value in one form."""
    form = pick.choice(list(MOVES[kind]))
    value = round(pick.uniform(*MOVES[kind][form]), 3)
    return {form: value} | ({"replaces": True} if form == "set" else {})


def dated(pick: random.Random, years: list[int]) -> dict[str, int]:
    """Return the years in which it acts, if not in all."""
    first = pick.choice(years)
    last = pick.choice([year for year in years if year >= first])
    found = {"from": first} if pick.random() < 0.5 else {}
    return found | ({"until": last} if pick.random() < 0.3 else {})


def chosen(pick: random.Random, keys: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Return a choice by some of the keys."""
    return {key: some(pick, names) for key, names in keys.items() if names and pick.random() < 0.4}


def some(pick: random.Random, names: list[Any]) -> Any:
    """Return one of some names, or a few."""
    few = pick.sample(names, pick.randint(1, min(3, len(names))))
    return few[0] if len(few) == 1 and pick.random() < 0.5 else few


def leaves(data: Mapping[str, Any]) -> list[str]:
    """Return the regions that have places of their own."""
    return [region["code"] for region in data["regions"] if region["leaf"]]
