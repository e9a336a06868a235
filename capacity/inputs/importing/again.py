"""Which of the map's readings a block has: the same again, or one that is made longer for it."""

from __future__ import annotations

from collections.abc import Sequence

from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.columns import Held, signature
from capacity.inputs.importing.mapfile import Reading
from capacity.inputs.importing.spans import pattern
from capacity.inputs.importing.vocabulary import plain


def number_of(
    tables: list[Reading], proposed: Reading, block: Block, forms: Sequence[Sequence[Held]]
) -> int:
    """Return which of the readings is that of a block; one is made longer, or added, for it.

    ``forms`` are what its columns hold where the header may name places, and where it does not.
    """

    def under(reading: Reading) -> Sequence[Held]:
        return forms[0] if reading.region in ("", "header") else forms[-1]

    for number, reading in enumerate(tables):
        if _matches(reading, block, under(reading)):
            return number
    for number, reading in enumerate(tables):
        if proposed.table in ("", reading.table) and _near(reading, block, under(reading)):
            tables[number] = _extended(reading, proposed)
            return number
    tables.append(proposed)
    return len(tables) - 1


def _extended(known: Reading, new: Reading) -> Reading:
    """Return a reading with what is new in a table: columns that it did not have before."""
    columns = {plain(header) for header in known.columns}
    more = {k: v for k, v in new.columns.items() if plain(k) not in columns}
    counts = {plain(header) for header in known.counts}
    wide = {k: v for k, v in new.counts.items() if plain(k) not in counts}
    return known.model_copy(
        update={"columns": {**known.columns, **more}, "counts": {**known.counts, **wide}}
    )


def _matches(reading: Reading, block: Block, held: Sequence[Held]) -> bool:
    """Whether a block is one of those of which a reading speaks: the headers are the same."""
    own = signature(held)
    wide = {one.header for one in held if one.is_wide}
    known = {plain(header) for header in reading.columns}
    same = own == known and wide <= set(reading.counts)
    return same and pattern(block.where) == reading.source


def _near(reading: Reading, block: Block, held: Sequence[Held]) -> bool:
    """Whether a block is probably one of a reading: the name is, or all headers but new ones."""
    own = signature(held)
    known = {plain(header) for header in reading.columns}
    if not known:
        return pattern(block.where) == reading.source
    return (pattern(block.where) == reading.source and bool(own & known)) or known <= own
