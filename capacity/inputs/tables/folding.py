"""The form by which names of columns, sheets and files are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BLANKS = re.compile(r"[\s_\-]+")
#: Accents of Latin, Greek and Cyrillic letters; marks of other scripts are letters of their own.
_ACCENTS = re.compile("[\u0300-\u036f]+")


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Return a name without case, width, blanks, ``_``, ``-`` and accents.

    >>> fold("Ré gion"), fold("ＰＵＰＩＬＳ_2"), fold("学 年")
    ('region', 'pupils2', '学年')
    """
    if name.isascii():
        return _BLANKS.sub("", name).casefold()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", name))
    return _BLANKS.sub("", unicodedata.normalize("NFKC", bare)).casefold()
