"""What every kind of chart keeps to: its words, its fonts, hostile names, files, given axes."""

from __future__ import annotations

import dataclasses
import itertools
import warnings
from collections.abc import Sequence
from functools import cache
from inspect import signature

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from capacity.render import Plots
from capacity.render.charts import FORMATS, KINDS, save, styled
from capacity.results import years_of
from tests.fonts import no_other_fonts
from tests.render.frames import make_frame, make_frames, make_labels, make_supply, nested

LANGUAGES = ("en", "zh")
kinds = pytest.mark.parametrize("name", KINDS)
langs = pytest.mark.parametrize("lang", LANGUAGES)
#: Every kind in one language, in turn; in both in the slow run.
in_turn = pytest.mark.parametrize(
    ("name", "lang"),
    [
        pytest.param(name, lang, marks=[pytest.mark.slow] * ((place + turn) % 2))
        for place, name in enumerate(KINDS)
        for turn, lang in enumerate(LANGUAGES)
    ],
)


def looked_at(*often: tuple[str, object], among: Sequence[object]) -> pytest.MarkDecorator:
    """Each language with each shape of a district: these in every run, the rest in the slow one."""
    every = [(lang, shape) for shape in among for lang in LANGUAGES]
    rare = [pytest.param(*pair, marks=pytest.mark.slow) for pair in every if pair not in often]
    return pytest.mark.parametrize("lang, shape", [*often, *rare], ids=str)


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
def world(regions: int = 5, last: int = 2036, levels: int = 3, missing: bool = False):
    """Return labels and all frames of a district."""
    labels = make_labels(regions)
    labels = dataclasses.replace(labels, levels=labels.levels[:levels])
    lost = [(labels.regions[0].code, labels.levels[0].code)] if missing else []
    return labels, make_frames(labels, make_frame(labels, last=last, missing=lost))


def draw(name: str, labels, frames, **options):
    kind = KINDS[name]
    if kind.yearly and "year" not in options:
        options["year"] = kind.usual_year(labels, years_of(frames["results"]))
    return kind.draw(frames, labels, **options)


@cache
def chart(name: str, lang: str = "en"):
    """Return the chart of a `world`, drawn once for all that look at it."""
    return draw(name, *world(), lang=lang)


def laid_out(ax) -> Figure:
    """Return a chart's figure, every artist in its place."""
    figure = ax.get_figure(root=True)
    with styled():
        figure.draw_without_rendering()
    return figure


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.findobj(Text) if text.get_text()]


def drawn(ax) -> list[Text]:
    """Return the texts of a chart that are drawn: of ticks beyond an axis there is none."""
    beyond = set()
    for axis in (a for panel in (ax, *ax.child_axes) for a in (panel.xaxis, panel.yaxis)):
        low, high = sorted(axis.get_view_interval())
        ticks = axis.get_major_ticks()
        beyond |= {tick.label1 for tick in ticks if not low <= tick.get_loc() <= high}
    found = ax.findobj(Text)
    return [t for t in found if t.get_text() and t.get_visible() and t not in beyond]


TITLES = {
    ("map", "en"): "Where are places short or idle in 2025? (places; + short, − idle; "
    "colour: share of the region's places)",
    (
        "map",
        "zh",
    ): "2025年哪里缺学位、哪里富余？（个；正 = 缺，负 = 富余；颜色为占该区域学位的比例）",
    ("gap", "en"): "Gap by region and level, 2025 (places; + short, − idle)",
    ("gap", "zh"): "2025年各区域、学段学位缺口（个；正 = 缺，负 = 富余）",
    ("trend", "en"): "Where and when are places short or idle, 2021–2036? (places)",
    ("trend", "zh"): "2021—2036年哪里、何时缺学位？（个）",
    ("heatmap", "en"): "How full are schools? 2021–2036 (demand ÷ places, %; above 100% = short)",
    (
        "heatmap",
        "zh",
    ): "哪里学位最紧张？2021—2036年学位使用率（需求 ÷ 可用学位，%；超过 100% = 缺）",
    ("supply", "en"): "What are the places made of, and do they meet demand? 2021–2036 "
    "(places; demand above the stack = short)",
    ("supply", "zh"): "学位由什么构成，能否满足需求？2021—2036年（个；需求线高于柱顶 = 缺）",
    ("entry", "en"): "How many entry classes must regions open in autumn 2022? "
    "(gap in places: + short, − idle)",
    ("entry", "zh"): "2022年秋季各区域起始年级需开多少班？（班；缺口单位为个：正 = 缺，负 = 富余）",
    ("wave", "en"): "Where is the wave of pupils? Pupils by grade, 2021–2036 (pupils)",
    ("wave", "zh"): "入学高峰何时到达各学段？2021—2036年各年级学生数（人）",
    ("fan", "en"): "How sure is the gap, 2021–2036? (places; + short, − idle)",
    ("fan", "zh"): "2021—2036年学位缺口有多大把握？（个；正 = 缺，负 = 富余）",
}


