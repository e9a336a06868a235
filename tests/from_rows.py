"""A scenario and its district from rows, by the product's own readers, with no file between."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import pandas as pd

from capacity.base import At, Chance, Demand, Fixed, Horizon, Problems, Supply, Texts
from capacity.inputs.districts import (
    District,
    leaves,
    read_parts,
    titles_of,
    with_counted_places,
)
from capacity.inputs.documents import Document, Mark
from capacity.inputs.scenarios import Scenario
from capacity.inputs.tables import (
    Names,
    Sheet,
    Stated,
    Table,
    empty_frame,
    read_frame,
    tables_for,
)
from tests.random_districts import Case, Row

HERE = Path()
absent = cache(empty_frame)


def scenario_of(case: Case) -> Scenario:
    """The scenario that a case's files would give."""
    stated = case.scenario
    scenario = Scenario(
        name="random",
        title=Texts(en="random", zh="random"),
        question=None,
        district=district_of(case.district, case.tables),
        horizon=Horizon(**stated["horizon"]),
        demand=Demand(**stated.get("demand", {})),
        supply=Supply(**as_yaml(stated.get("supply", {}))),
        chance=Chance(draws=0),
        levers=(),
        files=(),
        path=HERE,
        warnings=(),
    )
    return scenario.with_levers(*stated["levers"])


def district_of(stated: Row, tables: Mapping[str, list[Row]]) -> District:
    """The district that the files of these rows would give."""
    problems = Problems()
    document = Document(as_yaml(stated), Mark(At("")))
    declared, _ = read_parts(document, problems, sound=True)
    levels = tuple(sorted(declared.levels, key=lambda level: level.grades))
    grades = sorted(((level.code, level.grades) for level in levels), key=itemgetter(1))
    titles = titles_of(levels)
    sizes = Stated(class_sizes={level.code: level.class_size for level in levels})
    regions = {"region": titles_of(declared.regions)}
    names = Names(leaves(declared.regions), dict(grades), regions, sizes)
    frames = {
        name: frame_of(table, tables.get(name, []), names, problems)
        for name, table in tables_for(names.levels, titles).items()
    }
    frames["places"] = with_counted_places(frames["places"], levels, problems)
    assert not problems.errors, [problem.text() for problem in problems.errors]
    return District(
        folder=HERE,
        name=declared.name,
        title=declared.title,
        regions=declared.regions,
        levels=levels,
        entry=declared.entry,
        neighbours=declared.neighbours,
        bands=declared.bands,
        targets=declared.targets,
        grade_names=declared.grade_names,
        school_years=declared.school_years,
        headline=declared.headline,
        files=(),
        changes=(),
        warnings=problems.warnings,
        _frames=Fixed(frames),
    )


def frame_of(table: Table, rows: list[Row], names: Names, problems: Problems) -> pd.DataFrame:
    """A table of rows, read as the cells of a workbook would be."""
    if not rows:
        return absent(table)
    header = tuple(dict.fromkeys(column for row in rows for column in row))
    sheet = Sheet(
        table.name,
        table.name,
        header,
        [["" if (cell := row.get(name)) is None else cell for name in header] for row in rows],
        range(2, len(rows) + 2),
        lambda row, column: At(table.name, row + 2, column + 1),
        lambda column: At(table.name, 1, column + 1),
    )
    return read_frame(sheet, table, names, problems, []).frame


def as_yaml(value: Any) -> Any:
    """The same with tuples for lists, as YAML is read."""
    if isinstance(value, dict):
        return {key: as_yaml(item) for key, item in value.items()}
    return tuple(map(as_yaml, value)) if isinstance(value, list) else value
