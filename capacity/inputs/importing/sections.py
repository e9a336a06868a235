"""Rows that only name something: the region of the schools below them, or their year."""

from __future__ import annotations

from itertools import islice

from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.spans import years_in
from capacity.inputs.tables.values import is_empty, normal_code, show


def sections_of(block: Block) -> dict[int, str]:
    """Return the rows of a block in which one name stands alone, above other rows, with the name.

    A text with a colon is a note.
    """
    found: dict[int, str] = {}
    first, second = (*block.columns, *block.columns)[:2]
    for row in block.rows[:-1]:
        own = block.grid.rows[row]
        if first != second and not (is_empty(own[first]) or is_empty(own[second])):
            continue
        every = map(own.__getitem__, block.columns)
        cells = [*islice((cell for cell in every if not is_empty(cell)), 2)]
        if len(cells) == 1 and isinstance(cells[0], str) and ":" not in normal_code(cells[0]):
            found[row] = " ".join(show(cells[0]).split())
    return found


def names_year(text: str) -> bool:
    """Whether a section is that of a year.

    >>> names_year("Fall 2023"), names_year("北部")
    (True, False)
    """
    return any(years_in(text))
