"""The tables below the compass: every figure read back, and five questions answered by them."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from matplotlib.text import Text

from capacity.render.charts import trend_chart
from tests.render.frames import make_frame, make_frames, make_labels, nested

SHAPES = {
    "five": (make_labels(), {}),
    "one": (make_labels(1), {}),
    "many": (make_labels(150), {}),
    "nested": (nested(make_labels()), {}),
    "missing": (make_labels(), {"missing": [("west", "primary")]}),
    "levels": (make_labels(target_levels=("primary", "middle")), {}),
}


def rows_of(labels, frames, lang="en"):
    """Return the texts of the frame by the height at which they stand, from left to right."""
    ax = trend_chart(frames["results"], frames["entry"], frames["chance"], labels, lang=lang)
    rows: dict[float, list[tuple[float, str]]] = {}
    for text in ax.texts:
        if isinstance(text, Text) and not text.get_text().startswith(("Haidian District, Two",)):
            x, y = text.get_position()
            rows.setdefault(round(y, 3), []).append((x, text.get_text()))
    return [[text for _, text in sorted(row)] for _, row in sorted(rows.items())]


def figure(frame, year, region, level, name):
    rows = frame[(frame.year == year) & (frame.region == region) & (frame.level == level)]
    return rows[name].item()


@pytest.fixture(scope="module", params=SHAPES)
def drawn(request):
    labels, how = SHAPES[request.param]
    frames = make_frames(labels, make_frame(labels, **how))
    return labels, frames, rows_of(labels, frames)


def test_classes_and_worst_years_are_those_of_the_run(drawn):
    labels, frames, rows = drawn
    entry, results = frames["entry"], frames["results"]
    found = {row[0].strip(): row for row in rows if row}
    tops = [region.code for region in labels.tops]
    shown = [code for code in tops if labels.region_name(code, "en") in found]
    assert len(shown) == min(len(tops), 8) or len(labels.tops) > 10
    for code in shown:
        said = " ".join(found[labels.region_name(code, "en")])
        for level in labels.levels:
            known = entry[
                (entry.year == 2022) & (entry.region == code) & (entry.level == level.code)
            ]
            if known.empty or pd.isna(known.classes_needed.item()):
                continue
            assert f"{known.classes_needed.item():,.0f}" in said
            if pd.notna(gap := known.entry_gap.item()):
                assert f"{abs(gap):,.0f} {'short' if gap > 0 else 'idle'}" in said or not round(gap)
            own = results[(results.region == code) & (results.level == level.code)]
            short = own.set_index("year").shortage.dropna()
            if len(short) and round(short.max()):
                assert f"{short.max():,.0f} in {short.idxmax()}" in said


def test_every_years_sum_is_that_of_the_rows_that_count(drawn):
    labels, frames, rows = drawn
    results = frames["results"]
    at = next(k for k, row in enumerate(rows) if len(row) > 3 and all(map(str.isdigit, row)))
    years = list(map(int, rows[at]))
    assert labels.next_autumn(years) == 2022 or years[0] == 2021
    for row in rows[at + 1 :]:
        name = {"Shortage": "shortage", "Idle": "surplus"}.get(row[0])
        if name is None:
            continue
        for year, text in zip(years, row[1:], strict=True):
            cells = [figure(results, year, *cell, name) for cell in labels.headline_rows]
            assert text == ("–" if pd.isna(sum(cells)) else f"{sum(cells):,.0f}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_five_questions_are_answered_by_the_first_picture(lang):
    labels = make_labels()
    frames = make_frames(labels)
    ax = trend_chart(frames["results"], frames["entry"], frames["chance"], labels, lang=lang)
    said = "\n".join(text.get_text() for text in ax.texts)
    results, entry = frames["results"], frames["entry"]
    # how many first-grade classes next autumn in the east
    east = entry[(entry.year == 2022) & (entry.region == "east") & (entry.level == "primary")]
    assert f"{east.classes_needed.item():,.0f}" in said
    # where is it worst and when
    leaves = results[(results.region == "east") & (results.level == "middle")].set_index("year")
    assert str(leaves.shortage.idxmax()) in said and f"{leaves.shortage.max():,.0f}" in said
    # what is idle in 2032
    assert f"{figure(results, 2032, 'all', 'all', 'surplus'):,.0f}" in said
    # is the plan enough, and how sure is that
    low, high = (figure(results, 2025, "all", "all", f"shortage_{end}") for end in ("p10", "p90"))
    assert {"en": f"{low:,.0f} to {high:,.0f}", "zh": f"{low:,.0f}—{high:,.0f}"}[lang] in said
    assert {"en": "the year of the plan's target", "zh": "规划目标年"}[lang] in said
    assert {"en": "the plan is not enough", "zh": "规划不够"}[lang] in said


def test_a_plan_that_is_enough_is_said_to_be_and_one_of_unknown_places_is_not_judged():
    labels = make_labels()
    frame = make_frame(labels)
    places = frame.region.ne("all") | frame.level.ne("all")
    enough = frame.assign(shortage=frame.shortage.where(~places, 0.0).clip(upper=0.0))
    for results, verdict in ((enough, "the plan is enough in its year"), (None, "")):
        cells = [(region.code, level.code) for region in labels.leaves for level in labels.levels]
        of = make_frame(labels, missing=cells) if results is None else results
        frames = make_frames(labels, of)
        ax = trend_chart(frames["results"], frames["entry"], frames["chance"], labels)
        said = "\n".join(text.get_text() for text in ax.texts).replace("\n", " ")
        assert verdict in said and (verdict or "the plan is" not in said)


def test_regions_and_levels_that_have_no_room_are_counted():
    one = make_labels().levels[0]
    levels = tuple(
        dataclasses.replace(one, code=level.code, title={"en": f"{level.code} " * 9})
        for level in make_labels().levels
    )
    labels = dataclasses.replace(make_labels(12), levels=levels)
    said = " ".join(" ".join(row) for row in rows_of(labels, make_frames(labels)))
    assert "4 regions not in the table of classes" in said and "levels not in the table" not in said
