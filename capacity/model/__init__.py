"""The model on arrays: arrays in, arrays out; no files and no frames."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    assumptions: AREA_PER_HEAD AREA_STAYS AREA_STAYS_HALF AREA_STAYS_MORE ASSUMPTIONS BAND_IDLE
        BAND_RED BAND_YELLOW BIRTHS_PRIOR BIRTHS_SPREAD BREAKS BREAK_NONE CELL_PER_HEAD
        CELL_PRIOR_CELLS CELL_STAYS CELL_STAYS_HALF CELL_STAYS_MORE COMMON_PERSISTENCE COMMON_PRIOR
        COMMON_SPREAD COMPLETION_APPROVED COMPLETION_BUILDING COMPLETION_IDEA COMPLETION_PLANNED
        CONSTRAINED_FROM EMPTY_COHORT ENTRY_AREA_SPREAD ENTRY_PERSISTENCE ENTRY_PER_HEAD ENTRY_PRIOR
        ENTRY_SPREAD FACTOR_LIMIT FAR_ABOVE FAR_BELOW FAR_COHORT FIRST_STAYS FIRST_STAYS_HALF
        FIRST_STAYS_HELD FIRST_STAYS_MORE GRADE_PRIOR GRADE_SPREAD HELD_PERSISTENCE LATE LATE_1
        LATE_10 LATE_2 LATE_4 LATE_BUILDING MIDDLE_FIXED MIDDLE_LIMIT MIDDLE_PER_HEAD PASSING_PRIOR
        PASSING_WEIGHT PRIOR_ORIGINS PROJECTS_COMMON RATIO_LIMIT RESIDUAL_LIMIT SHOCKS SHOCK_LEAST
        SHOCK_LIMIT SHOCK_LUCK SHOCK_REGIONS SHOCK_TIMES SHOCK_UNDONE SHOCK_YEARS SPREAD_ORIGINS
        SQUARES_FROM SQUARES_LIMIT YOUNG_GRADE YOUNG_MORE
    balance: Lenders clip components convert residual_shortage
    births: birth_cohorts extend_births log_slope
    breaks: Break LookBack find_breaks middle
    checks: Check check
    data: Adjustment Adjustments Bands Closure Conversion ModelData NEVER ProjectAdjustment Projects
        Rezoning Stock USUAL_BANDS
        VARIABLES
    demand: Demand prepare_demand
    history: History came_from history_of spell
    homes: Homes home_arrivals usual_homes
    levers: ProjectStep Step adjust adjust_projects formed
    mixing: Held held small_area_moves
    passing: Passing find_passing not_passing passing_share
    pools: Pools
    ratios: Calibrated Estimate METHODS Ratios calibrate estimate mean pooled
    roll: Flow Transfers by_grade by_level by_region entrants_by_level progressed redistribute
        rezone roll_forward
    rows: BY_GRADE EXISTING MARGIN_GAP MEASURES ROWS any_part balanced band classes composition
        entry_rows reached share_used sum_members totals with_levels
    run: NO_LEVERS Run forecast run_model
    shrunk: ShrunkRatio entry_weights progression_weights
    simulation: Outcome Prepared prepare simulate
    supply: Supply constrained counted entry_places open_share prepare_supply project_places
        project_shares projects_by_grade standing stock_by_cell
    zeros: Past
    """,
)
