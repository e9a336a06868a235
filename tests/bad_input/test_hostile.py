"""Hostile files: told in seconds and within a gigabyte, with the first places and how many more."""

from __future__ import annotations

import csv
import importlib
import json
import pkgutil
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, AnyStr

import hypothesis.strategies as st
import pytest
import xlsxwriter
from hypothesis import given

import capacity as package
from capacity import import_tables, load_run
from capacity.base import KEPT, SHOWN, At, Problems, guarded, how_many, problem_lines, unguarded
from capacity.inputs.importing import MOST_COLUMNS, MOST_NAMES, MOST_TABLES, MOST_TEXTS
from capacity.inputs.tables import MAX_ROWS, MAX_SHEET, read_grids
from capacity.render.charts import KINDS
from tests.bad_input.cases import (
    BIRTHS,
    DISTRICT_FILE,
    SCENARIO_FILE,
    SECONDS,
    SOUND,
    Content,
    built,
    levers,
    more,
    swap,
    told,
)
from tests.bad_input.cases import capacity as command
from tests.bad_input.test_workbooks import SHEET, drawn
from tests.seeds import usually

MEMORY = 2**30
HEADER = "year,region,births"
BOOK = "demo/book.xlsx"


def rows(row: Callable[[int], str], count: int) -> str:
    return "\n".join((HEADER, *map(row, range(count)))) + "\n"


def remade(part: str, before: bytes, xml: bytes, over: bytes = b"") -> Content:
    """Make a workbook of births, stored as it is, with something in one of its parts.

    It stands before a text, or ``over`` that.
    """

    def make(path: Path) -> None:
        drawn()(path)  # type: ignore[operator]
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        at = parts[part].index(before)
        parts[part] = parts[part][:at] + xml + parts[part][at + len(over) :]
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data)

    return make


def book(xml: bytes) -> dict[str, Content]:
    return {BIRTHS: None, BOOK: remade(SHEET, b"</sheetData>", xml)}


#: Loads the package once, and runs each command in a process of its own within a limit of memory.
SERVER = """
import json, os, resource, sys
import capacity.api, capacity.cli.check, capacity.cli.importing, capacity.render.text
import capacity.inputs.scenarios.scenario, capacity.studies.importing.study
from capacity.cli import main

for line in sys.stdin:
    memory, words, *arguments = json.loads(line)
    if (child := os.fork()) == 0:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        for number, name in ((1, os.devnull), (2, words)):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        main(arguments)
    _, status, used = os.wait4(child, 0)
    spent = used.ru_utime + used.ru_stime
    print(json.dumps([os.waitstatus_to_exitcode(status), spent]), flush=True)
"""
Limited = Callable[..., tuple[int, str, float]]


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Limited]:
    """Give what runs a command in so much memory: its code, its words and its processor time."""
    words = tmp_path_factory.mktemp("limited") / "words.txt"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", SERVER], text=True, **pipes) as server:

        def run(*arguments: object) -> tuple[int, str, float]:
            asked = [MEMORY, *map(str, (words, *arguments, "--lang", "en"))]
            print(json.dumps(asked), file=server.stdin, flush=True)
            code, spent = json.loads(server.stdout.readline())
            return code, words.read_text(encoding="utf-8"), spent

        yield run


#: Large files, the place and code of the first problem, and how many more are at least counted.
LARGE: Mapping[str, tuple[Callable[[], Mapping[str, Content]], str, int]] = {
    "as many unknown columns as a sheet has": (
        lambda: {
            BIRTHS: ",".join((HEADER, *(f"c{n}" for n in range(16_384))))
            + f"\n2010,north,1{',1' * 16_384}\n"
        },
        f"{BIRTHS}:1:20 column-unknown",
        0,
    ),
    "a hundred thousand unknown columns": (
        lambda: {
            BIRTHS: ",".join((HEADER, *(f"c{n}" for n in range(100_000))))
            + f"\n2010,north,1{',' * 100_000}\n"
        },
        f"{BIRTHS}:1:1 table-columns",
        0,
    ),
    "a megabyte of levers": (
        lambda: more(SCENARIO_FILE, "levers:", *["  - {kind: dela, add: 2}"] * 40_000),
        f"{SCENARIO_FILE}:25002:",
        15_000,
    ),
    "blank lines": (lambda: {SCENARIO_FILE: "\n" * 292_000 + "x"}, f"{SCENARIO_FILE}:1:1 ", 0),
    "unclosed cells": (lambda: book(b"<c r='A1" * 100_000), f"{BOOK}:1:1 workbook-damaged", 0),
    "a cell of 100 MB": (
        lambda: {BIRTHS: f"{HEADER}\n2010,north,{'1' * 100_000_000}\n"},
        f"{BIRTHS}:1:1 file-too-big",
        0,
    ),
    "a cell of 1 MB": (
        lambda: {BIRTHS: f"{HEADER}\n2010,north,{'1' * 1_000_000}\n"},
        f"{BIRTHS}:2:12 cell-long",
        0,
    ),
}


