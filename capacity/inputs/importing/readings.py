"""A district as its files speak of it: a map to complete, and what of a complete one is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from capacity.base.errors import At, Problems, nearest
from capacity.base.words import catalog
from capacity.inputs.districts.declared import Entry, Level
from capacity.inputs.importing.blocks import Axis, Block
from capacity.inputs.importing.bounds import refuse_names
from capacity.inputs.importing.columns import GRADE, PLACE, Held, places_across, signature
from capacity.inputs.importing.mapfile import FILE, SKIP, ImportMap, Named, Reading
from capacity.inputs.importing.propose import ROLES, propose
from capacity.inputs.importing.rows import is_total
from capacity.inputs.importing.source import Source
from capacity.inputs.importing.taken import Taken, Way
from capacity.inputs.importing.titles import pattern, years_in
from capacity.inputs.importing.vocabulary import (
    PLACES_NAMED,
    TOTAL,
    System,
    hinted,
    plain,
    role_of,
)
from capacity.inputs.tables.grades import grade_of
from capacity.inputs.tables.values import CellError, show
from capacity.inputs.tables.years import MIDDLE, Said, readings

#: What columns hold where the header names places, and whether that is sure; None: it does not.
Across = tuple[tuple[Held, ...], bool] | None
#: So many names are compared by likeness, each with each; more by slips of the pen alone.
_COMPARED = 300
#: Signs of a name within which a slip is looked for.
_LONG = 60
_NONE = ImportMap(district=Named(name="district", levels=()))


def first_map(
    blocks: Sequence[Block],
    held: Sequence[Sequence[Held]],
    across: Sequence[Across],
    system: System,
    name: str,
    named: Sequence[str],
) -> ImportMap:
    """Return the map before anything is read: levels, entry and regions, as far as can be told.

    ``named`` are the regions that columns name.
    """
    spans = {level.code: level.grades for level in system.levels}
    grades = set(_grades(blocks, held, spans))
    levels = [
        level
        for level in system.levels
        if not grades or grades & set(range(level.grades[0], level.grades[1] + 1))
    ] or list(system.levels)
    stated = tuple(
        level.stated(grades=_span(level.grades, grades, level is levels[0], level is levels[-1]))
        for level in levels
    )
    entry = _entry(system, stated)
    if any(_ends_in_the_middle(block) for block in blocks):
        entry = entry.model_copy(update={"births_year_ends": MIDDLE})
    regions = list({plain(n): n for n in (*_names_across(across, named), *named)}.values())
    return ImportMap(
        district=Named(name=name or "district", levels=stated, entry=entry),
        regions=tuple(regions),
    )


def _ends_in_the_middle(block: Block) -> bool:
    """Whether a table of births says that its years end in the middle of one."""
    texts = (*block.titles, block.grid.sheet, block.stem)
    names = [name for names in block.names for name in names]
    if "births" not in hinted(texts) and not any(role_of(name) == "births" for name in names):
        return False
    said = [" ".join(text.casefold().split()) for text in (*texts, *names)]
    words = catalog("offices")["places"]["middle"]
    is_said = any(word in text for word in words for text in said)
    return is_said or any(one.kind == "middle" for name in names for one in _year_words(name))


def _year_words(name: str) -> Iterable[Said]:
    """Return how a name may be read as a year."""
    with suppress(CellError):
        return readings(name)
    return ()


def _names_across(across: Sequence[Across], named: Sequence[str]) -> list[str]:
    """Return the names of places in headers: those that are sure, or all where none is named."""
    found = (one for laid in across if laid and (laid[1] or not named) for one in laid[0])
    return list(dict.fromkeys(str(one.named[PLACE][0]) for one in found if PLACE in one.named))


def _span(
    span: tuple[int, int], grades: set[int], is_first: bool, is_last: bool
) -> tuple[int, int]:
    """Return the grades of a level: those that there are, where a district begins or ends in it."""
    inside = [grade for grade in range(span[0], span[1] + 1) if grade in grades]
    if not inside:
        return span
    return min(inside) if is_first else span[0], max(inside) if is_last else span[1]


def _entry(system: System, levels: Sequence[Level]) -> Entry:
    """Return who enters the first grade of all: where a district begins later they are older."""
    later = levels[0].grades[0] - system.levels[0].grades[0]
    return Entry.model_validate({**system.entry, "age": system.entry["age"] + later})


def _grades(
    blocks: Sequence[Block], held: Sequence[Sequence[Held]], spans: Mapping[str, tuple[int, int]]
) -> Iterable[int]:
    """Give the grades that headers and columns name."""
    for block, columns in zip(blocks, held, strict=True):
        for one in columns:
            if GRADE in one.named:
                yield int(one.named[GRADE][1])
            elif one.role == "grade":
                for text in {show(block.cell(row, one.index)) for row in block.rows}:
                    try:
                        grade = grade_of(text, spans)
                    except CellError:
                        continue
                    if grade is not None:
                        yield grade


def across_of(
    known: ImportMap | None,
    blocks: Sequence[Block],
    held: Sequence[Sequence[Held]],
    axis: Axis,
    named: Sequence[str],
) -> list[Across]:
    """Return, for each block, what its columns hold where its header may name places.

    ``named`` are the regions that columns name, for where there is no map.
    """
    regions = named if known is None else [*known.regions, *known.units]
    pairs = zip(blocks, held, strict=True)
    return [places_across(block, columns, axis, regions) for block, columns in pairs]


def region_names(
    blocks: Sequence[Block], held: Sequence[Sequence[Held]], problems: Problems
) -> list[str]:
    """Return the names in columns of regions: those of pupils, else those of anything."""
    by_block: list[tuple[bool, list[str]]] = []
    for block, columns in zip(blocks, held, strict=True):
        index = next((one.index for one in columns if one.role == "region"), None)
        if index is None:
            continue
        of_pupils = any(GRADE in one.named or one.role == "grade" for one in columns)
        reader = Source(block, columns, Reading.model_validate({"from": ""}), 0, _NONE, Taken())
        reader.roles = {one.index: one.role for one in columns}
        cells = [show(block.cell(row, index)) for row in reader.rows]
        by_block.append((of_pupils, [" ".join(c.split()) for c in cells if c.strip()]))
    best = [names for of_pupils, names in by_block if of_pupils] or [n for _, n in by_block]
    counted = Counter(name for names in best for name in names)
    refuse_names(counted, blocks[0].grid.path, problems)
    return _but_misspelt(counted, best)


def _but_misspelt(names: Counter[str], blocks: Sequence[Sequence[str]]) -> list[str]:
    """Return names without those that may be another one's: these are asked about.

    They are near one that is much more frequent, or that stands in earlier tables in their stead.
    """
    kept: list[str] = []
    first: dict[str, str] = {}
    names = Counter({first.setdefault(plain(name), name): n for name, n in names.items()})
    inside = [set(block) for block in blocks]
    near_to = _near_names(list(names))
    for name, count in names.items():
        near = near_to(name)
        apart = {other for other in near if not any({name, other} <= block for block in inside)}
        rarer = any(names[other] >= 2 * count and _slips(name, other) for other in near)
        if not rarer and not apart.intersection(kept):
            kept.append(name)
    return kept


def _near_names(names: Sequence[str]) -> Callable[[str], Iterable[str]]:
    """Return what gives the others that are near a name; of many only those a slip away."""
    if len(names) <= _COMPARED:
        return lambda name: nearest(name, set(names) - {name})
    alike: dict[str, list[str]] = {}
    for name in names:
        for form in _slipped(name):
            alike.setdefault(form, []).append(name)
    return lambda name: {n for form in _slipped(name) for n in alike[form]} - {name}


def _slipped(name: str) -> set[str]:
    """Return what a name shares with those that have one other sign, or the same in other order."""
    short = name[:_LONG]
    one_off = {f"{short[:at]}\0{short[at + 1 :]}" for at in range(len(short))}
    return {"".join(sorted(name)), *(one_off if len(name) > 3 else ())}


def _slips(name: str, other: str) -> bool:
    """Whether two names differ by a slip of the pen: North and Nort, and not North and South.

    >>> _slips("北部区", "北部"), _slips("Norht", "North"), _slips("South", "North")
    (True, True, False)
    """
    if name in other or other in name or sorted(name) == sorted(other):
        return True
    pairs = [(a, b) for a, b in zip(name, other, strict=False) if a != b]
    return len(name) == len(other) > 3 and len(pairs) == 1 and not "".join(pairs[0]).isdigit()


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


def pairs_of(
    tables: Iterable[tuple[Block, Sequence[Held], Reading]],
) -> dict[str, tuple[str, ...]]:
    """Return the regions beside which each unit and school stands in the files."""
    found: dict[str, dict[str, None]] = {}
    for block, columns, reading in tables:
        if reading.table == SKIP:
            continue
        roles = {plain(header): role for header, role in reading.columns.items()}
        own = {roles.get(plain(one.header), ""): one.index for one in columns if not one.is_wide}
        for role in {"unit", "school"} & own.keys() if "region" in own else ():
            for row in block.rows:
                unit, region = (
                    " ".join(show(block.cell(row, own[key])).split()) for key in (role, "region")
                )
                if unit and region and not (is_total(unit) or is_total(region)):
                    found.setdefault(unit, {})[region] = None
    return {unit: tuple(regions) for unit, regions in found.items()}


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
