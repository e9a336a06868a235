"""Files and folders written beside their place and put there whole; nobody loses anything."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from capacity.base.errors import CapacityError
from capacity.base.words import word

MANIFEST = "manifest.json"
#: Format of a run: only a manifest of its own format is believed.
RUN = "capacity.run/1"
LOCK = ".lock"
#: Folder of charts: the only files that may be there before the same bytes are written, because
#: they can be drawn again; a copy of somebody's inputs stays theirs.
CHARTS = "charts"


class FolderInUseError(CapacityError):
    """Another process is writing to the folder."""


class FolderTakenError(CapacityError):
    """The folder holds something that may not be replaced.

    Attributes
    ----------
    key : str
        Of the words that say why.
    folder : Path
    name : str
        The file inside the folder that is in the way, where it is one.
    """

    def __init__(self, key: str, folder: Path, name: str = "") -> None:
        super().__init__(key, folder, name)
        self.key, self.folder, self.name = key, folder, name

    def __str__(self) -> str:
        return self.text()

    def text(self, language: str = "en") -> str:
        """Return why the folder is left as it is."""
        return word(self.key, language, folder=self.folder, name=self.name)


def read_manifest(folder: Path, kind: str = RUN) -> dict[str, Any] | None:
    """Return the manifest of a folder; None where there is none, or none of its kind."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("format") != kind:
        return None
    return found if isinstance(found.get("outputs"), dict) else None


def listed(folder: Path, manifest: dict[str, Any]) -> set[str]:
    """Return the files inside a folder that its manifest names."""
    top = os.path.realpath(folder)
    return {
        name
        for name in manifest["outputs"]
        if Path(os.path.realpath(folder / name)).is_relative_to(top) and (folder / name).is_file()
    }


def intact(folder: Path, manifest: dict[str, Any]) -> set[str]:
    """Return those of them that nobody has changed since: their hash still fits."""
    outputs = manifest["outputs"]
    there = listed(folder, manifest)
    return {name for name in there if sha256_of_file(folder / name) == outputs[name]}


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_free(folder: Path) -> bool:
    """Whether there is nothing in the folder's place, or nothing in the folder."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file and see it onto the disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes) -> None:
    """Write a file in the place of another, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_bytes(draft, data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def atomic_dir(folder: Path, kind: str = RUN) -> Iterator[Path]:
    """Open a draft folder beside the final one, and put it in its place at the end.

    Only what a manifest of this kind lists is replaced.

    Raises
    ------
    FolderInUseError
        Another process holds the draft. The lock is free again when its holder ends, however
        it ends.
    FolderTakenError
        A file that no manifest lists stands where one would be written; nothing was changed.
    """
    folder = Path(os.path.realpath(folder))  # a link stays, what it leads to is written
    draft = folder.parent / f".{folder.name}.writing"
    draft.mkdir(exist_ok=True)
    with (draft / LOCK).open("w") as lock:
        _lock(lock, folder)
        try:
            for left_over in draft.iterdir():
                if left_over.name != LOCK:
                    shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
            yield draft
            (draft / LOCK).unlink()
            _put(draft, folder, kind)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise


def _lock(lock: IO[str], folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows has no flock: two writers there meet at the rename
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise FolderInUseError(str(folder)) from None


def _put(draft: Path, folder: Path, kind: str) -> None:
    if not folder.exists():
        draft.rename(folder)
        return
    found = read_manifest(folder, kind)
    ours = {MANIFEST, *listed(folder, found)} if found else set()
    unchanged = {MANIFEST, *intact(folder, found)} if found else set()
    written = files_in(draft)
    same = {
        name
        for name in written
        if name.startswith(f"{CHARTS}/") and _is_same(draft / name, folder / name)
    }
    _refuse_foreign(folder, written - same, ours)
    # Somebody's terminal would stand in a folder that is gone.
    inside = Path.cwd().is_relative_to(folder)
    if not inside and files_in(folder) <= unchanged | (ours & written):
        old = folder.parent / f".{folder.name}.{os.getpid()}.old"
        folder.rename(old)
        draft.rename(folder)
        shutil.rmtree(old)
    else:
        _move_into(draft, folder, unchanged)


def files_in(folder: Path) -> set[str]:
    """Return the path of every file below a folder, with slashes."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _is_same(one: Path, other: Path) -> bool:
    """Whether nothing is lost where one file replaces the other."""
    whole = other.is_file() and not other.is_symlink()
    return whole and sha256_of_file(one) == sha256_of_file(other)


def _refuse_foreign(folder: Path, written: set[str], ours: set[str]) -> None:
    """Refuse to write over files of others, before anything is changed."""
    for name in sorted(written):
        target = folder / name
        above = [parent for parent in target.parents if parent.is_relative_to(folder)]
        if any(parent.exists() and not parent.is_dir() for parent in above):
            raise FolderTakenError("folders.file_in_the_way", folder, name)
        if (target.exists() or target.is_symlink()) and name not in ours:
            raise FolderTakenError("folders.foreign_file", folder, name)


def _move_into(draft: Path, folder: Path, unchanged: set[str]) -> None:
    """Replace what is ours among somebody's own files: the manifest goes first and comes last."""
    for name in sorted(unchanged, key=lambda name: name != MANIFEST):
        (folder / name).unlink(missing_ok=True)
    for name in sorted(files_in(draft), key=lambda name: (name == MANIFEST, name)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).replace(folder / name)
    shutil.rmtree(draft)