def sheet_of(
    row: Callable[[int], str], count: int, first: int = 30
) -> Callable[[], dict[str, Content]]:
    """Add many rows below those of a sheet, each with its number; the 24th follows at once."""
    return lambda: book("".join(row(number) for number in range(first, first + count)).encode())


def cells_of(inside: str, kind: str = "") -> Callable[[int], str]:
    """Give a row of three cells."""
    cells = "".join(f'<c r="{letter}%d"{kind}>{inside}</c>' for letter in "ABC")
    return lambda number: f'<row r="{number}">{cells}</row>' % (number, number, number)


def merged(ranges: Iterable[str], *, rows: int = 0) -> dict[str, Content]:
    """Make a workbook with merged ranges, and more rows."""
    cells = "".join(map(cells_of("<v>1</v>"), range(24, 24 + rows)))
    of = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    xml = f"{cells}</sheetData><mergeCells>{of}</mergeCells>"
    return {BIRTHS: None, BOOK: remade(SHEET, b"</sheetData>", xml.encode(), b"</sheetData>")}


def shared(text: str, count: int) -> Content:
    """Make a workbook with more texts than its cells show."""
    return remade("xl/sharedStrings.xml", b"</sst>", f"<si><t>{text}</t></si>".encode() * count)


#: As many rows as a file may have, and rows of three cells as a sheet may have.
ROWS, SHEET_ROWS = MAX_ROWS - 1, MAX_SHEET // 3 - 40
MILLION = {
    "a million rows": (
        lambda: {BIRTHS: rows(lambda n: f"{2010 + n % 10},nowhere{n},abc{n}", 1_000_000)},
        f"{BIRTHS}:1:1 table-rows",
        1_000_000,
    ),
    "faulty rows, all different": (
        lambda: {BIRTHS: rows(lambda n: f"{2010 + n % 10},nowhere{n},abc{n}", ROWS)},
        f"{BIRTHS}:2:6 regions-unknown",
        400,
    ),
    "faulty rows, all alike": (
        lambda: {BIRTHS: rows(lambda n: "2010,north,abc", ROWS)},
        f"{BIRTHS}:2:12 number-invalid",
        ROWS - 1000,
    ),
    "short rows": (
        lambda: {BIRTHS: rows(lambda n: "2010,north", ROWS)},
        f"{BIRTHS}:2:1 row-short",
        ROWS - 1000,
    ),
    "a sheet of a million cells": (
        sheet_of(cells_of("<v>abc</v>", ' t="str"'), 333_000, 24),
        f"{BOOK}[births!C333023] sheet-size",
        0,
    ),
    "a sheet of faulty cells": (
        sheet_of(cells_of("<v>abc</v>", ' t="str"'), SHEET_ROWS, 24),
        f"{BOOK}[births!A24] year-invalid",
        SHEET_ROWS - 1000,
    ),
    "another table of as many cells below": (  # words after an empty row: told once, not read
        sheet_of(cells_of("<v>abc</v>", ' t="str"'), SHEET_ROWS),
        f"{BOOK}[births!A30] table-below",
        0,
    ),
    "errors": (
        sheet_of(cells_of("<v>#N/A</v>", ' t="e"'), SHEET_ROWS),
        f"{BOOK}[births!A30] cell-error",
        3 * SHEET_ROWS - 1000,
    ),
    "formulas without a value": (
        sheet_of(cells_of("<f>A1</f>"), SHEET_ROWS),
        f"{BOOK}[births!A30] cell-formula",
        3 * SHEET_ROWS - 1000,
    ),
    "a million values of one cell": (
        sheet_of(lambda number: '<row><c r="A30"><v>1</v></c></row>', 1_100_000),
        f"{BOOK}[births!A30] sheet-size",
        0,
    ),
    "a million merged cells": (
        lambda: merged("A2:ZZZ1048576" for _ in range(1_000_000)),
        f"{BOOK}[births!A2] cell-merged",
        0,
    ),
    "merged cells in every row": (
        lambda: merged((f"A{row}:C{row}" for row in range(2, 200_002)), rows=200_000),
        f"{BOOK}[births!A2] cell-merged",
        199_000,
    ),
    "merged cells over one another": (
        lambda: merged((f"A{row}:C200000" for row in range(2, 200_000)), rows=200_000),
        f"{BOOK}[births!A3] merged-overlap",
        199_000,
    ),
    "a text of 60 MB": (
        lambda: {BIRTHS: None, BOOK: shared("x" * 60_000_000, 1)},
        "",
        0,
    ),
    "millions of texts": (
        lambda: {BIRTHS: None, BOOK: shared("abc", 2_500_000)},
        "",
        0,
    ),
    "rows that are only formatted, to the last": (
        sheet_of(lambda number: f'<row r="{number}" s="1" customFormat="1"/>', 1_048_547),
        "",
        0,
    ),
    "millions of cells that are only formatted": (
        sheet_of(cells_of("", ' s="1"'), 690_000),
        "",
        0,
    ),
    "millions of elements": (sheet_of(lambda number: "<a/>", 10_000_000), "", 0),
}


