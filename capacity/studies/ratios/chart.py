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

from capacity.base.words import cut, number, word
from capacity.render.charts import style
from capacity.render.charts.sheet import LEAST, Around, sheet
from capacity.results.labels import ALL, Labels

#: Panels at most; of more regions those that stray by most pupils.
SHOWN = 12
#: Inches of a panel with its title and ticks; of the axes inside; of those of entry.
PANEL, INSIDE, ENTRY = (4.0, 2.35), (2.75, 1.6), 0.42
LEFT, ABOVE, BETWEEN, KEY = 0.45, 0.4, 0.42, 0.3
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


def ratios(
    frame: pd.DataFrame,
    yearly: pd.DataFrame,
    labels: Labels,
    *,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw the yearly ratios as dots, the ratio used as a bar, that of all areas as a line.

    Parameters
    ----------
    frame : DataFrame
        The rows of ratios.csv.
    yearly : DataFrame
        The rows of yearly.csv.
    labels : Labels
    lang : str
        "en" or "zh".
    ax : Axes, optional
        Axes to draw on; without them a figure of its own, sized to the panels.

    Returns
    -------
    Axes
        The host; of its ``child_axes`` each panel has one for grades above the first, then one
        for entry where there is a ratio of it.
    """
    lang = style.readable(lang)
    areas = _areas(frame, yearly, labels, lang)
    shown = (
        areas if len(areas) <= SHOWN else sorted(areas, key=lambda area: -area.widest[0])[:SHOWN]
    )
    columns = 3 if len(shown) > 4 else min(max(len(shown), 1), 2)
    wide = max(LEAST, columns * PANEL[0])
    tall = max(-(-len(shown) // columns), 1) * PANEL[1] + KEY
    scales = _scale(shown, entry=False), _scale(shown, entry=True)
    beyond = sum(_beyond(area, scales) for area in shown)
    around = Around(
        word("ratios.title", lang, years=style.span(_span(yearly, labels), lang)),
        _headline(frame, areas, labels, lang),
        _notes(len(shown), len(areas), beyond, scales, lang),
    )
    with sheet(ax, (wide, tall), around, labels, lang) as host:
        each = wide / columns
        for place, area in enumerate(shown):
            row, column = divmod(place, columns)
            corner = (column * each + LEFT, row * PANEL[1] + ABOVE)
            inside = each - LEFT - BETWEEN - 0.1
            _panel(host, area, scales, (wide, tall), (*corner, inside), lang)
        _key(host, frame, lang, KEY / tall)
    return host


def _areas(frame: pd.DataFrame, yearly: pd.DataFrame, labels: Labels, lang: str) -> list[_Area]:
    """Give the areas in the district's order; of the first grade only the basis drawn."""
    order = {region.code: place for place, region in enumerate(labels.leaves)}
    years = dict(list(yearly.groupby(["region", "group"])))
    found = []
    for key, rows in frame.groupby(["region", "group"]):
        region, group = map(str, key)
        bases = set(rows["basis"])
        drawn = ["", *(basis for basis in FIRST if basis in bases)][:2]
        mine = years.get((region, group), yearly.iloc[:0])
        name = f"{labels.region_name(region, lang)} {group}".strip()
        parts = (side[side["basis"].isin(drawn)] for side in (rows, mine))
        found.append((order.get(region, len(order)), group, _Area(name, *parts)))
    return [area for _, _, area in sorted(found, key=lambda one: one[:2])]


def _scale(areas: Sequence[_Area], *, entry: bool) -> Span | None:
    """Give limits that hold every ratio used and nearly all dots; None where there is none."""
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
    host: Axes,
    area: _Area,
    scales: tuple[Span | None, Span | None],
    size: tuple[float, float],
    box: tuple[float, float, float],
    lang: str,
) -> None:
    """Draw an area: grades above the first at the right, entry at the left."""
    left, top, inside = box
    has_entry = bool((area.rows["basis"] != "").any())
    first = (ENTRY + 0.45) if scales[1] is not None else 0.0

    def axes(x: float, wide: float) -> Axes:
        share = (x / size[0], 1 - (top + INSIDE[1]) / size[1])
        found: Axes = host.inset_axes((*share, wide / size[0], INSIDE[1] / size[1]))
        found.tick_params(labelsize=8, length=2.5)
        return found

    above = axes(left + first, inside - first)
    rows, years = (side[side["basis"] == ""] for side in (area.rows, area.years))
    largest = float(area.years["pupils"].max()) if len(area.years) else 1.0
    if scales[0] is not None:
        _draw(above, rows, years, scales[0], largest)
        grades = [int(grade) for grade in sorted(rows["grade"].unique())]
        above.xaxis.set_major_locator(FixedLocator(grades))
        above.axhline(1.0, color=style.RULE, lw=0.8, zorder=0)
    else:
        style.bare(above)
        note = word("ratios.no_grade", lang)
        above.text(0, 0.5, note, transform=above.transAxes, fontsize=8, color=style.MUTED)
    name = cut(area.name, NAME)
    above.set_title(name, loc="left", fontsize=10, color=style.TEXT, pad=5)
    if has_entry and scales[1] is not None:
        side = axes(left, ENTRY)
        rows, years = (part[part["basis"] != ""] for part in (area.rows, area.years))
        _draw(side, rows, years, scales[1], largest)
        side.xaxis.set_major_locator(FixedLocator([int(rows["grade"].iloc[0])]))
        title = word(f"ratios.per_{rows['basis'].iloc[0]}", lang)
        side.set_title("÷ " + title, loc="left", fontsize=8, color=style.MUTED, pad=5)


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
        dots = {"alpha": 0.45, "edgecolors": colour, "facecolors": face, "linewidths": 0.6}
        ax.scatter(grades[here], spots[here], s=sizes[here], zorder=2, **dots)  # type: ignore[arg-type]
        for marker, out, edge in (("^", spots > scale[1], 1), ("v", spots < scale[0], 0)):
            level = np.full(int(out.sum()), scale[edge])
            ax.scatter(grades[out], level, s=16, marker=marker, clip_on=False, zorder=2, **dots)  # type: ignore[arg-type]
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


