"""Workbooks and CSV files of an office to a map and, once it is complete, to tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from capacity.base.errors import At, Problem, Problems, nearest
from capacity.base.fields import Fixed, Texts
from capacity.base.shown import HtmlRepr, page_of
from capacity.base.words import language, ranges
from capacity.inputs.districts.declared import Entry, Level
from capacity.inputs.importing.assemble import COUNTS, regions_of, tables_of
from capacity.inputs.importing.blocks import Block, blocks_of
from capacity.inputs.importing.buildings import take_places, take_projects
from capacity.inputs.importing.columns import GRADE, Held, axis_of, columns_of
from capacity.inputs.importing.mapfile import (
    SKIP,
    ImportMap,
    Named,
    Reading,
    map_text,
    open_places,
    read_map,
)
from capacity.inputs.importing.propose import matches, near, propose
from capacity.inputs.importing.rows import (
    LEFT_OUT,
    YES,
    Logged,
    Source,
    Taken,
    Way,
    summed,
    take_counts,
    warn_classes,
    warn_swapped,
    warn_unnamed,
)
from capacity.inputs.importing.vocabulary import LevelWords, System, plain, system_of
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.grades import grade_of
from capacity.inputs.tables.grid import Grid
from capacity.inputs.tables.grids import read_grids
from capacity.inputs.tables.values import CellError, is_plain, show

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
    log : tuple of Logged
        Every cell or row that was changed, summed or left out.
    files : tuple of Path
        Those that were read.
    origins : mapping of str to tuple of At
        For each table the cell from which each of its rows comes, the first where several do.
    warnings : tuple of Problem
    """

    map: ImportMap
    open: Mapping[Way, tuple[str, ...]]
    tables: Mapping[str, pd.DataFrame]
    log: tuple[Logged, ...]
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

    def log_frame(self) -> pd.DataFrame:
        """Return the log: file, cell, what, why, table, before, after."""
        rows = [(*_where(one.at), *one[1:]) for one in self.log]
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
    problems.raise_errors()
    files = _files(sources, problems)
    grids = [grid for path in files for grid in read_grids(path, problems)]
    problems.raise_errors()
    system = _system(known) if known else _system_of(grids)
    axis = axis_of(system)
    blocks = [block for grid in grids for block in blocks_of(grid, axis)]
    if not blocks:
        problems.error("import-nothing", At(str(files[0]) if files else "."))
        problems.raise_errors()
    _warn_of_unread(grids, blocks, problems)
    held = [columns_of(block, axis) for block in blocks]
    known = known or _first_map(blocks, held, system, name)
    known, chosen, candidates = _readings(known, blocks, held)
    taken = Taken(problems=problems)
    labels = _labels(blocks)
    for number, (block, columns, reading) in enumerate(zip(blocks, held, chosen, strict=True)):
        if known.words.get("latest", {}).get(labels[number]) == SKIP:
            taken.log.append(Logged(block.at(block.header), LEFT_OUT, "older", reading.table, ""))
        elif reading.table == SKIP:
            taken.log.append(Logged(block.at(block.header), LEFT_OUT, "skip", "", labels[number]))
        elif not _is_open(reading):
            _take(Source(block, columns, reading, number, known, taken), system)
    counts = summed(taken, labels)
    known, more = _with_asked(known, taken, counts)
    open_ = {way: candidates.get(way, more.get(way, ())) for way in open_places(known)}
    problems.raise_errors()
    tables, origins = ({}, {}) if open_ else tables_of(known, counts, taken)
    problems.raise_errors()
    _warn_of_years(tables, origins, problems)
    _warn_of_gaps(tables, problems, taken)
    return Imported(
        map=known,
        open=Fixed(open_),
        tables=Fixed(tables),
        log=tuple(taken.log),
        files=tuple(files),
        origins=Fixed(origins),
        warnings=problems.warnings,
    )


def _warn_of_unread(grids: Sequence[Grid], blocks: Sequence[Block], problems: Problems) -> None:
    """Warn of sheets with figures in which no table was found."""
    read = {(block.grid.path, block.grid.sheet) for block in blocks}
    for grid in grids:
        figures = sum(isinstance(cell, float) or is_plain(cell) for row in grid.rows for cell in row)
        if (grid.path, grid.sheet) not in read and figures:
            problems.warning("import-unread", grid.place(0, 0), n=figures)


