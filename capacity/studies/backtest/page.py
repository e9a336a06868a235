"""The scorecard of a back-test, for a planner: how far off, how sure, and better than what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from capacity.base.words import number, word
from capacity.inputs.districts.measured import ENTRY, NAIVE
from capacity.model.assumptions import SHOCK_TIMES
from capacity.render.blocks import Block, Heading, Page, Table, Text
from capacity.render.measured import (
    ENOUGH,
    MODEL,
    REF3,
    ahead,
    percent,
    share,
)
from capacity.render.sentences import bracketed, capped
from capacity.render.text import as_text
from capacity.results.labels import ALL
from capacity.studies.backtest.card import Card, calm_line, card_of, growth_line, headline
from capacity.studies.backtest.scores import CALM, SHOCK, SIZES

if TYPE_CHECKING:
    import pandas as pd

    from capacity.studies.backtest.study import BacktestResult

#: Regions with fewer pupils at the origin have larger errors.
SMALL, FEW = 200, 500
#: The mark of a row of few forecasts.
_FEW = "#"


def shown(of: BacktestResult, lang: str) -> Page:
    """Yield what a notebook shows of a back-test: its district, then its scorecard."""
    answer, *rest = scorecard(card_of(of), lang)
    yield Heading(of.labels.region_name(ALL, lang), (of.district.name,)), *answer
    yield from rest


def summary(of: BacktestResult, lang: str) -> str:
    """Return the scorecard as text."""
    return as_text(scorecard(card_of(of), lang))


def scorecard(of: Card, lang: str) -> Page:
    """Yield the answer in sentences, then tables by years ahead, level, target year and size."""
    lines = (headline(of, lang), calm_line(of, lang), growth_line(of, lang))
    yield (Text("\n".join(filter(None, lines))),)
    yield from tables(of, lang)


def tables(of: Card, lang: str) -> Iterator[list[Block]]:
    """Yield the tables of a scorecard, each with its notes."""
    facts = {"ahead": ahead([of.spoken], lang)}
    yield by_horizon(of.by_level, lang)
    if len(of.labels.levels) > 1:
        names = {level.code: of.labels.level_name(level.code, lang) for level in of.labels.levels}
        names |= {key: word(f"backtest.{key}_rows", lang) for key in (ENTRY, ALL)}
        rows = _rows(of.by_level[of.by_level["horizon"] == of.spoken], "level", lang)
        rows = [[names[row[0]], *row[1:]] for row in rows]
        yield _table(word("backtest.score_by_level", lang, **facts), "nouns.level", rows, lang)
    yield _by_year(of, lang)
    if set(of.by_calm["years"]) == {CALM, SHOCK}:
        yield _calm_table(of, lang)
    sizes = of.by_size[of.by_size["horizon"] == of.spoken].sort_values("size", kind="stable")
    if len(sizes) and sizes["size"].min() < FEW:
        rows = [[_size(int(row[0]), lang), *row[1:]] for row in _rows(sizes, "size", lang)]
        title = word("backtest.score_by_size", lang, **facts, small=str(SMALL), few=str(FEW))
        yield _table(title, "backtest.size", rows, lang)


def by_horizon(scores: pd.DataFrame, lang: str) -> list[Block]:
    """Return how good forecasts were by years ahead, all levels together.

    ``scores`` has the columns of accuracy.csv, as `BacktestResult.scores` gives them.
    """
    rows = _rows(scores[scores["level"] == ALL], "horizon", lang)
    title, rivals = word("backtest.score_by_horizon", lang), word("backtest.score_rivals", lang)
    return _table(title, "backtest.years_ahead", rows, lang, rivals)


def _by_year(of: Card, lang: str) -> list[Block]:
    """Return the table by target year, those that flags.csv names and other shocks marked."""
    rows = _rows(of.by_year.sort_values("year", kind="stable"), "year", lang)
    told = set(of.shocks) - set(of.flagged)
    marks = dict.fromkeys(map(str, of.flagged), "*") | dict.fromkeys(map(str, told), "!")
    rows = [[row[0] + marks.get(row[0], ""), *row[1:]] for row in rows]
    notes = [word("backtest.score_flagged", lang)] if of.flagged else []
    if told:
        notes.append(word("backtest.score_told", lang, times=f"{SHOCK_TIMES.value:g}"))
    return _table(word("backtest.score_by_year", lang), "nouns.year", rows, lang, *notes)


def _calm_table(of: Card, lang: str) -> list[Block]:
    """Return calm years and shocks side by side, a row per years ahead."""
    found = of.by_calm[of.by_calm["method"] == MODEL].set_index(["years", "horizon"])
    names = ("half_within", "held_80", "held_95")
    heads, rows = [word("backtest.years_ahead", lang)], []
    for kind in (CALM, SHOCK):
        heads += [word(f"backtest.{name}", lang) for name in (f"{kind}_n", *names)]
    for years in sorted(set(found.index.get_level_values("horizon"))):
        cells = [str(years)]
        for kind in (CALM, SHOCK):
            cells += (
                _few_cells(dict(found.loc[(kind, years)]), lang)
                if (kind, years) in found.index
                else [""] * 4
            )
        rows.append(cells)
    return capped(Table(word("backtest.score_by_calm", lang), heads, rows), "calm.csv", lang)


def _few_cells(row: dict[Any, Any], lang: str) -> list[str]:
    held = [share(row[name], lang) for name in ("coverage80", "coverage95")]
    return [number(row["n"]), percent(row["median"], lang), *held]


def _table(title: str, key: str, rows: list[list[str]], lang: str, *notes: str) -> list[Block]:
    """Return a table whose first column is named by a key, with a note where forecasts are few."""
    names = ("n_forecasts", "half_within", "most_within", "bias", "held_80", "held_95")
    heads = [word(f"backtest.{name}", lang) for name in (*names, "naive_half", "ref3_half")]
    if any(row[1].endswith(_FEW) for row in rows):
        notes = (*notes, word("backtest.score_few_rows", lang, mark=_FEW, n=ENOUGH))
    remarks = (bracketed(note, lang) for note in notes)
    file = "years.csv" if key == "nouns.year" else "accuracy.csv"
    return [*capped(Table(title, [word(key, lang), *heads], rows), file, lang), *remarks]


def _size(low: int, lang: str) -> str:
    after = [size for size in SIZES if size > low]
    if not after:
        return word("backtest.size_from", lang, low=number(low))
    if low == 0:
        return word("backtest.size_below", lang, high=number(after[0]))
    return word("backtest.size_between", lang, low=number(low), high=number(after[0]))


def _rows(frame: pd.DataFrame, key: str, lang: str) -> list[list[str]]:
    """Return a row per value of a key: the model's scores, and the median errors of its rivals."""
    by_method = {
        method: part.set_index(key) for method, part in frame.groupby("method", sort=False)
    }
    rows = []
    for value, row in by_method[MODEL].iterrows():
        cells = [str(value), number(row["n"]) + (_FEW if row["n"] < ENOUGH else "")]
        cells += [percent(row["median"], lang), percent(row["p90"], lang), _bias(row["wpe"], lang)]
        cells += [share(row[name], lang) for name in ("coverage80", "coverage95")]
        cells += [percent(by_method[name]["median"].get(value), lang) for name in (NAIVE, REF3)]
        rows.append(cells)
    return rows


def _bias(value: float, lang: str) -> str:
    if round(1000 * value) == 0:
        return word("backtest.bias_none", lang)
    key = "backtest.bias_high" if value > 0 else "backtest.bias_low"
    return word(key, lang, n=percent(abs(value), lang))
