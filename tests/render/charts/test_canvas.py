"""The canvas of charts: texts and pictures as matplotlib's own, at less cost."""

from io import BytesIO

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from PIL import Image

from capacity.render.charts import Canvas, Renderer, families, styled

TEXTS = ("Gap by region and level, 2030", "各区域学位缺口（个）", "≥ −1,859", "y", "Ørsted")


def drawn(canvas, colour="white"):
    with styled():
        figure = Figure((4, 1.5), dpi=110, facecolor=colour)
        canvas(figure)
        for k, text in enumerate(TEXTS):
            figure.text(0.03, 0.05 + 0.18 * k, text, fontsize=8 + k, color="#005A8C")
        figure.text(0.9, 0.3, "upright", rotation=90)
        stream = BytesIO()
        figure.savefig(stream, format="png", metadata={"Software": None})
    return np.asarray(Image.open(stream).convert("RGBA")).astype(int)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_takes_the_room_that_matplotlib_gives_it(text):
    font = FontProperties(family=list(families()), size=9.5)
    ours, theirs = (
        kind(10, 10, 110).get_text_width_height_descent(text, font, False)
        for kind in (Renderer, RendererAgg)
    )
    assert ours == pytest.approx(theirs)


def test_texts_stand_where_matplotlib_draws_them():
    ours, theirs = drawn(Canvas), drawn(FigureCanvasAgg)
    assert ours.shape == theirs.shape
    # whole lines of letters lie on whole pixels: a shade may differ, a row may not
    ink = [(picture[..., 0] < 250).any(axis=1) for picture in (ours, theirs)]
    assert abs(ink[0].astype(int) - ink[1]).sum() <= 2 * len(TEXTS)
    assert np.abs(ours - theirs).mean() < 3


def test_a_figure_has_the_same_bytes_each_time_it_is_drawn():
    assert (drawn(Canvas) == drawn(Canvas)).all()


def test_a_figure_without_a_ground_stays_clear():
    assert drawn(Canvas, "none")[..., 3].min() == 0


def test_the_size_of_a_figure_may_change():
    with styled():
        figure = Figure((4, 1.5), dpi=100)
        Canvas(figure)
        for size in ((4, 1.5), (2, 1)):
            figure.set_size_inches(size)
            stream = BytesIO()
            figure.savefig(stream, format="png")
            assert Image.open(stream).size == (size[0] * 100, size[1] * 100)
