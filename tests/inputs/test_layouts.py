"""However an office lays out its tables, the same frames are read; what is broken is told."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity.base import Problems
from capacity.inputs.districts import District, load_district
from capacity.inputs.tables import TABLES, read_tables
from tests.inputs.layouts import COUNTS, Layout
from tests.random_districts import random_case, write_district
from tests.seeds import seeds


def loaded(folder: Path) -> tuple[District | None, Problems]:
    problems = Problems()
    return load_district(folder, problems), problems


def frame(district: District, table: str) -> pd.DataFrame:
    """Give a table by its key; where its rows stand is another matter."""
    read = district.table(table).drop(columns=["line", "file"])
    return read.sort_values(list(TABLES[table].key), kind="stable").reset_index(drop=True)


@pytest.mark.parametrize("seed", seeds(range(4), range(40)))
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


_WORDS = (
    "年",
    "year",
    "学年",
    "2024",
    "2023学年",
    "区域",
    "region",
    "north",
    "一年级",
    "1",
    "2",
    "",
)
_WORDS += (
    "合计",
    "男",
    "女",
    "人数",
    "pupils",
    "grade",
    "120",
    "x",
    "—",
    "注：",
    "单位：千人",
    "1,5",
    "",
)


@settings(
    deadline=None,
    max_examples=2 * settings().max_examples,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(["enrolment", "births", "places", "pipeline", "enrolment 2024"]),
    st.lists(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=7), min_size=1, max_size=9),
    st.sampled_from(",;"),
)
def test_any_words_in_any_order_give_problems_and_never_a_traceback(
    tmp_path: Path, name: str, lines: list[list[str]], mark: str
) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows(lines)
    (tmp_path / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    problems = Problems()
    levels = (("primary", (1, 6)),)
    read = read_tables(tmp_path, regions=("north",), levels=levels, problems=problems)
    table = name.partition(" ")[0]
    assert problems.errors or len(read.frames[table])
    for problem in problems:
        assert problem.text("en") and problem.text("zh")
