"""Characters that no font draws: one line a command, in the language asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capacity import api
from tests.cli.command import capacity
from tests.fonts import no_other_fonts
from tests.inputs.folder import DISTRICT, SCENARIO, write

SHORT = SCENARIO.replace("2026", "2022")


def some(result: api.Result, every: Callable[..., list[Any]] = api.charts_of_run) -> list[Any]:
    """Give few charts of a run, of regions in rows, in panels and alone."""
    return [chart for chart in every(result) if re.search("gap_2022|trend|fan|heatmap", chart.path)]


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "warning: no font of this machine draws 공, 주, ไ (in 공주 north, ไ): boxes stand"),
        ("zh", "提示：本机没有字体能显示 공、주、ไ（见于공주 north、ไ），图中以方框代替"),
    ],
    ids=["en", "zh"],
)
def test_one_line_a_command_names_them_whatever_it_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, line: str
) -> None:
    monkeypatch.setattr(api, "charts_of_run", some)
    district = DISTRICT.replace("{en: North, zh: 北部}", "공주 north").replace("南部", "ไ")
    path = write(tmp_path, district=district, scenario=SHORT)
    other = path.with_name("other.yaml")
    other.write_text(SHORT.replace("baseline", "other"), encoding="utf-8")
    how = ("-o", tmp_path / "runs", "--lang", lang, "--workers", 1, "--draws", 0)
    with no_other_fonts():
        said = capacity("run", path, other, *how)
        drawn = capacity("chart", tmp_path / "runs" / "other", "--lang", lang, "--kind", "heatmap")
    for ended in (said, drawn):
        assert ended.returncode == 0
        (told,) = [one for one in ended.stderr.splitlines() if "font" in one or "字体" in one]
        assert told.startswith(line)
        assert "Glyph" not in ended.stderr
