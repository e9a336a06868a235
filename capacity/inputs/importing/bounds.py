"""How much an import takes on: asked before the work, as anybody may have made the files.

Files within these limits take time in proportion to their size.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from pathlib import Path

from capacity.base.errors import At, Problems
from capacity.inputs.importing.blocks import Axis, Block, blocks_of
from capacity.inputs.tables.sheets import MAX_ROWS, Grid
from capacity.inputs.tables.sources import read_grids
from capacity.inputs.tables.values import is_empty, is_plain

#: Columns with something in them, each of which is asked what it holds: choices, as those below.
MOST_COLUMNS = 2_000
#: Tables of all files; each becomes some lines of the map.
MOST_TABLES = 1_000
#: Names of places, and words, that are asked about: more than a state has schools.
MOST_NAMES = 20_000
#: Different texts of a sheet, each of which is asked whether it is a word for something.
MOST_TEXTS = 100_000
#: Merged ranges of a sheet, whose cells are filled: more than there are in any made by hand.
MOST_MERGED = 20_000


def grids_within(files: Iterable[Path], problems: Problems) -> list[Grid]:
    """Read files until they have more rows, or a sheet more columns, than are taken on."""
    grids: list[Grid] = []
    rows = 0
    for path in files:
        read = read_grids(path, problems)
        rows += sum(len(grid.rows) for grid in read)
        if rows > MAX_ROWS:
            problems.error("import-rows", At(str(path), 1, 1), size=rows, most=MAX_ROWS)
            problems.raise_errors()
        grids += [grid for grid in read if not _refuse_shape(grid, problems)]
    problems.raise_errors()
    return grids


def _refuse_shape(grid: Grid, problems: Problems) -> bool:
    """Refuse a sheet of more columns, texts or merges than are taken on; return whether it was."""
    if (size := len(grid.merged)) > MOST_MERGED:
        problems.error("import-merged", grid.place(0), size=size, most=MOST_MERGED)
        return True
    each = dict.fromkeys(chain.from_iterable(grid.rows))
    if len(each) > MOST_TEXTS:
        texts = sum(isinstance(cell, str) and not is_plain(cell) for cell in each)
        if texts > MOST_TEXTS:
            problems.error("import-texts", grid.place(0), size=texts, most=MOST_TEXTS)
            return True
    if grid.width <= MOST_COLUMNS:
        return False
    used = [any(not is_empty(row[column]) for row in grid.rows) for column in range(grid.width)]
    if (size := sum(used)) > MOST_COLUMNS:
        problems.error("table-columns", grid.place(0), size=size, most=MOST_COLUMNS)
        return True
    return False


def blocks_within(grids: Sequence[Grid], axis: Axis, problems: Problems) -> list[Block]:
    """Return the tables of sheets, or refuse what is more of them than a map can list."""
    found: list[Block] = []
    for grid in grids:
        found += blocks_of(grid, axis, MOST_TABLES + 1 - len(found))
        if len(found) > MOST_TABLES:
            at = found[MOST_TABLES].at(found[MOST_TABLES].header)
            problems.error("import-tables", at, most=MOST_TABLES)
            problems.raise_errors()
    return found


def refuse_names(names: Collection[object], file: str, problems: Problems) -> None:
    """Refuse more names and words than anybody is asked about."""
    if (size := len(names)) > MOST_NAMES:
        *_, last = names
        found = last[-1] if isinstance(last, tuple) else last
        problems.error("import-names", At(file), found=found, size=size, most=MOST_NAMES)
        problems.raise_errors()
