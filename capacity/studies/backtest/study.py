"""A back-test to look at: what forecasts of the past said, what came, and how good that was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from capacity.base.errors import At, Problems
from capacity.base.shown import HtmlRepr, page_of
from capacity.inputs.districts.district import DISTRICT_FILE
from capacity.inputs.districts.measured import ENTRY, origin_years
from capacity.inputs.to_model.budget import refuse_draws, room_for_draws
from capacity.model.assumptions import SHOCKS
from capacity.results.build import district_labels
from capacity.results.identity import district_identity
from capacity.results.labels import ALL, Labels
from capacity.studies.backtest import scores
from capacity.studies.backtest import shocks as of_shocks
from capacity.studies.backtest.forecasts import Backtest, bytes_of_origin
from capacity.studies.backtest.forecasts import backtest as forecast_the_past

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from capacity.inputs.districts.district import District

#: Tables that are measured.
READ = ("enrolment", "births", "children")
#: What scores are told by.
WAYS = ("level", "year", "size", "growth", "calm")
#: Columns of forecasts.csv.
FORECASTS = (
    *("origin", "year", "horizon", "region", "level", "method", "forecast"),
    *("p10", "p90", "p025", "p975", "actual"),
)


@dataclass(frozen=True, repr=False, eq=False)
class BacktestResult(HtmlRepr, page="capacity.studies.backtest.page"):
    """How good forecasts of a district's past were, by what was known then.

    Frames are copies: what is done to them changes nothing here.

    Attributes
    ----------
    district : District
        As it was measured: with fewer grades where a range was asked for.
    labels : Labels
        Names and provenance, for charts and text.
    horizons : int
        Years ahead, at most.
    identity : str
        SHA-256 of all that decides the numbers.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> found = capacity.backtest("demo", draws=100)
    >>> found
    <BacktestResult demo: origins 2020–2024, horizons 5>
    >>> found.accuracy.columns[:6].tolist()
    ['method', 'level', 'horizon', 'n', 'mape', 'mpe']
    """

    district: District
    labels: Labels
    horizons: int
    identity: str
    _found: Backtest = field(repr=False)

    @property
    def draws(self) -> int:
        """Sampled worlds of the model's forecasts."""
        return self._found.draws

    @property
    def seed(self) -> int:
        """Seed of the draws."""
        return self._found.seed

    @property
    def origins(self) -> tuple[int, ...]:
        """Years from which forecasts were made."""
        return tuple(int(year) for year in sorted(self._found.forecasts["origin"].unique()))

    @property
    def flagged(self) -> tuple[int, ...]:
        """Years forecast that flags.csv names, for any region."""
        flagged = set(self.district.table("flags")["year"]) & set(self._found.forecasts["year"])
        return tuple(sorted(int(year) for year in flagged))

    @cached_property
    def shock(self) -> pd.Series:
        """Which forecasts are of a shock: a year that flags.csv names, or that the data tell."""
        found, flags = self._found, self.district.table("flags")
        return of_shocks.is_shock(found.forecasts, found.leaves, flags)

    @cached_property
    def shocks(self) -> tuple[int, ...]:
        """Years forecast that were shocks to every region."""
        frame = self._found.forecasts
        whole = frame["region"].isin(self._found.leaves)
        every = self.shock[whole].groupby(frame["year"]).all()
        return tuple(int(year) for year in every.index[every])

    @property
    def emptied(self) -> pd.Series:
        """Forecasts of pupils in regions where nobody came, which no mean holds, by region."""
        return scores.emptied(self._found.forecasts, self._found.leaves)

    @property
    def left_out(self) -> pd.DataFrame:
        """The model's forecasts that nothing is scored against: origin to level, forecast.

        A count that is withheld is in their actual pupils, in regions and sums; they are neither
        in `forecasts` nor in any score.
        """
        return self._found.left_out.copy()

    @property
    def forecasts(self) -> pd.DataFrame:
        """Every forecast and what came: the rows of forecasts.csv, in pupils.

        Intervals are the model's only; empty cells are nan.
        """
        return self._found.forecasts[list(FORECASTS)].copy()

    @property
    def accuracy(self) -> pd.DataFrame:
        """The rows of accuracy.csv: scores by method, level and years ahead.

        mape, mpe, wape and p90 (of absolute errors) are shares of the actual pupils, coverage80
        and coverage95 shares of forecasts, crps is in pupils; means over regions.
        """
        return self.scores().drop(columns=list(scores.MORE))

    @property
    def by_year(self) -> pd.DataFrame:
        """The rows of years.csv: scores by method and target year, all levels and horizons.

        ``flagged`` is true where flags.csv names the year, for any region; ``shock`` where it was
        one to every region; ``common_error`` is that of all regions together, one year ahead.
        """
        found = self._found
        frame = self.scores(by="year")
        frame.insert(2, "flagged", frame["year"].isin(self.flagged))
        frame.insert(3, "shock", frame["year"].isin(self.shocks))
        common = of_shocks.common_errors(found.forecasts, found.leaves)
        frame.insert(4, "common_error", frame["year"].map(common["error"]))
        return frame

    def scores(self, *, by: str = "level") -> pd.DataFrame:
        """Return scores, with those of `scores.MORE` beside the columns of accuracy.csv.

        Parameters
        ----------
        by : str
            ``level``: by method, level and years ahead. All levels together: ``year``, by method
            and target year; ``size``, by method, least pupils of the region and years ahead, the
            rows of sizes.csv; ``calm``, by method, calm years or shocks, and years ahead, those
            of calm.csv; ``growth``, by method, years ahead and tenth of growth, of growth.csv.

        Raises
        ------
        ValueError
            There are no scores by that.
        """
        if by not in WAYS:
            raise ValueError(f"no scores by {by!r}: one of {', '.join(WAYS)}")
        if by not in self._scored:
            self._scored[by] = self._score(by)
        return self._scored[by].copy()

    @cached_property
    def _scored(self) -> dict[str, pd.DataFrame]:
        """Scores that were asked for: pages, charts and files ask for the same."""
        return {}

    def _score(self, by: str) -> pd.DataFrame:
        frame, leaves = self._found.forecasts, self._found.leaves
        if by == "calm":
            return scores.by_calm(frame, leaves, self.shock)
        ways = {"level": scores.accuracy, "year": scores.by_target_year}
        ways |= {"size": scores.by_size, "growth": scores.by_growth}
        return ways[by](frame, leaves)

    def summary(self, lang: str = "en") -> str:
        """Say how good the forecasts were: in a sentence, then by years ahead, level and year.

        Parameters
        ----------
        lang : str
            ``en`` or ``zh``.
        """
        return str(page_of(self).summary(self, lang))

    @property
    def plot(self) -> BacktestPlots:
        """Charts of this back-test, each ``plot.<kind>(…, ax=None) -> Axes``."""
        return BacktestPlots(self)

    def __repr__(self) -> str:
        first, last = self.origins[0], self.origins[-1]
        return (
            f"<BacktestResult {self.district.name}: origins {first}–{last}, "
            f"horizons {self.horizons}>"
        )


