"""Which reading of a map is that of a block: one it has, one made longer, or a new one."""

from __future__ import annotations

from collections.abc import Sequence

from capacity.base.errors import At, Problems, nearest
from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.columns import Across, Held, signature
from capacity.inputs.importing.mapfile import FILE, SKIP, ImportMap, Reading
from capacity.inputs.importing.propose import ROLES, propose
from capacity.inputs.importing.taken import Way
from capacity.inputs.importing.titles import pattern, years_in
from capacity.inputs.importing.vocabulary import PLACES_NAMED, TOTAL, plain


def check_map(known: ImportMap, problems: Problems) -> None:
    """Refuse a table, or what a column holds, that an import does not know."""
    for number, reading in enumerate(known.tables):
        way = f"tables.{number}"
        _check(reading.table, (*ROLES, SKIP), f"{way}.table", reading.source, problems)
        roles = (*ROLES.get(reading.table, sum(ROLES.values(), ())), *PLACES_NAMED, TOTAL, SKIP)
        for key, said in (("columns", reading.columns), ("counts", reading.counts)):
            for header, role in said.items():
                _check(role, roles, f"{way}.{key}.{header}", header, problems)


def _check(said: str, known: Sequence[str], way: str, name: str, problems: Problems) -> None:
    if said and said not in known:
        facts = {"known": ", ".join(dict.fromkeys(known)), "nearest": nearest(said, known)}
        problems.error("unknown-value", At(FILE, cell=way), found=said, column=name, **facts)


def readings_of(
    known: ImportMap,
    blocks: Sequence[Block],
    held: Sequence[Sequence[Held]],
    across: Sequence[Across],
) -> tuple[ImportMap, list[Reading], list[Sequence[Held]], dict[Way, tuple[str, ...]]]:
    """Return the map with a reading for every block, and what may fill its gaps.

    And, for each block, its reading and what its columns hold under it.
    """
    tables = list(known.tables)
    chosen: list[tuple[int, Sequence[Held]]] = []
    years: dict[str, set[int]] = {}
    for block in blocks:
        years.setdefault(block.grid.path, set()).update(years_in(block.grid.sheet))
    candidates: dict[Way, tuple[str, ...]] = {}
    for block, columns, laid in zip(blocks, held, across, strict=True):
        many = len(years.get(block.grid.path, ())) > 1
        places = "" if laid is None else "header" if laid[1] else "maybe"
        forms = [columns] if laid is None else [laid[0], columns]
        proposal = propose(block, forms[0], known.regions, year_a_sheet=many, places=places)
        number = number_of(tables, proposal.reading, block, forms)
        used = forms[0] if tables[number].region in ("", "header") else columns
        for way, said in proposal.candidates.items():
            whole = way == ("region",) and not known.regions
            more = (known.district.name, *said) if whole else said
            candidates.setdefault(("tables", str(number), *way), more)
        chosen.append((number, used))
    found = known.model_copy(update={"tables": tuple(tables)})
    return found, [tables[n] for n, _ in chosen], [columns for _, columns in chosen], candidates


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
