"""What differs in the inputs: levers first, then settings, then tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from capacity.base.words import MINUS, cut, word
from capacity.inputs.diff.changed import ADDED, CHANGED, DISTRICT, LEVER, REMOVED, SETTING, TABLE
from capacity.inputs.diff.changed_levers import lever_changes
from capacity.render.blocks import Notes, Text
from capacity.render.leverwords import lever_words

if TYPE_CHECKING:
    from capacity.inputs.diff.changed import Changed
    from capacity.inputs.levers.lever import Lever
    from capacity.results.labels import Labels
    from capacity.results.result import Result

#: Rows of tables listed at most, shared out among the tables; of settings, of each kind.
LISTED = 20
#: Columns that a listed text takes at most.
WIDE = 60
_PROVENANCE = frozenset({"source", "quality", "known", "note"})


def inputs_blocks(
    a: Result, b: Result, changes: Sequence[Changed], lang: str
) -> Sequence[Text | Notes]:
    """List what differs in the inputs; long lists are cut, inputs.csv has all."""
    if not changes:
        return [Text(word("compare.inputs_same", lang))]
    found = []
    if any(change.what == LEVER for change in changes):
        found.append(Notes(word("compare.what_lever", lang), list(_levers(a, b, lang))))
    for what in (SETTING, DISTRICT):
        own = [change for change in changes if change.what == what]
        if own:
            lines = [_from_to(change.key, change, lang) for change in own[:LISTED]]
            more = _more(len(own) - LISTED, lang)
            found.append(Notes(word(f"compare.what_{what}", lang), [*lines, *more]))
    return [Notes(word("compare.inputs_differ", lang), [*found, *_tables(changes, lang)])]


def _levers(a: Result, b: Result, lang: str) -> Iterator[str]:
    """Say each lever as a person would, with its file and line."""
    found = lever_changes(a.scenario.levers, b.scenario.levers)
    for change in found.levers[:LISTED]:
        old = _said(change.a, a.labels, lang)
        new = _said(change.b, b.labels, lang)
        key = CHANGED if old and new else ADDED if new else REMOVED
        text = " → ".join(filter(None, (old, new)))
        placed = word("compare.standing", lang, text=text, at=_place(change.b or change.a))
        yield f"{word(f'compare.is_{key}', lang)}  {placed}"
    yield from _more(len(found.levers) - LISTED, lang)
    if found.reordered:
        yield word("compare.reordered", lang)


def _said(lever: Lever | None, labels: Labels, lang: str) -> str:
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
