"""The chart of differences: names that tell rows apart, figures clear of the panel's name."""

from __future__ import annotations

import dataclasses

import pytest
from matplotlib.text import Text

from capacity.render.charts import styled
from capacity.studies.compare import difference, difference_chart
from tests.render.frames import make_frame, make_labels

TITLES = ({"en": "As planned", "zh": "按计划"}, {"en": "Late", "zh": "延期"})
LONG = {
    "en": "Jiangzhou and Upper Riverside Development Zone",
    "zh": "江州市高新技术产业开发区" * 2,
}
LEVELS = {"en": ("Primary", "Middle", "High"), "zh": ("小学", "初中", "高中")}


def drawn(lang: str, change: float):
    """Draw a difference whose gaps change by so many places from the second year on."""
    labels = make_labels(1)
    labels = dataclasses.replace(
        labels, regions=tuple(dataclasses.replace(r, title=LONG) for r in labels.regions)
    )
    a, b = make_frame(labels), make_frame(labels)
    b.loc[b.year > labels.base_year, "gap"] += change
    return difference_chart(difference(a, b).rows, labels, titles=TITLES, lang=lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_of_a_long_name_the_region_is_shortened_and_never_the_level(lang: str) -> None:
    _, heat = drawn(lang, 50.0).child_axes
    names = [label.get_text() for label in heat.get_yticklabels()]
    assert len(names) == len(set(names)) == 3
    for name, level in zip(names, LEVELS[lang], strict=True):
        assert name.lower().endswith(level.lower()), name
    assert sum("…" in name for name in names) >= 2


@pytest.mark.parametrize("change", [-5000.0, 5000.0])
def test_the_figure_of_a_year_without_change_stays_under_the_name_of_the_panel(
    change: float,
) -> None:
    ax = drawn("en", change)
    figure = ax.get_figure(root=True)
    with styled():
        figure.draw_without_rendering()
    bars = ax.child_axes[0]
    (zero,) = [t for t in bars.texts if t.get_text() == "0"]
    (name,) = [
        t for t in bars.findobj(Text) if t.get_text() and t.get_text() == bars.get_title(loc="left")
    ]
    assert zero.get_window_extent().y1 <= name.get_window_extent().y0
