"""An office's own workbooks and CSV files to the tables of a district.

`blocks` finds the tables in the sheets · `vocabulary` knows the words of offices · `propose` says
what each table is and how its columns map · `mapfile` keeps that as ``import.yaml``, to be read and
mended · `rows` does what the map says, and remembers every cell that it changed, summed or left out.
"""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    assemble: district_text
    imported: Imported understood
    mapfile: ImportMap Reading read_map
    vocabulary: plain role_of systems
    """,
)
