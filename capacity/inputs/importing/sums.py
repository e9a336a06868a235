"""Counts of all blocks to one figure for each key: parts added up, and the same twice left out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from capacity.inputs.importing.mapfile import SKIP
from capacity.inputs.importing.taken import LEFT_OUT, SUMMED, YES, Logged, Row, Taken

#: Two sums are the same to so many pupils, places or homes.
_NEAR = 1e-6


def summed(taken: Taken, labels: Mapping[int, str]) -> dict[str, dict[tuple[Any, ...], float]]:
    """Return the counts of each table by key, parts of one block added up.

    The same key in two blocks with the same sum is one count that stands twice, of which one is
    left out; with another sum it is asked which of the two blocks is right.

    Parameters
    ----------
    taken
    labels
        What each block is called where it is asked about.
    """
    by_key: dict[tuple[str, tuple[Any, ...]], dict[int, list[Row]]] = {}
    for row in taken.rows:
        by_key.setdefault((row.table, row.key), {}).setdefault(row.block, []).append(row)
    found: dict[str, dict[tuple[Any, ...], float]] = {}
    for (table, key), blocks in by_key.items():
        sums = {block: _sum(rows, taken) for block, rows in blocks.items()}
        first, *others = sums
        for other in others:
            if abs(sums[other] - sums[first]) > _NEAR:
                for block in (first, other):
                    taken.asked["words", "latest", labels[block]] = (YES, SKIP)
            else:
                taken.changes += [
                    Logged(row.at, LEFT_OUT, "again", table, f"{row.value:.15g}")
                    for row in blocks[other]
                ]
        found.setdefault(table, {})[key] = sums[first]
    return found


def _sum(rows: Sequence[Row], taken: Taken) -> float:
    """Add up the parts of one count; two that nothing tells apart are refused."""
    if len(rows) == 1:
        return rows[0].value
    seen: dict[tuple[str, ...], Row] = {}
    named: dict[tuple[str, ...], Row] = {}
    for row in rows:
        if (like := named.setdefault(row.names, row)) is not row and like.parts != row.parts:
            _warn_apart(row, like, taken)
        if (before := seen.setdefault(row.parts, row)) is not row:
            found = ", ".join(map(str, (*row.key, *filter(None, row.parts))))
            taken.problems.error("import-twice", row.at, found=found, other=str(before.at))
    key = " ".join(map(str, rows[0].key))
    for row in rows:
        taken.changes.append(Logged(row.at, SUMMED, "parts", row.table, f"{row.value:.15g}", key))
    return math.fsum(row.value for row in rows)


def _warn_apart(row: Row, other: Row, taken: Taken) -> None:
    """Warn, once in a block, of counts that only a column which is left out tells apart."""
    if row.block not in taken.apart:
        taken.apart.add(row.block)
        pairs = zip(row.parts, other.parts, strict=True)
        found, like = zip(*((own, its) for own, its in pairs if own != its), strict=True)
        facts = {"other": ", ".join(like), "where": str(other.at)}
        taken.problems.warning("import-apart", row.at, found=", ".join(found), **facts)
