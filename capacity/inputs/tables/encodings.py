"""Bytes that are neither Unicode nor mainland Chinese, though they could be read as that.

GB18030 gives a character to almost any bytes. It is believed where its characters are common ones,
two bytes each; or where words of tables or of the district speak for it. Else the encoding is
named in which most letters are usual ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache

from capacity.base.words import catalog

_NAMES = catalog("layout")["encodings"]
_LETTERS = {name: frozenset(letters) for name, letters in catalog("layout")["letters"].items()}
#: Bytes that are looked at.
_SAMPLE = 2**16
_RUN = re.compile(rb"[\x80-\xff]+")
#: From these shares on, characters speak for an encoding.
_PAIRED, _COMMON = 0.95, 0.85
#: Bytes beyond ASCII from which an encoding is told.
_LEAST = 3
_KANA, _HANGUL = re.compile("[\u3041-\u30ff]"), re.compile("[\uac00-\ud7a3]")
_HAN = re.compile("[\u4e00-\u9fff]")


def other_encoding(data: bytes, spoken: Collection[str] = ()) -> str:
    """Return the name of the likely encoding of bytes that are no UTF-8; nothing for GB18030.

    >>> other_encoding("école,élèves,Évry".encode("cp1252"))
    'Windows-1252 (Latin-1)'
    >>> other_encoding("海淀区,学校".encode("gb18030"))
    ''
    """
    sample = data if len(data) <= _SAMPLE else data[: data.rfind(b"\n", 0, _SAMPLE) + 1]
    sample = sample or data
    if _speaks(sample, spoken):
        return ""
    chinese = _chinese(sample)
    if not chinese and _decoded(sample, "gb18030") is None and _beyond(sample) < _LEAST:
        return ""  # too little to tell, and no GB18030 either
    scores = {name: score for name in _NAMES if (score := _score(sample, name))}
    best = max(scores, key=lambda name: scores[name], default="")
    if chinese and chinese >= scores.get(best, 0.0):
        return ""
    return str(_NAMES[best]) if best else ""


def _beyond(data: bytes) -> int:
    return sum(map(len, _RUN.findall(data)))


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _speaks(data: bytes, spoken: Collection[str]) -> bool:
    """Whether words of tables, or names of the district, stand in Chinese in the bytes."""
    if _decoded(data, "gb18030") is None:
        return False
    for words in (spoken, _words()):
        for word in words:
            if len(word) > 1 and _HAN.search(word):
                try:
                    coded = word.encode("gb18030")
                except UnicodeEncodeError:
                    continue
                if _stands_in(coded, data):
                    return True
    return False


def _stands_in(coded: bytes, data: bytes) -> bool:
    """Whether a word stands in bytes, and not across the halves of other characters."""
    start = data.find(coded)
    while start >= 0:
        begin = start
        while begin and data[begin - 1] > 127:
            begin -= 1
        if (start - begin) % 2 == 0:
            return True
        start = data.find(coded, start + 1)
    return False


@cache
def _words() -> tuple[str, ...]:
    """Return Chinese names of columns, grades and totals."""
    tables = catalog("tables")
    names: set[str] = set()
    for group in (*tables["table"].values(), {"column": tables["shared"]}):
        names.update(group.get("names", ()))
        for column in group["column"].values():
            names.update(column.get("names", ()))
    return tuple(sorted(names | set(catalog("reading")["totals"])))


def _chinese(data: bytes) -> float:
    """Return how well bytes read as mainland Chinese: the share of common characters; 0 if not."""
    text = _decoded(data, "gb18030")
    runs = [len(run) for run in _RUN.findall(data)]
    if text is None or not runs or sum(n % 2 == 0 for n in runs) / len(runs) < _PAIRED:
        return 0.0
    if _KANA.search(text):
        return 0.0
    han = _HAN.findall(text)
    common = sum(_is_common(mark) for mark in han)
    return common / len(han) if han and common / len(han) >= _COMMON else 0.0


@cache
def _is_common(mark: str) -> bool:
    """Whether a character stands among the 3,755 common ones of GB 2312."""
    try:
        coded = mark.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return 0xB0 <= coded[0] <= 0xD7


def _score(data: bytes, encoding: str) -> float:
    """Return the share of usual letters among those that are not ASCII; 0 where it cannot be."""
    text = _decoded(data, encoding)
    if text is None:
        return 0.0
    marks = Counter(mark for mark in text if ord(mark) > 127)
    total = sum(marks.values())
    if not total:
        return 0.0
    usual = sum(count for mark, count in marks.items() if _is_usual(mark, encoding))
    return usual / total


def _is_usual(mark: str, encoding: str) -> bool:
    """Whether a letter is one that texts in an encoding are full of."""
    if encoding in _LETTERS:
        return mark in _LETTERS[encoding]
    if encoding == "euc_kr":
        return _HANGUL.match(mark) is not None
    if encoding in ("shift_jis", "euc_jp"):
        return _KANA.match(mark) is not None or _is_level_one(mark, encoding)
    if encoding == "cp874":
        return "\u0e01" <= mark <= "\u0e5b"
    return _is_level_one(mark, encoding)


@cache
def _is_level_one(mark: str, encoding: str) -> bool:
    """Whether a character stands among the common ones of Big5 or of the Japanese standard."""
    if not _HAN.match(mark):
        return False
    if encoding == "big5":
        return 0xA4 <= mark.encode("big5")[0] <= 0xC6
    return 0xB0 <= mark.encode("euc_jp")[0] <= 0xCF
