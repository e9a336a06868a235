"""A file of tables to its grids, by what it holds and not by its name."""

from __future__ import annotations

from pathlib import Path

from capacity.base.errors import At, Problems
from capacity.inputs.tables.delimited import read_delimited
from capacity.inputs.tables.files import decode, read_bytes
from capacity.inputs.tables.grid import Grid
from capacity.inputs.tables.xlsx import OLD, PACKED, grids_of, is_filled, open_package


def read_grids(path: Path, problems: Problems) -> list[Grid]:
    """Read every sheet with content of a workbook, or a text file, behind all guards.

    Parameters
    ----------
    path : Path
        A file with cells between commas, semicolons, tabs or bars, or an .xlsx workbook, whatever
        its name ends with.
    problems : Problems
        Takes what is wrong with the file: its size, encoding and quotes; of a sheet its size,
        errors and formulas without a value. A sheet or file with cells that can be read is
        returned even so, unless these are more than are told.

    Returns
    -------
    list of Grid
        In the order of the workbook, hidden sheets among them.
    """
    file, data = str(path), read_bytes(path, problems)
    if data is None:
        return []
    if data.startswith(OLD):
        problems.error("workbook-type", At(file, 1, 1))
        return []
    if not data.startswith(PACKED):
        text = decode(data, file, problems)
        grid = None if text is None else read_delimited(file, text.text, problems)
        return [] if grid is None else [grid]
    package = open_package(data, file, problems)
    if package is None:
        return []
    wanted = {name: problems for name, xml in package.sheets.items() if is_filled(xml)}
    return list(grids_of(data, package, wanted).values())
