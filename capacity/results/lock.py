"""The lock beside what is written: who holds it is alone, and what somebody else put there stays.

Beside a folder or file ``x`` that is being written stands ``.x.writing`` with the lock in it. It is
free when the process that holds it ends, however that ends.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from capacity.base.errors import CapacityError
from capacity.base.words import word
from capacity.results.disk import exists, is_folder, is_plain

#: What stands in a workshop: the lock, the draft, and what stood in its place before.
LOCK, DRAFT, SPARE = ".lock", "new", "old"
#: How a lock begins in which it stands that an exchange began.
MARK = b"capacity.exchange/1\n"


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


def place_beside(owner: Path) -> Path:
    """Return where the lock of a folder or file stands, and what is drafted.

    Raises
    ------
    FolderTakenError
        It is the top of a disk.
    """
    if not owner.name:  # the top of a disk
        raise FolderTakenError("folders.holds_else", owner)
    return owner.with_name(f".{owner.name}.writing")


def locked(beside: Path) -> int:
    """Return the open lock of a workshop, made where there is none.

    Raises
    ------
    FolderInUseError
        Another process holds it.
    FolderTakenError
        Something of somebody's stands in its place.
    """
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
            return not MARK.startswith(file.read(len(MARK)))
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
