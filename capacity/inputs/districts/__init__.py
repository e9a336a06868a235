"""A district: its declaration, its tables, and what must hold between them."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    base_year: Listed check_base check_projects last_whole_year
    checks: with_counted_places
    dates: CALIBRATED
    declared: DistrictFile Entry Targets leaves titles_of
    district: DISTRICT_FILE District load_district read_district
    jumps: check_jumps
    measured: ACCURACY_FILE ENTRY FORMAT METHODS Measured NAIVE data_sha256 measured_on origin_years
    outlines: MOST_POINTS OUTLINES_FILE Outlines Polygon read_outlines
    part: within_grades
    parts: check_leaf read_parts
    """,
)
