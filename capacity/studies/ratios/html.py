"""Calibrated ratios as a notebook shows them."""

from __future__ import annotations

from capacity.render.blocks import Heading, Page, Table, Text
from capacity.render.pages.inputs import notes
from capacity.results.labels import ALL
from capacity.studies.ratios import page as text
from capacity.studies.ratios.study import CalibratedRatios, spoken


def shown(of: CalibratedRatios, lang: str) -> Page:
    """Return ratios as a page: what they rest on, the ratios as a table, and the breaks."""
    said = spoken(of)
    yield (Heading(of.labels.region_name(ALL, lang), (of.district.name,)),)
    yield [Text(part) for part in text.sentences(said, lang)]
    title, heads, rows, left = text.table(said, lang)
    yield Table(title, heads, rows, left=left), *notes(of.notes, lang)
