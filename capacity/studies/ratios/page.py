"""Calibrated ratios as people read them: what they rest on, what broke, the ratios as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from capacity.base.words import number, sentence, word
from capacity.render.blocks import Block, Heading, Page, Table, Text
from capacity.render.pages.inputs import notes
from capacity.render.sentences import capped
from capacity.render.text import as_text
from capacity.results.labels import ALL, Labels

if TYPE_CHECKING:
    import pandas as pd

    from capacity.studies.ratios.study import CalibratedRatios

#: More ratios than these are summed up by grade.
LISTED = 40
#: Where all ratios stand.
FILE = "ratios.csv"
#: Years before the first that earlier ones can foretell.
_BEFORE = 2


def shown(of: CalibratedRatios, lang: str) -> Page:
    """Yield what a notebook shows: what ratios rest on, the ratios as a table, and the breaks."""
    yield (Heading(of.labels.region_name(ALL, lang), (of.district.name,)),)
    yield (Text(_sentences(of, lang)),)
    yield *_table(of, lang), *notes(of.notes, lang)


def summary(of: CalibratedRatios, lang: str) -> str:
    """Return the answer in sentences, then the ratios: each, or of many regions by grade."""
    return as_text([[Text(_sentences(of, lang))], _table(of, lang)])


def _sentences(of: CalibratedRatios, lang: str) -> str:
    """Say what was calibrated and how, what is held or kept out, and what broke."""
    frame = of.frame()
    district = of.labels.region_name(ALL, lang)
    known = frame[frame["years"] > 0]
    if known.empty:
        lead = word("ratios.none", lang, district=district)
    else:
        first, last = int(known["first_year"].min()), int(known["last_year"].max())
        span = "charts.span" if first < last else "charts.span_one"
        regions = known["region"].nunique()
        facts = {"n": number(len(known)), "regions": number(regions)}
        facts |= {"method": of.method, "years": word(span, lang, first=first, last=last)}
        head = "ratios.head" if regions > 1 else "ratios.head_one"
        lead = word(head, lang, district=district, **facts)
    parts = [sentence(word(f"ratios.method_{of.method}", lang, window=of.window))]
    if of.passing < 1.0:
        parts.append(word("ratios.passing", lang, share=of.passing))
    if held := int(frame["held"].notna().sum()):
        parts.append(word("ratios.held", lang, n=number(held)))
    if flagged := int(frame["flagged"].sum()):
        parts.append(word("ratios.flagged", lang, n=number(flagged)))
    stop = word("nouns.stop", lang)
    second = word("nouns.semicolon", lang).join(parts)
    return "\n".join(text + stop for text in (lead, second, sentence(_broken(of, lang))))


def _broken(of: CalibratedRatios, lang: str) -> str:
    if found := len(of.breaks):
        return word("ratios.breaks", lang, n=number(found))
    years = sorted({int(year) for year in of.district.table("enrolment")["year"]})
    years = [year for year in years if year <= of.base_year]
    if len(years) <= _BEFORE:
        return word("ratios.untested", lang)
    return word("ratios.no_breaks", lang, first=years[_BEFORE])


def _table(of: CalibratedRatios, lang: str) -> list[Block]:
    """Return each ratio, or of many regions those of each grade."""
    frame, labels = of.frame(), of.labels
    if len(frame) > LISTED:
        title = word("ratios.by_grade", lang, regions=number(frame["region"].nunique()))
        return capped(_by_grade(title, frame, labels, lang), FILE, lang)
    return [_each(word("ratios.table", lang), frame, labels, lang)]


def _each(title: str, frame: pd.DataFrame, labels: Labels, lang: str) -> Table:
    names = (
        "nouns.region",
        "ratios.grade_into",
        "ratios.basis",
        "ratios.ratio",
        "ratios.spread",
        "ratios.years_of",
        "ratios.from_until",
        "ratios.towards",
    )
    rows = []
    for row in frame.to_dict("records"):
        name = f"{labels.region_name(row['region'], lang)} {row['group']}".strip()
        cells = [name, str(row["grade"]), word(f"ratios.per_{row['basis']}", lang)]
        if math.isnan(row["ratio"]):
            held = word("ratios.held_at", lang, n=number(row["held"]))
            rows.append([*cells, held, "", "", "", ""])
            continue
        cells += [_figure(row["ratio"]), _figure(row["sd"])]
        span = f"{row['first_year']}-{row['last_year']}" if row["years"] else ""
        cells += [str(row["years"]), span, _towards(row, lang)]
        rows.append(cells)
    return Table(title, [word(name, lang) for name in names], rows, left=3)


def _by_grade(title: str, frame: pd.DataFrame, labels: Labels, lang: str) -> Table:
    names = (
        "ratios.grade_into",
        "ratios.basis",
        "ratios.lowest",
        "ratios.middle_of",
        "ratios.highest",
        "ratios.highest_in",
        "ratios.spread",
    )
    rows = []
    for (grade, basis), part in frame.groupby(["grade", "basis"]):
        cells = [str(grade), word(f"ratios.per_{basis}", lang)]
        known = part[part["ratio"].notna()]
        if known.empty:
            rows.append([*cells, *[word("ratios.towards_", lang)] * 5])
            continue
        ratio = known["ratio"]
        highest = str(known.nlargest(1, "ratio")["region"].iloc[0])
        cells += [_figure(value) for value in (ratio.min(), ratio.median(), ratio.max())]
        cells += [labels.region_name(highest, lang), _figure(known["sd"].median())]
        rows.append(cells)
    return Table(title, [word(name, lang) for name in names], rows, left=2)


def _towards(row: dict[Any, Any], lang: str) -> str:
    """Name what weighs most in what a ratio was drawn towards, and its value."""
    name = row["shrunk_towards"]
    return word(f"ratios.towards_{name}", lang, value=_figure(row[name]) if name else "")


def _figure(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4f}"
