"""The workbook of a run: what a double click opens."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    book: write
    cells: LONGEST ROWS plain sheet_names
    figures: Figure figures
    kept: FILE workbook_of_run
    tables: Column Sheet sheets
    """,
)
