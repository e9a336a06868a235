"""Which table the header of a grid, or of a sheet of another name, fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from capacity.base.errors import Problems
from capacity.inputs.tables.axes import Axes, UnclearAxisError, is_wide, roles_of
from capacity.inputs.tables.columns import Table
from capacity.inputs.tables.grid import Grid
from capacity.inputs.tables.headers import match_header
from capacity.inputs.tables.headrows import HEADER_ROWS, HeaderSearch
from capacity.inputs.tables.names import Names
from capacity.inputs.tables.stacks import named_year
from capacity.inputs.tables.values import is_empty
from capacity.inputs.tables.xlsx import Package, grids_of

#: Sheets of other names whose header is looked at, and the bytes that each may have for that.
_LOOKED_AT, _MOST = 20, 2**21


def tables_of_sheets(
    sheets: Sequence[str],
    data: bytes,
    package: Package,
    tables: Mapping[str, Table],
    names: Names,
) -> dict[str, str]:
    """Return the table that the header of each sheet of a workbook fits, where one does."""
    small = [name for name in sheets if len(package.sheets[name]) <= _MOST][:_LOOKED_AT]
    grids = grids_of(data, package, dict.fromkeys(small, Problems())) if small else {}
    found = {
        name: table_of_grid(grid, tables, names, dated=named_year(name) is not None)
        for name, grid in grids.items()
    }
    return {name: table for name, table in found.items() if table}


def table_of_grid(
    grid: Grid, tables: Mapping[str, Table], names: Names, *, dated: bool = False
) -> str | None:
    """Return the table most columns of which the header of a grid names, and all that it needs.

    None where no table fits, or several do. ``dated`` tells that the name of the grid gives a year,
    so that it is a table that needs one.
    """
    filled = [
        index
        for index, row in enumerate(grid.rows[: 5 * HEADER_ROWS])
        if not all(map(is_empty, row))
    ]
    if not filled:
        return None
    fits: dict[str, int] = {}
    for name, table in tables.items():
        if dated and "year" not in table.required:
            continue
        header = HeaderSearch(table, grid, names).find(filled)
        found = set(match_header(header.names, table))
        if not found:
            continue
        try:
            roles = roles_of(
                header.tops,
                header.bottoms,
                header.names,
                Axes.of(table, found, names, header.texts),
            )
        except UnclearAxisError:
            continue
        for role in roles if is_wide(roles) else ():
            found |= {*role.address, *([role.column.name] if role.column else [])}
        if set(table.required) - {"year"} <= found and found - {"year", "region"}:
            fits[name] = len(found & {column.name for column in table.columns})
    most = [name for name, count in fits.items() if count == max(fits.values())]
    return most[0] if len(most) == 1 else None
