"""A district that adds up no places of different levels: no sentence, table or panel does."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re

import pytest
from matplotlib.text import Text as Written

from capacity.render import against, as_text, headline, how_sure, ranges, short_answer
from capacity.render.charts import fan_chart, gap_chart, map_chart, supply_chart, trend_chart
from capacity.render.pages import by_region, by_year, years_in_short
from tests.render.frames import (
    make_chance,
    make_entry,
    make_frame,
    make_labels,
    make_supply,
    with_draws,
)

LANGUAGES = ("en", "zh")
LABELS = dataclasses.replace(make_labels(pooled=False), by_level=True, gap_target=None)
FRAME = with_draws(make_frame(LABELS))
CHANCE = make_chance(FRAME)
ENTRY = make_entry(LABELS, FRAME)
LEVELS = [level.code for level in LABELS.levels]


def figures(text: str) -> set[int]:
    return {int(n.replace(",", "")) for n in re.findall(r"\d{1,3}(?:,\d{3})+|\d{4,}", text)}


def sums() -> set[int]:
    """Give the sums of two levels and more of the district's figures, but those of one level."""
    own, found = set(), set()
    names = ("demand", "places", "gap", "shortage", "surplus", "shortage_p10", "shortage_p90")
    for _, rows in FRAME[FRAME.region == "all"].groupby("year"):
        values = rows.set_index("level")
        for name in names:
            parts = [values.loc[level, name] for level in LEVELS]
            own |= {abs(round(part)) for part in parts}
            for size in (2, 3):
                some = (sum(chosen) for chosen in itertools.combinations(parts, size))
                found |= {abs(round(n)) for n in some if not math.isnan(n)}
    return {n for n in found - own if n > 2100}


def of_chart(ax) -> str:
    written = [text.get_text() for text in ax.findobj(Written)]
    return " ".join(written)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_has_a_sum_of_levels(lang: str) -> None:
    other = FRAME.assign(shortage=FRAME.shortage + 7.0, gap=FRAME.gap + 7.0)
    blocks = [
        *by_year(FRAME, LABELS, lang),
        *years_in_short(FRAME, LABELS, lang),
        *by_region(FRAME, LABELS, lang),
        ranges(FRAME, CHANCE, LABELS, lang),
    ]
    texts = {
        "answer": short_answer(FRAME, LABELS, lang),
        "headline": headline(FRAME, LABELS, lang),
        "sure": how_sure(FRAME, CHANCE, LABELS, lang, draws=9),
        "against": against(other, FRAME, LABELS, "x", lang),
        "tables": as_text([blocks]),
        "gap": of_chart(gap_chart(FRAME, LABELS, year=2025, lang=lang)),
        "fan": of_chart(fan_chart(FRAME, CHANCE, LABELS, lang=lang)),
        "map": of_chart(map_chart(FRAME, LABELS, year=2025, lang=lang)),
        "trend": of_chart(trend_chart(FRAME, ENTRY, CHANCE, LABELS, lang=lang)),
        "supply": of_chart(supply_chart(make_supply(LABELS, FRAME), FRAME, LABELS, lang=lang)),
    }
    forbidden = sums()
    for name, text in texts.items():
        assert not figures(text) & forbidden, name
        assert all(LABELS.level_name(level, lang) in text.lower() for level in LEVELS), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_level_has_its_own_figure_and_its_worst_year(lang: str) -> None:
    said = short_answer(FRAME, LABELS, lang)
    own = FRAME[(FRAME.region == "all")].set_index(["level", "year"]).shortage
    for level in LEVELS:
        if lang == "en" and round(own[level, 2025]):
            assert f"{level} {own[level, 2025]:,.0f}" in said
        worst = own[level].idxmax()
        if round(own[level, worst]) > round(own[level, 2025]):
            assert str(worst) in said


def test_the_fan_has_a_panel_a_level_alone() -> None:
    assert len(fan_chart(FRAME, CHANCE, LABELS).child_axes) == len(LEVELS)
    added = dataclasses.replace(LABELS, by_level=False)
    assert len(fan_chart(FRAME, CHANCE, added).child_axes) == len(LEVELS) + 1


def test_the_gap_charts_headline_signs_what_is_short_and_idle_of_each_level() -> None:
    ax = gap_chart(FRAME, LABELS, year=2025)
    said = of_chart(ax).replace("\n", " ")
    for level in LEVELS:
        row = FRAME[(FRAME.year == 2025) & (FRAME.region == "all") & (FRAME.level == level)]
        short, idle = row.shortage.item(), row.surplus.item()
        parts = [f"{short:+,.0f} short"] * (round(short) > 0)
        parts += [f"−{idle:,.0f} idle"] * (round(idle) > 0)
        assert f"{level} {', '.join(parts)}" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_no_places_are_known_demand_is_told_by_level(lang: str) -> None:
    cells = [(region.code, level) for region in LABELS.leaves for level in LEVELS]
    frame = with_draws(make_frame(LABELS, missing=cells))
    texts = [
        short_answer(frame, LABELS, lang),
        headline(frame, LABELS, lang),
        of_chart(gap_chart(frame, LABELS, year=2025, lang=lang)),
    ]
    for text in texts:
        assert all(LABELS.level_name(level, lang) in text.lower() for level in LEVELS)
        assert "nan" not in text
