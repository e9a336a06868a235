"""Bad workbooks: bombs, entities, formulas without values, merged and hidden cells, other files."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tests.bad_input.cases import (
    BIRTHS,
    SOUND,
    Case,
    Content,
    Read,
    Refused,
    check_all,
    every,
    of,
)

BOOK = "demo/book.xlsx"
SHEET = "xl/worksheets/sheet1.xml"
_HEADER = ("year", "region", "births")
_ROWS: list[Sequence[object]] = [
    (year, code, 120) for year in range(2010, 2021) for code in ("north", "south")
]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

Draw = Callable[[Worksheet], object]


def drawn(draw: Draw = lambda sheet: None, rows: Sequence[Sequence[object]] = _ROWS) -> Content:
    """Make a workbook of the births, with something drawn over it."""

    def make(path: Path) -> None:
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet("births")
            book.add_worksheet("front").activate()  # so that the other one can be hidden
            for number, row in enumerate((_HEADER, *rows)):
                sheet.write_row(number, 0, row)
            draw(sheet)

    return make


def repacked(change: Callable[[zipfile.ZipFile], object], part: str, old: str, new: str) -> Content:
    """Make a workbook with one part changed, and something added to its package."""

    def make(path: Path) -> None:
        drawn()(path)  # type: ignore[operator]
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        assert old.encode() in parts[part]
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
            change(archive)

    return make


def declared_larger(path: Path) -> None:
    """Make a workbook whose directory declares a part of 512 MiB."""
    drawn()(path)  # type: ignore[operator]
    data = bytearray(path.read_bytes())
    entry = data.rindex(SHEET.encode()) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    data[entry + 24 : entry + 28] = (2**29).to_bytes(4, "little")
    path.write_bytes(data)


def many_parts(archive: zipfile.ZipFile) -> None:
    for number in range(10_001):
        archive.writestr(f"xl/media/{number}", b"")


def refused(
    what: str, book: Content, *errors: str, name: str = BOOK, words: tuple[str, ...] = ()
) -> Refused:
    """Refuse a workbook in place of births.csv."""
    told = tuple(f"{name}{error}" for error in errors)
    return Refused(what, {BIRTHS: None, name: book}, told, words)


def packed(what: str, code: str, change: Callable[[zipfile.ZipFile], object]) -> Refused:
    return refused(what, repacked(change, SHEET, "", ""), f":1:1 {code}")


def merged(*ranges: str) -> Content:
    cells = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    end = "</sheetData>"
    return repacked(lambda archive: None, SHEET, end, f"{end}<mergeCells>{cells}</mergeCells>")


def with_doctype(part: str) -> Content:
    entity = '?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    return repacked(lambda archive: None, part, "?>", entity)


def read(what: str, book: Content, *changes: str, warned: tuple[str, ...] = ()) -> Read:
    """Read the births of a workbook as they stand in births.csv."""
    files = {BIRTHS: None, BOOK: book}
    return Read(
        what,
        files,
        lambda scenario: (len(scenario.district.table("births")), of("births", "births")(scenario)),
        (22, 120.0),
        changes,
        warned,
    )


_FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
_TOTAL = ("合计", "", 120 * len(_ROWS))

ROWS: dict[int, list[Case]] = {
    52: [
        packed("a bomb", "workbook-bomb", lambda book: book.writestr("xl/bomb.bin", bytes(2**24))),
        packed("10,001 parts", "workbook-bomb", many_parts),
        refused("a part of 512 MiB", declared_larger, ":1:1 workbook-bomb"),
    ],
    53: [
        refused(
            "a cell far away",
            repacked(lambda archive: None, SHEET, "</sheetData>", _FAR),
            "[births!XFD1048576] sheet-size",
        ),
    ],
    54: [
        refused(part, with_doctype(part), ":1:1 workbook-doctype")
        for part in (SHEET, "xl/workbook.xml", "xl/sharedStrings.xml")
    ],
    55: [
        refused(
            "a formula without a value",
            drawn(lambda sheet: sheet.write_formula("C3", "=60*2", value="")),
            "[births!C3] cell-formula",
            words=("open and save the workbook in Excel, or paste values",),
        ),
        read(
            "a formula with its value",
            drawn(lambda sheet: sheet.write_formula("C3", "=60*2", value=120)),
            warned=("formulas-stale",),
        ),
    ],
    56: [
        refused(
            "error values",
            drawn(
                lambda sheet: [
                    sheet.write_formula(f"C{row}", "=1/0", value=error)
                    for row, error in enumerate(("#REF!", "#N/A", "#DIV/0!"), 3)
                ]
            ),
            *(f"[births!C{row}] cell-error" for row in (3, 4, 5)),
        ),
        refused(
            "an error value as text",
            drawn(lambda sheet: sheet.write_string("C3", "#REF!")),
            "[births!C3] cell-error",
        ),
    ],
    57: [
        refused(
            "merged cells",
            drawn(lambda sheet: sheet.merge_range("A2:A3", 2010)),
            "[births!A2] cell-merged",
        ),
        refused(
            "merged cells over one another",
            merged("A1:C23", "A22:A23"),
            "[births!A22] merged-overlap",
        ),
        read(
            "merged cells beyond the cells, and one cell alone",
            merged("ZZ2:AAB4", "B5000000:C6000000", "D30:A28", "C2:C2"),
        ),
        read(
            "hidden rows",
            drawn(
                lambda sheet: [sheet.set_row(row, None, None, {"hidden": True}) for row in (2, 3)]
            ),
            warned=("rows-hidden",),
        ),
        read("a hidden sheet", drawn(lambda sheet: sheet.very_hidden()), warned=("sheet-hidden",)),
        read(
            "a second row of the header",
            drawn(rows=[("学年", "区域", "出生人数"), *_ROWS]),
        ),
        read("a total row", drawn(rows=[*_ROWS, _TOTAL]), "total_row"),
        refused(
            "a wrong total",
            drawn(rows=[*_ROWS, ("合计", "", 5)]),
            "[births!C24] total-differs",
        ),
    ],
    58: [
        refused("a macro workbook", b"PK\x03\x04", ":1:1 workbook-type", name="demo/births.xlsm"),
        refused("an old workbook", _OLE, ":1:1 workbook-type", name="demo/births.xls"),
        refused("a password, or an old one renamed", _OLE, ":1:1 workbook-type"),
        refused("CSV renamed", SOUND[BIRTHS], ":1:1 workbook-type"),
        refused("no more than a beginning", b"PK\x03\x04 and no more", ":1:1 workbook-damaged"),
        Refused("renamed to CSV", {BIRTHS: drawn()}, (f"{BIRTHS}:1:1 file-binary",)),
        refused(
            "a code that is a number",
            drawn(rows=[(2010, 110101, 5), *_ROWS]),
            "[births!B2] code-number",
        ),
    ],
}


@every(ROWS)
def test_bad_input(row: int, tmp_path: Path) -> None:
    check_all(ROWS[row], tmp_path)


@pytest.mark.slow
@every(ROWS)
def test_bad_input_by_both_commands(row: int, tmp_path: Path) -> None:
    check_all(ROWS[row], tmp_path, wholly=True)
