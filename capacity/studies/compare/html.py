"""Comparisons as a notebook shows them."""

from __future__ import annotations

from collections.abc import Iterable

from capacity.base.errors import Problem
from capacity.base.shown import html
from capacity.base.words import MINUS, language, word
from capacity.render.elements import Html, element, folded, heading, listed, page, table
from capacity.studies.compare import page as text
from capacity.studies.compare.inputs import inputs_text
from capacity.studies.compare.study import Comparison

#: Figures of the district that are shown, in this order.
FIGURES = ("gap", "shortage")


def comparison(of: Comparison, lang: str) -> Html:
    """Show a comparison: who is shorter by how much, by year, and what differs in the inputs."""
    a, b, labels = of.a, of.b, of.labels
    bounded = any(text.is_bounded(side, labels) for side in (a, b))
    by_year, one_drawn = of.headline, of.one_drawn
    ranged = text.is_ranged(by_year)
    heads, cells = text.cells_by_year(by_year, FIGURES, lang, ranged=ranged)
    doubts = text.doubts(labels, lang, bounded=bounded, ranged=ranged, one_drawn=one_drawn)
    return page(
        heading(" / ".join(text.sides(a, b, lang))),
        element("p", text.against(a, b, lang)),
        table(
            text.title_by_year(labels, lang).replace(" - ", f" {MINUS} "),
            heads,
            [[cell.replace("-", MINUS) for cell in row] for row in cells],
        ),
        *(element("p", doubt) for doubt in doubts),
        element("pre", inputs_text(a, b, of.changes, lang)),
        _notes(of.notes, lang),
    )


def _notes(notes: Iterable[Problem], lang: str) -> str:
    lines = [note.text(lang) for note in notes]
    if not lines:
        return ""
    return folded(
        word("notebook.one_note" if len(lines) == 1 else "notebook.n_notes", lang, n=len(lines)),
        listed(lines),
    )


@html.register
def _comparison(of: Comparison) -> str:
    return comparison(of, language())
