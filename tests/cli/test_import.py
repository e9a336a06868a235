"""``capacity import`` from an office's files to an answer, as a person would go."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command import capacity
from tests.inputs.importing import office_zh as office

ANSWERS = {
    **office.STREETS,
    "东升实验学校": '"primary=18;middle=9"',
    "羊坊店中学扩建": "middle",
    "主体施工": "building",
    "前期手续": "approved",
}


def fill(path: Path) -> int:
    """Write the office's answer into every empty place of an import.yaml, and count them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    empty = [n for n, line in enumerate(lines) if re.match(r" +\S+: +#", line)]
    for n in empty:
        place = lines[n].split("#")[0].rstrip().rstrip(":")
        lines[n] = f"{place}: {ANSWERS[place.strip()]}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(empty)


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_two_runs_and_one_list_end_in_an_answer(tmp_path: Path) -> None:
    files = office.write(tmp_path / "office")
    first = capacity("import", *files, "-o", "district", cwd=tmp_path, LANG="zh_CN.UTF-8")
    assert first.returncode == 5, first.stderr
    assert files_in(tmp_path / "district") == {"import.yaml"}
    assert "import.yaml" in first.stdout and len(first.stdout.splitlines()) <= 25
    assert fill(tmp_path / "district" / "import.yaml") >= len(office.STREETS)
    second = capacity("import", *files, "-o", "district", cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    made = {"district.yaml", "baseline.yaml", "enrolment.csv", "births.csv", "places.csv"}
    made |= {"pipeline.csv", "units.csv", "import.csv", "import.yaml", "manifest.json"}
    assert files_in(tmp_path / "district") == made
    assert capacity("check", "district", cwd=tmp_path).returncode == 0
    (said,) = re.findall(r"capacity run (\S+)", second.stdout)
    ran = capacity("run", said, "--draws", 50, "--no-charts", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "北部" in ran.stdout
    again = capacity("import", *files, "-o", "district", cwd=tmp_path)
    assert again.returncode == 0 and "unchanged" in again.stdout


def test_what_a_person_changed_is_kept(tmp_path: Path) -> None:
    files = office.write(tmp_path / "office")
    folder = tmp_path / "district"
    capacity("import", *files, "-o", folder)
    fill(folder / "import.yaml")
    assert capacity("import", *files, "-o", folder).returncode == 0
    (folder / "delayed.yaml").write_text("name: mine\n")
    pupils = folder / "enrolment.csv"
    pupils.write_text(
        pupils.read_text(encoding="utf-8") + "2021,东升镇,1,5,mine\n", encoding="utf-8"
    )
    changed = pupils.read_bytes()
    files[0].unlink()
    office.write(tmp_path / "office", years=(*office.YEARS, 2026))
    refused = capacity("import", *files, "-o", folder)
    assert refused.returncode == 2 and "--overwrite" in refused.stderr
    assert pupils.read_bytes() == changed
    assert capacity("import", *files, "-o", folder, "--overwrite").returncode == 0
    assert (folder / "enrolment.csv.changed").read_bytes() == changed
    assert (folder / "delayed.yaml").read_text() == "name: mine\n"
    assert "2026" in pupils.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang, word", [("en", "no table"), ("zh", "没有表格")])
def test_what_holds_no_table_is_refused(tmp_path: Path, lang: str, word: str) -> None:
    (tmp_path / "a.csv").write_text("hello\n")
    refused = capacity("import", tmp_path / "a.csv", "-o", tmp_path / "d", "--lang", lang)
    assert refused.returncode == 2 and word in refused.stderr
    assert not (tmp_path / "d").exists()


def test_a_map_with_a_fault_is_refused_at_its_line(tmp_path: Path) -> None:
    files = office.write(tmp_path / "office")
    capacity("import", *files, "-o", tmp_path / "d")
    path = tmp_path / "d" / "import.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("columns:", "colums:", 1), "utf-8")
    refused = capacity("import", *files, "-o", tmp_path / "d")
    assert refused.returncode == 2 and "columns" in refused.stderr
    assert re.search(r"import\.yaml:\d+:\d+", refused.stderr)
