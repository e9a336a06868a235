"""Bad cells: numbers, years and codes as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.cases import (
    BIRTHS,
    DISTRICT_FILE,
    ENROLMENT,
    PIPELINE,
    PLACES,
    SOUND,
    Case,
    Content,
    Read,
    Refused,
    check_all,
    every,
    more,
    of,
    swap,
)

RATIOS = "demo/ratios.csv"
#: The second line of the table of pupils, whose last cell is at column 14.
_FIRST = "2018,north,1,101"


def pupils(cell: str, error: str = "", **said: tuple[str, ...]) -> Refused:
    """Refuse a number of pupils."""
    files = swap(ENROLMENT, _FIRST, f"2018,north,1,{cell}")
    return Refused(f"pupils {cell}", files, (f"{ENROLMENT}:2:14 {error}",), **said)


def counted(cell: str, value: float, *changes: str, warned: tuple[str, ...] = ()) -> Read:
    """Read a number of pupils."""
    files = swap(ENROLMENT, _FIRST, f"2018,north,1,{cell}")
    return Read(f"pupils {cell}", files, of("enrolment", "pupils"), value, changes, warned)


def region(cell: str, *changes: str) -> Read:
    """Read a region as the one that district.yaml names."""
    files = swap(ENROLMENT, _FIRST, f"2018,{cell},1,101")
    return Read(f"region {cell!r}", files, of("enrolment", "region"), "north", changes)


def year(cell: str, error: str = "year-invalid") -> Refused:
    """Refuse a year."""
    files = swap(ENROLMENT, _FIRST, f"{cell},north,1,101")
    return Refused(f"year {cell}", files, (f"{ENROLMENT}:2:1 {error}",))


def renamed(name: str) -> dict[str, Content]:
    """Call the region north otherwise, in all files."""
    return {
        file: text.replace("north", f'"{name}"' if file == DISTRICT_FILE else name)
        for file, text in SOUND.items()
    }


def ratio(*rows: str, errors: tuple[str, ...]) -> Refused:
    """Refuse rows of ratios."""
    files: dict[str, Content] = {RATIOS: "grade,region,ratio\n" + "\n".join(rows) + "\n"}
    return Refused(f"ratios {rows}", files, tuple(f"{RATIOS}:{error}" for error in errors))


ROWS: dict[int, list[Case]] = {
    23: [
        Read(f"region {name}", renamed(name), of("enrolment", "region"), name)
        for name in ("NA", "None", "null", "nan")
    ],
    24: [
        counted('"1,234"', 1234, "thousands", warned=("breaks-found", "cohort-jump", "ratio-far")),
        pupils("1 234", "number-invalid"),
        pupils("1٬234", "number-invalid"),
        pupils('"1,23"', "number-invalid"),
    ],
    25: [
        counted("１２３", 123, "width"),
        counted("１０２．５", 102.5, "width", warned=("fractions",)),
    ],
    26: [
        counted("0.012万", 120, "unit"),
        counted("0.1千", 100, "unit"),
        counted("120人", 120, "unit"),
        pupils("120元", "number-invalid"),
    ],
    27: [
        pupils("−5", "number-minus", words=("U+2212 MINUS SIGN",)),
        pupils("–5", "number-minus", words=("U+2013 EN DASH",)),
        pupils("（5）", "number-invalid", words=("'（5）'",)),
    ],
    28: [
        ratio(
            "2,all,98%", "3,all,.98", "4,all,98", errors=("2:7 number-percent", "4:7 number-range")
        ),
        Read(
            "an unusual ratio",
            {RATIOS: "grade,region,ratio\n2,all,1.9\n"},
            of("ratios", "ratio"),
            1.9,
            warned=("ratio-unusual",),
        ),
    ],
    29: [
        Read(name, renamed(name), of("enrolment", "region"), name)
        for name in ("000101", "110101001001", "1e5")
    ],
    30: [
        region("north ", "code"),
        region("ｎorth", "code"),
        region("north\u200b", "code"),
        Read(
            "letters with marks of their own",
            {
                file: text.replace("north", "Lo\u0302ng" if file == BIRTHS else "Lông")
                for file, text in SOUND.items()
            },
            of("births", "region"),
            "Lông",
            ("code",) * 11,
        ),
        Refused(
            "two rows with one key",
            more(ENROLMENT, "2018,ｎorth ,1,5"),
            (f"{ENROLMENT}:50:1 key-twice",),
            ("line 2",),
        ),
    ],
    37: [
        pupils("-5", "number-negative"),
        Refused("births", swap(BIRTHS, "120", "-1"), (f"{BIRTHS}:2:12 number-negative",)),
        Refused("places", swap(PLACES, "300", "-1"), (f"{PLACES}:2:15 number-negative",)),
        counted("-0.0", 0.0, "zero", warned=("count-zero", "breaks-found")),
    ],
    38: [counted("101.5", 101.5, warned=("fractions",))],
    39: [
        pupils("1e10", "number-range"),
        counted("1010", 1010, warned=("breaks-found", "cohort-jump", "ratio-far")),
    ],
    41: [
        year("18"),
        year("1800", "year-range"),
        year("9999", "year-range"),
        year("46266"),
        year("2018/20"),
        year("2018-2020", "year-span"),
        year("2018年8月", "year-unclear"),
        *(
            Read(
                text,
                swap(ENROLMENT, _FIRST, f"{text},north,1,101"),
                of("enrolment", "year"),
                2018,
                ("year",),
            )
            for text in ("2018学年", "2018-2019", "2018—2019学年", "2018/19")
        ),
        Refused(
            "a span of calendar years",
            more(BIRTHS, "2009-2010,north,5"),
            (f"{BIRTHS}:24:1 year-births",),
        ),
        Read(
            "a month of opening",
            swap(PIPELINE, "planned,2024", "planned,2024年9月"),
            of("pipeline", "opens"),
            2024,
            ("autumn",),
        ),
        Read(
            "a month before an autumn",
            swap(PIPELINE, "planned,2024", "planned,2024年3月"),
            of("pipeline", "opens"),
            2024,
            ("autumn",),
        ),
        Refused(
            "a half of a year with two autumns",
            swap(PIPELINE, "planned,2024", "planned,2024年下半年"),
            (f"{PIPELINE}:2:18 year-unclear",),
            ("2024 or 2025",),
        ),
        Refused(
            "a project of another century",
            more(PIPELINE, "P4,north,planned,1825,5,0,new"),
            (f"{PIPELINE}:5:18 year-range",),
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
