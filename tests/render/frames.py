"""Consistent results frames for tests of outputs."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd

from capacity.results import Labels, LevelLabel, RegionLabel, statement

FIVE = {
    "north": ("North", "北部", (0, 1)),
    "central": ("Central", "中部", (1, 1)),
    "south": ("South", "南部", (2, 1)),
    "east": ("East", "东部", (1, 2)),
    "west": ("West", "西部", (1, 0)),
}
SIZES = {"primary": 30000, "middle": 12000, "high": 9000}


def make_labels(regions: int = 5, cells: bool = True, pooled: bool = True, **changes):
    if regions == 5:
        made = tuple(
            RegionLabel(code, {"en": en, "zh": zh}, cell if cells else None)
            for code, (en, zh, cell) in FIVE.items()
        )
    else:
        made = tuple(
            RegionLabel(f"r{i:03}", {"en": f"School area {i}", "zh": f"第{i}学区"})
            for i in range(1, regions + 1)
        )
    codes = tuple(sorted(region.code for region in made))
    shared = ((codes,), frozenset(codes)) if pooled else ()
    facts = {
        "scenario": "delayed",
        "title": {"en": "Two-year construction delay", "zh": "工程延期两年"},
        "question": {"en": "How large is the gap in 2025?", "zh": "2025年缺口多大？"},
        "regions": made,
        "levels": (
            LevelLabel("primary", {"en": "primary", "zh": "小学"}, (1, 6)),
            LevelLabel("middle", {"en": "middle", "zh": "初中"}, (7, 9)),
            LevelLabel("high", {"en": "high", "zh": "高中"}, (10, 12), *shared),
        ),
        "district": {"en": "Haidian District", "zh": "海淀区"},
        "base_year": 2021,
        "bands": (0.9, 1.0),
        "new_places": 45000.0,
        "new_places_by": 2025,
        "gap_target": 60000.0,
        "sources": "Haidian statistical yearbook 2021; plan of December 2021",
        "quality": "RED",
        "split_assumed": True,
        "run_id": "3f2a9c01",
    }
    return Labels(**{**facts, **changes})


def nested(labels: Labels, groups: int = 1, of: int = 2) -> Labels:
    """Return labels whose first regions lie in others: so many parks of so many regions each."""
    regions = labels.regions
    made: list[RegionLabel] = []
    for k in range(groups):
        code = f"park{k}"
        made.append(RegionLabel(code, {"en": f"Park {k}", "zh": f"{k}号园区"}))
        inside = regions[k * of : (k + 1) * of]
        made += [dataclasses.replace(one, within=code, cell=None) for one in inside]
    inside = frozenset(one.code for one in made)
    levels = [
        dataclasses.replace(level, shared=level.shared | inside) if level.shared else level
        for level in labels.levels
    ]
    every = (*made, *regions[groups * of :])
    return dataclasses.replace(labels, regions=every, levels=tuple(levels))


def make_frame(labels: Labels, last: int = 2036, missing=(), full=(), seed: int = 1):
    """Return a results frame: demand rises and falls, places open; sums as in design."""
    rng = np.random.default_rng(seed)
    rows = []
    leaves = [region.code for region in labels.leaves]
    weights = dict(zip(leaves, rng.uniform(0.5, 1.6, len(leaves)), strict=True))
    tilt = dict(zip(leaves, rng.uniform(-0.06, 0.16, len(leaves)), strict=True))
    for year in range(labels.base_year, last + 1):
        cells = {}
        for region in leaves:
            for k, level in enumerate(labels.levels):
                size = SIZES[level.code] * weights[region] * 5 / max(5, len(leaves))
                wave = 1 + 0.15 * math.sin((year - 2021 - 2.5 * k) / 15 * 2 * math.pi)
                demand = size * wave * (1 + tilt[region])
                listed = size * (1 + 0.03 * min(year - labels.base_year, 5))
                places = listed - size * 0.02 * (year < labels.base_year + 4)
                if (region, level.code) in missing:
                    listed = places = math.nan
                cells[region, level.code] = (demand, places, listed)
        rows += _rows(labels, year, leaves, cells, full)
    names = "scenario year region level demand places places_listed gap shortage surplus "
    names += "shortage_after utilisation constrained"
    return pd.DataFrame(rows, columns=names.split())


def _rows(labels, year, leaves, cells, full):
    """Return the rows of one year; a pooled level is clipped once, over the district."""
    pooled = [level.code for level in labels.levels if level.pooled]
    levels = [level.code for level in labels.levels]
    own = [level for level in levels if level not in pooled]
    nothing = np.full(3, math.nan)
    rows, clips = [], {}

    def put(region, level, parts, clip, bound):
        demand, places, listed = np.sum(parts, axis=0)
        used = demand / places if places else math.nan
        figures = (demand, places, listed, demand - places, *clip, used, bound)
        rows.append((labels.scenario, year, region, level, *figures))

    for region in leaves:
        for level in levels:
            part = cells[region, level]
            clips[region, level] = nothing if level in pooled else _clip(part[0] - part[1])
            put(region, level, [part], clips[region, level], (region, level) in full)
        clip = np.sum([clips[region, level] for level in own] or [nothing], axis=0)
        parts = [cells[region, level] for level in levels]
        put(region, "all", parts, clip, any(region == code for code, _ in full))
    for code in (region.code for region in labels.regions if labels.is_sum(region.code)):
        inside = labels.leaves_of(code)
        for level in [*levels, "all"]:
            some = levels if level == "all" else [level]
            clipped = [clips[leaf, k] for leaf in inside for k in some if k not in pooled]
            clip = np.sum(clipped, axis=0) if clipped else nothing
            parts = [cells[leaf, k] for leaf in inside for k in some]
            put(code, level, parts, clip, any((leaf, k) in full for leaf in inside for k in some))
    for level in levels:
        parts = [cells[region, level] for region in leaves]
        total = np.sum(parts, axis=0)
        split = np.sum([clips[region, level] for region in leaves], axis=0)
        clips["all", level] = _clip(total[0] - total[1]) if level in pooled else split
        put("all", level, parts, clips["all", level], any(level == code for _, code in full))
    clip = np.sum([clips["all", level] for level in levels], axis=0)
    put("all", "all", list(cells.values()), clip, bool(full))
    return rows


def _clip(gap):
    """Return shortage, surplus, and what is left of the shortage after remedies."""
    return np.array([np.maximum(gap, 0.0), np.maximum(-gap, 0.0), 0.8 * np.maximum(gap, 0.0)])


#: Shares of the places that each part makes up; what measures take is put back by ``existing``.
PARTS = {"open": 0.08, "building": 0.04, "approved": 0.03, "planned": 0.05, "idea": 0.01}


def make_supply(labels: Labels, results: pd.DataFrame, closed=()) -> pd.DataFrame:
    """Return the supply frame of a results frame: parts add up to places; ``closed`` cells lose."""
    rows = []
    places_of = results.set_index(["year", "region", "level"])["places"].to_dict()
    for year in sorted(results["year"].unique()):
        cells = {}
        for region in (region.code for region in labels.leaves):
            for level in (level.code for level in labels.levels):
                places = places_of[year, region, level]
                parts = {part: share * places for part, share in PARTS.items()}
                parts["measures"] = places * (-0.1 if (region, level) in closed else 0.02)
                parts = {"existing": places - sum(parts.values())} | parts
                cells[region, level] = parts
                rows += [(year, region, level, part, n, n) for part, n in parts.items()]
        for level in (level.code for level in labels.levels):
            for part in ("existing", *PARTS, "measures"):
                whole = sum(cells[region.code, level][part] for region in labels.leaves)
                rows.append((year, "all", level, part, whole, whole))
    names = ["year", "region", "level", "part", "places", "places_listed"]
    return pd.DataFrame(rows, columns=names)


def make_pupils(labels: Labels, results: pd.DataFrame) -> pd.DataFrame:
    """Return the pupils frame of a results frame: the grades of a level add up to its demand."""
    rows = []
    for row in results[results["level"] != "all"].itertuples():
        first, last = next(level.grades for level in labels.levels if level.code == row.level)
        weights = [1 + 0.1 * math.sin(row.year - grade) for grade in range(first, last + 1)]
        for grade, weight in zip(range(first, last + 1), weights, strict=True):
            rows.append((row.year, row.region, grade, row.demand * weight / sum(weights)))
    return pd.DataFrame(rows, columns=["year", "region", "grade", "pupils"])


def make_entry(labels: Labels, results: pd.DataFrame) -> pd.DataFrame:
    """Return the entry frame of a results frame: first grades against their share of places."""
    rows = []
    pooled = {level.code for level in labels.levels if level.pooled}
    for row in results[results["level"] != "all"].itertuples():
        first, last = next(level.grades for level in labels.levels if level.code == row.level)
        entrants, places = (n / (last - first + 1) for n in (row.demand, row.places_listed))
        gap, share = entrants - places, entrants / places
        band = "红" if share >= 1 else "黄" if share >= 0.9 else ""
        if row.level in pooled and row.region != "all":
            gap, band = math.nan, ""
        facts = (entrants, places, gap, math.ceil(entrants / 40), band)
        rows.append((row.year, row.region, row.level, *facts))
    names = ["year", "region", "level", "entrants", "entry_places", "entry_gap"]
    names += ["classes_needed", "band"]
    return pd.DataFrame(rows, columns=names)


def make_frames(labels: Labels, results: pd.DataFrame | None = None) -> dict[str, pd.DataFrame]:
    """Return all the tables that charts are drawn from."""
    results = make_frame(labels) if results is None else results
    return {
        "results": with_draws(results),
        "chance": make_chance(results),
        "supply": make_supply(labels, results),
        "entry": with_ranges(make_entry(labels, results)),
        "pupils": make_pupils(labels, results),
    }


def with_ranges(entry: pd.DataFrame) -> pd.DataFrame:
    """Add what draws say of entry: a tenth of the classes down, a fifth up, and the red band."""
    drawn = entry.copy()
    drawn["classes_p10"] = (0.9 * entry["classes_needed"]).round()
    drawn["classes_p90"] = (1.2 * entry["classes_needed"]).round()
    drawn["prob_red"] = np.where(entry["entry_gap"].isna(), math.nan, (entry["band"] == "红") * 0.7)
    return drawn


def with_draws(results: pd.DataFrame) -> pd.DataFrame:
    """Add what draws say: a tenth up and down, and how likely each row is short."""
    drawn = results.copy()
    for name in ("demand", "places", "gap", "shortage"):
        spread = 0.1 * results["demand"]
        for end, by in (("p10", -1.0), ("p50", 0.0), ("p90", 1.0)):
            low = 0.0 if name == "shortage" else -math.inf
            drawn[f"{name}_{end}"] = (results[name] + by * spread).clip(lower=low)
    drawn["shortage_mean"], drawn["surplus_mean"] = drawn["shortage"], drawn["surplus"]
    known = results["shortage"].notna()
    drawn["prob_shortage"] = np.where(known, (results["gap"] > 0) * 0.9 + 0.05, math.nan)
    return drawn


def make_chance(results: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of chance.csv that go with `with_draws`."""
    chance = with_draws(results)[["year", "region", "level", "prob_shortage"]].copy()
    chance["statement"] = [statement(share) for share in chance["prob_shortage"]]
    chance["share_assumed"], chance["mainly_assumed"] = 0.6, True
    return chance
