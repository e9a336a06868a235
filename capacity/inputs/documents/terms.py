"""Chinese words for keys and listed values of YAML files, for Chinese messages."""

from __future__ import annotations

from collections.abc import Iterable

from capacity.base.errors import Term
from capacity.base.words import catalog
from capacity.inputs.tables.about import chinese

#: Keys whose values, or whose own keys, are those of a column.
_COLUMNS = {"count": "status", "completion": "status", "delay": "status"}


def term(key: object) -> Term:
    """Return a key with its Chinese word; one that a user chose, such as a code, has none."""
    return Term(str(key), catalog("terms")["keys"].get(str(key), ""))


def terms(keys: Iterable[object]) -> tuple[Term, ...]:
    """Return keys with their Chinese words."""
    return tuple(map(term, keys))


def value_terms(key: str, values: Iterable[str]) -> tuple[Term, ...]:
    """Return values that may stand at a key with their Chinese words.

    >>> value_terms("count", ["open"])[0].said("zh"), value_terms("kind", ["close"])[0].said("zh")
    ('open（已启用）', 'close（关闭）')
    """
    column, own = _COLUMNS.get(key, key), catalog("terms")["values"].get(key, {})
    return tuple(
        Term(value, chinese(column, value) or own.get(value) or term(value).zh) for value in values
    )
