"""A comparison as people read it: by year, where most, and what differs in the inputs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from capacity.base.settings import HIGH, LOW
from capacity.base.titles import text_in
from capacity.base.words import MINUS, cut, number, sentence, word
from capacity.inputs.diff import (
    ADDED,
    CHANGED,
    DISTRICT,
    LEVER,
    REMOVED,
    SETTING,
    TABLE,
    Changed,
    lever_changes,
)
from capacity.inputs.levers.lever import Lever
from capacity.render.blocks import Block, Heading, Notes, Page, Table, Text
from capacity.render.chances import span
from capacity.render.leverwords import lever_words
from capacity.render.pages.inputs import notes
from capacity.render.pages.run import against
from capacity.render.sentences import bracketed, capped
from capacity.render.text import as_text
from capacity.results.labels import ALL, TIE, Labels, constrained
from capacity.results.result import Result
from capacity.studies.compare.study import VARIABLES, Comparison, Difference

SIDES = ("A", "B")
#: Columns of the two tables by year on a terminal; a notebook shows one table.
TABLES = (("demand", "places"), ("gap", "shortage"))
IN_SHORT = ("gap", "shortage")
#: Cells (region and level) listed, at most.
CELLS = 10
#: Rows of tables listed at most, shared out among the tables; of settings, of each kind.
LISTED = 20
#: Results side by side, at most.
SIDE_BY_SIDE = 6
#: Where all rows of a table stand.
HEADLINE, RESULTS = "headline.csv", "results.csv"
#: Columns that a listed text takes at most.
WIDE = 60
_PROVENANCE = frozenset({"source", "quality", "known", "note"})


def shown(of: Comparison, lang: str) -> Page:
    """Yield what a notebook shows: who is shorter by how much, and what differs in the inputs."""
    by_year = of.headline
    table = _cells_by_year(by_year, IN_SHORT, lang, ranged=_is_ranged(by_year))
    only_one = (
        [bracketed(word("compare.ranges_of_one", lang), lang)] if of.difference.one_drawn else []
    )
    yield Heading(" / ".join(_sides(of, lang))), Text(against(of.b, of.a, lang))
    shown_table = Table(_title_by_year(of.labels, lang), *table)
    yield *capped(shown_table, HEADLINE, lang), *_doubts(of, lang, only_one)
    yield _inputs(of, lang)
    yield notes(of.notes, lang)


def summary(of: Comparison, lang: str) -> str:
    """Return what a terminal shows of a comparison."""
    return as_text(comparison_page(of, lang))


def comparison_page(of: Comparison, lang: str) -> Page:
    """Return how B differs from A: by year, where most, and what differs in the inputs."""
    rows = of.difference.rows
    groups: list[list[Block]] = [[*map(Text, _sides(of, lang)), Text(against(of.b, of.a, lang))]]
    same = _equal(rows[rows["variable"].isin(VARIABLES)])
    if same:
        groups.append([Text(word(_equal_key(of.difference), lang))])
    if not _equal(rows):
        groups.append(_by_year(of, lang))
    if not same:
        groups.append(where_most(rows, of.labels, lang))
    if of.difference.one_drawn:
        groups[-1].append(bracketed(word("compare.ranges_of_one", lang), lang))
    return [*groups, _inputs(of, lang)]


def _sides(of: Comparison, lang: str) -> list[str]:
    """Say which is A and which is B, a line each."""
    lines = []
    for side, result in zip(SIDES, (of.a, of.b), strict=True):
        title = text_in(result.labels.title, lang, result.scenario.name)
        facts = {"scenario": result.scenario.name, "run": result.labels.run_id}
        lines.append(word("compare.side_is", lang, side=side, title=title, **facts))
    return lines


def _equal_key(found: Difference) -> str:
    """Choose the words for two equal central runs: of the draws say whether they are equal too."""
    if not found.drawn:
        return "compare.equal_central" if found.one_drawn else "compare.equal"
    drawn = found.rows[found.rows["variable"].isin(found.drawn)]
    return "compare.equal_drawn" if _equal(drawn) else "compare.draws_differ"


def _equal(rows: pd.DataFrame) -> bool:
    """Whether no figure differs, but for the noise of floats."""
    same = (rows["change"].abs() < TIE) | (rows["a"].isna() & rows["b"].isna())
    return bool(same.all())


def _by_year(of: Comparison, lang: str) -> list[Block]:
    """Return the district's demand, places, gap and shortage of A and B, and the change.

    Where both sides have draws the shortage stands with its range.
    """
    table = of.headline
    blocks: list[Block] = [Text(_title_by_year(of.labels, lang))]
    still: list[str] = []
    for names in TABLES:
        # not known on both sides counts as a change
        moved = [name for name in names if (table[f"{name}_change"].round() != 0).any()]
        still += [word(f"nouns.{name}", lang) for name in names if name not in moved]
        ranged = "shortage" in names and _is_ranged(table)
        if moved or ranged:
            cells = _cells_by_year(table, moved, lang, ranged=ranged)
            blocks += capped(Table("", *cells), HEADLINE, lang)
    if still:
        blocks.append(Text(word("compare.same", lang, names=word("nouns.list", lang).join(still))))
    return [*blocks, *_doubts(of, lang)]


def _is_ranged(table: pd.DataFrame) -> bool:
    """Whether the district's shortage has a range on both sides, in any year."""
    return f"shortage_{LOW}_a" in table and bool(table[f"shortage_{LOW}_change"].notna().any())


