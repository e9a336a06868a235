"""A comparison as plain text: by year, where most, and what differs in the inputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from capacity.base.settings import HIGH, LOW
from capacity.base.words import number, sentence, word
from capacity.render import sentences
from capacity.render import text as terminal
from capacity.render.chances import span
from capacity.results.labels import ALL, TIE, Labels, constrained, said
from capacity.studies.compare.cells import VARIABLES, headline
from capacity.studies.compare.inputs import inputs_blocks

if TYPE_CHECKING:
    import pandas as pd

    from capacity.inputs.diff.changed import Changed
    from capacity.results.result import Result
    from capacity.studies.compare.cells import Difference

#: Cells (region and level) listed, at most.
LISTED = 10
#: Columns of the two tables by year.
TABLES = (("demand", "places"), ("gap", "shortage"))
SIDES = ("A", "B")


def summary(
    a: Result,
    b: Result,
    labels: Labels,
    found: Difference,
    changes: Sequence[Changed],
    lang: str,
) -> str:
    """Say how B differs from A, for a terminal.

    Parameters
    ----------
    a, b : Result
    labels : Labels
        Of both.
    found : Difference
    changes : sequence of Changed
        What differs in the inputs.
    lang : str
    """
    lines = [*sides(a, b, lang), against(a, b, lang), ""]
    rows = found.rows
    central = rows[rows["variable"].isin(VARIABLES)]
    if same := _equal(central):
        lines += [word(_equal_key(found), lang), ""]
    if not _equal(rows):
        bounded = any(is_bounded(result, labels) for result in (a, b))
        lines += [by_year(rows, labels, lang, bounded=bounded), ""]
    if not same:
        lines += [where_most(rows, labels, lang), ""]
    if found.one_drawn:
        lines[-1:] = [word("nouns.brackets", lang, text=word("compare.ranges_of_one", lang)), ""]
    return "\n".join([*lines, terminal.as_text([inputs_blocks(a, b, changes, lang)])])


def sides(a: Result, b: Result, lang: str) -> list[str]:
    """Say which is A and which is B, a line each."""
    lines = []
    for side, result in zip(SIDES, (a, b), strict=True):
        title = said(result.labels.title, lang, result.scenario.name)
        facts = {"scenario": result.scenario.name, "run": result.labels.run_id}
        lines.append(word("compare.side_is", lang, side=side, title=title, **facts))
    return lines


def against(a: Result, b: Result, lang: str) -> str:
    """Say in one sentence how B differs from A."""
    of = sentences.other_name((b.scenario, b.labels), (a.scenario, a.labels), lang)
    return sentences.against(b.frame(), a.frame(), b.labels, of, lang)


def _equal_key(found: Difference) -> str:
    """Choose the words for two equal central runs: of the draws say whether they are equal too."""
    if not found.drawn:
        return "compare.equal_central" if found.one_drawn else "compare.equal"
    drawn = found.rows[found.rows["variable"].isin(found.drawn)]
    return "compare.equal_drawn" if _equal(drawn) else "compare.draws_differ"


def _equal(rows: pd.DataFrame) -> bool:
    """Tell whether no figure differs, but for the noise of floats."""
    same = (rows["change"].abs() < TIE) | (rows["a"].isna() & rows["b"].isna())
    return bool(same.all())


def by_year(rows: pd.DataFrame, labels: Labels, lang: str, *, bounded: bool = False) -> str:
    """Give the district's demand, places, gap and shortage of A and B, and the change.

    Where both sides have draws the shortage stands with its range.
    """
    table = headline(rows)
    lines = [title_by_year(labels, lang)]
    still = []
    for names in TABLES:
        moved = [name for name in names if _moves(table, name)]
        still += [name for name in names if name not in moved]
        ranged = "shortage" in names and is_ranged(table)
        if moved or ranged:
            lines.append(terminal.table(*cells_by_year(table, moved, lang, ranged=ranged)))
    if still:
        names_ = word("nouns.list", lang).join(word(f"nouns.{name}", lang) for name in still)
        lines.append(word("compare.same", lang, names=names_))
    notes = doubts(labels, lang, bounded=bounded, ranged=is_ranged(table))
    return "\n".join([*lines, *notes])


def is_ranged(table: pd.DataFrame) -> bool:
    """Tell whether the district's shortage has a range on both sides, in any year."""
    return f"shortage_{LOW}_a" in table and bool(table[f"shortage_{LOW}_change"].notna().any())


def title_by_year(labels: Labels, lang: str) -> str:
    """Say what a table by year shows, with unit and signs."""
    facts = {"district": sentence(labels.region_name(ALL, lang)), "sign": word("nouns.sign", lang)}
    return word("compare.title", lang, **facts)


def doubts(
    labels: Labels, lang: str, *, bounded: bool, ranged: bool = False, one_drawn: bool = False
) -> list[str]:
    """Say what a range is, where demand is a lower bound, and that the split is assumed."""
    keys = ["compare.range_is"] * ranged + ["compare.ranges_of_one"] * one_drawn
    keys += ["charts.bound_plain"] * bounded + ["nouns.split_assumed"] * labels.split_assumed
    return [word("nouns.brackets", lang, text=word(key, lang)) for key in keys]


