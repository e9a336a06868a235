"""Real files, spoilt at random: a run is made or every problem is told, and nothing else."""

from __future__ import annotations

import csv
import datetime
import io
import re
import time
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import hypothesis.strategies as st
import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings

from tests.bad_input.cases import BAD_INPUT, SECONDS, SOUND, capacity, levers, told, tree
from tests.inputs.folder import write

_OWN = {
    **{name: text.encode() for name, text in SOUND.items()},
    **{
        name: str(text).encode()
        for name, text in levers(
            "{kind: delay, add: 2, where: {status: [planned]}}",
            "{kind: migration, add: 20, where: {region: north, grade: 1}, from: 2023}",
            "{kind: convert, convert: "
            "{region: north, from_level: primary, to_level: middle, places: 40}}",
        ).items()
    },
    "demo/ratios.csv": "年级,区域,比率,来源\n4,all,.98,估计\n6,north,1.02,\n".encode("gb18030"),
}
_TABLES = {name: data for name, data in _OWN.items() if name.endswith(".csv")}
BOOK = "demo/book.xlsx"
#: What typing, other programs and other people leave in a file.
_BITS = (
    *(b"\0", b"\t", b"\r", b"\xff", b'"', b",", b":", b"[", b"}", b"&a", b"*a", b"- ", b"- -"),
    *(
        b"\n" * 500,
        b" " * 500,
        b"9" * 5000,
        b"0x" + b"f" * 5000,
        b"<c r='A1'",
        b"'=1+1",
        b"x" * 40_000,
    ),
    *(b"1e999", b".nan", b"-1", b"99999999999", b"null", b"0", b"\n---\n", b"|\n"),
    *(
        "：，合计学校　１２３１.２万\u200b\u2028\u202e—".encode()[i : i + 3]
        for i in range(0, 36, 3)
    ),
)
#: What else may stand in a cell, or an attribute, of a workbook.
_WORDS = (
    *(b"", b"0", b"-1", b"1e400", b"NaN", b"2024", b"12.5", b"99999999999", b"A1", b"XFD1048576"),
    *(b"A1:B3", b"C9:A2", b"ZZ2:AAB4", b"A2:XFD1048576"),
    *(b"s", b"e", b"b", b"str", b"inlineStr", b"d", b"1", b"true", b"&amp;", b"&#10;", b"&#0;"),
    *(word.encode() for word in ("合计", "１２", "—", "1,234", "1.2万", "学年", "区域", "#REF!")),
)
#: A cell or string whole, a tag, or text between tags.
_PIECE = re.compile(rb"<c\b[^>]*>.*?</c>|<si\b.*?</si>|<[^>]*>|[^<]+", re.DOTALL)
_VALUE = re.compile(rb'(?<=")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)')
NAMES = sorted(_OWN)


