"""What is refused, and what is warned of, in files that an import can read."""

from __future__ import annotations

from pathlib import Path

import pytest

import capacity

HEAD = "学年,区域,学校,一年级,二年级\n"
SOUND = "2024,北部,甲,100,90\n2024,北部,乙,80,70\n2024,南部,丙,60,50\n"

#: Code of a warning, with the text of a file that it is told of and the cell where.
WARNED = {
    "import-unnamed": ("学年,区域,一年级,二年级,\n2024,北部,100,90,7\n2024,南部,80,70,\n", "2:16"),
    "import-classes": ("学年,区域,年级,人数,班数\n2024,北部,1,3,100\n2024,北部,2,3,90\n", "2:11"),
    "import-swapped": (
        "学年,学校,区域,一年级\n2024,北部,甲,90\n2024,北部,乙,80\n2024,南部,丙,70\n", "1:7",
    ),
    "import-years": (HEAD + SOUND + SOUND.replace("2024", "2042"), "5:11"),
    "import-apart": (
        "学年,区域,月份,一年级\n2024,北部,9月,90\n2024,北部,3月,91\n2024,南部,9月,80\n", "3:12",
    ),
    "import-unused": ("学年,区域,年级,人数,学生数\n2024,北部,1,3,4\n2024,北部,2,3,5\n", "1:13"),
    "import-levels": ("2024学年初中\n区域,六年级,七年级\n北部,100,90\n南部,80,70\n", "2:4"),
    "import-total": (HEAD + "2024,西部,全,180,160\n" + SOUND, "2:11"),
    "import-gaps": (HEAD + SOUND + SOUND.replace("2024", "2025").replace("南部", "北部"), ""),
}  # fmt: skip


def imported(folder: Path, *texts: str) -> capacity.Imported:
    paths = [folder / f"{number}.csv" for number, _ in enumerate(texts)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return capacity.import_tables(paths)


@pytest.mark.parametrize("code", WARNED)
def test_what_may_be_wrong_is_told_with_its_cell(tmp_path: Path, code: str) -> None:
    text, place = WARNED[code]
    told = [one for one in imported(tmp_path, text).warnings if one.code == code]
    assert told and str(told[0].at).endswith(f"0.csv:{place}" if place else "0.csv")
    sound = imported(tmp_path, HEAD + SOUND + SOUND.replace("2024", "2025"))
    assert code not in {one.code for one in sound.warnings}


def test_a_file_in_which_no_table_is_found_is_told_of(tmp_path: Path) -> None:
    found = imported(tmp_path, HEAD + SOUND, "1,2,3\n4,5,6\n")
    assert {one.code for one in found.warnings} == {"import-unread", "import-usual"}
    with pytest.raises(capacity.InputError) as refused:
        imported(tmp_path, "hello\n")
    assert refused.value.problems[0].code == "import-nothing"


def test_two_rows_that_nothing_tells_apart_are_refused(tmp_path: Path) -> None:
    with pytest.raises(capacity.InputError) as refused:
        imported(tmp_path, HEAD + SOUND + "2024,北部,甲,5,5\n")
    assert {one.code for one in refused.value.problems} == {"import-twice"}


def test_a_split_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    schools = "学校,区域,办学类型,班数\n甲,北部,小学,6\n乙,北部,九年一贯制,27\n"
    first = imported(tmp_path, schools, HEAD + SOUND)
    assert ("words", "split_classes", "乙") in first.open
    files = [tmp_path / "0.csv", tmp_path / "1.csv"]
    for said, sums in (("primary=18;middle=8", False), ("primary=18;middle=9", True)):
        known = first.map.model_copy(update={"words": {"split_classes": {"乙": said}}})
        if sums:
            places = capacity.import_tables(files, known).tables["places"]
            assert places["classes"].tolist() == [6, 18]  # no middle school pupils: not its levels
        else:
            with pytest.raises(capacity.InputError) as refused:
                capacity.import_tables(files, known)
            assert {one.code for one in refused.value.problems} == {"import-split"}


def test_two_tables_of_one_year_are_asked_about_and_none_is_lost(tmp_path: Path) -> None:
    """A count that is the same in both by chance is no copy, where other schools stand in it."""
    other = "2024,北部,丁,80,70\n2024,南部,戊,60,40\n"
    first = imported(tmp_path, HEAD + SOUND, HEAD + other)
    assert set(first.open) == {("words", "latest", f"{n}.csv") for n in (0, 1)}
    files = [tmp_path / "0.csv", tmp_path / "1.csv"]

    def said(one: str, two: str) -> list[float]:
        words = {"latest": {"0.csv": one, "1.csv": two}}
        known = first.map.model_copy(update={"words": words})
        return list(capacity.import_tables(files, known).tables["enrolment"]["pupils"])

    assert said("add", "add") == [260, 230, 120, 90]
    assert said("yes", "skip") == [180, 160, 60, 50] and said("skip", "yes") == [80, 70, 60, 40]
    with pytest.raises(capacity.InputError) as refused:
        said("yes", "yes")
    assert {one.code for one in refused.value.problems} == {"import-two"}


def test_a_table_that_stands_twice_is_read_once(tmp_path: Path) -> None:
    found = imported(tmp_path, HEAD + SOUND, HEAD + SOUND)
    assert found.is_complete and found.tables["enrolment"]["pupils"].sum() == 450
    assert {one.why for one in found.changes if one.what == "left out"} >= {"again"}
