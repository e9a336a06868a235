"""A district folder is read again only where it changed, and what is given is the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from capacity.base import Problems
from capacity.inputs.districts import District, read_district
from capacity.inputs.scenarios import district_once
from tests.inputs.folder import write


def both(folder: Path) -> tuple[District | None, District | None]:
    """Give a folder read anew and as it is kept, which must be told alike."""
    plain, kept = Problems(), Problems()
    found = read_district(folder, plain), district_once(folder, kept)
    assert list(plain) == list(kept)
    return found


def same(one: District | None, other: District | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.files == other.files and all(
        one.table(name).equals(other.table(name)) for name in one._frames
    )


def spoil(path: Path) -> None:
    path.write_text(path.read_text().replace("120", "12O", 1), encoding="utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a cell of the same length at the same time": lambda at: spoil(at / "births.csv"),
    "a file more": lambda at: (at / "children.csv").write_text("year,region,age,children\n"),
    "a file less": lambda at: (at / "pipeline.csv").unlink(),
    "a file under another name": lambda at: (at / "births.csv").rename(at / "birth.csv"),
    "another district.yaml": lambda at: (at / "district.yaml").write_text("name: other\n"),
    "a folder that is gone": lambda at: at.rename(at.with_name("gone")),
    "a link that leads out": lambda at: (at / "flows.csv").symlink_to(at.parent / "baseline.yaml"),
}


def test_what_has_not_changed_is_read_once(tmp_path: Path) -> None:
    folder = write(tmp_path).parent / "demo"
    first, again = (both(folder)[1] for _ in range(2))
    assert first is again is not None
    births = again.table("births")  # a copy: what is done to it changes nothing
    births["births"] = 0
    assert same(*both(folder))


@pytest.mark.parametrize("what", CHANGES)
def test_what_has_changed_is_read_again(what: str, tmp_path: Path) -> None:
    folder = write(tmp_path).parent / "demo"
    assert same(*both(folder))
    times = {path.name: path.stat() for path in folder.iterdir()}
    CHANGES[what](folder)
    for path in folder.iterdir() if folder.exists() else ():
        if path.name in times and not path.is_symlink():
            then = times[path.name]
            os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns))
    assert same(*both(folder))


def test_two_folders_of_one_content_are_two(tmp_path: Path) -> None:
    folders = [write(tmp_path / name).parent / "demo" for name in "ab"]
    for folder in (*folders, *folders):
        one, kept = both(folder)
        assert same(one, kept) and kept is not None and kept.folder == folder
