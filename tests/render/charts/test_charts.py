"""The gap and trend charts and their fonts: what they say and draw, in both languages."""

from __future__ import annotations

import dataclasses
import math
import warnings
from functools import cache

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.container import BarContainer
from matplotlib.text import Text

from capacity.render.charts import IDLE, SHORT, gap_chart, trend_chart
from tests.render.frames import make_frame, make_frames, make_labels, nested

LABELS = make_labels()
FRAME = make_frame(LABELS)


@pytest.fixture(autouse=True)
def _warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def texts(ax):
    return [text.get_text() for text in ax.findobj(Text) if text.get_text()]


def panels(ax):
    """Return the panels of a trend by the first line of their title."""
    return {panel.get_title(loc="left").split("\n")[0]: panel for panel in ax.child_axes}


def value(frame, year, region, level, name="gap"):
    rows = frame[(frame.year == year) & (frame.region == region) & (frame.level == level)]
    return rows[name].item()


@cache
def gap_of_2025(lang="en"):
    """Return the chart of one year, drawn once for all that look at it."""
    return gap_chart(FRAME, LABELS, year=2025, lang=lang)


@cache
def whole_trend(lang="en"):
    """Return the chart of all years, drawn once for all that look at it."""
    return trend(FRAME, LABELS, lang)


def trend(frame, labels, lang="en"):
    frames = make_frames(labels, frame)
    return trend_chart(frames["results"], frames["entry"], frames["chance"], labels, lang=lang)


@pytest.mark.parametrize(
    "lang, title",
    [
        ("en", "Gap by region and level, 2025 (places; + short, − idle)"),
        ("zh", "2025年各区域、学段学位缺口（个；正 = 缺，负 = 富余）"),
    ],
)
def test_gap_title_states_unit_and_sign(lang, title):
    assert gap_of_2025(lang).get_title(loc="left") == title


def test_gap_bars_are_the_gaps_and_lie_on_the_side_of_their_sign():
    ax = gap_of_2025()
    bars = [list(c) for c in ax.containers if isinstance(c, BarContainer)]
    assert len(bars) == 3
    for level, column in zip(LABELS.levels, bars, strict=True):
        for region, bar in zip(LABELS.regions, column, strict=True):
            expected = value(FRAME, 2025, region.code, level.code)
            assert bar.get_width() == pytest.approx(expected)
            assert level.pooled == bool(bar.get_hatch())
            if not level.pooled:
                colour = SHORT if expected > 0 else IDLE
                assert mpl.colors.to_hex(bar.get_facecolor()) == colour.lower()


def test_gap_figures_have_a_sign_and_the_district_words():
    said = texts(gap_of_2025())
    assert f"{value(FRAME, 2025, 'central', 'primary'):+,.0f}" in said
    assert f"{value(FRAME, 2025, 'west', 'primary'):+,.0f}".replace("-", "−") in said
    assert f"{value(FRAME, 2025, 'all', 'primary'):+,.0f}" in said
    assert f"{value(FRAME, 2025, 'all', 'high'):+,.0f}".replace("-", "−") in said
    net = value(FRAME, 2025, "all", "all")
    assert any(text.endswith(f"net gap {net:+,.0f}") for text in said)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("year", [2022, 2030])
def test_every_gap_of_a_picture_has_its_sign(lang, year):
    """Also a bound: where demand is at least so much the gap is, whichever way it goes."""
    cells = [(region.code, level.code) for region in LABELS.leaves for level in LABELS.levels]
    frame = make_frame(LABELS, full=cells)
    ax = gap_chart(frame, LABELS, year=year, lang=lang)
    written = [text.get_text() for text in ax.texts]
    own = frame[(frame.year == year) & (frame.level != "all")]
    for gap in own.gap:
        assert f"≥ {gap:+,.0f}".replace("-", "−") in written
    head = next(text for text in written if LABELS.title[lang] in text)
    whole = frame[(frame.year == year) & (frame.region == "all") & (frame.level == "all")]
    for figure in (whole.shortage.item(), -whole.surplus.item(), whole.gap.item()):
        assert f"{figure:+,.0f}".replace("-", "−") in head.replace("\n", " ")
    assert not any("≤" in text for text in written)


