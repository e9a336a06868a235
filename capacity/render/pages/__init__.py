"""Pages: what people read of each object, as blocks."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    inputs: notes
    run: against run_page
    tables: LISTED by_region by_year classes peak turn turning years_in_short
    """,
)
