"""What stands is kept: links, somebody's own files, forged manifests, several writers at once."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
from codecs import BOM_UTF8
from collections.abc import Callable
from pathlib import Path

import pytest

from capacity.results import (
    CHANGED,
    Copy,
    FolderInUseError,
    FolderTakenError,
    Options,
    draft,
    files_in,
    is_free,
    keep,
    left_over,
    load_run,
    replace_file,
    sha256_of_file,
    workshop,
)
from tests.inputs.folder import write
from tests.results.faults import hidden, snapshot
from tests.results.test_folder import PLAIN, kept
from tests.results.writers import result, write_on


def hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# Links: nothing is lost, and nothing is written that is not asked for.


def to_folder(top: Path, name: str) -> Path:
    """Put a link to a folder of somebody's in a place."""
    (top / "theirs").mkdir()
    (top / "theirs" / "thesis.txt").write_text("mine")
    (top / name).symlink_to(top / "theirs")
    return top / name


def to_file(top: Path, name: str) -> Path:
    """Put a link to a file of somebody's in a place."""
    (top / "thesis.txt").write_text("mine")
    (top / name).parent.mkdir(exist_ok=True)
    (top / name).symlink_to(top / "thesis.txt")
    return top / name


def hard(top: Path, name: str) -> Path:
    """Put a second name of a file of somebody's in a place."""
    (top / "thesis.txt").write_text("mine")
    (top / name).parent.mkdir(exist_ok=True)
    (top / name).hardlink_to(top / "thesis.txt")
    return top / name


LINKS: dict[str, tuple[Callable[[Path, str], Path], str, bool]] = {
    "the folder is a link": (to_folder, "x", True),
    "the folder is a link to nothing": (lambda top, name: nowhere(top / name), "x", True),
    "the folder is a link in a circle": (lambda top, name: circle(top / name), "x", False),
    "drafts lead elsewhere": (to_folder, ".x.writing", False),
    "drafts lead to a file": (to_file, ".x.writing", False),
    "the lock leads elsewhere": (to_file, ".x.writing/.lock", False),
    "the lock is a file of somebody's": (hard, ".x.writing/.lock", False),
    "a table is a link": (to_file, "x/trial.csv", False),
    "charts are a link": (to_folder, "x/charts", True),
    "somebody's own link": (to_file, "x/own.txt", True),
    "somebody's own second name": (hard, "x/own.txt", True),
}


def nowhere(path: Path) -> Path:
    path.symlink_to(path.with_name("later"))
    return path


def circle(path: Path) -> Path:
    path.symlink_to(path)
    return path


@pytest.mark.parametrize("made, name, written", LINKS.values(), ids=LINKS.keys())
def test_links_lose_and_overwrite_nothing(
    tmp_path: Path, made: Callable[[Path, str], Path], name: str, written: bool
) -> None:
    if name.startswith("x/"):
        (tmp_path / "x").mkdir()
    link = made(tmp_path, name)
    led = os.readlink(link) if link.is_symlink() else None
    before = snapshot(tmp_path)
    for value in (1.0, 2.0):
        if written:
            assert keep(kept(value), tmp_path / "x", PLAIN, overwrite=True) == "written"
        else:
            with pytest.raises((FolderTakenError, OSError)):
                keep(kept(value), tmp_path / "x", PLAIN, overwrite=True)
    assert before.items() <= snapshot(tmp_path).items()
    assert (os.readlink(link) if link.is_symlink() else None) == led


def test_a_strange_place_of_drafts_is_said_and_left(tmp_path: Path) -> None:
    own = tmp_path / ".x.writing"
    for name in ("note.txt", "new", ".lock"):
        own.mkdir()
        (own / name).write_text("mine")
        with pytest.raises(FolderTakenError, match=r"\.x\.writing"):
            keep(kept(), tmp_path / "x", PLAIN)
        assert (own / name).read_text() == "mine" and files_in(own) == {name}
        (own / name).unlink()
        own.rmdir()
    own.mkdir()
    assert keep(kept(), tmp_path / "x", PLAIN) == "written"
    assert not own.exists()


# Somebody's own files