def _moves(table: pd.DataFrame, name: str) -> bool:
    """Tell whether a figure of the district changes, or is not known on both sides, in a year."""
    return bool((table[f"{name}_change"].round() != 0).any())


def is_bounded(result: Result, labels: Labels) -> bool:
    """Tell whether the demand of any part of the district is a lower bound."""
    return any(cell[1:] in labels.counted for cell in constrained(result.frame()))


def cells_by_year(
    table: pd.DataFrame, names: Sequence[str], lang: str, *, ranged: bool = False
) -> tuple[list[str], list[list[str]]]:
    """Give the heads and the cells of figures of the district: A, B and change, a row per year.

    ``ranged`` adds the range of the shortage of A and of B.
    """
    heads = [word("nouns.year", lang)]
    for name in names:
        heads += [
            word("compare.side_of", lang, name=word(f"nouns.{name}", lang), side=side)
            for side in SIDES
        ]
        heads.append(word("compare.change", lang))
    if ranged:
        heads += [word("compare.range_side", lang, side=side) for side in SIDES]
    rows = []
    for row in table.to_dict("records"):
        cells = [str(row["year"])]
        for name in names:
            signed = name == "gap"
            cells += [number(row[f"{name}_{side}"], signed=signed) for side in ("a", "b")]
            cells.append(number(row[f"{name}_change"], signed=True))
        if ranged:
            ends = ([row[f"shortage_{end}_{side}"] for end in (LOW, HIGH)] for side in "ab")
            cells += [span(low, high, lang) for low, high in ends]
        rows.append(cells)
    return heads, rows


def where_most(rows: pd.DataFrame, labels: Labels, lang: str) -> str:
    """List the regions and levels whose gap changes most, each in the year in which it does."""
    gaps = _gaps_of_cells(rows, labels)
    apart = [] if _shares_a_region(rows, labels) else [word("compare.apart", lang)]
    known = gaps["change"].notna().any()
    gaps = gaps[gaps["change"].abs() >= 0.5]
    if gaps.empty:
        return "".join(apart) or word("compare.nowhere" if known else "compare.unknown", lang)
    # rounded, so that of years that tie but for the noise of floats the first stands first
    sizes = gaps["change"].abs().round(6)
    gaps = gaps.assign(size=sizes).sort_values("size", ascending=False, kind="stable")
    worst = gaps.drop_duplicates(["region", "level"])
    heads = [word(f"nouns.{name}", lang) for name in ("region", "level", "year")]
    heads += [
        word("compare.side_of", lang, name=word("nouns.gap", lang), side=side) for side in SIDES
    ]
    lines = [
        [
            labels.region_name(row["region"], lang),
            labels.level_name(row["level"], lang),
            str(row["year"]),
            *(number(row[side], signed=True) for side in ("a", "b", "change")),
        ]
        for row in worst.head(LISTED).to_dict("records")
    ]
    text = [*apart, word("compare.where", lang, sign=word("compare.change_sign", lang))]
    text.append(terminal.table([*heads, word("compare.change", lang)], lines, left=2))
    if len(worst) > LISTED:
        text.append(word("compare.fewer", lang, shown=LISTED, total=len(worst)))
    return "\n".join(text)


def _gaps_of_cells(rows: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Give the rows of the gap of the regions and levels that add up to the district."""
    gaps, counted = rows[rows["variable"] == "gap"], set(labels.counted)
    inside = [cell in counted for cell in zip(gaps["region"], gaps["level"], strict=True)]
    return gaps[inside]


def _shares_a_region(rows: pd.DataFrame, labels: Labels) -> bool:
    """Tell whether any region has figures on both sides."""
    regions = {region.code for region in labels.leaves}
    return not regions.isdisjoint(rows.loc[rows["change"].notna(), "region"])


def side_by_side(results: Sequence[Result], names: Sequence[str], lang: str) -> str:
    """Give the gap and the shortage of several results under their names, year by year."""
    frames = {}
    for place, result in enumerate(results):
        frame = result.frame()
        whole = frame[(frame["region"] == ALL) & (frame["level"] == ALL)]
        frames[place] = whole.set_index("year")
    years = sorted(set().union(*(frame.index for frame in frames.values())))
    blocks = []
    for name in ("gap", "shortage"):
        key = "compare.all" if name == "gap" else "compare.every"
        blocks.append(
            word(
                key, lang, name=sentence(word(f"nouns.{name}", lang)), sign=word("nouns.sign", lang)
            )
        )
        heads = [word("nouns.year", lang), *names]
        rows = [
            [str(year)]
            + [
                number(float(frame[name].get(year, math.nan)), signed=name == "gap")
                for frame in frames.values()
            ]
            for year in years
        ]
        blocks += [terminal.table(heads, rows), ""]
    return "\n".join(blocks[:-1])
