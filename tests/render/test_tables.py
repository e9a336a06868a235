"""Terminal text: aligned in any script, honest about signs, missing places, full schools."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from capacity.render import against, as_text, headline
from capacity.render.pages import by_year, classes, turn, turning
from capacity.results import LevelLabel, first_greatest
from tests.render.frames import make_entry, make_frame, make_labels, nested

LABELS = make_labels()
FRAME = make_frame(LABELS)


def entry_frame(labels, year=2022):
    columns = [
        "year",
        "region",
        "level",
        "entrants",
        "entry_places",
        "entry_gap",
        "classes_needed",
        "band",
    ]
    rows = []
    for level in labels.levels:
        for region in labels.leaves:
            gap = math.nan if level.pooled else 34.0
            band = "" if level.pooled else "红"
            rows.append((year, region.code, level.code, 1234.0, 1200.0, gap, 31, band))
        rows.append((year, "all", level.code, 6170.0, 7000.0, -830.0, 155, ""))
    return pd.DataFrame(rows, columns=columns)


def at(frame, year, region, level, name):
    rows = frame[(frame.year == year) & (frame.region == region) & (frame.level == level)]
    return rows[name].item()


def test_headline_answers_for_the_plans_year():
    text = headline(FRAME, LABELS)
    gap, shortage = (at(FRAME, 2025, "all", "all", name) for name in ("gap", "shortage"))
    assert text.startswith("Two-year construction delay, 2025 (the year of the plan's target): ")
    assert f"gap {gap:+,.0f} places (+ short, - idle)" in text
    assert f"shortage {shortage:,.0f} places" in text
    assert f"Central primary {at(FRAME, 2025, 'central', 'primary', 'shortage'):,.0f}" in text
    worst = FRAME[(FRAME.region == "all") & (FRAME.level == "all")].set_index("year").shortage
    assert f"greatest shortage {worst.max():,.0f} places in {worst.idxmax()}" in text
    assert "regional split assumed" in text
    assert text.endswith(".") and "\n" not in text


def test_headline_in_chinese():
    text = headline(FRAME, LABELS, "zh")
    assert text.startswith("工程延期两年，2025年（规划目标年）：学位缺口 +")
    assert "正 = 缺，负 = 富余" in text and "各区域数按假定比例拆分" in text and text.endswith("。")


def test_headline_takes_the_next_autumn_where_the_plan_is_outside():
    labels = make_labels(new_places_by=2019, gap_target=None, split_assumed=False)
    text = headline(FRAME, labels)
    assert ", 2022 (the next autumn): " in text and "60,000" not in text and "assumed" not in text
    assert "greatest shortage" in text


def test_headline_never_fills_a_missing_gap():
    frame = make_frame(LABELS, missing=[("west", "middle")], full=[("north", "primary")])
    text = headline(frame, LABELS)
    assert "gap not known (no places given for West middle)" in text
    assert "shortage of at least" in text and "greatest known shortage" in text
    assert "lower bound in 1 of 11 cells" in text


def test_headline_lists_the_greatest_of_many_cells():
    labels = make_labels(150)
    text = headline(make_frame(labels), labels)
    assert " more: " in text and len(text) < 600


def test_turning_names_peaks_and_years():
    text = as_text([turning(FRAME, LABELS)])
    demand = FRAME[FRAME.region == "all"].pivot(index="year", columns="level", values="demand")
    levels = ", ".join(
        f"{level} {demand[level].idxmax()}" for level in ("primary", "middle", "high")
    )
    assert text.splitlines()[0] == f"Peak demand: {levels}."
    central = next(line for line in text.splitlines() if line.startswith("Central"))
    gaps = FRAME[(FRAME.region == "central") & FRAME.level.isin(["primary", "middle"])]
    gaps = gaps.groupby("year").gap.sum()
    assert central.split()[1] == str(gaps[gaps > 0].index.max() + 1)
    assert central.split()[-1] == "-"  # a pooled level turns for the district only


@pytest.mark.parametrize(
    "values, words",
    [
        ([1, 2, 3], "l not before 2023 (still rising)"),
        ([3, 2, 1], "l 2021 (falling since)"),
        ([1, 3, 1], "l 2022"),
        ([2, 2, 2], "l no peak (unchanged)"),
        ([2, math.nan, 2], "l no data"),
    ],
)
def test_peaks_at_the_ends_are_said_to_be(values, words):
    rows = [("s", 2021 + k, "all", "l", v, 1.0, 1.0) for k, v in enumerate(values)]
    frame = pd.DataFrame(
        rows, columns=["scenario", "year", "region", "level", "demand", "places", "gap"]
    )
    labels = make_labels(regions=1, levels=(LevelLabel("l", {}, (1, 6)),))
    assert as_text([turning(frame, labels)]).startswith(f"Peak demand: {words}.")


@pytest.mark.parametrize(
    "gaps, words",
    [
        ([5, 1, -1, -2], "2023"),
        ([-5, -1, -1, -2], "never short"),
        ([5, 1, 1, 2], "short in 2024"),
        ([5, -1, 1, 2], "short again in 2024"),
        ([-1, -1, 1, 2], "short in 2024"),
        ([5, -1, 1, -2], "2024"),
        ([5, math.nan, 1, -2], "no data"),
    ],
)
def test_turn_from_short_to_idle(gaps, words):
    assert turn(gaps, (2021, 2022, 2023, 2024), "en") == words


def test_classes_of_next_autumn():
    text = as_text([classes(entry_frame(LABELS), LABELS, 2022)])
    lines = text.splitlines()
    assert (
        lines[0].startswith("Entry classes needed in autumn 2022") and "+ short, - idle" in lines[0]
    )
    assert "North             primary     1,234         1,200        +34       31   red" in lines
    assert any(line.startswith("Haidian District  high") and "-830" in line for line in lines)
    assert lines[-1] == "(regional split assumed)"
    assert "需开班数" in as_text([classes(entry_frame(LABELS), LABELS, 2022, "zh")])
    assert (
        as_text([classes(entry_frame(LABELS), LABELS, 2050)]) == "No entrants are known for 2050."
    )


def test_by_year_has_a_row_per_year_in_the_order_of_its_heads():
    lines = as_text([by_year(FRAME, LABELS)]).splitlines()
    assert len(lines) == 2 + 16
    row = lines[2 + 4].split()
    names = ("demand", "places", "places_listed")
    assert row[0] == "2025"
    assert row[1:4] == [f"{at(FRAME, 2025, 'all', 'all', name):,.0f}" for name in names]
    assert row[4] == f"{at(FRAME, 2025, 'all', 'primary', 'gap'):+,.0f}"
    assert row[-2] == f"{at(FRAME, 2025, 'all', 'all', 'shortage'):,.0f}"


def test_by_year_names_what_is_missing_and_full():
    frame = make_frame(LABELS, missing=[("west", "middle")], full=[("north", "primary")])
    text = as_text([by_year(frame, LABELS)])
    assert "(no data on places: West middle)" in text
    assert "lower bound" in text
    assert "nan" not in text.lower()


@pytest.mark.parametrize("count", [1, 5, 150])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_all_text_prints_on_a_gbk_console(count, lang):
    labels = make_labels(count)
    full = [(labels.regions[0].code, "primary")]
    frame = make_frame(labels, missing=[(labels.regions[-1].code, "middle")], full=full)
    texts = (
        headline(frame, labels, lang),
        as_text([turning(frame, labels, lang)]),
        as_text([by_year(frame, labels, lang)]),
        as_text([classes(entry_frame(labels), labels, 2022, lang)]),
    )
    for text in texts:
        assert "−" not in text
        text.encode("gbk")


def test_a_frame_read_back_from_csv_gives_the_same_text(tmp_path):
    frame = make_frame(LABELS, missing=[("west", "middle")], full=[("north", "primary")])
    frame.to_csv(tmp_path / "results.csv", index=False)
    read = pd.read_csv(tmp_path / "results.csv")
    for text in (headline, turning, by_year):
        assert text(read, LABELS) == text(frame, LABELS)


def test_parents_are_not_counted_twice():
    labels = nested(LABELS)
    frame = make_frame(labels)
    assert headline(frame, labels) == headline(FRAME, LABELS)
    lines = as_text([turning(frame, labels)]).splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("Park 0, net"))
    assert [line.split()[0] for line in lines[at + 1 : at + 4]] == ["North", "Central", "South"]
    assert [line.startswith("   ") for line in lines[at + 1 : at + 4]] == [True, True, False]
    entry = classes(make_entry(labels, frame), labels, 2025)[0].rows
    whole = [row for row in entry if row[0] == "Park 0" and row[1] == "primary"]
    parts = [row for row in entry if row[0].startswith("   ") and row[1] == "primary"]
    assert len(whole) == 1 and len(parts) == 2


def test_against_says_when_and_what_a_lever_changes():
    later = FRAME.copy()
    changed = (later.year >= 2027) & (later.region == "all") & (later.level == "all")
    later.loc[changed, ["gap", "shortage"]] += 100
    text = against(later, FRAME, LABELS, "the plan", "en")
    assert text.startswith("Against the plan: 2025 is unchanged, the first change is in 2027; ")
    assert "the shortage changes most in 2027: by +100 places (the gap by +100)." in text
    assert "无变化" in against(FRAME, FRAME, LABELS, "规划", "zh")
    sooner = FRAME.copy()
    sooner.loc[(sooner.region == "all") & (sooner.level == "all"), ["gap", "shortage"]] -= 5
    assert "in 2025 the gap changes by -5 places, the shortage by -5" in against(
        sooner, FRAME, LABELS, "the plan", "en"
    )


def moved(**changes: float):
    """The frame with the district's figures moved in all years from 2023."""
    frame = FRAME.copy()
    cells = (frame.region == "all") & (frame.level == "all") & (frame.year >= 2023)
    for name, change in changes.items():
        frame.loc[cells, name] += change
    return frame


