"""Draft folders: written beside their place and put there whole; nothing of anybody's is lost."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from capacity.errors import CapacityError

MANIFEST = "manifest.json"
LOCK = ".lock"


class FolderInUseError(CapacityError):
    """Another run is writing to the folder."""


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Give the manifest of a run folder, or None where there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


@contextmanager
def draft_of(folder: Path) -> Iterator[Path]:
    """Give a draft folder beside the final one, and put it in its place at the end.

    Raises
    ------
    FolderInUseError
        Another process holds the draft. The lock is free again when its holder ends, however
        it ends.
    """
    draft = folder.parent / f".{folder.name}.writing"
    draft.mkdir(exist_ok=True)
    with (draft / LOCK).open("w") as lock:
        _take(lock, folder)
        for left_over in draft.iterdir():
            if left_over.name != LOCK:
                shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
        try:
            yield draft
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        (draft / LOCK).unlink()
        _put(draft, folder)


def _take(lock: Any, folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows has no flock: two writers there meet at the rename
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise FolderInUseError(str(folder)) from None


def _put(draft: Path, folder: Path) -> None:
    if not folder.exists():
        draft.rename(folder)
    elif _files(folder) <= _written(folder):
        old = folder.parent / f".{folder.name}.{os.getpid()}.old"
        folder.rename(old)
        draft.rename(folder)
        shutil.rmtree(old)
    else:
        _move_into(draft, folder)


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _written(folder: Path) -> set[str]:
    """Name the files that a run wrote into a folder, by its manifest."""
    found = read_manifest(folder)
    return set() if found is None else {MANIFEST, *found.get("outputs", {})}


def _move_into(draft: Path, folder: Path) -> None:
    """Replace a run among somebody's own files: the manifest goes first and comes last."""
    for name in sorted(_written(folder), key=lambda name: name != MANIFEST):
        (folder / name).unlink(missing_ok=True)
    paths = [path for path in sorted(draft.rglob("*")) if path.is_file()]
    for path in sorted(paths, key=lambda path: path.name == MANIFEST):
        target = folder / path.relative_to(draft)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    shutil.rmtree(draft)
