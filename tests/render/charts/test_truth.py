"""What is read back from a chart's artists is what stands in the tables."""

from __future__ import annotations

import colorsys
import dataclasses
import math
from functools import cache
from itertools import pairwise
from typing import get_args

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PatchCollection

from capacity.base import UNSURE, Counted
from capacity.model import EXISTING, MEASURES
from capacity.render.charts import (
    ABOVE,
    BELOW,
    PARTS,
    RED,
    SHORT,
    WORST,
    YELLOW,
    cell_colour,
    cohorts_chart,
    contrast,
    entry_chart,
    fan_chart,
    heatmap_chart,
    mix,
    supply_chart,
    text_colour,
)
from capacity.results import column, years_of
from tests.render.frames import (
    make_chance,
    make_entry,
    make_frame,
    make_labels,
    make_pupils,
    make_supply,
    with_draws,
    with_ranges,
)

LABELS = make_labels()
RESULTS = make_frame(LABELS)
SUPPLY = make_supply(LABELS, RESULTS)
ENTRY = make_entry(LABELS, RESULTS)
PUPILS = make_pupils(LABELS, RESULTS)
YEARS = years_of(RESULTS)
FRAMES = {
    heatmap_chart: (RESULTS,),
    supply_chart: (SUPPLY, RESULTS),
    entry_chart: (ENTRY,),
    cohorts_chart: (PUPILS,),
}


@cache
def shown(kind):
    """Return the chart of the whole district, drawn once for all that look at it."""
    return kind(*FRAMES[kind], LABELS)


