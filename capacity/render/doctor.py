"""What this machine has and lacks, each with the command that mends it.

Nothing here imports what it looks for: the doctor must come also where numpy is missing.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from capacity.base.words import word
from capacity.render.fonts import FAMILY, FONT

OK, MISSING, ADVICE, OPTIONAL = "ok", "missing", "advice", "optional"
#: Gigabytes below which a run may fail, or is slow.
DISK, MEMORY = 0.1, 0.5
_GIGABYTE = 1e9
_REQUIREMENT = re.compile(r"([\w.-]+)(?:>=([\d.]+))?\s*(?:;\s*extra == .(\w+).)?")
_INSTALL = "{python} -m pip install {packages}"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    name : str
    state : str
        ``ok``; ``missing`` where nothing works without it; ``advice``; ``optional`` for extras.
    found : str
    mend : str
        A command, or what to do; empty where all is well.
    """

    name: str
    state: str
    found: str
    mend: str = ""


@dataclass(frozen=True)
class Requirement:
    """A package that is needed, or an extra's, from a version on."""

    name: str
    floor: str
    extra: str

    @property
    def wanted(self) -> str:
        """What to ask an installer for."""
        return f'"{self.name}>={self.floor}"' if self.floor else self.name

    def found(self) -> str:
        """Return the version that is installed; empty where there is none."""
        try:
            return metadata.version(self.name)
        except metadata.PackageNotFoundError:
            return ""

    def is_met(self) -> bool:
        """Whether it is installed, and not too old."""
        found = self.found()
        return bool(found) and _release(found) >= _release(self.floor)


def examine(lang: str, folder: Path) -> list[Finding]:
    """Look at everything a run from ``folder`` needs.

    Parameters
    ----------
    lang : str
    folder : Path
        Where runs are to be written.
    """
    return [
        *_packages(lang),
        _font(lang),
        *_encodings(lang),
        *_room(lang, folder),
        *_power(lang),
        *_extras(lang),
    ]


def requirements() -> list[Requirement]:
    """Return what the package's own metadata asks for, extras included."""
    stated = metadata.requires("capacity") or []
    matches = (_REQUIREMENT.match(line) for line in stated)
    return [Requirement(m[1], m[2] or "", m[3] or "") for m in matches if m]


def _release(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, for comparison.

    >>> _release("2.10.1rc1") > _release("2.9")
    True
    """
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, numbers[0].split("."))) if numbers else ()


def _install(*wanted: str) -> str:
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return _INSTALL.format(python=python, packages=" ".join(wanted))


def _packages(lang: str) -> Iterator[Finding]:
    try:
        floor = metadata.metadata("capacity")["Requires-Python"]
    except metadata.PackageNotFoundError:
        found = word("doctor.found_none", lang)
        yield Finding(word("doctor.look_install", lang), MISSING, found, _install("-e", "."))
        return
    python = ".".join(map(str, sys.version_info[:3]))
    well = _release(python) >= _release(floor.removeprefix(">="))
    mend = "" if well else word("doctor.mend_python", lang, wanted=floor)
    yield Finding("Python", OK if well else MISSING, f"{python} ({floor})", mend)
    for needed in requirements():
        if needed.extra:
            continue
        found = needed.found()
        if needed.is_met():
            yield Finding(needed.name, OK, f"{found} (>={needed.floor})")
            continue
        told = (
            word("doctor.found_old", lang, found=found)
            if found
            else word("doctor.found_none", lang)
        )
        yield Finding(needed.name, MISSING, told, _install(needed.wanted))


def _extras(lang: str) -> Iterator[Finding]:
    try:
        optional = [one for one in requirements() if one.extra]
    except metadata.PackageNotFoundError:
        return
    for extra in dict.fromkeys(one.extra for one in optional):
        lacking = [one for one in optional if one.extra == extra and not one.is_met()]
        name = word("doctor.look_extra", lang, name=extra)
        if not lacking:
            yield Finding(name, OK, word("doctor.found_whole", lang))
            continue
        found = word("doctor.found_lacks", lang, names=", ".join(one.name for one in lacking))
        yield Finding(name, OPTIONAL, found, _install(*(one.wanted for one in lacking)))


def _font(lang: str) -> Finding:
    """Look for the font that charts bring along."""
    name = word("doctor.look_font", lang)
    if FONT.is_file():
        return Finding(name, OK, FAMILY)
    again = _install("--force-reinstall", "--no-deps", "-e", ".")
    return Finding(name, MISSING, word("doctor.found_none", lang), again)


def _encodings(lang: str) -> Iterator[Finding]:
    """Look whether Chinese can be in file names and on the terminal."""
    windows = os.name == "nt"
    names = sys.getfilesystemencoding()
    mend = "set PYTHONUTF8=1" if windows else "export LC_ALL=C.UTF-8"
    yield _speaks(word("doctor.look_names", lang), names, mend, lang)
    terminal = getattr(sys.__stdout__, "encoding", None) or "utf-8"
    mend = "chcp 65001" if windows else "export PYTHONIOENCODING=utf-8"
    yield _speaks(word("doctor.look_terminal", lang), terminal, mend, lang)


def _speaks(name: str, encoding: str, mend: str, lang: str) -> Finding:
    try:
        word("nouns.places", "zh").encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return Finding(name, ADVICE, word("doctor.found_no_chinese", lang, found=encoding), mend)
    return Finding(name, OK, encoding)


def _room(lang: str, folder: Path) -> Iterator[Finding]:
    """Look whether runs can be written, by writing."""
    name = word("doctor.look_folder", lang)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".doctor"):
            yield Finding(name, OK, word("doctor.found_writable", lang))
    except OSError as error:
        reason = error.strerror or str(error)
        yield Finding(name, MISSING, reason, word("doctor.mend_folder", lang))
        return
    free = shutil.disk_usage(folder).free / _GIGABYTE
    size, name = word("doctor.found_size", lang, size=free), word("doctor.look_disk", lang)
    enough = free >= DISK
    yield Finding(
        name, OK if enough else MISSING, size, "" if enough else word("doctor.mend_disk", lang)
    )


def _power(lang: str) -> Iterator[Finding]:
    """Look at cores and free memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Finding(word("doctor.look_cores", lang), OK, str(cores or 1))
    name, free = word("doctor.look_memory", lang), _free_memory()
    if free is None:
        yield Finding(name, OK, word("doctor.found_unknown", lang))
        return
    size, enough = word("doctor.found_size", lang, size=free), free >= MEMORY
    yield Finding(
        name, OK if enough else ADVICE, size, "" if enough else word("doctor.mend_memory", lang)
    )


def _free_memory() -> float | None:
    """Return the gigabytes that are free, where the system tells."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"MemAvailable:\s*(\d+) kB", text)
    return int(found[1]) * 1024 / _GIGABYTE if found else None
