"""The kinds of charts of one run: what each shows, from what, and what its file is called.

A new kind is a function in a file here, as ``gap_chart`` in ``gap``, and an entry in `KINDS`;
methods of results, the names of files and the choices of ``capacity chart`` follow. Its arguments
are the frames it is drawn from, then

labels : Labels
    Names, targets and provenance of the run.
year : int
    The autumn to draw, of a kind that shows one.
region : str
    The code of a region, of a kind that can show one; by default the district.
lang : str
    "en" or "zh".
ax : Axes, optional
    Axes to draw on: all of it stands in their place, smaller where that is small. Without them a
    figure of its own, as large as what is drawn.
around : Around
    Whether title and headline stand above it, notes and provenance below it.
level : str, optional
    The code of a level, or ``all``, of a kind that can show one alone; by default each.

It returns the axes. Nothing here imports matplotlib before something is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from capacity.results.labels import Labels

#: How a chart is saved.
FORMATS = ("png", "svg", "pdf")
#: What a file name cannot hold on every system, and the sign that stands before its number.
_UNSAFE = re.compile(r'[\\/:*?"<>|%]')
#: Bytes of a code in a file name: with the rest of the name fewer than a system takes, 255.
_BYTES = 180


def _safe(code: str) -> str:
    """Return a code as a part of a file name; a long one by its beginning and its hash."""
    text = _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", code)
    if len(text.encode()) <= _BYTES:
        return text
    begin = text.encode()[: _BYTES - 9].decode("utf-8", "ignore")
    return f"{begin}~{sha256(code.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Kind:
    """A kind of chart.

    Attributes
    ----------
    name : str
    shows : str
        What is drawn, as its method says it.
    frames : tuple of str
        The tables of a run that it is drawn from, in the order of its arguments.
    usual : str or None
        Of a kind that shows one year: the method of `Labels` that gives the year to draw where
        none is named. None: the kind shows all years.
    regional : bool
        Whether it can show one region in place of the district.
    levelled : bool
        Whether it can show one level alone.
    drawn : bool
        Whether it shows draws, which a run may lack.
    file : str
        Its file here, which the function in it, ``<file>_chart``, is named for; empty: its name.
    """

    name: str
    shows: str
    frames: tuple[str, ...]
    usual: str | None = None
    regional: bool = False
    levelled: bool = False
    drawn: bool = False
    file: str = ""

    @property
    def yearly(self) -> bool:
        """Whether a chart of this kind shows one year."""
        return self.usual is not None

    @property
    def options(self) -> dict[str, str | bool | None]:
        """The options of its method, with what they are where they are not named."""
        own = {"year": self.yearly, "region": self.regional, "level": self.levelled}
        every = {"lang": "en", "ax": None, "title": True, "footer": True}
        return {name: "all" if name == "region" else None for name in own if own[name]} | every

    def usual_year(self, labels: Labels, known: Iterable[int]) -> int | None:
        """Return the year to draw where none is named; None of a kind that shows all years."""
        return getattr(labels, self.usual)(known) if self.usual else None

    def draw(
        self,
        frames: Mapping[str, pd.DataFrame],
        labels: Labels,
        *,
        title: bool = True,
        footer: bool = True,
        **options: Any,
    ) -> Axes:
        """Draw a chart, with or without what stands above and below it.

        Further ``options`` are those of its function.
        """
        from capacity.render.charts.figure_frame import Around

        file = self.file or self.name
        options["around"] = Around(title, footer)
        function = getattr(import_module(f"capacity.render.charts.{file}"), f"{file}_chart")
        axes: Axes = function(*(frames[name] for name in self.frames), labels, **options)
        return axes

    def file_name(self, suffix: str, *, year: int | None = None, region: str | None = None) -> str:
        """Return the name of the chart's file, with the region and the year that it shows.

        >>> KINDS["wave"].file_name("png", region="North/East")
        'wave_North%2FEast.png'
        """
        parts = [self.name]
        if region is not None:
            parts.append(_safe(region))
        parts += [] if year is None else [str(year)]
        return f"{'_'.join(parts)}.{suffix}"


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "gap",
            "the gap of one year by region and level; by default of the plan's, else the worst",
            ("results",),
            usual="answer_year",
        ),
        Kind(
            "map",
            "a map of what is short and idle in one year, for each level; by default as the gap",
            ("results",),
            usual="answer_year",
        ),
        Kind(
            "trend",
            "demand, places and the gap over the years, as on the map, and next autumn's classes",
            ("results", "entry", "chance"),
        ),
        Kind(
            "heatmap",
            "how full regions and levels are by year, with the early-warning bands",
            ("results",),
        ),
        Kind(
            "supply",
            "demand against places by what they are made of; by default of the district",
            ("supply", "results"),
            regional=True,
        ),
        Kind(
            "entry",
            "the entry classes that each region must open; by default next autumn",
            ("entry",),
            usual="next_autumn",
        ),
        Kind(
            "wave",
            "pupils by grade over the years, the greatest cohort marked",
            ("pupils",),
            regional=True,
            file="cohorts",
        ),
        Kind(
            "fan",
            "the shortage and the gaps with the band of 8 of 10 draws; the run needs draws",
            ("results", "chance"),
            regional=True,
            levelled=True,
            drawn=True,
        ),
    )
}
