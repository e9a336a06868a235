"""What must hold in district.yaml, and what it tells where it has faults.

A district has parts that others ask about: ``regions`` (their codes), ``within`` (which of them
have regions within them), ``levels`` (codes and grades), ``class_size``, ``onward``, ``entry``
and ``neighbours``. A part with faults is invalid: what asks about it has to wait, and all else
is checked, so that a fault hides no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from capacity.base.errors import MOST_COMPARED, At, Problems, nearest
from capacity.inputs.districts.declared import (
    GRADES,
    DistrictFile,
    Level,
    Region,
    leaves,
    titles_of,
)
from capacity.inputs.documents.shapes import checked
from capacity.inputs.documents.yaml import Document, Mark, Path
from capacity.inputs.tables.readers import titled
from capacity.inputs.tables.values import normal_code, plain_name

#: The forms of values of parts that may be absent: an unknown key with one may be that part.
_FORMS: Mapping[str, tuple[type, ...]] = {
    "onward": (int, float),
    "entry": (dict,),
    "neighbours": (dict,),
}

M = TypeVar("M", bound=BaseModel)

#: Stand in for what cannot be read; nothing that is asked depends on them.
_REGION: Mapping[str, Any] = {"code": "?"}
_LEVEL: Mapping[str, Any] = {"code": "?", "grades": (1, 1), "class_size": 1.0}


def read_parts(
    document: Document, problems: Problems, *, sound: bool
) -> tuple[DistrictFile, frozenset[str]]:
    """Return what district.yaml says, and its invalid parts.

    Parameters
    ----------
    document : Document
        The file.
    problems : Problems
        Takes what is wrong.
    sound : bool
        Whether the file was read without a fault.
    """
    own = Problems()
    declared = checked(DistrictFile, document, own)
    invalid: set[str] = set()
    if declared is None or own.errors or not sound:
        declared = _mended_file(document, invalid)
    invalid |= check_district_file(declared, document, own, frozenset(invalid))
    problems.extend(own)
    return declared, frozenset(invalid)


def _mended_file(document: Document, invalid: set[str]) -> DistrictFile:
    """Return what can be read of a file with faults, and add the parts that cannot."""
    regions, wrong = _items(Region, "regions", document, _REGION)
    if "code" in wrong or not regions:
        invalid |= {"regions", "within"}
    invalid |= wrong & {"within"}
    if _names_regions(document.data.get("regions"), {region.code for region in regions}):
        invalid.add("within")
    levels, wrong = _items(Level, "levels", document, _LEVEL)
    if wrong & {"code", "grades"} or not levels:
        invalid.add("levels")
    invalid |= wrong & {"class_size", "onward"}
    stated = {
        "name": "?",
        **document.data,
        "regions": regions or (_REGION,),
        "levels": levels or (_LEVEL,),
    }
    declared, wrong = _mended(DistrictFile, stated, document.mark, {"name": "?"})
    invalid |= wrong & {"entry", "neighbours"}
    assert declared is not None
    return declared


def _names_regions(stated: object, codes: set[str]) -> bool:
    """Whether an unknown key of a region names a region, as ``within`` would."""
    return any(
        isinstance(value, str) and value in codes
        for said in (stated if isinstance(stated, tuple) else ())
        for key, value in (said.items() if isinstance(said, dict) else ())
        if key not in Region.model_fields
    )


def _items(
    model: type[M], key: str, document: Document, filler: Mapping[str, Any]
) -> tuple[tuple[M, ...], set[str]]:
    """Read the items of a list each by itself; return also the keys that are wrong in any."""
    stated, items, wrong = document.data.get(key), [], set[str]()
    for index, said in enumerate(stated if isinstance(stated, tuple) else ()):
        mark = document.mark.below[key].below[index]
        item, faults = _mended(model, said, mark, filler)
        items += [item] if item is not None else []
        wrong |= faults
    return tuple(items), wrong


def _mended(
    model: type[M], said: object, mark: Mark, filler: Mapping[str, Any]
) -> tuple[M | None, set[str]]:
    """Read a map without its wrong keys, and name them.

    An absent key is wrong too where one was refused or an unknown one may stand for it.
    """
    names = set(model.model_fields)
    if not isinstance(said, dict):
        return None, names
    wrong = {str(key) for key, below in mark.below.items() if below.broken}
    try:
        model.model_validate(said)
    except ValidationError as error:
        wrong |= {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    absent = names - set(said)
    wrong |= absent if mark.partial else set()
    for key in set(said) - names:
        wrong |= set(nearest(str(key), absent))
        wrong |= {name for name in absent if isinstance(said[key], _FORMS.get(name, ()))}
    kept = {key: value for key, value in said.items() if key in names - wrong}
    try:
        return model.model_validate({**filler, **kept}), wrong & names
    except ValidationError:
        return None, names


def check_district_file(
    declared: DistrictFile,
    document: Document,
    problems: Problems,
    invalid: frozenset[str] = frozenset(),
) -> set[str]:
    """Check codes, nesting, grades and neighbours, and return the parts that have faults.

    What asks for an ``invalid`` part is not asked.
    """
    nested = {"regions", "within"}
    checks: tuple[tuple[str, set[str], Callable[[DistrictFile, Document, Problems], None]], ...] = (
        ("regions", {"regions"}, partial(_codes_once, "regions")),
        ("regions", {"regions"}, partial(_titles_once, "regions", "region-title-twice")),
        ("within", {"regions"}, _nesting),
        ("regions", nested, _cells_once),
        ("levels", {"levels"}, partial(_codes_once, "levels")),
        ("levels", {"levels"}, partial(_titles_once, "levels", "level-title-twice")),
        ("levels", {"levels"}, _grades),
        ("targets", {"levels"}, _levels_known),
        ("neighbours", nested, _neighbours),
        ("neighbours", {"levels"}, _neighbour_levels),
        ("pools", nested | {"levels"}, _pools),
        ("bands", set(), _lines),
    )
    faulty: set[str] = set()
    for part, asked, check in checks:
        if asked.isdisjoint(invalid | faulty):
            own = Problems()
            check(declared, document, own)
            problems.extend(own)
            faulty |= {part} if own.errors else set()
    return faulty


def _codes_once(
    key: Literal["regions", "levels"],
    declared: DistrictFile,
    document: Document,
    problems: Problems,
) -> None:
    """Refuse a code twice, also where the two differ only in width, case or blanks."""
    seen: dict[str, int] = {}
    items: Sequence[Region | Level] = getattr(declared, key)
    for index, item in enumerate(items):
        folded = plain_name(item.code)
        if folded in seen:
            first, at = (document.at((key, i, "code")) for i in (seen[folded], index))
            other = items[seen[folded]].code
            if normal_code(item.code) == normal_code(other):
                problems.error("code-twice", at, name=item.code, line=first.line)
            else:
                problems.error("code-case", at, found=item.code, other=other)
        seen.setdefault(folded, index)


def _titles_once(
    key: Literal["regions", "levels"],
    code: str,
    declared: DistrictFile,
    document: Document,
    problems: Problems,
) -> None:
    """Warn of a title that two have in one language: a reader cannot tell their rows apart."""
    seen: dict[tuple[str, str], str] = {}
    items: Sequence[Region | Level] = getattr(declared, key)
    for index, item in enumerate(items):
        for language, title in item.title.model_dump().items():
            folded = language, normal_code(title).casefold()
            if folded in seen:
                at = document.at((key, index, "title"))
                facts = {"title": title, "name": item.code, "other": seen[folded]}
                problems.warning(code, at, **facts)
                break
        for language, title in item.title.model_dump().items():
            seen.setdefault((language, normal_code(title).casefold()), item.code)


def _cells_once(declared: DistrictFile, document: Document, problems: Problems) -> None:
    """Warn of two regions in one cell of the grid: a map shows them one beside the other."""
    seen: dict[tuple[int, int], str] = {}
    valid = leaves(declared.regions)
    for index, region in enumerate(declared.regions):
        if region.cell is None or region.code not in valid:
            continue
        if region.cell in seen:
            at = document.at(("regions", index, "cell"))
            facts = {"name": region.code, "other": seen[region.cell]}
            problems.warning("region-cell-twice", at, found=str([*region.cell]), **facts)
        seen.setdefault(region.cell, region.code)


def _nesting(declared: DistrictFile, document: Document, problems: Problems) -> None:
    """Refuse a region within one that is unknown, or within itself over others."""
    regions = declared.regions
    within = {region.code: region.within for region in regions}
    for index, region in enumerate(regions):
        at = document.at(("regions", index, "within"))
        if region.within is None:
            continue
        if region.within not in within:
            _unknown("region-unknown", region.within, within, regions, at, problems)
            continue
        way = {region.code: None}
        above: str | None = region.within
        while above is not None and above in within and above not in way:
            way[above] = None
            above = within[above]
        if above == region.code:
            path = " → ".join((*way, region.code))
            problems.error("region-cycle", at, name=region.code, way=path)


def _grades(declared: DistrictFile, document: Document, problems: Problems) -> None:
    """Refuse grades out of order, out of range or of two levels; warn of a grade of none."""
    good: list[tuple[Level, At]] = []
    for index, level in enumerate(declared.levels):
        at = document.at(("levels", index, "grades"))
        found = str([*level.grades])
        if level.grades[0] > level.grades[1]:
            problems.error("grades-order", at, found=found)
        elif level.grades[0] < GRADES[0] or level.grades[1] > GRADES[1]:
            problems.error("grades-range", at, low=GRADES[0], high=GRADES[1], found=found)
        else:
            good.append((level, at))
    good.sort(key=lambda pair: pair[0].grades)
    for number, (level, at) in enumerate(good):
        for before, _ in good[:number]:
            if level.grades[0] <= before.grades[1] and not _apart(before, level):
                facts = {"name": level.code, "other": before.code, "grade": level.grades[0]}
                problems.error("grades-overlap", at, **facts, found=str([*level.grades]))
                break
        last = max((before.grades[1] for before, _ in good[:number]), default=level.grades[0])
        if level.grades[0] > last + 1:
            problems.warning("grades-hole", at, name=level.code, grade=last + 1)


def _apart(one: Level, other: Level) -> bool:
    """Whether two levels of one grade take different pupils."""
    return set(one.groups).isdisjoint(other.groups) and bool(one.groups or other.groups)


def _levels_known(declared: DistrictFile, document: Document, problems: Problems) -> None:
    """Refuse targets of levels that there are not."""
    levels = [level.code for level in declared.levels]
    for index, level in enumerate(declared.targets.levels):
        if level not in levels:
            at = document.at(("targets", "levels", index))
            _unknown("level-unknown", level, levels, declared.levels, at, problems)


def _neighbours(declared: DistrictFile, document: Document, problems: Problems) -> None:
    valid = tuple(leaves(declared.regions))
    known = frozenset(valid)
    for level, pairs in declared.neighbours.items():
        for index, pair in enumerate(pairs):
            here: Path = ("neighbours", level, index)
            if pair[0] == pair[1]:
                problems.error("neighbour-self", document.at(here), found=pair[0])
            for side, code in enumerate(pair):
                if code in known or not problems.room("region-unknown", document.at(here).file):
                    problems.count("region-unknown", document.at(here).file, code not in known)
                    continue
                check_leaf(code, declared.regions, valid, document.at((*here, side)), problems)


def _neighbour_levels(declared: DistrictFile, document: Document, problems: Problems) -> None:
    levels = [level.code for level in declared.levels]
    for level in declared.neighbours:
        if level not in levels:
            at = document.key_at(("neighbours", level))
            _unknown("level-unknown", level, levels, declared.levels, at, problems)


def _pools(declared: DistrictFile, document: Document, problems: Problems) -> None:
    """Refuse sets of regions that share places with one that is unknown, or in two sets."""
    valid = tuple(leaves(declared.regions))
    for number, level in enumerate(declared.levels):
        seen: dict[str, At] = {}
        for index, one in enumerate(() if isinstance(level.pool, str) else level.pool):
            for side, code in enumerate(one):
                at = document.at(("levels", number, "pool", index, side))
                if code in seen:
                    facts = {"level": level.code, "other": seen[code]}
                    problems.error("pool-twice", at, found=code, **facts)
                elif check_leaf(code, declared.regions, valid, at, problems):
                    seen[code] = at


def _lines(declared: DistrictFile, document: Document, problems: Problems) -> None:
    """Refuse a line of early warnings above the next."""
    lines = declared.bands
    if lines.yellow > lines.red:
        at = document.at(("bands", "yellow" if "yellow" in lines.model_fields_set else "red"))
        problems.error("bands-order", at, found=f"{lines.yellow:g} > {lines.red:g}")


def check_leaf(
    code: str, regions: Sequence[Region], valid: Sequence[str], at: At, problems: Problems
) -> bool:
    """Refuse a region that is unknown or has regions within it."""
    if code in valid:
        return True
    if code in {region.code for region in regions}:
        problems.error("region-parent", at, name=code, valid=", ".join(valid))
    else:
        _unknown("region-unknown", code, valid, regions, at, problems)
    return False


def _unknown(
    problem: str,
    found: str,
    valid: Iterable[str],
    items: Iterable[Region | Level],
    at: At,
    problems: Problems,
) -> None:
    """Refuse a code, and name the one that is meant: of that title, else the nearest."""
    names = tuple(dict.fromkeys(valid))
    meant = titled(found, titles_of(items))
    if not meant and problems.room(problem, at.file, few=MOST_COMPARED // max(len(names), 1)):
        meant = nearest(found, names)
    problems.error(problem, at, found=found, valid=", ".join(names), nearest=meant)
