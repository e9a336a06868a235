"""A template's tables as CSV files that Excel opens with their Chinese intact."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from capacity.templates.content import Cell, Content, Filled

OPTIONAL = "optional"


def write(content: Content, folder: Path, lang: str) -> None:
    """Write a file per table, the optional ones in a folder of their own."""
    for filled in content.tables:
        _write(content, filled, folder, lang)
    if content.optional:
        (folder / OPTIONAL).mkdir()
    for filled in content.optional:
        _write(content, filled, folder / OPTIONAL, lang)


def _write(content: Content, filled: Filled, folder: Path, lang: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(content.heading(filled, column, lang) for column in filled.columns)
    writer.writerows([_text(cell) for cell in row] for row in filled.rows)
    # Without the mark Excel takes the file for one in the encoding of the machine.
    (folder / f"{filled.spec.name}.csv").write_text(
        text.getvalue(), encoding="utf-8-sig", newline=""
    )


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    return repr(int(cell)) if float(cell).is_integer() else repr(cell)
