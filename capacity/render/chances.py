"""What draws say, in words: ranges, probabilities, and which statements hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from capacity.base.settings import HIGH, LOW, QUANTILES
from capacity.base.words import amount, number, word
from capacity.render.blocks import Block, Notes, Table, Text
from capacity.render.sentences import bracketed, split_assumed
from capacity.results.assumptions import DEFAULT
from capacity.results.labels import ALL, Labels, column, named, places_known, years_of

if TYPE_CHECKING:
    from capacity.results.result import Result

#: Statements of chance.csv and the key of their words, what is short first.
SAYS = {
    "short": "chance.says_short",
    "undetermined": "chance.says_undetermined",
    "not short": "chance.says_not_short",
}
#: Cells named for a statement, at most.
NAMED = 12


def percent(share: float, lang: str = "en") -> str:
    """Return a share in whole percent, never 0 % or 100 % where it is only near.

    >>> [percent(share) for share in (0.0, 0.004, 0.5, 0.999, 1.0)]
    ['0 %', '< 1 %', '50 %', '> 99 %', '100 %']
    >>> percent(0.999, "zh")
    '超过 99%'
    """
    if math.isnan(share):
        return word("nouns.no_data", lang)
    whole = round(100 * share)
    near = (whole == 0 and share > 0) or (whole == 100 and share < 1)
    key = ("below" if whole == 0 else "above") if near else "percent"
    return word(f"chance.{key}", lang, n=min(max(whole, 1), 99) if near else whole)


def how_sure(
    frame: pd.DataFrame,
    chance: pd.DataFrame,
    labels: Labels,
    lang: str = "en",
    *,
    draws: int,
    brief: bool = False,
) -> str:
    """Say how sure the answer is: the range of the shortage, and how much of it is assumed.

    Parameters
    ----------
    frame, chance
        Rows of results.csv and chance.csv, with draws.
    labels
    lang
    draws
        How many there were.
    brief
        Whether the probability that places are short on the whole is left out.
    """
    year = labels.spoken_year(years_of(frame))
    if labels.by_level:
        return _each_level(frame, labels, year, draws, lang)
    if not places_known(frame, labels):
        return _range_of(frame, "demand", year, labels, draws, lang) + word("nouns.stop", lang)
    parts = [_range_of(frame, "shortage", year, labels, draws, lang)]
    share = column(frame, "prob_shortage", year=year)[year, ALL, ALL]
    if not math.isnan(share):
        parts += [] if brief else [word("chance.short", lang, share=percent(share, lang))]
        parts.append(assumed(chance, year, ALL, ALL, lang))
    text = word("nouns.semicolon", lang).join(filter(None, parts)) + word("nouns.stop", lang)
    return word("chance.all_levels", lang, text=text) if labels.target_levels else text


def _each_level(frame: pd.DataFrame, labels: Labels, year: int, draws: int, lang: str) -> str:
    """Say the range of each level, where levels are not added up."""
    variable = "shortage" if places_known(frame, labels) else "demand"
    low, high = (column(frame, f"{variable}_{end}", year=year) for end in (LOW, HIGH))
    parts = []
    for level in labels.levels:
        cell = (year, ALL, level.code)
        text = span(low[cell], high[cell], lang)
        parts.append(
            word("chance.level", lang, level=labels.level_name(level.code, lang), span=text)
        )
    facts = {"year": year, "draws": number(draws), "levels": word("nouns.list", lang).join(parts)}
    return word(f"chance.levels_{variable}", lang, **facts) + word("nouns.stop", lang)


def _ends(frame: pd.DataFrame, variable: str, year: int) -> list[float]:
    return [column(frame, f"{variable}_{end}", year=year)[year, ALL, ALL] for end in QUANTILES]


def _range_of(
    frame: pd.DataFrame, variable: str, year: int, labels: Labels, draws: int, lang: str
) -> str:
    named = labels.year_name(year, lang)
    ends = _ends(frame, variable, year)
    if math.isnan(ends[0]):
        return word("chance.unknown", lang, year=named)
    low, middle, high = (amount(end, lang) for end in ends)
    key = "one" if low == high else "range"
    facts = {"low": low, "middle": middle, "high": high} if low != high else {"low": low}
    return word(f"chance.{key}_{variable}", lang, year=named, draws=number(draws), **facts)


def assumed(chance: pd.DataFrame, year: int, region: str, level: str, lang: str) -> str:
    """Say how much of a gap's variance is assumed, and whether that is most of it."""
    share = column(chance, "share_assumed", year=year)[year, region, level]
    if math.isnan(share) or round(share, 3) == 0:
        return ""
    text = word("chance.spread_assumed", lang, share=percent(share, lang))
    mainly = column(chance, "mainly_assumed", year=year)[year, region, level]
    return text + (
        word("nouns.colon", lang) + word("chance.mainly_assumed", lang) if mainly else ""
    )


