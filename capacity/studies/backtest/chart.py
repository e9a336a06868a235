"""How good past forecasts were: errors by years ahead over how often the bands held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from capacity.base.words import cut, sentence, word
from capacity.render.charts import style
from capacity.results.labels import ALL, Labels

#: The methods drawn, by colour and line; what is measured stands on top.
METHODS = {
    "naive": (style.LISTED, "-", 1.4),
    "ref3": (style.SHORT, "--", 1.4),
    "model": (style.IDLE, "-", 2.4),
}
#: Bands, by column, promise, colour.
BANDS = (("coverage80", 80, style.IDLE), ("coverage95", 95, style.TARGET))
#: Levels beside their sum, at most; panels in a row, at most.
LEVELS, ACROSS = 7, 4
#: Inches: the picture across, a row of panels, its name above, its ticks below, beside a panel.
WIDE, TALL, ABOVE, BELOW, LEFT, BETWEEN = 9.6, 1.75, 0.62, 0.35, 0.4, 0.45
MARGINS = (0.25, 0.95, 0.25)  # left, bottom, right
#: Columns of text of a level's name.
NAMES = 30


def accuracy(
    scores: pd.DataFrame,
    by_year: pd.DataFrame,
    labels: Labels,
    *,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw the mean error by years ahead, for all levels and each, and coverage of the bands.

    Parameters
    ----------
    scores : DataFrame
        The rows of accuracy.csv.
    by_year : DataFrame
        The rows of years.csv.
    labels : Labels
    lang : str
        "en" or "zh".
    ax : Axes, optional
        Axes to draw on; without them a figure of its own.

    Returns
    -------
    Axes
        The host; its ``child_axes`` are a panel of errors for all levels and for each, then the
        share that the bands held by years ahead and by target year, where there were draws.
    """
    lang = style.readable(lang)
    levels = [ALL, *(level.code for level in labels.levels)]
    levels = levels[: LEVELS + 1] if len(levels) > 2 else [ALL]
    held = scores.loc[scores["method"] == "model", "coverage80"].notna().any()
    rows = -(-len(levels) // ACROSS)
    tall = (rows + int(held)) * (ABOVE + TALL + BELOW)
    given = ax is not None
    with style.styled():
        years = [int(year) for year in sorted(by_year["year"].unique())]
        title = word("backtest.accuracy_title" if held else "backtest.accuracy_title_plain", lang)
        facts = {"district": labels.region_name(ALL, lang), "first": years[0], "last": years[-1]}
        headline = word("backtest.accuracy_headline", lang, **facts)
        if ax is None:
            west, south, east = MARGINS
            north = style.head_height(title, headline, inches=WIDE)
            size = (WIDE + west + east, tall + south + north)
            ax = style.canvas(*size, (west, south, east, north))
        style.bare(ax)
        _errors(ax, scores, levels, labels, tall, lang)
        if held:
            _bands(ax, scores, by_year, tall, lang)
        style.head(ax, title, headline, inches=WIDE)
        notes = _notes(by_year, len(levels) - 1, labels, lang) if held else []
        style.foot(ax, notes, labels, lang, inches=WIDE)
        if given:
            style.fit(ax, WIDE)
    return ax


def _panel(ax: Axes, tall: float, row: int, place: int, count: int) -> Axes:
    """Give axes in a row of so many panels, rows from the top."""
    wide = (WIDE - LEFT - BETWEEN * (count - 1)) / count
    left = LEFT + place * (wide + BETWEEN)
    top = row * (ABOVE + TALL + BELOW) + ABOVE
    return ax.inset_axes((left / WIDE, 1 - (top + TALL) / tall, wide / WIDE, TALL / tall))


def _errors(
    ax: Axes,
    scores: pd.DataFrame,
    levels: Sequence[str],
    labels: Labels,
    tall: float,
    lang: str,
) -> None:
    """Draw the mean error of every method, on one scale, the names beside the first lines."""
    shown = scores[scores["level"].isin(levels) & scores["method"].isin(METHODS)]
    top = 100 * float(shown["mape"].max()) * 1.3 or 1.0
    for place, level in enumerate(levels):
        name = word("backtest.all_levels", lang) if level == ALL else labels.level_name(level, lang)
        across = min(len(levels), ACROSS)
        panel = _panel(ax, tall, place // ACROSS, place % ACROSS, across)
        of_level = shown[shown["level"] == level]
        for method, (colour, dashes, width) in METHODS.items():
            rows = of_level[of_level["method"] == method]
            panel.plot(
                rows["horizon"],
                100 * rows["mape"],
                dashes,
                color=colour,
                lw=width,
                marker="o",
                ms=2.5 + width / 2,
                label=word(f"backtest.method_{method}", lang),
            )
        panel.set_ylim(0, top)
        _dress(panel, sentence(cut(name, NAMES)))
        panel.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        if place == 0:
            _caption(panel, word("backtest.accuracy_error", lang))
            panel.legend(loc="upper left", frameon=False, fontsize=8, handlelength=2.2)


def _bands(ax: Axes, scores: pd.DataFrame, by_year: pd.DataFrame, tall: float, lang: str) -> None:
    """Draw the share of forecasts that lay inside each band, against what the band promises."""
    row = round(tall / (ABOVE + TALL + BELOW)) - 1
    model = scores[(scores["method"] == "model") & (scores["level"] == ALL)]
    by_horizon, of_year = _panel(ax, tall, row, 0, 2), _panel(ax, tall, row, 1, 2)
    years = by_year[by_year["method"] == "model"].sort_values("year")
    low = min(float(frame["coverage80"].min()) for frame in (model, years))
    for panel, rows, key in ((by_horizon, model, "horizon"), (of_year, years, "year")):
        for column, promised, colour in BANDS:
            how: dict[str, Any] = {"lw": 1.8, "marker": "o", "ms": 3.5, "color": colour}
            name = word(f"backtest.band_{promised}", lang)
            panel.plot(rows[key], 100 * rows[column], "-", label=name, **how)
            panel.axhline(promised, color=colour, lw=1, ls=(0, (4, 3)))
        panel.set_ylim(min(50.0, 100 * low - 5), 102)
        _dress(panel, "")
        panel.yaxis.set_major_locator(MultipleLocator(10))
    by_horizon.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    _caption(by_horizon, word("backtest.accuracy_held", lang), 7)
    _caption(of_year, word("backtest.accuracy_held_years", lang), 7)
    by_horizon.legend(loc="lower left", frameon=False, fontsize=8, ncols=2)
    flagged = dict(zip(years["year"], years["flagged"], strict=True))
    ticks = [int(year) for year in years["year"]]
    step = -(-len(ticks) // 12)
    names = [f"{year}*" if flagged[year] else str(year) for year in ticks[::step]]
    of_year.set_xticks(ticks[::step], names)


def _dress(panel: Axes, name: str) -> None:
    panel.yaxis.set_major_locator(MaxNLocator(4))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.grid(axis="y", color=style.RULE, lw=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(labelsize=8.5, length=2.5)
    panel.set_title(name, loc="left", fontsize=10, pad=5, color=style.TEXT)


def _caption(panel: Axes, text: str, points: int = 22) -> None:
    """Say above a panel, over its name, what its row shows."""
    panel.annotate(
        sentence(text),
        (0, 1),
        xytext=(-LEFT * 72 * 0.7, points),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=9,
        color="#3A3A3A",
    )


def _notes(by_year: pd.DataFrame, shown: int, labels: Labels, lang: str) -> list[str]:
    notes = [word("backtest.accuracy_nominal", lang)]
    if by_year["flagged"].any():
        notes.append(word("backtest.accuracy_flagged", lang))
    if shown and shown < len(labels.levels):
        notes.append(word("backtest.accuracy_fewer", lang, shown=shown, total=len(labels.levels)))
    return notes
