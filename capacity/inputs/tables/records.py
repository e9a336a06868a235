"""What is remembered of the files that were read: their hashes, and every change made to a cell."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
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


#: Kinds of change: what is counted, in English and Chinese.
CHANGES: Mapping[str, tuple[str, str]] = {
    "width": ("full-width digits", "全角数字"),
    "thousands": ("thousands separators", "千分位逗号"),
    "unit": ("units", "带单位的数"),
    "year": ("school years in full", "学年写法"),
    "autumn": ("opening months as years", "启用年月取年份"),
    "word": ("Chinese words", "中文词"),
    "trimmed": ("spaces around", "首尾空格"),
    "code": ("spellings of codes", "代码写法"),
    "zero": ("-0", "负零"),
    "month": ("dates as months", "日期取年月"),
    "dash": ("dashes as empty", "横线作空白"),
    "total_row": ("total rows", "合计行"),
    "note_row": ("notes", "附注"),
}


@dataclass(frozen=True)
class Change:
    """A cell that was not taken as it was written, or a row that was dropped.

    ``kind`` is one of `CHANGES`: ``unit`` is of 1.2万 or 120人, ``year`` of 2028学年 or
    2028-2029, ``autumn`` of 2028年9月, ``word`` of 在建 or 一年级, ``dash`` of a lone — read as
    empty, ``note_row`` of a note under a table.
    """

    at: At
    kind: str
    before: str
    after: str


def sha256_of(data: bytes) -> str:
    """Give the SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
