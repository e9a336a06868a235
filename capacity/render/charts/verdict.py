"""What the first picture says above its panels: the answer, where it is worst, how sure that is."""

from __future__ import annotations

import math

import pandas as pd

from capacity.base.settings import HIGH, LOW
from capacity.base.words import amount, number, sentence
from capacity.render import chances
from capacity.render.answer import known_of, mostly, short_answer
from capacity.render.charts.wording import Wording
from capacity.results.labels import (
    ALL,
    column,
    first_greatest,
    has_draws,
    places_known,
    years_of,
)


def verdict(frame: pd.DataFrame, chance: pd.DataFrame, say: Wording) -> str:
    """Return the answer as the terminal gives it, where it is worst, and how sure that is."""
    said = say.lead() + _verdict(frame, say) + short_answer(frame, say.labels, say.lang)
    return "\n".join(filter(None, (said, _worst(frame, say), _how_sure(frame, chance, say))))


def _verdict(frame: pd.DataFrame, say: Wording) -> str:
    """Say whether the plan is enough in its year, where that is known."""
    labels, year = say.labels, say.labels.new_places_by
    if year not in years_of(frame) or labels.by_level or not places_known(frame, labels):
        return ""
    short = known_of(column(frame, "shortage"), labels.headline, year)
    if round(sum(short.values())):
        return say("charts.verdict_short")
    return say("charts.verdict_enough") if len(short) == len(labels.headline) else ""


def _worst(frame: pd.DataFrame, say: Wording) -> str:
    """Say where most places are short in the worst year; "" where the answer says it already."""
    labels, shortage = say.labels, column(frame, "shortage")
    years = years_of(frame)
    by_year = {year: known_of(shortage, labels.headline, year) for year in years}
    totals = {year: sum(cells.values()) for year, cells in by_year.items()}
    year = first_greatest(totals)
    if labels.by_level or year == labels.spoken_year(years) or not round(totals[year]):
        return ""
    most = mostly(by_year[year], totals[year], labels, say.lang)
    facts = {"year": year, "places": amount(totals[year], say.lang), "mostly": most}
    return say("charts.worst_where", **facts) if most else ""


def _how_sure(frame: pd.DataFrame, chance: pd.DataFrame, say: Wording) -> str:
    """Return the range of the answer, how much of it is assumed, and that the split is."""
    labels, year = say.labels, say.labels.spoken_year(years_of(frame))
    if not has_draws(frame) or labels.target_levels or labels.by_level:  # a range is of all levels
        return ""
    name = "shortage" if places_known(frame, labels) else "demand"
    low, high = (column(frame, f"{name}_{end}", year=year)[year, ALL, ALL] for end in (LOW, HIGH))
    if math.isnan(low):
        return ""
    ends = number(low), number(high)
    span = ends[0] if ends[0] == ends[1] else say("charts.fan_span", low=ends[0], high=ends[1])
    parts = [say(f"charts.fan_head_{name}", year=year, span=span)]
    parts.append(chances.assumed(chance, year, ALL, ALL, say.lang))
    parts.append(say("nouns.split_assumed") if labels.split_assumed else "")
    return sentence(say.joined(parts, "semicolon"))
