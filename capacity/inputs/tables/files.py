"""The files of a district: their bytes, and the text of these; the encoding is never guessed.

The order of trial is byte order mark, strict UTF-8, strict GB18030. Two traps are refused: GBK
bytes that happen to be valid UTF-8 (学校, 小学, 学位), and files that are half one, half the other.
"""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from capacity.base.errors import At, Phrase, Problems, phrase
from capacity.base.words import catalog
from capacity.inputs.tables.encodings import other_encoding

#: Larger files are refused unread.
MAX_BYTES = 64 * 2**20
_CJK = re.compile("[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")
#: Words whose GBK bytes are also valid UTF-8.
_TRAP_WORDS: tuple[str, ...] = tuple(catalog("reading")["encoding_traps"])
#: How archives (xlsx among them) and old Excel files begin.
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Text:
    """A file's text, without byte order mark, and the bytes it came from."""

    text: str
    encoding: str
    sha256: str
    size: int


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


def is_within(path: Path, folder: Path) -> bool:
    """Whether a path stays in a folder once links are followed."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a NUL character, or links in a circle
        return False


def is_file(path: Path) -> bool:
    """Whether a path is a plain file; one that cannot be asked, as it is too long, is none."""
    return os.path.isfile(path)


def is_dir(path: Path) -> bool:
    """Whether a path is a folder, likewise."""
    return os.path.isdir(path)


def begins_with(path: Path, mark: bytes) -> bool:
    """Whether the first bytes of a file are these; not of one that cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(mark)) == mark
    except OSError:
        return False


def why(error: OSError) -> str | Phrase:
    """Return what the system says, in the words of the catalog where it has them."""
    name = errno.errorcode.get(error.errno or 0, "")
    known = name in catalog("system")
    return phrase(f"system.{name}") if known else error.strerror or str(error)


def read_bytes(path: Path, problems: Problems) -> bytes | None:
    """Return the bytes of a plain file of bearable size; otherwise say why not."""
    at = At(str(path), 1, 1)
    try:
        if path.is_file() and (size := path.stat().st_size) <= MAX_BYTES:
            return path.read_bytes()
        if path.is_file():
            problems.error("file-too-big", at, size=size, limit=MAX_BYTES)
        elif path.exists():
            problems.error("file-kind", at)
        else:
            problems.error("file-missing", At(at.file))
    except OSError as error:
        problems.error("file-unreadable", at, reason=why(error))
    return None


def read_text(path: Path, problems: Problems, spoken: Collection[str] = ()) -> Text | None:
    """Read and decode a file, or add the problem and return None."""
    data = read_bytes(path, problems)
    return None if data is None else decode(data, str(path), problems, spoken)


def decode(data: bytes, file: str, problems: Problems, spoken: Collection[str] = ()) -> Text | None:
    """Decode ``data`` strictly, or add the problem and return None.

    ``spoken`` are names that may stand in it, and tell its encoding.
    """
    if data.startswith(_BINARY):
        problems.error("file-binary", At(file, 1, 1))
        return None
    before = len(problems.errors)
    text, encoding = _decoded(data, file, problems, spoken)
    if len(problems.errors) > before:
        return None
    if (index := text.find("\0")) >= 0:
        problems.error("text-nul", _at(file, text, index))
        return None
    return Text(text, encoding, sha256_of(data), len(data))


def _decoded(
    data: bytes, file: str, problems: Problems, spoken: Collection[str]
) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, file, problems), encoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if _refuse_mixed(data, file, problems):
            return "", "mixed"
        if other := other_encoding(data, spoken):
            first = next(index for index, byte in enumerate(data) if byte > 127)
            at = _at(file, data[:first].decode("ascii"), first)
            problems.error("encoding-other", at, byte=data[first], encoding=other)
            return "", "other"
        return _strict(data, "gb18030", file, problems), "gb18030"
    _refuse_trap(data, text, file, problems)
    return text, "utf-8"


def _strict(data: bytes, encoding: str, file: str, problems: Problems) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        start = data[: error.start].decode(encoding, "ignore")
        at = _at(file, start, len(start))
        problems.error("encoding-unknown", at, byte=data[min(error.start, len(data) - 1)])
        return ""


def _refuse_mixed(data: bytes, file: str, problems: Problems) -> bool:
    """Refuse a file with Chinese in UTF-8 on one line and other bytes on another."""
    chinese, bad = 0, 0
    for number, line in enumerate(data.splitlines(), 1):
        if line.isascii():
            continue
        try:
            if _CJK.search(line.decode("utf-8")):
                chinese = chinese or number
        except UnicodeDecodeError:
            bad = bad or number
        if chinese and bad:
            problems.error("encoding-mixed", At(file, bad, 1), other=chinese)
            return True
    return False


def _refuse_trap(data: bytes, text: str, file: str, problems: Problems) -> None:
    """Refuse GBK bytes that read as Cyrillic or the like when taken for UTF-8."""
    if text.isascii() or _CJK.search(text):
        return
    try:
        other = data.decode("gb18030")
    except UnicodeDecodeError:
        return
    for word in _TRAP_WORDS:
        if word in other:
            seen = word.encode("gb18030").decode("utf-8")
            at = _at(file, other, other.index(word))
            problems.error("encoding-gbk", at, word=word, found_word=seen)
            return


def _at(file: str, text: str, index: int) -> At:
    """Return line and column of ``text[index]``; CR, LF and CRLF end lines."""
    lines = re.split(r"\r\n|\r|\n", text[:index])
    return At(file, len(lines), len(lines[-1]) + 1)


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
