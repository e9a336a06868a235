"""The scorecard of a back-test, for a planner: how far off, how sure, and better than what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    is_known,
    is_no_better,
    percent,
    share,
)
from capacity.render.sentences import bracketed, capped
from capacity.render.text import as_text
from capacity.results.labels import ALL
from capacity.studies.backtest.card import Card, calm_line, card_of, growth_line, headline, rows_by
from capacity.studies.backtest.scores import CALM, SHOCK, SIZES, TENTHS

if TYPE_CHECKING:
    import pandas as pd

    from capacity.studies.backtest.study import BacktestResult

#: Of regions with fewer pupils at the origin the ranges are to be read.
FEW = 500
#: Regions that are named where nobody came, or a count is withheld.
_NAMED = 5
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
    yield [*by_horizon(of.by_level, lang), *_emptied(of, lang), *_withheld(of, lang)]
    if rows := _by_level(of, lang):
        title = word("backtest.score_by_level", lang, ahead=ahead([of.spoken], lang))
        yield _table(title, "nouns.level", rows, lang)
    yield _by_year(of, lang)
    if set(of.by_calm["years"]) == {CALM, SHOCK}:
        yield _calm_table(of, lang)
    if (sizes := _spoken(of, of.by_size)["size"].unique()).size > 1 or (sizes < FEW).any():
        yield _by_size(of, lang)
    if _spoken(of, of.by_growth)["n"].min() * TENTHS >= ENOUGH:
        yield _by_growth(of, lang)


def _spoken(of: Card, scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of the years ahead that the answer speaks of."""
    return scores[scores["horizon"] == of.spoken]


def _emptied(of: Card, lang: str) -> Iterator[Block]:
    """Yield which forecasts stand in no mean, as nobody came."""
    if of.emptied.empty:
        return
    n, regions = number(int(of.emptied.sum())), _regions(of, map(str, of.emptied.index), lang)
    yield bracketed(word("backtest.score_emptied", lang, n=n, regions=regions), lang)


def _withheld(of: Card, lang: str) -> Iterator[Block]:
    """Yield how many figures are no truth, as a withheld count is in them."""
    if of.left_out.empty:
        return
    levels = of.left_out[~of.left_out["level"].isin((ENTRY, ALL))]
    facts = {
        "n": number(len(levels.drop_duplicates(["year", "region", "level"]))),
        "forecasts": number(int((of.left_out["level"] == ALL).sum())),
        "regions": _regions(of, sorted(set(of.left_out["region"])), lang),
    }
    yield bracketed(word("backtest.score_withheld", lang, **facts), lang)


def _regions(of: Card, codes: Iterable[str], lang: str) -> str:
    """Name the first of some regions, and how many others there are."""
    names = [of.labels.region_name(code, lang) for code in codes]
    said = word("nouns.list", lang).join(names[:_NAMED])
    if (more := len(names) - _NAMED) > 0:
        said += word("sentences.others", lang, n=more)
    return said


def _by_level(of: Card, lang: str) -> list[list[str]]:
    """Return a row per level, the first grade and all; of one level alone no sum."""
    levels = {level.code: level for level in of.labels.levels}
    names = {code: of.labels.level_name(code, lang) for code in levels}
    names |= {key: word(f"backtest.{key}_rows", lang) for key in (ENTRY, ALL)}
    left_out = set() if len(levels) > 1 else {ALL}
    if len(levels) == 1 and of.grades[0] == of.grades[1]:
        return []  # the first grade is all there is
    rows = _rows(_spoken(of, of.by_level), "level", lang)
    return [[names[row[0]], *row[1:]] for row in rows if row[0] not in left_out]