@kinds
@langs
def test_titles_state_question_unit_and_sign(name, lang):
    title = chart(name, lang).get_title(loc="left")
    assert title.replace("\n", "") == TITLES[name, lang]


@kinds
@langs
def test_the_head_names_the_scenario_and_the_foot_the_sources(name, lang):
    said = "\n".join(texts(chart(name, lang)))
    names = {
        "en": ("Haidian District, Two-year construction delay: ", "data quality RED", "source: H"),
        "zh": ("海淀区，工程延期两年：", "数据质量：红", "来源：H"),
    }
    assert all(words in said for words in (*names[lang], "3f2a9c01"))
    assert ("Regional split assumed" if lang == "en" else "各区域数按假定比例拆分") in said


@in_turn
def test_no_chart_has_a_missing_character(name, lang):
    """Warnings are errors here; only the bundled font and DejaVu may be used.

    Charts of 1, 5 and 17 regions are laid out below, where a missing character is an error, too.
    """
    assert laid_out(draw(name, *world(regions=150), lang=lang)).get_axes()


@in_turn
def test_hostile_names_are_plain_text_inside_the_picture(name, lang):
    labels, frames = world()
    title = r"$\frac{1}$ <b>& {x} _^% 100%" + "六十个字的名称" * 9
    regions = tuple(dataclasses.replace(r, title={lang: title}) for r in labels.regions)
    levels = tuple(dataclasses.replace(v, title={lang: title}) for v in labels.levels)
    changed = {"title": {lang: title}, "sources": title, "regions": regions, "levels": levels}
    ax = draw(name, dataclasses.replace(labels, **changed), frames, lang=lang)
    assert any(title[:8] in text for text in texts(ax))
    figure = laid_out(ax)
    edge = figure.bbox.width + 1
    for text in ax.findobj(Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert box.x0 >= -1 and box.x1 <= edge, text.get_text()
            assert box.y0 >= -1 and box.y1 <= figure.bbox.height + 1, text.get_text()


LACKING, LEVEL, YEAR = {"missing": True}, {"levels": 1}, {"last": 2021}
ONE_OF_ALL = {"regions": 1, **LEVEL, **YEAR}


@kinds
@looked_at(
    *(("en", LACKING), ("zh", ONE_OF_ALL)),
    among=[LACKING, LEVEL, YEAR, ONE_OF_ALL],
)
def test_small_and_incomplete_districts_are_drawn(name, lang, shape):
    laid_out(ax := draw(name, *world(**shape), lang=lang))
    said = texts(ax)
    assert not any("nan" in text.lower() or "inf" in text.lower() for text in said)
    if shape.get("last") == 2021:
        assert not any("2021–2021" in text or "2021—2021" in text for text in said)


@in_turn
def test_names_and_figures_do_not_lie_on_each_other(name, lang):
    """Texts of one chart never cover more than a sliver of each other."""
    laid_out(ax := chart(name, lang))
    apart(drawn(ax))


def apart(found: list[Text]) -> None:
    """Hold that no text covers more than a sliver of another: 2 pixels across and 3 down."""
    boxes = np.array([text.get_window_extent().extents for text in found])
    low, high = boxes[:, None, :2], boxes[:, None, 2:]
    shared = np.minimum(high, high.swapaxes(0, 1)) - np.maximum(low, low.swapaxes(0, 1))
    meet = np.triu((shared >= (2, 3)).all(axis=2), k=1)
    assert not [(found[k].get_text(), found[m].get_text()) for k, m in np.argwhere(meet)]


LONG = "Jiangzhou and Upper Riverside Development Zone {k}, northern part beyond the ring road"
LONG_ZH = "江州市高新技术产业开发区北部新城第{k}学区（含沿江片区）"


@cache
def far(regions: int):
    """Return a district of long names and figures of six digits, short and idle, at least."""
    labels = make_labels(regions)

    def named(one, k: int):
        return dataclasses.replace(one, title={"en": LONG.format(k=k), "zh": LONG_ZH.format(k=k)})

    areas = tuple(named(one, k) for k, one in enumerate(labels.regions))
    levels = tuple(named(one, k) for k, one in enumerate(labels.levels))
    district = {"en": LONG.format(k=""), "zh": LONG_ZH.format(k="")}
    labels = dataclasses.replace(labels, regions=areas, levels=levels, district=district)
    full = [(area.code, level.code) for area in areas for level in levels]
    results = make_frame(labels, full=full)
    counts = [name for name in results if name in COUNTS]
    results[counts] *= 43
    return labels, make_frames(labels, results)


COUNTS = {"demand", "places", "places_listed", "gap", "shortage", "surplus", "shortage_after"}


@kinds
@looked_at(("zh", 5), among=[1, 5, 17])
def test_long_names_and_figures_keep_to_their_panel(name, lang, shape):
    """No text leaves the figure, lies on another, or enters the next panel; no figure is cut."""
    ax = draw(name, *far(shape), lang=lang)
    figure = laid_out(ax)
    boxes = [(text, text.get_window_extent()) for text in drawn(ax)]
    for text, box in boxes:
        said = text.get_text()
        assert box.x0 >= 0 and box.x1 <= figure.bbox.width, said
        assert box.y0 >= 0 and box.y1 <= figure.bbox.height, said
        assert not any(panel is not text.axes and enters(box, panel) for panel in ax.child_axes)
    apart([text for text, _ in boxes])
    for panel in ax.child_axes:
        said = panel.get_title(loc="left")
        assert "…" not in said.split("\n")[-1], said


def enters(box, panel) -> bool:
    other = panel.get_window_extent()
    wide = min(box.x1, other.x1) - max(box.x0, other.x0)
    return wide >= 2 and min(box.y1, other.y1) - max(box.y0, other.y0) >= 3


@in_turn
def test_a_title_keeps_its_distance_from_the_edge(name, lang):
    """However many lines the headline takes."""
    labels, frames = world()
    long = dataclasses.replace(labels, title={lang: "延期两年 two years of delay " * 6})
    tops = []
    for ax in (chart(name, lang), draw(name, long, frames, lang=lang)):
        figure = laid_out(ax)
        (title,) = [t for t in ax.findobj(Text) if t.get_text() == ax.get_title(loc="left")]
        tops.append((figure.bbox.height - title.get_window_extent().y1) / figure.dpi)
    assert tops[0] == pytest.approx(tops[1], abs=0.03) and tops[0] > 0.15


@cache
def two_alike():
    """Draw one chart twice, for all formats."""
    return [draw("supply", *world(), lang="zh") for _ in range(2)]


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_chart_is_the_same_file_in_every_format(tmp_path, suffix):
    """A property of saving: held by the kind that has text, lines, areas and hatches."""
    paths = [save(one, tmp_path / f"{k}.{suffix}", dpi=40) for k, one in enumerate(two_alike())]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    marks = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    assert paths[0].read_bytes().startswith(marks[suffix])


@kinds
def test_text_stays_text_and_nothing_is_a_bitmap_in_svg(tmp_path, name):
    drawing = save(chart(name, "zh"), tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "海淀区" in drawing and "<image" not in drawing


@kinds
def test_charts_draw_on_given_axes_smaller_and_change_nothing_else(name):
    labels, frames = world()
    before, copies = dict(mpl.rcParams), {key: frame.copy() for key, frame in frames.items()}
    left, right = Figure(figsize=(12, 4)).subplots(1, 2)
    for host, lang in ((left, "en"), (right, "zh")):
        assert draw(name, labels, frames, lang=lang, ax=host) is host
        assert all(text.get_fontsize() < 10 for text in host.texts)
    laid_out(left)
    assert dict(mpl.rcParams) == before
    for key, frame in frames.items():
        pd.testing.assert_frame_equal(frame, copies[key])


#: Sizes of given axes in inches, and how many pixels an inch has, so that distances are seen.
GIVEN = {(3.0, 2.4): 400, (12.0, 7.0): 100}


@pytest.mark.parametrize(
    ("name", "lang", "size", "around"),
    [
        pytest.param(name, *how, marks=[pytest.mark.slow] * ((place + turn) % 8 > 0))
        for place, name in enumerate(KINDS)
        for turn, how in enumerate(itertools.product(LANGUAGES, GIVEN, (True, False)))
    ],
)
def test_a_chart_fits_the_axes_that_it_is_given(name, lang, size, around):
    """No text leaves the place of the axes, lies on another, or enters a panel; legends shrink."""
    figure = Figure(figsize=size, dpi=GIVEN[size])
    ax = draw(
        name, *world(), lang=lang, ax=figure.add_axes((0, 0, 1, 1)), title=around, footer=around
    )
    laid_out(ax)
    found = drawn(ax)
    boxes = [(text, text.get_window_extent()) for text in found]
    boxes += [(panel.get_legend(), panel.get_legend().get_window_extent()) for panel in keyed(ax)]
    for thing, box in boxes:
        assert box.x0 >= 0 and box.x1 <= figure.bbox.width, thing
        assert box.y0 >= 0 and box.y1 <= figure.bbox.height, thing
        assert not any(enters(box, panel) for panel in ax.child_axes if panel is not thing.axes)
    apart(found)
    assert bool(ax.get_title(loc="left")) == around


def keyed(ax):
    return [panel for panel in (ax, *ax.child_axes) if panel.get_legend() is not None]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] * (name not in ("gap", "fan", "supply")))
        for name in KINDS
    ],
)
def test_a_chart_on_small_axes_is_the_large_one_made_smaller(name):
    """Text, and the distance of a title, keep their share of what is drawn."""
    large, small = (
        draw(
            name,
            *world(),
            ax=Figure(figsize=(6 * share, 4 * share), dpi=100).add_axes((0, 0, 1, 1)),
        )
        for share in (1.0, 0.5)
    )
    sizes = [[text.get_fontsize() for text in drawn(ax)] for ax in (large, small)]
    assert sizes[1] == pytest.approx([size / 2 for size in sizes[0]])
    assert len({len(one) for one in sizes}) == 1
    places = [ax.get_position().bounds for ax in (large, small)]
    assert places[0] == pytest.approx(places[1])


