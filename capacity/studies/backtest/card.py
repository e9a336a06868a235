"""The scorecard of a back-test in sentences: what was measured, and how good forecasts were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from capacity.base.words import sentence, word
from capacity.inputs.districts.measured import NAIVE
from capacity.render.measured import (
    ENOUGH,
    MODEL,
    REF3,
    ahead,
    answered,
    grades_of,
    held,
    is_known,
    leaning,
    percent,
    share,
    spoken_of,
)
from capacity.results.labels import ALL, Labels
from capacity.studies.backtest.scores import CALM, SHOCK, TENTHS

if TYPE_CHECKING:
    import pandas as pd

    from capacity.studies.backtest.study import BacktestResult


@dataclass(frozen=True, eq=False)
class Card:
    """What a scorecard is made of; frames are scores with the median absolute error.

    Attributes
    ----------
    labels : Labels
    origins : tuple of int
        Years from which forecasts were made.
    grades : (int, int)
        The first and the last grade that were measured.
    flagged, shocks : tuple of int
        Years among those forecast that flags.csv names, and that were shocks to every region.
    emptied : Series
        Forecasts of pupils where nobody came, by region.
    left_out : DataFrame
        Forecasts of regions that are not scored, as `BacktestResult.left_out` gives them.
    by_level, by_year, by_size, by_calm, by_growth : DataFrame
        As `BacktestResult.scores` gives them.
    """

    labels: Labels
    origins: tuple[int, ...]
    grades: tuple[int, int]
    flagged: tuple[int, ...]
    shocks: tuple[int, ...]
    emptied: pd.Series
    left_out: pd.DataFrame
    by_level: pd.DataFrame
    by_year: pd.DataFrame
    by_size: pd.DataFrame
    by_calm: pd.DataFrame
    by_growth: pd.DataFrame

    @property
    def spoken(self) -> int:
        """The years ahead that the answer speaks of."""
        return spoken_of(self.by_level.loc[self.by_level["level"] == ALL, "horizon"])


def card_of(of: BacktestResult) -> Card:
    """Return what the scorecard of a back-test is made of."""
    return Card(
        labels=of.labels,
        origins=of.origins,
        grades=(of.district.grades[0], of.district.grades[-1]),
        flagged=of.flagged,
        shocks=of.shocks,
        emptied=of.emptied,
        left_out=of.left_out[of.left_out["region"].isin(of.district.leaf_regions)],
        by_level=of.scores(),
        by_year=of.scores(by="year"),
        by_size=of.scores(by="size"),
        by_calm=of.scores(by="calm"),
        by_growth=of.scores(by="growth"),
    )


def headline(of: Card, lang: str) -> str:
    """Say in two sentences what was measured, and how good it was."""
    facts: dict[str, object] = {"n": len(of.origins), "first": of.origins[0]}
    facts |= {"last": of.origins[-1], "grades": grades_of(of.grades, lang)}
    facts |= {"district": of.labels.region_name(ALL, lang)}
    lead = word(f"backtest.score_head{'' if len(of.origins) > 1 else '_one'}", lang, **facts)
    whole = of.by_level[of.by_level["level"] == ALL]
    model, naive, plain = (rows_by(whole, name, "horizon") for name in (MODEL, NAIVE, REF3))
    answer = sentence(answered(model, naive, plain, lang))
    return lead + word("nouns.stop", lang) + "\n" + answer + word("nouns.stop", lang)


def calm_line(of: Card, lang: str) -> str:
    """Say which years were shocks, and how good forecasts were without them; else nothing.

    It speaks of the fewest years ahead that both have, where shocks show: from afar forecasts miss
    them by little more than other years.
    """
    years = [
        word(f"backtest.shock_year{'' if year in of.shocks else '_part'}", lang, year=year)
        for year in sorted({*of.shocks, *of.flagged})
    ]
    if not years:
        return ""
    own = of.by_calm[of.by_calm["method"] == MODEL]
    both = own.groupby("horizon")["years"].nunique() == len((CALM, SHOCK))
    spoken = int(min(both.index[both], default=own["horizon"].min()))
    facts = {"years": word("nouns.list", lang).join(years), "ahead": ahead([spoken], lang)}
    kinds = {str(row["years"]): row for row in own[own["horizon"] == spoken].to_dict("records")}
    if kinds.keys() != {CALM, SHOCK}:
        return word(f"backtest.score_calm_{'none' if SHOCK in kinds else 'only'}", lang, **facts)
    half = {kind: percent(row["median"], lang) for kind, row in kinds.items()}
    band = {kind: share(row["coverage80"], lang) for kind, row in kinds.items()}
    more = word("backtest.score_calm_band", lang, **band) if all(band.values()) else ""
    return word("backtest.score_calm", lang, **facts, **half, band=more)


def growth_line(of: Card, lang: str) -> str:
    """Say how good forecasts were of the regions that shrank or grew most, whichever were worse.

    Nothing where forecasts are few.
    """
    frame = of.by_growth
    rows = frame[(frame["method"] == MODEL) & (frame["horizon"] == of.spoken)]
    rows = rows[rows["tenth"].isin((1, TENTHS))]
    if len(rows) < 2 or rows["n"].min() < ENOUGH / TENTHS:
        return ""
    worst: dict[Any, Any] = max(rows.to_dict("records"), key=lambda row: row["median"])
    held_there = held(worst, lang)
    facts = {"which": _which(worst, lang), "ahead": ahead([of.spoken], lang)}
    facts |= {"half": percent(worst["median"], lang), "bias": leaning(worst["wpe"], lang)}
    band = word("backtest.score_growth_band", lang, held=held_there) if held_there else ""
    return sentence(word("backtest.score_growth", lang, **facts, band=band))


def _which(row: dict[Any, Any], lang: str) -> str:
    """Name the regions of the first or the last tenth of growth."""
    low, high = row["growth_low"], row["growth_high"]
    if row["tenth"] == 1:
        if high < 1:
            return word("backtest.growth_shrank", lang, change=percent(1 - high, lang))
        return word("backtest.growth_least", lang)
    if is_known(low) and low <= 1:
        return word("backtest.growth_lost_least", lang)
    return word("backtest.growth_grew", lang, change=percent(low - 1, lang))


def rows_by(frame: pd.DataFrame, method: str, key: str) -> dict[int, dict[str, Any]]:
    """Return the scores of a method by the values of a whole-numbered column."""
    rows = frame[frame["method"] == method]
    return {int(row[key]): dict(row) for row in rows.to_dict("records")}  # type: ignore[arg-type]
