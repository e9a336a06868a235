"""Pupils by grade over the years: cohorts move up along the diagonals, the greatest outlined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from capacity.base.words import MINUS, cut, number, width
from capacity.inputs.districts.streams import level_taking
from capacity.render.charts import style
from capacity.render.charts.figure_frame import LEAST, WHOLE, Around, figure_frame, write
from capacity.render.charts.layout import Box, cell_width, draw_cells
from capacity.render.charts.wording import Wording
from capacity.render.pages.tables import peak
from capacity.results.assumptions import HELD, PROJECTED
from capacity.results.labels import ALL, Labels, LevelLabel, years_of

WIDE, HIGH = 0.6, 0.28  # inches of a cell, at least
TOTAL, BETWEEN = 0.3, 0.14  # inches of a level's sum; between levels
YEARS = 0.3  # inches of the row of years
FEW, MANY = "#F3F6F9", "#0B4F82"
NAME = 22
#: How the cells of cohorts look whose births are not counted.
UNCOUNTED: style.Looks = {"hatch": "////", "edgecolor": "#FFFFFF"}
#: Year, level and grade.
Cell = tuple[int, str, int]


@dataclass(frozen=True)
class _Cohorts:
    """One region's pupils by (year, level, grade), and where they stand, in inches."""

    say: Wording
    pupils: dict[Cell, float]
    years: tuple[int, ...]
    tops: dict[tuple[str, int], float]  # of each row of a level and grade
    sums: dict[str, float]  # of each level's row of sums
    high: float
    left: float
    wide: float  # of a cell

    def is_counted(self, cell: Cell) -> bool:
        """Whether the births of a cell's cohort are counted."""
        if self.say.labels.uncounted is None:
            return True
        entered = cell[0] - (cell[2] - min(grade for _, grade in self.tops))
        return entered < self.say.labels.uncounted[0]

    def of(self, level: LevelLabel) -> list[float]:
        """Return the pupils of a level by year."""
        grades = range(level.grades[0], level.grades[1] + 1)
        cells = ([(year, level.code, grade) for grade in grades] for year in self.years)
        return [sum(self.pupils.get(cell, 0.0) for cell in of_year) for of_year in cells]

    @property
    def peak(self) -> Cell:
        """The cell of the most pupils in one grade; the first of equals."""
        return max(self.pupils, key=lambda cell: (self.pupils[cell], -cell[0], -cell[2]))

    @property
    def greatest(self) -> list[Cell]:
        """The cells through which the cohort of the peak goes, first to last.

        Where levels share a grade, that of the peak's level, else that with the most of it.
        """
        year, level, grade = self.peak
        cells = [cell for cell in self.pupils if cell[0] - cell[2] == year - grade]
        cells.sort(key=lambda cell: (cell[1] == level, self.pupils[cell]))
        return sorted({cell[0]: cell for cell in cells}.values())

    def box(self, cell: Cell, inside: float = 0.0) -> Box:
        """Return where a cell stands, made smaller on every side."""
        x, y = self.left + self.wide * self.years.index(cell[0]), self.tops[cell[1:]]
        return x + inside, y + inside, self.wide - 2 * inside, HIGH - 2 * inside


def cohorts_chart(
    frame: pd.DataFrame,
    labels: Labels,
    *,
    region: str = ALL,
    lang: str = "en",
    ax: Axes | None = None,
    around: Around = WHOLE,
) -> Axes:
    """Draw the pupils of one region by grade and year, the cohort of the greatest grade outlined.

    Parameters
    ----------
    frame : DataFrame
        The pupils frame: year, region (with ``all``), grade, pupils; group where there is one.
    labels, region, lang, ax, around
        As for every kind: `capacity.render.charts.kinds`.

    Returns
    -------
    Axes
        Measured in inches; each cell has its shade and its figure, the highest grade on top.
    """
    own = frame[frame["region"].astype(str) == region]
    if own.empty:
        raise ValueError(f"the results have no region {region!r}")
    say = Wording.of(labels, lang)
    found = _laid_out(own, say)
    with figure_frame(
        ax,
        (max(LEAST, found.left + found.wide * len(found.years)), found.high),
        say,
        title=say("charts.wave_title", years=say.span(found.years)),
        headline=_headline(found, region),
        notes=[say("charts.wave_shade"), _outline(found), _uncounted(found)],
        around=around,
    ) as host:
        _cells(host, found)
        _rows(host, found)
        boxes = [found.box(cell, inside=0.02) for cell in found.greatest]
        draw_cells(host, boxes, ["none"] * len(boxes), edgecolor=style.SHORT, linewidth=1.8)
    return host


def _laid_out(own: pd.DataFrame, say: Wording) -> _Cohorts:
    """Put the highest level on top, each with its sum above its grades."""
    levels, years, y = say.labels.levels, years_of(own), YEARS
    pupils = _by_level(own, levels)
    tops: dict[tuple[str, int], float] = {}
    sums: dict[str, float] = {}
    for level in reversed(levels):
        sums[level.code] = y
        y += TOTAL
        for grade in range(level.grades[1], level.grades[0] - 1, -1):
            tops[level.code, grade] = y
            y += HIGH
        y += BETWEEN
    sums_wide = max(width(_sum_name(level, say)) for level in levels)
    names_wide = max(width(say.grade(grade)) for _, grade in tops)
    left = 0.2 + style.COLUMN * max(10 * sums_wide, 8.5 * names_wide)
    return _Cohorts(say, pupils, years, tops, sums, y, left, cell_width(left, len(years), WIDE))


