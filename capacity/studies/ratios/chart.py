"""Every calibrated ratio among the yearly ones: a panel per region, entry on its own scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FormatStrFormatter, MaxNLocator

from capacity.base.words import cut, number
from capacity.render.charts import style
from capacity.render.charts.figure_frame import LEAST, WHOLE, Around, bare, figure_frame, key
from capacity.render.charts.layout import Box, Panels, inset
from capacity.render.charts.wording import Wording
from capacity.results.labels import ALL, Labels

#: Panels at most; of more regions those that stray by most pupils.
SHOWN = 12
#: Inches of a panel, at least; beside its axes; of those of entry; of the key.
CELL, ROOM, ENTRY, KEY = (4.0, 2.35), (0.45, 0.4, 0.52, 0.35), 0.42, 0.3
#: Columns of a region's name; points² of the largest dot; half the width of a bar.
NAME, LARGEST, HALF = 26, 42.0, 0.34
#: Dots beyond these quantiles do not stretch the scale, which keeps some air around them.
QUANTILES, AIR = (0.02, 0.98), 0.12
#: A scale spans at least so much, so that nothing looks like a jump that is none.
LEAST_SPAN = 0.1
#: The basis of a ratio of the first grade that is drawn; the first of them that there is.
FIRST = ("children", "births")
Floats = npt.NDArray[np.float64]
Span = tuple[float, float]


@dataclass(frozen=True)
class _Area:
    """The ratios of an area, and its years."""

    name: str
    rows: pd.DataFrame
    years: pd.DataFrame

    @property
    def widest(self) -> tuple[float, dict[str, Any]]:
        """The pupils that a standard deviation moves in a year, where most, and the ratio."""
        keys = ["grade", "basis"]
        last = self.years[self.years["used"]].drop_duplicates(keys, keep="last")
        rows = self.rows.merge(last[[*keys, "came_from"]], on=keys, how="left")
        moved = (rows["sd"] * rows["came_from"]).fillna(-1.0)
        row = rows.loc[[moved.idxmax()]].to_dict("records")[0]
        return float(moved.max()), {str(name): value for name, value in row.items()}


def ratios_chart(
    frame: pd.DataFrame,
    yearly: pd.DataFrame,
    labels: Labels,
    *,
    lang: str = "en",
    ax: Axes | None = None,
    around: Around = WHOLE,
) -> Axes:
    """Draw the yearly ratios as dots, the ratio used as a bar, that of all areas as a line.

    Parameters
    ----------
    frame : DataFrame
        The rows of ratios.csv.
    yearly : DataFrame
        The rows of yearly.csv.
    labels, lang, ax, around
        As for every kind: `capacity.render.charts.kinds`.

    Returns
    -------
    Axes
        The host; of its ``child_axes`` each panel has one for grades above the first, then one
        for entry where there is a ratio of it.
    """
    say = Wording.of(labels, lang)
    areas = _areas(frame, yearly, say)
    shown = areas
    if len(areas) > SHOWN:
        shown = sorted(areas, key=lambda area: -area.widest[0])[:SHOWN]
    columns = 3 if len(shown) > 4 else min(max(len(shown), 1), 2)
    rows = max(-(-len(shown) // columns), 1)
    each = max(LEAST, columns * CELL[0]) / columns
    panels = Panels((rows, columns), (each, CELL[1]), ROOM)
    scales = _scale(shown, entry=False), _scale(shown, entry=True)
    beyond = sum(_beyond(area, scales) for area in shown)
    years = sorted(int(year) for year in yearly["year"].unique()) or [labels.base_year]
    with figure_frame(
        ax,
        (panels.size[0], panels.size[1] + KEY),
        say,
        title=say("ratios.title", years=say.span(years)),
        headline=_headline(frame, areas, say),
        notes=[
            say("ratios.fewer", shown=len(shown), total=len(areas)) if shown != areas else "",
            say("ratios.beyond", n=beyond) if beyond else "",
            say("ratios.axis"),
            say("ratios.entry") if scales[1] is not None else "",
        ],
        around=around,
    ) as host:
        for area, place in zip(shown, panels.places(len(shown)), strict=True):
            _panel(host, area, scales, panels.box(place), say)
        key(host, _key(frame, say))
    return host


def _areas(frame: pd.DataFrame, yearly: pd.DataFrame, say: Wording) -> list[_Area]:
    """Return the areas in the district's order; of the first grade only the basis drawn."""
    order = {region.code: place for place, region in enumerate(say.labels.leaves)}
    years = dict(list(yearly.groupby(["region", "group"])))
    found = []
    for pair, rows in frame.groupby(["region", "group"]):
        region, group = map(str, pair)
        bases = set(rows["basis"])
        drawn = ["", *(basis for basis in FIRST if basis in bases)][:2]
        mine = years.get((region, group), yearly.iloc[:0])
        name = f"{say.region(region)} {group}".strip()
        parts = (side[side["basis"].isin(drawn)] for side in (rows, mine))
        found.append((order.get(region, len(order)), group, _Area(name, *parts)))
    return [area for _, _, area in sorted(found, key=lambda one: one[:2])]


def _scale(areas: Sequence[_Area], *, entry: bool) -> Span | None:
    """Return limits that hold every ratio used and nearly all dots; None where there is none."""
    sides = [
        side.loc[(side["basis"] != "") == entry, "ratio"].dropna().to_numpy(float)
        for area in areas
        for side in (area.rows, area.years)
    ]
    used, dots = (np.concatenate([np.zeros(0), *sides[k::2]]) for k in (0, 1))
    if not len(used):
        return None
    ends = [*used, *(np.quantile(dots, QUANTILES) if len(dots) else [])]
    low, high = float(min(ends)), float(max(ends))
    air = max(AIR * (high - low), (LEAST_SPAN - (high - low)) / 2)
    return low - air, high + air


