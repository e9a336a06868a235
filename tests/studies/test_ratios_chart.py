"""The chart of ratios: what its artists show is what the table says; languages, fonts, sizes."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from capacity.render.charts import save
from capacity.studies.ratios import SHOWN, ratios_chart
from tests.fonts import no_other_fonts
from tests.render.frames import make_labels

LANGUAGES = ("en", "zh")
langs = pytest.mark.parametrize("lang", LANGUAGES)


@pytest.fixture(autouse=True)
def _warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(autouse=True, scope="module")
def _only_these_fonts():
    """What other fonts a machine has must not help."""
    with no_other_fonts():
        yield


@cache
def tables(regions: int = 5, years: int = 6, entry: bool = True):
    """Return labels, ratios and yearly ratios of a district, the last region's spread widest."""
    labels, rng = make_labels(regions), np.random.default_rng(2)
    rows, yearly = [], []
    for place, region in enumerate(labels.leaves):
        for grade in range(1, 13):
            basis = "births" if grade == 1 else ""
            if grade == 1 and not entry:
                continue
            wide = 0.01 * (1 + 3 * (place == regions - 1))
            values = rng.normal(1.3 if grade == 1 else 1.0, wide, years)
            for k, value in enumerate(values):
                key = (2021 - years + 1 + k, region.code, "", grade, basis)
                yearly.append((*key, 800.0, 800.0 / value, value, k == 0, k > 0))
            used = values[1:] if years > 1 else values
            key = (region.code, "", grade, basis)
            sd = float(used.std(ddof=1)) if len(used) > 1 else np.nan
            rest = ("long_run", used[-1], 0.6, used.mean(), np.nan if basis else 1.0, np.nan)
            rows.append((*key, used.mean(), sd, len(used), 2017, 2021, 1, "shrunk", *rest))
    names = "region group grade basis ratio sd years first_year last_year flagged method "
    names += "shrunk_towards recent recent_share long_run all_areas held"
    of_years = "year region group grade basis pupils came_from ratio flagged used"
    return (
        labels,
        pd.DataFrame(rows, columns=names.split()),
        pd.DataFrame(yearly, columns=of_years.split()),
    )


@cache
def draw(*, lang: str = "en", ax=None, **how):
    """Return the chart of `tables`, drawn once for all that look at it."""
    labels, frame, yearly = tables(**how)
    return ratios_chart(frame, yearly, labels, lang=lang, ax=ax)


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.findobj(Text) if text.get_text()]


def panel(ax, region: str):
    """Return the axes of a region's grades above the first."""
    return next(one for one in ax.child_axes if one.get_title(loc="left") == region)


@langs
@pytest.mark.parametrize("regions", [1, 5, 17, pytest.param(150, marks=pytest.mark.slow)])
def test_no_character_is_missing(tmp_path: Path, lang: str, regions: int) -> None:
    """Only the bundled font and DejaVu are used here: see `_only_these_fonts`."""
    how = {} if regions == 5 else {"regions": regions}
    assert save(draw(lang=lang, **how), tmp_path / "a.png", dpi=30).stat().st_size > 2000


@langs
def test_title_and_headline_say_unit_years_and_what_strays_most(lang: str) -> None:
    said = "\n".join(texts(draw(lang=lang)))
    title = {
        "en": "Ratio into each grade and how it varied, 2016–2021",
        "zh": "2016—2021年各年级升级率及其逐年波动",
    }[lang]
    assert title in said
    strays = "West, grade" if lang == "en" else "西部"
    assert strays in said
    assert ("Haidian District, calibrated by shrunk" if lang == "en" else "海淀区，方法") in said
    assert "3f2a9c01" in said


