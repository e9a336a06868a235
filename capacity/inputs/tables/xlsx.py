"""The bytes of a workbook to grids: what must hold before it is parsed, and the parsing.

A parser lays a sheet out from its first to its last cell, and gives error values and formulas
without a value as empty cells. So the raw XML is looked at first: sizes, the furthest cell,
DOCTYPE, errors, formulas, hidden rows.
"""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.parsers.expat import ExpatError

from capacity.base.errors import At, Problems
from capacity.inputs.tables.sheets import MAX_ROWS, MAX_SHEET, MAX_TEXT, Grid, Range
from capacity.inputs.tables.sheetxml import column_of, has_cells, scan_sheet
from capacity.inputs.tables.values import Cell, NonTextCell

MAX_PARTS = 10_000
#: Each is named, and asked which table it may mean.
MAX_SHEETS = 1_000
#: Characters that are shown of a parser's words.
REASON = 120
#: Bytes of all parts together that are read.
MAX_PART = 96 * 2**20
MAX_RATIO = 100
#: Parts smaller than this may be packed as tightly as they like.
SMALL_PART = 100 * 2**10
#: How the parts end that are read.
READ = (".xml", ".rels")
#: Bytes of the parts that list the sheets.
MAX_LIST = 2**20

#: How a workbook begins that is read, and how those of old programs and protected ones do.
PACKED, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True)
class Package:
    """The sheets of a workbook that passed the guards, as XML by sheet name.

    ``stale``: the program that wrote it left its formulas to be calculated.
    """

    file: str
    sheets: dict[str, bytes]
    hidden: frozenset[str]
    stale: bool


def open_package(data: bytes, file: str, problems: Problems) -> Package | None:
    """Unpack a workbook within limits, or add the problem and return None."""
    at = At(file, 1, 1)
    if not data.startswith(PACKED):
        problems.error("workbook-type", at)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if not _is_bearable(archive, at, problems):
                return None
            parts = {
                info.filename.lstrip("/"): _inflate(archive, info)
                for info in archive.infolist()
                if info.filename.endswith(READ)
            }
        if any(_refuse_doctype(name, part, at, problems) for name, part in parts.items()):
            return None
        if _BOOK not in parts:  # a document of another program, renamed
            problems.error("workbook-type", at)
            return None
        return _package(file, parts, problems)
    except MemoryError:
        raise
    except Exception as error:
        problems.error("workbook-damaged", at, reason=_why(error))
        return None


def _why(error: BaseException) -> str:
    """Return the first words of an error in a line; a parser may show all that it was given."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= REASON else f"{text[:REASON]}…"


def _is_bearable(archive: zipfile.ZipFile, at: At, problems: Problems) -> bool:
    """Check the sizes that the package declares; `_inflate` holds it to them."""
    infos = archive.infolist()
    if len(infos) > MAX_PARTS:
        what, limit = f"n = {len(infos):,}", f"n ≤ {MAX_PARTS:,}"
        problems.error("workbook-bomb", at, what=what, limit=limit)
        return False
    if len({info.filename for info in infos}) < len(infos):
        raise ValueError("a part stands twice")
    read = sum(info.file_size for info in infos if info.filename.endswith(READ))
    for info in infos:
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > MAX_PART:
            what, limit = f"{info.filename} {info.file_size:,} B", f"≤ {MAX_PART:,} B"
        elif info.file_size > SMALL_PART and ratio > MAX_RATIO:
            what, limit = f"{info.filename} {ratio:.0f}:1", f"≤ {MAX_RATIO}:1"
        elif info.filename.lstrip("/") in (_BOOK, _LINKS) and info.file_size > MAX_LIST:
            what, limit = f"{info.filename} {info.file_size:,} B", f"≤ {MAX_LIST:,} B"
        elif info is infos[-1] and read > MAX_PART:
            what, limit = f"{read:,} B", f"≤ {MAX_PART:,} B"
        else:
            continue
        problems.error("workbook-bomb", at, what=what, limit=limit)
        return False
    return True


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack a part that must be exactly as long as it declares."""
    longer = copy.copy(info)
    longer.file_size += 1
    with archive.open(longer) as part:
        data = part.read(longer.file_size)
    if len(data) != info.file_size:
        raise ValueError(f"{info.filename} is not as long as it declares")
    return data


def _refuse_doctype(name: str, part: bytes, at: At, problems: Problems) -> bool:
    if b"\0" in part[:200]:
        raise ValueError(f"{name} is not UTF-8")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        problems.error("workbook-doctype", at, part=name)
        return True
    return False


def _package(file: str, parts: dict[str, bytes], problems: Problems) -> Package | None:
    from xml.etree import ElementTree

    book = ElementTree.fromstring(parts[_BOOK])
    links = ElementTree.fromstring(parts[_LINKS])
    targets = {link.attrib["Id"]: link.attrib["Target"] for link in links}
    sheets: dict[str, bytes] = {}
    hidden: set[str] = set()
    stale = False
    for element in book.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "calcPr":
            stale = element.attrib.get("fullCalcOnLoad") in ("1", "true")
        if tag != "sheet":
            continue
        name = element.attrib["name"]
        link = next(value for key, value in element.attrib.items() if key.endswith("}id"))
        target = targets[link]
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in parts:
            sheets[name] = parts[path]
        if element.attrib.get("state", "visible") != "visible":
            hidden.add(name)
    if (count := len(sheets)) > MAX_SHEETS:
        what, limit = f"n = {count:,}", f"n ≤ {MAX_SHEETS:,}"
        problems.error("workbook-bomb", At(file, 1, 1), what=what, limit=limit)
        return None
    return Package(file, sheets, frozenset(hidden), stale)