def _title_by_year(labels: Labels, lang: str) -> str:
    """Say what a table by year shows, with unit and signs."""
    facts = {"district": sentence(labels.region_name(ALL, lang)), "sign": word("nouns.sign", lang)}
    return word("compare.title", lang, **facts)


def _doubts(of: Comparison, lang: str, before: Sequence[Text] = ()) -> list[Text]:
    """Say what a range is, where demand is a lower bound, and that the split is assumed."""
    counted = of.labels.counted
    bounded = any(
        cell[1:] in counted for side in (of.a, of.b) for cell in constrained(side.frame())
    )
    after = {"charts.bound_plain": bounded, "nouns.split_assumed": of.labels.split_assumed}
    ranged = [bracketed(word("compare.range_is", lang), lang)] if _is_ranged(of.headline) else []
    remarks = [bracketed(word(key, lang), lang) for key, holds in after.items() if holds]
    return [*ranged, *before, *remarks]


def _cells_by_year(
    table: pd.DataFrame, names: Sequence[str], lang: str, *, ranged: bool = False
) -> tuple[list[str], list[list[str]]]:
    """Return the heads and the cells of figures of the district: A, B and change, a row per year.

    ``ranged`` adds the range of the shortage of A and of B.
    """
    heads = [word("nouns.year", lang)]
    for name in names:
        heads += [_side_of(name, side, lang) for side in SIDES] + [word("compare.change", lang)]
    if ranged:
        heads += [word("compare.range_side", lang, side=side) for side in SIDES]
    rows = []
    for row in table.to_dict("records"):
        cells = [str(row["year"])]
        for name in names:
            cells += [number(row[f"{name}_{side}"], signed=name == "gap") for side in ("a", "b")]
            cells.append(number(row[f"{name}_change"], signed=True))
        if ranged:
            ends = ([row[f"shortage_{end}_{side}"] for end in (LOW, HIGH)] for side in "ab")
            cells += [span(low, high, lang) for low, high in ends]
        rows.append(cells)
    return heads, rows


def _side_of(name: str, side: str, lang: str) -> str:
    return word("compare.side_of", lang, name=word(f"nouns.{name}", lang), side=side)


def where_most(rows: pd.DataFrame, labels: Labels, lang: str) -> list[Block]:
    """List the regions and levels whose gap changes most, each in the year in which it does."""
    counted = set(labels.counted)
    gaps = rows[rows["variable"] == "gap"]
    gaps = gaps[[cell in counted for cell in zip(gaps["region"], gaps["level"], strict=True)]]
    regions = {region.code for region in labels.leaves}
    is_apart = regions.isdisjoint(rows.loc[rows["change"].notna(), "region"])
    apart: list[Block] = [Text(word("compare.apart", lang))] if is_apart else []
    known = gaps["change"].notna().any()
    gaps = gaps[gaps["change"].abs() >= 0.5]
    if gaps.empty:
        return apart or [Text(word("compare.nowhere" if known else "compare.unknown", lang))]
    # rounded, so that of years that tie but for the noise of floats the first stands first
    sizes = gaps["change"].abs().round(6)
    gaps = gaps.assign(size=sizes).sort_values("size", ascending=False, kind="stable")
    worst = gaps.drop_duplicates(["region", "level"])
    heads = [word(f"nouns.{name}", lang) for name in ("region", "level", "year")]
    heads += [_side_of("gap", side, lang) for side in SIDES] + [word("compare.change", lang)]
    lines = [
        [
            labels.region_name(row["region"], lang),
            labels.level_name(row["level"], lang),
            str(row["year"]),
            *(number(row[side], signed=True) for side in ("a", "b", "change")),
        ]
        for row in worst.head(CELLS).to_dict("records")
    ]
    title = word("compare.where", lang, sign=word("compare.change_sign", lang))
    blocks = [*apart, Table(title, heads, lines, left=2)]
    if len(worst) > CELLS:
        blocks.append(Text(word("compare.fewer", lang, shown=CELLS, total=len(worst))))
    return blocks


def side_by_side(results: Sequence[Result], names: Sequence[str], lang: str) -> Page:
    """Yield the gap and the shortage of several results under their names, year by year."""
    frames = []
    for result in results:
        frame = result.frame()
        whole = frame[(frame["region"] == ALL) & (frame["level"] == ALL)]
        frames.append(whole.set_index("year"))
    years = sorted(set().union(*(frame.index for frame in frames)))
    names, frames = names[:SIDE_BY_SIDE], frames[:SIDE_BY_SIDE]
    for key, name in (("compare.all", "gap"), ("compare.every", "shortage")):
        figure, sign = sentence(word(f"nouns.{name}", lang)), word("nouns.sign", lang)
        rows = [
            [
                str(year),
                *(
                    number(float(frame[name].get(year, math.nan)), signed=name == "gap")
                    for frame in frames
                ),
            ]
            for year in years
        ]
        heads = [word("nouns.year", lang), *names]
        table = Table(word(key, lang, name=figure, sign=sign), heads, rows)
        yield capped(table, RESULTS, lang)
    if (more := len(results) - len(names)) > 0:
        yield (Text(word("sentences.more_columns", lang, n=more)),)


