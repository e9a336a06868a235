"""Templates: what they hold reads back, runs, and stays what it was typed as."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import capacity
from capacity.base import Problems
from capacity.inputs.districts import District, load_district
from capacity.inputs.scenarios import check
from capacity.inputs.tables import TABLES
from capacity.results import FolderTakenError
from capacity.templates import guide_name, write

ROOT = Path(__file__).parents[2]
FORMS = [(lang, excel) for lang in ("en", "zh") for excel in (False, True)]


def load(folder: Path) -> District:
    problems = Problems()
    district = load_district(folder, problems)
    assert not problems.errors, [problem.text() for problem in problems]
    assert district is not None
    return district


def tables(district: District) -> dict[str, pd.DataFrame]:
    return {
        name: district.table(name).drop(columns=["line", "file"])
        for name in TABLES
        if district.has(name)
    }


@pytest.fixture(scope="module", params=FORMS, ids=str)
def form(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, bool, Path]:
    lang, excel = request.param
    folder = tmp_path_factory.mktemp("new") / "mine"
    write(folder, lang, excel=excel)
    return lang, excel, folder


def test_a_template_runs_at_once_without_a_word_of_warning(form) -> None:
    _, _, folder = form
    for name in ("baseline.yaml", "delayed.yaml"):
        scenario = capacity.load_scenario(folder / name)
        result = capacity.run(scenario)
        assert not list(result.notes), [note.text() for note in result.notes]
        assert result.passed and result.frame()["gap"].notna().all()


def test_every_form_gives_the_same_numbers(form, tmp_path: Path) -> None:
    _, _, folder = form
    write(tmp_path / "plain", "en")
    frames = [  # draws are keyed by code, which the language changes
        capacity.run(capacity.load_scenario(one / "baseline.yaml"), draws=0).frame()
        for one in (folder, tmp_path / "plain")
    ]
    numbers = [frame.select_dtypes("number").reset_index(drop=True) for frame in frames]
    pd.testing.assert_frame_equal(*numbers)


def test_the_example_says_that_it_is_invented(form) -> None:
    lang, _, folder = form
    for table in tables(load(folder)).values():
        assert set(table["source"]) == {{"en": "example (invented)", "zh": "示例（虚构）"}[lang]}
        assert set(table["quality"]) == {"RED"}


def test_optional_tables_are_read_once_they_are_put_in_place(form, tmp_path: Path) -> None:
    lang, excel, made = form
    folder = shutil.copytree(made, tmp_path / "mine")
    if excel:
        rename_sheets(
            folder / guide_name(lang, excel=True), " (example)" if lang == "en" else "（示例）"
        )
    else:
        for path in (folder / "optional").iterdir():
            path.rename(folder / path.name)
    assert set(tables(load(folder))) == set(TABLES)
    assert not check(folder / "baseline.yaml").errors


def rename_sheets(book: Path, ending: str) -> None:
    """Take an ending off the names of sheets, as a person does in Excel."""
    with zipfile.ZipFile(book) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts["xl/workbook.xml"].decode()
    parts["xl/workbook.xml"] = text.replace(f'{ending}"', '"').encode()
    with zipfile.ZipFile(book, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


@pytest.mark.parametrize("excel", [False, True])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_district_moves_to_another_form_unchanged(tmp_path: Path, lang: str, excel: bool) -> None:
    district = load(ROOT / "scenarios" / "haidian")
    write(tmp_path / "mine", lang, excel=excel, like=district)
    copied = load(tmp_path / "mine")
    for name, table in tables(district).items():
        pd.testing.assert_frame_equal(table, tables(copied)[name], check_exact=True)
    assert not check(tmp_path / "mine" / "baseline.yaml").errors


def test_a_workbook_helps_to_fill_it_in(tmp_path: Path) -> None:
    """Drop-downs, comments in the language, frozen headers, codes as text."""
    write(tmp_path / "mine", "zh", excel=True)
    with zipfile.ZipFile(tmp_path / "mine" / guide_name("zh", excel=True)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"])
    assert names[:5] == ["填写说明", "在校生", "出生", "学位", "项目"]
    pipeline = parts["xl/worksheets/sheet5.xml"]
    lists = re.findall(r'<dataValidation type="list"[^>]* sqref="([A-Z])2:', pipeline)
    assert len(lists) == 5  # region, status, kind, fill, quality
    assert '<pane ySplit="1"' in pipeline
    comments = parts["xl/comments4.xml"]
    assert "投入使用的第一个秋季" in comments and "First autumn in use" not in comments
    assert 'formatCode="@"' in parts["xl/styles.xml"]


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("mine")
    with pytest.raises(FolderTakenError):
        write(tmp_path / "mine", "en")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "a.txt"]


def test_an_empty_folder_is_filled_also_from_within(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    before = (tmp_path / "mine").stat().st_ino
    write(Path("."), "en")
    assert (tmp_path / "mine").stat().st_ino == before  # the terminal's folder is still there
    assert Path("baseline.yaml").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
