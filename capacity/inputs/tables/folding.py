"""The form by which names of columns, sheets and files are compared."""

from __future__ import annotations

import re
from functools import lru_cache

from capacity.inputs.tables.values import without_accents

_BLANKS = re.compile(r"[\s_\-]+")


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Return a name without case, width, blanks, ``_``, ``-`` and accents.

    >>> fold("Ré gion"), fold("ＰＵＰＩＬＳ_2"), fold("学 年")
    ('region', 'pupils2', '学年')
    """
    if name.isascii():
        return _BLANKS.sub("", name).casefold()
    return _BLANKS.sub("", without_accents(name)).casefold()
