"""Comparisons as a notebook shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from capacity.outputs import comparison_text as text
from capacity.outputs.comparison_inputs import inputs_text
from capacity.outputs.html.elements import Html, element, folded, heading, listed, page, table
from capacity.outputs.words import MINUS, word
from capacity.studies.compare import headline

if TYPE_CHECKING:
    import pandas as pd

    from capacity.errors import Problem
    from capacity.outputs.labels import Labels
    from capacity.outputs.result import Result
    from capacity.studies.changed import Changed

#: Figures of the district that are shown, in this order.
FIGURES = ("gap", "shortage")


def comparison(
    sides: tuple[Result, Result],
    labels: Labels,
    rows: pd.DataFrame,
    changes: Sequence[Changed],
    notes: Sequence[Problem],
    lang: str,
) -> Html:
    """Show a comparison: who is shorter by how much, by year, and what differs in the inputs."""
    a, b = sides
    bounded = any(text.is_bounded(side, labels) for side in sides)
    heads, cells = text.cells_by_year(headline(rows), FIGURES, lang)
    return page(
        heading(" / ".join(text.sides(a, b, lang))),
        element("p", text.against(a, b, lang)),
        table(
            text.title_by_year(labels, lang).replace(" - ", f" {MINUS} "),
            heads,
            [[cell.replace("-", MINUS) for cell in row] for row in cells],
        ),
        *(element("p", doubt) for doubt in text.doubts(labels, lang, bounded=bounded)),
        element("pre", inputs_text(a, b, changes, lang)),
        _notes(notes, lang),
    )


def _notes(notes: Iterable[Problem], lang: str) -> str:
    lines = [note.text(lang) for note in notes]
    if not lines:
        return ""
    return folded(
        word("one_note" if len(lines) == 1 else "n_notes", lang, n=len(lines)), listed(lines)
    )
