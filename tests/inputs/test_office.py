"""A workbook as offices keep it, saved by LibreOffice, reads to the same numbers as CSV."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

import capacity
from capacity.base import InputError
from capacity.inputs.scenarios import Scenario, load_scenario
from tests.inputs.folder import write
from tests.inputs.workbook_by_libreoffice import OFFICE, draw, plain, saved_by_libreoffice

TABLES = tuple(plain())
needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed here"
)


@pytest.fixture(scope="module")
def from_csv(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load_scenario(write(tmp_path_factory.mktemp("csv"), **plain()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a district folder without tables."""
    return write(tmp_path, **dict.fromkeys(TABLES)).parent / "demo"


def cells(scenario: Scenario, table: str) -> pd.DataFrame:
    """Give what was read of a table; a dash in the text of one cell is nothing in the other."""
    return scenario.district.table(table).drop(columns=["line", "file"])


def same(folder: Path, from_csv: Scenario) -> Scenario:
    read = load_scenario(folder.parent / "baseline.yaml")
    for table in TABLES:
        pd.testing.assert_frame_equal(cells(read, table), cells(from_csv, table))
    one, other = (capacity.run(scenario, draws=0).frame() for scenario in (read, from_csv))
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    return read


def test_the_workbook_is_one_that_libreoffice_saved() -> None:
    import zipfile

    with zipfile.ZipFile(OFFICE) as parts:
        assert b"<Application>LibreOffice" in parts.read("docProps/app.xml")


def test_the_workbook_reads_to_the_numbers_of_the_csv_files(
    folder: Path, from_csv: Scenario
) -> None:
    shutil.copyfile(OFFICE, folder / OFFICE.name)
    read = same(folder, from_csv)
    assert Counter(change.kind for change in read.district.changes) == {
        "dash": 57,
        "width": 53,
        "thousands": 24,
        "year": 24,
        "unit": 14,
        "total_row": 5,
        "note_row": 1,
    }
    assert {w.code for w in read.warnings} == {w.code for w in from_csv.warnings}


@needs_libreoffice
def test_a_workbook_that_libreoffice_saves_now_reads_alike(
    folder: Path, tmp_path: Path, from_csv: Scenario
) -> None:
    source = tmp_path / "office.xlsx"
    draw(source)
    saved_by_libreoffice(source, folder)
    same(folder, from_csv)


@pytest.fixture(scope="module", params=["xls", "ods"])
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the workbook in another form that LibreOffice saves."""
    return saved_by_libreoffice(OFFICE, tmp_path_factory.mktemp("other"), request.param)


@needs_libreoffice
@pytest.mark.parametrize("named", ["as it is", "as .xlsx"])
def test_other_workbooks_of_libreoffice_are_refused_with_what_to_do(
    folder: Path, other: Path, named: str
) -> None:
    saved = Path(shutil.copy(other, folder))
    if named == "as .xlsx":
        saved = saved.rename(saved.with_suffix(".xlsx"))
    with pytest.raises(InputError) as refused:
        load_scenario(folder.parent / "baseline.yaml")
    first, *_ = [p for p in refused.value.problems if p.at.file == str(saved)]
    assert first.code == "workbook-type"
    assert "save it as .xlsx, or its tables as CSV" in first.text("en")
    assert "请另存为 .xlsx，或把其中的表另存为 CSV" in first.text("zh")
