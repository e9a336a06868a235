"""What stands below the compass: classes of next autumn and worst years, and the sums by year.

Two tables, so that the first picture of a run answers by itself how many classes must open where,
where and when most places are short, and how many stand idle in which year.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from capacity.base.settings import HIGH, LOW
from capacity.base.words import cut, number, sentence
from capacity.render.charts import style
from capacity.render.charts.figure_frame import write
from capacity.render.charts.layout import NAME, Box, draw_cells, name_width
from capacity.render.charts.wording import Wording
from capacity.results.labels import (
    ALL,
    BANDS,
    column,
    first_greatest,
    has_draws,
    places_known,
    years_of,
)

#: Inches of a row; above a table's rows; between two columns; of a year's column at least.
ROW, HEAD, SPACE, YEAR = 0.27, 0.62, 0.15, 0.6
#: Inches of the heads over columns of classes, and below their table.
UNDER, AFTER = 0.17, 0.12
#: Points of figures, and of the heads over them.
FIGURES, HEADS = 9, 8
#: Regions listed at most.
REGIONS = 8
MARK = 0.13  # inches of the square of a band
MARKS = {"yellow": style.YELLOW, "red": style.RED}
TINTS = {"shortage": style.SHORT, "surplus": style.IDLE}
#: How strongly the greatest figure of the years is tinted.
TINT = 0.55


@dataclass(frozen=True)
class Cell:
    """A cell of the classes: figures, band ("" for none), entry gap, worst year of its places."""

    classes: str
    band: str
    gap: float
    worst: str


@dataclass(frozen=True)
class Below:
    """The two tables, ready to draw.

    Attributes
    ----------
    say
    autumn : int
        The year of the classes.
    levels : tuple of str
        Those that have room.
    rows : dict
        By region code, the district's first: a cell for each level.
    hidden : int
        Regions that have no room.
    years : tuple of int
    sums : dict
        By the head of a row, a figure for each year; nan is unknown.
    tints : dict
        By the head of a row, the colour of its greatest figure.
    ranged : bool
        Whether the classes have ranges.
    """

    say: Wording
    autumn: int
    levels: tuple[str, ...]
    rows: Mapping[str, Sequence[Cell]]
    hidden: int
    years: tuple[int, ...]
    sums: Mapping[str, Sequence[float]]
    tints: Mapping[str, str]
    ranged: bool

    @property
    def height(self) -> float:
        """Inches of both."""
        return self._of_classes + HEAD + ROW * len(self.sums)

    @property
    def _of_classes(self) -> float:
        return HEAD + UNDER + ROW * len(self.rows) + AFTER if self.rows else 0.0

    @property
    def notes(self) -> Iterator[str]:
        """What must be said of them."""
        levels = len(self.say.labels.levels) - len(self.levels)
        if self.rows:
            yellow, red = (f"{line:.0%}" for line in self.say.labels.bands)
            yield self.say("charts.below_bands", yellow=yellow, red=red)
        for name, hidden in (("regions", self.hidden), ("levels", levels)):
            if self.rows and hidden:
                yield self.say(f"charts.below_{name}", n=hidden)

    def draw(self, ax: Axes, top: float, wide: float) -> None:
        """Draw both onto a frame measured in inches, from ``top`` on, so many inches wide."""
        if self.rows:
            _draw_classes(ax, self, top, wide)
        _draw_years(ax, self, top + self._of_classes, wide)


def below(frame: pd.DataFrame, entry: pd.DataFrame, say: Wording, wide: float) -> Below:
    """Return what stands below.

    Parameters
    ----------
    frame, entry
        Rows of results.csv and of entry.csv.
    say
    wide
        Inches that there are.
    """
    years, labels = years_of(frame), say.labels
    autumn = labels.next_autumn(years)
    found = _cells(frame, entry, say, autumn)

    def urgency(code: str) -> tuple[int, int]:
        bands = [
            found[code, level.code].band for level in labels.levels if (code, level.code) in found
        ]
        return -bands.count("red"), -bands.count("yellow")

    codes = sorted((region.code for region in labels.tops), key=urgency)
    listed = [ALL, *codes[:REGIONS]] if len(codes) > 1 else codes
    nothing = Cell("", "", math.nan, "")
    levels = [level.code for level in labels.levels]
    while len(levels) > 1 and _width(found, listed, levels, say) > wide:
        levels.pop()
    rows = {code: [found.get((code, level), nothing) for level in levels] for code in listed}
    some = any(cell.classes for row in rows.values() for cell in row)
    sums, tints = _sums(frame, say)
    return Below(
        say,
        autumn,
        tuple(levels),
        rows if some else {},
        max(0, len(codes) - REGIONS),
        *_fitting(years, sums, say, wide),
        tints,
        ranged=f"classes_{LOW}" in entry.columns,
    )


def _cells(
    frame: pd.DataFrame, entry: pd.DataFrame, say: Wording, autumn: int
) -> dict[tuple[str, str], Cell]:
    """Return the cells by region and level."""
    shortage = column(frame, "shortage")
    worst: dict[tuple[str, str], dict[int, float]] = {}
    for (year, *cell), value in shortage.items():
        if not math.isnan(value):
            worst.setdefault((cell[0], cell[1]), {})[year] = value
    found = {}
    for row in entry[entry["year"] == autumn].to_dict("records"):
        key = str(row["region"]), str(row["level"])
        gap = float(row["entry_gap"]) if pd.notna(row["entry_gap"]) else math.nan
        band = BANDS.get(str(row["band"]), "")
        shared = any(key[0] in one.shared for one in say.labels.levels if one.code == key[1])
        worst_year = say("charts.below_pooled") if shared else _worst(worst.get(key), say)
        found[key] = Cell(_classes(row), band, gap, worst_year)
    return found


def _marked(cell: Cell, say: Wording) -> str:
    """Return how many entry places are short or idle, after the word of the band."""
    band = say(f"nouns.{cell.band}") if cell.band else ""
    gap = "" if math.isnan(cell.gap) else say.balance(cell.gap, -cell.gap, False)
    return " ".join(filter(None, (band, gap)))


def _classes(row: Mapping[Any, Any]) -> str:
    """Return the classes that must open, with the range of 8 of 10 draws where there is one."""
    count, *ends = (
        number(float(row[name])) if pd.notna(row.get(name)) else ""
        for name in ("classes_needed", f"classes_{LOW}", f"classes_{HIGH}")
    )
    return f"{count} ({ends[0]}–{ends[1]})" if ends[0] != ends[1] else count


def _worst(by_year: Mapping[int, float] | None, say: Wording) -> str:
    """Return the greatest shortage and its first year; a dash where none is known or none short."""
    if by_year is None:
        return "–"
    year = first_greatest(by_year)
    if not round(by_year[year]):
        return say("charts.below_never")
    return say("charts.below_worst", places=number(by_year[year]), year=year)


def _sums(frame: pd.DataFrame, say: Wording) -> tuple[dict[str, list[float]], dict[str, str]]:
    """Return the district's figures by year, and the tints of what is short and idle.

    Of each level where the district adds up none.
    """
    labels, known = say.labels, places_known(frame, say.labels)
    ranged = has_draws(frame) and not labels.target_levels  # a range is of all levels
    names = {"shortage": "nouns.shortage"} if known else {"demand": "nouns.demand"}
    if known and ranged and not labels.by_level:
        names |= {f"shortage_{LOW}": "brief.low", f"shortage_{HIGH}": "brief.high"}
    names |= {"surplus": "nouns.idle"} if known else {}
    sums, tints, years = {}, {}, years_of(frame)
    for one in labels.each_level if labels.by_level else (labels,):
        for name, key in names.items():
            head = sentence(say(key))
            if labels.by_level:
                level = sentence(one.target_names(say.lang))
                head = say("charts.below_level", level=level, head=say(key))
            found = column(frame, name)
            sums[head] = [
                sum(found.get((year, *row), math.nan) for row in one.headline_rows)
                for year in years
            ]
            if name in TINTS:
                tints[head] = TINTS[name]
    return sums, tints


def _fitting(
    years: Sequence[int], sums: Mapping[str, Sequence[float]], say: Wording, wide: float
) -> tuple[tuple[int, ...], dict[str, list[float]]]:
    """Return the years that have room, evenly, and their figures: first and last among them."""
    most = max(2, int((wide - _lead(sums)) / YEAR))
    step = -(-(len(years) - 1) // (most - 1)) if len(years) > 1 else 1
    spoken = years.index(say.labels.spoken_year(years))
    at = list(range(spoken % step, len(years), step))
    return tuple(years[k] for k in at), {head: [row[k] for k in at] for head, row in sums.items()}


def _lead(sums: Mapping[str, Sequence[float]]) -> float:
    return SPACE + max(map(style.measured(FIGURES), sums))


def _columns(
    found: Mapping[tuple[str, str], Cell], codes: Sequence[str], level: str, say: Wording
) -> tuple[float, float, float]:
    """Return the inches of a level's classes, entry gaps with bands, and worst years."""
    own = [found[code, level] for code in codes if (code, level) in found]
    size, head = style.measured(FIGURES), style.measured(HEADS)
    classes = max([head(say("charts.below_classes")), *(size(cell.classes) for cell in own)])
    gaps = max([head(say("charts.below_gap")), *(size(_marked(cell, say)) for cell in own)])
    band = MARK + 0.06 + gaps
    worst = max([head(say("charts.below_most")), *(size(cell.worst) for cell in own)])
    return classes, band, worst


