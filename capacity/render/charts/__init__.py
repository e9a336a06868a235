"""Charts: functions of a results frame and its labels that draw on axes, ignorant of the model."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    canvas: Canvas Renderer
    cohorts: cohorts_chart
    entry: entry_chart
    fan: fan_chart
    figure_frame: LEAST bare key write
    gap: gap_chart
    heatmap: ABOVE BELOW cell_colour heatmap_chart
    kinds: FORMATS KINDS Kind
    layout: Box Panels WORST inset
    map: map_chart
    map_figures: DEPTHS STEPS colour_of
    plane: area equal_area inside wound
    shapes: Shapes shapes_of
    style: COLUMN DEMAND IDLE LISTED Looks MUTED RED RULE SHORT TARGET TEXT YELLOW contrast
        mix of_balance save styled text_colour
    supply: PARTS supply_chart
    told: tell told_of
    trend: trend_chart
    typeface: families families_for installed missing
    wording: Wording
    """,
)
