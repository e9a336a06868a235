"""Long lists for people: what repeats is put together, and every kind is seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import groupby
from typing import TypeVar

T = TypeVar("T")


def together(things: Iterable[T], key: Callable[[T], Hashable], few: int) -> list[list[T]]:
    """Put together things with one key, where there are more than ``few``; each at its first.

    >>> together("abacab", str, 2)
    [['a', 'a', 'a'], ['b'], ['c'], ['b']]
    """
    every = list(things)
    count = Counter(map(key, every))
    groups: list[list[T]] = []
    begun: dict[Hashable, list[T]] = {}
    for thing in every:
        group = begun.get(key(thing))
        if group is not None and count[key(thing)] > few:
            group.append(thing)
        else:
            groups.append(begun.setdefault(key(thing), [thing]) if group is None else [thing])
    return groups


def varied(kinds: Sequence[Hashable], most: int) -> list[int]:
    """Choose at most ``most`` of a list by place: the firsts of all kinds, then the seconds.

    >>> varied("aaaabc", 4)
    [0, 1, 4, 5]
    """
    seen: Counter[Hashable] = Counter()
    ranked = []
    for index, kind in enumerate(kinds):
        ranked.append((seen[kind], index))
        seen[kind] += 1
    return sorted(index for _, index in sorted(ranked)[:most])


def ranges(numbers: Iterable[int]) -> list[str]:
    """Write whole numbers shortly.

    >>> ranges([1, 2, 3, 5])
    ['1–3', '5']
    """
    parts: list[str] = []
    for _, run in groupby(enumerate(sorted(set(numbers))), key=lambda pair: pair[1] - pair[0]):
        values = [value for _, value in run]
        parts.append(f"{values[0]}–{values[-1]}" if len(values) > 1 else str(values[0]))
    return parts
