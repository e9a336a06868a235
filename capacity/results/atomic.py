"""The one writer: drafted beside its place, put there whole, and nobody loses anything.

Beside a folder or file ``x`` that is being written stands ``.x.writing``, with the lock, the draft
and, after the exchange, what stood there before. The next command takes up what a killed one left.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from capacity.base.errors import CapacityError
from capacity.base.words import word
from capacity.results.disk import (
    carry,
    entries,
    exists,
    files_in,
    is_folder,
    is_plain,
    is_same,
    link,
    make_like,
    move,
    remove,
    sha256_of_file,
    swap,
    sync,
    sync_folder,
    sync_places,
    write_bytes,
)

MANIFEST = "manifest.json"
#: Format of a run: only a manifest of its own format is believed.
RUN = "capacity.run/1"
#: Folder of charts: the only files that may be there before the same bytes are written, because
#: they can be drawn again; a copy of somebody's inputs stays theirs.
CHARTS = "charts"
LOCK, DRAFT, SPARE = ".lock", "new", "old"
#: How a lock begins in which it stands that an exchange began.
_MARK = b"capacity.exchange/1\n"


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


def intact(folder: Path, manifest: dict[str, Any]) -> set[str]:
    """Return the files that a manifest names and nobody has changed since: their hash still fits.

    What is not found by walking through the folder is none of its files, whatever its name.
    """
    outputs = manifest["outputs"]
    there = files_in(folder) & outputs.keys()
    return {name for name in there if sha256_of_file(folder / name) == outputs[name]}


def is_free(folder: Path) -> bool:
    """Whether there is nothing in the folder's place, or nothing in the folder."""
    led = Path(os.path.realpath(folder))
    return not exists(led) or (led.is_dir() and not any(led.iterdir()))


def left_over(path: Path) -> bool:
    """Whether another command is writing here, or was killed while it did."""
    return exists(_beside(Path(os.path.realpath(path))))


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
        return _beside(self.owner) / DRAFT

    @property
    def spare(self) -> Path:
        """Where the old one waits while the new one takes its place, if there are two steps."""
        return _beside(self.owner) / SPARE

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
        _write_all(self.lock, _MARK + json.dumps(noted).encode())
        os.fsync(self.lock)

    def _begun(self) -> _Exchange | None:
        """Return what the lock says; half a note is none: the exchange comes after it."""
        os.lseek(self.lock, 0, os.SEEK_SET)
        with os.fdopen(os.dup(self.lock), "rb") as file:
            found = file.read().removeprefix(_MARK)
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
    opened = Workshop(owner, _locked(_beside(owner)))
    try:
        opened.clear()
        yield opened
    finally:
        opened.close()


def _beside(owner: Path) -> Path:
    if not owner.name:  # the top of a disk
        raise FolderTakenError("folders.holds_else", owner)
    return owner.with_name(f".{owner.name}.writing")


def _locked(beside: Path) -> int:
    """Return the open lock of a workshop, made where there is none."""
    while True:
        with suppress(FileExistsError):
            beside.mkdir(mode=stat.S_IRWXU)
        if _is_strange(beside) and _is_strange(beside):  # not only while its holder leaves it
            raise FolderTakenError("folders.beside", beside)
        try:
            lock = os.open(
                beside / LOCK, os.O_RDWR | os.O_CREAT | _NO_LINK, stat.S_IRUSR | stat.S_IWUSR
            )
        except FileNotFoundError:  # its holder has ended in this moment
            continue
        try:
            _hold(lock, beside)
            if _is_lock(lock, beside / LOCK):
                return lock
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)


#: Never opened through a link nor given to a child; bytes as they are.
_NO_LINK = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"))


def _is_strange(beside: Path) -> bool:
    """Whether no writer has left what stands in the place of a workshop."""
    try:
        if not is_folder(beside):
            return exists(beside)
        there, lock = set(os.listdir(beside)), beside / LOCK
        if not there:
            return False
        if not there <= {LOCK, DRAFT, SPARE} or not is_plain(lock) or lock.lstat().st_nlink > 1:
            return True
        with lock.open("rb") as file:
            return not _MARK.startswith(file.read(len(_MARK)))
    except FileNotFoundError:
        return exists(beside / DRAFT)  # else its holder has ended in this moment


def _is_lock(lock: int, path: Path) -> bool:
    """Whether what was locked is still what the next process would lock."""
    try:
        return os.path.samestat(os.fstat(lock), path.lstat())
    except FileNotFoundError:
        return False


def _hold(lock: int, beside: Path) -> None:
    """Lock a file until it is closed.

    Raises
    ------
    FolderInUseError
        Another process has.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(lock, 1 << 30, os.SEEK_SET)  # where nobody reads
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK):
            raise FolderInUseError(str(beside)) from None
        raise


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


@contextmanager
def atomic_dir(folder: Path, kind: str = RUN) -> Iterator[Path]:
    """Open a draft folder beside the final one, and put it in its place at the end.

    Only what a manifest of this kind lists, and nobody has changed, is replaced.

    Raises
    ------
    FolderInUseError
        Another process is writing there.
    FolderTakenError
        A file that no manifest lists stands where one would be written; nothing was changed.
    """
    with workshop(folder) as shop:
        shop.draft.mkdir()
        yield shop.draft
        put_folder(shop, kind)


def put_folder(shop: Workshop, kind: str) -> None:
    """Put a drafted folder in its place; see `atomic_dir`."""
    folder = shop.owner
    if not exists(folder):
        shop.put(folder, {})
        return
    found = read_manifest(folder, kind)
    ours = {MANIFEST, *found["outputs"]} if found else set()
    _refuse_foreign(folder, shop.draft, ours)
    gone = {name: found["outputs"][name] for name in intact(folder, found)} if found else {}
    gone |= {MANIFEST: sha256_of_file(folder / MANIFEST)} if found else {}
    shop.put(folder, gone)


def _refuse_foreign(folder: Path, draft: Path, ours: set[str]) -> None:
    """Refuse to write over files of others, before anything is changed."""
    for name in sorted(entries(draft)):
        target = folder / name
        above = [parent for parent in target.parents if parent.is_relative_to(folder)]
        if any(exists(parent) and not is_folder(parent) for parent in above):
            raise FolderTakenError("folders.file_in_the_way", folder, name)
        if not exists(target) or (name in ours and not is_folder(target)):
            continue
        if not (name.startswith(f"{CHARTS}/") and is_same(draft / name, target)):
            raise FolderTakenError("folders.foreign_file", folder, name)


def replace_file(path: Path, data: bytes, gone: str | None = None) -> None:
    """Write a file in the place of another, whole or not at all, with its mode.

    Parameters
    ----------
    path
        Where it is a link, what it leads to is written.
    data
    gone
        The SHA-256 of what may go; anything else that stands there stays beside it, under a
        name that ends in `capacity.results.disk.CHANGED`.
    """
    with workshop(path) as shop:
        write_bytes(shop.draft, data)
        if exists(shop.owner):
            make_like(shop.owner, shop.draft)
        shop.put(shop.owner, {} if gone is None else {"": gone})
