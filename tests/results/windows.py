"""What Windows lacks and refuses, put in the place of what this system has, for one process.

It cannot be undone: a process that pretends does nothing else.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import sys
import types
from importlib import import_module
from pathlib import Path
from typing import Any

#: Loaded as this system has them.
OTHERS = ("click", "matplotlib.pyplot", "numpy", "pandas", "pydantic", "scipy.stats", "xlsxwriter")
LACKING = (
    *("O_NOFOLLOW", "O_CLOEXEC", "O_DIRECTORY", "fork", "mkfifo", "chown", "lchown", "sysconf"),
    *("getuid", "geteuid", "getgid", "getpgid", "killpg", "register_at_fork", "posix_spawn"),
)


def refused(path: Any) -> OSError:
    return PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))


def is_held(path: Any, *, below: bool) -> bool:
    """Whether this process has a file open, or one below a folder."""
    place = os.path.realpath(path)
    for number in os.listdir("/proc/self/fd"):
        try:
            held = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        if held == place or (below and held.startswith(f"{place}/")):
            return True
    return False


#: What the system has, by name.
REAL = {name: getattr(os, name) for name in ("rename", "unlink", "open", "fsync")}


def locking(number: int, mode: int, count: int) -> None:
    """Lock a file as `msvcrt` does, if nobody else has."""
    fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def renamed(old: Any, new: Any, **more: Any) -> None:
    """Replace nothing, and move nothing that is in use."""
    if os.path.lexists(new):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fspath(new))
    if is_held(old, below=True) or Path.cwd().is_relative_to(os.path.realpath(old)):
        raise refused(old)
    REAL["rename"](old, new, **more)


def unlinked(path: Any, **more: Any) -> None:
    """Remove no file that is in use or may not be written to."""
    if is_held(path, below=False) or not os.stat(path, follow_symlinks=False).st_mode & 0o200:
        raise refused(path)
    REAL["unlink"](path, **more)


def opened(path: Any, flags: int, *given: Any, **more: Any) -> Any:
    """Open no folder."""
    if os.path.isdir(path):
        raise refused(path)
    return REAL["open"](path, flags, *given, **more)


def synced(number: int) -> None:
    """See onto the disk only what may be written to."""
    if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    REAL["fsync"](number)


def pretend() -> None:
    """Let the product find what it finds on Windows."""
    for name in OTHERS:
        import_module(name)
    msvcrt: Any = types.ModuleType("msvcrt")
    msvcrt.LK_NBLCK, msvcrt.locking = 2, locking
    sys.modules |= {"msvcrt": msvcrt, "fcntl": None, "resource": None}  # type: ignore[dict-item]
    os.rename, os.unlink, os.remove = renamed, unlinked, unlinked
    os.open, os.fsync = opened, synced
    shutil._use_fd_functions = False  # type: ignore[attr-defined]
    for name in LACKING:
        if hasattr(os, name):
            delattr(os, name)
    sys.platform = "win32"


def write() -> None:
    """Write, replace and leave folders and files; two at once are told."""
    from capacity.results import CHANGED, FolderInUseError, Options, keep, replace_file, workshop
    from tests.results.test_folder import kept

    folder = Path("x")
    for value in (1.0, 2.0, 3.0):
        assert keep(kept(value), folder, Options(), overwrite=True) == "written"
        (folder / "own").mkdir(exist_ok=True)
        (folder / "own" / "thesis.txt").write_text("mine")
    assert keep(kept(3.0), folder, Options()) == "unchanged"
    (folder / "trial.csv").write_text("mine")
    assert keep(kept(4.0), folder, Options(), overwrite=True) == "written"
    assert (folder / f"trial.csv{CHANGED}").read_text() == "mine"
    assert (folder / "own" / "thesis.txt").read_text() == "mine"
    for data in (b"a", b"b"):
        replace_file(Path("ratios.csv"), data)
    assert Path("ratios.csv").read_bytes() == b"b"
    with workshop(folder):
        try:
            keep(kept(5.0), folder, Options(), overwrite=True)
        except FolderInUseError:
            pass
        else:
            raise AssertionError
    beside = Path(".x.writing")
    beside.mkdir()
    (beside / ".lock").touch()
    (beside / "new").mkdir()  # what a killed command left
    assert keep(kept(5.0), folder, Options(), overwrite=True) == "written"
    left = [path.name for path in Path.cwd().rglob(".*.writing")]
    assert not left, left


def commands(*asked: list[str]) -> None:
    """Run commands one after another; print the code of each."""
    from capacity.cli import main

    for arguments in asked:
        try:
            main(arguments)
        except SystemExit as end:
            print("ended", end.code, flush=True)
