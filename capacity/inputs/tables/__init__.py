"""Tables of a district folder to checked frames, a file a stage.

`columns` says what tables there are, as ``words/tables.toml`` has them, `names` what their cells
may name · `files` reads bytes and text, in which `encodings` knows other scripts · `delimited` cuts
text, `xlsx` a workbook, whose XML `sheetxml` looks at before, into cells with their places, each a
grid (`sheets`), which `sources` gives by what a file holds, and by the table that its name says
(`named`) · `office` finds the header in a grid and has a sheet made of it: `axes` tells what each
column is, `around` takes away notes and other tables, `convert` makes plain numbers of `amounts`,
`making` rows of columns · `headers` finds columns by name · `values`, `grades`, `years`, `sizes`
and `readers` read a cell · `frames` keeps the rows without a fault, `withheld` marks and tells
counts that are none, `totals` holds total rows and columns against what they sum · `rules` checks
what holds across rows, those of one key among them, `overlaps` finds totals among their parts ·
`units` adds up what lies in a region · `folder` conducts.
"""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    amounts: are_thousands
    columns: CHOICES Column DECANT PER_LEVEL PLACES PROJECTION TABLES Table chinese column_of
        listed_words match_table table_of tables_for unclear_words
    files: InputFile MAX_BYTES decode is_within read_text
    folder: Tables read_tables
    frames: empty_frame read_frame
    grades: grade_of is_grade_word stages_of
    headers: as_written match_column
    named: table_of_grid to_rename
    names: Names Stated
    office: HEADER_ROWS OfficeTable
    overlaps: names_total
    readers: cell_reader is_withheld titled
    sheets: Change Grid MAX_CELLS MAX_COLUMNS MAX_ROWS MAX_SHEET MAX_TEXT Sheet place
    sheetxml: SheetXml has_cells scan_sheet
    sizes: Size Sizes
    sources: BOOKS read_grids
    units: Units add_up units_of
    values: Cell CellError MAX_CODE NonTextCell YEARS fold normal_code read_code read_month
        read_number show without_marks
    xlsx: letters
    years: Sense is_year_word read_year
    """,
)
