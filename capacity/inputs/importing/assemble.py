"""What was taken from all blocks to the tables of a district folder, and its district.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from capacity.base.errors import At, Problems, nearest
from capacity.inputs.importing.mapfile import (
    FILE,
    FROM,
    SKIP,
    ImportMap,
    scalar,
    stated_entry,
    titled_level,
)
from capacity.inputs.importing.taken import LEFT_OUT, Logged, Taken
from capacity.inputs.importing.vocabulary import plain
from capacity.inputs.tables.columns import PLACES, TABLES

#: Key of each table of counts, and what it counts.
COUNTS = {
    "enrolment": (("year", "region", "grade"), "pupils"),
    "births": (("year", "region"), "births"),
    "children": (("year", "region", "age"), "children"),
    "housing": (("year", "region"), "homes"),
}
Counts = Mapping[str, Mapping[tuple[Any, ...], float]]


def regions_of(known: ImportMap) -> tuple[str, ...]:
    """Return the regions: those that are listed, and where none is those of the units."""
    if known.regions:
        return known.regions
    stated = [r.region for r in known.tables if r.table != SKIP and r.region not in ("", *FROM)]
    units = [r for r in known.units.values() if r and r != SKIP]
    return tuple(dict.fromkeys([*stated, *units]))


def tables_of(
    known: ImportMap, counts: Counts, taken: Taken
) -> tuple[dict[str, pd.DataFrame], dict[str, tuple[At, ...]]]:
    """Return the tables of the district, rows in the order of their keys, and whence each comes.

    What a unit that is left out has goes on record; a unit's own rows stay, with its region in
    ``units.csv``, so that another boundary is another line there.
    """
    regions = regions_of(known)
    codes: dict[str, Any] = {plain(region): region for region in regions}
    order = {name: number for number, name in enumerate((*regions, *known.units))}
    cells = {(row.table, row.key): row.at for row in reversed(taken.rows)}
    _check_units(known, regions, taken.problems)
    _log_skipped(known, taken)
    found: dict[str, pd.DataFrame] = {}
    origins: dict[str, tuple[At, ...]] = {}
    for table, values in counts.items():
        keys, count = COUNTS[table]
        rows = []
        for key, value in values.items():
            place, at = str(codes.get(plain(key[1]), key[1])), cells[table, key]
            if known.units.get(place) != SKIP:
                rows.append((key[0], place, *key[2:], value, Path(at.file).name, at))
        rows.sort(key=lambda row: (row[0], order.get(row[1], 0), *row[2:-3]))
        if rows:
            found[table] = pd.DataFrame([r[:-1] for r in rows], columns=[*keys, count, "source"])
            origins[table] = tuple(row[-1] for row in rows)
    for table in ("places", "pipeline"):
        records = []
        for name, record, at in taken.records:
            place = codes.get(plain(record["region"]), record["region"])
            if name == table and known.units.get(str(place)) != SKIP:
                records.append(({**record, "region": place, "source": Path(at.file).name}, at))
        if records:
            found[table] = _ordered(table, pd.DataFrame([record for record, _ in records]))
            origins[table] = tuple(at for _, at in records)
    used = {place for frame in found.values() for place in frame["region"]}
    if units := [(unit, region) for unit, region in known.units.items() if unit in used]:
        found["units"] = pd.DataFrame(units, columns=["unit", "region"])
    return found, origins


def _ordered(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table's columns in the order of its specification, empty ones left out."""
    names: list[str] = []
    for column in TABLES[table].columns:
        names.append(column.name)
        if table == "pipeline" and column.name == "opens":
            names += [name for name in frame.columns if str(name).startswith(PLACES)]
    required = TABLES[table].required
    frame = frame.reindex(columns=[*frame.columns, *(n for n in required if n not in frame)])
    return frame[[n for n in names if n in frame and (n in required or frame[n].notna().any())]]


def _check_units(known: ImportMap, regions: Sequence[str], problems: Problems) -> None:
    """Refuse a region of a unit that is none of the district's."""
    for unit, region in known.units.items():
        if region not in ("", SKIP, *regions):
            problems.error(
                "unknown-region",
                At(FILE, cell=f"units.{unit}"),
                found=region,
                column=unit,
                known=", ".join(regions),
                nearest=nearest(region, regions),
            )


def _log_skipped(known: ImportMap, taken: Taken) -> None:
    for row in taken.rows:
        if known.units.get(row.key[1]) == SKIP:
            taken.changes.append(Logged(row.at, LEFT_OUT, "skip", row.table, f"{row.value:.15g}"))


def district_text(known: ImportMap) -> str:
    """Return the text of ``district.yaml``."""
    district = known.district
    lines = [f"name: {scalar(district.name)}", "regions:"]
    lines += [f"  - {{code: {scalar(region)}}}" for region in regions_of(known)]
    lines += ["levels:", *(f"  - {{{titled_level(level)}}}" for level in district.levels)]
    if district.entry is not None:
        lines.append(f"entry: {stated_entry(district.entry)}")
    return "\n".join(lines) + "\n"
