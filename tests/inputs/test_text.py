"""Encodings found by strict trial, and cells read as people write them."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capacity.base import Problems
from capacity.inputs.tables import (
    CellError,
    NonTextCell,
    decode,
    normal_code,
    read_code,
    read_month,
    read_number,
    read_text,
    read_year,
)

CHINESE = "学年,区域,在校生数\n2024,海淀,１２０\n"


def text_of(data: bytes) -> tuple[str | None, str]:
    problems = Problems()
    text = decode(data, "f.csv", problems)
    if text is None:
        return None, problems.errors[0].text()
    assert not problems.errors
    return text.text, text.encoding


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_every_encoding_gives_the_same_text(codec: str, name: str) -> None:
    assert text_of(CHINESE.encode(codec)) == (CHINESE, name)


def test_utf16_of_both_byte_orders() -> None:
    assert text_of(b"\xfe\xff" + CHINESE.encode("utf-16-be")) == (CHINESE, "utf-16")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_in_utf8_reads_as_itself_or_is_refused(text: str) -> None:
    got, told = text_of(text.encode("utf-8"))
    if got is None:
        assert "encoding-gbk" in told
    else:
        assert got == text.removeprefix("\ufeff")


@pytest.mark.parametrize("word", ["学校", "小学", "学位"])
def test_gbk_that_is_valid_utf8_is_refused(word: str) -> None:
    data = f"level,places\n{word},3\n".encode("gbk")
    data.decode("utf-8")  # the trap: no error here
    got, told = text_of(data)
    assert got is None
    assert told.startswith("f.csv:2:1: encoding-gbk: ")
    assert word in told


def test_plain_cyrillic_and_greek_are_not_taken_for_gbk() -> None:
    for text in ("школа,школа\n", "σχολείο\n", "école, niño\n"):
        assert text_of(text.encode())[0] == text


def test_a_file_in_two_encodings_is_refused_at_its_first_bad_line() -> None:
    data = "region\n海淀区北部\n".encode() + "海淀区中部\n".encode("gbk")
    got, told = text_of(data)
    assert got is None
    assert told.startswith("f.csv:3:1: encoding-mixed: ")


def test_bytes_of_no_encoding_are_named_with_line_and_column() -> None:
    got, told = text_of(b"a,b\n1,\xff\xff\n")
    assert got is None
    assert told.startswith("f.csv:2:3: encoding-unknown: byte 0xFF")


def test_nul_and_utf16_without_a_mark_are_refused() -> None:
    for data in (b"a,b\n1,\x00\n", "year,region\n".encode("utf-16-le")):
        got, told = text_of(data)
        assert got is None
        assert "text-nul" in told


def test_what_is_not_a_plain_file_is_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path, "file-kind"), (tmp_path / "absent.csv", "file-missing")):
        problems = Problems()
        assert read_text(path, problems) is None
        assert [problem.code for problem in problems.errors] == [code]


@pytest.mark.parametrize(
    ("cell", "number", "change"),
    [
        ("120", 120.0, ""),
        ("0.5", 0.5, ""),
        ("+7", 7.0, ""),
        (".5", 0.5, ""),
        ("1e3", 1000.0, ""),
        ("1.0E3", 1000.0, ""),
        (" 120 ", 120.0, "trimmed"),
        ("１２０", 120.0, "width"),
        ("１２．５", 12.5, "width"),
        ("1,234", 1234.0, "thousands"),
        ("1，234，567", 1234567.0, "thousands"),
        ("1.2万", 12000.0, "unit"),
        ("0.07万", 700.0, "unit"),
        ("3千", 3000.0, "unit"),
        ("1.2 万人", 12000.0, "unit"),
        ("120人", 120.0, "unit"),
        ("-0", 0.0, "zero"),
        (12.0, 12.0, ""),
        (-0.0, 0.0, ""),
    ],
)
def test_numbers_as_people_write_them(cell: str | float, number: float, change: str) -> None:
    value = read_number(cell, ("人",))
    assert value == (number, change)
    assert isinstance(value.value, float)
    assert math.copysign(1, value.value) == math.copysign(1, number)


def fault(read: Callable[..., object], *cell: Any, **how: bool) -> str:
    """Return the code of the fault of a cell; nothing where it is read."""
    try:
        read(*cell, **how)
    except CellError as unreadable:
        return unreadable.code
    return ""


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("x", "number-invalid"),
        ("1_000", "number-invalid"),
        ("0x10", "number-invalid"),
        ("1,23", "number-invalid"),
        ("1,2345", "number-invalid"),
        ("1 234", "number-invalid"),
        ("(5)", "number-invalid"),
        ("（5）", "number-invalid"),
        ("5亩", "number-invalid"),
        ("120人", "number-invalid"),
        ("人", "number-invalid"),
        ("万", "number-invalid"),
        ("--5", "number-invalid"),
        ("12%", "number-percent"),
        ("１２％", "number-percent"),
        ("nan", "number-not-finite"),
        ("NaN", "number-not-finite"),
        ("inf", "number-not-finite"),
        ("-Infinity", "number-not-finite"),
        ("1e400", "number-not-finite"),
        ("9" * 400, "number-not-finite"),
        (float("inf"), "number-not-finite"),
        ("\u22125", "number-minus"),
        ("\u20135", "number-minus"),
        ("\u2014", "number-minus"),
        ("00123", "number-leading-zero"),
        ("-01", "number-leading-zero"),
        (NonTextCell("date", "2024-05-01"), "cell-date"),
        (NonTextCell("boolean", "TRUE"), "cell-boolean"),
    ],
)
def test_what_is_no_number(cell: str | float | NonTextCell, code: str) -> None:
    assert fault(read_number, cell) == code


def test_a_wrong_minus_is_named_by_its_code_point() -> None:
    with pytest.raises(CellError) as unreadable:
        read_number("\u22125")
    assert unreadable.value.facts == {"character": "U+2212 MINUS SIGN"}


@given(st.text(max_size=12) | st.from_regex(r"[+\-]?[0-9.,]{1,8}(e[+\-]?[0-9]{1,22})?[万千]?"))
@example("0e1000000000000000000万")
def test_any_text_is_a_finite_number_or_a_fault(cell: str) -> None:
    if not fault(read_number, cell):
        value = read_number(cell).value
        assert isinstance(value, float)
        assert math.isfinite(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_reads_back_as_written(number: float) -> None:
    assert read_number(repr(number)).value == number


@given(st.integers(0, 10**7))
def test_ten_thousands_are_exact(count: int) -> None:
    whole, rest = divmod(count, 10_000)
    assert read_number(f"{whole}.{rest:04d}万").value == float(count)
    assert read_number(f"{count:,}").value == float(count)


@pytest.mark.parametrize(
    ("cell", "year", "change"),
    [
        ("2028", 2028, ""),
        ("2028学年", 2028, "year"),
        ("２０２８", 2028, "width"),
        (" 2028", 2028, "trimmed"),
        (2028.0, 2028, ""),
        ("1900", 1900, ""),
        ("2200", 2200, ""),
        ("2025-2026", 2025, "year"),
        ("2025-2026学年", 2025, "year"),
        ("2025—2026 学年", 2025, "year"),
        ("２０２５－２０２６", 2025, "year"),
        ("2025/26", 2025, "year"),
        ("1999/00", 1999, "year"),
    ],
)
def test_years(cell: str | float, year: int, change: str) -> None:
    assert read_year(cell)[:2] == (year, change)


@pytest.mark.parametrize(
    "cell", ["26", "12:30:45", "2024:09", "1899", "9999", 46266.0, 2024.5, "2024.13", "2024届"]
)
def test_what_is_no_year(cell: str | float) -> None:
    assert fault(read_year, cell) in ("year-invalid", "year-range")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2025-2027", "year-span"),
        ("2026-2025学年", "year-span"),
        ("2025-2025", "year-span"),
        ("2025/27", "year-invalid"),
        ("2025-2026-2027", "year-invalid"),
        ("2199-2200", ""),
        ("2201-2202", "year-range"),
    ],
)
def test_a_span_is_one_school_year(cell: str, code: str) -> None:
    assert fault(read_year, cell) == code


def test_a_year_has_a_first_allowed_one() -> None:
    assert read_year("1999").value == 1999
    assert fault(read_year, "1999", 2000) == "year-range"


def test_months() -> None:
    assert read_month("2025-06").value == "2025-06"
    assert read_month(NonTextCell("date", "2025-06-01"))[:2] == ("2025-06", "month")
    for cell in ("2025-13", "2025-6", "25-06", "2025", 2025.0):
        assert fault(read_month, cell) == "month-invalid"


@pytest.mark.parametrize(
    ("cell", "code", "change"),
    [
        ("00123", "00123", ""),
        ("NA", "NA", ""),
        ("null", "null", ""),
        ("a b, +.'", "a b, +.'", ""),
        (" A ", "A", "code"),
        ("Ａ", "Ａ", ""),
        ("a\u3000b", "a b", "code"),
        ("A\u200b", "A", "code"),
        ("e\u0301cole", "e\u0301cole", ""),
        ("x" * 64, "x" * 64, ""),
    ],
)
def test_codes_are_text_as_written_and_trimmed(cell: str, code: str, change: str) -> None:
    assert read_code(cell)[:2] == (code, change)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (12.0, "code-number"),
        ("x" * 65, "code-long"),
        ("a\nb", "code-unprintable"),
        ("a\u200bb", "code-unprintable"),
        (NonTextCell("date", "2024-05-01"), "cell-date"),
    ],
)
def test_what_is_no_code(cell: str | float | NonTextCell, code: str) -> None:
    assert fault(read_code, cell) == code


@given(st.text())
def test_the_form_of_a_code_is_stable(text: str) -> None:
    assert normal_code(normal_code(text)) == normal_code(text)
