"""How much memory this process may still take."""

from __future__ import annotations

import os
from pathlib import Path

_GROUP = Path("/sys/fs/cgroup")


def free_bytes() -> float | None:
    """Return the least of what the machine, its group and its limit leave; None where none tells.

    Swapped memory is none that a run could use.
    """
    known = [left for left in (_of_machine(), _of_group(), _of_limit()) if left is not None]
    return min(known, default=None)


def _of_machine() -> float | None:
    for line in _text(Path("/proc/meminfo")).splitlines():
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return float(value.split()[0]) * 1024
    return None


def _of_group() -> float | None:
    most, now = (_text(_GROUP / f"memory.{name}").strip() for name in ("max", "current"))
    return float(most) - float(now) if most.isdigit() and now.isdigit() else None


def _of_limit() -> float | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    pages = _text(Path("/proc/self/statm")).split()
    if most == resource.RLIM_INFINITY or not pages:
        return None
    return float(most - int(pages[0]) * os.sysconf("SC_PAGE_SIZE"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""
