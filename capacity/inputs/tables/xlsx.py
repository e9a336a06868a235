"""The bytes of a workbook to sheets: what must hold before it is parsed, and the parsing.

A parser lays a sheet out from its first to its last cell, and gives error values and formulas
without a value as empty cells. So the raw XML is looked at first: sizes, the furthest cell,
DOCTYPE, errors, formulas, hidden rows.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from capacity.base.errors import At, Problems
from capacity.inputs.tables.columns import Table
from capacity.inputs.tables.office import OfficeTable
from capacity.inputs.tables.sheets import Change, Sheet
from capacity.inputs.tables.values import Cell, NonTextCell

MAX_PARTS = 10_000
#: Characters that are shown of a parser's words.
REASON = 120
MAX_PART = 256 * 2**20
MAX_RATIO = 100
#: Parts smaller than this may be packed as tightly as they like.
SMALL_PART = 100 * 2**10
#: Rows times columns up to the furthest cell of a sheet.
MAX_CELLS = 5_000_000

_BOOK = "xl/workbook.xml"
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Za-z]+)([0-9]+)[\"'][^>]*(?<!/)>")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb"\br=[\"']([0-9]+)[\"']")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_ERROR = re.compile(rb"<(?:\w+:)?c\b([^>]*\bt=[\"']e[\"'][^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)(?<!/)>\s*<(?:\w+:)?f\b(.*?)</(?:\w+:)?c>", re.DOTALL)
_ADDRESS = re.compile(rb"\br=[\"']([A-Za-z]+[0-9]+)[\"']")
_FILLED = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")


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
    if not data.startswith(b"PK\x03\x04"):
        problems.error("workbook-type", at)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if not _is_bearable(archive, at, problems):
                return None
            parts = {
                info.filename.lstrip("/"): _inflate(archive, info)
                for info in archive.infolist()
                if info.filename.endswith((".xml", ".rels"))
            }
        if any(_refuse_doctype(name, part, at, problems) for name, part in parts.items()):
            return None
        if _BOOK not in parts:  # a document of another program, renamed
            problems.error("workbook-type", at)
            return None
        return _package(file, parts)
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
    for info in infos:
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > MAX_PART:
            what, limit = f"{info.filename} {info.file_size:,} B", f"≤ {MAX_PART:,} B"
        elif info.file_size > SMALL_PART and ratio > MAX_RATIO:
            what, limit = f"{info.filename} {ratio:.0f}:1", f"≤ {MAX_RATIO}:1"
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


def _package(file: str, parts: dict[str, bytes]) -> Package:
    from xml.etree import ElementTree

    book = ElementTree.fromstring(parts[_BOOK])
    links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
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
    return Package(file, sheets, frozenset(hidden), stale)


def read_sheets(
    data: bytes,
    package: Package,
    wanted: Mapping[str, Table],
    problems: Mapping[str, Problems],
    changes: list[Change],
) -> list[Sheet]:
    """Read the sheets in ``wanted`` (sheet name to table) of a workbook that passed the guards.

    ``problems`` takes what is wrong, by the name of the table.
    """
    from python_calamine import CalamineWorkbook

    sheets: list[Sheet] = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name, table in wanted.items():
            own = problems[table.name]
            if _check_sheet(package, name, own):
                raw = book.get_sheet_by_name(name)
                office = OfficeTable(
                    table,
                    f"{package.file}[{name}]",
                    [list(map(_cell, row)) for row in raw.to_python(skip_empty_area=False)],
                    raw.merged_cell_ranges or [],
                    _places(package.file, name),
                    own,
                    changes,
                )
                sheet = office.sheet()
                sheets += [sheet] if sheet else []
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the parser is not an Exception
        for table in wanted.values():  # the same problem of each, told once
            at = At(package.file, 1, 1)
            problems[table.name].error("workbook-damaged", at, reason=_why(error))
    return sheets


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value
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
    xml = package.sheets[sheet]
    column, row = _furthest(xml)
    if column * row > MAX_CELLS:
        at = At(package.file, cell=f"{sheet}!{letters(column - 1)}{row}")
        facts = {"column": letters(column - 1), "row": row, "most": MAX_CELLS}
        problems.error("sheet-size", at, **facts)
        return False
    errors = _ERROR.finditer(xml) if re.search(rb"\bt=[\"']e[\"']", xml) else ()
    for cell in errors:
        value = _FILLED.search(cell[2])
        found = value[1].decode("utf-8", "replace") if value else "error"
        problems.error("cell-error", _at(package, sheet, cell[1]), found=found)
    _check_formulas(package, sheet, xml, problems)
    if rows := [row[1] for row in _ROW.finditer(xml) if _HIDDEN.search(row[1])]:
        number = _ROW_NUMBER.search(rows[0])
        at = At(package.file, cell=f"{sheet}!A{number[1].decode() if number else 1}")
        problems.warning("rows-hidden", at, count=len(rows))
    if sheet in package.hidden:
        problems.warning("sheet-hidden", At(package.file, cell=f"{sheet}!A1"))
    return True


def _check_formulas(package: Package, sheet: str, xml: bytes, problems: Problems) -> None:
    first, count = None, 0
    if not re.search(rb"<(?:\w+:)?f[\s/>]", xml):
        return
    for cell in _FORMULA.finditer(xml):
        at = _at(package, sheet, cell[1])
        if not _FILLED.search(cell[2]) and not re.search(rb"\bt=[\"']str[\"']", cell[1]):
            problems.error("cell-formula", at)
        elif not re.search(rb"\bt=[\"']e[\"']", cell[1]):
            first, count = first or at, count + 1
    if first is not None and package.stale:
        problems.warning("formulas-stale", first, count=count)


def is_filled(xml: bytes) -> bool:
    """Whether a sheet has a cell with content."""
    return _CELL.search(xml) is not None


def _furthest(xml: bytes) -> tuple[int, int]:
    """Return the number of columns and rows up to the furthest cell with content."""
    names: set[bytes] = set()
    last = 1
    for cell in _CELL.finditer(xml):
        names.add(cell[1])
        last = max(last, int(cell[2]))
    if re.search(rb"<(?:\w+:)?(?:c|row)\b[^>]*&", xml):
        raise ValueError("an escaped cell address")
    for row in _ROW.finditer(xml):
        if not row[1].endswith(b"/") and (number := _ROW_NUMBER.search(row[1])):
            last = max(last, int(number[1]))
    return max((_column(name) for name in names), default=1), last


def _column(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number


def letters(column: int) -> str:
    """Return the letters of a column counted from 0, as in a cell address."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _at(package: Package, sheet: str, attributes: bytes) -> At:
    found = _ADDRESS.search(attributes)
    address = f"!{found[1].decode()}" if found else ""
    return At(package.file, cell=f"{sheet}{address}")
