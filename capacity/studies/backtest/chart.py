"""How good past forecasts were: errors by years ahead over how often the ranges held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from capacity.base.words import cut, sentence
from capacity.inputs.districts.measured import ENTRY
from capacity.render.charts import style
from capacity.render.charts.figure_frame import WHOLE, Around, figure_frame
from capacity.render.charts.layout import Panels
from capacity.render.charts.wording import Wording
from capacity.results.labels import ALL, Labels

#: The methods drawn, by colour and line; what is measured stands on top.
METHODS = {
    "naive": (style.LISTED, "-", 1.4),
    "ref3": (style.SHORT, "--", 1.4),
    "model": (style.IDLE, "-", 2.4),
}
#: Ranges, by column, promise, colour.
RANGES = (("coverage80", 80, style.IDLE), ("coverage95", 95, style.TARGET))
#: Levels beside their sum and the first grade, at most; panels in a row, at most.
LEVELS, ACROSS = 7, 4
#: Inches: the picture across, a row of panels, beside the axes of a panel.
WIDE, HIGH, ROOM = 9.6, 2.72, (0.4, 0.62, 0.05, 0.35)
#: Columns of text of a level's name.
NAMES = 30
#: What keeps a legend readable on the lines of a grid.
_ON_GRID: dict[str, Any] = {
    "facecolor": "white",
    "edgecolor": "none",
    "framealpha": 0.9,
    "borderpad": 0.2,
}


def accuracy_chart(
    scores: pd.DataFrame,
    by_year: pd.DataFrame,
    labels: Labels,
    *,
    lang: str = "en",
    ax: Axes | None = None,
    around: Around = WHOLE,
) -> Axes:
    """Draw the middle error by years ahead, of levels and the first grade, and how ranges held.

    Parameters
    ----------
    scores : DataFrame
        The rows of accuracy.csv, with the median absolute error.
    by_year : DataFrame
        The rows of years.csv.
    labels, lang, ax, around
        As for every kind: `capacity.render.charts.kinds`.

    Returns
    -------
    Axes
        The host; its ``child_axes`` are a panel of errors for all levels, for each and for the
        first grade, then the share that ranges held by years ahead and by target year, where
        there were draws.
    """
    say = Wording.of(labels, lang)
    levels = _shown(scores, labels)
    held = scores.loc[scores["method"] == "model", "coverage80"].notna().any()
    rows = -(-len(levels) // ACROSS)
    errors = _panels(rows, -(-len(levels) // rows))
    high = errors.size[1]
    years = [int(year) for year in sorted(by_year["year"].unique())]
    with figure_frame(
        ax,
        (WIDE, high + HIGH * int(held)),
        say,
        title=say("backtest.accuracy_title" if held else "backtest.accuracy_title_plain"),
        headline=say("backtest.accuracy_headline", district=say.region(ALL), years=say.span(years)),
        notes=_notes(by_year, say) if held else (),
        around=around,
    ) as host:
        _errors(host, errors, scores, levels, say)
        if held:
            ranges = _panels(1, 2, top=high)
            _ranges((ranges.axes(host, (0, 0)), ranges.axes(host, (0, 1))), scores, by_year, say)
    return host


def _shown(scores: pd.DataFrame, labels: Labels) -> list[str]:
    """Return what has a panel: the sum of levels, each, and the first grade beside them."""
    first, *others = labels.levels
    levels = [level.code for level in labels.levels[:LEVELS]] if others else []
    is_level = not others and first.grades[0] == first.grades[1]
    entry = [] if is_level or not (scores["level"] == ENTRY).any() else [ENTRY]
    return [ALL, *levels, *entry]


def _panels(rows: int, columns: int, top: float = 0.0) -> Panels:
    return Panels((rows, columns), ((WIDE + ROOM[2]) / columns, HIGH), ROOM, top)


def _errors(
    host: Axes, panels: Panels, scores: pd.DataFrame, levels: Sequence[str], say: Wording
) -> None:
    """Draw the middle error of every method, on one scale, the names beside the first lines."""
    shown = scores[scores["level"].isin(levels) & scores["method"].isin(METHODS)]
    top = 100 * float(shown["median"].max()) * 1.3 or 1.0
    for level, place in zip(levels, panels.places(len(levels)), strict=True):
        panel, of_level = panels.axes(host, place), shown[shown["level"] == level]
        for method, (colour, dashes, wide) in METHODS.items():
            rows = of_level[of_level["method"] == method]
            dots: style.Looks = {"marker": "o", "ms": 2.5 + wide / 2}
            name = say(f"backtest.method_{method}")
            errors = 100 * rows["median"]
            panel.plot(rows["horizon"], errors, dashes, color=colour, lw=wide, label=name, **dots)
        panel.set_ylim(0, top)
        sums = level in (ALL, ENTRY)
        name = say(f"backtest.{level}_rows") if sums else say.level(level)
        _dress(panel, sentence(cut(name, NAMES)))
        panel.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        if level == ALL:
            _caption(panel, say("backtest.accuracy_error"))
            panel.legend(loc="upper left", fontsize=8, handlelength=2.2, **_ON_GRID)


def _ranges(
    panels: tuple[Axes, Axes], scores: pd.DataFrame, by_year: pd.DataFrame, say: Wording
) -> None:
    """Draw the share of forecasts that lay inside each range, against what it promises."""
    model = scores[(scores["method"] == "model") & (scores["level"] == ALL)]
    by_horizon, of_year = panels
    years = by_year[by_year["method"] == "model"].sort_values("year")
    low = min(float(frame["coverage80"].min()) for frame in (model, years))
    for panel, rows, key in ((by_horizon, model, "horizon"), (of_year, years, "year")):
        for column, promised, colour in RANGES:
            how: style.Looks = {"lw": 1.8, "marker": "o", "ms": 3.5, "color": colour}
            name = say(f"backtest.range_{promised}")
            panel.plot(rows[key], 100 * rows[column], "-", label=name, **how)
            panel.axhline(promised, color=colour, lw=1, ls=(0, (4, 3)))
        panel.set_ylim(min(50.0, 100 * low - 5), 102)
        _dress(panel, "")
        panel.yaxis.set_major_locator(MultipleLocator(10))
    by_horizon.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    _caption(by_horizon, say("backtest.accuracy_held"), 7)
    _caption(of_year, say("backtest.accuracy_held_years"), 7)
    by_horizon.legend(loc="lower left", fontsize=8, ncols=2, **_ON_GRID)
    marks = [
        (int(year), f"{year}*" if flagged else f"{year}!" if shock else str(year))
        for year, flagged, shock in years[["year", "flagged", "shock"]].itertuples(index=False)
    ]
    ticks, names = zip(*marks[:: -(-len(marks) // 12)], strict=True)
    of_year.set_xticks(ticks, names)


def _dress(panel: Axes, name: str) -> None:
    panel.yaxis.set_major_locator(MaxNLocator(4))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.grid(axis="y", color=style.RULE, lw=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(labelsize=8.5, length=2.5)
    panel.set_title(name, loc="left", fontsize=10, pad=5, color=style.TEXT)


def _caption(panel: Axes, text: str, points: int = 22) -> None:
    """Write above a panel, over its name, what its row shows."""
    panel.annotate(
        sentence(text),
        (0, 1),
        xytext=(-ROOM[0] * 72 * 0.7, points),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=9,
        color="#3A3A3A",
    )


def _notes(by_year: pd.DataFrame, say: Wording) -> Iterator[str]:
    yield say("backtest.accuracy_nominal")
    if by_year["flagged"].any():
        yield say("backtest.accuracy_flagged")
    if (by_year["shock"] & ~by_year["flagged"]).any():
        yield say("backtest.accuracy_shock")
    if (total := len(say.labels.levels)) > LEVELS:
        yield say("backtest.accuracy_fewer", shown=LEVELS, total=total)
