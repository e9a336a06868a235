"""Schools and projects of an office's list to rows of places.csv and pipeline.csv."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from capacity.base.words import catalog
from capacity.inputs.importing.columns import LEVEL, PLACE, YEAR, Held
from capacity.inputs.importing.mapfile import SKIP
from capacity.inputs.importing.source import Source
from capacity.inputs.importing.taken import CHANGED, Logged, OpenError
from capacity.inputs.importing.vocabulary import System, plain, schools
from capacity.inputs.tables.columns import CHOICES, PLACES, listed_words, unclear_words
from capacity.inputs.tables.sizes import Sizes
from capacity.inputs.tables.values import Cell, CellError, is_empty, is_plain, normal_code, show
from capacity.inputs.tables.years import Sense, read_year

#: What a row of places may state, in the columns of the table.
STATED = ("places", "classes", "entry_places", "class_size")


def take_places(one: Source, system: System) -> None:
    """Take the schools of a list: a row of places for each level of each school."""
    for row in one.rows:
        try:
            _take_school(one, row, system)
        except OpenError:
            continue


def _take_school(one: Source, row: int, system: System) -> None:
    across = one.reading.region == "header"
    stated = "" if across else one.place(row)
    school = one.column("school")
    name = "" if school is None or school == one.column("region", "unit", "school") else (
        one.name(row, school)
    )  # fmt: skip
    labels: dict[tuple[str, str], list[Held]] = {}
    for held in one.counted():
        place = one.across(held) if PLACE in held.named else stated
        labels.setdefault((place, held.named.get(YEAR, ("",))[0]), []).append(held)
    taken = [
        _take_year(one, row, Named(place, name, label, held), system)
        for (place, label), held in (labels or {(stated, ""): []}).items()
        if place
    ]
    if not any(taken):
        text = " ".join(show(one.block.cell(row, i)) for i in range(len(one.block.columns)))
        one.leave_out(one.block.at(row), "empty", text.strip())


class Named(NamedTuple):
    """A place, school and year of which a row states something, in these wide columns."""

    place: str
    school: str
    label: str
    held: Sequence[Held]


def _take_year(one: Source, row: int, named: Named, system: System) -> bool:
    """Take what a row states of a place and year that columns are named by, else of its own."""
    place, name, label, _ = named
    levels = _figures(one, row, named, system)
    own = {level.code for level in system.levels}
    for level, stated in levels.items():
        if level not in own:
            one.leave_out(one.block.at(row), "level", f"{name} {level}")
            continue
        record: dict[str, Any] = {"region": place, "level": level, "school": name, **stated}
        year = one.column("year")
        if label:
            record["year"] = one.year(label, (), one.block.at(one.block.header))
        elif year is not None and not is_empty(cell := one.filled(row, year)):
            record["year"] = one.year(cell, one.beside(year), one.block.at(row, year))
        one.taken.records.append(("places", record, one.block.at(row)))
    return bool(levels)


def _figures(one: Source, row: int, named: Named, system: System) -> dict[str, dict[str, float]]:
    """Return what a row states of each level, in these columns or its own: places, classes."""
    wide: dict[str, dict[str, float]] = {}
    name = named.school or named.place
    for held in named.held:
        if LEVEL in held.named:
            value = one.count(row, held.index, one.roles[held.index])
            if value:
                level = str(held.named[LEVEL][1])
                wide.setdefault(level, {})[one.roles[held.index]] = value
    is_across = any(PLACE in held.named for held in named.held)  # the row's own count is theirs
    plain_ = {
        role: value
        for role in (("class_size",) if is_across else (*STATED, "tracks"))
        if (index := one.column(role)) is not None
        and (value := one.count(row, index, role)) is not None
    }
    for held in named.held:
        if held.named.keys() <= {YEAR, PLACE}:
            value = one.count(row, held.index, one.roles[held.index])
            plain_ |= {} if value is None else {one.roles[held.index]: value}
    if wide:
        return {level: _counted(stated, (level,), system)[level] for level, stated in wide.items()}
    if not any(plain_.get(role) for role in ("places", "classes", "tracks")):
        return {}
    levels = _levels(one, row, name, system)
    if len(levels) > 1 and plain_.pop("entry_places", None) is not None:  # of which level?
        index = one.column("entry_places") or 0
        one.leave_out(one.block.at(row, index), "entry_places", show(one.block.cell(row, index)))
    if len(levels) > 1 and not plain_.keys() <= {"tracks", "class_size"}:
        return _split(one, row, name, levels, plain_)
    return _counted(plain_, levels, system)


def _counted(
    stated: Mapping[str, float], levels: Sequence[str], system: System
) -> dict[str, dict[str, float]]:
    """Return the columns of each level; 轨, parallel forms, are a class in each grade."""
    spans = {level.code: level.grades for level in system.levels}
    found: dict[str, dict[str, float]] = {level: {} for level in levels}
    for level in (level for level in levels if level in spans):
        own = {role: value for role, value in stated.items() if role in STATED}
        if "tracks" in stated and "classes" not in own:
            first, last = spans[level]
            own["classes"] = stated["tracks"] * (last - first + 1)
        found[level] = own
    return found


def _levels(one: Source, row: int, name: str, system: System) -> tuple[str, ...]:
    """Return the levels of a school: as its row says, else its name, else the only one there is."""
    index = one.column("level")
    if index is not None and not is_empty(cell := one.block.cell(row, index)):
        codes = one.word(
            "level", cell, lambda cell: _codes(show(cell), system), one.block.at(row, index)
        )
        levels = tuple(codes.split(";")) if isinstance(codes, str) else codes
        one.note(one.block.at(row, index), "level", cell, ";".join(levels))
        return levels
    if levels := named_levels(name, system):
        one.note(one.block.at(row), "level_by_name", name, ";".join(levels))
        return levels
    if len(system.levels) == 1:
        return (system.levels[0].code,)
    codes = one.word("level", name, lambda cell: _codes(show(cell), system), one.block.at(row))
    return tuple(codes.split(";")) if isinstance(codes, str) else codes


def _codes(text: str, system: System) -> tuple[str, ...]:
    if codes := system.level_codes(text):
        return codes
    every = [level.code for level in system.levels]
    raise CellError("unknown-level", nearest=(*every, ";".join(every[:2]), SKIP))


def named_levels(name: str, system: System) -> tuple[str, ...]:
    """Return the levels that the name of a school ends or begins with; none where it says none.

    >>> from capacity.inputs.importing.vocabulary import systems
    >>> named_levels("清河第三小学", systems()[0]), named_levels("清河学校", systems()[0])
    (('primary',), ())
    """
    form = plain(name)
    words = sorted(schools(), key=len, reverse=True)
    parts = {plain(part) for part in re.split(r"[\W_\d]+", name) if part}
    for word in words:
        if (form.endswith(word) if not word.isascii() else word in parts) and (
            codes := system.level_codes(word)
        ):
            return codes
    return ()


def _split(
    one: Source, row: int, name: str, levels: Sequence[str], stated: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """Return a school of several levels as the office splits its classes or places."""
    role = next(role for role in ("classes", "places") if role in stated)
    said = one.found.words.get(f"split_{role}", {}).get(name, "")
    pairs = [part.partition("=") for part in said.split(";")]
    if said == SKIP:
        one.leave_out(one.block.at(row), f"split_{role}", f"{name} {stated[role]:.15g}")
        raise OpenError
    if not all(level.strip() and is_plain(count.strip()) for level, _, count in pairs):
        example = ";".join(f"{level}=…" for level in levels)
        one.ask(("words", f"split_{role}", name), (f"{example} ({stated[role]:.15g})", SKIP))
        raise OpenError
    parts = {level.strip(): float(count) for level, _, count in pairs}
    if abs(math.fsum(parts.values()) - stated[role]) > 1e-6:
        one.taken.problems.error(
            "import-split", one.block.at(row), name=name, found=said,
            total=stated[role],
        )  # fmt: skip
        raise OpenError
    return {level: {role: count} for level, count in parts.items()}


def take_projects(one: Source, system: System) -> None:
    """Take the projects of a list: a row of the pipeline for each."""
    for row in one.rows:
        try:
            _take_project(one, row, system)
        except OpenError:
            continue


def _take_project(one: Source, row: int, system: System) -> None:
    column = one.column("project", "school")
    if column is None:
        raise OpenError
    name = one.name(row, column)
    record: dict[str, Any] = {"project": name}
    record["region"] = _place(one, row, column)
    for role in ("status", "kind"):
        index = one.column(role)
        if index is None and role == "status":
            record[role] = one.word(
                "status", name, lambda cell: _choice(cell, "status"), one.block.at(row)
            )
        if index is not None and not is_empty(cell := one.block.cell(row, index)):
            at = one.block.at(row, index)
            record[role] = one.word(role, cell, partial(_choice, column=role), at)
            one.note(at, role, cell, record[role])
    index = one.column("opens")
    if index is not None and not is_empty(cell := one.block.cell(row, index)):
        at = one.block.at(row, index)
        record["opens"] = int(one.word("opens", cell, _opens, at))
        one.note(at, "opens", cell, record["opens"])
    places = _new_places(one, row, name, system)
    record |= {f"{PLACES}{level}": count for level, count in places.items()}
    one.taken.records.append(("pipeline", record, one.block.at(row)))


def _place(one: Source, row: int, named: int) -> str:
    """Return where a project lies; its own name tells nothing."""
    index = one.column("region", "unit")
    if index is None and one.reading.region == "column":
        one.ask(("tables", str(one.own), "region"), one.found.regions)
        raise OpenError
    return one.place(row)


def _opens(cell: Cell) -> int:
    return read_year(cell, sense=Sense.AUTUMN).value


def _choice(cell: Cell, column: str) -> str:
    """Return the choice that a word for a status or a kind means."""
    form = normal_code(show(cell))
    words = {normal_code(word): choice for word, choice in listed_words(column).items()}
    known = {normal_code(choice).casefold(): choice for choice in CHOICES[column]}
    if form in words:
        return words[form]
    if form.casefold() in known:
        return known[form.casefold()]
    meant = unclear_words(column).get(form) or tuple(CHOICES[column])
    raise CellError("unknown-value", nearest=meant)


def _new_places(one: Source, row: int, name: str, system: System) -> dict[str, float]:
    """Return the places that a project brings to each level, classes at the size of the level."""
    sizes = {level.code: level.class_size for level in one.found.district.levels}
    found: dict[str, float] = {}
    for held in one.counted():
        if LEVEL not in held.named:
            continue
        role, level = one.roles[held.index], str(held.named[LEVEL][1])
        if value := one.count(row, held.index, role):
            found[level] = value * sizes[level] if role == "classes" else value
    if found:
        return found
    size = one.column("size", "places", "classes")
    if size is None or is_empty(one.block.cell(row, size)):
        return {}
    return _sized(one, row, size, name, system)


def _sized(one: Source, row: int, index: int, name: str, system: System) -> dict[str, float]:
    """Read 24班, 小学24班/初中18班, 12轨九年一贯制, 1080个学位, a bare number by its header."""
    cell, role = one.block.cell(row, index), one.roles[index]
    written = show(cell).strip()
    said = one.found.words.get("size", {}).get(written, "") or written
    if said == SKIP:
        return {}
    if is_plain(said) and role in ("places", "classes"):
        said += catalog("offices")["sizes"][role]
    levels = one.found.district.levels
    sizes = Sizes(
        {level.code: level.grades for level in levels},
        {level.code: tuple(level.title.model_dump().values()) for level in levels},
        {level.code: level.class_size for level in levels},
    )
    found = sizes.read(said, "")
    several = any(word in plain(said) for word, codes in schools().items() if len(codes) > 1)
    if found is None and not several and (named := _levels(one, row, name, system)):
        beside = one.column("level")
        school = show(one.block.cell(row, beside)) if beside is not None else name
        found = sizes.read(said, named[0]) if len(named) == 1 else sizes.read(said + school, "")
    if found is None:
        one.ask(("words", "size", written), (*catalog("offices")["sizes"]["examples"], SKIP))
        raise OpenError
    places = sizes.places(found)
    after = ", ".join(f"{level} {count:.15g}" for level, count in places.items())
    at = one.block.at(row, index)
    one.taken.changes.append(Logged(at, CHANGED, "size", "pipeline", written, after))
    return places