def _width(
    found: Mapping[tuple[str, str], Cell], codes: Sequence[str], levels: Sequence[str], say: Wording
) -> float:
    each = (sum(_columns(found, codes, level, say)) + 3 * SPACE for level in levels)
    return name_width(say, codes) + sum(each)


def _draw_classes(ax: Axes, of: Below, top: float, wide: float) -> None:
    """Draw the classes: a row per region, and per level its classes, band and worst year."""
    say, codes = of.say, list(of.rows)
    key = "charts.below_title_range" if of.ranged else "charts.below_title"
    write(ax, 0, top + 0.2, say(key, year=of.autumn), 11)
    top += HEAD
    for row, code in enumerate(codes):
        write(ax, 0, top + UNDER + ROW * (row + 0.5), cut(say.row(code), NAME), 9.5)
    left = name_width(say, codes)
    cells = {
        (code, level): cell
        for code, row in of.rows.items()
        for level, cell in zip(of.levels, row, strict=True)
    }
    spare = max(0.0, wide - _width(cells, codes, of.levels, say)) / len(of.levels)
    for level in of.levels:
        classes, band, worst = _columns(cells, codes, level, say)
        own = [cells[code, level] for code in codes]
        _draw_level(ax, level, own, (left, top, classes, band + worst), say)
        left += classes + band + worst + 3 * SPACE + spare
    lines = [top + UNDER + ROW * row for row in range(len(codes) + 1)]
    ax.hlines(lines, 0, wide, colors=style.RULE, lw=0.6)


