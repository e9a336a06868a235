"""Whole folders of CSV tables: what is read, and how every kind of mistake is told."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity.base import Problems
from capacity.inputs.tables import TABLES, Tables, read_tables, tables_for

REGIONS = ("north", "south", "海淀 A+")
LEVELS = (("primary", (1, 6)), ("middle", (7, 9)))


def read(folder: Path) -> tuple[Tables, Problems]:
    problems = Problems()
    return read_tables(folder, regions=REGIONS, levels=LEVELS, problems=problems), problems


def of(tmp_path: Path, **tables: str | bytes) -> tuple[Tables, Problems]:
    for name, text in tables.items():
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / f"{name}.csv").write_bytes(data)
    return read(tmp_path)


def told(tmp_path: Path, **tables: str | bytes) -> list[str]:
    """Give the errors as ``file:line:column: code`` and all their words, without the folder."""
    _, problems = of(tmp_path, **tables)
    return [problem.text().replace(f"{tmp_path}{os.sep}", "") for problem in problems.errors]


def fine(tmp_path: Path, **tables: str | bytes) -> Tables:
    result, problems = of(tmp_path, **tables)
    assert [problem.text() for problem in problems] == []
    return result


ENROLMENT = "year,region,grade,pupils\n"
BIRTHS = "year,region,births\n"
PIPELINE = "project,region,status,opens,places_primary\n"
ACTUALS = "year,region,level,measure,value\n"


def test_a_plain_table_is_read(tmp_path: Path) -> None:
    result = fine(tmp_path, enrolment=ENROLMENT + "2024,north,1,120\n2024,south,1,80\n")
    frame = result.frames["enrolment"]
    assert frame["pupils"].tolist() == [120.0, 80.0]
    assert frame["region"].tolist() == ["north", "south"]
    assert frame["group"].tolist() == ["", ""]
    assert frame["sought"].isna().all()
    assert frame["line"].tolist() == [2, 3]
    assert frame["file"].tolist() == [str(tmp_path / "enrolment.csv")] * 2
    assert result.has("enrolment")
    assert not result.has("births")
    (file,) = result.files
    assert (file.name, file.encoding, file.rows) == ("enrolment.csv", "utf-8", 2)
    assert file.size == (tmp_path / "enrolment.csv").stat().st_size
    assert result.changes == ()


def test_every_table_is_there_with_its_columns_and_types(tmp_path: Path) -> None:
    result = fine(tmp_path, births=BIRTHS + "2020,all,5\n")
    assert set(result.frames) == set(TABLES)
    for name, table in tables_for(code for code, _ in LEVELS).items():
        frame = result.frames[name]
        marks = [f"withheld_{column.name}" for column in table.columns if column.heads]
        columns = [*(column.name for column in table.columns), *marks, "line", "file"]
        assert columns == list(frame.columns)
        for column in table.columns:
            number = pd.api.types.is_numeric_dtype(frame[column.name])
            assert number == (column.kind in ("year", "grade", "whole", "number"))
        assert frame["line"].dtype == np.int64
    assert result.frames["births"]["year"].dtype == np.int64
    assert result.frames["places"]["year"].dtype == np.float64


def test_chinese_headers_in_any_order_with_spaces_and_units(tmp_path: Path) -> None:
    text = "在校生数（人）, 区域 ,年　级,学年\n120,north,1,2024学年\n"
    result = fine(tmp_path, enrolment=text)
    row = result.frames["enrolment"].iloc[0]
    assert (row["year"], row["region"], row["grade"], row["pupils"]) == (2024, "north", 1, 120.0)
    assert [change.kind for change in result.changes] == ["year"]


def test_every_alias_names_one_column_of_its_table() -> None:
    from capacity.inputs.tables import fold, match_table

    for table in TABLES.values():
        names = [fold(n) for column in table.columns for n in {column.name, *column.aliases}]
        assert len(names) == len(set(names)), table.name
        assert all(match_table(alias) is table for alias in (table.name, *table.aliases))
        assert set(table.key) <= {column.name for column in table.columns}


def test_changes_say_what_stood_there_and_what_was_read(tmp_path: Path) -> None:
    text = ENROLMENT + '2024,north,1,１２０\n2024,north,2,"1,234"\n2024, Ｎorth,3,1.2万\n'
    text = text.replace("Ｎorth", "ｎorth")
    result = fine(tmp_path, enrolment=text)
    assert result.frames["enrolment"]["pupils"].tolist() == [120.0, 1234.0, 12000.0]
    assert result.frames["enrolment"]["region"].tolist() == ["north"] * 3
    got = [(str(c.at).rsplit(os.sep, 1)[1], c.kind, c.before, c.after) for c in result.changes]
    assert sorted(got) == [
        ("enrolment.csv:2:14", "width", "１２０", "120"),
        ("enrolment.csv:3:14", "thousands", "1,234", "1234"),
        ("enrolment.csv:4:15", "unit", "1.2万", "12000"),
        ("enrolment.csv:4:6", "code", " ｎorth", "north"),
    ]


def test_all_problems_of_all_files_come_in_one_pass(tmp_path: Path) -> None:
    errors = told(
        tmp_path,
        enrolment=ENROLMENT + "2024,nort,1,many\n2024,north,99,5\n",
        births=BIRTHS + "20,north,-5\n",
    )
    assert [error.split(": ")[:2] for error in errors] == [
        ["births.csv:2:1", "year-invalid"],
        ["births.csv:2:10", "number-negative"],
        ["enrolment.csv:2:6", "unknown-region"],
        ["enrolment.csv:2:13", "number-invalid"],
        ["enrolment.csv:3:12", "grade-outside"],
    ]
    assert "found 'nort'" in errors[2]
    assert "did you mean 'north'?" in errors[2]


@pytest.mark.parametrize(
    ("header", "code", "words"),
    [
        ("year,region,grade,pupils,pupils", "column-twice", "pupils"),
        ("year,region,grade,pupils,在校生数", "column-twice", "在校生数"),
        ("year,region,grade,pupils,", "column-blank", "without a name"),
        ("year,region,grade,pupils,sougth", "column-unknown", "did you mean 'sought'?"),
        ("year,region,grade,学生数合", "column-unknown", "did you mean 'pupils'?"),
        ("year,region,grade", "column-missing", "pupils"),
        ("year，region，grade，pupils", "csv-delimiter", "'，'"),
    ],
)
def test_headers_that_are_wrong(tmp_path: Path, header: str, code: str, words: str) -> None:
    cells = ",".join(["2024", "north", "1", "5", "6"][: header.count(",") + 1])
    errors = told(tmp_path, enrolment=f"{header}\n{cells}\n")
    assert any(f": {code}: " in error and words in error for error in errors), errors


def test_an_unknown_column_brings_no_false_problem(tmp_path: Path) -> None:
    errors = told(
        tmp_path,
        births="year,region,births,grop\n2024,north,5,a\n2024,north,5,b\n",
        places="region,level,places,clases\nnorth,primary,,8\n",
        pipeline="project,region,status,opens,places_primry\np,north,open,2025,9\n",
    )
    assert [error.split(": ")[1] for error in errors] == ["column-unknown"] * 3
    assert not read(tmp_path)[1].warnings


def test_empty_tables_are_errors(tmp_path: Path) -> None:
    errors = told(tmp_path, enrolment=ENROLMENT, births="", flags="\n\n")
    assert [error.split(": ")[:2] for error in errors] == [
        ["births.csv:1:1", "table-blank"],
        ["enrolment.csv:1:1", "table-empty"],
        ["flags.csv:1:1", "table-blank"],
    ]


def test_each_row_with_too_few_or_too_many_cells_is_told(tmp_path: Path) -> None:
    rows = "2024,north,1,1,234\n2024,south,1,1,234\n2024,north,2\n2024,south,2,5\n"
    errors = told(tmp_path, enrolment=ENROLMENT + rows)
    assert [error.split(": ")[:2] for error in errors] == [
        ["enrolment.csv:2:16", "row-long"],
        ["enrolment.csv:3:16", "row-long"],
        ["enrolment.csv:4:1", "row-short"],
    ]
    assert "5 cells, the header has 4" in errors[0]


def test_an_unclosed_quote_is_told_with_its_opening_line(tmp_path: Path) -> None:
    text = 'year,region,reason\n2020,north,"a\nb"\n2021,north,"no end\n2022,north,c\n2023,"s",d\n'
    errors = told(tmp_path, flags=text)
    assert [error.split(": ")[:2] for error in errors] == [["flags.csv:4:12", "csv-quote"]]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('2020,"a\nb","no end\n2021,north,c\n', "3:4"),
        ('"no end\n2021,north,c\n', "2:1"),
        ('2020,"a"b,c\n', "2:6"),
        ('2020,"a ""b"" c",""d""\n', "2:18"),
        ('2020,north,"', "2:12"),
    ],
)
def test_a_bad_quote_is_told_where_it_opens(tmp_path: Path, text: str, place: str) -> None:
    errors = told(tmp_path, flags="year,region,reason\n" + text)
    assert [error.split(": ")[:2] for error in errors] == [[f"flags.csv:{place}", "csv-quote"]]


def test_a_note_under_the_table_is_dropped_and_one_among_its_rows_refused(tmp_path: Path) -> None:
    result = fine(tmp_path, births=BIRTHS + "2020,north,5\n注：初步数,,\n")
    assert [(change.kind, change.at.line) for change in result.changes] == [("note_row", 3)]
    errors = told(tmp_path, births=BIRTHS + "2020,north,5\n注：初步数,,\n2021,north,5\n")
    assert [error.split(": ")[:2] for error in errors] == [["births.csv:3:1", "row-note"]]


def test_a_workbook_with_the_wrong_suffix_is_told(tmp_path: Path) -> None:
    errors = told(tmp_path, births=b"PK\x03\x04...")
    assert [error.split(": ")[:2] for error in errors] == [["births.csv:1:1", "file-binary"]]


def test_more_totals_than_can_be_added_up_are_refused(tmp_path: Path) -> None:
    rows = [f"{year},all,5,g{group}" for year in range(2000, 2020) for group in range(120)]
    totals = ["2000,合计,600,"] * 2400
    errors = told(tmp_path, births="\n".join(["year,region,births,group", *rows, *totals]) + "\n")
    assert errors[0].startswith("births.csv:2402:6: total-row: ")


def test_lines_are_true_after_quoted_line_ends(tmp_path: Path) -> None:
    text = 'year,region,reason\r\n2020,north,"a\r\nb\r\n""c"", d"\r\n20,"north",x\r\n'
    errors = told(tmp_path, flags=text)
    assert [error.split(": ")[0] for error in errors] == ["flags.csv:5:1"]
    text = 'reason,year,region\n"a\nb, ""c""\nd",20,"north"\n'
    errors = told(tmp_path, flags=text)
    assert [error.split(": ")[0] for error in errors] == ["flags.csv:4:4"]


def test_line_ends_of_every_system(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        text = end.join(["year,region,births", "2020,north,5", "", "2021,north,6", ",,", ""])
        result = fine(tmp_path, births=text)
        assert result.frames["births"]["line"].tolist() == [2, 4]


def test_codes_are_text_as_written(tmp_path: Path) -> None:
    rows = "north,primary,1,00123\nnorth,primary,2,NA\nnorth,primary,3,null\nnorth,primary,4,None\n"
    result = fine(tmp_path, places="region,level,places,school\n" + rows)
    assert result.frames["places"]["school"].tolist() == ["00123", "NA", "null", "None"]


def test_the_first_spelling_of_a_code_stands_in_all_tables(tmp_path: Path) -> None:
    result = fine(
        tmp_path,
        births="year,region,births,group\n2020,all,5,京籍（含）\n2020,all,5,Ｂ\n",
        enrolment="year,region,grade,pupils,group\n2024,north,1,5,京籍(含)\n2024,north,1,5,B\n",
    )
    for table in ("births", "enrolment"):
        assert result.frames[table]["group"].tolist() == ["京籍（含）", "Ｂ"]
    assert [(change.kind, change.before, change.after) for change in result.changes] == [
        ("code", "京籍(含)", "京籍（含）"),
        ("code", "B", "Ｂ"),
    ]


def test_two_spellings_of_a_code_are_one_key(tmp_path: Path) -> None:
    rows = "north,primary,1,A\nnorth,primary,2,Ａ \n"
    (error,) = told(tmp_path, places="region,level,places,school\n" + rows)
    assert error.startswith("places.csv:3:1: key-twice: ")
    assert "line 2" in error


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("enrolment", ENROLMENT + "2024,north,1,5\n2024,north,1,6\n"),
        ("births", BIRTHS + "2024,all,5\n2024,all,6\n"),
        ("children", "year,region,age,children\n2024,north,3,5\n2024,north,3,5\n"),
        (
            "pipeline",
            PIPELINE + "p,north,open,2024,1\np,south,open,2025,1\n",
        ),
        ("ratios", "grade,region,ratio,basis\n1,all,1,births\n1,all,1,\n"),
        ("housing", "year,region,homes\n2024,north,5\n2024,north,5\n"),
        ("yields", "level,years_since,pupils_per_home\nprimary,1,.1\nprimary,1,.2\n"),
        ("flows", "level,from,to,share\nmiddle,north,north,.5\nmiddle,north,north,.5\n"),
        (
            "actuals",
            ACTUALS + "2024,all,all,pupils,5\n2024,all,all,pupils,5\n",
        ),
        ("flags", "year,region,reason\n2024,all,a\n2024,all,b\n"),
    ],
)
def test_the_same_key_twice_names_both_lines(tmp_path: Path, table: str, text: str) -> None:
    errors = [error for error in told(tmp_path, **{table: text}) if "key-twice" in error]
    assert len(errors) == 1
    assert errors[0].startswith(f"{table}.csv:3:1: ")
    assert "line 2" in errors[0]


def test_the_sum_of_the_shares_is_told(tmp_path: Path) -> None:
    text = "level,from,to,share\nmiddle,north,north,.5\nmiddle,north,south,.4\n"
    (error,) = told(tmp_path, flows=text)
    assert "sum to 0.9" in error
    (error,) = told(tmp_path, flows=text.replace(".4", "x"))
    assert "number-invalid" in error
    assert fine(tmp_path, flows=text.replace(".4", ".5000001")).has("flows")


def test_things_worth_knowing_are_warnings(tmp_path: Path) -> None:
    _, problems = of(
        tmp_path,
        enrolment=ENROLMENT + "2024,north,1,5.5\n2024,north,2,6.5\n",
        ratios="grade,region,ratio\n2,all,1.4\n7,all,1.9\n1,all,.5\n3,all,1.1\n4,all,0\n",
        pipeline=PIPELINE + "p,north,open,2025,0\n",
    )
    assert not problems.errors
    assert [(problem.code, problem.at.line) for problem in problems.warnings] == [
        ("fractions", 2),
        ("project-empty", 2),
        ("ratio-unusual", 2),
    ]


def test_places_may_be_left_to_the_classes(tmp_path: Path) -> None:
    text = "region,level,places,classes,class_size\nnorth,primary,,12,\nsouth,primary,300,,40\n"
    frame = fine(tmp_path, places=text).frames["places"]
    assert np.isnan(frame["places"][0])
    assert frame["classes"][0] == 12
    assert np.isnan(frame["classes"][1])


def test_places_of_a_project_are_0_where_none_are_given(tmp_path: Path) -> None:
    text = "project,region,status,opens,学位数_primary\np,north,open,2025,40\n"
    frame = fine(tmp_path, pipeline=text).frames["pipeline"]
    assert frame[["places_primary", "places_middle"]].to_numpy().tolist() == [[40.0, 0.0]]


def test_headers_may_name_levels_by_their_titles(tmp_path: Path) -> None:
    titles = {"primary": ("小学", "Primary school"), "middle": ("初中", "Middle")}
    for header in (
        "小学学位数,初中学位数",
        "学位数_小学,学位_初中",
        "places_Primary school,学位middle",
    ):
        text = f"project,region,status,opens,{header}\np,north,open,2025,40,30\n"
        (tmp_path / "pipeline.csv").write_text(text, encoding="utf-8")
        problems = Problems()
        result = read_tables(
            tmp_path, regions=REGIONS, levels=LEVELS, titles=titles, problems=problems
        )
        assert [problem.text() for problem in problems] == []
        frame = result.frames["pipeline"]
        assert frame[["places_primary", "places_middle"]].to_numpy().tolist() == [[40.0, 30.0]]


def test_a_title_of_two_levels_names_neither() -> None:
    names = tables_for(["a", "b"], {"a": ("学校", "A"), "b": ("学校",)})["pipeline"]
    aliases = {column.name: column.aliases for column in names.columns}
    assert "学位数a" in aliases["places_a"]
    assert not any("学校" in alias for alias in (*aliases["places_a"], *aliases["places_b"]))


def test_tables_are_read_without_regions_and_levels(tmp_path: Path) -> None:
    (tmp_path / "enrolment.csv").write_text(ENROLMENT + "2024,x,1,5\n2024,ｘ,1,many\n")
    (tmp_path / "pipeline.csv").write_text(PIPELINE + "p,x,openly,2025,1\n")
    problems = Problems()
    result = read_tables(tmp_path, regions=None, levels=None, problems=problems)
    assert [problem.code for problem in problems] == ["number-invalid", "unknown-value"]
    assert result.invalid == {"enrolment", "pipeline"}
    assert result.frames["enrolment"]["region"].tolist() == ["x"]


def test_convertible_to_is_a_list_of_levels(tmp_path: Path) -> None:
    text = "region,level,places,convertible_to\nnorth,primary,5, middle ；\n"
    result = fine(tmp_path, places=text)
    assert result.frames["places"]["convertible_to"].tolist() == ["middle"]


def test_a_misspelt_table_is_an_error_and_other_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("birth.csv", "accuracy.csv", "areas.csv", "notes.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    errors = told(tmp_path)
    assert [error.split(": ")[:2] for error in errors] == [["birth.csv:1:1", "table-name"]]
    assert "did you mean 'births.csv'?" in errors[0]


@pytest.mark.parametrize("name", ["出生人数.csv", "BIRTHS.CSV", "births.tsv", "Birthś.csv"])
def test_a_file_is_named_as_its_table_or_in_chinese(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BIRTHS + "2020,north,5\n", encoding="utf-8")
    assert fine(tmp_path).frames["births"]["births"].tolist() == [5.0]


def test_links_out_of_the_folder_and_things_that_are_no_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "outside.csv").write_text(BIRTHS + "2020,north,5\n")
    (tmp_path / "x" / "births.csv").symlink_to(tmp_path / "outside.csv")
    (tmp_path / "x" / "flags.csv").mkdir()
    os.mkfifo(tmp_path / "x" / "ratios.csv")
    _, problems = read(tmp_path / "x")
    assert [problem.code for problem in problems.errors] == [
        "file-outside",
        "file-kind",
        "file-kind",
    ]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    _, problems = read(tmp_path / "absent")
    assert [problem.code for problem in problems.errors] == ["folder-missing"]


NUMBERS = st.floats(0, 1e8, allow_nan=False).map(lambda x: float(f"{x:.6g}")) | st.integers(
    0, 10**8
)
ROWS = st.dictionaries(
    st.tuples(
        st.integers(1900, 2200),
        st.sampled_from(REGIONS),
        st.integers(1, 9),
        st.sampled_from(["", "hukou", "其他", "a, b", '"q"']),
    ),
    NUMBERS,
    min_size=1,
    max_size=20,
)


LAW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def frame_of(rows: dict[tuple[int, str, int, str], float]) -> pd.DataFrame:
    columns = ["year", "region", "grade", "group", "pupils"]
    return pd.DataFrame([(*key, value) for key, value in rows.items()], columns=columns)


@LAW
@given(ROWS, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_any_frame_reads_the_same_in_every_encoding(
    tmp_path: Path, rows: dict[tuple[int, str, int, str], float], encoding: str
) -> None:
    frame = frame_of(rows)
    path = tmp_path / "enrolment.csv"
    frame.to_csv(path, index=False, encoding=encoding)
    result, problems = read(tmp_path)
    assert not problems.errors
    got = result.frames["enrolment"]
    for name in frame.columns:
        assert got[name].tolist() == frame[name].tolist()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=2 * settings().max_examples,
)
@given(st.data())
def test_a_spoilt_file_gives_problems_and_never_a_traceback(
    tmp_path: Path, data: st.DataObject
) -> None:
    sound = (ENROLMENT + '2024,north,1,"1,234"\n2024,south,2,120人\n').encode()
    where = data.draw(st.integers(0, len(sound) - 1))
    noise = data.draw(st.binary(max_size=4))
    (tmp_path / "enrolment.csv").write_bytes(sound[:where] + noise + sound[where + 1 :])
    result, problems = read(tmp_path)
    for problem in problems:
        assert problem.text("en")
        assert problem.text("zh")
    assert len(result.frames["enrolment"]) <= 3


@pytest.mark.benchmark
def test_a_long_table_costs_little_more_than_splitting_it(tmp_path: Path) -> None:
    import csv

    rows = [
        f"{year},{region},{grade},{(year * grade) % 997},g{group}"
        for year in range(1950, 2150)
        for region in REGIONS
        for grade in range(1, 10)
        for group in range(37)
    ]
    path = tmp_path / "enrolment.csv"
    path.write_text("\n".join(["year,region,grade,pupils,group", *rows]), encoding="utf-8")
    start = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file:
        list(csv.reader(file))
    split = time.perf_counter() - start
    start = time.perf_counter()
    result, problems = read(tmp_path)
    assert time.perf_counter() - start < 20 * split
    assert not problems.errors
    assert len(result.frames["enrolment"]) == len(rows) == 199_800
