"""Words for years: of counts, of births, of openings; what has two meanings gives none."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.base import catalog
from capacity.inputs.tables import CellError, NonTextCell, Sense, is_year_word, read_year

SCHOOL, BIRTHS, PERIOD, AUTUMN, CALENDAR = Sense
AUGUST = (8, 31)


def read(text: str, sense: Sense = SCHOOL, ends: tuple[int, int] | None = None) -> int | str:
    """Give the year, or the code of why there is none."""
    try:
        return read_year(text, sense=sense, ends=ends).value
    except CellError as fault:
        return fault.code


@pytest.mark.parametrize(
    "text",
    ["2024", "2024.0", "2024年", "2024年度", "令和6年", "民国113年"],
)
def test_a_year_alone_is_itself_whatever_it_is_of(text: str) -> None:
    assert {read(text, sense, ends) for sense in Sense for ends in (None, AUGUST)} == {2024}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2024学年",
            "2024学年度",
            "2024-2025学年",
            "2024-2025学年度",
            "2024至2025",
            "2024年—2025年",
        ),
        *("2024-25", "2024/25", "2024–2025", "202425", "20242025", "SY 2024-2025", "SY2024-25"),
        *("Academic Year 2024/25", "2024/2025 school year", "24/25", "SY 24-25", "民國113學年度"),
    ],
)
def test_two_years_in_a_row_are_a_school_year(text: str) -> None:
    assert {read(text), read(text, AUTUMN)} == {2024}
    assert read(text, BIRTHS) == "year-births" and read(text, BIRTHS, AUGUST) == 2025
    assert read(text, CALENDAR) == read(text, BIRTHS, (12, 31)) == "year-unclear"
    assert read_year(text).change == "year" and is_year_word(text)
    assert read_year(text, sense=BIRTHS, ends=AUGUST).change == "births_year"


@pytest.mark.parametrize(
    ("text", "count", "opens"),
    [
        *(
            (text, 2024, 2024)
            for text in ("Autumn 2024", "Fall 2024", "2024 fall", "2024年秋季学期")
        ),
        *((text, 2024, 2024) for text in ("2024年9月", "2024-09", "Sep-24", "Autumn term 2024/25")),
        *((text, 2024, 2025) for text in ("October 1, 2024", "15/10/2024", "20241015", "2024年底")),
        *((text, 2023, 2024) for text in ("January 2024", "Spring 2024", "2024年春", "Jan-24")),
        *((text, 2023, 2024) for text in ("Census January 2024", "2024年1月15日", "2024-01-15")),
        *(
            (text, 2023, 2024)
            for text in ("School Census Spring 2024", "15 January 2024", "2024.6")
        ),
        *(
            (text, "year-unclear", 2024)
            for text in ("August 2024", "Summer 2024", "Q3 2024", "2024-8")
        ),
        *(
            (text, "year-unclear", "year-unclear")
            for text in ("Winter 2024", "2024年下半年", "SY 2024")
        ),
        ("10/01/2024", "year-unclear", "year-unclear"),
        ("2024.1", "year-unclear", "year-unclear"),
        ("2005-06", "year-unclear", 2005),
        ("200506", "year-unclear", 2005),
        ("2009/10", 2009, "year-unclear"),
        ("2024-01-01", "year-unclear", 2024),
    ],
)
def test_a_month_tells_the_year_by_what_it_is_of(
    text: str, count: int | str, opens: int | str
) -> None:
    assert (read(text), read(text, AUTUMN)) == (count, opens)
    assert {read(text, PERIOD), read(text, BIRTHS)}.isdisjoint({2023, 2025})


@given(st.dates(), st.booleans())
def test_a_date_is_read_alike_in_every_form(date: object, opens: bool) -> None:
    year, month, day = (int(part) for part in str(date).split("-"))
    year = 1900 + year % 300
    if (month, day) == (1, 1):
        return
    sense = AUTUMN if opens else SCHOOL
    name = next(word for word, one in catalog("reading")["years"]["months"].items() if one == month)
    found = {
        read(text, sense)
        for text in (
            f"{year}-{month:02}-{day:02}",
            f"{year}年{month}月{day}日",
            f"{year}年{month}月",
            f"{year}/{month}/{day}",
            f"{year:04}{month:02}{day:02}",
            f"{name.upper()} {day}, {year}",
            f"{day}th {name} {year}",
            f"Census {name.title()} {year}",
        )
    }
    wanted = year + (month > 9) if opens else year - (month < 9)
    unclear = month == 8 and not opens
    late = {"year-range"} if wanted > 2200 or wanted < 1900 else {wanted}
    assert found == ({"year-unclear"} if unclear else late)


def test_a_date_of_a_workbook_gives_the_first_autumn() -> None:
    found = read_year(NonTextCell("date", "2026-06-15"), sense=AUTUMN)
    assert found == (2026, "autumn")
    assert read_year(NonTextCell("date", "2026-10-01"), sense=AUTUMN) == (2027, "autumn")
    with pytest.raises(CellError, match="cell-boolean"):
        read_year(NonTextCell("boolean", "TRUE"))


@pytest.mark.parametrize("year", range(2001, 2012))
def test_a_column_of_two_years_tells_that_none_is_a_month(year: int) -> None:
    text, beside = f"{year}/{(year + 1) % 100:02}", ["2011/12", "2012/13"]
    assert read_year(text, beside=beside).value == year
    assert read_year(text, sense=BIRTHS, ends=AUGUST, beside=beside).value == year + 1
    alone = read(text)
    assert alone == ("year-unclear" if year < 2008 else year)


def test_every_word_of_a_year_is_read_or_refused() -> None:
    stated, luck = catalog("reading")["years"], random.Random(0)
    for word in [*stated["months"], *stated["parts"]]:
        texts = (f"{word} 2024", f"2024 {word}", f"2024年{word}", f"{word.upper()} 2024")
        for sense in Sense:
            found = {read(text, sense) for text in texts}
            refused = {"year-part"} if sense in (BIRTHS, PERIOD) else {"year-unclear"}
            assert len(found) == 1 and found <= {2023, 2024, 2025} | refused, (word, found)
    for word in stated["said"]:
        years = luck.choice(("2024-2025", "2024/25"))
        assert read(f"{word} {years}") == read(f"{years} {word.upper()}") == 2024
        assert read(f"{word} 2024") == "year-unclear"
    for mark in stated["to"]:
        assert read(f"2024{mark}2025") == 2024, mark


@pytest.mark.parametrize(
    "text", ["", "2024届", "pupils", "24", "2024-13", "2024/26", "1-2", "autumn"]
)
def test_what_is_no_year(text: str) -> None:
    assert read(text) == "year-invalid" and not is_year_word(text)


def test_years_of_three_digits_are_of_the_era_that_has_such() -> None:
    for cell in ("114學年度", "114", 114.0, "民國114年"):
        assert read_year(cell).value == 2025
    assert not is_year_word("114")  # a figure, where no column of years says otherwise
    with pytest.raises(CellError):
        read_year("124", beside=["2023", "2024"])  # a digit is lacking
    with pytest.raises(CellError):
        read_year("98學年度")  # 1998, or the 98th of the era