def _inputs(of: Comparison, lang: str) -> list[Block]:
    """List what differs in the inputs; long lists are cut, inputs.csv has all."""
    changes = of.changes
    if not changes:
        return [Text(word("compare.inputs_same", lang))]
    found = []
    if any(change.what == LEVER for change in changes):
        found.append(Notes(word("compare.what_lever", lang), list(_levers(of, lang))))
    for what in (SETTING, DISTRICT):
        own = [change for change in changes if change.what == what]
        if own:
            lines = [_from_to(change.key, change, lang) for change in own[:LISTED]]
            more = _more(len(own) - LISTED, lang)
            found.append(Notes(word(f"compare.what_{what}", lang), [*lines, *more]))
    return [Notes(word("compare.inputs_differ", lang), [*found, *_tables(changes, lang)])]


def _levers(of: Comparison, lang: str) -> Iterator[str]:
    """Say each lever as a person would, with its file and line."""
    found = lever_changes(of.a.scenario.levers, of.b.scenario.levers)
    for change in found.levers[:LISTED]:
        old = _lever(change.a, of.a.labels, lang)
        new = _lever(change.b, of.b.labels, lang)
        key = CHANGED if old and new else ADDED if new else REMOVED
        text = " → ".join(filter(None, (old, new)))
        placed = word("compare.standing", lang, text=text, at=_place(change.b or change.a))
        yield f"{word(f'compare.is_{key}', lang)}  {placed}"
    yield from _more(len(found.levers) - LISTED, lang)
    if found.reordered:
        yield word("compare.reordered", lang)


def _lever(lever: Lever | None, labels: Labels, lang: str) -> str:
    """Say what a lever does, with the minus sign of a console."""
    return lever_words(lever, labels, lang).replace(MINUS, "-") if lever else ""


def _place(lever: Lever | None) -> str:
    assert lever is not None
    return f"{Path(lever.file).name}:{lever.line}"


def _tables(changes: Sequence[Changed], lang: str) -> Iterator[Notes]:
    """Count what differs in each table, and list the first rows."""
    tables: dict[str, list[Changed]] = {}
    for change in changes:
        if change.what == TABLE:
            tables.setdefault(change.table, []).append(change)
    most = max(2, LISTED // max(1, len(tables)))
    for table, own in tables.items():
        rows = _rows([change for change in own if change.column not in _PROVENANCE])
        title = word("compare.what_table", lang, table=table, counts=_counts(own, lang))
        more = _more(len(rows) - most, lang)
        yield Notes(title, [*(_row(row, lang) for row in rows[:most]), *more])


def _rows(changes: Sequence[Changed]) -> list[list[Changed]]:
    """Put the cells of a row together."""
    rows: dict[tuple[str, str], list[Changed]] = {}
    for change in changes:
        rows.setdefault((change.change, change.at), []).append(change)
    return list(rows.values())


def _counts(changes: Sequence[Changed], lang: str) -> str:
    parts = []
    for key, change in (("compare.rows_added", ADDED), ("compare.rows_removed", REMOVED)):
        if count := len(_rows([one for one in changes if one.change == change])):
            parts.append(word(key, lang, n=count))
    cells = [one.column in _PROVENANCE for one in changes if one.change == CHANGED]
    for key, count in (
        ("compare.cells_changed", cells.count(False)),
        ("compare.notes_changed", cells.count(True)),
    ):
        if count:
            parts.append(word(key, lang, n=count))
    return word("nouns.comma", lang).join(parts)


def _row(row: Sequence[Changed], lang: str) -> str:
    first, comma = row[0], word("nouns.comma", lang)
    if first.change == CHANGED:
        said = comma.join(_from_to(one.column, one, lang) for one in row)
    else:
        cells = comma.join(f"{one.column} {one.a or one.b}" for one in row if one.column)
        said = word(f"compare.is_{first.change}", lang) + (
            word("nouns.colon", lang) + cells if cells else ""
        )
    text = f"{first.key}{word('nouns.colon', lang)}{cut(said, 2 * WIDE)}"
    return word("compare.standing", lang, text=text, at=first.at)


def _from_to(name: str, change: Changed, lang: str) -> str:
    a, b = (cut(text, WIDE) or word("compare.nothing", lang) for text in (change.a, change.b))
    return word("compare.from_to", lang, name=name, a=a, b=b)


def _more(count: int, lang: str) -> Iterator[str]:
    if count > 0:
        yield word("compare.inputs_more", lang, n=count)
