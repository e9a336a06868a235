"""Paths that lead out of the scenario's folder, and files that are none or change in use."""

from __future__ import annotations

import os
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
    Refused,
    built,
    capacity,
    check_all,
    every,
    more,
    swap,
    told,
    tree,
)


def stated(path: str, code: str) -> Refused:
    """Refuse a district that lies elsewhere."""
    files = swap(SCENARIO_FILE, "district: demo", f"district: {path}")
    return Refused(f"district {path}", files, (f"{SCENARIO_FILE}:4:11 {code}",))


def extended(path: str, code: str) -> Refused:
    """Refuse a file to extend that lies elsewhere."""
    files = more(SCENARIO_FILE, f"extends: {path}")
    return Refused(f"extends {path}", files, (f"{SCENARIO_FILE}:6:10 {code}",))


def outside(name: str, text: str = "", folder: str = "elsewhere") -> Content:
    """Put a link in the place of a file, to a sound file that lies beside the folder."""

    def make(path: Path) -> None:
        root = path.parents[name.count("/")]
        target = root.parent / f"{root.name}-{folder}"
        if not target.exists():
            built(target, {})
        path.symlink_to(target / (text or name), target_is_directory=(target / text).is_dir())

    return make


def link(what: str, name: str, error: str, **said: str) -> Refused:
    return Refused(what, {name: outside(name, **said)}, (error,))


_LED = swap(SCENARIO_FILE, "district: demo", "district: linked")

ROWS: dict[int, list[Case]] = {
    49: [
        *(
            case(path, code)
            for case in (stated, extended)
            for path, code in (
                ("../../etc/passwd", "path-outside"),
                ("demo/../../x", "path-outside"),
                ("..\\x", "path-outside"),
                ("/etc/passwd", "path-absolute"),
                ("~/x", "path-absolute"),
                ("https://example.org/x", "path-absolute"),
                ("file:///etc/passwd", "path-absolute"),
                ("\\\\server\\share", "path-absolute"),
                ("C:\\x", "path-absolute"),
                ("nowhere", "path-missing"),
                ('"a\\0b"', "path-outside"),
            )
        ),
    ],
    50: [
        Refused(
            "a folder that is a link",
            {**_LED, "linked": outside("linked", "demo")},
            (f"{SCENARIO_FILE}:4:11 path-outside",),
        ),
        Refused(
            "a folder whose name begins alike",
            {**_LED, "linked": outside("linked", "demo", "secret")},
            (f"{SCENARIO_FILE}:4:11 path-outside",),
        ),
        link("a table", BIRTHS, f"{BIRTHS}:1:1 file-outside"),
        link("district.yaml", DISTRICT_FILE, f"{DISTRICT_FILE}:1:1 file-outside"),
        Refused(
            "a device",
            {BIRTHS: lambda path: path.symlink_to("/dev/zero")},
            (f"{BIRTHS}:1:1 file-outside",),
        ),
        Refused("a pipe", {BIRTHS: os.mkfifo}, (f"{BIRTHS}:1:1 file-kind",)),
        Refused("a folder", {BIRTHS: Path.mkdir}, (f"{BIRTHS}:1:1 file-kind",)),
        Refused(
            "a pipe as scenario", {SCENARIO_FILE: os.mkfifo}, (f"{SCENARIO_FILE}:1:1 file-kind",)
        ),
        *(
            Refused(
                f"a link to itself for {name}",
                {name: lambda path: path.symlink_to(path)},
                (f"{name}:1:1 file-outside",),
            )
            for name in (BIRTHS, DISTRICT_FILE)
        ),
        Refused(
            "a folder that is a link to itself",
            {**_LED, "linked": lambda path: path.symlink_to(path)},
            (f"{SCENARIO_FILE}:4:11 path-outside",),
        ),
    ],
}


@every(ROWS)
def test_bad_input(row: int, tmp_path: Path) -> None:
    check_all(ROWS[row], tmp_path)


@pytest.mark.parametrize("name", [SCENARIO_FILE, ENROLMENT])
def test_bad_input_69_a_file_changes_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Row 69: what was read is no more what is there, so nothing is left."""
    path = built(tmp_path, {})

    def edit(step: str) -> None:
        if step.endswith("tables"):
            (tmp_path / name).write_text(SOUND[name] + "\n", encoding="utf-8")

    monkeypatch.setattr("capacity.cli.run._tell", edit)
    said = capacity("run", path, "-o", tmp_path / "out", "--no-charts", "--lang", "en")
    assert said.code == 2, said.err
    assert told(said, tmp_path) == [f"{name} file-changed"]
    assert not any("out" in file for file in tree(tmp_path))
