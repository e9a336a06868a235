"""Columns that stand for rows: where the cells of each row are, and which columns are sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from capacity.inputs.tables.axes import PARTS, Role
from capacity.inputs.tables.columns import Column
from capacity.inputs.tables.folding import fold


def sums_of(roles: Sequence[Role]) -> list[tuple[int, list[int]]]:
    """Return each column that is a total, with the columns that it sums.

    A total of the parts of one address (合计 beside 男 and 女) sums these.
    """
    values = [(index, role) for index, role in enumerate(roles) if role.kind == "value"]
    sums: list[tuple[int, list[int]]] = []
    for index, role in enumerate(roles):
        if role.kind == "total":
            under = [
                other
                for other, one in values
                if one.column == role.column and role.address.items() <= one.address.items()
            ]
            sums.append((index, under))
    return sums


def parts_of(roles: Sequence[Role], names: Sequence[str]) -> list[tuple[int, list[int]]]:
    """Return each count with the columns of all its parts: boys and girls beside the total."""
    parts: dict[tuple[str, frozenset[tuple[str, str]]], list[int]] = defaultdict(list)
    for index, role in enumerate(roles):
        if role.kind == "part" and fold(names[index]) in PARTS:
            name = role.column.name if role.column else ""
            parts[name, frozenset(role.address.items())].append(index)
    return [
        (index, found)
        for index, role in enumerate(roles)
        if role.kind in ("value", "known") and role.column is not None
        for found in [parts.get((role.column.name, frozenset(role.address.items())), [])]
        if len(found) == 2
    ]


@dataclass(frozen=True)
class Unpivoted:
    """The columns of a long table, and where the cells of its rows stand in the wide one.

    Attributes
    ----------
    header : list of str
    kept : list of int
        Columns of the wide table that every row has.
    axes : list of str
        Columns whose values are names of columns.
    counts : list of Column
        Columns of the cells below these names.
    addresses : list of (values of the axes, index of each of ``counts`` or None)
    """

    header: list[str]
    kept: list[int]
    axes: list[str]
    counts: list[Column]
    addresses: list[tuple[tuple[str, ...], tuple[int | None, ...]]]


def unpivoted(roles: Sequence[Role], names: Sequence[str], columns: Iterable[int]) -> Unpivoted:
    """Return how the rows of a long table stand in these columns of a wide one.

    One without a name is kept, to be asked about.
    """
    kept = [index for index in columns if roles[index].kind in ("known", "other", "blank")]
    values = [(index, role) for index, role in enumerate(roles) if role.kind == "value"]
    axes = list(dict.fromkeys(axis for _, role in values for axis in role.address))
    counts = list({r.column.name: r.column for _, r in values if r.column is not None}.values())
    at: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for index, role in values:
        assert role.column is not None
        at[tuple(role.address[axis] for axis in axes)][role.column.name] = index
    return Unpivoted(
        [*(names[index] for index in kept), *axes, *(column.name for column in counts)],
        kept,
        axes,
        counts,
        [(key, tuple(own.get(column.name) for column in counts)) for key, own in at.items()],
    )