@dataclass(frozen=True)
class BacktestPlots:
    """The charts of one back-test."""

    result: BacktestResult

    def accuracy(
        self, lang: str = "en", ax: Axes | None = None, title: bool = True, footer: bool = True
    ) -> Axes:
        """Draw errors by years ahead and level, and how often the ranges held."""
        from capacity.render.charts.figure_frame import Around
        from capacity.studies.backtest.chart import accuracy_chart as draw

        found = self.result
        around = Around(title, footer)
        return draw(found.scores(), found.by_year, found.labels, lang=lang, ax=ax, around=around)


def backtest_of(
    district: District,
    *,
    horizons: int,
    draws: int,
    seed: int,
    workers: int,
    progress: Callable[[str], None] = lambda step: None,
) -> BacktestResult:
    """Forecast from every origin of a district, and sum up how good that was.

    Raises
    ------
    capacity.InputError
        There are too few years of enrolment, no forecast can be checked, a level is called as
        the rows of first grades are, or memory does not hold the draws.
    """
    problems = Problems()
    at = At(str(district.folder / "enrolment.csv"))
    if any(level.code == ENTRY for level in district.levels):
        problems.error("backtest-entry", At(str(district.folder / DISTRICT_FILE)), code=ENTRY)
        problems.raise_errors()
    if not origin_years(district):
        years = sorted({int(year) for year in district.table("enrolment")["year"]})
        problems.error("backtest-years", at, found=", ".join(map(str, years)))
        problems.raise_errors()
    room = room_for_draws()
    refuse_draws(
        At(str(district.folder)), draws, partial(bytes_of_origin, district, horizons), room
    )
    if draws:  # as many origins at once as have room
        workers = max(1, min(workers, int(room // bytes_of_origin(district, horizons, draws))))
    found = forecast_the_past(
        district, horizons=horizons, draws=draws, seed=seed, workers=workers, progress=progress
    )
    whole = found.forecasts["region"].isin(found.leaves) & (found.forecasts["level"] == ALL)
    if not (found.forecasts["actual"][whole] > 0).any():
        code = "backtest-nothing" if found.left_out.empty else "backtest-withheld"
        problems.error(code, at, horizons=horizons)
        problems.raise_errors()
    ahead = int(found.forecasts["horizon"].max())
    shocks = tuple((one.name, one.value) for one in SHOCKS)
    identity = district_identity(district, horizons, draws, seed, shocks)
    last = int(district.table("enrolment")["year"].max())
    labels = district_labels(district, last, READ, identity)
    return BacktestResult(district, labels, ahead, identity, found)