def test_gap_foot_tells_where_figures_come_from():
    foot = "\n".join(texts(gap_of_2025()))
    assert "high pooled over the district" in foot
    assert "Regional split assumed; data quality RED; run 3f2a9c01; source: Haidian" in foot
    foot = "\n".join(texts(gap_of_2025("zh")))
    assert "各区域数按假定比例拆分" in foot and "数据质量：红" in foot and "高中全区统筹" in foot
    known = dataclasses.replace(LABELS, split_assumed=False)
    assert "assumed" not in "\n".join(texts(gap_chart(FRAME, known, year=2025)))


def test_gap_says_what_is_missing_and_what_is_a_lower_bound():
    frame = make_frame(LABELS, missing=[("west", "middle")], full=[("north", "primary")])
    said = texts(gap_chart(frame, LABELS, year=2025))
    assert said.count("no data") == 2  # the cell and the level's sum
    assert f"≥ {value(frame, 2025, 'north', 'primary'):+,.0f}" in said
    assert any("demand is a lower bound" in text for text in said)
    assert any("net gap not known (no data on places: West middle)" in text for text in said)
    assert not any("nan" in text.lower() for text in said)
    assert "无数据" in texts(gap_chart(frame, LABELS, year=2025, lang="zh"))


def test_gap_of_many_regions_shows_the_greatest_and_says_so():
    labels = make_labels(150)
    frame = make_frame(labels)
    ax = gap_chart(frame, labels, year=2025)
    said = texts(ax)
    assert any("20 of 150 regions shown" in text for text in said)
    assert sum(text.startswith("School area ") for text in said) == 20
    own = frame[(frame.year == 2025) & frame.level.isin(["primary", "middle"])]
    sizes = own[own.region != "all"].groupby("region").gap.apply(lambda gaps: gaps.abs().sum())
    assert f"School area {int(sizes.idxmax()[1:])}" in said
    assert any("仅示" in text for text in texts(gap_chart(frame, labels, year=2025, lang="zh")))


def test_gap_charts_of_a_run_share_one_scale():
    axes = [gap_chart(FRAME, LABELS, year=year) for year in (2021, 2036)]
    assert axes[0].get_xlim() == axes[1].get_xlim()
    assert any("one scale for all years" in text.lower() for text in texts(axes[0]))


def test_gap_of_a_year_that_was_not_run_is_refused():
    with pytest.raises(ValueError, match="2050"):
        gap_chart(FRAME, LABELS, year=2050)


def test_parents_are_drawn_as_what_they_are():
    labels = nested(LABELS)
    frame = make_frame(labels)
    ax = gap_chart(frame, labels, year=2025)
    net = value(frame, 2025, "park0", "primary")
    assert "Park 0, net" in texts(ax)
    assert f"{net:+,.0f}".replace("-", "−") in texts(ax)
    # its figure stands without a bar: what is short in one part is not seated in another
    own = [level for level in labels.levels if not level.pooled]
    assert all(len(bars) == len(labels.leaves) for bars in ax.containers[: len(own)])
    drawn = panels(trend(frame, labels))
    assert list(drawn) == ["Haidian District", "Park 0", "South", "East", "West"]
    line = drawn["Park 0"].lines[-1].get_ydata()
    parts = [
        value(frame, 2021, r, k, "demand")
        for r in ("north", "central")
        for k in ("primary", "middle")
    ]
    assert line[0] == pytest.approx(sum(parts))


def test_trend_lays_regions_out_as_on_the_compass():
    drawn = panels(whole_trend())
    centre = {name: panel.get_position().p0 for name, panel in drawn.items()}
    figure_of = drawn["Central"].get_figure()
    figure_of.canvas.draw()
    centre = {name: panel.get_window_extent().p0 for name, panel in drawn.items()}
    assert centre["North"][1] > centre["Central"][1] > centre["South"][1]
    assert centre["West"][0] < centre["Central"][0] < centre["East"][0]
    assert centre["North"][0] == centre["Central"][0] == centre["South"][0]


