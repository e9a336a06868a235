"""What is remembered of the files that were read: their hashes, and every change made to a cell."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from capacity.errors import At


@dataclass(frozen=True)
class InputFile:
    """One file as it was read.

    Attributes
    ----------
    path : Path
        Where it was read.
    name : str
        Its name relative to the district folder.
    sha256 : str
        Of its bytes.
    size : int
        In bytes.
    encoding : str
        ``utf-8``, ``utf-8-sig``, ``utf-16``, ``gb18030`` or ``xlsx``.
    rows : int
        Data rows (0 for files that are not tables).
    """

    path: Path
    name: str
    sha256: str
    size: int
    encoding: str
    rows: int


@dataclass(frozen=True)
class Change:
    """A cell that was not taken as it was written, or a row that was dropped.

    ``kind`` is one of ``width`` (full-width characters), ``thousands``, ``unit``
    (1.2万, 120人), ``year`` (2028学年), ``trimmed``, ``code``, ``zero`` (-0), ``month``,
    ``dash`` (a lone — read as empty), ``total_row`` and ``note_row`` (a note under a table).
    """

    at: At
    kind: str
    before: str
    after: str


def sha256_of(data: bytes) -> str:
    """Give the SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