def statements(chance: pd.DataFrame, labels: Labels, year: int, lang: str = "en") -> list[Block]:
    """Sort regions and levels by what may be said of them in one year."""
    rows = chance[chance["year"] == year]
    if (rows["statement"] == "").all() or rows["statement"].isna().all():
        return []
    cells = zip(rows["region"].map(str), rows["level"].map(str), strict=True)
    said = dict(zip(cells, rows["statement"], strict=True))
    lines = []
    for statement, key in SAYS.items():
        found = [cell for cell in labels.counted if said.get(cell) == statement]
        listed = named(found, labels, lang, most=NAMED) if found else word("chance.none", lang)
        lines.append(word("chance.line", lang, says=word(key, lang), cells=listed))
    return [Notes(word("chance.holds", lang, year=year), lines), *split_assumed(labels, lang)]


def ranges(frame: pd.DataFrame, chance: pd.DataFrame, labels: Labels, lang: str = "en") -> Table:
    """Return the range of the shortage by level and of all, a row per year."""
    low, high = (column(frame, f"shortage_{end}") for end in (LOW, HIGH))
    share = column(chance, "share_assumed")
    levels = [level.code for level in labels.levels]
    levels += [] if labels.by_level else [ALL]
    rows = []
    for year in years_of(frame):
        cells = [(year, ALL, level) for level in levels]
        spans = [span(low[cell], high[cell], lang) for cell in cells]
        whole = [] if labels.by_level else [percent(share[year, ALL, ALL], lang)]
        rows.append([str(year), *spans, *whole])
    heads = [word("nouns.year", lang), *(labels.level_name(v.code, lang) for v in labels.levels)]
    totals = () if labels.by_level else ("chance.range_all", "chance.assumed")
    heads += [word(name, lang) for name in totals]
    return Table(word("chance.range_title", lang), heads, rows)


def span(low: float, high: float, lang: str) -> str:
    """Return a range of places, from low to high; one figure where the ends are one."""
    if math.isnan(low):
        return word("nouns.no_data", lang)
    ends = {"low": number(low), "high": number(high)}
    return ends["low"] if ends["low"] == ends["high"] else word("chance.span_of", lang, **ends)


def basis(result: Result, lang: str) -> Text:
    """Say what the draws rest on: how many, and which spreads are documented defaults."""
    drawn, assumptions = result.scenario.chance, result.assumptions
    parts = [word("chance.draws", lang, draws=number(drawn.draws), seed=drawn.seed)]
    by_default = assumptions["source"].str.startswith(DEFAULT)
    spread = assumptions["kind"] == "spread"
    births = spread & assumptions["name"].str.startswith("births")
    known = result.scenario.district.has
    for rows, key, otherwise in (
        (spread & ~births, "chance.ratios", "chance.by_measure"),
        (births & known("births"), "chance.births", "chance.by_years"),
        (assumptions["kind"] == "projects", "chance.projects", "chance.stated"),
    ):
        if rows.any():
            source = word("chance.by_default" if by_default[rows].any() else otherwise, lang)
            parts.append(word(key, lang, source=source))
    if not known("births") and not known("children"):
        parts.append(word("chance.births_held", lang))
    return bracketed(word("nouns.semicolon", lang).join(parts), lang)


def answer_is_known(frame: pd.DataFrame, labels: Labels, year: int) -> bool:
    """Whether the shortage of any level of the district is known in a year."""
    low = column(frame, f"shortage_{LOW}")
    return any(not math.isnan(low[year, ALL, level.code]) for level in labels.levels)
