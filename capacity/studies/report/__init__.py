"""The report: a run, or several side by side, as one HTML file that opens on a double click."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    basis: Assumed WEIGHTS ranked
    page: SECTIONS comparison_sheets sheets
    study: Report report_of
    whole: claim place_in put report_of_run report_text
    """,
)