def _files(sources: Iterable[str | Path], problems: Problems) -> list[Path]:
    """Return the files that are named, and those in folders that are."""
    found: list[Path] = []
    for source in map_paths(sources):
        if source.is_dir():
            inside = sorted(p for p in source.iterdir() if p.suffix.lower() in ENDINGS)
            found += [p for p in inside if not p.name.startswith((".", "~"))]
        else:
            found.append(source)
    if not found:
        problems.error("import-nothing", At(", ".join(str(one) for one in sources) or "."))
        problems.raise_errors()
    return found


def map_paths(sources: Iterable[str | Path]) -> list[Path]:
    """Return sources as paths."""
    return [Path(source) for source in sources]


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
        show(cell) for grid in grids for row in grid.rows[:200] for cell in row if isinstance(cell, str)
    }
    return system_of(texts)


def _first_map(
    blocks: Sequence[Block], held: Sequence[Sequence[Held]], system: System, name: str
) -> ImportMap:
    """Return the map before anything is read: levels, entry and regions, as far as can be told."""
    spans = {level.code: level.grades for level in system.levels}
    grades = set(_grades(blocks, held, spans))
    levels = [
        level
        for level in system.levels
        if not grades or grades & set(range(level.grades[0], level.grades[1] + 1))
    ]
    stated = tuple(
        Level(
            code=level.code,
            title=Texts(**level.title),
            grades=_span(level.grades, grades, level is levels[-1]),
            class_size=float(level.class_size),
        )
        for level in levels
    )
    return ImportMap(
        district=Named(name=name or "district", levels=stated, entry=_entry(system)),
        regions=tuple(_region_names(blocks, held)),
    )


def _span(span: tuple[int, int], grades: set[int], is_last: bool) -> tuple[int, int]:
    """Return the grades of a level: those that there are, where a district ends within it."""
    inside = [grade for grade in range(span[0], span[1] + 1) if grade in grades]
    return (span[0], max(inside)) if is_last and inside else span


def _entry(system: System) -> Entry:
    return Entry.model_validate(dict(system.entry))


def _grades(
    blocks: Sequence[Block], held: Sequence[Sequence[Held]], spans: Mapping[str, tuple[int, int]]
) -> Iterable[int]:
    """Give the grades that headers and columns name."""
    for block, columns in zip(blocks, held, strict=True):
        for one in columns:
            if GRADE in one.named:
                yield int(one.named[GRADE][1])
            elif one.role == "grade":
                for text in {show(block.cell(row, one.index)) for row in block.rows}:
                    try:
                        grade = grade_of(text, spans)
                    except CellError:
                        continue
                    if grade is not None:
                        yield grade


def _region_names(blocks: Sequence[Block], held: Sequence[Sequence[Held]]) -> list[str]:
    """Return the names in columns of regions: those of pupils, else those of anything."""
    by_block: list[tuple[bool, list[str]]] = []
    for block, columns in zip(blocks, held, strict=True):
        index = next((one.index for one in columns if one.role == "region"), None)
        if index is None:
            continue
        of_pupils = any(GRADE in one.named or one.role == "grade" for one in columns)
        reader = Source(block, columns, Reading.model_validate({"from": ""}), 0, _NONE, Taken())
        reader.roles = {one.index: one.role for one in columns}
        totals = set(reader.totals())
        cells = [show(block.cell(row, index)) for row in block.rows if row not in totals]
        by_block.append((of_pupils, [" ".join(c.split()) for c in cells if c.strip()]))
    best = [names for of_pupils, names in by_block if of_pupils] or [n for _, n in by_block]
    return _but_misspelt(Counter(name for names in best for name in names))


def _but_misspelt(names: Counter[str]) -> list[str]:
    """Return names without those that are near a much more frequent one: these are asked about."""
    return [
        name
        for name, count in names.items()
        if not any(names[other] >= 2 * count for other in nearest(name, set(names) - {name}))
    ]


