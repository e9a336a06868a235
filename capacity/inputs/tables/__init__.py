"""Tables of a district folder to checked frames, a file a stage.

`extent` says how large a table may be · `files` reads bytes and text · `delimited` cuts text,
`xlsx` a workbook into cells with their places, each a `Grid`, which `grids` gives by what a file
holds and `sources` by the table that its name says · `office` makes a `Sheet` of it: `headrows`
finds the header, `axes` the columns that stand for rows, `around` notes and other tables, `convert`
plain numbers; `stacks` puts sheets of years below one another · `headers` finds columns by name ·
`values`, `grades`, `years`, `sizes` and `readers` read a cell by what `names` allows · `frames`
keeps the rows without a fault, `arrays` makes columns of them · `rules` checks what holds across
rows, `overlaps` what would be added up twice, `keys` rows of one key · `units` adds up what lies in
a region · `folder` conducts. What columns there are stands in ``words/tables.toml``.
"""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    arrays: empty_frame
    columns: CHOICES Column DECANT PER_LEVEL PLACES PROJECTION TABLES Table chinese column_of
        listed_words table_of unclear_words
    extent: MAX_CELLS MAX_COLUMNS MAX_ROWS MAX_SHEET MAX_TEXT
    files: InputFile MAX_BYTES decode is_within read_text
    fitting: table_of_grid
    folder: Tables read_tables
    folding: fold
    frames: read_frame
    grades: grade_of is_grade_word stages_of
    grid: Grid
    grids: read_grids
    headers: as_written match_column match_table tables_for
    headrows: HEADER_ROWS
    office: OfficeTable
    overlaps: names_total
    names: Names Stated
    readers: cell_reader titled
    sheets: Change Sheet place
    sheetxml: SheetXml has_cells scan_sheet
    sizes: Size Sizes
    sources: BOOKS
    thousands: are_thousands
    units: Units add_up units_of
    unread: to_rename
    values: Cell CellError MAX_CODE NonTextCell YEARS normal_code read_code read_month
        read_number show without_marks
    withheld: is_withheld
    xlsx: letters
    years: Sense is_year_word read_year
    """,
)
