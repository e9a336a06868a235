"""What is remembered of the files that were read: their hashes, and every change made to a cell."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from capacity.base.errors import At


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

    ``kind`` is one of those that ``facts.toml`` has words for: ``unit`` is of 1.2万 or 120人,
    ``year`` of 2028学年 or 2028-2029, ``autumn`` of 2028年9月, ``word`` of 在建 or 一年级, ``dash``
    of a lone — read as empty, ``note_row`` of a note under a table.
    """

    at: At
    kind: str
    before: str
    after: str


def sha256_of(data: bytes) -> str:
    """Give the SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