def _warn_of_gaps(tables: Mapping[str, pd.DataFrame], problems: Problems, taken: Taken) -> None:
    """Warn of places that lack a year which others have: a name or a label may be wrong."""
    for table, frame in tables.items():
        if table not in COUNTS or table == "housing":  # no homes are no row in a list of sites
            continue
        years = set(frame["year"])
        lacking = {
            place: sorted(years - set(own["year"])) for place, own in frame.groupby("region", sort=False)
        }
        some = {place: missing for place, missing in lacking.items() if missing}
        if some:
            place, missing = next(iter(some.items()))
            at = next(row.at for row in taken.rows if row.table == table)
            facts = {"table": TABLES[table].term, "years": ", ".join(ranges(missing)), "n": len(some)}
            problems.warning("import-gaps", At(at.file), found=place, **facts)


def _warn_of_years(tables: Mapping[str, pd.DataFrame], origins: Any, problems: Problems) -> None:
    """Warn of a year that is lacking between others: a label may be wrong."""
    for table, frame in tables.items():
        years = sorted(set(frame["year"])) if table in COUNTS and len(frame) else []
        for before, year in pairwise(years):
            if year != before + 1:
                row = int((frame["year"] == year).to_numpy().argmax())
                facts = {"table": TABLES[table].term, "before": before}
                problems.warning("import-years", origins[table][row], found=year, **facts)


_NONE = ImportMap(district=Named(name="district", levels=()))


def _readings(
    known: ImportMap, blocks: Sequence[Block], held: Sequence[Sequence[Held]]
) -> tuple[ImportMap, list[Reading], dict[Way, tuple[str, ...]]]:
    """Return the map with a reading for every block, that of each, and candidates of empty places."""
    tables = list(known.tables)
    chosen: list[int] = []
    candidates: dict[Way, tuple[str, ...]] = {}
    for block, columns in zip(blocks, held, strict=True):
        number = next((n for n, r in enumerate(tables) if matches(r, block, columns)), None)
        if number is None:
            proposal = propose(block, columns, known.regions)
            reading = proposal.reading
            before = next((n for n, r in enumerate(tables) if near(r, block, columns)), None)
            if before is not None:
                reading = _extended(tables[before], reading)
                tables[before] = number_reading = reading
                number = before
            elif reading in tables:
                number = tables.index(reading)
            else:
                tables.append(reading)
                number = len(tables) - 1
            for way, said in proposal.candidates.items():
                candidates["tables", str(number), *way] = said
        else:
            proposal = propose(block, columns, known.regions)
            for way, said in proposal.candidates.items():
                candidates.setdefault(("tables", str(number), *way), said)
        chosen.append(number)
    found = known.model_copy(update={"tables": tuple(tables)})
    return found, [tables[number] for number in chosen], candidates


def _extended(known: Reading, new: Reading) -> Reading:
    """Return a reading with what is new in a table: columns that it did not have before."""
    columns = {plain(header) for header in known.columns}
    more = {k: v for k, v in new.columns.items() if plain(k) not in columns}
    counts = {plain(header) for header in known.counts}
    wide = {k: v for k, v in new.counts.items() if plain(k) not in counts}
    return known.model_copy(
        update={"columns": {**known.columns, **more}, "counts": {**known.counts, **wide}}
    )


def _is_open(reading: Reading) -> bool:
    stated = (reading.table, reading.year, reading.region)
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
    warn_unnamed(source)
    warn_classes(source)
    warn_swapped(source)
    if table in COUNTS:
        take_counts(source)
    elif table == "places":
        take_places(source, system)
    elif table == "pipeline":
        take_projects(source, system)
    else:
        source.ask(("tables", str(source.found.tables.index(source.reading)), "table"), COUNTS)


def _with_asked(
    known: ImportMap, taken: Taken, counts: Mapping[str, Mapping[tuple[Any, ...], float]]
) -> tuple[ImportMap, dict[Way, tuple[str, ...]]]:
    """Return the map with an empty place for all that was asked, and the candidates of each."""
    candidates = dict(taken.asked)
    names = [key[1] for table in counts.values() for key in table]
    names += [record["region"] for _, record, _ in taken.records]
    units = dict(known.units)
    regions = {plain(region): region for region in regions_of(known)}
    for name in dict.fromkeys(names):
        if plain(name) in regions or name in known.regions:
            continue
        units.setdefault(name, "")
        if not units[name]:
            likely = nearest(name, list(regions.values()))
            others = tuple(region for region in regions.values() if region not in likely)
            candidates["units", name] = (*likely, *others, SKIP) if regions else ()
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
