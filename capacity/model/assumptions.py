"""Every number that the model itself brings: named, sourced, and shown with each run."""

from __future__ import annotations

from dataclasses import dataclass

from capacity.base.words import word


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


def _measured(name: str, value: float, unit: str) -> Assumption:
    return _assumed(name, value, unit, "measured", "AMBER")


def _chosen(name: str, value: float, unit: str, source: str = "choice") -> Assumption:
    return _assumed(name, value, unit, source, "RED")


def _assumed(name: str, value: float, unit: str, source: str, quality: str) -> Assumption:
    """Return a constant whose source stands under a key of the catalog of sources."""
    return Assumption(name, value, unit, word(f"sources.{source}", "en"), quality)


# Births after the last known year
TREND_DAMPING = _assumed(
    "births_trend_damping",
    0.8,
    "share of the slope kept from one year to the next",
    "measured_damping",
    "AMBER",
)
TREND_YEARS = _assumed(
    "births_trend_years",
    4,
    "years whose slope continues",
    "measured_trend",
    "AMBER",
)

# Places, and the bands of the early warning
CONSTRAINED_FROM = _chosen(
    "constrained_from",
    0.98,
    "pupils ÷ places from which admission bounds demand",
    "funded",
)
BAND_YELLOW = _assumed("band_yellow_from", 0.9, "entrants ÷ entry places", "early_warning", "GREEN")
BAND_RED = _assumed("band_red_from", 1.0, "entrants ÷ entry places", "early_warning", "GREEN")
BAND_IDLE = _chosen(
    "band_idle_below",
    0.75,
    "demand ÷ places below which places stand idle",
    "three_quarters",
)

# What zeros of the past mean, and how far calibrated ratios may go
CLOSED_FROM = _chosen(
    "closed_from",
    10,
    "pupils missing in a run of years without any from which a grade was closed",
    "village",
)
RATIO_LIMIT = _chosen("ratio_limit", 5, "largest ratio", "stated_limit")

# The method `shrunk`, and what small areas hold
SHRUNK_MEMORY = _measured("shrunk_memory", 8, "years that count")
SHRUNK_POOL_DECAY = _measured(
    "shrunk_pool_decay", 0.6, "weight of a year ÷ the next, ratio of all areas"
)
SHRUNK_AREA_DECAY = _measured(
    "shrunk_area_decay", 0.9, "weight of a year ÷ the next, an area's long run"
)
SHRUNK_AREA_WEIGHT = _measured(
    "shrunk_area_weight", 2000, "pupils at which an area's own ratios weigh half"
)
SHRUNK_RUN_WEIGHT = _measured(
    "shrunk_run_weight", 300, "pupils at which a grade's own long run weighs half"
)
SHRUNK_RECENT_DECAY = _measured(
    "shrunk_recent_decay", 0.4, "weight of a year ÷ the next, recent ratio"
)
SHRUNK_RECENT_WEIGHT = _measured(
    "shrunk_recent_weight", 1000, "pupils at which the recent ratio weighs half"
)
SHRUNK_ENTRY_RECENT_DECAY = _measured(
    "shrunk_entry_recent_decay", 0.4, "weight of a year ÷ the next, recent entry ratio"
)
SHRUNK_ENTRY_RUN_DECAY = _measured(
    "shrunk_entry_run_decay", 0.8, "weight of a year ÷ the next, long-run entry ratio"
)
SHRUNK_ENTRY_WEIGHT = _measured(
    "shrunk_entry_weight", 1000, "births at which the recent entry ratio weighs half"
)
SHRUNK_LEVEL_YEARS = _measured(
    "shrunk_level_years", 6, "years that count where entry has no births"
)
SHRUNK_LEVEL_DECAY = _measured(
    "shrunk_level_decay", 0.5, "weight of a year ÷ the next, entry without births"
)
SHRUNK_LEVEL_WEIGHT = _measured(
    "shrunk_level_weight", 300, "entrants at which the last count weighs half"
)
PASSING_PRIOR = _measured(
    "passing_prior", 0.6, "share of a change in an area's births that its first grade shows"
)
PASSING_WEIGHT = _measured(
    "passing_weight",
    0.04,
    "squared logs that the prior share counts for: those of five areas over eight years",
)
PASSING_HALF = _measured("passing_half", 1000, "births at which an area's year counts half")
PASSING_DECAY = _measured(
    "passing_decay", 0.8, "weight of a year ÷ the next, an area's usual share of births"
)
MIXING_WEIGHT = _measured(
    "mixing_weight", 500, "pupils of an area at which holding its total weighs half"
)
MIXING_GRADES_WEIGHT = _measured(
    "mixing_grades_weight",
    100,
    "pupils of an area at which holding its shares of grades weighs half",
)
MIXING_YEARS = _measured("mixing_years", 4, "years whose grade shares count")
MIXING_DECAY = _measured("mixing_decay", 0.6, "weight of a year ÷ the next, grade shares")