def grids_of(data: bytes, package: Package, wanted: Mapping[str, Problems]) -> dict[str, Grid]:
    """Read sheets of a workbook that passed the guards.

    Parameters
    ----------
    data : bytes
        Of the workbook.
    package : Package
    wanted : mapping of str to Problems
        Names of sheets, and what takes all that is wrong with each.

    Returns
    -------
    dict of str to Grid
        By name of the sheet; without those that cannot be read.
    """
    from python_calamine import CalamineWorkbook

    grids: dict[str, Grid] = {}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name, own in wanted.items():
            if _check_sheet(package, name, own):
                raw = book.get_sheet_by_name(name)
                rows = [
                    [cell if isinstance(cell, (str, float)) else cell_of(cell) for cell in row]
                    for row in raw.to_python(skip_empty_area=False)
                ]
                place = _places(package.file, name)
                merged = _merged(raw.merged_cell_ranges or (), rows)
                if not (
                    _refuse_long(rows, place, own) or _refuse_overlap(merged, rows, place, own)
                ):
                    hidden, lines = name in package.hidden, range(1, len(rows) + 1)
                    grids[name] = Grid(
                        package.file, name, rows, lines, place, merged, hidden=hidden
                    )
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the parser is not an Exception
        for own in wanted.values():  # the same problem of each, told once
            own.error("workbook-damaged", At(package.file, 1, 1), reason=_why(error))
    return grids


def _merged(ranges: Iterable[Range], rows: Sequence[Sequence[Cell]]) -> list[Range]:
    """Return merged ranges as far as there are cells, each once; one cell alone is none."""
    last_row, last_column = len(rows) - 1, max(map(len, rows), default=0) - 1
    found: dict[Range, None] = {}
    for one, other in dict.fromkeys(ranges):
        (top, bottom), (left, right) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        end = min(bottom, last_row), min(right, last_column)
        if top <= end[0] and left <= end[1] and end != (top, left):
            found[(top, left), end] = None
    return list(found)


def _refuse_overlap(
    merged: Sequence[Range],
    rows: Sequence[Sequence[Cell]],
    place: Callable[[int, int], At],
    problems: Problems,
) -> bool:
    """Refuse merged ranges with more cells than the sheet has, and return whether they are."""
    free = sum(map(len, rows))
    for (top, left), (bottom, right) in merged:
        free -= (bottom - top + 1) * (right - left + 1)
        if free < 0:
            problems.error("merged-overlap", place(top + 1, left), count=len(merged))
            return True
    return False


def _refuse_long(
    rows: Sequence[Sequence[Cell]], place: Callable[[int, int], At], problems: Problems
) -> bool:
    """Refuse a text that is longer than a cell can be, and return whether there is one."""
    for row, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) > MAX_TEXT:
                problems.error("cell-long", place(row, column), length=len(cell), most=MAX_TEXT)
                return True
    return False


def cell_of(value: object) -> Cell:
    """Return a value as a cell: text, number, or neither."""
    if isinstance(value, bool):
        return NonTextCell("boolean", str(value).upper())
    if isinstance(value, int | float):
        return float(value)
    iso = getattr(value, "isoformat", None)
    return NonTextCell("date", iso() if iso else str(value))


def _places(file: str, sheet: str) -> Callable[[int, int], At]:
    """Return the function from sheet row (from 1) and column index to the place in messages."""

    def locate(row: int, column: int) -> At:
        return At(file, row, column + 1, f"{sheet}!{letters(column)}{row}")

    return locate


def _check_sheet(package: Package, sheet: str, problems: Problems) -> bool:
    """Check one sheet's XML; return whether it may be parsed."""
    seen = scan_sheet(package.sheets[sheet])
    if not seen.is_bearable:
        column = letters(seen.columns - 1)
        at = At(package.file, cell=f"{sheet}!{column}{seen.rows}")
        facts = {"column": column, "row": seen.rows, "most": MAX_SHEET, "rows": MAX_ROWS}
        problems.error("sheet-size", at, **facts)
        return False
    for address, found in seen.errors:
        problems.error("cell-error", _at(package, sheet, address), found=found)
    problems.count("cell-error", package.file, seen.more_errors)
    for address in seen.bare:
        problems.error("cell-formula", _at(package, sheet, address))
    problems.count("cell-formula", package.file, seen.more_bare)
    if seen.valued is not None and package.stale:
        first = _at(package, sheet, seen.valued)
        problems.warning("formulas-stale", first, count=seen.with_value)
    if seen.hidden:
        at = At(package.file, cell=f"{sheet}!A{seen.first_hidden}")
        problems.warning("rows-hidden", at, count=seen.hidden)
    return not (seen.more_errors or seen.more_bare)  # so many that nothing else is worth a word


def is_filled(xml: bytes) -> bool:
    """Whether a sheet has a cell with content; one that cannot be read has, as far as is known."""
    try:
        return has_cells(xml)
    except ExpatError:
        return True


def letters(column: int) -> str:
    """Return the letters of a column counted from 0, as in a cell address."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _at(package: Package, sheet: str, address: str) -> At:
    if not address:
        return At(package.file, cell=sheet)
    name = address.rstrip("0123456789")
    row = int(address[len(name) :][:9] or 0)
    return At(package.file, row, column_of(name), f"{sheet}!{address}")
