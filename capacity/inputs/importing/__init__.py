"""An office's own workbooks and CSV files to the tables of a district.

`blocks` finds the tables in the sheets · `vocabulary` knows the words of offices, `columns` what
theirs hold · `propose` says what each table is, `readings` what is so and what the map says already
· `mapfile` keeps that as ``import.yaml``, to be read and mended · `source` reads
cells as the map says and remembers each that it changed, `counts` and `buildings` take what they
say · `doubts` warns of what may be wrong · `assemble` makes the tables · `imported` conducts.
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
