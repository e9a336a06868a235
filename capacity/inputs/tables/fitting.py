"""Which table the header of a grid fits."""

from __future__ import annotations

from collections.abc import Mapping

from capacity.inputs.tables.axes import Axes, UnclearAxisError, is_wide, roles_of
from capacity.inputs.tables.columns import Table
from capacity.inputs.tables.grid import Grid
from capacity.inputs.tables.headers import match_header
from capacity.inputs.tables.headrows import HEADER_ROWS, HeaderSearch
from capacity.inputs.tables.names import Names
from capacity.inputs.tables.values import is_empty


def table_of_grid(grid: Grid, tables: Mapping[str, Table], names: Names) -> str | None:
    """Return the table most columns of which the header of a grid names, and all that it needs.

    The year may be that of the name of its file. None where no table fits, or several do.
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
