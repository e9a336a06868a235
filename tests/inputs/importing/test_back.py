"""An import takes from a random layout what stood in it; what is unclear is never silent."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from capacity import InputError
from capacity.inputs.importing import ImportMap, understood
from capacity.studies.importing import import_tables
from tests.inputs.importing.broken import BREAKERS
from tests.inputs.importing.layouts import random_layout, sheets, write

#: Layouts tried in every run, and in the slow one.
FEW, MANY = range(40), range(40, 1000)


def answered(known: ImportMap) -> ImportMap:
    """The map of an office where empty cells mean the name above, and names in headers regions."""
    tables = [one if one.fill else one.model_copy(update={"fill": "yes"}) for one in known.tables]
    tables = [one if one.region else one.model_copy(update={"region": "header"}) for one in tables]
    units = {unit: region or unit for unit, region in known.units.items()}
    return known.model_copy(update={"tables": tuple(tables), "units": units})


def carries(seed: int, folder: Path) -> None:
    layout = random_layout(seed)
    files = write(folder / str(seed), sheets(layout, asks=True), layout.rng)
    found = understood(files)
    if found.open:
        assert {way[-1] for way in found.open} <= {"fill", "region", *layout.regions}, seed
        found = understood(files, answered(found.map))
        found = understood(files, answered(found.map)) if found.open else found
    assert not found.open, (seed, dict(found.open))
    frame = found.tables["enrolment"]
    taken = zip(frame["year"], frame["region"], frame["grade"], frame["pupils"], strict=True)
    assert {(year, region, grade): n for year, region, grade, n in taken} == layout.truth(), seed


def test_what_an_import_writes_is_the_workbook_cell_by_cell(tmp_path: Path) -> None:
    for seed in FEW:
        carries(seed, tmp_path)


@pytest.mark.slow
def test_many_layouts_are_carried_over_cell_by_cell(tmp_path: Path) -> None:
    for seed in MANY:
        carries(seed, tmp_path)


def speaks(seed: int, folder: Path) -> bool:
    """Whether one broken thing in a random layout is refused, asked or told of."""
    layout, rng = random_layout(seed), Random(seed)
    parts = sheets(layout)
    spoilt = BREAKERS[seed % len(BREAKERS)](layout, parts, rng)
    if not spoilt:
        return True
    try:
        found = import_tables(write(folder / str(seed), parts, layout.rng))
    except InputError:
        return True
    return bool(found.open or [one for one in found.warnings if one.code != "import-usual"])


def test_nothing_that_is_unclear_gives_a_figure_in_silence(tmp_path: Path) -> None:
    assert [seed for seed in range(66) if not speaks(seed, tmp_path)] == []


@pytest.mark.slow
def test_many_unclear_tables_are_never_silent(tmp_path: Path) -> None:
    assert [seed for seed in range(66, 1000) if not speaks(seed, tmp_path)] == []
