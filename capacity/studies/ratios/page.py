"""Calibrated ratios as plain text: what they rest on, what broke, and the ratios as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from capacity.base.words import number, sentence, word
from capacity.render import text as terminal
from capacity.results.labels import ALL, Labels

if TYPE_CHECKING:
    import pandas as pd

#: More ratios than these are summed up by grade.
LISTED = 70
#: Years before the first that earlier ones can foretell.
_BEFORE = 2


@dataclass(frozen=True, eq=False)
class Calibrated:
    """What is said of calibrated ratios.

    Attributes
    ----------
    frame : DataFrame
        The rows of ratios.csv.
    labels : Labels
    method : str
    window : int
    breaks : int
        How many were found.
    years : tuple of int
        Those of enrolment up to the base year.
    """

    frame: pd.DataFrame
    labels: Labels
    method: str
    window: int
    breaks: int
    years: tuple[int, ...]


def summary(found: Calibrated, lang: str) -> str:
    """Give the answer in sentences, then the ratios: each, or of many regions by grade."""
    title, heads, rows, left = table(found, lang)
    shown = terminal.table(heads, rows, left=left)
    return "\n\n".join([*sentences(found, lang), f"{title}\n{shown}"])


def sentences(found: Calibrated, lang: str) -> list[str]:
    """Say what was calibrated and how, what is held or kept out, and what broke."""
    frame, labels = found.frame, found.labels
    district = labels.region_name(ALL, lang)
    known = frame[frame["years"] > 0]
    if known.empty:
        lead = word("ratios.none", lang, district=district)
    else:
        first, last = int(known["first_year"].min()), int(known["last_year"].max())
        years = word(
            "charts.span" if first < last else "charts.span_one", lang, first=first, last=last
        )
        facts = {"n": number(len(known)), "regions": number(known["region"].nunique())}
        facts |= {"district": district, "method": found.method, "years": years}
        lead = word("ratios.head", lang, **facts)
    how = word(f"ratios.method_{found.method}", lang, window=found.window)
    parts = [sentence(how)]
    if held := int(frame["held"].notna().sum()):
        parts.append(word("ratios.held", lang, n=number(held)))
    if flagged := int(frame["flagged"].sum()):
        parts.append(word("ratios.flagged", lang, n=number(flagged)))
    stop = word("nouns.stop", lang)
    second = word("nouns.semicolon", lang).join(parts) + stop
    return [lead + stop + "\n" + second + "\n" + sentence(_broken(found, lang)) + stop]


def _broken(found: Calibrated, lang: str) -> str:
    if found.breaks:
        return word("ratios.breaks", lang, n=number(found.breaks))
    if len(found.years) <= _BEFORE:
        return word("ratios.untested", lang)
    return word("ratios.no_breaks", lang, first=found.years[_BEFORE])


def table(found: Calibrated, lang: str) -> tuple[str, list[str], list[list[str]], int]:
    """Give title, heads, cells, and how many columns from the first are text."""
    frame, labels = found.frame, found.labels
    if len(frame) > LISTED:
        regions = number(frame["region"].nunique())
        return (word("ratios.by_grade", lang, regions=regions), *_by_grade(frame, labels, lang))
    return (word("ratios.table", lang), *_each(frame, labels, lang))


def _each(frame: pd.DataFrame, labels: Labels, lang: str) -> tuple[list[str], list[list[str]], int]:
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
            rows.append(
                [*cells, word("ratios.held_at", lang, n=number(row["held"])), "", "", "", ""]
            )
            continue
        cells += [_figure(row["ratio"]), _figure(row["sd"])]
        cells += [str(row["years"]), f"{row['first_year']}-{row['last_year']}", _towards(row, lang)]
        rows.append(cells)
    return [word(name, lang) for name in names], rows, 3


def _by_grade(
    frame: pd.DataFrame, labels: Labels, lang: str
) -> tuple[list[str], list[list[str]], int]:
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
    return [word(name, lang) for name in names], rows, 2


def _towards(row: dict[Any, Any], lang: str) -> str:
    """Name what weighs most in what a ratio was drawn towards, and its value."""
    name = row["shrunk_towards"]
    return word(f"ratios.towards_{name}", lang, value=_figure(row[name]) if name else "")


def _figure(value: float, digits: int = 4) -> str:
    return "" if math.isnan(value) else f"{value:.{digits}f}"
