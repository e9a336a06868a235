"""Every CSV that a command writes begins with a byte order mark, by which Excel knows UTF-8."""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path

import pytest

from tests.cli.command import capacity
from tests.inputs.folder import enrolment, write
from tests.seeds import usually


@pytest.mark.parametrize("lang", usually(["en", "zh"], ["zh"]))
def test_every_table_begins_with_a_byte_order_mark(lang: str, tmp_path: Path) -> None:
    scenario = write(tmp_path / "in", enrolment=enrolment(range(2012, 2022)))
    district, out = scenario.parent / "demo", tmp_path / "out"
    before = set(district.rglob("*.csv"))
    asked = ("--no-charts", "--lang", lang)
    for command in (
        ("new", tmp_path / "new", "--lang", lang),
        ("run", scenario, "-o", out / "run", "--draws", 20, *asked),
        ("ratios", district, "-o", out / "ratios", "--write", *asked),
        ("backtest", district, "-o", out / "back", "--draws", 20, "--write", *asked),
        ("run", scenario, "-o", out / "again", "--draws", 0, *asked),
        ("compare", out / "run", out / "again", "-o", out / "both", *asked),
    ):
        done = capacity(*command)
        assert done.returncode == 0, done.stderr
    written = {path for path in tmp_path.rglob("*.csv") if "inputs" not in path.parts} - before
    own = {
        path for path in written if tmp_path / "in" not in path.parents or path.name == "ratios.csv"
    }
    assert len(own) > 20
    assert [path for path in own if not path.read_bytes().startswith(BOM_UTF8)] == []
