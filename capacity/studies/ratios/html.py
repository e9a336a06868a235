"""Calibrated ratios as a notebook shows them."""

from __future__ import annotations

from capacity.base.shown import html
from capacity.base.words import language, word
from capacity.render.elements import Html, element, folded, heading, listed, page, table
from capacity.studies.ratios import page as text
from capacity.studies.ratios.study import CalibratedRatios, spoken


def calibrated(of: CalibratedRatios, lang: str) -> Html:
    """Show ratios: what they rest on, the ratios as a table, and the breaks."""
    said = spoken(of)
    title, heads, rows, left = text.table(said, lang)
    lines = [note.text(lang) for note in of.notes]
    key = "notebook.one_note" if len(lines) == 1 else "notebook.n_notes"
    parts = (line for block in text.sentences(said, lang) for line in block.split("\n"))
    return page(
        heading(of.labels.region_name("all", lang), of.district.name),
        *(element("p", part) for part in parts),
        table(title, heads, rows, left=left),
        folded(word(key, lang, n=len(lines)), listed(lines)) if lines else "",
    )


@html.register
def _calibrated(of: CalibratedRatios) -> str:
    return calibrated(of, language())
