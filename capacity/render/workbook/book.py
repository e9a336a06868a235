"""A run as a workbook: the same run, the same bytes."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

from capacity.render.workbook import chart_sheet, summary_sheet, table_sheet
from capacity.render.workbook.cells import sheet_names
from capacity.render.workbook.figures import figures_of
from capacity.render.workbook.looks import Book
from capacity.render.workbook.summary import summary
from capacity.render.workbook.tables import name_of, sheets
from capacity.results.result import Result

#: When it says it was made: always then, so that the same run gives the same bytes.
_MADE = datetime(2000, 1, 1)


def write_workbook(result: Result, path: Path, lang: str = "en") -> None:
    """Write the workbook of a run: the summary, charts, then the tables.

    Parameters
    ----------
    result
    path
        Of the .xlsx file.
    lang
        Of the names of sheets, of heads and words.
    """
    from xlsxwriter.workbook import Workbook

    # Somebody's text must not become a formula, a link or a number.
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    tables = list(sheets(result, lang))
    first = (name_of(name, lang) for name in ("summary", "charts"))
    names = sheet_names([*first, *(table.name for table in tables)])
    data = io.BytesIO()  # whole before it is written: a full disk is the system's own error
    with Workbook(data, options | {"in_memory": True}) as file:
        file.set_properties({"created": _MADE})
        book = Book(file, lang, result.labels.run_id)
        summary_sheet.write(book, names[0], list(summary(result, names[1:], lang)))
        drawn = list(figures_of(result.frame(), result.labels, lang))
        chart_sheet.write(book, names[1], drawn)
        for name, table in zip(names[2:], tables, strict=True):
            table_sheet.write(book, name, table)
    path.write_bytes(data.getvalue())
