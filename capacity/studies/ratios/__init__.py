"""The ratios of a district's own past: how sure they are, and where it breaks."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    chart: SHOWN ratios_chart
    folder: as_json ratios_folder refuse state stated_rows
    study: CalibratedRatios calibrated_of
    tables: BREAKS COLUMNS YEARLY
    """,
)
