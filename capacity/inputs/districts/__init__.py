"""A district: its declaration, its tables, and what must hold between them."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    base_year: Listed check_base check_projects last_whole_year
    declared: DistrictFile Entry Targets check_leaf titles_of
    dates: CALIBRATED
    district: DISTRICT_FILE District load_district read_district within_grades
    jumps: check_jumps
    measured: ACCURACY_FILE FORMAT METHODS Measured NAIVE data_sha256 measured_on
    """,
)
