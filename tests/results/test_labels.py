"""Names that people read tell regions and levels apart."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from capacity.results import LevelLabel, RegionLabel, worst_year, years_of
from tests.render.frames import make_frame, make_labels
from tests.seeds import seeds

CODES = ("a", "b", "c", "d", "e")


@pytest.mark.parametrize("seed", seeds(range(8), range(20)))
def test_no_two_regions_or_levels_go_by_one_name(seed: int) -> None:
    rng = random.Random(seed)

    def titled(code: str) -> dict[str, str]:
        return {lang: rng.choice(["North", "北部", "South", code]) for lang in ("en", "zh")}

    titles = {code: titled(code) for code in CODES}
    labels = replace(
        make_labels(),
        regions=tuple(RegionLabel(code, title) for code, title in titles.items()),
        levels=tuple(LevelLabel(code, title, (1, 1)) for code, title in titles.items()),
    )
    for lang in ("en", "zh"):
        for name_of in (labels.region_name, labels.level_name):
            names = {code: name_of(code, lang) for code in CODES}
            assert len({name.casefold() for name in names.values()}) == len(CODES)
            for code, title in titles.items():
                once = sum(other[lang] == title[lang] for other in titles.values()) == 1
                assert names[code].casefold().startswith(title[lang].casefold())
                assert (names[code].casefold() == title[lang].casefold()) or not once


@pytest.mark.parametrize("seed", range(20))
def test_groups_stand_below_what_they_lie_in_and_others_stay_as_they_come(seed: int) -> None:
    rng = random.Random(seed)
    codes = [f"r{k}" for k in range(12)]
    within = {code: rng.choice([None, *codes[:k]]) for k, code in enumerate(codes)}
    regions = tuple(RegionLabel(code, {"en": code}, within=within[code]) for code in codes)
    labels = replace(make_labels(), regions=regions)
    leaves = [region.code for region in labels.leaves]
    chosen = rng.sample(leaves, rng.randint(1, len(leaves)))
    rows = labels.under_parents(chosen)
    assert len(set(rows)) == len(rows)
    assert [row for row in rows if not labels.is_sum(row)] == sorted(
        chosen, key=[row for row in rows if row in chosen].index
    )
    for at, row in enumerate(rows):
        around = labels.around(row)
        # what it lies in stands above it, and all between them lies in that too
        for outer in around:
            above = rows.index(outer)
            assert above < at
            assert all(outer in labels.around(one) for one in rows[above + 1 : at + 1])
        assert labels.row_name(row, "en") == "   " * len(around) + row
    flat = replace(make_labels(), regions=tuple(replace(one, within=None) for one in regions))
    assert flat.under_parents(chosen) == tuple(chosen)


@pytest.mark.parametrize("of", [(), ("middle",)])
@pytest.mark.parametrize("kind", ["short", "idle", "unknown"])
def test_pictures_answer_for_the_plans_year_and_else_for_the_worst(kind: str, of) -> None:
    labels = make_labels(pooled=False, target_levels=of)
    frame = make_frame(labels)
    if kind == "idle":
        frame["gap"] -= 1e6
        frame["shortage"] = 0.0
    if kind == "unknown":
        frame = frame.assign(gap=np.nan, shortage=np.nan)
    named = {"short": "shortage", "idle": "gap", "unknown": "demand"}[kind]
    counted = {(code, level) for code, level in labels.headline}
    own = frame[[cell in counted for cell in zip(frame.region, frame.level, strict=True)]]
    worst = own.groupby("year")[named].sum().idxmax()
    assert worst_year(frame, labels) == worst
    labels, years = replace(labels, worst_year=worst), years_of(frame)
    assert labels.answer_year(years) == 2025  # the plan's
    assert replace(labels, new_places_by=None).answer_year(years) == worst
    assert replace(labels, new_places_by=2099).answer_year(years) == worst
    assert replace(labels, new_places_by=None, worst_year=None).answer_year(years) == years[-1]
