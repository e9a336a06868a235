"""Paths that lead out of the scenario's folder, and files that are none or change in use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bad_input.cases import (
    BIRTHS,
    DISTRICT_FILE,
    SCENARIO_FILE,
    Case,
    Content,
    Refused,
    built,
    check_all,
    every,
    more,
    swap,
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


@pytest.mark.slow
@every(ROWS)
def test_bad_input_by_both_commands(row: int, tmp_path: Path) -> None:
    check_all(ROWS[row], tmp_path, wholly=True)