def hold(
    limited: Limited, root: Path, files: Mapping[str, Content], first: str, least: int
) -> None:
    """Hold what is told first; nothing is where the files are sound."""
    code, words, spent = limited("check", built(root, files))
    assert code == (2 if first else 0), words[-2000:]
    assert "Traceback" not in words
    assert spent < SECONDS
    if not first:
        return
    lines = [line.replace(f"{root}/", "", 1) for line in words.splitlines()]
    assert len(lines) <= 101
    assert lines[0].replace(": ", " ", 1).startswith(first), lines[0]
    numbers = [int(n.replace(",", "")) for line in lines for n in re.findall(r"\d[\d,]*", line)]
    assert max(numbers) >= least


@pytest.mark.parametrize("what", LARGE)
def test_a_large_file_is_told_within_seconds_and_a_gigabyte(
    what: str, tmp_path: Path, limited: Limited
) -> None:
    make, first, least = LARGE[what]
    hold(limited, tmp_path, make(), first, least)


@pytest.mark.slow
@pytest.mark.parametrize("what", MILLION)
def test_a_million_rows_are_told_within_seconds_and_a_gigabyte(
    what: str, tmp_path: Path, limited: Limited
) -> None:
    make, first, least = MILLION[what]
    hold(limited, tmp_path, make(), first, least)


#: Of the large files those that are imported in every run of the tests; the others are slow.
_OFTEN = ("a cell of 1 MB", "a million rows")


@pytest.mark.parametrize(
    "what",
    [
        pytest.param(what, marks=() if what in _OFTEN else pytest.mark.slow)
        for what, (make, first, _) in {**LARGE, **MILLION}.items()
        if SCENARIO_FILE not in first
    ],
)
def test_a_large_file_is_imported_or_refused_within_seconds_and_a_gigabyte(
    what: str, tmp_path: Path, limited: Limited
) -> None:
    files = {**LARGE, **MILLION}[what][0]()
    scenario = built(tmp_path, files)
    (name,) = [name for name, content in files.items() if content is not None]
    code, words, spent = limited("import", scenario.parent / name, "-o", tmp_path / "out")
    assert code in (2, 5), words[-2000:]
    assert "Traceback" not in words
    assert spent < SECONDS
    assert len(words.splitlines()) <= 101


