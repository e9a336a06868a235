"""Which births belong to the cohort that enters in a year, by whole months."""

from __future__ import annotations

MONTHS = 12
#: A date up to this day counts as the end of the month before (nearest month end).
_MID_MONTH = 15


def month_end(month: int, day: int) -> int:
    """Return the month at whose end a date stands, to the nearest one (0 = 31 December before).

    >>> month_end(8, 31), month_end(9, 1)
    (8, 8)
    """
    return month if day > _MID_MONTH else month - 1


def entry_weights(
    age: int, cutoff: tuple[int, int], births_year_ends: tuple[int, int]
) -> dict[int, float]:
    """Share of an entering cohort that was born in the births year ``c`` years before, by ``c``.

    The cohort that enters in year ``t`` has reached ``age`` by the ``cutoff`` (month, day) of
    ``t`` and not by that of ``t − 1``: twelve months of births, each in one births year.

    >>> entry_weights(6, (8, 31), (12, 31))
    {7: 0.3333333333333333, 6: 0.6666666666666666}
    >>> entry_weights(4, (8, 31), (6, 30))
    {4: 0.8333333333333334, 3: 0.16666666666666666}
    """
    last = month_end(*cutoff) - MONTHS * age  # months since the December before year t
    closing = month_end(*births_year_ends)
    shares: dict[int, int] = {}
    for month in range(last - MONTHS + 1, last + 1):
        years_before = -((month - closing - 1) // MONTHS) - 1
        shares[years_before] = shares.get(years_before, 0) + 1
    return {years: months / MONTHS for years, months in sorted(shares.items(), reverse=True)}
