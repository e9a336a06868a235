"""School years as a district calls them: by both calendar years in English where it asks."""

from __future__ import annotations

import dataclasses

import pytest

from capacity.render import short_answer
from capacity.render.charts import KINDS
from capacity.results import years_of
from tests.render.frames import make_frames, make_labels

LABELS = dataclasses.replace(make_labels(), both_years=True)
FRAMES = make_frames(LABELS)


@pytest.mark.parametrize("name", KINDS)
def test_titles_of_charts_name_school_years(name: str) -> None:
    kind, year = KINDS[name], {}
    if kind.yearly:
        year = {"year": kind.usual_year(LABELS, years_of(FRAMES["results"]))}
    title = kind.draw(FRAMES, LABELS, **year).get_title(loc="left")
    assert any(f"{y}/{y + 1 - 2000}" in title for y in range(2021, 2037)), title
    chinese = kind.draw(FRAMES, LABELS, lang="zh", **year).get_title(loc="left")
    assert "/2" not in chinese


def test_the_answer_names_school_years() -> None:
    assert "In 2025/26" in short_answer(FRAMES["results"], LABELS, "en")
    assert "/2" not in short_answer(FRAMES["results"], LABELS, "zh")
    assert LABELS.year_name(2099, "en") == "2099/00"