def test_where_one_of_gap_and_shortage_stays_only_the_other_is_said_to_change():
    said = {lang: against(moved(gap=60), FRAME, LABELS, "X", lang) for lang in ("en", "zh")}
    assert "in 2025 the gap changes by +60 places, the shortage does not" in said["en"]
    assert "the gap changes most in 2023: by +60 places; no shortage changes" in said["en"]
    assert "2025年缺口变化 +60 个，缺学位数不变" in said["zh"]
    assert "各年缺学位数均不变" in said["zh"]
    assert "by 0" not in said["en"] and "变化 0" not in said["zh"]
    text = against(moved(shortage=-7), FRAME, LABELS, "X", "en")
    assert "the shortage changes by -7 places, the gap does not" in text


def test_of_years_that_tie_but_for_the_noise_of_floats_the_first_is_named():
    noisy = moved(gap=40_000, shortage=40_000)
    late = (noisy.year == 2033) & (noisy.region == "all") & (noisy.level == "all")
    noisy.loc[late, ["gap", "shortage"]] += 1e-8
    assert "changes most in 2023:" in against(noisy, FRAME, LABELS, "X", "en")


def test_greatest_years_are_the_first_within_the_noise_alone():
    assert first_greatest({2030: 5.0, 2031: 5.0 + 1e-7, 2032: 4.0}) == 2030
    assert first_greatest({2030: 5.0, 2031: 5.0 + 1e-5, 2032: 4.0}) == 2031
