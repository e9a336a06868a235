"""The unit of each column of a run, and what it holds."""

from __future__ import annotations

from capacity.base.settings import QUANTILES
from capacity.base.words import word

PUPILS, PLACES, SHARE = "pupils", "places", ""
#: By column; what draws say of a column has its unit.
UNITS = {
    **dict.fromkeys(("demand", "pupils", "entrants"), PUPILS),
    **dict.fromkeys(("places", "places_listed", "gap", "shortage", "surplus"), PLACES),
    **dict.fromkeys(("shortage_after", "shortage_by_grade"), PLACES),
    **dict.fromkeys(("shortage_mean", "surplus_mean"), PLACES),
    **dict.fromkeys(("utilisation", "prob_shortage", "prob_idle", "constrained"), SHARE),
}


def parted(column: str) -> tuple[str, str]:
    """Return the column that a quantile is of, and its end; of another column, no end.

    >>> parted("places_listed"), parted("gap_p90")
    (('places_listed', ''), ('gap', 'p90'))
    """
    base, _, end = column.rpartition("_")
    return (base, end) if end in QUANTILES else (column, "")


def unit_of(column: str) -> str:
    """Return the unit of a column: ``pupils``, ``places``, or "" of a share."""
    return UNITS[parted(column)[0]]


def described(column: str, lang: str = "en") -> str:
    """Return what a column holds.

    >>> described("gap_p90")
    'demand less places: above 0 is short; 90 % quantile of the draws'
    """
    base, end = parted(column)
    text = word(f"frames.{base}", lang)
    share = round(100 * QUANTILES[end]) if end else 0
    return word("frames.quantile", lang, of=text, share=share) if end else text
