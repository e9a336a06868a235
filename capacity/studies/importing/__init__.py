"""An office's own files as a district folder: what was understood, asked, and written."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    folder: BASELINE IMPORT imported_folder scenario_text write_map
    page: summary
    study: import_tables
    """,
)
