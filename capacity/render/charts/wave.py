"""Pupils by grade over the years: cohorts move up along the diagonals, the wave among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from capacity.base.words import cut, number, sentence, width, word
from capacity.render.charts import style
from capacity.render.charts.sheet import (
    LEAST,
    Around,
    Box,
    cell_width,
    ink,
    lead,
    mix,
    paint,
    sheet,
)
from capacity.render.terminal import peak
from capacity.results.labels import ALL, Labels, LevelLabel, years_of

WIDE, HIGH = 0.6, 0.28  # inches of a cell, at least
TOTAL, BETWEEN = 0.3, 0.14  # inches of a level's sum; between levels
YEARS = 0.3  # inches of the row of years
FEW, MANY = "#F3F6F9", "#0B4F82"
NAME = 22


@dataclass(frozen=True)
class _Wave:
    """One region's pupils by (year, grade), and where each grade's row stands."""

    pupils: dict[tuple[int, int], float]
    years: tuple[int, ...]
    tops: dict[int, float]  # inches from the top, by grade
    sums: dict[str, float]  # the same of each level's row of sums
    high: float

    def of(self, level: LevelLabel) -> list[float]:
        """Give the pupils of a level by year."""
        grades = range(level.grades[0], level.grades[1] + 1)
        return [sum(self.pupils.get((year, g), 0.0) for g in grades) for year in self.years]

    @property
    def crest(self) -> tuple[int, int]:
        """The year and grade of the most pupils in one grade; the first of equals."""
        return max(self.pupils, key=lambda cell: (self.pupils[cell], -cell[0], -cell[1]))

    @property
    def cohort(self) -> list[tuple[int, int]]:
        """The years and grades through which the cohort at the crest goes, first to last."""
        year, grade = self.crest
        return sorted(cell for cell in self.pupils if cell[0] - cell[1] == year - grade)


def wave(
    frame: pd.DataFrame,
    labels: Labels,
    *,
    region: str = ALL,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw the pupils of one region by grade and year, the cohort of the greatest grade outlined.

    Parameters
    ----------
    frame : DataFrame
        The pupils frame: year, region (with ``all``), grade, pupils.
    labels : Labels
    region : str
        A code; by default the district.
    lang : str
        "en" or "zh".
    ax : Axes, optional
        Axes to draw on; without them a figure of its own, sized to the cells.

    Returns
    -------
    Axes
        Measured in inches; each cell has its shade and its figure, the highest grade on top.
    """
    own = frame[frame["region"].astype(str) == region]
    if own.empty:
        raise ValueError(f"the results have no region {region!r}")
    lang = style.readable(lang)
    found = _laid_out(own, labels)
    left = 0.2 + style.COLUMN * 10 * max(width(_sum_name(v, labels, lang)) for v in labels.levels)
    wide = cell_width(left, len(found.years), WIDE)
    size = (max(LEAST, left + wide * len(found.years)), found.high)
    title = word("charts.wave_title", lang, years=style.span(found.years, lang))
    year, grade = found.crest
    notes = [
        word("charts.wave_shade", lang),
        word("charts.wave_outline", lang, grade=grade, year=year),
    ]
    around = Around(title, _headline(found, labels, region, lang), notes)
    with sheet(ax, size, around, labels, lang) as host:
        _cells(host, found, (left, wide))
        _names(host, found, (left, wide), labels, lang)
        _outline(host, found, (left, wide))
    return host


def _laid_out(own: pd.DataFrame, labels: Labels) -> _Wave:
    """Put the highest level on top, each with its sum above its grades."""
    cells = zip(own["year"], own["grade"], own["pupils"], strict=True)
    pupils = {(int(year), int(grade)): float(count) for year, grade, count in cells}
    tops: dict[int, float] = {}
    sums: dict[str, float] = {}
    y = YEARS
    for level in reversed(labels.levels):
        sums[level.code] = y
        y += TOTAL
        for grade in range(level.grades[1], level.grades[0] - 1, -1):
            tops[grade] = y
            y += HIGH
        y += BETWEEN
    return _Wave(pupils, years_of(own), tops, sums, y)


