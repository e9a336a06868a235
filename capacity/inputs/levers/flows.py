"""What levers on flows must keep to: rows that are there, and shares that still sum to 1."""

from __future__ import annotations

import math
from collections.abc import Sequence

from capacity.base.errors import Problems
from capacity.base.settings import Horizon
from capacity.inputs.levers.cells import Cells
from capacity.inputs.levers.lever import Lever
from capacity.inputs.tables.rules import SHARES_OFF
from capacity.model.levers import formed

#: A source of leavers: level, region, group.
Source = tuple[str, str, str]


def check_rows(lever: Lever, cells: Cells, problems: Problems) -> None:
    """Refuse a lever that chooses no row: what is not in the table it cannot change."""
    if cells.district.has("flows") and not cells.rows_of_flows(lever):
        problems.error("lever-empty", lever.at("where"))


def check_sums(levers: Sequence[Lever], cells: Cells, horizon: Horizon, problems: Problems) -> None:
    """Ask that after all levers of a year the shares of a source sum to 1.

    So leavers are moved, not made: what one lever gives to a row another takes from its like. Of
    each source the first year is told, at the last lever on it.
    """
    if not levers or not cells.district.is_valid("flows"):
        return
    frame = cells.district.table("flows")
    stated = frame["share"].tolist()
    sources: list[Source] = list(
        zip(frame["level"], frame["from"], frame["from_group"], strict=True)
    )
    rows = {id(lever): cells.rows_of_flows(lever) for lever in levers}
    told: set[Source] = set()
    for year in range(horizon.base_year + 1, horizon.last_year + 1):
        shares, last = list(stated), dict[Source, Lever]()
        for lever in levers:
            if lever.acts_in(year) and lever.form is not None and lever.value is not None:
                for row in rows[id(lever)]:
                    shares[row] = float(formed(shares[row], lever.form, lever.value))
                    last[sources[row]] = lever
        for source, lever in last.items():
            parts = [s for s, of in zip(shares, sources, strict=True) if of == source]
            if abs(math.fsum(parts) - 1.0) > SHARES_OFF and source not in told:
                told.add(source)
                level, region, group = source
                origin = f"{region}/{group}" if group else region
                facts = {"level": level, "origin": origin, "year": year, "total": math.fsum(parts)}
                problems.error("lever-shares-sum", lever.at(lever.form or "kind"), **facts)
