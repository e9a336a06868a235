"""What draws say in words: numbers of the frames, every cell under one statement."""

from __future__ import annotations

import pytest

from capacity.base import amount, number
from capacity.render import as_text, how_sure, ranges, statements
from capacity.results import column, has_draws
from tests.render.frames import make_chance, make_frame, make_labels, with_draws

LABELS = make_labels()
RESULTS = with_draws(make_frame(LABELS))
CHANCE = make_chance(make_frame(LABELS))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_headline_gives_the_range_of_the_answers_year(lang):
    said = how_sure(RESULTS, CHANCE, LABELS, lang, draws=1000)
    for end in ("p10", "p50", "p90"):
        value = column(RESULTS, f"shortage_{end}")[2025, "all", "all"]
        assert amount(value, lang) in said
    assert {"en": "60 %", "zh": "60%"}[lang] in said and "1,000" in said
    assert {"en": "mainly assumed", "zh": "结论主要取决于假定"}[lang] in said


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_cell_stands_under_one_statement(lang):
    lines = as_text([statements(CHANCE, LABELS, 2025, lang)]).splitlines()[1:4]
    named = [
        cell
        for line in lines
        for cell in line.split({"en": ": ", "zh": "："}[lang], 1)[1].split(
            {"en": ", ", "zh": "、"}[lang]
        )
    ]
    assert len(set(named) - {"none", "（无）"}) == len(LABELS.counted)


def test_the_table_has_a_row_per_year_and_a_range_per_level():
    title, heads, *rows = as_text([[ranges(RESULTS, CHANCE, LABELS)]]).splitlines()
    assert "8 of 10 draws" in title
    assert heads.split() == ["year", "primary", "middle", "high", "all", "assumed"]
    assert len(rows) == RESULTS["year"].nunique()
    low, high = (
        column(RESULTS, f"shortage_{end}")[2030, "all", "primary"] for end in ("p10", "p90")
    )
    row = next(row for row in rows if row.startswith("2030"))
    assert f"{number(low)}..{number(high)}" in row


def test_a_run_without_draws_has_none():
    assert not has_draws(make_frame(LABELS))
