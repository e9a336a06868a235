"""The workbook of a run: what a double click opens."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    book: write_workbook
    cells: LONGEST NAME plain sheet_names
    figures: NAMED figures_of
    kept: FILE workbook_of_run
    tables: head
    """,
)
