"""Workbooks and CSV files of an office to a map and, once it is complete, to tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from capacity.base.errors import MOST_COMPARED, At, Problem, Problems, nearest, phrase
from capacity.base.fields import Fixed
from capacity.base.shown import HtmlRepr, page_of
from capacity.base.words import language, ranges
from capacity.inputs.importing.assemble import COUNTS, regions_of, tables_of
from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.bounds import blocks_within, grids_within, refuse_names
from capacity.inputs.importing.buildings import take_places, take_projects
from capacity.inputs.importing.columns import Held, across_of, axis_of, columns_of
from capacity.inputs.importing.counts import take_counts
from capacity.inputs.importing.doubts import (
    log_columns,
    warn_of_block,
    warn_of_gaps,
    warn_of_outside,
    warn_of_sums,
    warn_of_unread,
    warn_of_years,
)
from capacity.inputs.importing.mapfile import (
    FILE,
    SKIP,
    ImportMap,
    Reading,
    map_text,
    open_places,
    read_map,
)
from capacity.inputs.importing.propose import first_map
from capacity.inputs.importing.readings import check_map, readings_of
from capacity.inputs.importing.rows import pairs_of, region_names
from capacity.inputs.importing.source import Source
from capacity.inputs.importing.taken import LEFT_OUT, EnoughError, Logged, Taken, Way, summed
from capacity.inputs.importing.vocabulary import LevelWords, System, plain, system_of
from capacity.inputs.tables.sheets import Grid
from capacity.inputs.tables.values import show

#: Endings of files that are read; of a folder all of these.
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".et")


@dataclass(frozen=True, repr=False)
class Imported(HtmlRepr, page="capacity.studies.importing.page"):
    """What was understood of an office's files.

    Attributes
    ----------
    map : ImportMap
        What each table is and how it is read; empty where only the office can know.
    open : mapping of way to (sequence of str)
        The empty places of the map, with what may be written there.
    tables : mapping of str to DataFrame
        The district's tables; none while places are open.
    changes : tuple of Logged
        Every cell or row that was changed, summed or left out.
    files : tuple of Path
        Those that were read.
    origins : mapping of str to tuple of At
        For each table the cell from which each of its rows comes, the first where several do.
    warnings : tuple of Problem

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> found = capacity.import_tables(["demo/enrolment.csv", "demo/births.csv"], name="demo")
    >>> found
    <Imported demo: files=2, tables=2>
    >>> [reading.table for reading in found.map.tables]
    ['enrolment', 'births']
    """

    map: ImportMap
    open: Mapping[Way, tuple[str, ...]]
    tables: Mapping[str, pd.DataFrame]
    changes: tuple[Logged, ...]
    files: tuple[Path, ...]
    origins: Mapping[str, tuple[At, ...]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to the office."""
        return not self.open

    def __repr__(self) -> str:
        state = f"open={len(self.open)}" if self.open else f"tables={len(self.tables)}"
        return f"<Imported {self.map.district.name}: files={len(self.files)}, {state}>"

    def map_text(self, lang: str = "en") -> str:
        """Return the text of ``import.yaml``, with comments in a language."""
        return map_text(self.map, self.open, lang)

    def summary(self, lang: str | None = None) -> str:
        """Return what was found, and what is asked or was done, as text."""
        text: str = page_of(self).summary(self, lang or language())
        return text

    def changes_frame(self) -> pd.DataFrame:
        """Return what was changed: file, cell, what, why, table, before, after."""
        rows = [(*_where(one.at), *one[1:]) for one in self.changes]
        columns = ["file", "cell", "what", "why", "table", "before", "after"]
        return pd.DataFrame(rows, columns=columns)


def _where(at: At) -> tuple[str, str]:
    """Return the name of a file, and of a cell in it: its address, or line:column."""
    name = Path(at.file).name
    return name, at.cell if at.cell is not None else f"{at.line}:{at.column}"


def understood(
    sources: Iterable[str | Path],
    map: str | Path | ImportMap | None = None,
    *,
    name: str = "",
) -> Imported:
    """Return what can be told of an office's files, and what the map says of them.

    `capacity.import_tables` has the parameters; here the tables are not yet checked together.
    """
    problems = Problems()
    known = read_map(Path(map), problems) if isinstance(map, str | Path) else map
    if known is not None:
        check_map(known, problems)
    problems.raise_errors()
    files = _files(sources, problems)
    grids = grids_within(files, problems)
    system = _system(known) if known else _system_of(grids)
    axis = axis_of(system)
    blocks = blocks_within(grids, axis, problems)
    if not blocks:
        problems.error("import-nothing", At(str(files[0]) if files else "."))
        problems.raise_errors()
    warn_of_unread(grids, blocks, problems)
    held: list[Sequence[Held]] = [columns_of(block, axis) for block in blocks]
    named = region_names(blocks, held, problems) if known is None else []
    across = across_of(known, blocks, held, axis, named)
    if known is None:
        known = first_map(blocks, held, across, system, name, named)
        _warn_of_levels(known, problems)
    system = _system(known)  # of the levels that the district has
    known, chosen, held, candidates = readings_of(known, blocks, held, across)
    taken = Taken(problems=problems)
    labels = _labels(blocks)
    for number, (block, columns, reading) in enumerate(zip(blocks, held, chosen, strict=True)):
        if known.words.get("latest", {}).get(labels[number]) == SKIP:
            taken.changes.append(
                Logged(block.at(block.header), LEFT_OUT, "older", reading.table, "")
            )
        elif reading.table == SKIP:
            taken.changes.append(
                Logged(block.at(block.header), LEFT_OUT, "skip", "", labels[number])
            )
        elif not _is_open(reading):
            with suppress(EnoughError):
                _take(Source(block, columns, reading, number, known, taken), system)
    counts = summed(taken, labels, known.words.get("latest", {}))
    pairs = pairs_of(zip(blocks, held, chosen, strict=True))
    known, more = _with_asked(known, taken, counts, pairs, str(files[0]))
    open_ = {way: candidates.get(way, more.get(way, ())) for way in open_places(known)}
    problems.raise_errors()
    tables, origins = ({}, {}) if open_ else tables_of(known, counts, taken)
    problems.raise_errors()
    warn_of_outside(taken)
    warn_of_sums(taken)
    warn_of_years(tables, origins, problems)
    warn_of_gaps(tables, problems, taken)
    return Imported(
        map=known,
        open=Fixed(open_),
        tables=Fixed(tables),
        changes=tuple(taken.changes),
        files=tuple(files),
        origins=Fixed(origins),
        warnings=problems.warnings,
    )