def test_trend_lines_are_demand_places_listed_and_the_target():
    drawn = panels(whole_trend())
    district = drawn["Haidian District"]
    whole = FRAME[(FRAME.region == "all") & (FRAME.level == "all")]
    lines = {line.get_linestyle(): line for line in district.lines if len(line.get_xdata()) > 1}
    assert list(lines[":"].get_ydata()) == pytest.approx(list(whole.places_listed))
    target = value(FRAME, 2021, "all", "all", "places_listed") + 45000
    assert list(lines["--"].get_ydata()) == [target, target]
    assert list(lines["--"].get_xdata()) == [2021, 2036]
    solid = [list(line.get_ydata()) for line in district.lines if line.get_linestyle() == "-"]
    assert solid[0] == pytest.approx(list(whole.places))
    assert solid[1] == pytest.approx(list(whole.demand))
    assert not any(line.get_linestyle() == "--" for line in drawn["North"].lines)


def test_trend_regions_share_a_scale_and_leave_out_pooled_levels():
    ax = whole_trend()
    drawn = panels(ax)
    scales = {panel.get_ylim() for name, panel in drawn.items() if name != "Haidian District"}
    assert len(scales) == 1
    gaps = [value(FRAME, 2025, "central", level) for level in ("primary", "middle")]
    short, idle = sum(gap for gap in gaps if gap > 0), -sum(gap for gap in gaps if gap < 0)
    words = [f"{n:,.0f} {word}" for n, word in ((short, "short"), (idle, "idle")) if n]
    assert drawn["Central"].get_title(loc="left") == f"Central\n2025: {', '.join(words)}"
    foot = "\n".join(texts(ax))
    assert "share one scale" in foot and "high pooled over the district" in foot
    assert "not every scale starts at 0" in foot


def test_trend_areas_meet_between_years_and_never_overlap():
    """What is short ends where what is idle begins, at the crossing of the lines."""
    shape = FRAME[(FRAME.region == "all") & (FRAME.level == "all")]
    assert (shape.gap.max() > 0) and (shape.gap.min() < 0), "the lines cross"
    idle, short, both = whole_trend().child_axes[0].collections
    assert both.get_hatch() and not short.get_hatch() and not idle.get_hatch()
    for at in np.linspace(2021, 2036, 400):
        thick = [thickness(area, at) for area in (idle, short)]
        assert min(thick) < 1e-6, at
        demand, places = (np.interp(at, shape.year, shape[name]) for name in ("demand", "places"))
        assert thick == pytest.approx([max(places - demand, 0), max(demand - places, 0)], abs=1e-3)


def thickness(area, at: float) -> float:
    """Return how high an area between two lines is at one moment."""
    (path,) = area.get_paths()
    xs, ys = path.vertices[1:-1].T
    turn = int(xs.argmax())
    ends = [
        np.interp(at, *zip(*sorted(zip(xs[part], ys[part], strict=True)), strict=True))
        for part in (slice(0, turn + 1), slice(turn + 1, None))
    ]
    return abs(float(ends[1] - ends[0]))


def test_trend_says_signs_units_and_target_in_both_languages():
    said = "\n".join(texts(whole_trend()))
    assert "short or idle, 2021–2036? (places)" in said
    assert "plan as announced: 45,000 new places by 2025" in said and "base year 2021" in said
    said = "\n".join(texts(whole_trend("zh")))
    assert "2021—2036年哪里、何时缺学位？（个）" in said
    assert "规划公布：2025年前新增 45,000 个" in said and "基准年 2021" in said


@pytest.mark.parametrize("by", [2021, 2019])
def test_a_plan_that_is_past_is_not_drawn(by):
    ax = trend(FRAME, dataclasses.replace(LABELS, new_places_by=by))
    assert not any("plan as announced" in text for text in texts(ax))
    assert not any(line.get_linestyle() == "--" for line in ax.child_axes[0].lines)


def test_trend_without_cells_is_a_grid_and_many_regions_are_counted():
    assert len(trend(FRAME, make_labels(cells=False)).child_axes) == 6
    labels = make_labels(150)
    ax = trend(make_frame(labels), labels)
    assert len(ax.child_axes) == 11
    assert any("10 of 150 regions shown" in text for text in texts(ax))


def test_trend_of_missing_places_draws_demand_and_says_so():
    frame = make_frame(LABELS, missing=[("west", "middle")], full=[("north", "primary")])
    drawn = panels(trend(frame, LABELS))
    assert drawn["West"].get_title(loc="left") == "West\n2025: no data"
    assert "≥ " in drawn["North"].get_title(loc="left")
    assert not any(math.isnan(limit) for panel in drawn.values() for limit in panel.get_ylim())