# How far forecasts stray: past errors, their priors, and the defaults where there is no past
SPREAD_ORIGINS = _measured("spread_origins", 6, "latest forecasts whose errors count")
PRIOR_ORIGINS = _measured("prior_origins", 3, "forecasts that the prior spread counts for")
COMMON_PRIOR = _measured(
    "common_prior", 0.006, "log error a year, all areas and grades above the first"
)
GRADE_PRIOR = _measured("grade_prior", 0.002, "log error a year, all areas, one grade")
ENTRY_PRIOR = _measured("entry_prior", 0.02, "log error a year, all areas, first grade")
BIRTHS_PRIOR = _measured("births_prior", 0.03, "log error a year of births not yet known")
CELL_PRIOR_CELLS = _measured(
    "cell_prior_cells", 20, "errors that the spread of all grades counts for in one"
)
RESIDUAL_LIMIT = _measured("residual_limit", 6, "scales beyond which no shock is drawn")
SQUARES_LIMIT = _measured(
    "squares_limit", 25, "times the median square of its kind above which an error's is cut"
)
SQUARES_FROM = _measured("squares_from", 8, "errors of a kind from which their squares are cut")
SHOCK_LIMIT = _chosen(
    "shock_limit",
    0.5,
    "largest standard deviation of a cohort's or an area's log error a year",
    "guessed",
)
EMPTY_COHORT = _chosen(
    "empty_cohort",
    100,
    "pupils that a grade counts for in a year in which its area has none before levers",
    "new_school",
)
FACTOR_LIMIT = _chosen(
    "factor_limit",
    10,
    "most that luck makes of a cohort, and its inverse the least",
    "no_cause",
)
MIDDLE_LIMIT = _chosen(
    "middle_limit",
    0.05,
    "most that the middle of an area's draws may lie below its central run, as a share of it",
    "logs",
)
MIDDLE_FIXED = _measured(
    "middle_fixed", 0.005, "the same of the largest area: 1,000 pupils under 1 % below"
)
MIDDLE_PER_HEAD = _measured(
    "middle_per_head", 3.3, "what is added to it × the area's pupils: 200 pupils 2 % below, 60 6 %"
)
COMMON_SPREAD = _measured(
    "common_spread", 0.004, "default: log error a year, all areas and grades above the first"
)
GRADE_SPREAD = _measured("grade_spread", 0.002, "default: log error a year, all areas, one grade")
AREA_PER_HEAD = _measured(
    "area_per_head", 0.6, "default: variance of an area's log error a year × its pupils"
)
CELL_PER_HEAD = _measured(
    "cell_per_head", 0.19, "default: variance of a cohort's log error a year × its pupils"
)
ENTRY_SPREAD = _measured("entry_spread", 0.015, "default: log error a year, all areas, first grade")
ENTRY_AREA_SPREAD = _measured(
    "entry_area_spread", 0.02, "default: log error a year of an area's first grade"
)
ENTRY_PER_HEAD = _measured(
    "entry_per_head", 1.6, "default: variance of the first grade's log error × its pupils"
)
BIRTHS_SPREAD = _measured(
    "births_spread", 0.03, "default: log error a year of births not yet known"
)
COMMON_PERSISTENCE = _measured(
    "common_persistence", 0.4, "share of a year's common shock that stays"
)
ENTRY_PERSISTENCE = _measured(
    "entry_persistence", 0.5, "share of a year's common entry shock that stays, with births"
)
HELD_PERSISTENCE = _measured(
    "held_persistence", 1, "share of a year's common entry shock that stays, first grade held"
)
AREA_STAYS = _measured("area_stays", 0.05, "share of an area's shock that stays, no pupils")
AREA_STAYS_MORE = _measured("area_stays_more", 0.4, "what is added to it in the largest area")
AREA_STAYS_HALF = _measured("area_stays_half", 5000, "pupils at which half of that is added")
CELL_STAYS = _measured("cell_stays", 0.05, "share of a cohort's shock that stays, no pupils")
CELL_STAYS_MORE = _measured("cell_stays_more", 0.45, "what is added to it in the largest cohort")
CELL_STAYS_HALF = _measured("cell_stays_half", 400, "pupils at which half of that is added")
FIRST_STAYS = _measured("first_stays", 0.2, "share of a first grade's shock that stays, no pupils")
FIRST_STAYS_MORE = _measured(
    "first_stays_more", 0.4, "what is added to it in the largest first grade, with births"
)
FIRST_STAYS_HELD = _measured(
    "first_stays_held", 0.8, "what is added to it in the largest first grade, held"
)
FIRST_STAYS_HALF = _measured("first_stays_half", 200, "pupils at which half of that is added")
SHOCK_UNDONE = _measured(
    "shock_undone", 0.2, "share of its own shock that a cohort loses a year later"
)
YOUNG_MORE = _measured(
    "young_more", 0.5, "by how much more an area's shock hits grade 0 than grade `young_grade`"
)
YOUNG_GRADE = _measured("young_grade", 6, "grade that an area's shock hits as on average")