def test_every_command_asks_first_how_many_rows_there_are(tmp_path: Path) -> None:
    scenario = built(tmp_path, {BIRTHS: rows(lambda n: "2010,north,1", MAX_ROWS)})
    folder, out = scenario.parent / "demo", tmp_path / "out"
    for arguments in (
        ("check", scenario),
        ("run", scenario, "-o", out),
        ("backtest", folder, "-o", out),
        ("ratios", folder, "-o", out),
        ("import", tmp_path / BIRTHS, "-o", out),
    ):
        begun = time.process_time()
        said = command(*arguments, "--lang", "en")
        assert time.process_time() - begun < SECONDS
        assert said.code == 2
        assert f"{BIRTHS}:1:1: table-rows: the file has {MAX_ROWS + 1:,} lines" in said.err
        assert not out.exists()


def test_what_2000_schools_write_in_twenty_years_is_read(tmp_path: Path) -> None:
    count = 2000 * 12 * 20
    text = rows(lambda n: f"{n % 20 + 2004},School {n // 240},{n // 20 % 12 + 1},30", count)
    blank = ",,\n" * MAX_ROWS  # as a spreadsheet leaves them
    path, problems = tmp_path / "roll.csv", Problems()
    path.write_text(text + blank, encoding="utf-8")
    (grid,) = read_grids(path, problems)
    assert not problems.errors
    assert len(grid.rows) == count + 1
    assert str(grid.place(count, 3)) == f"{path}:{count + 1}:21"


#: What an import does not take on, and what is told of it; of the rows of all files few may be.
UNBEARABLE: Mapping[str, tuple[str, str]] = {
    "table-columns": (",".join((HEADER, *(f"c{n}" for n in range(MOST_COLUMNS)))) + "\n", ":1:1"),
    "import-tables": (f"{HEADER}\n2010,north,1\n\n" * (MOST_TABLES + 1), ":3001:1"),
    "import-names": (rows(lambda n: f"2010,r{n},1", MOST_NAMES + 1), ""),
    "import-texts": (rows(lambda n: f"2010,north,x{n}", MOST_TEXTS), ":1:1"),
    "rows-unread": (rows(lambda n: f"2010,north,abc{n}", KEPT + 5), f":{KEPT + 1}:12"),
    "import-rows": (rows(lambda n: "2010,north,1", 60), ":1:1"),
}


