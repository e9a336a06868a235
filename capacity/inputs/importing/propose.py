"""What files probably are: the district that they speak of, and of each block its table.

What may mean two things stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

from capacity.base.words import catalog
from capacity.inputs.districts.declared import Entry, Level
from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.columns import AGE, ALONE, GRADE, PLACE, YEAR, Across, Held
from capacity.inputs.importing.mapfile import SKIP, ImportMap, Named, Reading
from capacity.inputs.importing.titles import (
    is_forecast,
    names_of,
    names_year,
    pattern,
    sections_of,
    tells_season,
    years_in,
)
from capacity.inputs.importing.vocabulary import (
    MEASURES,
    NOTE,
    PART,
    PLACES_NAMED,
    TOTAL,
    System,
    hinted,
    measure_in,
    plain,
    role_of,
)
from capacity.inputs.tables.amounts import factor_of, unit_above
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.grades import grade_of
from capacity.inputs.tables.values import CellError, show
from capacity.inputs.tables.years import MIDDLE, Said, readings

#: Tables whose rows are of a year.
YEARLY = ("enrolment", "births", "children", "housing")
#: What the columns of each table may hold, beside a place.
ROLES: dict[str, tuple[str, ...]] = {
    "enrolment": ("year", "grade", "pupils"),
    "births": ("year", "births"),
    "children": ("year", "age", "children"),
    "housing": ("year", "homes"),
    "places": ("year", "level", "places", "classes", "tracks", "entry_places", "class_size"),
    "pipeline": ("project", "level", "status", "opens", "size", "places", "classes", "kind"),
    "units": (),
}
#: What each counts by default.
COUNTED = {"enrolment": "pupils", "births": "births", "children": "children", "housing": "homes"}


@dataclass(frozen=True)
class Proposal:
    """What is known of a block, and what may be written where it is not.

    Attributes
    ----------
    reading : Reading
        With empty places where only the office can know.
    candidates : mapping of way to (sequence of str)
        Of each empty place of the reading.
    """

    reading: Reading
    candidates: dict[tuple[str, ...], tuple[str, ...]]


def propose(
    block: Block,
    held: Sequence[Held],
    regions: Iterable[str],
    *,
    year_a_sheet: bool = False,
    places: str = "",
) -> Proposal:
    """Return what a block probably is.

    Parameters
    ----------
    block
    held
        What its columns hold.
    regions
        Names of regions, which a title or a sheet may have.
    year_a_sheet
        The sheets of its file name different years: what the file's own name says is no year of it.
    places
        ``header`` where the header names places, ``maybe`` where it may.
    """
    candidates: dict[tuple[str, ...], tuple[str, ...]] = {}
    tables = _tables(block, held)
    table = tables[0] if len(tables) == 1 else ""
    if not table:
        candidates["table",] = (*(tables or ROLES), SKIP)
    elif table in YEARLY and is_forecast(block):
        candidates["table",] = (table, SKIP)
    columns = {
        one.header: _role(one, table, held) for one in held if not one.is_wide and one.header
    }
    columns |= _places_by_name(block, held, columns, regions)
    counts = _counts(held, table, _counted(block, table))
    every = ROLES.get(table, tuple(dict.fromkeys(chain(*ROLES.values()))))
    candidates |= {("columns", h): (*every, *PLACES_NAMED, SKIP) for h in _open(columns)}
    candidates |= {("counts", h): (*every, SKIP) for h in _open(counts)}
    year = _year(block, held, table, year_a_sheet=year_a_sheet)
    if not year:
        candidates["year",] = ("2024", "title", "sheet", "file")
    known = {"header": "header", "maybe": ""}
    region = known[places] if places else _region(block, held, table, regions, columns.values())
    if not region:
        across = ("header",) if places else ()
        candidates["region",] = (*across, *regions, "sheet", "title")
    spring = "no"
    if table in YEARLY and table != "births" and not tells_season(block, held, year):
        spring, candidates["spring",] = "", ("yes", "no")
    unit = unit_of(block, table, [*columns.values(), *counts.values()])
    if unit is None:
        candidates["unit",] = ("1", "1000", "10000")
    reading = Reading.model_validate(
        {
            "from": pattern(block.where),
            "table": "" if ("table",) in candidates else table,
            "columns": columns,
            "counts": counts,
            "year": year,
            "region": region,
            "spring": spring,
            "unit": unit,
        }
    )
    return Proposal(reading, candidates)


def _open(roles: Mapping[str, str]) -> list[str]:
    """Return the headers of which it is not known what they hold."""
    return [header for header, role in roles.items() if not role]


def _tables(block: Block, held: Sequence[Held]) -> tuple[str, ...]:
    """Return the tables that a block may be."""
    roles = {one.role for one in held}
    axes = {kind for one in held for kind in one.named}
    if told := _told(roles, axes):
        return (told,)
    by_grade = GRADE in axes or "grade" in roles
    made = {MEASURES[role] for role in roles if role in MEASURES}
    if not made and axes == {PLACE} and "level" in roles and _counted(block, "places"):
        made = {"places"}
    if by_grade and (not made or "enrolment" in made):
        return ("enrolment",)
    if "enrolment" in made and not by_grade:  # pupils of a whole level tell nothing of grades
        made -= {"enrolment"}
    if len(made) == 1:
        return tuple(made)
    if made:
        hints = [table for table in hinted([*block.titles, *names_of(block)]) if table in made]
        return tuple(hints) if len(hints) == 1 else tuple(sorted(made))
    hints = [table for table in hinted([*block.titles, *names_of(block)]) if table in ROLES]
    return tuple(hints or (COUNTED if axes else ()))


def _told(roles: set[str], axes: set[str]) -> str:
    """Return the table that no other can be mistaken for, by its columns."""
    beside = {"", SKIP, NOTE, *PLACES_NAMED}
    if "project" in roles or ("opens" in roles and roles & {"status", "size"}):
        return "pipeline"
    if AGE in axes and roles <= {*beside, "children", "pupils", TOTAL, "year"}:
        return "children"
    is_list = not axes and "region" in roles and roles <= {*beside, "level"}
    return "units" if is_list and roles & {"unit", "school"} else ""


def _role(one: Held, table: str, held: Sequence[Held]) -> str:
    """Return what a column holds to a table: SKIP where it is none of its matters."""
    if one.role in (SKIP, NOTE, PART):
        return SKIP
    if one.role == TOTAL:  # of what stands beside it; alone it may be the count itself
        count = COUNTED.get(table)
        is_alone = not any(other.is_wide or other.role == count for other in held)
        return "" if count and is_alone else TOTAL
    if one.role in PLACES_NAMED:
        return one.role
    if table and one.role and one.role not in ROLES[table]:
        return SKIP
    return one.role


def _places_by_name(
    block: Block, held: Sequence[Held], columns: Mapping[str, str], regions: Iterable[str]
) -> dict[str, str]:
    """Return the column of an unknown name that has the names of regions in it, where none else."""
    if set(PLACES_NAMED) & set(columns.values()):
        return {}
    known = {plain(region) for region in regions}
    for one in held:
        if not one.is_wide and columns.get(one.header) == "":
            texts = {plain(show(block.cell(row, one.index))) for row in block.rows} - {""}
            if texts and 2 * len(texts & known) >= len(texts):
                return {one.header: "region"}
    return {}


def _counted(block: Block, table: str) -> str:
    """Return what is counted in columns that do not say it: as usual, or as the title says."""
    if table != "places":
        return COUNTED.get(table, "")
    said = (measure_in(text, ROLES[table]) for text in (*block.titles, *names_of(block)))
    return next(filter(None, said), "")


def _counts(held: Sequence[Held], table: str, default: str) -> dict[str, str]:
    """Return what the columns named by years, grades or levels count, by the rest of their names.

    A total is read where nothing else says the same, as beside boys and girls; else it is checked.
    """
    wide = [one for one in held if one.is_wide]
    most = max((len(one.named) for one in wide), default=0)
    counted = {one.header for one in wide if one.header == ALONE or one.role == default != ""}
    found: dict[str, str] = {}
    for one in wide:
        role = one.role
        if role == TOTAL:
            found[one.header] = TOTAL if counted or len(one.named) < most else default
        elif role == PART:
            whole = counted or any(other.role == TOTAL for other in wide)
            found[one.header] = SKIP if whole else default
        elif one.header == ALONE:
            found[one.header] = default
        elif role in (SKIP, NOTE):
            found[one.header] = SKIP
        else:
            found[one.header] = role if not table or role in ROLES[table] else SKIP if role else ""
    return found


def _year(block: Block, held: Sequence[Held], table: str, *, year_a_sheet: bool) -> str:
    """Return where the year of a block stands; nothing where it stands nowhere, or twice."""
    if any(one.role == "year" for one in held):
        return "column"
    if any(YEAR in one.named for one in held):
        return "header"
    if table not in YEARLY and table:
        return "column"
    places = (
        ("title", block.titles), ("sheet", (block.grid.sheet,)), ("file", (block.stem,)),
    )  # fmt: skip
    said = {
        key: years for key, texts in places if (years := {y for t in texts for y in years_in(t)})
    }
    if year_a_sheet and len(said) > 1:
        said.pop("file", None)
    rows = sections_of(block)
    if rows and min(rows) == block.rows[0] and any(map(names_year, rows.values())):
        return "" if said else "section"
    every = set().union(*said.values()) if said else set()
    return next(iter(said)) if len(every) == 1 else ""


def _region(
    block: Block,
    held: Sequence[Held],
    table: str,
    regions: Iterable[str],
    columns: Iterable[str],
) -> str:
    """Return where the place of a row stands; nothing where it stands nowhere."""
    roles = {one.role for one in held if one.role != SKIP} | set(columns)
    rows = [row for row, text in sections_of(block).items() if not names_year(text)]
    if not roles & {"region", "unit"} and rows and min(rows) in block.rows[:2]:
        return "section"
    if roles.intersection(PLACES_NAMED) or table == SKIP:
        return "column"
    for key, texts in (("title", block.titles), ("sheet", (block.grid.sheet,))):
        forms = [plain(text) for text in texts if text]
        if sum(any(plain(region) in form for form in forms) for region in regions) == 1:
            return key
    return ""


def unit_of(block: Block, table: str, counted: Iterable[str]) -> float | None:
    """Return how many one figure of a block stands for, as the texts above it say; None if unclear.

    Parameters
    ----------
    block
    table
    counted
        What its columns count.
    """
    stated = [above for text in block.titles if (above := unit_above(text)) is not None]
    if any(above.unknown for above in stated):
        return None
    amounts = [amount for above in stated for amount in above.amounts]
    columns = {c.name: c for c in TABLES[table].columns} if table in TABLES else {}
    factors = {
        factor
        for role in counted
        if role in columns
        for factor in factor_of(columns[role], amounts)
    }
    return float(min(factors, default=1)) if len(factors) < 2 else None


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
