"""The ratios of a district's own past, to look at before anything is forecast with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from capacity.base.errors import At, Problem, Problems
from capacity.base.settings import Calibration
from capacity.base.shown import HtmlRepr, page_of
from capacity.inputs.districts.base_year import check_base, last_whole_year
from capacity.inputs.to_model.district import build
from capacity.results.build import district_labels
from capacity.results.identity import district_identity
from capacity.results.labels import ALL, Labels
from capacity.results.past import break_change, break_grades, break_region, break_row, name_replaced
from capacity.studies.ratios.tables import Found

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from capacity.inputs.districts.district import District

#: Tables that ratios come from.
READ = ("enrolment", "births", "children", "flows", "flags")
#: What the base year is asked for, besides: of it only this is worth saying here.
_SAID = ("cohort-jump", "series-hole")


@dataclass(frozen=True, repr=False, eq=False)
class CalibratedRatios(HtmlRepr, page="capacity.studies.ratios.page"):
    """Ratios that a district's own past gives, and what each rests on.

    Attributes
    ----------
    district : District
    labels : Labels
        Names and provenance, for charts and text.
    method : str
        ``mean``, ``pooled`` or ``shrunk``.
    window : int
        Years up to the base year that `mean` and `pooled` use.
    base_year : int
    identity : str
        SHA-256 of all that decides the numbers.
    notes : tuple of Problem
        Breaks, the largest first, and what else a reader must know.
    passing : float
        Share of what a region's births gain on the district's that its first grade shows; 1 where
        births count as they are.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> found = capacity.calibrate("demo")
    >>> found
    <CalibratedRatios demo: shrunk, base year 2025>
    >>> found.frame()[["region", "grade", "basis", "years"]].head(2)
        region  grade   basis  years
    0  central      1  births      8
    1  central      2              8
    """

    district: District
    labels: Labels
    method: str
    window: int
    base_year: int
    identity: str
    notes: tuple[Problem, ...]
    passing: float
    _frames: Mapping[str, pd.DataFrame] = field(repr=False)

    def frame(self) -> pd.DataFrame:
        """Return the rows of ratios.csv: a row per region, group, grade and basis.

        ``basis`` is births or children (entrants per one of them), ``neither`` where the first
        grade has no ratio, "" for progression. ``sd`` is the standard deviation of the
        ``years`` yearly ratios that were used, ``flagged`` how many were kept out.
        ``recent`` is the ratio of the last years alone, ``recent_share`` its weight; the rest
        is that of ``long_run``, itself drawn towards ``all_areas``; ``shrunk_towards`` names
        the one that weighs more. ``held`` are the pupils at which a grade without ratio stays.
        """
        return self._frames["ratios"].copy()

    @property
    def yearly(self) -> pd.DataFrame:
        """The rows of yearly.csv: every yearly ratio, and whether it is flagged or used.

        ``came_from`` are the pupils one grade lower a year before, or the births (children) of the
        cohort: births as first grades show them, where they pass on in part.
        """
        return self._frames["yearly"].copy()

    @property
    def breaks(self) -> pd.DataFrame:
        """The rows of breaks.csv: years that jump as no shrinkage explains, largest first.

        ``region`` is all where every area jumps alike; ``change`` is a share of ``expected``,
        ``deviations`` counts standard deviations of a one-year forecast.
        """
        return self._frames["breaks"].copy()

    def summary(self, lang: str = "en") -> str:
        """Say what was calibrated, on which years, what broke; then the ratios as a table.

        Parameters
        ----------
        lang : str
            ``en`` or ``zh``.
        """
        return str(page_of(self).summary(self, lang))

    @property
    def plot(self) -> CalibrationPlots:
        """Charts of these ratios, each ``plot.<kind>(…, ax=None) -> Axes``."""
        return CalibrationPlots(self)

    def __repr__(self) -> str:
        facts = f"{self.method}, base year {self.base_year}"
        return f"<CalibratedRatios {self.district.name}: {facts}>"


@dataclass(frozen=True)
class CalibrationPlots:
    """The charts of one calibration."""

    ratios_of: CalibratedRatios

    def ratios(
        self, lang: str = "en", ax: Axes | None = None, title: bool = True, footer: bool = True
    ) -> Axes:
        """Draw every ratio with the yearly ones around it, by region and grade."""
        from capacity.render.charts.figure_frame import Around
        from capacity.studies.ratios.chart import ratios_chart as draw

        found = self.ratios_of
        around = Around(title, footer)
        return draw(found.frame(), found.yearly, found.labels, lang=lang, ax=ax, around=around)


def calibrated_of(
    district: District, settings: Calibration, base_year: int | None
) -> CalibratedRatios:
    """Calibrate a district up to a base year, by default the last whole year of enrolment.

    Raises
    ------
    capacity.InputError
        The base year is not whole, or births have holes.
    """
    base = last_whole_year(district) if base_year is None else base_year
    problems = Problems()
    check_base(district, base, problems)
    problems.raise_errors()
    found = Found(build(district, base, base + 1), settings)
    told = tuple(problem for problem in problems if problem.code in _SAID)
    passing = found.estimate.passing
    identity = district_identity(district, settings.method, settings.window, base)
    return CalibratedRatios(
        district=district,
        labels=district_labels(district, base, READ, identity),
        method=settings.method,
        window=settings.window,
        base_year=base,
        identity=identity,
        notes=(
            *told,
            *_stated(district),
            *_replaced(district, found),
            *_breaks(district, found, told),
        ),
        passing=passing.share if passing.takes_part.any() else 1.0,
        _frames={"ratios": found.frame(), "yearly": found.yearly(), "breaks": found.breaks()},
    )


def _stated(district: District) -> tuple[Problem, ...]:
    """Say that ratios are stated, which win over these."""
    problems, rows = Problems(), district.table("ratios")
    if len(rows):
        at = At(str(rows["file"].iloc[0]))
        problems.warning("ratios-stated", at, count=len(rows))
    return problems.warnings


def _replaced(district: District, found: Found) -> tuple[Problem, ...]:
    """Name ratios beyond the limit, in whose place that of all regions stands."""
    problems, axes = Problems(), found.data.axes
    at = At(str(district.table("enrolment")["file"].iloc[0]))
    nothing = np.zeros((len(axes.area), len(axes.grade)), dtype=bool)
    name_replaced(found.estimate, nothing, axes, district.titles, at, problems)
    return problems.warnings


def _breaks(district: District, found: Found, told: tuple[Problem, ...]) -> list[Problem]:
    """Name each break once, at its row; not where reading named it as a slip of the pen."""
    enrolment = district.table("enrolment")
    axes, known = found.data.axes, {problem.at for problem in told}
    notes = []
    for one in found.jumps:
        row = break_row(one, axes)
        here = enrolment["year"] == row["year"]
        here &= enrolment["grade"].isin([axes.grade.labels[at] for at in one.grades])
        if row["region"] != ALL:
            here &= (enrolment["region"] == row["region"]) & (enrolment["group"] == row["group"])
        first = enrolment[here].iloc[0]
        at = At(str(first["file"]), int(first["line"]), 1)
        if At(at.file, at.line, at.column) in known:
            continue
        code = "ratio-break" if row["ratio"] == row["ratio"] else "pupils-break"
        facts = {name: row[name] for name in ("year", "expected", "deviations")}
        facts |= {"counted": row["pupils"], "change": break_change(row)}
        if code == "ratio-break":
            facts |= {"ratio": row["ratio"], "expected_ratio": row["expected_ratio"]}
        facts |= {"region": break_region(row, district.titles)}
        facts |= {"grades": break_grades(row), "flags": row["flags"]}
        notes.append(Problem(code, at, tuple(facts.items()), "warning"))
    return notes