def _files(sources: Iterable[str | Path], problems: Problems) -> list[Path]:
    """Return the files that are named, and those in folders that are."""
    found: list[Path] = []
    for source in [Path(source) for source in sources]:
        if source.is_dir():
            inside = sorted(p for p in source.iterdir() if p.suffix.lower() in ENDINGS)
            found += [p for p in inside if not p.name.startswith((".", "~"))]
        else:
            found.append(source)
    if not found:
        problems.error("import-nothing", At(", ".join(str(one) for one in sources) or "."))
        problems.raise_errors()
    return found


def _system(known: ImportMap) -> System:
    """Return the school system that a map states."""
    levels = tuple(
        LevelWords(level.code, level.title.model_dump(), level.grades, level.class_size)
        for level in known.district.levels
    )
    return System("", levels, {}, frozenset())


def _system_of(grids: Sequence[Grid]) -> System:
    """Return the school system of whose words most stand in the sheets."""
    texts = {
        show(cell)
        for grid in grids
        for row in grid.rows[:200]
        for cell in row
        if isinstance(cell, str)
    }
    return system_of(texts)


def _warn_of_levels(known: ImportMap, problems: Problems) -> None:
    """Say which levels, class sizes and age of entry are taken, as usual, for what no file says."""
    levels = tuple(
        phrase("importing.level", code=one.code, grades=spans[0], size=one.class_size)
        for one in known.district.levels
        for spans in (ranges(range(one.grades[0], one.grades[1] + 1)),)
    )
    age = known.district.entry.age if known.district.entry else 0
    problems.warning("import-usual", At(FILE), levels=levels, age=age)


def _is_open(reading: Reading) -> bool:
    stated = (reading.table, reading.year, reading.region, reading.spring, reading.unit)
    return not all((*stated, *reading.columns.values(), *reading.counts.values()))


def _labels(blocks: Sequence[Block]) -> dict[int, str]:
    """Return what each block is called: its file or sheet, and its cell where that has several."""
    where = [block.where for block in blocks]
    return {
        number: name if where.count(name) == 1 else f"{name} {_where(block.at(block.header))[1]}"
        for number, (name, block) in enumerate(zip(where, blocks, strict=True))
    }


def _take(source: Source, system: System) -> None:
    table = source.table
    warn_of_block(source)
    log_columns(source)
    if table in COUNTS:
        take_counts(source)
    elif table == "places":
        take_places(source, system)
    elif table == "pipeline":
        take_projects(source, system)
    elif table != "units":
        source.ask(
            ("tables", str(source.found.tables.index(source.reading)), "table"), tuple(COUNTS)
        )


def _with_asked(
    known: ImportMap,
    taken: Taken,
    counts: Mapping[str, Mapping[tuple[Any, ...], float]],
    pairs: Mapping[str, tuple[str, ...]],
    file: str,
) -> tuple[ImportMap, dict[Way, tuple[str, ...]]]:
    """Return the map with an empty place for all that was asked, and the candidates of each.

    A unit whose region stands in the files is not asked: ``pairs`` has what they say.
    """
    candidates = dict(taken.asked)
    names = [key[1] for table in counts.values() for key in table]
    names += [record["region"] for _, record, _ in taken.records]
    refuse_names([*taken.asked, *dict.fromkeys(names)], file, taken.problems)
    units = dict(known.units)
    regions = {plain(region): region for region in regions_of(known)}
    every = (*regions.values(), SKIP) if regions else ()
    compared = MOST_COMPARED // max(len(regions), 1)
    for name in dict.fromkeys(names):
        if plain(name) in regions or name in known.regions:
            continue
        said = pairs.get(name, ())
        units.setdefault(name, said[0] if len(said) == 1 else "")
        if not units[name]:
            compared -= 1
            likely = said or (nearest(name, regions.values()) if compared >= 0 else ())
            others = (one for one in every if one not in likely) if compared >= 0 else every
            candidates["units", name] = (*likely, *others) if likely and regions else every
    words = {column: dict(said) for column, said in known.words.items()}
    tables = list(known.tables)
    for way in taken.asked:
        if way[0] == "words":
            words.setdefault(way[1], {}).setdefault(way[2], "")
        elif way[0] == "tables":
            number = int(way[1])
            tables[number] = tables[number].model_copy(update={way[2]: ""})
    update = {"units": units, "words": words, "tables": tuple(tables)}
    return known.model_copy(update=update), candidates
