"""Back-tests as a notebook shows them."""

from __future__ import annotations

from capacity.base.words import word
from capacity.render.blocks import Heading, Page, Table, Text
from capacity.results.labels import ALL
from capacity.studies.backtest import page as scorecard
from capacity.studies.backtest.study import BacktestResult


def shown(of: BacktestResult, lang: str) -> Page:
    """Return a back-test as a page: its answer, then the tables of its scorecard."""
    card = of.card
    title = Heading(of.labels.region_name(ALL, lang), (of.district.name,))
    yield title, Text(scorecard.headline(card, lang))
    for caption, heads, rows, notes in scorecard.tables(card, lang):
        doubts = (Text(word("nouns.brackets", lang, text=note)) for note in notes)
        yield Table(caption, heads, rows), *doubts
    yield [Text(text) for text in scorecard.without_flagged(card, lang)]