def rows(ax) -> list[list[str]]:
    """Return the texts of a frame, row by row from the top, each from left to right."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for text in ax.texts:
        x, y = text.get_position()
        if text.axes is ax and y >= 0 and text.get_transform().contains_branch(ax.transData):
            lines.setdefault(round(y, 3), []).append((x, text.get_text()))
    return [[text for _, text in sorted(line)] for _, line in sorted(lines.items())]


def colours(ax) -> dict[tuple[float, float], str]:
    """Return the colour of each painted cell by its middle."""
    found = {}
    for collection in ax.collections:
        if isinstance(collection, PatchCollection):
            paths = zip(collection.get_paths(), collection.get_facecolors(), strict=False)
            for path, colour in paths:
                box = path.get_extents()
                middle = (round((box.x0 + box.x1) / 2, 3), round((box.y0 + box.y1) / 2, 3))
                found[middle] = mpl.colors.to_hex(colour)
    return found


def grey(colour: str) -> float:
    """Return how light a colour is in a copy without colours."""
    red, green, blue = mpl.colors.to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue


# how full


def heat_rows(ax) -> dict[str, dict[str, list[str]]]:
    """Return the figures by level and region."""
    found: dict[str, dict[str, list[str]]] = {}
    level = ""
    for line in rows(ax):
        if len(line) == 1:
            level = line[0]
        elif not line[0].isdecimal():
            found.setdefault(level, {})[line[0]] = line[1:]
    return found


def test_cells_are_the_utilisation_in_per_cent():
    used = column(RESULTS, "utilisation")
    found = heat_rows(shown(heatmap_chart))
    assert list(found) == ["Primary", "Middle", "High"]
    for level in ("primary", "middle"):
        for region in LABELS.regions:
            cells = found[level.capitalize()][region.title["en"]]
            for year, cell in zip(YEARS, cells, strict=True):
                assert abs(float(cell.strip("%")) - 100 * used[year, region.code, level]) <= 1
    assert list(found["High"]) == ["Haidian District"], "a pooled level has its district only"


@pytest.mark.parametrize(
    "share, figure, band",
    [
        (0.8, "80%", None),
        (0.8994, "89%", None),
        (0.8999, "89%", None),
        (0.9, "90%", "yellow"),
        (0.9999, "99%", "yellow"),
        (1.0, "100%", "red"),
        (1.126, "113%", "red"),
        (12.34, "1,234%", "red"),
    ],
)
def test_a_figure_is_never_rounded_into_the_next_band(share, figure, band):
    frame = RESULTS.copy()
    frame["utilisation"] = share
    ax = heatmap_chart(frame, LABELS)
    assert {cell for line in heat_rows(ax)["Primary"].values() for cell in line} == {figure}
    (colour,) = set(colours(ax).values())
    red, green, blue = mpl.colors.to_rgb(colour)
    assert (colour == YELLOW.lower()) == (band == "yellow")
    assert (red > green > blue) == (band is not None)
    assert (blue > red) == (band is None)


def test_the_limits_of_the_bands_are_those_of_the_labels():
    labels = dataclasses.replace(LABELS, bands=(0.5, 2.0))
    ax = heatmap_chart(RESULTS, labels)
    assert set(colours(ax).values()) == {YELLOW.lower()}
    said = [text.get_text() for text in ax.get_legend().get_texts()]
    assert said == ["red: 200% or more", "yellow: 50% to 200%", "below 50%"]


def test_bands_are_told_apart_without_colour():
    assert min(map(grey, BELOW)) > grey(YELLOW) + 0.03
    assert grey(YELLOW) > max(map(grey, ABOVE)) + 0.03


def test_figures_stand_out_from_their_cells():
    """By the contrast that WCAG asks of text, at every fullness and shade."""
    for share in np.linspace(0.3, 2.0, 400):
        colour = cell_colour(share, (0.9, 1.0))
        assert contrast(text_colour(colour), colour) >= 4.5, share
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    greys = [f"#{k:02X}{k:02X}{k:02X}" for k in range(256)]
    assert min(contrast(text_colour(one), one) for one in greys) >= 4.5


def test_red_is_red_and_not_brown():
    for colour in (RED, mix(*ABOVE, 0.5), ABOVE[1]):
        hue, _, _ = colorsys.rgb_to_hsv(*mpl.colors.to_rgb(colour))
        assert min(hue, 1 - hue) < 0.03, colour


def test_missing_places_are_hatched_and_no_places_at_all_are_red():
    frame = make_frame(LABELS, missing=[("west", "middle")])
    nothing = (frame.region == "east") & (frame.level == "primary")
    frame.loc[nothing, "places"] = 0.0
    frame.loc[nothing, "utilisation"] = math.nan
    ax = heatmap_chart(frame, LABELS)
    found = heat_rows(ax)
    assert set(found["Middle"]["West"]) == {"no data"} == set(found["Middle"]["Haidian District"])
    assert set(found["Primary"]["East"]) == {"no places"}
    hatched = [c for c in ax.collections if c.get_hatch()]
    assert sum(len(c.get_paths()) for c in hatched) == 2 * len(YEARS)
    assert "no data" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_lower_bounds_are_marked():
    frame = make_frame(LABELS, full=[("north", "primary")])
    found = heat_rows(heatmap_chart(frame, LABELS))
    assert all(cell.startswith("≥") for cell in found["Primary"]["North"])
    assert not any(cell.startswith("≥") for cell in found["Primary"]["South"])


def test_the_headline_counts_the_red_ones():
    said = " ".join(text.get_text() for text in shown(heatmap_chart).texts).replace("\n", " ")
    used = column(RESULTS, "utilisation")
    reds = {year: sum(used[year, *cell] >= 1 for cell in LABELS.counted) for year in YEARS}
    most = max(reds, key=lambda year: (reds[year], -year))
    assert f"{most} has the most red: {reds[most]} of 11" in said


def test_of_many_regions_the_fullest_of_each_level_are_shown():
    labels = make_labels(150)
    frame = make_frame(labels)
    found = heat_rows(heatmap_chart(frame, labels))
    own = frame[(frame.level == "middle") & (frame.region != "all")]
    top = own.groupby("region").utilisation.max().sort_values().index[-WORST:]
    names = {f"School area {int(code[1:])}" for code in top}
    assert set(found["Middle"]) == names | {"Haidian District"}


# what places are made of


def stacks(panel) -> dict[str, dict[int, tuple[float, float]]]:
    """Return from where to where each part reaches, by year."""
    found: dict[str, dict[int, tuple[float, float]]] = {}
    for container in panel.containers:
        for bar in container:
            year = round(bar.get_x() + bar.get_width() / 2)
            ends = (bar.get_y(), bar.get_y() + bar.get_height())
            found.setdefault(container.get_label(), {})[year] = ends
    return found


@pytest.mark.parametrize("region", ["all", "north"])
def test_the_top_of_a_stack_is_the_usable_places(region):
    closed = make_supply(LABELS, RESULTS, closed=[("north", "primary")])
    places = column(RESULTS, "places")
    parts = {
        (row.year, row.level, row.part): row.places
        for row in closed[closed.region == region].itertuples()
    }
    ax = supply_chart(closed, RESULTS, LABELS, region=region)
    for level, panel in zip(LABELS.levels, ax.child_axes, strict=True):
        found = stacks(panel)
        for year in YEARS:
            tops = [found[part][year][1] for part in found if part != "closed"]
            assert max(tops) == pytest.approx(places[year, region, level.code])
            for part in PARTS:
                size = parts[year, level.code, part]
                if size > 0:
                    low, high = found[part][year]
                    assert high - low == pytest.approx(size)
                elif size < 0:
                    assert found["closed"][year] == pytest.approx((size, 0.0))
                    assert found["existing"][year][0] == pytest.approx(size)
    assert "closed" in stacks(ax.child_axes[0]) and "closed" not in stacks(ax.child_axes[1])


def test_parts_lie_on_each_other_from_the_surest_up():
    found = stacks(shown(supply_chart).child_axes[0])
    assert list(found) == list(PARTS)
    for one, other in pairwise(found):
        assert found[other][2030][0] == pytest.approx(found[one][2030][1])


def test_the_line_is_the_demand():
    panel = shown(supply_chart).child_axes[1]
    (line,) = [line for line in panel.lines if line.get_label() == "demand"]
    demand = column(RESULTS, "demand")
    assert list(line.get_xdata()) == list(YEARS)
    assert list(line.get_ydata()) == pytest.approx([demand[y, "all", "middle"] for y in YEARS])


def test_unknown_places_are_said_and_not_stacked():
    results = make_frame(LABELS, missing=[("west", "middle")])
    ax = supply_chart(make_supply(LABELS, results), results, LABELS)
    assert not stacks(ax.child_axes[1])
    assert "no data on places" in [text.get_text() for text in ax.child_axes[1].texts]
    assert ax.child_axes[1].get_title(loc="left") == "Middle\n2025: no data"
    said = " ".join(text.get_text() for text in ax.texts)
    assert "no data on places: West middle" in said


def test_the_headline_counts_projects_that_are_not_finished():
    said = " ".join(text.get_text() for text in shown(supply_chart).texts)
    own = SUPPLY[(SUPPLY.year == 2025) & (SUPPLY.region == "all")]
    ahead = own[own.part.isin(UNSURE)].places.sum()
    places = column(RESULTS, "places")[2025, "all", "all"]
    assert f"2025 has {places:,.0f} usable places" in said
    assert f"{ahead:,.0f} of them rest on projects not yet finished" in said


def test_every_part_that_a_run_can_have_has_its_look():
    assert set(PARTS) == {EXISTING, MEASURES, *get_args(Counted)}
    assert set(UNSURE) == set(PARTS) - {EXISTING, MEASURES, "open"}


def test_parts_are_told_apart_without_colour():
    """Every two neighbours of the fixed order differ by lightness or by hatch."""
    looks = [(grey(colour), hatch) for colour, hatch in PARTS.values()]
    for (one, hatch), (other, beside) in pairwise(looks):
        assert abs(one - other) > 0.1 or hatch != beside
    assert len(set(looks)) == len(looks)


# entry classes


def entry_rows(ax) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    level = ""
    for line in rows(ax):
        if len(line) == 1:
            level = line[0]
        elif line[0] != "classes":
            found.setdefault(level, {})[line[0]] = line[1:]
    return found


def test_rows_are_classes_entrants_places_gap_and_band():
    found = entry_rows(entry_chart(ENTRY, LABELS, year=2024))
    assert list(found) == ["Primary, grade 1", "Middle, grade 7", "High, grade 10"]
    words = {"黄": ["yellow"], "红": ["red"], "": []}
    for row in ENTRY[ENTRY.year == 2024].itertuples():
        level = next(name for name in found if name.lower().startswith(row.level))
        cells = found[level][LABELS.region_name(row.region, "en")]
        gap = f"{row.entry_gap:+,.0f}".replace("-", "−") if row.entry_gap == row.entry_gap else "–"
        figures = [f"{row.classes_needed:,}", f"{row.entrants:,.0f}", f"{row.entry_places:,.0f}"]
        assert cells == [*figures, gap, *words[row.band]]


def test_the_bars_are_the_classes_on_one_scale_for_all_years():
    widths = {}
    for year in (2022, 2030):
        collections = entry_chart(ENTRY, LABELS, year=year).collections
        boxes = [
            path.get_extents()
            for collection in collections
            if isinstance(collection, PatchCollection) and len(collection.get_paths()) == 5
            for path in collection.get_paths()
        ]
        own = ENTRY[(ENTRY.year == year) & (ENTRY.region != "all")].sort_values(
            ["level", "region"], key=lambda names: names.map(order)
        )
        for box, classes in zip(boxes, own.classes_needed, strict=True):
            widths[year, classes] = box.width / classes
    assert np.ptp(list(widths.values())) < 1e-9


def order(code: str) -> int:
    codes = [region.code for region in LABELS.regions] + [level.code for level in LABELS.levels]
    return codes.index(code)


def test_ranges_stand_beside_the_classes_and_on_the_bars():
    drawn = with_ranges(ENTRY)
    ax = entry_chart(drawn, LABELS, year=2030)
    found = entry_rows(ax)
    own = drawn[drawn.year == 2030]
    ends = []
    for row in own.itertuples():
        level = next(name for name in found if name.lower().startswith(row.level))
        cells = found[level][LABELS.region_name(row.region, "en")]
        span = f"({row.classes_p10:,.0f}–{row.classes_p90:,.0f})"
        assert cells[:2] == [
            f"{row.classes_needed:,}",
            span if row.classes_p10 != row.classes_p90 else "",
        ]
        known = row.prob_red == row.prob_red
        assert cells[-1] == (("70 %" if row.prob_red else "0 %") if known else "–")
        if row.region != "all":
            ends += [row.classes_p10, row.classes_p90]
    lines = [c.get_segments() for c in ax.collections if isinstance(c, LineCollection)]
    whiskers = [
        (start[0], end[0])
        for segments in lines
        for start, end in segments
        if start[1] == end[1] and len(segments) == 1
    ]
    bars = [
        path.get_extents()
        for c in ax.collections
        if isinstance(c, PatchCollection) and len(c.get_paths()) == 5
        for path in c.get_paths()
    ]
    scale = bars[0].width / own[own.region == "north"].classes_needed.iloc[0]
    read = sorted((x - bars[0].x0) / scale for span in whiskers for x in span)
    assert read == pytest.approx(sorted(ends))
    assert "primary {:,.0f} ({:,.0f}–{:,.0f})".format(
        *own[(own.region == "all") & (own.level == "primary")][
            ["classes_needed", "classes_p10", "classes_p90"]
        ].to_numpy()[0]
    ) in " ".join(text.get_text() for text in ax.texts)


def test_a_range_of_nothing_is_left_out():
    flat = with_ranges(ENTRY).assign(
        classes_p10=ENTRY.classes_needed, classes_p90=ENTRY.classes_needed
    )
    said = " ".join(text.get_text() for text in entry_chart(flat, LABELS).texts)
    assert "8 of 10" not in said and "chance of red" in said


def test_the_year_is_the_first_after_the_base_year_unless_named():
    assert "autumn 2022" in shown(entry_chart).get_title(loc="left")
    assert "autumn 2030" in entry_chart(ENTRY, LABELS, year=2030).get_title(loc="left")


def test_the_headline_counts_the_filled_red_marks():
    """The mark of a district that sums up its regions is open: it is no place of its own."""
    red = ENTRY[ENTRY.band == "红"]
    year = int(red[(red.region == "all") & (red.level != "high")].year.iloc[0])
    ax = entry_chart(ENTRY, LABELS, year=year)
    filled = [colour for colour in colours(ax).values() if colour == RED.lower()]
    said = " ".join(text.get_text() for text in ax.texts).replace("\n", " ")
    assert f"; {len(filled)} of 11 regions and levels in the red band" in said
    marks = red[red.year == year]
    summed = marks[(marks.region == "all") & (marks.level != "high")]
    assert len(marks) == len(filled) + len(summed) and len(summed) > 0
    assert "open square: the district as a whole" in said.lower()


def test_unknown_entry_places_are_no_data_and_keep_their_classes():
    results = make_frame(LABELS, missing=[("west", "middle")])
    found = entry_rows(entry_chart(make_entry(LABELS, results), LABELS, lang="en"))
    cells = found["Middle, grade 7"]["West"]
    assert cells[0].isdecimal() and cells[2:] == ["no data", "no data"]


def test_the_headline_gives_the_districts_classes():
    said = " ".join(text.get_text() for text in shown(entry_chart).texts).replace("\n", " ")
    own = ENTRY[(ENTRY.year == 2022) & (ENTRY.region == "all")].set_index("level").classes_needed
    assert f"primary {own['primary']:,}, middle {own['middle']:,}, high {own['high']:,}" in said


# cohorts


@pytest.mark.parametrize("region", ["all", "north"])
def test_cells_are_the_pupils_by_grade(region):
    found = {line[0]: line[1:] for line in rows(cohorts_chart(PUPILS, LABELS, region=region))}
    own = PUPILS[PUPILS.region == region]
    for grade in range(1, 13):
        pupils = own[own.grade == grade].sort_values("year").pupils
        assert found[f"grade {grade}"] == [f"{n:,.0f}" for n in pupils]
    for level in LABELS.levels:
        inside = own[own.grade.between(*level.grades)].groupby("year").pupils.sum()
        cells = found[f"{level.code.capitalize()}, all grades"]
        assert [cell.strip("▲") for cell in cells] == [f"{n:,.0f}" for n in inside]
        assert [cell.startswith("▲") for cell in cells].index(True) == inside.to_numpy().argmax()


def test_higher_grades_stand_higher_and_more_pupils_are_darker():
    ax = shown(cohorts_chart)
    names = [line[0] for line in rows(ax) if line[0].startswith("grade")]
    assert names == [f"grade {grade}" for grade in range(12, 0, -1)]
    places = {t.get_position(): t.get_text() for t in ax.texts}
    shades = {}
    for middle, colour in colours(ax).items():
        text = next((said for at, said in places.items() if np.allclose(at, middle)), "")
        if text and colour != "#000000":
            shades[int(text.replace(",", ""))] = sum(mpl.colors.to_rgb(colour))
    dark = [shades[pupils] for pupils in sorted(shades)]
    assert dark == sorted(dark, reverse=True) and dark[0] > dark[-1]


def test_the_greatest_cohort_is_outlined_along_its_diagonal():
    ax = shown(cohorts_chart)
    (outline,) = [
        c for c in ax.collections if mpl.colors.to_hex(c.get_edgecolor()[0]) == SHORT.lower()
    ]
    own = PUPILS[PUPILS.region == "all"]
    peak = own.loc[own.pupils.idxmax()]
    cohort = own[own.year - own.grade == peak.year - peak.grade]
    texts = {text.get_position(): text.get_text() for text in ax.texts}
    inside = []
    for path in outline.get_paths():
        box = path.get_extents()
        middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        inside.append(next(said for at, said in texts.items() if np.allclose(at, middle)))
    assert sorted(inside) == sorted(f"{n:,.0f}" for n in cohort.pupils)
    said = " ".join(text.get_text() for text in ax.texts).replace("\n", " ")
    assert f"{peak.pupils:,.0f} in grade {peak.grade:.0f} in {peak.year:.0f}" in said


# the fan


@pytest.mark.parametrize("region", ["all", "north"])
def test_a_band_reaches_from_its_low_to_its_high_quantile(region):
    drawn = with_draws(RESULTS)
    panels = fan_chart(drawn, make_chance(RESULTS), LABELS, region=region).child_axes
    rows = [("shortage", "all"), *(("gap", level.code) for level in LABELS.levels)]
    for (variable, level), panel in zip(rows, panels, strict=True):
        (band,) = panel.collections
        corners = band.get_paths()[0].vertices
        for year in YEARS:
            reach = corners[corners[:, 0] == year][:, 1]
            low, high = (
                column(drawn, f"{variable}_{end}")[year, region, level] for end in ("p10", "p90")
            )
            assert (reach.min(), reach.max()) == pytest.approx((low, high))
        lines = {line.get_label(): line.get_ydata() for line in panel.get_lines()}
        for label, name in (("middle", f"{variable}_p50"), ("central", variable)):
            values = column(drawn, name)
            expected = [values[year, region, level] for year in YEARS]
            assert list(lines[label]) == pytest.approx(expected)


def test_a_run_without_draws_has_no_fan():
    with pytest.raises(ValueError, match="--draws 1000"):
        fan_chart(RESULTS, make_chance(RESULTS), LABELS)


@pytest.mark.parametrize(
    "how, said",
    [
        ("hold", "held at the last year counted"),
        ("trend", "by the trend of the last years"),
        ("-0.025", "changing by −2.5% a year"),
        ("projection", "a projection in the table of births"),
        ("first grade held", "no births are known: as many enter as before"),
    ],
)
def test_cohorts_whose_births_are_not_counted_are_hatched(how, said):
    labels = dataclasses.replace(LABELS, uncounted=(2027, how))
    ax = cohorts_chart(PUPILS, labels)
    assert said in " ".join(text.get_text() for text in ax.texts).replace("\n", " ")
    texts = {text.get_position(): text.get_text() for text in ax.texts}
    boxes = [
        path.get_extents()
        for cells in ax.collections
        if isinstance(cells, PatchCollection) and cells.get_hatch()
        for path in cells.get_paths()
    ]
    inside = [(box.x0 + box.width / 2, box.y0 + box.height / 2) for box in boxes]
    read = sorted(
        next(text for at, text in texts.items() if np.allclose(at, middle)) for middle in inside
    )
    own = PUPILS[(PUPILS.region == "all") & (PUPILS.year - (PUPILS.grade - 1) >= 2027)]
    assert read == sorted(f"{pupils:,.0f}" for pupils in own.pupils)


def test_nothing_is_hatched_where_all_births_are_counted():
    for uncounted in (None, (2060, "hold")):
        ax = cohorts_chart(PUPILS, dataclasses.replace(LABELS, uncounted=uncounted))
        assert not any(cells.get_hatch() for cells in ax.collections)
        assert not any("hatched" in text.get_text().lower() for text in ax.texts)
