"""Back-tests as a notebook shows them."""

from __future__ import annotations

from capacity.base.shown import html
from capacity.base.words import language, word
from capacity.render.elements import Html, element, heading, page, table
from capacity.results.labels import ALL
from capacity.studies.backtest import page as scorecard
from capacity.studies.backtest.study import BacktestResult


def backtest(of: BacktestResult, lang: str) -> Html:
    """Show a back-test: its answer, then the tables of its scorecard."""
    card = of.card
    parts = [element("p", line) for line in scorecard.headline(card, lang).splitlines()]
    for title, heads, rows, notes in scorecard.tables(card, lang):
        parts.append(table(title, heads, rows))
        parts += [element("p", word("nouns.brackets", lang, text=note)) for note in notes]
    parts += [element("p", text) for text in scorecard.without_flagged(card, lang)]
    return page(heading(of.labels.region_name(ALL, lang), of.district.name), *parts)


@html.register
def _backtest(of: BacktestResult) -> str:
    return backtest(of, language())