def _sum_name(level: LevelLabel, labels: Labels, lang: str) -> str:
    name = cut(sentence(labels.level_name(level.code, lang)), NAME)
    return word("charts.wave_sum", lang, level=name)


def _cells(ax: Axes, found: _Wave, at: tuple[float, float]) -> None:
    """Draw a cell per year and grade, darker with more pupils, and its figure."""
    left, wide = at
    least, most = min(found.pupils.values()), max(found.pupils.values())
    boxes: list[Box] = []
    colours = []
    for (year, grade), pupils in found.pupils.items():
        x, y = left + wide * found.years.index(year), found.tops[grade]
        colour = mix(FEW, MANY, ((pupils - least) / (most - least or 1.0)) ** 1.5)
        boxes.append((x, y, wide, HIGH))
        colours.append(colour)
        middle = (x + wide / 2, y + HIGH / 2)
        text = number(pupils)
        ax.text(*middle, text, ha="center", va="center", fontsize=8, color=ink(colour))
    paint(ax, boxes, colours)


def _names(ax: Axes, found: _Wave, at: tuple[float, float], labels: Labels, lang: str) -> None:
    """Write the years, the grades, and each level's sums with the peak in bold colour."""
    left, wide = at
    how: dict[str, Any] = {"va": "center", "fontsize": 8.5, "color": style.MUTED}
    for k, year in enumerate(found.years):
        ax.text(left + wide * (k + 0.5), YEARS / 2, str(year), ha="center", **how)
    for grade, y in found.tops.items():
        name = word("charts.grade", lang, grade=grade)
        ax.text(left - 0.12, y + HIGH / 2, name, ha="right", **how)
    for level in labels.levels:
        y, totals = found.sums[level.code], found.of(level)
        middle = y + TOTAL / 2
        ax.text(0, middle, _sum_name(level, labels, lang), va="center", fontsize=10)
        most = max(totals)
        for k, total in enumerate(totals):
            x = left + wide * (k + 0.5)
            top = total == most and round(most) > round(min(totals))
            colour = style.SHORT_TEXT if top else style.TEXT
            ax.text(
                x,
                middle,
                f"▲{number(total)}" if top else number(total),
                ha="center",
                va="center",
                fontsize=8.5,
                color=colour,
            )
        ax.hlines(y, 0, left + wide * len(found.years), colors="#8C8C8C", lw=0.8)


def _outline(ax: Axes, found: _Wave, at: tuple[float, float]) -> None:
    """Outline the cells of the cohort at the crest."""
    left, wide = at
    boxes = [
        (left + wide * found.years.index(year) + 0.02, found.tops[grade] + 0.02)
        for year, grade in found.cohort
    ]
    sizes = [(*box, wide - 0.04, HIGH - 0.04) for box in boxes]
    paint(ax, sizes, ["none"] * len(sizes), edgecolor=style.SHORT, linewidth=1.8)


def _headline(found: _Wave, labels: Labels, region: str, lang: str) -> str:
    """Say when each level has the most pupils, and where the greatest cohort goes."""
    totals = {level.code: found.of(level) for level in labels.levels}
    peaks = [
        peak(total, found.years, lang).format(level=labels.level_name(code, lang))
        for code, total in totals.items()
        if round(max(total)) > round(min(total))
    ]
    year, grade = found.crest
    last = found.cohort[-1]
    facts = {
        "pupils": number(found.pupils[year, grade]),
        "grade": grade,
        "year": year,
        "last_grade": last[1],
        "last_year": last[0],
    }
    key = "charts.wave_head" if last != (year, grade) else "charts.wave_head_still"
    said = (
        [word("charts.wave_peaks", lang, levels=word("nouns.list", lang).join(peaks))]
        if peaks
        else []
    )
    said.append(word(key, lang, **facts))
    return lead(labels, lang, region) + word("nouns.semicolon", lang).join(said)
