"""What a system does with files: see them onto the disk, exchange, carry over, remove them."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path

#: Ends the name under which a file stays that somebody changed and that would be replaced.
CHANGED = ".changed"
#: Folders within one another that are made at one go.
MOST_FOLDERS = 100
#: Flags of renameat2: refuse to replace, and exchange; and the working folder.
_NEW, _EXCHANGE, _HERE = 1, 2, -100
#: What a system or a file system says that cannot do it.
_UNABLE = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, and see it onto the disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """See a file onto the disk, or what stands in a folder; Windows has no way for folders."""
    windows = sys.platform == "win32"
    if windows and path.is_dir():
        return
    opened = os.open(path, os.O_RDWR if windows else os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_folder(top: Path) -> None:
    """See a folder onto the disk with all that is below it."""
    for name in entries(top):
        if is_plain(top / name):
            sync(top / name)
    sync_places(top)


def sync_places(top: Path) -> None:
    """See onto the disk which names stand in a folder and below it."""
    for place, _, _ in os.walk(top, onerror=_raise):
        sync(Path(place))


def make_folders(path: Path) -> None:
    """Make a folder and those above it that are not there, unless they are absurdly many."""
    absent, wanted = list[Path](), path
    while True:
        try:
            path.stat()
            break
        except FileNotFoundError:
            absent.append(path)
            path = path.parent
    if len(absent) > MOST_FOLDERS:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), str(wanted))
    for folder in reversed(absent or [path]):
        folder.mkdir(exist_ok=True)


def exists(path: Path) -> bool:
    """Whether anything stands there, a link that leads nowhere included."""
    return os.path.lexists(path)


def is_free(folder: Path) -> bool:
    """Whether there is nothing in the folder's place, or nothing in the folder."""
    led = Path(os.path.realpath(folder))
    return not exists(led) or (led.is_dir() and not any(led.iterdir()))


def is_plain(path: Path) -> bool:
    """Whether a path is a file, and no link, pipe or device."""
    return stat.S_ISREG(path.lstat().st_mode)


def is_folder(path: Path) -> bool:
    """Whether a path is a folder, and no link to one."""
    return path.is_dir() and not path.is_symlink()


def entries(top: Path) -> Iterator[str]:
    """Give the path below a folder of all but folders that hold something, with slashes.

    Raises
    ------
    OSError
        A folder may not be read, or another disk is mounted there: nothing is passed over.
    """
    device = top.stat().st_dev
    for place, folders, files in os.walk(top, onerror=_raise):
        if os.stat(place).st_dev != device:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), place)
        links = [name for name in folders if Path(place, name).is_symlink()]
        empty = [""] if not folders and not files and Path(place) != top else []
        for name in (*files, *links, *empty):
            yield Path(place, name).relative_to(top).as_posix()


def _raise(error: OSError) -> None:
    raise error


def files_in(folder: Path) -> set[str]:
    """Return the path of every file below a folder, with slashes; links are not followed."""
    return {name for name in entries(folder) if is_plain(folder / name)}


def is_same(one: Path, other: Path) -> bool:
    """Whether nothing is lost where one of two is removed."""
    if not (exists(one) and exists(other)):
        return False
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and one.readlink() == other.readlink()
    if one.is_dir() or other.is_dir():
        return one.is_dir() and other.is_dir()
    first, second = one.stat(), other.stat()
    if os.path.samestat(first, second):
        return True
    plain = is_plain(one) and is_plain(other) and first.st_size == second.st_size
    return plain and sha256_of_file(one) == sha256_of_file(other)


def carry(
    old: Path, new: Path, gone: Mapping[str, str], bring: Callable[[Path, Path], object]
) -> None:
    """Carry all of one file or folder over to another, but for what may go; replace nothing.

    Parameters
    ----------
    old, new
        Where something else has the name in ``new``, it comes under one that ends in `CHANGED`.
    gone
        The SHA-256 of what may go, by its path below ``old``; "" is ``old`` itself. What has
        other bytes by now is carried over.
    bring
        `link`, which leaves the old one whole, or `move`.
    """
    if not is_folder(old):
        _carry_one(old, new, gone.get(""), bring)
        return
    made: list[str] = [""]
    for name in entries(old):
        for above in reversed(Path(name).parents[:-1]):
            if not exists(new / above) and name not in gone:
                (new / above).mkdir()
                made.append(above.as_posix())
        _carry_one(old / name, new / name, gone.get(name), bring)
    for name in reversed(made):  # a folder that may not be written to is so at the end
        make_like(old / name, new / name)


def make_like(old: Path, new: Path) -> None:
    """Give one file or folder the mode of another, and its owner as far as this user may."""
    known, made = old.stat(), new.stat()
    if sys.platform != "win32" and (known.st_uid, known.st_gid) != (made.st_uid, made.st_gid):
        with suppress(OSError):
            os.chown(new, known.st_uid, known.st_gid)
    shutil.copymode(old, new)


def _carry_one(
    old: Path, new: Path, gone: str | None, bring: Callable[[Path, Path], object]
) -> None:
    if gone is not None and is_plain(old) and sha256_of_file(old) == gone:
        return
    for place in _names(new):
        if is_same(old, place):
            return
        if not exists(place):
            make_folders(place.parent)
            bring(old, place)
            return


def _names(path: Path) -> Iterator[Path]:
    """Give a path, then those that say that somebody changed the file."""
    yield path
    yield path.with_name(path.name + CHANGED)
    yield from (path.with_name(f"{path.name}{CHANGED}-{number}") for number in count(2))


def link(old: Path, new: Path) -> None:
    """Bring something to a second place: the same file where the system can, else a copy."""
    if old.is_symlink():
        new.symlink_to(old.readlink())
    elif old.is_dir():
        new.mkdir()
        make_like(old, new)
    else:
        try:
            os.link(old, new)
        except OSError:
            if not is_plain(old):
                raise
            shutil.copy2(old, new)
            sync(new)


def move(old: Path, new: Path) -> None:
    """Bring something to another place, where nothing is."""
    if not _rename(old, new, _NEW):
        os.rename(old, new)


def swap(one: Path, other: Path, spare: Path) -> None:
    """Exchange two files or two folders, in one step where the system can.

    Elsewhere the other one stands in ``spare`` for a moment, and is put back if anything fails.
    """
    if _rename(one, other, _EXCHANGE):
        return
    try:
        os.rename(other, spare)
        os.rename(one, other)
    except BaseException:
        if exists(spare) and not exists(other):
            os.rename(spare, other)
        raise
    os.rename(spare, one)


def _rename(one: Path, other: Path, flag: int) -> bool:
    """Rename as Linux alone can; False where it cannot either."""
    call = _renameat2()
    if call is None:
        return False
    if call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), flag) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNABLE:
        return False
    raise OSError(number, os.strerror(number), str(other))


@cache
def _renameat2() -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    call: Callable[..., int] | None = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return call


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it; links are not followed."""
    if not is_folder(path):
        path.unlink(missing_ok=True)
        return
    _open_up(path)
    for place, folders, _ in os.walk(path, onerror=_raise):
        for name in folders:
            _open_up(Path(place, name))
    shutil.rmtree(path)


def _open_up(folder: Path) -> None:
    """Let what is in a folder be removed; its mode no longer matters."""
    mode = folder.lstat().st_mode
    if stat.S_ISDIR(mode) and mode & stat.S_IRWXU != stat.S_IRWXU:
        folder.chmod(stat.S_IRWXU)
