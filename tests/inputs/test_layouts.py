"""However an office lays out its tables, the same frames are read; what is broken is told."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest

from capacity.base import Problems
from capacity.inputs.districts import District, load_district
from capacity.inputs.tables import TABLES
from tests.inputs.layouts import COUNTS, Layout
from tests.random_districts import random_case, write_district


def loaded(folder: Path) -> tuple[District | None, Problems]:
    problems = Problems()
    return load_district(folder, problems), problems


def frame(district: District, table: str) -> pd.DataFrame:
    """Give a table by its key; where its rows stand is another matter."""
    read = district.table(table).drop(columns=["line", "file"])
    return read.sort_values(list(TABLES[table].key), kind="stable").reset_index(drop=True)


@pytest.mark.parametrize("seed", range(40))
def test_any_layout_reads_to_the_frames_of_the_plain_tables(seed: int, tmp_path: Path) -> None:
    case, rng = random_case(seed), random.Random(seed)
    write_district(tmp_path / "plain", case.district, case.tables)
    plain, said = loaded(tmp_path / "plain")
    assert plain is not None, [problem.text() for problem in said.errors]
    present = [name for name in COUNTS if case.tables.get(name)]
    chosen = rng.choice(present)
    folder = tmp_path / "office"
    write_district(folder, case.district, {**case.tables, chosen: []})
    layout = Layout(rng, chosen, case.tables[chosen]).made()
    layout.write(folder)
    read, problems = loaded(folder)
    assert read is not None, [problem.text() for problem in problems.errors]
    for name in TABLES:
        pd.testing.assert_frame_equal(frame(read, name), frame(plain, name))
