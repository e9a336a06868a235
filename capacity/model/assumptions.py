"""Every number that the model itself brings: named, sourced, and shown with each run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Assumption:
    """A constant of the model.

    Attributes
    ----------
    name, value, unit
        What it is.
    source
        Where it comes from.
    quality
        GREEN official or measured, AMBER some evidence, RED a choice.
    """

    name: str
    value: float
    unit: str
    source: str
    quality: str


TREND_DAMPING = Assumption(
    "births_trend_damping", 0.8, "share of the slope kept from one year to the next",
    "measured on English and Texan districts: undamped trends turn too late", "AMBER",
)  # fmt: skip
TREND_YEARS = Assumption(
    "births_trend_years", 4, "years whose slope continues",
    "measured on English and Texan districts", "AMBER",
)  # fmt: skip
CONSTRAINED_FROM = Assumption(
    "constrained_from", 0.98, "pupils ÷ places from which admission bounds demand",
    "choice: England funds a 2 % margin for operation (Public Accounts Committee 2017)", "RED",
)  # fmt: skip
BAND_YELLOW = Assumption(
    "band_yellow_from", 0.9, "entrants ÷ entry places",
    "学位预警, Zhejiang 浙教基〔2018〕100号", "GREEN",
)  # fmt: skip
BAND_RED = Assumption(
    "band_red_from", 1.0, "entrants ÷ entry places",
    "学位预警, Zhejiang 浙教基〔2018〕100号", "GREEN",
)  # fmt: skip

ASSUMPTIONS = (TREND_DAMPING, TREND_YEARS, CONSTRAINED_FROM, BAND_YELLOW, BAND_RED)
