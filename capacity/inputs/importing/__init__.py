"""An office's own workbooks and CSV files to the tables of a district.

`bounds` asks first how much there is, `blocks` finds the tables in the sheets · `vocabulary` knows
the words of offices, `spans` years in texts, `columns` what columns hold, `sections` rows that only
name something · `propose` says what each table is, `seasons` whether it is of the autumn; `again`
knows one again, `readings` what is so and what the map says already · `mapfile` keeps that as
``import.yaml``, to be read and mended · `rows` names the places of rows, and `source` reads cells
as the map says; `taken` remembers each that it changed · `counts` and `buildings` take what they
say, `sums` adds up its parts · `doubts` warns of what may be wrong · `assemble` makes the tables ·
`imported` conducts.
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
