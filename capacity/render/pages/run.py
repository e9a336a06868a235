"""A run as people read it: what ``capacity run`` prints, in its order, and in a notebook."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from capacity.base.titles import text_in
from capacity.base.words import word
from capacity.render import chances, sentences
from capacity.render.blocks import Block, Coded, Heading, Notes, Page, Text
from capacity.render.charts.kinds import KINDS
from capacity.render.measured import measured_line
from capacity.render.needs import likely_idle
from capacity.render.pages import tables
from capacity.render.pages.inputs import notes
from capacity.render.plots import Plots
from capacity.render.text import as_text
from capacity.results.labels import has_draws, years_of
from capacity.results.result import Result


def run_page(of: Result, lang: str, *, base: Result | None = None) -> Page:
    """Yield what the command prints of a run with ``--full``: every table.

    Parameters
    ----------
    of
    lang
    base
        The result of the scenario that this one builds on, where there is one.
    """
    frame, labels = of.frame(), of.labels
    answer = answer_blocks(of, lang)
    if base is not None:
        answer.append(Text(against(of, base, lang)))
    yield heading(of, lang), *answer
    following = labels.base_year + 1
    if following in set(frame["year"]):
        yield tables.classes(of.entry, labels, following, lang)
    yield tables.by_year(frame, labels, lang)
    if has_draws(frame):
        year, chance = labels.spoken_year(years_of(frame)), of.chance
        known = chances.answer_is_known(frame, labels, year)
        ranges = [chances.ranges(frame, chance, labels, lang)] if known else []
        yield *ranges, chances.basis(of, lang)
        yield chances.statements(chance, labels, year, lang)
        yield likely_idle(frame, labels, year, lang)


def answer_blocks(of: Result, lang: str) -> list[Block]:
    """Return the answer to the scenario's question, how sure it is, peaks and turning years."""
    frame, labels = of.frame(), of.labels
    lines = [sentences.headline(frame, labels, lang)]
    if has_draws(frame):
        lines.append(
            chances.how_sure(frame, of.chance, labels, lang, draws=of.scenario.chance.draws)
        )
    lines.append(measured_line(of.scenario, of.measured, lang))
    return [*map(Text, lines), *tables.turning(frame, labels, lang)]


def summary(of: Result, lang: str) -> str:
    """Return the answer as text."""
    return as_text([answer_blocks(of, lang)])


def against(of: Result, base: Result, lang: str) -> str:
    """Say in one sentence how a result differs from the one that it builds on."""
    name = sentences.other_name((of.scenario, of.labels), (base.scenario, base.labels), lang)
    return sentences.against(of.frame(), base.frame(), of.labels, name, lang)


def plots(of: Result, **frames: Any) -> Plots:
    """Return what draws the charts of a result from its frames."""
    return Plots(of.labels, frames)


@singledispatch
def shown(of: object, lang: str) -> Page:
    """Return what a notebook shows of a result, or of its charts."""
    raise NotImplementedError(of)


@shown.register
def _result(of: Result, lang: str) -> Page:
    """Yield its answer, the district by year, the regions in the answer's year."""
    frame, labels = of.frame(), of.labels
    yield heading(of, lang), Text(sentences.headline(frame, labels, lang))
    yield tables.years_in_short(frame, labels, lang)
    yield tables.by_region(frame, labels, lang)
    yield notes(of.notes, lang)
    yield (Text(" · ".join(provenance(of, lang)), small=True),)


def heading(of: Result, lang: str) -> Heading:
    """Return the title of a run with its question."""
    labels = of.labels
    question = text_in(labels.question, lang, "")
    return Heading(text_in(labels.title, lang, labels.scenario), (question,))


def provenance(of: Result, lang: str) -> list[str]:
    """Return how sure the figures are, whether the laws hold, and which run this is."""
    labels, parts = of.labels, []
    if labels.quality:
        parts.append(word("nouns.quality", lang, quality=word(f"nouns.{labels.quality}", lang)))
    if labels.split_assumed:
        parts.append(word("nouns.split_assumed", lang))
    failed = of.checks.loc[~of.checks["passed"], "check"]
    names = word("nouns.list", lang).join(map(str, failed))
    laws = "notebook.laws_fail" if names else "notebook.laws_hold"
    return [*parts, word(laws, lang, names=names), word("nouns.run", lang, run=labels.run_id)]


@shown.register
def _plots(of: Plots, lang: str) -> Page:
    """Yield how each chart is called, and what it draws."""
    labels = of.labels
    title = word(
        "notebook.plots_title", lang, scenario=text_in(labels.title, lang, labels.scenario)
    )
    calls = {name: f".plot.{name}({'year' if kind.yearly else ''})" for name, kind in KINDS.items()}
    lines = [Coded(call, word(f"notebook.plot_{name}", lang)) for name, call in calls.items()]
    yield Heading(title), Notes("", lines)