@kinds
def test_title_and_footer_can_be_left_out(name):
    labels, frames = world()
    plot = getattr(Plots(labels, frames), name)
    whole, bare = chart(name), plot(title=False, footer=False)
    (*gone,) = set(texts(whole)) - set(texts(bare))
    assert len(gone) == 3 and whole.get_title(loc="left") in gone
    assert set(texts(bare)) < set(texts(whole))
    sizes = [ax.get_figure().get_size_inches() for ax in (bare, whole)]
    assert sizes[0][1] < sizes[1][1] and sizes[0][0] == sizes[1][0]


def test_drawn_on_again_axes_keep_their_place():
    axes = Figure(figsize=(6, 4)).subplots()
    draw("gap", *world(), ax=axes)
    first = axes.get_position().bounds
    axes.clear()
    draw("gap", *world(), ax=axes)
    assert axes.get_position().bounds == pytest.approx(first)


@langs
def test_a_fan_of_one_level_says_what_its_panel_says(lang):
    labels, frames = world()
    plot = Plots(labels, frames).fan
    whole, alone = plot(lang=lang), plot(lang=lang, level="middle")
    (panel,) = alone.child_axes
    (same,) = [
        p for p in whole.child_axes if p.get_title(loc="left") == panel.get_title(loc="left")
    ]
    for one, other in zip(panel.get_lines(), same.get_lines(), strict=True):
        np.testing.assert_array_equal(one.get_ydata(), other.get_ydata())
    name = labels.level_name("middle", lang)
    assert any(
        text.startswith(labels.region_name("all", lang)) and name in text for text in texts(alone)
    )
    assert len(plot(level="all").child_axes) == 1
    with pytest.raises(ValueError, match="no level 'nursery': one of all, primary"):
        plot(level="nursery")


