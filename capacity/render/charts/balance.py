"""What is short and what is idle: in words, in their colours, and as areas between two lines."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from capacity.base.words import number, word
from capacity.render.charts import style

Floats = npt.NDArray[np.float64]
#: How the area looks that is short at one level or region and idle at another.
EACH_WAY: dict[str, Any] = {"facecolor": "none", "edgecolor": style.BOTH, "hatch": "/////", "lw": 0}


def balance(short: float, idle: float, full: bool, lang: str) -> str:
    """Say how many places are short and how many idle; a bound where demand is one."""
    if math.isnan(short):
        return word("nouns.no_data", lang)
    parts = []
    if round(short) > 0:
        parts.append(word("charts.n_short", lang, n=("≥ " if full else "") + number(short)))
    if round(idle) > 0:
        parts.append(word("charts.n_idle", lang, n=("≤ " if full else "") + number(idle)))
    return word("nouns.comma", lang).join(parts) or word("nouns.balanced", lang)


def balance_colour(short: float, idle: float) -> str:
    """Give the text colour of a balance: that of what is short, else of what is idle."""
    if round(np.nan_to_num(short)) > 0:
        return style.SHORT_TEXT
    return style.IDLE_TEXT if round(np.nan_to_num(idle)) > 0 else style.TEXT


def shade(ax: Axes, years: tuple[int, ...], demand: Floats, places: Floats, seated: Floats) -> None:
    """Shade what is short and what is idle; hatch what is both, below the lower line."""
    at = with_crossings(np.array(years, float), demand - places)
    over, under, both = (np.interp(at, years, line) for line in (demand, places, seated))
    lower = np.minimum(over, under)
    ax.fill_between(at, lower, under, color=style.IDLE, alpha=0.5, lw=0)
    ax.fill_between(at, lower, over, color=style.SHORT, alpha=0.5, lw=0)
    ax.fill_between(at, both, lower, **EACH_WAY)


def with_crossings(at: Floats, gap: Floats) -> Floats:
    """Add the moments between years at which a gap passes 0, so that areas do not overlap."""
    before = np.flatnonzero(gap[:-1] * gap[1:] < 0)
    share = gap[before] / (gap[before] - gap[before + 1])
    moments = at[before] + share * (at[before + 1] - at[before])
    return np.sort(np.concatenate([at, moments]))
