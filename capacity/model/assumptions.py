"""Every number that the model itself brings: named, sourced, and shown with each run."""

from __future__ import annotations

from dataclasses import dataclass

from capacity.base.words import word

_EARLY_WARNING = word("common.early_warning", "en")


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
    _EARLY_WARNING, "GREEN",
)  # fmt: skip
BAND_RED = Assumption(
    "band_red_from", 1.0, "entrants ÷ entry places",
    _EARLY_WARNING, "GREEN",
)  # fmt: skip
#: Source of the constants of `shrunk`.
_MEASURED = "measured on English and Texan districts, 1 to 6 years ahead"
SHRUNK_MEMORY = Assumption(
    "shrunk_memory", 8, "years that count",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_POOL_DECAY = Assumption(
    "shrunk_pool_decay", 0.6, "weight of a year ÷ the next, ratio of all areas",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_AREA_DECAY = Assumption(
    "shrunk_area_decay", 0.9, "weight of a year ÷ the next, an area's long run",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_AREA_WEIGHT = Assumption(
    "shrunk_area_weight", 2000, "pupils at which an area's own ratios weigh half",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_RUN_WEIGHT = Assumption(
    "shrunk_run_weight", 300, "pupils at which a grade's own long run weighs half",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_RECENT_DECAY = Assumption(
    "shrunk_recent_decay", 0.4, "weight of a year ÷ the next, recent ratio",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_RECENT_WEIGHT = Assumption(
    "shrunk_recent_weight", 1000, "pupils at which the recent ratio weighs half",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_ENTRY_RECENT_DECAY = Assumption(
    "shrunk_entry_recent_decay", 0.4, "weight of a year ÷ the next, recent entry ratio",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_ENTRY_RUN_DECAY = Assumption(
    "shrunk_entry_run_decay", 0.8, "weight of a year ÷ the next, long-run entry ratio",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_ENTRY_WEIGHT = Assumption(
    "shrunk_entry_weight", 1000, "births at which the recent entry ratio weighs half",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_LEVEL_YEARS = Assumption(
    "shrunk_level_years", 6, "years that count where entry has no births",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_LEVEL_DECAY = Assumption(
    "shrunk_level_decay", 0.5, "weight of a year ÷ the next, entry without births",
    _MEASURED, "AMBER",
)  # fmt: skip
SHRUNK_LEVEL_WEIGHT = Assumption(
    "shrunk_level_weight", 100, "entrants at which the last count weighs half",
    _MEASURED, "AMBER",
)  # fmt: skip
MIXING_WEIGHT = Assumption(
    "mixing_weight", 500, "pupils of an area at which holding its pupils weighs half",
    _MEASURED, "AMBER",
)  # fmt: skip
MIXING_YEARS = Assumption(
    "mixing_years", 4, "years whose grade shares count",
    _MEASURED, "AMBER",
)  # fmt: skip
MIXING_DECAY = Assumption(
    "mixing_decay", 0.6, "weight of a year ÷ the next, grade shares",
    _MEASURED, "AMBER",
)  # fmt: skip
SPREAD_ORIGINS = Assumption(
    "spread_origins", 6, "latest forecasts whose errors count",
    _MEASURED, "AMBER",
)  # fmt: skip
PRIOR_ORIGINS = Assumption(
    "prior_origins", 3, "forecasts that the prior spread counts for",
    _MEASURED, "AMBER",
)  # fmt: skip
COMMON_PRIOR = Assumption(
    "common_prior", 0.006, "log error a year, all areas and grades above the first",
    _MEASURED, "AMBER",
)  # fmt: skip
GRADE_PRIOR = Assumption(
    "grade_prior", 0.002, "log error a year, all areas, one grade",
    _MEASURED, "AMBER",
)  # fmt: skip
ENTRY_PRIOR = Assumption(
    "entry_prior", 0.02, "log error a year, all areas, first grade",
    _MEASURED, "AMBER",
)  # fmt: skip
BIRTHS_PRIOR = Assumption(
    "births_prior", 0.03, "log error a year of births not yet known",
    _MEASURED, "AMBER",
)  # fmt: skip
CELL_PRIOR_CELLS = Assumption(
    "cell_prior_cells", 20, "errors that the spread of all grades counts for in one",
    _MEASURED, "AMBER",
)  # fmt: skip
RESIDUAL_LIMIT = Assumption(
    "residual_limit", 6, "standard deviations beyond which a residual is cut",
    _MEASURED, "AMBER",
)  # fmt: skip
CAPPED_QUANTILE = Assumption(
    "capped_quantile", 0.995, "quantile of squared errors above which they are cut",
    _MEASURED, "AMBER",
)  # fmt: skip
COMMON_SPREAD = Assumption(
    "common_spread", 0.004, "default: log error a year, all areas and grades above the first",
    _MEASURED, "AMBER",
)  # fmt: skip
GRADE_SPREAD = Assumption(
    "grade_spread", 0.002, "default: log error a year, all areas, one grade",
    _MEASURED, "AMBER",
)  # fmt: skip
AREA_PER_HEAD = Assumption(
    "area_per_head", 0.6, "default: variance of an area's log error a year × its pupils",
    _MEASURED, "AMBER",
)  # fmt: skip
CELL_PER_HEAD = Assumption(
    "cell_per_head", 0.19, "default: variance of a cohort's log error a year × its pupils",
    _MEASURED, "AMBER",
)  # fmt: skip
ENTRY_SPREAD = Assumption(
    "entry_spread", 0.015, "default: log error a year, all areas, first grade",
    _MEASURED, "AMBER",
)  # fmt: skip
ENTRY_AREA_SPREAD = Assumption(
    "entry_area_spread", 0.02, "default: log error a year of an area's first grade",
    _MEASURED, "AMBER",
)  # fmt: skip
ENTRY_PER_HEAD = Assumption(
    "entry_per_head", 1.6, "default: variance of the first grade's log error × its pupils",
    _MEASURED, "AMBER",
)  # fmt: skip
BIRTHS_SPREAD = Assumption(
    "births_spread", 0.03, "default: log error a year of births not yet known",
    _MEASURED, "AMBER",
)  # fmt: skip
COMMON_PERSISTENCE = Assumption(
    "common_persistence", 0.4, "share of a year's common shock that stays",
    _MEASURED, "AMBER",
)  # fmt: skip
AREA_PERSISTENCE = Assumption(
    "area_persistence", 0.2, "share of a year's area shock that stays",
    _MEASURED, "AMBER",
)  # fmt: skip
CELL_PERSISTENCE = Assumption(
    "cell_persistence", 0.15, "share of a year's cohort shock that stays",
    _MEASURED, "AMBER",
)  # fmt: skip
ENTRY_PERSISTENCE = Assumption(
    "entry_persistence", 0.5, "share of a year's entry shock that stays",
    _MEASURED, "AMBER",
)  # fmt: skip
BREAK_DEVIATIONS = Assumption(
    "break_deviations", 5, "standard deviations of a yearly ratio from which it is a break",
    "choice: shrinkage and luck explain less; finds the published breaks of Texan districts", "RED",
)  # fmt: skip
BREAK_SHARE = Assumption(
    "break_share", 0.1, "smallest break, as a share of what was expected",
    "choice: smaller ones move a calibrated ratio little", "RED",
)  # fmt: skip
BREAK_PUPILS = Assumption(
    "break_pupils", 50, "smallest break, in pupils",
    "choice: two classes; fewer come and go without cause", "RED",
)  # fmt: skip
SHRUNK = (
    SHRUNK_MEMORY,
    SHRUNK_POOL_DECAY,
    SHRUNK_AREA_DECAY,
    SHRUNK_AREA_WEIGHT,
    SHRUNK_RUN_WEIGHT,
    SHRUNK_RECENT_DECAY,
    SHRUNK_RECENT_WEIGHT,
    SHRUNK_ENTRY_RECENT_DECAY,
    SHRUNK_ENTRY_RUN_DECAY,
    SHRUNK_ENTRY_WEIGHT,
    SHRUNK_LEVEL_YEARS,
    SHRUNK_LEVEL_DECAY,
    SHRUNK_LEVEL_WEIGHT,
    MIXING_WEIGHT,
    MIXING_YEARS,
    MIXING_DECAY,
)
#: Projects of Haidian with a first and a later date, collected for being late.
_LATE = "published dates of nine Haidian projects, 2009-2019, collected for being late"
COMPLETION_BUILDING = Assumption(
    "completion_building", .99, "probability that a project is built",
    "choice", "RED",
)  # fmt: skip
COMPLETION_APPROVED = Assumption(
    "completion_approved", .95, "probability that a project is built",
    "choice", "RED",
)  # fmt: skip
COMPLETION_PLANNED = Assumption(
    "completion_planned", .85, "probability that a project is built",
    "choice", "RED",
)  # fmt: skip
COMPLETION_IDEA = Assumption(
    "completion_idea", .5, "probability that a project is built",
    "choice", "RED",
)  # fmt: skip
LATE_BUILDING = Assumption(
    "late_building", .25, "probability that a project under construction opens a year late",
    "choice: half of the others", "RED",
)  # fmt: skip
LATE = Assumption(
    "late", .5, "probability that a project not yet under construction opens late",
    "late projects mixed with as many on time; England: 24 of 38 early projects late", "AMBER",
)  # fmt: skip
LATE_1 = Assumption(
    "late_by_1_year", 5 / 9, "share of late projects",
    _LATE, "AMBER",
)  # fmt: skip
LATE_2 = Assumption(
    "late_by_2_years", 2 / 9, "share of late projects",
    _LATE, "AMBER",
)  # fmt: skip
LATE_4 = Assumption(
    "late_by_4_years", 1 / 9, "share of late projects",
    _LATE, "AMBER",
)  # fmt: skip
LATE_10 = Assumption(
    "late_by_10_years", 1 / 9, "share of late projects",
    _LATE, "AMBER",
)  # fmt: skip
PROJECTS_COMMON = Assumption(
    "projects_common", .3, "correlation of the luck of any two projects",
    "choice", "RED",
)  # fmt: skip
SPREADS = (
    SPREAD_ORIGINS,
    PRIOR_ORIGINS,
    COMMON_PRIOR,
    GRADE_PRIOR,
    ENTRY_PRIOR,
    BIRTHS_PRIOR,
    CELL_PRIOR_CELLS,
    RESIDUAL_LIMIT,
    CAPPED_QUANTILE,
    COMMON_SPREAD,
    GRADE_SPREAD,
    AREA_PER_HEAD,
    CELL_PER_HEAD,
    ENTRY_SPREAD,
    ENTRY_AREA_SPREAD,
    ENTRY_PER_HEAD,
    BIRTHS_SPREAD,
    COMMON_PERSISTENCE,
    AREA_PERSISTENCE,
    CELL_PERSISTENCE,
    ENTRY_PERSISTENCE,
)
#: What `capacity ratios` calls a break; no run rests on it.
BREAKS = (
    BREAK_DEVIATIONS,
    BREAK_SHARE,
    BREAK_PUPILS,
)
PROJECTS = (
    COMPLETION_BUILDING,
    COMPLETION_APPROVED,
    COMPLETION_PLANNED,
    COMPLETION_IDEA,
    LATE_BUILDING,
    LATE,
    LATE_1,
    LATE_2,
    LATE_4,
    LATE_10,
    PROJECTS_COMMON,
)
#: What runs rest on.
ASSUMPTIONS = (
    TREND_DAMPING,
    TREND_YEARS,
    CONSTRAINED_FROM,
    BAND_YELLOW,
    BAND_RED,
    *SHRUNK,
    *SPREADS,
    *PROJECTS,
)
