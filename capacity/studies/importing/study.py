"""An office's files to a district that is checked before it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from capacity.base.errors import At, Problem, Problems
from capacity.inputs.districts.district import DISTRICT_FILE, read_district
from capacity.inputs.importing.assemble import district_text
from capacity.inputs.importing.imported import Imported, understood
from capacity.inputs.importing.mapfile import FILE, ImportMap
from capacity.results.folder import csv_of


def import_tables(
    sources: Iterable[str | Path],
    map: str | Path | ImportMap | None = None,
    *,
    name: str = "",
) -> Imported:
    """Read an office's workbooks and CSV files, as a map says or as far as can be told.

    Parameters
    ----------
    sources : iterable of str or Path
        Files, or folders of files.
    map : str, Path or ImportMap, optional
        An ``import.yaml`` that is there already: what it says is not asked again.
    name : str
        Of the district, where there is no map.

    Returns
    -------
    Imported
        With places left `open` where only the office can know, else with the tables of a district
        that reads without an error.

    Raises
    ------
    capacity.InputError
        With every problem of all files and of the map, at the cell of the office's own file.

    Examples
    --------
    >>> import capacity
    >>> found = capacity.import_tables(["2026/roll.xlsx", "2026/births.csv"])  # doctest: +SKIP
    >>> found.is_complete, list(found.open)  # doctest: +SKIP
    (False, [('units', 'Ash'), ('units', 'Brook')])
    """
    found = understood(sources, map, name=name)
    if not found.is_complete:
        return found
    problems = _checked(found)
    problems.raise_errors()
    return replace(found, warnings=(*found.warnings, *problems.warnings))


def _checked(found: Imported) -> Problems:
    """Return what reading the district will find, each at the cell that it comes from."""
    problems, told = Problems(), Problems()
    with TemporaryDirectory() as place:
        folder = Path(place)
        for table, frame in found.tables.items():
            (folder / f"{table}.csv").write_bytes(csv_of(frame))
        (folder / DISTRICT_FILE).write_text(district_text(found.map), encoding="utf-8")
        read_district(folder, problems)
    for problem in problems:
        told.extend([_placed(problem, found.origins, str(folder))])
    return told


def _placed(problem: Problem, origins: Mapping[str, tuple[At, ...]], folder: str) -> Problem:
    """Return a problem at the cell of the office's file, or at the map that made district.yaml."""
    path = Path(problem.at.file)
    cells = origins.get(path.stem, ())
    line = problem.at.line or 1
    if 0 <= line - 2 < len(cells):
        return replace(problem, at=cells[line - 2])
    if path.name == DISTRICT_FILE:
        return replace(problem, at=At(FILE))
    return replace(problem, at=At(str(path).replace(folder, ".")))
