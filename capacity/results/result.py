"""The result of a run: tidy frames, and what they mean in words and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from capacity.base.shown import HtmlRepr, page_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

    from capacity.base.errors import Problem
    from capacity.inputs.districts.measured import Measured
    from capacity.inputs.scenarios.scenario import Scenario
    from capacity.model.draws.runs import Draws, Worlds
    from capacity.results.drawn import Chosen, Drawn, Variable
    from capacity.results.labels import Labels


class Charts(Protocol):
    """A method for every kind of chart, with the axes to draw on as ``ax``."""

    def __getattr__(self, kind: str) -> Callable[..., Axes]: ...


@dataclass(frozen=True, repr=False, eq=False)
class Result(HtmlRepr, page="capacity.render.pages.run"):
    """What one scenario gives.

    Frames are copies: what is done to them changes nothing here. Counts are pupils or places,
    unrounded; a gap is demand less places, above 0 where places are short.

    Attributes
    ----------
    scenario : Scenario
    labels : Labels
        Names, targets and provenance, for charts and text.
    notes : tuple of Problem
        What a reader must know: held grades, missing places, homes taken off.
    measured : Measured or None
        How good forecasts of these data were, as ``capacity backtest --write`` left it; None
        where nobody has measured it on them.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> result = capacity.run(capacity.load_scenario("demo/baseline.yaml"))
    >>> result.passed
    True
    >>> result.pupils.columns.tolist()
    ['year', 'region', 'grade', 'pupils']
    """

    scenario: Scenario
    labels: Labels
    notes: tuple[Problem, ...]
    _frames: dict[str, pd.DataFrame] = field(repr=False)
    _draws: Draws | None = field(default=None, repr=False)
    measured: Measured | None = field(default=None, repr=False)

    def frame(self) -> pd.DataFrame:
        """Return the rows and columns of results.csv, unrounded; an empty cell is nan.

        Returns
        -------
        DataFrame
            A row per year, region and level, with ``all`` for both sums: demand (pupils), places,
            places_listed, gap (places; above 0 is short), shortage, surplus, shortage_after
            (places), utilisation (demand ÷ places), constrained (demand is a lower bound).

        Examples
        --------
        The gap of the district by level in the last year, in places:

        >>> import capacity
        >>> result = capacity.run(capacity.load_scenario("demo/baseline.yaml"))
        >>> last = result.frame().query("year == 2035 and region == 'all'").set_index("level")
        >>> last["gap"].round().astype(int).to_dict()
        {'primary': -7717, 'middle': -3175, 'high': -416, 'all': -11308}
        """
        return self._frames["results"].copy()

    @property
    def entry(self) -> pd.DataFrame:
        """The rows of entry.csv: entrants (pupils), entry places, entry gap (places), classes."""
        return self._frames["entry"].copy()

    @property
    def chance(self) -> pd.DataFrame:
        """What holds in 8 of 10 draws, and how much is assumed: chance.csv; empty without draws."""
        return self._frames["chance"].copy()

    @property
    def supply(self) -> pd.DataFrame:
        """Places by what they are made of (existing, projects by status, measures): supply.csv."""
        return self._frames["supply"].copy()

    @property
    def pupils(self) -> pd.DataFrame:
        """Pupils by year, region and grade: the rows of pupils.csv."""
        return self._frames["pupils"].copy()

    @property
    def levers(self) -> pd.DataFrame:
        """What each lever changed, old → new: the rows of levers.csv."""
        return self._frames["levers"].copy()

    @property
    def checks(self) -> pd.DataFrame:
        """The laws of the model on this run: the rows of checks.csv."""
        return self._frames["checks"].copy()

    @property
    def assumptions(self) -> pd.DataFrame:
        """What the run rests on, with source and quality: the rows of assumptions.csv."""
        return self._frames["assumptions"].copy()

    @property
    def passed(self) -> bool:
        """True where every law holds."""
        return bool(self._frames["checks"]["passed"].all())

    def greatest_shortage(self) -> tuple[int, float]:
        """Return the year of the greatest shortage of the district, and that shortage (places).

        Where places of a part are unknown, the parts that are known count: a lower bound.

        Returns
        -------
        year : int
            The first such year; the base year where nothing is ever short.
        shortage : float
            In places, 0 or more.

        Examples
        --------
        >>> import capacity
        >>> result = capacity.run(capacity.load_scenario("demo/baseline.yaml"))
        >>> year, places = result.greatest_shortage()
        >>> year, round(places)
        (2033, 219)
        """
        from capacity.results.labels import first_greatest

        frame = self._frames["results"]
        counted = set(self.labels.counted)
        parts = [cell in counted for cell in zip(frame["region"], frame["level"], strict=True)]
        by_year = frame[parts].groupby("year")["shortage"].sum()
        years = (int(year) for year in by_year.index)
        shortages = dict(zip(years, by_year.tolist(), strict=True))
        worst = first_greatest(shortages)
        return worst, shortages[worst]

    @property
    def unknown(self) -> tuple[tuple[str, str], ...]:
        """Pairs (region, level) that count for the shortage and whose own is not known.

        Examples
        --------
        >>> import capacity
        >>> capacity.run(capacity.load_scenario("demo/baseline.yaml")).unknown
        ()
        """
        frame = self._frames["results"]
        rows = frame[frame["shortage"].isna()]
        empty = set(zip(rows["region"].map(str), rows["level"].map(str), strict=True))
        return tuple(cell for cell in self.labels.counted if cell in empty)

    def summary(self, lang: str = "en") -> str:
        """Answer the scenario's question in a sentence, with peaks and turning years.

        With draws also how sure the answer is, and how much of that is assumed; and how good
        forecasts of these data were, where that has been measured.

        Parameters
        ----------
        lang : str
            ``en`` or ``zh``.

        Raises
        ------
        ValueError
            The language is another.

        Examples
        --------
        >>> import capacity
        >>> result = capacity.run(capacity.load_scenario("demo/baseline.yaml"))
        >>> print(result.summary())  # doctest: +ELLIPSIS
        The plan as listed, 2026 (the next autumn): gap -1,793 places (+ short, - idle); ...
        """
        return str(page_of(self).summary(self, lang))

    def exceeds(
        self, places: float, *, year: int, level: str = "all", region: str = "all"
    ) -> float:
        """Return the probability that more than so many places are short.

        Parameters
        ----------
        places : float
        year : int
        level, region : str
            ``all`` for the sum of the shortages; spare places elsewhere do not seat a child.

        Returns
        -------
        float
            Share of the draws. How much of it is assumption stands in `chance`.

        Raises
        ------
        ValueError
            The run has no draws, or was read back from its folder (run it again); there is no
            such year, level or region, or its shortage is not known; ``places`` is nan.
        TypeError
            ``places`` is no number.

        Examples
        --------
        >>> import capacity
        >>> plan = capacity.load_scenario("demo/baseline.yaml")
        >>> result = capacity.run(plan, draws=1000)
        >>> result.exceeds(0, year=2035, level="high") > 0.1
        True
        """
        from capacity.results.draws import known_places, shortage_draws

        limit = known_places(places)
        drawn = shortage_draws(self._worlds(), self._frames["results"], year, [region], level)
        return float((drawn > limit).mean())

    def first_short(self, *, year: int, level: str) -> pd.DataFrame:
        """Rank the regions of a level by how likely each one's shortage is the greatest.

        Parameters
        ----------
        year : int
        level : str
            One that each region serves by itself.

        Returns
        -------
        DataFrame
            region, prob_short, prob_greatest (shares of the draws), short_from (the first year
            in which it is short in 8 of 10 draws), shortage_p50 (places).

        Raises
        ------
        ValueError
            As in `exceeds`; the level is pooled: its places serve the whole district.

        Examples
        --------
        >>> import capacity
        >>> plan = capacity.load_scenario("demo/baseline.yaml")
        >>> result = capacity.run(plan, draws=1000)
        >>> result.first_short(year=2026, level="primary").columns.tolist()
        ['region', 'prob_short', 'prob_greatest', 'short_from', 'shortage_p50']
        """
        from capacity.results.draws import first_short

        frame = self._frames["results"]
        return first_short(self._worlds(), frame, self.labels, level, year)

    def draws(self, variable: Variable, *, region: Chosen = None, level: Chosen = None) -> Drawn:
        """Return the draws of a variable with their axes, in single precision as they were drawn.

        The quantiles in `frame` and `entry` are of these very numbers. Shortages are clipped in
        each draw, by region and level, before they are summed: take quantiles of sums last.

        Parameters
        ----------
        variable : str
            ``demand``, ``pupils``, ``entrants`` (pupils), ``places``, ``gap`` or ``shortage``
            (places).
        region, level : str or list of str, optional
            Codes or ``all``; every one of them by default. The axis of a single code is left out.
            Pupils stand by grade, those of the levels chosen; entrants have no level ``all``.

        Returns
        -------
        Drawn
            Its axes are year, region, level (grade of pupils) and draw.

        Raises
        ------
        ValueError
            The run has no draws, or was read back from its folder (run it again); there is no
            such variable, region or level.

        Examples
        --------
        That two regions are short in one world is seldomer than that one of them is:

        >>> import capacity
        >>> result = capacity.run(capacity.load_scenario("demo/baseline.yaml"), draws=1000)
        >>> gap = result.draws("gap", region=["north", "south"], level="primary")
        >>> gap.dims, gap.values.shape, gap.coords["region"]
        (('year', 'region', 'draw'), (11, 2, 1000), ('north', 'south'))
        >>> north, south = (gap.values[-1] > 0)
        >>> bool((north & south).mean() <= north.mean())
        True
        """
        from capacity.results.drawn import drawn_of

        return drawn_of(self._worlds(), variable, region, level)

    def to_xarray(self, *, draws: bool = False, lang: str = "en") -> xr.Dataset:
        """Return the rows of `frame` as a dataset over year, region and level.

        Parameters
        ----------
        draws : bool, optional
            Whether the draws of demand, places, gap and shortage stand beside their columns, as
            ``demand_draws`` and so on, over a further dimension ``draw``.
        lang : str, optional
            Of descriptions (``long_name``): ``en`` or ``zh``. Units are in ``units``.

        Returns
        -------
        xarray.Dataset

        Raises
        ------
        ImportError
            There is no xarray: ``pip install "capacity[notebook]"``.
        ValueError
            Draws are asked for, and there are none, as in `draws`.

        Examples
        --------
        >>> import capacity
        >>> result = capacity.run(capacity.load_scenario("demo/baseline.yaml"))
        >>> data = result.to_xarray()
        >>> dict(data.sizes), data["gap"].attrs["units"]
        ({'year': 11, 'region': 4, 'level': 4}, 'places')
        >>> round(float(data["gap"].sel(year=2035, region="all", level="all")))
        -11308
        """
        from capacity.results.drawn import KEPT
        from capacity.results.exchange import dataset_of

        drawn: dict[str, xr.DataArray] = {}
        if draws:
            drawn |= {name: self.draws(name).to_xarray(lang=lang) for name in KEPT}
        scenario = self.scenario
        told = {
            "title": self.labels.title.get(lang, scenario.name),
            "scenario": scenario.name,
            "run": self.labels.run_id,
            "draws": scenario.chance.draws,
            "seed": scenario.chance.seed,
        }
        return dataset_of(self._frames["results"], told, drawn, lang)

    def to_iamc(self) -> pd.DataFrame:
        """Return the rows of `frame` in the format of the IAMC, which pyam reads as it stands.

        A variable is the column in words, then the level: ``Demand|Primary``, ``Shortage By
        Grade|Primary``, ``Gap (p90)|Primary``; without a level it is of all levels. A region is
        its title, the whole district the district's. Empty cells have no row, nor has
        ``constrained``.

        Returns
        -------
        DataFrame
            model, scenario, region, variable, unit (``pupils``, ``places`` or "" of shares),
            year, value.

        Examples
        --------
        >>> import capacity
        >>> result = capacity.run(capacity.load_scenario("demo/baseline.yaml"), draws=0)
        >>> rows = result.to_iamc()
        >>> rows["variable"].unique()[:5].tolist()
        ['Demand|Primary', 'Demand|Middle', 'Demand|High', 'Demand', 'Places|Primary']

        With pyam installed: ``pyam.IamDataFrame(rows)``.
        """
        from capacity.results.exchange import iamc_of

        return iamc_of(self._frames["results"], self.labels)

    def _worlds(self) -> Worlds:
        from capacity.results.labels import has_draws

        if self._draws is not None:
            return self._draws.worlds
        if has_draws(self._frames["results"]):
            raise ValueError(
                "a run folder keeps what draws say, not the draws: run the scenario again, "
                "capacity.run(capacity.load_scenario(…))"
            )
        raise ValueError("there are no draws: run the scenario with draws=1000")

    def against(self, base: Result, lang: str = "en") -> str:
        """Say in one sentence how this result differs from the one that it builds on.

        Parameters
        ----------
        base : Result
        lang : str
            ``en`` or ``zh``.

        Examples
        --------
        >>> import capacity
        >>> plan = capacity.load_scenario("demo/baseline.yaml")
        >>> fewer = plan.with_levers({"kind": "births", "times": 0.9, "from": 2026})
        >>> capacity.run(fewer).against(capacity.run(plan))  # doctest: +ELLIPSIS
        'Against the scenario without the added levers: 2026 is unchanged, the first ...'
        """
        return str(page_of(self).against(self, base, lang))

    @property
    def plot(self) -> Charts:
        """Charts of this result, each ``plot.<kind>(…, ax=None) -> Axes``.

        Examples
        --------
        >>> import capacity
        >>> result = capacity.run(capacity.load_scenario("demo/baseline.yaml"))
        >>> axes = result.plot.gap(2030)
        """
        charts: Charts = page_of(self).plots(self, **self._frames)
        return charts

    def __repr__(self) -> str:
        years = self._frames["results"]["year"]
        return f"<Result {self.scenario.name}: {years.min()}–{years.max()}>"
