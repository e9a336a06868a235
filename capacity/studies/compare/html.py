"""Comparisons as a notebook shows them."""

from __future__ import annotations

from capacity.render.blocks import Heading, Page, Table, Text
from capacity.render.pages.inputs import notes
from capacity.studies.compare import page as text
from capacity.studies.compare.inputs import inputs_blocks
from capacity.studies.compare.study import Comparison

#: Figures of the district that are shown, in this order.
FIGURES = ("gap", "shortage")


def shown(of: Comparison, lang: str) -> Page:
    """Return a comparison as a page: who is shorter by how much, and what differs in the inputs."""
    a, b, labels = of.a, of.b, of.labels
    bounded = any(text.is_bounded(side, labels) for side in (a, b))
    by_year, one_drawn = of.headline, of.one_drawn
    ranged = text.is_ranged(by_year)
    heads, cells = text.cells_by_year(by_year, FIGURES, lang, ranged=ranged)
    doubts = text.doubts(labels, lang, bounded=bounded, ranged=ranged, one_drawn=one_drawn)
    sides = Heading(" / ".join(text.sides(a, b, lang)))
    yield sides, Text(text.against(a, b, lang))
    yield Table(text.title_by_year(labels, lang), heads, cells), *map(Text, doubts)
    yield inputs_blocks(a, b, of.changes, lang)
    yield notes(of.notes, lang)
