"""Bad CSV tables: encodings, rows and columns that do not fit, what is missing or double."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.cases import (
    BIRTHS,
    DISTRICT_FILE,
    ENROLMENT,
    SCENARIO_FILE,
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

#: The second line of the table of pupils, whose last cell is at column 14.
_FIRST = "2018,north,1,101"
_SOUND = SOUND[ENROLMENT]


def noted(word: str, encoding: str) -> dict[str, Content]:
    """Give the table of pupils a note in an encoding, on its second line."""
    header, first, *rest = _SOUND.splitlines()
    lines = (f"{header},note", f"{first},{word}", *(f"{line}," for line in rest))
    return {ENROLMENT: "\n".join(lines).encode(encoding)}


ROWS: dict[int, list[Case]] = {
    15: [
        *(
            Refused(f"{word} in GBK", noted(word, "gbk"), (f"{ENROLMENT}:2:18 encoding-gbk",))
            for word in ("学校", "小学", "学位")
        ),
        Refused(
            "in YAML",
            {SCENARIO_FILE: "name: a\ntitle: 学校\n".encode("gbk")},
            (f"{SCENARIO_FILE}:2:8 encoding-gbk",),
        ),
    ],
    16: [
        Read(
            "GB18030",
            noted("海淀区教委", "gb18030"),
            lambda scenario: (
                of("enrolment", "note")(scenario),
                {f.encoding for f in scenario.files if f.name == ENROLMENT},
            ),
            ("海淀区教委", {"gb18030"}),
        ),
        Refused(
            "no encoding at all",
            {ENROLMENT: _SOUND.encode() + b"2021,\xff,1,5\n"},
            (f"{ENROLMENT}:50:6 encoding-unknown",),
        ),
    ],
    17: [
        Read(
            codec,
            {ENROLMENT: _SOUND.encode(codec), SCENARIO_FILE: SOUND[SCENARIO_FILE].encode(codec)},
            lambda scenario: {f.encoding for f in scenario.files if f.name == ENROLMENT},
            {codec},
        )
        for codec in ("utf-8-sig", "utf-16")
    ],
    18: [
        Refused(
            "half and half",
            {
                ENROLMENT: "year,region,grade,pupils,note\n2018,north,1,5,海淀\n".encode()
                + "2018,north,2,5,海淀\n".encode("gbk")
            },
            (f"{ENROLMENT}:3:1 encoding-mixed",),
            ("line 2",),
        ),
    ],
    19: [
        Refused(
            "1,234 on every row",
            {BIRTHS: "year,region,births\n" + "".join(f"{y},all,1,234\n" for y in (2013, 2014))},
            (f"{BIRTHS}:2:12 row-long", f"{BIRTHS}:3:12 row-long"),
            ("4 cells, the header has 3",),
        ),
    ],
    20: [
        Refused(
            "too few cells",
            more(BIRTHS, "1990,all", "1991"),
            (f"{BIRTHS}:24:1 row-short", f"{BIRTHS}:25:1 row-short"),
        ),
    ],
    21: [
        Refused(
            "too many cells on some rows",
            more(BIRTHS, "1990,all,5,6,7", "1991,all,5", "1992,all,5,"),
            (f"{BIRTHS}:24:12 row-long",),
        ),
    ],
    22: [
        Refused(
            "a column twice",
            {BIRTHS: "year,region,births,births\n2014,all,5,6\n"},
            (f"{BIRTHS}:1:20 column-twice",),
            ("column 3",),
        ),
        Refused(
            "once in Chinese",
            {BIRTHS: "year,region,births,出生人数\n2014,all,5,6\n"},
            (f"{BIRTHS}:1:20 column-twice",),
        ),
        Refused(
            "a column without a name",
            {BIRTHS: "year,region,births, \n2014,all,5,6\n"},
            (f"{BIRTHS}:1:20 column-blank",),
        ),
    ],
    31: [
        *(
            Read(
                f"separated by {mark!r}",
                {BIRTHS: SOUND[BIRTHS].replace(",", mark)},
                lambda scenario: len(scenario.district.table("births")),
                22,
            )
            for mark in ";\t|"
        ),
        Refused(
            "separated by commas of another width",
            {BIRTHS: SOUND[BIRTHS].replace(",", "，")},
            (f"{BIRTHS}:1:5 csv-delimiter",),
        ),
        Refused("an open quote", swap(BIRTHS, "120", '"120'), (f"{BIRTHS}:2:12 csv-quote",)),
        Refused("NUL", swap(BIRTHS, "120", "1\0"), (f"{BIRTHS}:2:13 text-nul",)),
        Read(
            "CR only",
            {BIRTHS: SOUND[BIRTHS].replace("\n", "\r")},
            lambda scenario: len(scenario.district.table("births")),
            22,
        ),
    ],
    32: [
        Refused("a header only", {BIRTHS: "year,region,births\n"}, (f"{BIRTHS}:1:1 table-empty",)),
        Refused("nothing", {BIRTHS: ""}, (f"{BIRTHS}:1:1 table-blank",)),
        Refused(
            "no regions",
            {DISTRICT_FILE: "name: a\nregions: []\nlevels: []\nentry: {age: 6, cutoff: '08-31'}\n"},
            (f"{DISTRICT_FILE}:2:10 list-length", f"{DISTRICT_FILE}:3:9 list-length"),
        ),
    ],
    33: [
        Refused(
            "total rows",
            more(BIRTHS, "2014,合计,240", "2014,Total,1", "小计,,5"),
            tuple(f"{BIRTHS}:{place} total-differs" for place in ("25:12", "26:5")),
        ),
        Refused("unknown sum", more(BIRTHS, "2014,全区,5"), (f"{BIRTHS}:24:6 unknown-region",)),
    ],
    34: [
        Refused(
            "a key twice",
            more(ENROLMENT, _FIRST),
            (f"{ENROLMENT}:50:1 key-twice",),
            ("line 2",),
        ),
    ],
    35: [
        Refused(
            "an unknown region",
            swap(ENROLMENT, _FIRST, "2018,nroth,1,101"),
            (f"{ENROLMENT}:2:6 unknown-region",),
            ("did you mean 'north'?",),
        ),
        Refused(
            "a region twice",
            swap(DISTRICT_FILE, "code: south", "code: north"),
            (f"{DISTRICT_FILE}:5:12 code-twice",),
        ),
        Refused(
            "a circle",
            {
                DISTRICT_FILE: SOUND[DISTRICT_FILE]
                .replace("code: north", "code: north, within: south")
                .replace("code: south", "code: south, within: north")
            },
            (f"{DISTRICT_FILE}:4:27 region-cycle", f"{DISTRICT_FILE}:5:27 region-cycle"),
        ),
    ],
    36: [
        Refused(
            "a grade of the base year",
            swap(ENROLMENT, "2021,north,3,103\n", ""),
            (f"{ENROLMENT}:38:1 base-incomplete",),
            ("north 3",),
        ),
        Read(
            "a year between",
            {ENROLMENT: "".join(x for x in _SOUND.splitlines(True) if not x.startswith("2020,n"))},
            lambda scenario: len(scenario.district.table("enrolment")),
            42,
            warned=("series-hole",),
        ),
        Refused(
            "a cohort of births",
            swap(BIRTHS, "2016,north,120\n", ""),
            (f"{BIRTHS}:2:1 births-hole",),
            ("2016",),
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