@kinds
def test_figures_have_thousands_separators_and_the_real_minus_sign(name):
    laid_out(ax := chart(name))
    said = " ".join(text for text in texts(ax) if "source" not in text.lower())
    for word in said.replace("(", " ").replace(",", "").split():
        assert not word.startswith("-"), word
    years = {str(year) for year in range(2000, 2100)}
    plain = [word.strip("≥≤+−.;:%") for word in said.split()]
    assert not [
        word for word in plain if word.isdecimal() and int(word) > 999 and word not in years
    ]


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.yearly])
def test_a_year_that_was_not_run_is_refused(name):
    with pytest.raises(ValueError, match="2050"):
        draw(name, *world(), year=2050)


@pytest.mark.parametrize("name", ["supply", "wave"])
def test_one_region_is_drawn_by_its_code(name):
    labels, frames = world()
    said = texts(draw(name, labels, frames, region="north", lang="zh"))
    assert any(text.startswith("北部，工程延期两年：") for text in said)
    with pytest.raises(ValueError, match="'nowhere'"):
        draw(name, labels, frames, region="nowhere")


@pytest.mark.parametrize("name", ["gap", "heatmap", "entry"])
@pytest.mark.parametrize(
    ("regions", "groups", "of"),
    [(5, 1, 2), (17, 5, 3), pytest.param(150, 9, 15, marks=pytest.mark.slow)],
)
def test_parents_stand_above_their_parts_and_are_not_counted(name, regions, groups, of):
    plain = make_labels(regions)
    labels = nested(plain, groups, of)
    frames = make_frames(labels, make_frame(labels))
    parents = {region.code for region in labels.regions if labels.is_sum(region.code)}
    said = texts(draw(name, labels, frames))
    names = [labels.row_name(r.code, "en", net=name == "gap") for r in labels.regions]
    rows = [text for text in said if text in names]
    for parent in parents:
        head = labels.row_name(parent, "en", net=name == "gap")
        parts = {labels.row_name(code, "en") for code in labels.leaves_of(parent)}
        for at in (at for at, row in enumerate(rows) if row == head):
            assert rows[at + 1] in parts and rows[at + 1].startswith(" ")
    if regions <= 17:
        assert {labels.row_name(p, "en", net=name == "gap") for p in parents} <= set(rows)
    # what is said in the headline is of the regions that are not sums
    flat = {key: frame[~frame.region.isin(parents)] for key, frame in frames.items()}
    lead = "Haidian District, Two-year"
    (told,), (without,) = (
        [text for text in found if text.startswith(lead)]
        for found in (said, texts(draw(name, plain, flat)))
    )
    assert told == without


@kinds
def test_results_have_a_method_for_every_kind(name):
    labels, frames = world()
    method = getattr(Plots(labels, frames), name)
    assert method(lang="zh").get_title(loc="left") == chart(name, "zh").get_title(loc="left")
    assert list(signature(method).parameters) == list(KINDS[name].options)
    assert method.__name__ == name and KINDS[name].shows in method.__doc__


def test_stacks_below_zero_do_not_hide_the_axis():
    labels, frames = world()
    closed = make_supply(labels, frames["results"], closed=[("north", "primary")])
    ax = draw("supply", labels, {**frames, "supply": closed}, region="north")
    assert ax.child_axes[0].get_ylim()[0] < 0 == ax.child_axes[1].get_ylim()[0]
