"""Tables of a district folder to checked frames, a file a stage.

`files` reads bytes and text · `sheets` cuts CSV text into cells with their places, `xlsx` a
workbook, where `office` finds header, notes and totals · `headers` finds columns by name ·
`values` and `readers` read a cell · `frames` keeps the rows without a fault · `rules` checks what
holds across rows, `overlaps` what would be added up twice · `folder` conducts. What columns there
are stands in ``words/tables.toml``.
"""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    columns: CHOICES Column DECANT PER_LEVEL PLACES PROJECTION TABLES Table chinese column_of
        listed_words table_of unclear_words
    files: InputFile MAX_BYTES decode is_within read_text
    folder: BOOKS Tables read_tables
    frames: empty_frame read_frame
    headers: as_written fold match_column match_table tables_for
    office: HEADER_ROWS
    overlaps: names_total
    readers: Names cell_reader titled
    sheets: Change Sheet place
    sheetxml: MAX_CELLS SheetXml has_cells scan_sheet
    unread: to_rename
    values: Cell CellError MAX_CODE NonTextCell YEARS normal_code read_code read_month
        read_number read_year show
    xlsx: letters
    """,
)
