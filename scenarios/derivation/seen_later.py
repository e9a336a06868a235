"""What was seen after the plan was adopted: for tracking, read by no calibration."""

from __future__ import annotations

from derivation.figures import Figure, Row
from derivation.pipeline import new_places
from derivation.pupils import counted

COLUMNS = ("year", "region", "level", "measure", "value", "source", "quality", "known", "note")
_LATER = "seen later: for tracking, read by no calibration"
_REBUILT = "ratios and grades of 2020 were rebuilt from this table: no test of them"
_EXPECTED = "expected in the spring of that year"
_TOTAL, _SUM = "enrolled_total", "enrolled_total_sum_of_grades"


def actuals() -> list[Row]:
    """Give what was counted, stated or expected for the years from 2021, by year and level."""
    places = "primary+secondary"
    return [
        _row(2021, "primary", "pupils", _seen("2021-22", "primary", _TOTAL)),
        _row(2022, "middle", "pupils", _seen("2022-23", "junior", _SUM), _REBUILT),
        _row(2022, "middle", "entrants", _seen("2022-23", "junior", "enrolled_grade7"), _REBUILT),
        _row(2022, "all", "new_places", new_places("2022", "realised, north", places), "", "north"),
        _row(2023, "primary", "entrants", _seen("2023", "primary", "entrants")),
        _row(2023, "middle", "pupils", _seen("2023-24", "junior", _SUM), _REBUILT),
        _row(2023, "middle", "entrants", _seen("2023-24", "junior", "enrolled_grade7"), _REBUILT),
        _row(2023, "all", "new_places", new_places("2023", "realised", places)),
        _row(2024, "primary", "pupils", _seen("2024-25", "primary", _TOTAL)),
        _row(2024, "primary", "entrants", _seen("2024", "primary", "entrants_expected"), _EXPECTED),
        _row(2024, "middle", "entrants", _seen("2024", "junior", "entrants_expected"), _EXPECTED),
        _row(2024, "all", "entry_shortage", _short(2024, "compulsory"), f"{_EXPECTED}; grades 1-9"),
        _row(2024, "all", "new_places", new_places("2024", "realised", places)),
        _row(2025, "primary", "entrants", _seen("2025", "primary", "entrants_expected"), _EXPECTED),
        _row(2025, "middle", "entrants", _seen("2025", "junior", "entrants_expected"), _EXPECTED),
        _row(2025, "middle", "entry_shortage", _short(2025, "junior"), _EXPECTED),
        _row(2025, "all", "pupils", _seen("2025", places, "enrolled_total_expected"), _EXPECTED),
        _row(2025, "all", "new_places", new_places("2025", "realised", places)),
    ]


def _seen(year: str, level: str, measure: str) -> Figure:
    return counted("Haidian", year, level, measure)


def _short(year: int, level: str) -> Figure:
    return _seen(str(year), level, "shortage_of_places_expected")


def _row(
    year: int, level: str, measure: str, of: Figure, note: str = "", region: str = "all"
) -> Row:
    return {
        "year": year,
        "region": region,
        "level": level,
        "measure": measure,
        "value": f"{of.value:g}",
        "source": of.source,
        "quality": of.quality,
        "known": of.known,
        "note": f"{_LATER}; {note}" if note else _LATER,
    }