@pytest.mark.parametrize("code", UNBEARABLE)
def test_an_import_takes_on_no_more_than_it_says(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, at = UNBEARABLE[code]
    if code == "import-rows":
        monkeypatch.setattr("capacity.inputs.importing.bounds.MAX_ROWS", 100)
        (tmp_path / "another.csv").write_text(text, encoding="utf-8")
    (tmp_path / "births.csv").write_text(text, encoding="utf-8")
    for lang in ("en", "zh"):
        said = command("import", tmp_path, "-o", tmp_path / "out", "--lang", lang)
        assert said.code == 2, said
        assert f"{tmp_path / 'births.csv'}{at}: {code}: " in said.err
        assert not (tmp_path / "out").exists()


def test_a_name_is_taken_for_another_s_slip_among_few_and_among_many(tmp_path: Path) -> None:
    for count in (20, 400):
        names = [f"{a}{b}ville" for a in "ABCDEFGHIJKLMNOPQRST" for b in range(count // 20)]
        text = rows(lambda n, names=names: f"{2010 + n % 3},{names[n // 3]},1", 3 * count)
        (tmp_path / "births.csv").write_text(text + "2013,A0vilel,1\n", encoding="utf-8")
        found = import_tables([tmp_path / "births.csv"])
        assert ("units", "A0vilel") in found.open
        assert len(found.map.regions) == count


#: Small files that are hostile, with the place and code of their one problem.
SMALL: Mapping[str, tuple[Mapping[str, Content], str]] = {
    "a NUL": ({BIRTHS: f"{HEADER}\n2010,no\0rth,1\n"}, f"{BIRTHS}:2:8 text-nul"),
    "a surrogate": (
        {BIRTHS: f"{HEADER}\n2010,".encode() + b"\xed\xa0\x80,1\n"},
        f"{BIRTHS}:2:7 encoding-unknown",
    ),
    "ten thousand digits": (
        {BIRTHS: f"{HEADER}\n2010,north,{'9' * 10_000}\n"},
        f"{BIRTHS}:2:12 number-not-finite",
    ),
    "ten thousand digits in YAML": (
        swap(SCENARIO_FILE, "2021", "9" * 10_000),
        f"{SCENARIO_FILE}:5:22 yaml-not-finite",
    ),
    "ten thousand hexadecimal digits": (
        swap(SCENARIO_FILE, "2021", f"0x{'f' * 10_000}"),
        f"{SCENARIO_FILE}:5:22 yaml-not-finite",
    ),
    "ten thousand octal digits": (
        swap(SCENARIO_FILE, "2026", f"0o{'7' * 10_000}"),
        f"{SCENARIO_FILE}:5:39 yaml-not-finite",
    ),
    "a year of 10^12": (
        {BIRTHS: f"{HEADER}\n1000000000000,north,1\n"},
        f"{BIRTHS}:2:1 year-invalid",
    ),
    "a date of 9999999": ({BIRTHS: f"{HEADER}\n9999999,north,1\n"}, f"{BIRTHS}:2:1 year-invalid"),
    "a year of 10^12 in YAML": (
        swap(SCENARIO_FILE, "2026", "1000000000000"),
        f"{SCENARIO_FILE}:5:39 value-range",
    ),
    "a cell of the grid at 1e9": (
        swap(DISTRICT_FILE, "cell: [0, 1]", "cell: [1e9, 5]"),
        f"{DISTRICT_FILE}:4:54 want-whole",
    ),
    "a cell of the grid at 10^9": (
        swap(DISTRICT_FILE, "cell: [0, 1]", "cell: [1000000000, 5]"),
        f"{DISTRICT_FILE}:4:54 value-range",
    ),
    "deep brackets": (
        {SCENARIO_FILE: "a: " + "[" * 100_000},
        f"{SCENARIO_FILE}:1:35 yaml-depth",
    ),
    "a cell under cells of a workbook": (book(b"<c><f>" * 20_000), f"{BOOK}:1:1 workbook-damaged"),
    "a cell that is no place": (
        book(b'<row><c r="1A"><v>1</v></c></row>'),
        f"{BOOK}:1:1 workbook-damaged",
    ),
    "a text of 40,000 characters in a workbook": (
        book(b'<row r="30"><c r="A30" t="str"><v>%s</v></c></row>' % (b"x" * 40_000)),
        f"{BOOK}[births!A30] cell-long",
    ),
    **{
        f"{kind} {form} {value}": (
            levers(f"{{kind: {kind}, where: {{region: north{cell}}}, {form}: {value}}}"),
            f"{SCENARIO_FILE}:7:",
        )
        for kind, cell in (
            *(("migration", ", grade: 1"), ("births", ""), ("places", ""), ("class_size", "")),
            *(("entry", ""), ("progression", "")),
        )
        for form, value in (("add", "1e308"), ("set", "1e300"), ("times", "1e300"))
    },
    "close 1e300": (
        levers("{kind: close, close: {region: north, level: primary, places: 1e300}}"),
        f"{SCENARIO_FILE}:7:",
    ),
    "a project of 1e300": (
        levers(
            "{kind: add_project, add_project: {project: X, region: north, status: planned, "
            "opens: 2024, places_primary: 1e300}}"
        ),
        f"{SCENARIO_FILE}:7:",
    ),
    "five million cells": (
        {BIRTHS: f"{HEADER}{',' * 5_000_001}\n"},
        f"{BIRTHS}:1:1 table-size",
    ),
    "a hundred thousand values": (
        {SCENARIO_FILE: f"a: [{'1,' * 100_002}]\n"},
        f"{SCENARIO_FILE}:1:200005 yaml-many",
    ),
    "more levers than may be": (
        levers(*["{kind: delay, add: 1}"] * 5001),
        f"{SCENARIO_FILE}:5007:5 levers-many",
    ),
}


#: Levers beyond any number: every run takes each kind once and each form twice.
_LEVERS = [what for what in SMALL if what.endswith(("add 1e308", "set 1e300", "times 1e300"))]


@pytest.mark.parametrize(
    "what",
    usually(
        SMALL, {*SMALL} - {*_LEVERS} | {_LEVERS[3 * n + n % 3] for n in range(len(_LEVERS) // 3)}
    ),
)
def test_a_hostile_file_is_refused_at_its_place(what: str, tmp_path: Path) -> None:
    files, error = SMALL[what]
    begun = time.process_time()
    said = command("check", built(tmp_path, files), "--lang", "zh")
    assert time.process_time() - begun < SECONDS
    assert said.code == 2
    assert [one[: len(error)] for one in told(said, tmp_path)] == [error], said.err
    assert max(map(len, said.err.splitlines())) < 4100


def test_what_was_not_looked_at_is_counted(tmp_path: Path) -> None:
    births = {BIRTHS: rows(lambda n: f"2010,north,abc{n}", KEPT + 70)}
    said = command("check", built(tmp_path / "births", births), "--lang", "en")
    assert f"{BIRTHS}:{KEPT + 2}:12: cells-unread: " in said.err
    assert "the other 70 were not looked at" in said.err
    many = more(SCENARIO_FILE, f"supply: {{count: [{'x, ' * (KEPT + 80)}]}}")
    said = command("check", built(tmp_path / "many", many), "--lang", "en")
    assert ": faults-unread: " in said.err
    assert "the other 80 of this file" in said.err


@pytest.mark.filterwarnings("ignore:overflow")
def test_factors_that_come_to_no_number_are_refused(tmp_path: Path) -> None:
    many = ["{kind: migration, where: {region: north, grade: 1}, add: 1e9}"]
    many += ["{kind: migration, where: {region: north, grade: 1}, times: 5}"] * 900
    said = command("check", built(tmp_path, levers(*many)), "--lang", "en")
    assert said.code == 2
    assert "inf" not in said.err.replace("information", "")


#: Names that a system does not take, and one that it may, which would be two lines.
NAMES = (
    "x" * 4000,
    f"{'x' * 250}.yaml",
    f"{'x' * 300}.yaml",
    "a/" * 2000,
    "x\ny\x1b[1m",
    "学" * 200,
)
#: Commands that read a path, {}, and those that write there.
READING = (
    *("check {}", "run {} -o out", "ratios {}", "backtest {}", "chart {} --kind gap"),
    *("compare {} baseline.yaml -o out", "import {} -o out"),
)
WRITING = (
    *("new {}", "run baseline.yaml --draws 0 --no-charts -o {}", "ratios demo --no-charts -o {}"),
    "import demo -o {}",
)


@pytest.mark.parametrize("words", [*READING, *WRITING])
def test_a_path_that_no_system_takes_gives_one_line(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built(tmp_path, {}).parent)
    for number, name in enumerate(NAMES):
        arguments = [name if word == "{}" else word for word in words.split()]
        said = command(*arguments, "--lang", ("en", "zh")[number % 2])
        taken = words in WRITING and not said.code % 5  # written, or import asks for more
        assert said.code in (2, 3) or taken, (name[:9], said)
        lines = said.err.splitlines()
        told = [line for line in lines if not line.startswith(("warning: ", "提示："))]
        assert len(told) == 1 or taken, lines
        assert all(line.isprintable() for line in (*lines, *said.out.splitlines()))
        assert "capacity-" not in said.err, said.err


# Problems ---------------------------------------------------------------------------------------


def test_problems_of_a_kind_are_kept_up_to_a_number_and_all_are_counted() -> None:
    found = Problems()
    for line in range(KEPT + 100):
        found.error("number-invalid", At("a.csv", line + 1), column="x", found=str(line))
        found.error("number-invalid", At("b.csv", line + 1), column="x", found=str(line))
    found.count("number-invalid", "a.csv", 50)
    assert len(found.errors) == 2 * KEPT
    assert how_many(found.errors) == 2 * KEPT + 100 + 150
    assert not found.room("number-invalid", "a.csv")
    assert found.room("number-invalid", "c.csv")
    *lines, last = problem_lines(found, "en")
    assert len(lines) == 100
    assert last == f"… and {2 * KEPT + 250 - 100} more"


def test_that_others_were_not_looked_at_is_shown_before_all_else() -> None:
    found = Problems()
    for number in range(SHOWN + 50):
        found.error("number-invalid", At("a.csv", 2, number), column=f"c{number}", found="x")
    found.error("cells-unread", At("a.csv", 900, 1), column="c", count=7, kept=KEPT)
    lines = problem_lines(found, "en")
    assert len(lines) == SHOWN + 1
    assert "the other 7 were not looked at" in lines[-2]


def test_what_was_only_counted_is_counted_once_when_it_is_taken_over_again() -> None:
    found, other = Problems(), Problems()
    for line in range(KEPT + 7):
        found.error("number-invalid", At("a.csv", line + 1), column="x", found=str(line))
    for _ in range(3):
        other.extend(found)
    assert how_many(other) == how_many(found) == KEPT + 7


# Patterns ---------------------------------------------------------------------------------------


_USES = "match|search|fullmatch|sub|split|findall|finditer"


@cache
def patterns() -> dict[str, tuple[re.Pattern[Any], str]]:
    """Give every pattern of the product and how it is used, by its module and its name or line."""
    return dict(found_patterns())


def found_patterns() -> Iterator[tuple[str, tuple[re.Pattern[Any], str]]]:
    written = re.compile(rf"\bre\.({_USES})\(\s*rf?b?([\"'])")
    for module in pkgutil.walk_packages(package.__path__, "capacity."):
        if module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        text = Path(str(loaded.__file__)).read_text("utf-8")
        known = {name: at for name, at in vars(loaded).items() if isinstance(at, re.Pattern)}
        for name, value in known.items():
            for use in set(re.findall(rf"\b{name}\.({_USES})\(", text)):
                yield f"{module.name}.{name}.{use}", (value, use)
        for found in written.finditer(text):
            pattern = text[found.end() : text.index(found[2], found.end())]
            line = text.count("\n", 0, found.start()) + 1
            yield f"{module.name}:{line}.{found[1]}", (re.compile(pattern), found[1])


#: What is repeated: the signs of the product's files.
_SIGNS = (" ", "\n", "\t", "-", "- ", "a", "1", "1,", "1,111", ",", '"', '""', ":", "：", "(", "()")
_SIGNS += (
    "1.",
    "<",
    "[",
    "x;",
    " ;",
    "\r",
    "\r\n",
    "年",
    "-1",
    "e",
    "=",
    "/",
    "学年",
    "a=b",
    "Glyph 1",
    " a='1'",
    "<c r='A1'>",
    "<![CDATA[",
)
#: Seconds from which on a time is measured, and those that are enough to tell.
_MEASURED, _ENOUGH = 0.03, 0.5


def slowest(pattern: re.Pattern[AnyStr], use: str, size: int) -> tuple[float, str]:
    """Return how long the worst text of a size takes a pattern, and what it repeats."""
    worst = (0.0, "")
    kind = type(pattern.pattern)
    apply = {"sub": lambda text: pattern.sub(kind(), text)}.get(use, getattr(pattern, use))
    for one, end in product(_SIGNS, ("", "\x01")):
        written = one * (size // len(one)) + end
        text = written.encode() if kind is bytes else written
        begun = time.process_time()
        found = apply(text)
        for _ in found if use == "finditer" else ():
            pass
        worst = max(worst, (time.process_time() - begun, repr(one + end)))
        if worst[0] > _ENOUGH:
            break
    return worst


def test_every_pattern_of_the_product_is_known() -> None:
    text = "".join(p.read_text("utf-8") for p in Path(package.__file__).parent.rglob("*.py"))
    used = text.count("re.compile(") + len(re.findall(rf"\bre\.(?:{_USES})\(", text))
    names = {name.rpartition(".")[0] for name in patterns()}
    assert 0.9 * used <= len(names) <= used + 5  # one that is imported is known twice


def test_a_pattern_takes_twice_as_long_for_twice_as_much() -> None:
    for name, of in patterns().items():
        size = 4_000
        while (spent := slowest(*of, size))[0] < _MEASURED and size < 16_000:
            size *= 4  # what goes back is slow
        if spent[0] >= _MEASURED:
            ratio = min(slowest(*of, 2 * size)[0] / slowest(*of, size)[0] for _ in range(3))
            assert ratio <= 2.5, (name, size, *spent)


# Formulas ---------------------------------------------------------------------------------------


@given(st.text(st.sampled_from("'=+-@\t\r＝＋－＠1a."), max_size=8) | st.text(max_size=8))
def test_a_guarded_text_is_no_formula_and_is_read_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "@", "\t", "\r", "＝", "＠", "＋", "－"))
    if guarded(text).startswith(("+", "-")):
        assert re.fullmatch(r"[+-][0-9][0-9.,]*(e[+-]?[0-9]+)?%?", guarded(text), re.IGNORECASE)


def test_a_code_that_would_be_a_formula_is_the_same_wherever_it_is_read(tmp_path: Path) -> None:
    code = "=1+2"
    files: dict[str, Content] = {
        DISTRICT_FILE: SOUND[DISTRICT_FILE].replace("north", f"'{code}'"),
        **{
            name: text.replace("north", code)
            for name, text in SOUND.items()
            if name.endswith(".csv")
        },
    }
    scenario = built(tmp_path, files)
    said = command("run", scenario, "-o", tmp_path / "out", "--no-charts", "--draws", 20)
    assert said.code == 0, said.err
    tables = sorted((tmp_path / "out").glob("*.csv"))
    assert len(tables) > 5
    for path in tables:
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = {cell for row in csv.reader(file) for cell in row}
        assert not [cell for cell in cells if cell.startswith(("=", "@", "\t"))], path
    kept = load_run(tmp_path / "out").frame()
    assert set(kept["region"]) == {code, "south", "all"}
    births = tmp_path / BIRTHS  # a code copied from a table of results is read as the code
    births.write_text(births.read_text().replace(code, f"'{code}"), encoding="utf-8")
    assert command("check", scenario).code == 0


# Names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["CON", "nul", "Com1", "LPT9", "com¹", "ＡＵＸ", "aux.txt", "a ", "a."]
)
def test_a_name_that_a_system_keeps_for_itself_is_refused(name: str, tmp_path: Path) -> None:
    files = swap(SCENARIO_FILE, "name: baseline", f"name: {name!r}")
    said = command("check", built(tmp_path, files), "--lang", "en")
    assert told(said, tmp_path) == [f"{SCENARIO_FILE}:1:7 name-bad"]


@given(st.text(min_size=1, max_size=64), st.text(min_size=1, max_size=64))
def test_charts_of_two_codes_have_two_names_that_every_system_takes(one: str, other: str) -> None:
    names = [KINDS["wave"].file_name("png", region=code, year=2030) for code in (one, other)]
    assert all(len(name.encode("utf-8", "surrogatepass")) <= 255 for name in names)
    assert not any(set('\\/:*?"<>|') & set(name) for name in names)
    assert (names[0] == names[1]) == (one == other)


def test_a_code_of_64_long_characters_can_be_drawn() -> None:
    name = KINDS["wave"].file_name("png", region="𠮷" * 64)
    assert len(name.encode()) <= 255
    assert name != KINDS["wave"].file_name("png", region="𠮷" * 63)


# Draws ------------------------------------------------------------------------------------------


def test_draws_beyond_memory_are_refused_with_what_they_take_and_how_many_fit(
    tmp_path: Path,
) -> None:
    scenario = built(tmp_path, swap(SCENARIO_FILE, "2026", "2060"))
    begun = time.process_time()
    said = command("run", scenario, "-o", tmp_path / "out", "--draws", 1_000_000, "--lang", "en")
    assert time.process_time() - begun < SECONDS
    assert said.code == 2
    assert told(said, tmp_path) == [f"{SCENARIO_FILE} draws-memory"]
    found = re.search(
        r"would take ([\d.]+) GB .* may take ([\d.]+) GB .* most ([\d,]+) dr", said.err
    )
    assert found is not None, said.err
    needed, room, most = (float(number.replace(",", "")) for number in found.groups())
    assert needed > room
    assert 0 < most < 1_000_000
    assert abs(most / 1_000_000 - room / needed) < 0.1
    assert not (tmp_path / "out").exists()


def test_an_import_takes_on_no_more_merged_cells_than_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capacity.inputs.importing.bounds.MOST_MERGED", 3)
    book, path = xlsxwriter.Workbook(tmp_path / "births.xlsx"), tmp_path / "births.xlsx"
    sheet = book.add_worksheet("births")
    sheet.write_row(0, 0, HEADER.split(","))
    for row in range(1, 13, 2):
        sheet.merge_range(row, 0, row + 1, 0, 2010 + row)
        for each, region in enumerate(("north", "south")):
            sheet.write_row(row + each, 1, [region, 500])
    book.close()
    for lang in ("en", "zh"):
        said = command("import", path, "-o", tmp_path / "out", "--lang", lang)
        assert said.code == 2 and f"{path}[births!A1]: import-merged: " in said.err
        assert not (tmp_path / "out").exists()
