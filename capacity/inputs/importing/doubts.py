"""What may be wrong in files that can be read: columns exchanged, names misspelt, years lacking."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from capacity.base.errors import At, Problems, Term
from capacity.base.words import ranges
from capacity.inputs.importing.assemble import COUNTS
from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.columns import AGE, GRADE, LEVEL, MONTH, PLACE, YEAR
from capacity.inputs.importing.rows import FLOWS
from capacity.inputs.importing.source import Source
from capacity.inputs.importing.taken import Row, Taken
from capacity.inputs.importing.vocabulary import MEASURES, SKIP, TOTAL, plain
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.sheets import Grid
from capacity.inputs.tables.values import as_found, is_empty, is_plain, show

#: A count is held against the sum of at least so many others.
_PARTS = 2
#: The axes by which columns of a table may be named; all of them where it is not said.
_ALL = {YEAR, GRADE, AGE, LEVEL, PLACE}
_AXES = {"places": {YEAR, LEVEL, PLACE}, "pipeline": {LEVEL}}


def warn_of_block(one: Source) -> None:
    """Warn of what may be wrong in one table of a sheet."""
    warn_unnamed(one)
    warn_classes(one)
    warn_swapped(one)
    warn_unused(one)
    warn_levels(one)


def log_columns(one: Source) -> None:
    """Put every column with something in it that is left out on record."""
    for held in one.held:
        if one.roles[held.index] in (SKIP, TOTAL, ""):
            cells = [one.block.cell(row, held.index) for row in one.rows]
            if any(not is_empty(cell) for cell in cells):
                at = one.block.at(one.block.header, held.index)
                one.leave_out(at, "column", one.block.heading(held.index))


def warn_unused(one: Source) -> None:
    """Warn of counts for which the table has no place: they are left out."""
    measure = COUNTS[one.table][1] if one.table in COUNTS else ""
    takes = _AXES.get(one.table, _ALL | ({MONTH} if one.table in FLOWS else set()))
    is_wide = any(one.roles[held.index] == measure for held in one.counted())
    for held in one.held:
        role = one.roles[held.index]
        lost = held.role == "entry_places" if role == SKIP else role in MEASURES and (
            (measure and role != measure)
            or (measure and is_wide and not held.is_wide)
            or (not held.is_wide and held.index != one.column(role))
            or not held.named.keys() <= takes
        )  # fmt: skip
        if lost and any(not is_empty(one.block.cell(row, held.index)) for row in one.rows):
            at, name = one.block.at(one.block.header, held.index), one.block.heading(held.index)
            term = TABLES[one.table].term
            one.taken.problems.warning("import-unused", at, found=name, table=term)


def warn_levels(one: Source) -> None:
    """Warn of grades outside the level of which a title or sheet speaks, as where 6 is middle."""
    texts = [plain(text) for text in (*one.block.titles[:1], one.block.grid.sheet) if text]
    said = [
        level
        for level in one.found.district.levels
        if any(plain(t) in text for t in level.title.model_dump().values() if t for text in texts)
    ]
    for held in one.held if len(said) == 1 else ():
        label, grade = held.named.get(GRADE, ("", None))
        if grade is not None and not said[0].grades[0] <= int(grade) <= said[0].grades[1]:
            at = one.block.at(one.block.header, held.index)
            facts = {"level": said[0].code, "first": said[0].grades[0], "last": said[0].grades[1]}
            one.taken.problems.warning("import-levels", at, found=label, **facts)
            return


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
    totals = set(one.totals)
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
        if (grid.path, grid.sheet) in read:
            continue
        figures = sum(
            isinstance(cell, float) or is_plain(cell) for row in grid.rows for cell in row
        )
        if figures:
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


def warn_of_outside(taken: Taken) -> None:
    """Name the grades that are in no level, once for all files."""
    if taken.outside:
        at = next(iter(taken.outside.values()))
        taken.problems.warning("import-outside", at, found=", ".join(taken.outside))


def warn_of_sums(taken: Taken) -> None:
    """Warn of a place whose every count is the sum of all others: a total by another name."""
    groups: dict[tuple[Any, ...], dict[tuple[Any, ...], Row]] = {}
    for row in taken.rows:
        year, place, *rest = row.key
        groups.setdefault((row.block, row.table, year, *rest), {})[place, row.names] = row
    found: dict[tuple[Any, ...], Row | None] = {}
    for (block, *_), rows in groups.items():
        whole = math.fsum(row.value for row in rows.values())
        for label, row in rows.items():
            is_sum = len(rows) > _PARTS and row.value > 0 and row.value * 2 == whole
            if not is_sum:
                found[block, *label] = None
            elif (block, *label) not in found:
                found[block, *label] = row
    for (_, place, _), suspect in found.items():
        if suspect is not None:
            taken.problems.warning("import-total", suspect.at, found=place)