def _by_level(own: pd.DataFrame, levels: Sequence[LevelLabel]) -> dict[Cell, float]:
    """Return the pupils of each year, level and grade: of the groups that a level takes."""
    parts = own[own["group"] != ALL] if "group" in own else own.assign(group="")
    pupils: dict[Cell, float] = {}
    columns = (parts[name] for name in ("year", "group", "grade", "pupils"))
    for year, group, grade, count in zip(*columns, strict=True):
        if (level := level_taking(levels, int(grade), str(group))) is not None:
            cell = (int(year), level.code, int(grade))
            pupils[cell] = pupils.get(cell, 0.0) + float(count)
    return pupils


def _sum_name(level: LevelLabel, say: Wording) -> str:
    return say("charts.wave_sum", level=cut(say.level_head(level.code), NAME))


def _cells(ax: Axes, found: _Cohorts) -> None:
    """Draw a cell per year and grade, darker with more pupils, and its figure."""
    least, most = min(found.pupils.values()), max(found.pupils.values())
    drawn: dict[bool, dict[Box, str]] = {True: {}, False: {}}
    for cell, pupils in found.pupils.items():
        x, y, wide, high = box = found.box(cell)
        colour = style.mix(FEW, MANY, ((pupils - least) / (most - least or 1.0)) ** 1.5)
        how: style.Looks = {"ha": "center", "color": style.text_colour(colour)}
        write(ax, x + wide / 2, y + high / 2, number(pupils), 8, **how)
        drawn[found.is_counted(cell)][box] = colour
    for counted, boxes in drawn.items():
        draw_cells(ax, list(boxes), list(boxes.values()), **({} if counted else UNCOUNTED))


def _rows(ax: Axes, found: _Cohorts) -> None:
    """Write the years, the grades, and each level's sums with the peak in bold colour."""
    say, end = found.say, found.left + found.wide * len(found.years)
    middles = [found.left + found.wide * (k + 0.5) for k in range(len(found.years))]
    for x, year in zip(middles, found.years, strict=True):
        write(ax, x, YEARS / 2, say.year(year), 8.5, ha="center", color=style.MUTED)
    for (_, grade), y in found.tops.items():
        name = say.grade(grade)
        write(ax, found.left - 0.12, y + HIGH / 2, name, 8.5, ha="right", color=style.MUTED)
    for level in say.labels.levels:
        y, totals = found.sums[level.code], found.of(level)
        write(ax, 0, y + TOTAL / 2, _sum_name(level, say), 10)
        most = max(totals)
        for x, total in zip(middles, totals, strict=True):
            top = total == most and round(most) > round(min(totals))
            text = f"▲{number(total)}" if top else number(total)
            colour = style.SHORT_TEXT if top else style.TEXT
            write(ax, x, y + TOTAL / 2, text, 8.5, ha="center", color=colour)
        ax.hlines(y, 0, end, colors="#8C8C8C", lw=0.8)


def _outline(found: _Cohorts) -> str:
    year, _, grade = found.peak
    return found.say("charts.wave_outline", grade=found.say.grade(grade), year=year)


def _uncounted(found: _Cohorts) -> str:
    """Say from when first grades rest on births that are not counted, and on what instead."""
    say, uncounted = found.say, found.say.labels.uncounted
    if uncounted is None or all(map(found.is_counted, found.pupils)):
        return ""
    year, how = uncounted
    words = {HELD: "held", PROJECTED: "projected", "hold": "hold", "trend": "trend"}
    share = "" if how in words else f"{float(how):+.1%}".replace("-", MINUS)
    instead = say(f"charts.births_{words.get(how, 'share')}", share=share)
    return say("charts.wave_uncounted", year=year, instead=instead)


def _headline(found: _Cohorts, region: str) -> str:
    """Return when each level has the most pupils, and where the greatest cohort goes."""
    say = found.say
    totals = {level.code: found.of(level) for level in say.labels.levels}
    peaks = [
        peak(total, found.years, say.level(code), say.lang)
        for code, total in totals.items()
        if round(max(total)) > round(min(total))
    ]
    year, _, grade = found.peak
    last_year, _, last_grade = found.greatest[-1]
    facts = {"pupils": number(found.pupils[found.peak]), "year": year}
    facts |= {"grade": say.grade(grade)}
    moves = (last_year, last_grade) != (year, grade)
    parts = [
        say("charts.wave_peaks", levels=say.joined(peaks)) if peaks else "",
        say(
            "charts.wave_head",
            last_grade=say.grade(last_grade),
            last_year=last_year,
            **facts,
        )
        if moves
        else say("charts.wave_head_still", **facts),
    ]
    return say.lead(region) + say.joined(parts, "semicolon")