def _by_size(of: Card, lang: str) -> list[Block]:
    """Return the table by size of the region, with the sizes at which the model is no better."""
    sizes = _spoken(of, of.by_size).sort_values("size", kind="stable")
    rows = [[_size(int(row[0]), lang), *row[1:]] for row in _rows(sizes, "size", lang)]
    notes = []
    if (sizes["size"] < FEW).any() and sizes["coverage80"].notna().any():
        notes.append(word("backtest.score_size_few", lang))
    model, naive = (rows_by(sizes, name, "size") for name in (MODEL, NAIVE))
    worse = [
        _size(low, lang)
        for low, row in model.items()
        if row["n"] >= ENOUGH and is_no_better(row, naive[low])
    ]
    if worse:
        said = word("nouns.semicolon", lang).join(worse)
        notes.append(word("backtest.score_size_worse", lang, sizes=said))
    title = word("backtest.score_by_size", lang, ahead=ahead([of.spoken], lang))
    return _table(title, "backtest.size", rows, lang, *notes)


def _by_growth(of: Card, lang: str) -> list[Block]:
    """Return the table by tenth of growth, those that shrank most first."""
    tenths = _spoken(of, of.by_growth).sort_values("tenth", kind="stable")
    own = tenths[tenths["method"] == MODEL]
    names = {
        str(row["tenth"]): _growth(row["growth_low"], row["growth_high"], lang)
        for row in own.to_dict("records")
    }
    rows = [[names[row[0]], *row[1:]] for row in _rows(tenths, "tenth", lang)]
    title = word("backtest.score_by_growth", lang, ahead=ahead([of.spoken], lang))
    return _table(title, "backtest.growth", rows, lang)


def _growth(low: float, high: float, lang: str) -> str:
    """Say from which to which change of its pupils a region counts in a tenth."""
    said = [
        word("backtest.percent", lang, n=f"{100 * (bound - 1):+.1f}") if is_known(bound) else ""
        for bound in (low, high)
    ]
    key = f"backtest.growth_{'range' if said[1] else 'from' if said[0] else 'new'}"
    return word(key, lang, low=said[0], high=said[1])


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
    own = of.by_calm[of.by_calm["method"] == MODEL]
    found = own.set_index(["years", "horizon"])
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
    table = Table(word("backtest.score_by_calm", lang), heads, rows)
    few = [_few_note(lang)] if own["n"].min() < ENOUGH else []
    return [*capped(table, "calm.csv", lang), *few]


def _few_cells(row: dict[Any, Any], lang: str) -> list[str]:
    held = [share(row[name], lang) for name in ("coverage80", "coverage95")]
    return [_count(row["n"]), percent(row["median"], lang), *held]


def _count(n: float) -> str:
    """Return a number of forecasts, marked where they are few."""
    return number(n) + (_FEW if n < ENOUGH else "")


def _few_note(lang: str) -> Text:
    return bracketed(word("backtest.score_few_rows", lang, mark=_FEW, n=ENOUGH), lang)


def _table(title: str, key: str, rows: list[list[str]], lang: str, *notes: str) -> list[Block]:
    """Return a table whose first column is named by a key, with a note where forecasts are few."""
    names = ("n_forecasts", "half_within", "most_within", "bias", "held_80", "held_95")
    heads = [word(f"backtest.{name}", lang) for name in (*names, "naive_half", "ref3_half")]
    remarks = [bracketed(note, lang) for note in notes]
    if any(row[1].endswith(_FEW) for row in rows):
        remarks.append(_few_note(lang))
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
        cells = [str(value), _count(row["n"])]
        cells += [percent(row["median"], lang), percent(row["p90"], lang), _bias(row["wpe"], lang)]
        cells += [share(row[name], lang) for name in ("coverage80", "coverage95")]
        cells += [percent(by_method[name]["median"].get(value), lang) for name in (NAIVE, REF3)]
        rows.append(cells)
    return rows


def _bias(value: float, lang: str) -> str:
    if round(1000 * value) == 0:
        return percent(0.0, lang)
    key = "backtest.bias_high" if value > 0 else "backtest.bias_low"
    return word(key, lang, n=percent(abs(value), lang))
