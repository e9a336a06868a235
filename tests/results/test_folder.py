"""One writer of folders: whole or not at all, the same again left alone, nothing else replaced."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from capacity import InputError
from capacity.results import (
    NUMBERS,
    Chart,
    Copy,
    FolderTakenError,
    Kept,
    Options,
    files_in,
    json_rows,
    keep,
    replace_file,
    sha256_of,
    write_bytes,
)

PLAIN = Options(charts=False)


def kept(value: float = 1.0, **more: object) -> Kept:
    def draw(path: Path, lang: str) -> None:
        path.write_text(lang)

    made = {
        "kind": "capacity.trial/1",
        "identity": sha256_of(value=value),
        "tables": {"trial": pd.DataFrame({"value": [value, float("nan")]})},
        "facts": {"value": value},
        "charts": [Chart("charts/trial.png", "chart", draw)],
    }
    return Kept(**(made | more))


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files_in(folder)}


def test_what_is_written_is_named_by_a_manifest_of_its_kind(tmp_path: Path) -> None:
    assert keep(kept(), tmp_path / "a" / "b", Options("zh")) == "written"
    found = json.loads((tmp_path / "a" / "b" / "manifest.json").read_text(encoding="utf-8"))
    assert found["format"] == "capacity.trial/1"
    assert found["numbers"] == NUMBERS and found["value"] == 1.0
    assert found["options"] == {"charts": True, "lang": "zh"}
    files = files_in(tmp_path / "a" / "b")
    assert set(found["outputs"]) == files - {"manifest.json"} == {"trial.csv", "charts/trial.png"}
    assert not list((tmp_path / "a").glob(".*"))


def test_the_same_again_is_left_and_charts_are_drawn_where_they_are_wanted(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    states = [
        keep(kept(), folder, options)
        for options in (PLAIN, PLAIN, Options("en"), Options("en"), Options("zh"), PLAIN)
    ]
    assert states == ["written", "unchanged", "redrawn", "unchanged", "redrawn", "unchanged"]
    assert (folder / "charts" / "trial.png").read_text() == "zh"


def test_a_chart_that_a_folder_of_before_lacks_is_drawn(tmp_path: Path) -> None:
    folder, workbook = (
        tmp_path / "x",
        Chart("trial.xlsx", "workbook", lambda path, lang: path.write_text(lang)),
    )
    more = kept(charts=[*kept().charts, workbook])
    states = [keep(one, folder, Options("en")) for one in (kept(), more, more, kept())]
    assert states == ["written", "redrawn", "unchanged", "unchanged"]
    assert (folder / "trial.xlsx").read_text() == "en"
    (folder / "trial.xlsx").write_text("mine")
    with pytest.raises(FolderTakenError):
        keep(more, folder, Options("en"))
    keep(more, folder, Options("en"), overwrite=True)
    assert (folder / "trial.xlsx").read_text() == "en"
    assert (folder / "trial.xlsx.changed").read_text() == "mine"


def test_another_is_replaced_when_asked_and_no_other_kind_ever(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    keep(kept(), folder, PLAIN)
    before = contents(folder)
    for other, overwrite in ((kept(2.0), False), (kept(kind="capacity.other/1"), True)):
        with pytest.raises(FolderTakenError):
            keep(other, folder, PLAIN, overwrite=overwrite)
        assert contents(folder) == before
    assert keep(kept(2.0), folder, PLAIN, overwrite=True) == "written"
    assert keep(kept(2.0), folder, PLAIN) == "unchanged"


def test_a_copy_that_changed_since_it_was_read_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "source.csv"
    source.write_text("1")
    with pytest.raises(InputError, match="file-changed"):
        keep(kept(copies=[Copy("inputs/source.csv", source, "00")]), tmp_path / "x", PLAIN)
    assert files_in(tmp_path) == {"source.csv"}
    keep(kept(copies=[Copy("inputs/source.csv", source)]), tmp_path / "x", PLAIN)
    assert (tmp_path / "x" / "inputs" / "source.csv").read_text() == "1"


def test_a_file_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        write_bytes(path, data[:1])
        raise OSError("no space")

    path = tmp_path / "accuracy.json"
    replace_file(path, b"old")
    monkeypatch.setattr("capacity.results.atomic.write_bytes", full)
    with pytest.raises(OSError, match="no space"):
        replace_file(path, b"new")
    assert contents(tmp_path) == {"accuracy.json": b"old"}


def test_rows_for_json_have_null_where_nothing_is_known() -> None:
    frame = pd.DataFrame({"n": [1, 2], "share": [0.1, float("nan")], "note": ["a", None]})
    rows = json_rows(frame)
    assert rows == [
        {"n": 1, "share": 0.1, "note": "a"}, {"n": 2, "share": None, "note": None}
    ]  # fmt: skip
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
