"""The scorecard of a back-test, for a planner: how far off, how sure, and better than what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from capacity.base.words import number, sentence, word
from capacity.inputs.districts.measured import ENTRY, NAIVE
from capacity.render.blocks import Block, Heading, Page, Table, Text
from capacity.render.measured import (
    ENOUGH,
    MODEL,
    REF3,
    SPOKEN,
    ahead,
    answered,
    is_known,
    percent,
    share,
)
from capacity.render.sentences import bracketed
from capacity.render.text import as_text
from capacity.results.labels import ALL, Labels
from capacity.studies.backtest.scores import SIZES

if TYPE_CHECKING:
    import pandas as pd

    from capacity.studies.backtest.study import BacktestResult

#: Regions with fewer pupils at the origin have larger errors.
SMALL, FEW = 200, 500
#: The mark of a row of few forecasts.
_FEW = "#"


@dataclass(frozen=True, eq=False)
class Card:
    """What a scorecard is made of; frames are scores with the median absolute error.

    Attributes
    ----------
    labels : Labels
    origins : tuple of int
        Years from which forecasts were made.
    flagged : tuple of int
        Years among those forecast that flags.csv names.
    by_level, unflagged : DataFrame
        By method, level and years ahead; ``unflagged`` without forecasts of flagged years.
    by_year : DataFrame
        By method and target year.
    by_size : DataFrame
        By method, least pupils of the region and years ahead.
    """

    labels: Labels
    origins: tuple[int, ...]
    flagged: tuple[int, ...]
    by_level: pd.DataFrame
    unflagged: pd.DataFrame
    by_year: pd.DataFrame
    by_size: pd.DataFrame

    @property
    def spoken(self) -> int:
        """The years ahead that the answer speaks of."""
        return min(SPOKEN, int(self.by_level["horizon"].max()))


def shown(of: BacktestResult, lang: str) -> Page:
    """Yield what a notebook shows of a back-test: its district, then its scorecard."""
    answer, *rest = scorecard(card_of(of), lang)
    yield Heading(of.labels.region_name(ALL, lang), (of.district.name,)), *answer
    yield from rest


def summary(of: BacktestResult, lang: str) -> str:
    """Return the scorecard as text."""
    return as_text(scorecard(card_of(of), lang))


def card_of(of: BacktestResult) -> Card:
    """Return what the scorecard of a back-test is made of."""
    return Card(
        labels=of.labels,
        origins=of.origins,
        flagged=of.flagged,
        by_level=of.scores(),
        unflagged=of.scores(unflagged=True),
        by_year=of.scores(by="year"),
        by_size=of.scores(by="size"),
    )


def scorecard(of: Card, lang: str) -> Page:
    """Yield the answer in sentences, then tables by years ahead, level, target year and size."""
    yield (Text(headline(of, lang)),)
    yield from tables(of, lang)
    if of.flagged:
        yield (Text(_without_flagged(of, lang)),)


def headline(of: Card, lang: str) -> str:
    """Say in two sentences what was measured, and how good it was."""
    facts = {"district": of.labels.region_name(ALL, lang), "n": len(of.origins)}
    lead = word("backtest.score_head", lang, **facts, first=of.origins[0], last=of.origins[-1])
    model, naive, plain = (_by_horizon(of.by_level, name) for name in (MODEL, NAIVE, REF3))
    answer = sentence(answered(model, naive, plain, lang))
    return lead + word("nouns.stop", lang) + "\n" + answer + word("nouns.stop", lang)


def tables(of: Card, lang: str) -> Iterator[list[Block]]:
    """Yield the tables of a scorecard, each with its notes."""
    facts = {"ahead": ahead([of.spoken], lang)}
    rows = _rows(of.by_level[of.by_level["level"] == ALL], "horizon", lang)
    title, rivals = word("backtest.score_by_horizon", lang), word("backtest.score_rivals", lang)
    yield _table(title, "backtest.years_ahead", rows, lang, rivals)
    if len(of.labels.levels) > 1:
        names = {level.code: of.labels.level_name(level.code, lang) for level in of.labels.levels}
        names |= {key: word(f"backtest.{key}_rows", lang) for key in (ENTRY, ALL)}
        rows = _rows(of.by_level[of.by_level["horizon"] == of.spoken], "level", lang)
        rows = [[names[row[0]], *row[1:]] for row in rows]
        yield _table(word("backtest.score_by_level", lang, **facts), "nouns.level", rows, lang)
    rows = _rows(of.by_year.sort_values("year", kind="stable"), "year", lang)
    rows = [[f"{row[0]}*" if int(row[0]) in of.flagged else row[0], *row[1:]] for row in rows]
    flagged = [word("backtest.score_flagged", lang)] if of.flagged else []
    yield _table(word("backtest.score_by_year", lang), "nouns.year", rows, lang, *flagged)
    sizes = of.by_size[of.by_size["horizon"] == of.spoken].sort_values("size", kind="stable")
    if len(sizes) and sizes["size"].min() < FEW:
        rows = [[_size(int(row[0]), lang), *row[1:]] for row in _rows(sizes, "size", lang)]
        title = word("backtest.score_by_size", lang, **facts, small=str(SMALL), few=str(FEW))
        yield _table(title, "backtest.size", rows, lang)


def _table(title: str, key: str, rows: list[list[str]], lang: str, *notes: str) -> list[Block]:
    """Return a table whose first column is named by a key, with a note where forecasts are few."""
    names = ("n_forecasts", "half_within", "most_within", "bias", "held_80", "held_95")
    heads = [word(f"backtest.{name}", lang) for name in (*names, "naive_half", "ref3_half")]
    if any(row[1].endswith(_FEW) for row in rows):
        notes = (*notes, word("backtest.score_few_rows", lang, mark=_FEW, n=ENOUGH))
    remarks = (bracketed(note, lang) for note in notes)
    return [Table(title, [word(key, lang), *heads], rows), *remarks]


def _size(low: int, lang: str) -> str:
    after = [size for size in SIZES if size > low]
    if not after:
        return word("backtest.size_from", lang, low=number(low))
    if low == 0:
        return word("backtest.size_below", lang, high=number(after[0]))
    return word("backtest.size_between", lang, low=number(low), high=number(after[0]))


def _without_flagged(of: Card, lang: str) -> str:
    """Say how good forecasts were without flagged years."""
    years = word("nouns.list", lang).join(map(str, of.flagged))
    facts = {"years": years, "ahead": ahead([of.spoken], lang)}
    row = _by_horizon(of.unflagged, MODEL).get(of.spoken)
    if row is None:
        return word("backtest.score_unflagged_none", lang, **facts)
    band = ""
    if is_known(row["coverage80"]):
        band = word("backtest.score_unflagged_band", lang, held=share(row["coverage80"], lang))
    facts |= {"half": percent(row["median"], lang), "most": percent(row["p90"], lang)}
    return word("backtest.score_unflagged", lang, **facts, band=band)


def _by_horizon(frame: pd.DataFrame, method: str) -> dict[int, dict[str, Any]]:
    """Return the scores of a method by years ahead, all levels together."""
    rows = frame[(frame["method"] == method) & (frame["level"] == ALL)]
    return {int(row["horizon"]): dict(row) for row in rows.to_dict("records")}  # type: ignore[arg-type]


def _rows(frame: pd.DataFrame, key: str, lang: str) -> list[list[str]]:
    """Return a row per value of a key: the model's scores, and the median errors of its rivals."""
    by_method = {
        method: part.set_index(key) for method, part in frame.groupby("method", sort=False)
    }
    rows = []
    for value, row in by_method[MODEL].iterrows():
        cells = [str(value), number(row["n"]) + (_FEW if row["n"] < ENOUGH else "")]
        cells += [percent(row["median"], lang), percent(row["p90"], lang), _bias(row["mpe"], lang)]
        cells += [share(row[name], lang) for name in ("coverage80", "coverage95")]
        cells += [percent(by_method[name]["median"].get(value), lang) for name in (NAIVE, REF3)]
        rows.append(cells)
    return rows


def _bias(value: float, lang: str) -> str:
    if round(1000 * value) == 0:
        return word("backtest.bias_none", lang)
    key = "backtest.bias_high" if value > 0 else "backtest.bias_low"
    return word(key, lang, n=percent(abs(value), lang))
