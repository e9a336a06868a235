"""An office's own workbooks and CSV files to the tables of a district.

`bounds` asks first how much there is, `blocks` finds the tables in the sheets · `vocabulary` knows
the words of offices, `columns` what columns hold, `titles` what names and rows that only name
something say of years and seasons · `propose` says what district it is and what each table is,
`readings` which table of the map that is, known again or new · `mapfile` keeps the map as
``import.yaml``, to be read and mended · `rows` names the places of rows, also before there is a
map, and `source` reads cells as the map says · `counts` and `buildings` take what they say, `taken`
remembers it, with each cell that was changed, and adds up its parts · `doubts` warns of what may be
wrong · `assemble` makes the tables · `imported` conducts.
"""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    assemble: district_text
    bounds: MOST_COLUMNS MOST_NAMES MOST_TABLES MOST_TEXTS
    imported: Imported understood
    mapfile: ImportMap Reading read_map
    vocabulary: plain role_of systems
    """,
)