def spoil(draw: st.DrawFn, sound: bytes) -> bytes:
    """Flip, delete, double, swap and insert a few times."""
    data = bytearray(sound)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(1, 40)))
        how = draw(st.sampled_from(("flip", "delete", "double", "swap", "insert")))
        if how == "flip" and at < len(data):
            data[at] ^= draw(st.integers(1, 255))
        elif how == "delete":
            del data[at:end]
        elif how == "double":
            data[at:at] = data[at:end]
        elif how == "swap":
            far = draw(st.integers(0, len(data)))
            first, last = sorted((at, far))
            data[first:last] = (
                data[first:last][::-1]
                if last - first < 8
                else (data[(first + last) // 2 : last] + data[first : (first + last) // 2])
            )
        else:
            data[at:at] = draw(st.sampled_from(_BITS))
    return bytes(data)


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, bytes]:
    """Spoil a scenario, a district.yaml or a CSV table."""
    name = draw(st.sampled_from(NAMES))
    return name, spoil(draw, _OWN[name])


def spoil_xml(draw: st.DrawFn, sound: bytes) -> bytes:
    """Delete, double, swap and change pieces of XML a few times; it mostly stays XML."""
    pieces = _PIECE.findall(sound)
    for _ in range(draw(st.integers(1, 4))):
        at, far = (draw(st.integers(0, len(pieces) - 1)) for _ in range(2))
        how = draw(st.sampled_from(("delete", "double", "swap", "change", "change")))
        if how == "delete":
            pieces[at] = b""
        elif how == "double":
            pieces[at] *= 2
        elif how == "swap":
            pieces[at], pieces[far] = pieces[far], pieces[at]
        elif values := [match.span() for match in _VALUE.finditer(pieces[at])]:
            first, last = draw(st.sampled_from(values))
            pieces[at] = pieces[at][:first] + draw(st.sampled_from(_WORDS)) + pieces[at][last:]
    return b"".join(pieces)


@st.composite
def books(draw: st.DrawFn) -> tuple[str, bytes]:
    """Spoil the parts of a workbook, its sheets above all, or its package as a whole."""
    parts = dict(unpacked())
    sheets = [part for part in parts if "sheets/" in part or "Strings" in part]
    how = draw(st.sampled_from(("bytes", "package", "xml", "xml", "xml", "xml")))
    if how == "package":
        return BOOK, spoil(draw, packed(parts))
    name = draw(st.sampled_from([*sheets, *parts] if how == "bytes" else [*sheets * 3, *parts]))
    parts[name] = (spoil if how == "bytes" else spoil_xml)(draw, parts[name])
    return BOOK, packed(parts)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Give a workbook of its parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


@cache
def unpacked() -> Mapping[str, bytes]:
    """Give the parts of a sound workbook of all tables, numbers as numbers."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.set_properties({"created": datetime.datetime(2026, 1, 1)})
        for name, data in _TABLES.items():
            sheet = book.add_worksheet(Path(name).stem)
            text = data.decode("gb18030" if "ratios" in name else "utf-8")
            for number, row in enumerate(csv.reader(io.StringIO(text))):
                for column, cell in enumerate(row):
                    bare = cell.replace(".", "", 1)
                    sheet.write(number, column, float(cell) if bare.isdigit() else cell)
            sheet.merge_range(number + 2, 0, number + 2, 1, "")  # below the cells
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _folder(root: Path, files: Mapping[str, bytes]) -> Path:
    write(root)
    for name in _TABLES.keys() - files.keys():
        (root / name).unlink(missing_ok=True)
    for name, data in files.items():
        (root / name).write_bytes(data)
    return root


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a sound folder with CSV tables."""
    return _folder(tmp_path_factory.mktemp("texts"), _OWN)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a sound folder with a workbook."""
    files = {name: data for name, data in _OWN.items() if name not in _TABLES}
    return _folder(tmp_path_factory.mktemp("office"), {**files, BOOK: packed(unpacked())})


def holds(root: Path, name: str, data: bytes) -> None:
    """Check the scenario, and run it where it is sound, with one file spoilt."""
    sound = (root / name).read_bytes()
    (root / name).write_bytes(data)
    before, begun = tree(root), time.process_time()  # others may use the machine meanwhile
    try:
        said = capacity("check", root / "baseline.yaml", "--lang", "zh")
        assert tree(root) == before
    finally:
        (root / name).write_bytes(sound)
    assert time.process_time() - begun < SECONDS
    errors = told(said, root)
    assert said.code == (BAD_INPUT if errors else 0)


#: Cases of each search in every run of the tests, and in the slow ones.
FILES, BOOKS, MANY = 40, 20, 10_000
_SEARCH = settings(
    deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink)
)


def test_the_files_are_sound(folder: Path, office: Path) -> None:
    for root in (folder, office):
        said = capacity("check", root / "baseline.yaml", "--lang", "en")
        assert said.code == 0, said.err


@settings(_SEARCH, max_examples=FILES)
@given(texts())
def test_a_spoilt_file_is_read_or_told(folder: Path, file: tuple[str, bytes]) -> None:
    holds(folder, *file)


@settings(_SEARCH, max_examples=BOOKS)
@given(books())
def test_a_spoilt_workbook_is_read_or_told(office: Path, file: tuple[str, bytes]) -> None:
    holds(office, *file)


@pytest.mark.slow
@settings(_SEARCH, max_examples=MANY)
@given(texts())
def test_many_spoilt_files_are_read_or_told(folder: Path, file: tuple[str, bytes]) -> None:
    holds(folder, *file)


@pytest.mark.slow
@settings(_SEARCH, max_examples=MANY)
@given(books())
def test_many_spoilt_workbooks_are_read_or_told(office: Path, file: tuple[str, bytes]) -> None:
    holds(office, *file)
