"""A draft beside its place, and the exchange: what is written stands there whole or not at all.

Beside a folder or file ``x`` that is being written stands ``.x.writing``, with the lock, the draft
and, after the exchange, what stood there before. The next command takes up what a killed one left.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from capacity.results.disk import (
    carry,
    exists,
    files_in,
    is_free,
    is_plain,
    link,
    move,
    remove,
    sha256_of_file,
    swap,
    sync,
    sync_folder,
    sync_places,
)
from capacity.results.lock import DRAFT, LOCK, MARK, SPARE, locked, place_beside

#: Stands in a folder only when all else does.
MANIFEST = "manifest.json"


def left_over(path: Path) -> bool:
    """Whether another command is writing here, or was killed while it did."""
    return exists(place_beside(Path(os.path.realpath(path))))


class _Exchange(NamedTuple):
    """What a lock says of an exchange that began.

    ``draft`` is the number that the system gives the draft: something else in its place is what
    stood ``at`` the path before, of which ``gone`` may go. Where an empty folder is ``filled``,
    it is what comes.
    """

    draft: int
    at: str
    gone: Mapping[str, str]
    filled: bool = False


@dataclass(frozen=True)
class Workshop:
    """The place beside a folder or file in which it is drafted, locked until it is closed.

    Attributes
    ----------
    owner : Path
        What is written, with no link in its path.
    lock : int
        The open lock.
    """

    owner: Path
    lock: int

    @property
    def draft(self) -> Path:
        """What is to stand in the owner's place, or in that of something inside it."""
        return place_beside(self.owner) / DRAFT

    @property
    def spare(self) -> Path:
        """Where the old one waits while the new one takes its place, if there are two steps."""
        return place_beside(self.owner) / SPARE

    def put(self, target: Path, gone: Mapping[str, str]) -> None:
        """Put the draft in a place, whole, and carry over to it all that may not go.

        Parameters
        ----------
        target
            The owner, or a folder inside it.
        gone
            The SHA-256 of what of the old one may go, by its path there, as `carry` takes it.
        """
        is_dir = self.draft.is_dir()
        sync_folder(self.draft) if is_dir else sync(self.draft)
        if not exists(target):
            move(self.draft, target)
            sync(target.parent)
            return
        if is_dir:
            if not target.is_dir():
                raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(target))
            if is_free(target) and _stands_in(target):
                self._fill(target)
                return
            carry(target, self.draft, gone, link)
            sync_places(self.draft)
        self._note(target, gone)
        with _standing(target):
            swap(self.draft, target, self.spare)
        sync(target.parent)
        sync(self.draft.parent)
        with suppress(OSError):  # the new one stands; what is left the next command clears
            self.clear()

    def clear(self) -> None:
        """Remove a draft, and what an exchange left once all that may not go is carried over."""
        begun = self._begun()
        target = self.owner.parent / begun.at if begun else self.owner
        if exists(self.spare):
            move(self.spare, self.draft if exists(target) else target)
        if exists(self.draft):
            if begun and begun.filled:
                if any(self.draft.iterdir()):  # else all had come
                    _take_back(target, begun.gone)
            elif begun and self.draft.lstat().st_ino != begun.draft:
                if not exists(target):  # removed since: what is left is put back
                    move(self.draft, target)
                    return
                carry(self.draft, target, begun.gone, move)
            remove(self.draft)
        os.ftruncate(self.lock, 0)

    def close(self) -> None:
        """Clear what is left, and give the place free, whatever else fails."""
        try:
            with suppress(OSError):
                self.clear()
                self._leave()  # as long as it is locked
        finally:
            os.close(self.lock)
            if sys.platform == "win32":  # where nothing open is removed
                self._leave()

    def _leave(self) -> None:
        with suppress(OSError):
            (self.draft.parent / LOCK).unlink()
            self.draft.parent.rmdir()

    def _fill(self, target: Path) -> None:
        """Fill an empty folder from which a terminal looks on, the manifest last."""
        coming = {name: sha256_of_file(self.draft / name) for name in files_in(self.draft)}
        self._note(target, coming, filled=True)
        for name in sorted(os.listdir(self.draft), key=lambda name: (name == MANIFEST, name)):
            move(self.draft / name, target / name)
        sync(target)

    def _note(self, target: Path, gone: Mapping[str, str], *, filled: bool = False) -> None:
        """Write down that an exchange begins, for whoever finds it unfinished."""
        at = target.relative_to(self.owner.parent).as_posix()
        noted = _Exchange(self.draft.lstat().st_ino, at, dict(gone), filled)
        os.ftruncate(self.lock, 0)
        os.lseek(self.lock, 0, os.SEEK_SET)
        _write_all(self.lock, MARK + json.dumps(noted).encode())
        os.fsync(self.lock)

    def _begun(self) -> _Exchange | None:
        """Return what the lock says; half a note is none: the exchange comes after it."""
        os.lseek(self.lock, 0, os.SEEK_SET)
        with os.fdopen(os.dup(self.lock), "rb") as file:
            found = file.read().removeprefix(MARK)
        try:
            begun = _Exchange(*json.loads(found))
            inside = (self.owner.parent / begun.at).is_relative_to(self.owner)
        except (ValueError, TypeError):
            return None
        return begun if inside and ".." not in Path(begun.at).parts else None


def _write_all(opened: int, data: bytes) -> None:
    while data:
        data = data[os.write(opened, data) :]


@contextmanager
def workshop(owner: Path) -> Iterator[Workshop]:
    """Open the place in which something is drafted, for this process alone.

    Parameters
    ----------
    owner
        A folder or file; a link stays, what it leads to is written.

    Raises
    ------
    FolderInUseError
        Another process holds it. It is free again when that ends, however it ends.
    FolderTakenError
        Something of somebody's stands in its place.
    """
    owner = Path(os.path.realpath(owner))
    opened = Workshop(owner, locked(place_beside(owner)))
    try:
        opened.clear()
        yield opened
    finally:
        opened.close()


def _take_back(folder: Path, came: Mapping[str, str]) -> None:
    """Empty a folder of what came into it, and of the folders of that."""
    for name in sorted(came, reverse=True):
        path = folder / name
        if exists(path) and is_plain(path) and sha256_of_file(path) == came[name]:
            path.unlink()
        with suppress(OSError):  # the rest comes with others
            for above in Path(name).parents[:-1]:
                (folder / above).rmdir()


def _stands_in(folder: Path) -> bool:
    """Whether this process, and so a terminal perhaps, stands in a folder."""
    try:
        return Path.cwd().is_relative_to(folder)
    except OSError:
        return False


@contextmanager
def _standing(folder: Path) -> Iterator[None]:
    """Stay in a folder that is exchanged, if that is where this process stands."""
    here = Path.cwd() if _stands_in(folder) else None
    yield
    if here is not None:
        with suppress(OSError):
            os.chdir(here)