def test_bars_are_the_ratios_used_and_dots_the_years() -> None:
    _, frame, yearly = tables()
    mine = frame[(frame["region"] == "north") & (frame["basis"] == "")]
    axes = panel(draw(lang="en"), "North")
    (bars,) = [c for c in axes.collections if isinstance(c, LineCollection)]
    drawn = {round(float(s[:, 0].mean())): float(s[0, 1]) for s in bars.get_segments()}
    assert drawn == pytest.approx(dict(zip(mine["grade"], mine["ratio"], strict=True)))
    dots = [c for c in axes.collections if isinstance(c, PathCollection)]
    years = yearly[(yearly["region"] == "north") & (yearly["basis"] == "")]
    spots = np.concatenate([np.asarray(c.get_offsets()) for c in dots if len(c.get_offsets())])
    assert len(spots) == len(years)
    low, high = axes.get_ylim()
    clipped = np.clip(np.sort(years["ratio"]), low, high)
    np.testing.assert_allclose(np.sort(spots[:, 1]), clipped)


def test_all_areas_are_a_line_and_absent_where_unknown() -> None:
    labels, frame, yearly = tables()
    (line,) = [one for one in panel(draw(lang="en"), "North").lines if one.get_linestyle() == "--"]
    assert (np.asarray(line.get_ydata()) == 1.0).all()
    plain = ratios_chart(frame.assign(all_areas=np.nan), yearly, labels)
    dashed = [o for one in plain.child_axes for o in one.lines if o.get_linestyle() == "--"]
    assert not dashed
    assert "all areas" not in texts(plain)


def test_entry_stands_apart_on_a_scale_of_its_own() -> None:
    with_entry, without = draw(lang="en"), draw(entry=False)
    assert len(with_entry.child_axes) == 2 * len(without.child_axes) == 10
    entry = [one for one in with_entry.child_axes if one.get_title(loc="left") == "÷ births"]
    assert {one.get_ylim() for one in entry} == {entry[0].get_ylim()}
    assert entry[0].get_ylim()[0] > 1.1
    assert panel(with_entry, "North").get_ylim()[1] < 1.25


def test_of_many_regions_those_are_shown_whose_spread_moves_most_pupils() -> None:
    ax = draw(lang="en", regions=150)
    names = [one.get_title(loc="left") for one in ax.child_axes]
    shown = [name for name in names if name != "÷ births"]
    assert len(shown) == SHOWN
    assert shown[0] == "School area 150"
    assert any("12 of 150 shown" in text for text in texts(ax))


def test_dots_beyond_the_scale_stand_at_its_edge_and_are_counted() -> None:
    labels, frame, yearly = tables()
    far = yearly.copy()
    far.loc[far.index[30], "ratio"] = 40.0
    ax = ratios_chart(frame, far, labels)
    inside = [one for one in ax.child_axes for c in one.collections
              if isinstance(c, PathCollection) and len(c.get_offsets())
              and one.get_ylim()[1] in np.asarray(c.get_offsets())[:, 1]]  # fmt: skip
    assert inside
    assert any("dots beyond the scale" in text for text in texts(ax))
    assert max(one.get_ylim()[1] for one in ax.child_axes) < 2


@langs
def test_one_year_alone_has_no_spread(lang: str) -> None:
    said = "\n".join(texts(draw(lang=lang, years=1)))
    assert ("so no spread" if lang == "en" else "无波动可言") in said


def test_a_district_without_any_ratio_says_so() -> None:
    labels, frame, yearly = tables()
    held = frame.assign(ratio=np.nan, sd=np.nan, all_areas=np.nan, held=100.0)
    ax = ratios_chart(held[held["basis"] == ""], yearly.iloc[:0], labels)
    assert any("no ratio above entry" in text for text in texts(ax))


def test_given_axes_are_drawn_on() -> None:
    axes = Figure(figsize=(14, 8)).add_subplot()
    assert draw(ax=axes) is axes
    assert len(axes.child_axes) == 10


def test_hostile_names_are_plain_text(tmp_path: Path) -> None:
    labels, frame, yearly = tables()
    region = labels.regions[0]
    bad = type(region)(region.code, {"en": r"$\frac{1}$ <b>& {x} %" * 3})
    changed = replace(labels, regions=(bad, *labels.regions[1:]))
    save(ratios_chart(frame, yearly, changed), tmp_path / "a.svg")
