"""Sampled worlds: how far ratios, births, projects and base-year figures may stray, and draws."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    beginnings: BIRTHS_BACK UnknownBirths draw_split
    carried: Carried carried_luck
    centre: centres
    demand: demand_sampler draw_demand draw_pupils
    estimate: OneStep cut estimate_spread fitted not_below_none one_step spread_of standardised
    middle: below_mean lowest near_middle
    parts: parts_of_spread
    runs: Draws Worlds counted_births draw_demand_alone run_draws sampler_of_run spread_of_run
    samples: KEPT Sampler Samples sampler_of sources_of without_assumed
    scales: Scales heads_of scales_of young_loads
    shocks: Shared log_shocks persist shared_shocks walk
    spread: BirthsSpread NO_BIRTHS Spread Variance default_spread
    streams: BLOCK Block Cumulant Singles VALUES blocks cumulant cumulant_of normals pooled
        stream student_cumulant students
    summary: Summary between entry_columns in_order joined neighbours quantiles ranked sufficing
        summarise whole_classes
    supply: COMPLETION DELAY ProjectOutcomes completion_of draw_outcomes draw_places
        project_outcomes
    worlds: sample sampled
    """,
)