def _beyond(area: _Area, scales: tuple[Span | None, Span | None]) -> int:
    """Count the dots outside the scales."""
    count = 0
    for entry, scale in enumerate(scales):
        if scale is not None:
            dots = area.years.loc[(area.years["basis"] != "") == bool(entry), "ratio"]
            count += int(((dots < scale[0]) | (dots > scale[1])).sum())
    return count


def _panel(
    host: Axes, area: _Area, scales: tuple[Span | None, Span | None], box: Box, say: Wording
) -> None:
    """Draw an area: grades above the first at the right, entry at the left."""
    left, top, inside, high = box
    first = (ENTRY + 0.45) if scales[1] is not None else 0.0
    above = _axes(host, (left + first, top, inside - first, high))
    rows, years = (side[side["basis"] == ""] for side in (area.rows, area.years))
    largest = float(area.years["pupils"].max()) if len(area.years) else 1.0
    if scales[0] is not None:
        _draw(above, rows, years, scales[0], largest)
        grades = [int(grade) for grade in sorted(rows["grade"].unique())]
        above.xaxis.set_major_locator(FixedLocator(grades))
        above.axhline(1.0, color=style.RULE, lw=0.8, zorder=0)
    else:
        bare(above)
        note = say("ratios.no_grade")
        above.text(0, 0.5, note, transform=above.transAxes, fontsize=8, color=style.MUTED)
    above.set_title(cut(area.name, NAME), loc="left", fontsize=10, color=style.TEXT, pad=5)
    rows, years = (side[side["basis"] != ""] for side in (area.rows, area.years))
    if len(rows) and scales[1] is not None:
        side = _axes(host, (left, top, ENTRY, high))
        _draw(side, rows, years, scales[1], largest)
        side.xaxis.set_major_locator(FixedLocator([int(rows["grade"].iloc[0])]))
        title = "÷ " + say(f"ratios.per_{rows['basis'].iloc[0]}")
        side.set_title(title, loc="left", fontsize=8, color=style.MUTED, pad=5)


def _axes(host: Axes, box: Box) -> Axes:
    found = inset(host, box)
    found.tick_params(labelsize=8, length=2.5)
    return found


def _draw(ax: Axes, rows: pd.DataFrame, years: pd.DataFrame, scale: Span, largest: float) -> None:
    """Draw dots of years, bars of ratios, and ticks of all areas; dots outside at the edge."""
    used = years["used"].to_numpy(bool)
    for mask, colour in ((~used, style.LISTED), (used, style.IDLE)):
        part = years[mask]
        spots = part["ratio"].to_numpy(float)
        sizes = LARGEST * part["pupils"].to_numpy(float) / max(largest, 1.0) + 2.0
        grades = part["grade"].to_numpy(float)
        face = colour if colour == style.IDLE else "none"
        here = (spots >= scale[0]) & (spots <= scale[1])
        dots: style.Looks = {
            "alpha": 0.45,
            "edgecolors": colour,
            "facecolors": face,
            "linewidths": 0.6,
        }
        ax.scatter(grades[here], spots[here], s=sizes[here], zorder=2, **dots)
        for marker, out, edge in (("^", spots > scale[1], 1), ("v", spots < scale[0], 0)):
            level = np.full(int(out.sum()), scale[edge])
            ax.scatter(grades[out], level, s=16, marker=marker, clip_on=False, zorder=2, **dots)
    at = rows["grade"].to_numpy(float)
    known = rows["all_areas"].notna().to_numpy()
    if known.any():
        grades, every = at[known], rows.loc[known, "all_areas"].to_numpy(float)
        ax.plot(grades, every, color=style.TARGET, lw=1.0, ls="--", zorder=3)
    bars = rows["ratio"].to_numpy(float)
    ax.hlines(bars, at - HALF, at + HALF, color=style.DEMAND, lw=2.0, zorder=4)
    ax.set_ylim(*scale)
    ax.set_xlim(float(at.min()) - 0.7, float(at.max()) + 0.7)
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(FormatStrFormatter("%.2f"))


def _key(frame: pd.DataFrame, say: Wording) -> list[Artist]:
    """Return what each mark is."""
    dot: style.Looks = {"lw": 0, "marker": "o", "ms": 5}
    handles: list[Artist] = [
        Line2D([], [], color=style.DEMAND, lw=2, label=say("ratios.ratio_used")),
        Line2D([], [], color=style.IDLE, alpha=0.6, label=say("ratios.ratio_year"), **dot),
        Line2D([], [], color=style.LISTED, mfc="none", label=say("ratios.ratio_out"), **dot),
    ]
    if frame["all_areas"].notna().any():
        every = say("ratios.ratio_all")
        handles.append(Line2D([], [], color=style.TARGET, lw=1, ls="--", label=every))
    return handles


def _headline(frame: pd.DataFrame, areas: Sequence[_Area], say: Wording) -> str:
    """Return how they were calibrated, and which ratio varied most."""
    most = say("ratios.steady")
    if areas and frame["sd"].notna().any():
        area = max(areas, key=lambda one: one.widest[0])
        moved, row = area.widest
        facts = {
            "region": area.name,
            "grade": say.grade(int(row["grade"])),
            "sd": f"{row['sd']:.3f}",
        }
        most = say("ratios.widest", pupils=number(moved), **facts)
    methods = "/".join(str(method) for method in frame["method"].unique())
    district, base = say.region(ALL), say.labels.base_year
    return say("ratios.headline", method=methods, most=most, district=district, base=base)
