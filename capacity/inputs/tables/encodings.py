"""Bytes that are neither Unicode nor mainland Chinese, though they could be read as that.

GB18030 gives a character to almost any bytes. It is believed where its characters are common ones,
two bytes each, and more of them are familiar than read as Japanese; or where words of tables or of
the district speak for it. Else the encoding is named in which most letters are usual ones.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from capacity.base.words import catalog

_NAMES = catalog("layout")["encodings"]
_LETTERS = {name: frozenset(letters) for name, letters in catalog("layout")["letters"].items()}
#: Bytes that are looked at.
_SAMPLE = 2**16
#: Bytes beyond ASCII one after the other, as characters of the same number.
_RUN = re.compile("[\x80-\xff]+")
#: From these shares on, characters speak for an encoding.
_PAIRED, _COMMON, _FAMILIAR = 0.95, 0.7, 0.5
#: Bytes beyond ASCII from which an encoding is told, and from which Chinese is doubted.
_LEAST, _MANY = 3, 16
_KANA, _HANGUL, _HAN = ("\u3041", "\u30ff"), ("\uac00", "\ud7a3"), ("\u4e00", "\u9fff")
_JAPANESE = ("shift_jis", "euc_jp")
_THAI, _THAI_RARE = ("\u0e01", "\u0e5b"), ("\u0e4f", "\u0e5b")
#: Marks above and below a Thai consonant.
_THAI_MARKS = frozenset(
    "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e"
)
_KANJI = frozenset(catalog("layout")["han"]["japanese"])


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
    doubtful = scores.get(best, 0.0) >= _PAIRED and _beyond(sample) >= _MANY
    if best in _JAPANESE and scores[best] - 1.0 > chinese:
        return str(_NAMES[best])
    if chinese and (chinese >= _FAMILIAR or not doubtful):
        return ""
    if _decoded(sample, "gb18030") is None and scores.get(best, 0.0) < _FAMILIAR:
        return ""  # no encoding at all
    return str(_NAMES[best]) if best else ""


def _beyond(data: bytes) -> int:
    return sum(map(len, _runs(data)))


def _runs(data: bytes) -> list[str]:
    return _RUN.findall(data.decode("latin-1"))


def _within(text: str, script: tuple[str, str]) -> list[str]:
    """Return the characters of a text that are of a script, given by its first and last."""
    return [mark for mark in text if script[0] <= mark <= script[1]]


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
            if len(word) > 1 and _within(word, _HAN):
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
    """Return how well bytes read as mainland Chinese; 0 where hardly any character is common.

    It is the share of characters that stand in the words of the package: those of a Korean text
    that is read as Chinese are common ones, but any of them.
    """
    text = _decoded(data, "gb18030")
    runs = list(map(len, _runs(data)))
    if text is None or not runs or sum(n % 2 == 0 for n in runs) / len(runs) < _PAIRED:
        return 0.0
    if _within(text, _KANA):
        return 0.0
    han = _within(text, _HAN)
    if not han or sum(map(_commonness, han)) < _COMMON * len(han):
        return 0.0
    return max(sum(mark in _familiar() for mark in han) / len(han), 0.01)


@cache
def _familiar() -> frozenset[str]:
    """Return the Chinese characters in the words of the package."""
    names = ("tables", "reading", "problems", "facts", "templates", "terms", "nouns")
    words = "".join(str(catalog(name)) for name in names) + catalog("layout")["han"]["chinese"]
    return frozenset(_within(words, _HAN))


@cache
def _commonness(mark: str) -> float:
    """Return 1 of the 3,755 common characters of GB 2312, a half of the others, 0 of any else."""
    try:
        coded = mark.encode("gb2312")
    except UnicodeEncodeError:
        return 0.0
    return 1.0 if coded[0] <= 0xD7 else 0.5


def _score(data: bytes, encoding: str) -> float:
    """Return the share of usual letters among those that are not ASCII; 0 where it cannot be."""
    text = _decoded(data, encoding)
    if text is None:
        return 0.0
    if encoding in _JAPANESE and not _within(text, _KANA):  # names alone
        han = _within(text, _HAN)
        known = sum(mark in _KANJI for mark in han) / max(len(han), 1)
        return 1.0 + known if known >= _FAMILIAR and len(han) * 2 >= _beyond(data) - 1 else 0.0
    total = len(text) - sum(map(str.isascii, text))
    usual = sum(
        _weight(before, mark, after, encoding)
        for before, mark, after in zip(f" {text}", text, f"{text[1:]} ", strict=False)
        if not mark.isascii()
    )
    return usual / total if total else 0.0


def _weight(before: str, mark: str, after: str, encoding: str) -> float:
    """Return how usual a letter is where it stands.

    None but a Latin one stands beside a Latin letter, and a capital stands first in a word.
    """
    if not _is_usual(mark, encoding):
        return 0.0
    if mark in _THAI_MARKS and not _within(before, _THAI):
        return 0.0
    latin = encoding in ("cp1252", "cp1250", "cp1254", "mac_roman")
    if not latin and any(one.isascii() and one.isalpha() for one in (before, after)):
        return 0.0
    return 0.3 if mark.isupper() and before.islower() else 1.0


def _is_usual(mark: str, encoding: str) -> bool:
    """Whether a letter is one that texts in an encoding are full of."""
    if encoding in _LETTERS:
        return mark in _LETTERS[encoding]
    if encoding == "euc_kr":
        return bool(_within(mark, _HANGUL))
    if encoding in _JAPANESE:
        return bool(_within(mark, _KANA)) or _is_level_one(mark, encoding)
    if encoding == "cp874":
        return bool(_within(mark, _THAI)) and not _within(mark, _THAI_RARE)
    return _is_level_one(mark, encoding)


@cache
def _is_level_one(mark: str, encoding: str) -> bool:
    """Whether a character stands among the common ones of Big5 or of the Japanese standard."""
    if not _within(mark, _HAN):
        return False
    if encoding == "big5":
        return 0xA4 <= mark.encode("big5")[0] <= 0xC6
    return 0xB0 <= mark.encode("euc_jp")[0] <= 0xCF