# Projects: whether they are built, and how late
#: Key of the source of how late projects are: those of Haidian with a first and a later date.
_LATE = "late_haidian"
COMPLETION_BUILDING = _chosen("completion_building", 0.99, "probability that a project is built")
COMPLETION_APPROVED = _chosen("completion_approved", 0.95, "probability that a project is built")
COMPLETION_PLANNED = _chosen("completion_planned", 0.85, "probability that a project is built")
COMPLETION_IDEA = _chosen("completion_idea", 0.5, "probability that a project is built")
LATE_BUILDING = _chosen(
    "late_building",
    0.25,
    "probability that a project under construction opens a year late",
    "half_of_others",
)
LATE = _assumed(
    "late",
    0.5,
    "probability that a project not yet under construction opens late",
    "late_mixed",
    "AMBER",
)
LATE_1 = _assumed("late_by_1_year", 5 / 9, "share of late projects", _LATE, "AMBER")
LATE_2 = _assumed("late_by_2_years", 2 / 9, "share of late projects", _LATE, "AMBER")
LATE_4 = _assumed("late_by_4_years", 1 / 9, "share of late projects", _LATE, "AMBER")
LATE_10 = _assumed("late_by_10_years", 1 / 9, "share of late projects", _LATE, "AMBER")
PROJECTS_COMMON = _chosen("projects_common", 0.3, "correlation of the luck of any two projects")

#: What runs rest on: all of the above, in their order.
ASSUMPTIONS = tuple(one for one in list(vars().values()) if isinstance(one, Assumption))

# From where a ratio is said to be far from 1; no run rests on it
FAR_ABOVE = _chosen("far_above", 1.5, "ratio above which it is asked about")
FAR_BELOW = _chosen("far_below", 0.5, "ratio below which it is asked about")
FAR_COHORT = _chosen("far_cohort", 50, "cohort from which a ratio far from 1 is asked about")

# What is called a break; no run rests on it
BREAK_DEVIATIONS = _chosen(
    "break_deviations",
    5,
    "standard deviations of a yearly ratio from which it is a break",
    "break_deviations",
)
BREAK_SHARE = _chosen(
    "break_share",
    0.1,
    "smallest break, as a share of what was expected",
    "break_share",
)
BREAK_PUPILS = _chosen(
    "break_pupils",
    50,
    "smallest break, in pupils",
    "break_pupils",
)
BREAK_NONE = _chosen(
    "break_none",
    1000,
    "times that a fall to no pupils counts for in a yearly ratio, whatever its size",
    "break_none",
)
BREAKS = (BREAK_DEVIATIONS, BREAK_SHARE, BREAK_PUPILS)

# Which years forecast were shocks, where a back-test tells it; no run rests on it
SHOCK_TIMES = _chosen(
    "shock_times",
    3.5,
    "times the usual error of all regions together, one year ahead, beyond which a year is a shock",
    "shock_times",
)
SHOCK_LEAST = _chosen(
    "shock_least",
    COMMON_SPREAD.value,
    "least error of all regions together, one year ahead, of a shock",
    "shock_least",
)
SHOCK_LUCK = _chosen(
    "shock_luck",
    2.4,
    "standard deviations of single pupils' luck (area_per_head ÷ pupils) that are no shock",
    "shock_luck",
)
SHOCK_REGIONS = _chosen(
    "shock_regions", 3, "regions from which their common error is told from their own"
)
SHOCK_YEARS = _chosen("shock_years", 4, "years forecast from which there is a usual error")
SHOCKS = (SHOCK_TIMES, SHOCK_LEAST, SHOCK_LUCK, SHOCK_REGIONS, SHOCK_YEARS)