def _key(host: Axes, frame: pd.DataFrame, lang: str, share: float) -> None:
    """Say what each mark is, in a row under the panels."""
    dot = {"lw": 0, "marker": "o", "ms": 5}
    handles: list[Artist] = [
        Line2D([], [], color=style.DEMAND, lw=2, label=word("ratios.ratio_used", lang)),
        Line2D([], [], color=style.IDLE, alpha=0.6, label=word("ratios.ratio_year", lang), **dot),  # type: ignore[arg-type]
        Line2D([], [], color=style.LISTED, mfc="none", label=word("ratios.ratio_out", lang), **dot),  # type: ignore[arg-type]
    ]
    if frame["all_areas"].notna().any():
        every = word("ratios.ratio_all", lang)
        handles.append(Line2D([], [], color=style.TARGET, lw=1, ls="--", label=every))
    host.legend(
        handles=handles,
        loc="center left",
        bbox_to_anchor=(0, 0, 1, share),
        ncols=len(handles),
        frameon=False,
        fontsize=9,
        borderaxespad=0.2,
    )


def _span(yearly: pd.DataFrame, labels: Labels) -> list[int]:
    return sorted(int(year) for year in yearly["year"].unique()) or [labels.base_year]


def _headline(frame: pd.DataFrame, areas: Sequence[_Area], labels: Labels, lang: str) -> str:
    """Say how they were calibrated, and which ratio varied most."""
    most = word("ratios.steady", lang)
    if areas and frame["sd"].notna().any():
        area = max(areas, key=lambda one: one.widest[0])
        moved, row = area.widest
        facts = {"region": area.name, "grade": row["grade"], "sd": f"{row['sd']:.3f}"}
        most = word("ratios.widest", lang, pupils=number(moved), **facts)
    methods = [str(method) for method in frame["method"].unique()]
    facts = {"district": labels.region_name(ALL, lang), "base": labels.base_year}
    return word("ratios.headline", lang, method="/".join(methods), most=most, **facts)


def _notes(
    shown: int,
    total: int,
    beyond: int,
    scales: tuple[Span | None, Span | None],
    lang: str,
) -> list[str]:
    notes = []
    if shown < total:
        notes.append(word("ratios.fewer", lang, shown=shown, total=total))
    if beyond:
        notes.append(word("ratios.beyond", lang, n=beyond))
    notes.append(word("ratios.axis", lang))
    if scales[1] is not None:
        notes.append(word("ratios.entry", lang))
    return notes