def _draw_level(ax: Axes, code: str, cells: Sequence[Cell], at: Box, say: Wording) -> None:
    """Draw a level's columns: ``at`` is their left, top, and the inches of classes and the rest."""
    left, top, classes, rest = at
    level = next(one for one in say.labels.levels if one.code == code)
    grade = say.grade(level.grades[0])
    head = say("charts.entry_level", level=say.level_head(code), grade=grade)
    room = classes + rest + 2 * SPACE
    write(ax, left, top - 0.17, cut(head, room, style.measured(9.5)), 9.5)
    band, end = left + classes + SPACE / 2, left + classes + rest + 1.5 * SPACE
    how: style.Looks = {"ha": "right", "color": style.MUTED}
    write(ax, left + classes, top + 0.04, say("charts.below_classes"), HEADS, **how)
    write(ax, end, top + 0.04, say("charts.below_most"), HEADS, **how)
    write(ax, band, top + 0.04, say("charts.below_gap"), HEADS, color=style.MUTED)
    for row, cell in enumerate(cells):
        y = top + UNDER + ROW * (row + 0.5)
        write(ax, left + classes, y, cell.classes, FIGURES, ha="right")
        if cell.band:
            draw_cells(ax, [(band, y - MARK / 2, MARK, MARK)], [MARKS[cell.band]], linewidth=0)
        colour = style.of_balance(cell.gap, -cell.gap)
        write(ax, band + MARK + 0.05, y, _marked(cell, say), FIGURES, color=colour)
        colour = style.SHORT_TEXT if any(map(str.isdigit, cell.worst)) else style.MUTED
        write(ax, end, y, cell.worst, FIGURES, ha="right", color=colour)


def _draw_years(ax: Axes, of: Below, top: float, wide: float) -> None:
    """Draw the district's figures by year, what is short and idle tinted by how much."""
    say, left = of.say, _lead(of.sums)
    names = say.labels.target_names(say.lang)
    head = say("charts.below_years", district=say.region(ALL))
    head = say("brief.years_levels", text=head, levels=names) if names else head
    write(ax, 0, top + 0.2, cut(head, wide, style.measured(11)), 11)
    each, y = (wide - left) / max(len(of.years), 1), top + HEAD - ROW / 2
    each = min(each, 2 * YEAR)
    for k, year in enumerate(of.years):
        write(
            ax,
            left + each * (k + 1) - 0.06,
            y,
            say.year(year),
            HEADS,
            ha="right",
            color=style.MUTED,
        )
    for row, (name, figures) in enumerate(of.sums.items()):
        y = top + HEAD + ROW * row
        write(ax, 0, y + ROW / 2, name, FIGURES)
        most = max((one for one in figures if not math.isnan(one)), default=0.0)
        for k, figure in enumerate(figures):
            box = (left + each * k, y, each, ROW)
            colour = "#FFFFFF"
            if name in of.tints and most > 0 and figure > 0:
                colour = style.mix("#FFFFFF", of.tints[name], TINT * figure / most)
                draw_cells(ax, [box], [colour])
            text = "–" if math.isnan(figure) else number(figure)
            how: style.Looks = {"ha": "right", "color": style.text_colour(colour)}
            write(ax, box[0] + each - 0.06, y + ROW / 2, text, FIGURES - 0.5, **how)
