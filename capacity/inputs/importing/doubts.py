"""What may be wrong in files that can be read: columns exchanged, names misspelt, years lacking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from capacity.base.errors import At, Problems, Term
from capacity.base.words import ranges
from capacity.inputs.importing.assemble import COUNTS
from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.source import Source, Taken
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.grid import Grid
from capacity.inputs.tables.values import as_found, is_empty, is_plain, show


def warn_of_block(one: Source) -> None:
    """Warn of what may be wrong in one table of a sheet."""
    warn_unnamed(one)
    warn_classes(one)
    warn_swapped(one)


def warn_unnamed(one: Source) -> None:
    """Warn of figures in a column without a name, which are left out."""
    for held in one.held:
        if held.header or held.is_wide:
            continue
        cells = [(row, one.block.cell(row, held.index)) for row in one.block.rows]
        filled = [(row, cell) for row, cell in cells if not is_empty(cell)]
        if filled:
            row, cell = filled[0]
            at = one.block.at(row, held.index)
            one.taken.problems.warning("import-unnamed", at, found=as_found(cell), n=len(filled))


def warn_classes(one: Source) -> None:
    """Warn of more classes than pupils, as where the two columns are exchanged."""
    named: dict[tuple[tuple[str, Any], ...], dict[str, int]] = {}
    for held in one.held:
        if held.role in ("pupils", "classes"):
            named.setdefault(tuple(sorted(held.named.items())), {})[held.role] = held.index
    for pair in named.values():
        if len(pair) < 2:
            continue
        for row in one.block.rows:
            cells = [one.block.cell(row, pair[key]) for key in ("pupils", "classes")]
            if not all(isinstance(cell, float) or is_plain(cell) for cell in cells):
                continue
            heads, classes = (float(show(cell)) for cell in cells)
            if 0 < heads < classes:
                at = one.block.at(row, pair["pupils"])
                one.taken.problems.warning("import-classes", at, found=heads, classes=classes)
                return


def warn_swapped(one: Source) -> None:
    """Warn where every region lies in one school, and a school in several regions."""
    region, school = one.column("region", "unit"), one.column("school")
    if region is None or school is None:
        return
    schools: dict[str, set[str]] = {}
    regions: dict[str, set[str]] = {}
    totals = set(one.totals())
    for row in (row for row in one.block.rows if row not in totals):
        names = show(one.block.cell(row, region)).strip(), show(one.block.cell(row, school)).strip()
        schools.setdefault(names[0], set()).add(names[1])
        regions.setdefault(names[1], set()).add(names[0])
    alone = all(len(inside) == 1 for inside in schools.values())
    if alone and any(len(inside) > 1 for inside in regions.values()):
        at, name = one.block.at(one.block.header, region), one.block.heading(region)
        facts = {"found": name, "other": Term(one.block.heading(school))}
        one.taken.problems.warning("import-swapped", at, **facts)


def warn_of_unread(grids: Sequence[Grid], blocks: Sequence[Block], problems: Problems) -> None:
    """Warn of sheets with figures in which no table was found."""
    read = {(block.grid.path, block.grid.sheet) for block in blocks}
    for grid in grids:
        figures = sum(
            isinstance(cell, float) or is_plain(cell) for row in grid.rows for cell in row
        )
        if (grid.path, grid.sheet) not in read and figures:
            problems.warning("import-unread", grid.place(0, 0), n=figures)


def warn_of_gaps(tables: Mapping[str, pd.DataFrame], problems: Problems, taken: Taken) -> None:
    """Warn of places that lack a year which others have: a name or a label may be wrong."""
    for table, frame in tables.items():
        if table not in COUNTS or table == "housing":  # no homes are no row in a list of sites
            continue
        years = set(frame["year"])
        lacking = {
            place: sorted(years - set(own["year"]))
            for place, own in frame.groupby("region", sort=False)
        }
        some = {place: missing for place, missing in lacking.items() if missing}
        if some:
            place, missing = next(iter(some.items()))
            at = next(row.at for row in taken.rows if row.table == table)
            facts = {
                "table": TABLES[table].term,
                "years": ", ".join(ranges(missing)),
                "n": len(some),
            }
            problems.warning("import-gaps", At(at.file), found=place, **facts)


def warn_of_years(tables: Mapping[str, pd.DataFrame], origins: Any, problems: Problems) -> None:
    """Warn of a year that is lacking between others: a label may be wrong."""
    for table, frame in tables.items():
        years = sorted(set(frame["year"])) if table in COUNTS and len(frame) else []
        for before, year in pairwise(years):
            if year != before + 1:
                row = int((frame["year"] == year).to_numpy().argmax())
                facts = {"table": TABLES[table].term, "before": before}
                problems.warning("import-years", origins[table][row], found=year, **facts)
