"""What the dates of a district's figures tell: counts that were no counts yet, and older ones."""

from __future__ import annotations

import re

import pandas as pd

from capacity.base.errors import Phrase, Problems, phrase
from capacity.base.words import ranges
from capacity.inputs.calendar import MONTHS, month_end
from capacity.inputs.districts.declared import Entry
from capacity.inputs.tables.columns import PROJECTION, TABLES
from capacity.inputs.tables.sheets import place

#: The month in which a school year begins; it is called by its autumn.
AUTUMN = 9
#: How ``capacity ratios --write`` says from which years it took a ratio.
CALIBRATED = "calibrated by "
_LAST_YEAR = re.compile(rf"{CALIBRATED}.*-(\d{{4}})")


def check_dates(
    tables: dict[str, pd.DataFrame],
    entry: Entry | None,
    invalid: frozenset[str],
    problems: Problems,
) -> None:
    """Warn of counts that were published before there was anything to count.

    Parameters
    ----------
    tables
        Those of the district by name.
    entry
        Says when a year of births ends.
    invalid
        Tables and parts that have errors: what asks for them is not asked.
    problems
        Takes the warnings, one a table.
    """
    if not invalid & {"births", "entry"} and entry is not None and _is_dated(tables["births"]):
        births = tables["births"]
        counted = births[~births["source"].str.strip().str.casefold().isin(PROJECTION)]
        ends = _month(counted["year"], month_end(*entry.births_year_ends))
        _early(counted, ends, "births-unfinished", problems)
    for name in ("enrolment", "children"):
        frame = tables[name]
        if name not in invalid and _is_dated(frame):
            facts = {"table": TABLES[name].term}
            _early(frame, _month(frame["year"], AUTUMN), "count-early", problems, **facts)


def _is_dated(frame: pd.DataFrame) -> bool:
    """Whether any row says when it was known."""
    return any(frame["known"].tolist())


def _month(years: pd.Series, month: int) -> pd.Series:
    """Return a month of each year as ``known`` writes it; month 0 is December of the year before.

    >>> _month(pd.Series([2020, 2021]), 9).tolist(), _month(pd.Series([2020]), 0).tolist()
    (['2020-09', '2021-09'], ['2019-12'])
    """
    year, month = (years - 1, MONTHS) if month == 0 else (years, month)
    return year.astype(int).astype(str) + f"-{month:02}"


def _early(
    frame: pd.DataFrame, since: pd.Series, code: str, problems: Problems, **facts: object
) -> None:
    """Warn of the rows that were known before ``since``, all in one line."""
    early = (frame["known"] != "") & (frame["known"] < since)
    if (rows := frame[early]).empty:
        return
    years = ", ".join(ranges(sorted({int(year) for year in rows["year"]})))
    facts |= {"count": len(rows), "years": years, "known": rows["known"].max()}
    problems.warning(code, place(rows), **facts, since=since[early].min())


def check_later(frame: pd.DataFrame, base_year: int, problems: Problems) -> None:
    """Say which rows of enrolment or flags lie after the base year: they do nothing."""
    later = frame[frame["year"] > base_year]
    if len(later):
        years = ", ".join(ranges(sorted({int(year) for year in later["year"]})))
        facts = {"count": len(later), "years": years, "base": base_year}
        problems.warning("years-after", place(later), **facts)


def check_age(
    enrolment: pd.DataFrame, ratios: pd.DataFrame, base_year: int, problems: Problems
) -> None:
    """Say which ratios are older than the base year.

    A stated ratio is older than the counts where it was known before those of the base year
    were, or was calibrated on years of which the base year is none.
    """
    if ratios.empty or (old := ratios[_is_old(enrolment, ratios, base_year)]).empty:
        return
    facts = {"count": len(old), "base": base_year, "dated": _dated(old)}
    problems.warning("ratios-old", place(old), **facts)


def _is_old(enrolment: pd.DataFrame, ratios: pd.DataFrame, base_year: int) -> pd.Series:
    dates = enrolment.loc[enrolment["year"] == base_year, "known"]
    stated = dates[dates != ""]
    counted = stated.min() if len(stated) else f"{base_year}-{AUTUMN:02}"
    known: pd.Series = (ratios["known"] != "") & (ratios["known"] < counted)
    # A cell that has closed keeps its last years: the newest of the sheet tells when it was made.
    lasts = _last_years(ratios)
    return known | (lasts.notna() & bool(lasts.max() < base_year))


def _last_years(ratios: pd.DataFrame) -> pd.Series:
    """Return the last year from which ``capacity ratios --write`` took each ratio; else nan."""
    return ratios["source"].str.extract(_LAST_YEAR, expand=False).astype(float)


def _dated(old: pd.DataFrame) -> Phrase:
    """Say from when the newest of old ratios is."""
    known, lasts = old.loc[old["known"] != "", "known"], _last_years(old)
    if len(known):
        return phrase("facts.known_in", month=known.max())
    return phrase("facts.calibrated_to", year=int(lasts.max()))