def test_all_that_is_not_ours_is_carried_over(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    keep(kept(), folder, PLAIN)
    (folder / "deep" / "empty").mkdir(parents=True)
    (folder / "deep" / "a").write_text("mine")
    (folder / "deep").chmod(0o555)
    (folder / "script").write_text("mine")
    (folder / "script").chmod(0o751)
    os.mkfifo(folder / "pipe")
    folder.chmod(0o750)
    number = (folder / "script").stat().st_ino
    assert keep(kept(2.0), folder, PLAIN, overwrite=True) == "written"
    assert (folder / "deep" / "empty").is_dir() and (folder / "deep" / "a").read_text() == "mine"
    modes = [path.stat().st_mode & 0o777 for path in (folder, folder / "deep", folder / "script")]
    assert modes == [0o750, 0o555, 0o751]
    assert (folder / "pipe").is_fifo() and (folder / "script").stat().st_ino == number
    assert not hidden(tmp_path)


def test_what_somebody_changed_stays_beside_what_takes_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    for value, own in ((1.0, b"mine"), (2.0, b"mine too"), (3.0, b"mine too")):
        keep(kept(value), folder, PLAIN, overwrite=True)
        (folder / "trial.csv").write_bytes(own)
    assert keep(kept(4.0), folder, PLAIN, overwrite=True) == "written"
    found = snapshot(folder)
    assert found[f"trial.csv{CHANGED}"] == b"mine"
    assert found[f"trial.csv{CHANGED}-2"] == b"mine too"
    assert len(found) == 4 and found["trial.csv"].startswith(BOM_UTF8 + b"value\n4.0")


def test_a_forged_manifest_takes_nothing_away(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    (folder / "inside").mkdir(parents=True)
    (tmp_path / "outside.txt").write_text("mine")
    (folder / "thesis.txt").write_text("mine")
    (folder / "inside" / "link.txt").symlink_to(tmp_path / "outside.txt")
    before, right = snapshot(tmp_path), hash_of(b"mine")
    outputs = {
        "thesis.txt": hash_of(b"other"), "../outside.txt": right, "a\0b": right, "\ud800": right,
        str(tmp_path / "outside.txt"): right, "inside/link.txt": right, "inside": right, "": right,
        "inside/../thesis.txt": right, "x/../../outside.txt": 5,
    }  # fmt: skip
    manifest = {"format": "capacity.trial/1", "outputs": outputs}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert keep(kept(), folder, PLAIN, overwrite=True) == "written"
    assert before.items() <= snapshot(tmp_path).items()
    assert (folder / "inside" / "link.txt").is_symlink()


def test_unchanged_is_said_of_what_was_compared_alone(tmp_path: Path) -> None:
    """A table that was altered and signed again, or a fact, is not the same run."""
    folder = tmp_path / "x"
    manifest = folder / "manifest.json"
    keep(kept(), folder, PLAIN)
    told = json.loads(manifest.read_text())
    (folder / "trial.csv").write_bytes(b"value\n2.0\n")
    signed = {"outputs": {"trial.csv": sha256_of_file(folder / "trial.csv")}}
    manifest.write_text(json.dumps(told | signed))
    with pytest.raises(FolderTakenError):
        keep(kept(), folder, PLAIN)
    assert keep(kept(), folder, PLAIN, overwrite=True) == "written"
    manifest.write_text(json.dumps(told | {"facts": 1, "value": 1.0}))
    assert keep(kept(facts={"seed": 1}), folder, PLAIN, overwrite=True) == "written"
    assert keep(kept(facts={"seed": 1}), folder, PLAIN) == "unchanged"


def test_a_terminal_that_stands_in_the_folder_still_stands_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").mkdir()
    monkeypatch.chdir(tmp_path / "x")
    stood = os.stat(".")
    assert keep(kept(charts=[]), Path("."), Options(), overwrite=True) == "written"
    assert os.path.samestat(stood, os.stat(".")), "an empty folder is filled"
    for value in (2.0, 3.0):
        assert keep(kept(value), Path("."), PLAIN, overwrite=True) == "written"
        assert Path("trial.csv").read_text("utf-8-sig").startswith(f"value\n{value}")
        assert not os.path.samestat(stood, os.stat("."))
    assert not hidden(tmp_path)


@pytest.mark.parametrize("number", range(1, 5))
def test_an_empty_folder_that_cannot_be_filled_is_empty_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Whether it is emptied by the command itself, or what was killed by the next."""
    (tmp_path / "x").mkdir()
    monkeypatch.chdir(tmp_path / "x")
    moves = []

    def fails(old: Path, new: Path) -> None:
        moves.append(new)
        if len(moves) == number:
            raise OSError(errno.EIO, "no")
        old.rename(new)

    copies = [Copy("inputs/deep/a.csv", Path(__file__)), Copy("inputs/b.csv", Path(__file__))]
    for killed in (False, True):
        moves.clear()
        with monkeypatch.context() as patch:
            patch.setattr(draft, "move", fails)
            if killed:
                patch.setattr(draft.Workshop, "close", lambda shop: os.close(shop.lock))
            if number < 5:
                with pytest.raises(OSError, match="no"):
                    keep(kept(copies=copies), Path("."), Options())
        assert bool(files_in(tmp_path / "x")) == (killed and number > 1)
        with workshop(tmp_path / "x"):
            assert not any((tmp_path / "x").iterdir())
    assert keep(kept(copies=copies), Path("."), Options()) == "written"


def test_all_is_seen_onto_the_disk_before_it_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Charts, inputs and folders too; and afterwards the folder in which the new name stands."""
    seen: list[int] = []
    sync, swap = os.fsync, draft.swap
    before: set[int] = set()

    def told(opened: int) -> None:
        seen.append(os.fstat(opened).st_ino)
        sync(opened)

    def swapped(one: Path, other: Path, spare: Path) -> None:
        before.update(seen)
        seen.clear()
        swap(one, other, spare)

    folder = tmp_path / "x"
    keep(kept(), folder, Options())
    monkeypatch.setattr(os, "fsync", told)
    monkeypatch.setattr(draft, "swap", swapped)
    copies = [Copy("inputs/deep/a.csv", Path(__file__))]
    keep(kept(2.0, copies=copies), folder, Options(), overwrite=True)
    there = {path.stat().st_ino for path in (folder, *folder.rglob("*"))}
    assert len(there) == 8 and there <= before
    assert tmp_path.stat().st_ino in seen


# Files that are written over


def test_a_file_keeps_its_mode_and_what_may_not_go_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "ratios.csv"
    path.write_bytes(b"mine")
    path.chmod(0o640)
    replace_file(path, b"new")
    assert snapshot(tmp_path) == {"ratios.csv": b"new", f"ratios.csv{CHANGED}": b"mine"}
    replace_file(path, b"newer", hash_of(b"new"))
    assert snapshot(tmp_path) == {"ratios.csv": b"newer", f"ratios.csv{CHANGED}": b"mine"}
    assert path.stat().st_mode & 0o777 == 0o640
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    replace_file(link, b"newest", hash_of(b"newer"))
    assert link.is_symlink() and path.read_bytes() == b"newest"


# Writers and readers at once


def test_who_writes_is_alone_until_the_end(tmp_path: Path) -> None:
    with workshop(tmp_path / "x") as shop:
        shop.draft.mkdir()
        assert left_over(tmp_path / "x") and is_free(tmp_path / "x")
        with pytest.raises(FolderInUseError):
            keep(kept(), tmp_path / "x", PLAIN)
        assert shop.draft.exists()
    assert not hidden(tmp_path)


def test_the_second_of_two_writers_replaces_nothing_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first comes in between the question whether there is room and the lock."""
    asked = []

    def first(folder: Path) -> bool:
        asked.append(folder)
        if len(asked) == 1:
            keep(kept(), folder, PLAIN)
        return True

    monkeypatch.setattr("capacity.results.folder.left_over", lambda folder: False)
    monkeypatch.setattr("pathlib.Path.mkdir", _after(Path.mkdir, tmp_path / "x", first))
    with pytest.raises(FolderTakenError):
        keep(kept(2.0), tmp_path / "x", PLAIN)
    assert (tmp_path / "x" / "trial.csv").read_text("utf-8-sig").startswith("value\n1.0")


def _after(mkdir: Callable[..., None], folder: Path, first: Callable[[Path], object]) -> object:
    def made(path: Path, *arguments: object, **named: object) -> None:
        if path == folder.parent:
            first(folder)
        mkdir(path, *arguments, **named)

    return made


def race(top: Path, rounds: int) -> tuple[int, list[str]]:
    """Let three write, and read meanwhile; give how often a run was read, and how writers ended."""
    scenario, folder = write(top / "in"), top / "x"
    factors = (0.9, 1.0, 1.1)
    whole = {
        tuple(made.frame()["demand"]): tuple(made.pupils["pupils"])
        for made in (result(scenario, factor) for factor in factors)
    }
    assert len(whole) == 3
    context = multiprocessing.get_context("forkserver")
    told = [top / f"told {factor}" for factor in factors]
    writers = [
        context.Process(target=write_on, args=(str(scenario), str(folder), factor, rounds, str(to)))
        for factor, to in zip(factors, told, strict=True)
    ]
    for writer in writers:
        writer.start()
    read = 0
    while any(writer.is_alive() for writer in writers):
        if folder.exists():
            found = load_run(folder)
            assert whole[tuple(found.frame()["demand"])] == tuple(found.pupils["pupils"])
            read += 1
    for writer in writers:
        writer.join()
    load_run(folder)
    assert not hidden(top)
    return read, [to.read_text() for to in told]


@pytest.fixture(name="importable")
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers are processes of their own, which import what they do."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))


@pytest.mark.usefixtures("importable")
def test_three_writers_and_a_reader_see_one_whole_run(tmp_path: Path) -> None:
    _hold(*race(tmp_path, 8))


@pytest.mark.slow
@pytest.mark.usefixtures("importable")
def test_three_writers_and_a_reader_a_hundred_times(tmp_path: Path) -> None:
    _hold(*race(tmp_path, 100))


def _hold(read: int, told: list[str]) -> None:
    assert read
    assert sum(int(one.split()[0]) for one in told) and all(one.endswith("[]") for one in told)
