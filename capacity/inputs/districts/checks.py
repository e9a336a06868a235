"""What must hold inside district.yaml, and between it and the tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

import pandas as pd

from capacity.base.errors import At, Problems, nearest
from capacity.inputs.districts.declared import DistrictFile, Level, Region, titles_of
from capacity.inputs.documents.events import Path
from capacity.inputs.documents.yaml import Document
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.readers import titled
from capacity.inputs.tables.sheets import place

GRADES = (-10, 20)


def check_district_file(
    declared: DistrictFile,
    document: Document,
    problems: Problems,
    doubtful: frozenset[str] = frozenset(),
) -> set[str]:
    """Check codes, nesting, grades and neighbours, and give the parts that have faults.

    What asks for a ``doubtful`` part is not asked.
    """
    regions, levels = declared.regions, declared.levels
    nested = {"regions", "within"}
    checks: tuple[tuple[str, set[str], Callable[[Problems], None]], ...] = (
        ("regions", {"regions"}, lambda own: _codes_once(regions, "regions", document, own)),
        ("within", {"regions"}, lambda own: _nesting(regions, document, own)),
        ("levels", {"levels"}, lambda own: _codes_once(levels, "levels", document, own)),
        ("levels", {"levels"}, lambda own: _grades(levels, document, own)),
        ("neighbours", nested, lambda own: _neighbours(declared, document, own)),
        ("neighbours", {"levels"}, lambda own: _neighbour_levels(declared, document, own)),
    )
    faulty: set[str] = set()
    for part, asked, check in checks:
        if asked.isdisjoint(doubtful | faulty):
            own = Problems()
            check(own)
            problems.extend(own)
            faulty |= {part} if own.errors else set()
    return faulty


def check_tables(
    declared: DistrictFile,
    frames: Mapping[str, pd.DataFrame],
    document: Document,
    problems: Problems,
    doubtful: frozenset[str],
) -> None:
    """Check what no table shows alone; what asks for a ``doubtful`` part is not asked."""
    if declared.entry is None and "entry" not in doubtful:
        for table in ("births", "children"):
            if not frames[table].empty:
                problems.error("entry-missing", document.at(()), table=TABLES[table].term)
                break
    if "enrolment" not in doubtful:
        _groups(frames, problems)
    housing = frames["housing"]
    if not housing.empty and frames["yields"].empty and "yields" not in doubtful:
        problems.warning("housing-without-yields", place(housing))
    if not doubtful & {"levels"}:
        _flows_first(declared, frames["flows"], problems)
    if not doubtful & {"flows", "regions", "within"}:
        _flows_from(declared, frames["flows"], problems)


def leaves(regions: Sequence[Region]) -> tuple[str, ...]:
    """Give the codes of regions that have none within them."""
    parents = {region.within for region in regions}
    return tuple(region.code for region in regions if region.code not in parents)


def _codes_once(
    items: Sequence[Region | Level], key: str, document: Document, problems: Problems
) -> None:
    """Refuse a code twice, also where the two differ only in width or case of letters."""
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        folded = unicodedata.normalize("NFKC", item.code)
        if folded in seen:
            first = document.at((key, seen[folded], "code"))
            at = document.at((key, index, "code"))
            problems.error("code-twice", at, name=item.code, line=first.line)
        seen.setdefault(folded, index)


def _nesting(regions: Sequence[Region], document: Document, problems: Problems) -> None:
    within = {region.code: region.within for region in regions}
    for index, region in enumerate(regions):
        at = document.at(("regions", index, "within"))
        if region.within is None:
            continue
        if region.within not in within:
            _unknown("region-unknown", region.within, within, regions, at, problems)
            continue
        way: list[str] = [region.code]
        above: str | None = region.within
        while above is not None and above in within and above not in way:
            way.append(above)
            above = within[above]
        if above == region.code:
            path = " → ".join((*way, region.code))
            problems.error("region-cycle", at, name=region.code, way=path)


def _grades(levels: Sequence[Level], document: Document, problems: Problems) -> None:
    good: list[tuple[Level, At]] = []
    for index, level in enumerate(levels):
        at = document.at(("levels", index, "grades"))
        found = _pair(level)
        if level.grades[0] > level.grades[1]:
            problems.error("grades-order", at, found=found)
        elif level.grades[0] < GRADES[0] or level.grades[1] > GRADES[1]:
            problems.error("grades-range", at, low=GRADES[0], high=GRADES[1], found=found)
        else:
            good.append((level, at))
    good.sort(key=lambda pair: pair[0].grades)
    for (before, _), (level, at) in pairwise(good):
        first, last = level.grades[0], before.grades[1]
        if first <= last:
            facts = {"name": level.code, "other": before.code, "grade": first}
            problems.error("grades-overlap", at, **facts, found=_pair(level))
        elif first > last + 1:
            problems.warning("grades-hole", at, name=level.code, grade=last + 1)


def _pair(level: Level) -> str:
    return f"[{level.grades[0]}, {level.grades[1]}]"


def _neighbours(declared: DistrictFile, document: Document, problems: Problems) -> None:
    valid = leaves(declared.regions)
    for level, pairs in declared.neighbours.items():
        for index, pair in enumerate(pairs):
            here: Path = ("neighbours", level, index)
            if pair[0] == pair[1]:
                problems.error("neighbour-self", document.at(here), found=pair[0])
            for side, code in enumerate(pair):
                check_leaf(code, declared.regions, valid, document.at((*here, side)), problems)


def _neighbour_levels(declared: DistrictFile, document: Document, problems: Problems) -> None:
    levels = [level.code for level in declared.levels]
    for level in declared.neighbours:
        if level not in levels:
            at = document.key_at(("neighbours", level))
            _unknown("level-unknown", level, levels, declared.levels, at, problems)


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
    meant = titled(found, titles_of(items)) or nearest(found, names)
    problems.error(problem, at, found=found, valid=", ".join(names), nearest=meant)


def _groups(frames: Mapping[str, pd.DataFrame], problems: Problems) -> None:
    """Refuse groups of births or ratios without pupils: their rows would change nothing."""
    known = sorted(set(frames["enrolment"]["group"]) - {""})
    for table in ("births", "ratios"):
        frame = frames[table]
        unknown = ~frame["group"].isin(["", *known])
        for group, rows in frame[unknown].groupby("group"):
            facts = {"valid": ", ".join(known), "nearest": nearest(str(group), known)}
            name = TABLES[table].term
            problems.error("group-unknown", place(rows), table=name, found=group, **facts)


def _flows_first(declared: DistrictFile, flows: pd.DataFrame, problems: Problems) -> None:
    """Refuse flows into the level that has none before it."""
    first = min(declared.levels, key=lambda level: level.grades).code
    if len(rows := flows[flows["level"] == first]):
        problems.error("flows-first", place(rows), level=first)


def _flows_from(declared: DistrictFile, flows: pd.DataFrame, problems: Problems) -> None:
    """Ask for the flows from every region; the rest would vanish."""
    for level, rows in flows.groupby("level", sort=False):
        missing = [code for code in leaves(declared.regions) if code not in set(rows["from"])]
        if missing:
            listed = ", ".join(missing)
            problems.error("flows-from", place(rows), level=level, missing=listed)
