"""What levers must keep to in a district, and among themselves."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf

from pydantic import BaseModel

from capacity.base.axes import ALL
from capacity.base.errors import At, Problems, nearest
from capacity.base.limits import FACTORS, USUAL_FACTORS, as_factor
from capacity.base.settings import Horizon
from capacity.inputs.districts.checks import check_building, schools_of
from capacity.inputs.districts.district import District
from capacity.inputs.districts.parts import check_leaf
from capacity.inputs.documents.shapes import term, terms
from capacity.inputs.levers.cells import NAMED, Cells, Chosen, Names
from capacity.inputs.levers.kinds import LIMITS, OWN_KEYS, cells_of
from capacity.inputs.levers.lever import NAMES_OF, Lever, PartialLever, ProjectRow
from capacity.inputs.tables.columns import DECANT, PLACES, TABLES
from capacity.inputs.tables.readers import titled
from capacity.inputs.tables.rules import SHARES_OFF, USUAL_RATIO, check_project
from capacity.model.data import VARIABLES
from capacity.model.levers import formed

#: Names listed in a message before the rest is left out.
_LISTED = 20
_ROUNDING = 1e-9
#: From here on what is added to a ratio or share looks like something else.
USUAL_CHANGE = 0.5
#: Tables without whose rows a kind changes nothing.
_TABLES = {"births": "births", "housing": "yields", "flows": "flows"}
#: A source of leavers: level, region, group.
Source = tuple[str, str, str]


def check_levers(
    levers: Sequence[Lever],
    district: District,
    horizon: Horizon | None,
    problems: Problems,
) -> None:
    """Check every lever against the district and the levers before it.

    What asks for a table or part of district.yaml that has errors, or for the horizon where
    there is none, is not asked. Of a `PartialLever` only the names are checked.
    """
    cells = Cells(district)
    sets: dict[str, list[tuple[Lever, Chosen]]] = {}
    for lever in levers:
        own = Problems()
        _check_names(lever, cells, own)
        if isinstance(lever, PartialLever):
            _check_project(lever, cells, own)
        elif not own.errors:
            chosen = _check_whole(lever, cells, horizon, own)
            if lever.set is not None:
                sets.setdefault(lever.kind, []).append((lever, chosen))
        cells.add(lever)
        problems.extend(own)
    for same_kind in sets.values():
        _check_set_once(same_kind, problems)
    if horizon is not None:
        whole = [lever for lever in levers if not isinstance(lever, PartialLever)]
        _check_rezoned([lever for lever in whole if lever.rezone], horizon, problems)
        if not problems.errors:
            _check_flow_sums(
                [lever for lever in whole if lever.kind == "flows"], cells, horizon, problems
            )


def _check_whole(lever: Lever, cells: Cells, horizon: Horizon | None, problems: Problems) -> Chosen:
    """Check a lever whose names are all known, and return what it chooses."""
    table = _TABLES.get(lever.kind)
    if table and cells.district.is_valid(table) and not cells.district.has(table):
        problems.error("lever-table", lever.at("kind"), table=TABLES[table].term)
    _check_usual(lever, problems)
    if lever.kind in _CHECKS:
        check, parts = _CHECKS[lever.kind]
        if cells.district.is_valid(*parts):
            check(lever, cells, problems)
    if horizon is not None:
        _check_years(lever, horizon, problems)
    chosen = cells.chosen(lever)
    empty = [axis for axis, names in chosen.items() if not names]
    if not problems.errors and any(
        cells.district.is_valid(*NAMED[axis], "regions", "within") for axis in empty
    ):
        if cells_of(lever.kind) == ("project",):
            problems.warning("lever-idle", lever.at("where"))
        else:
            problems.error("lever-empty", lever.at("where"))
    return chosen


def _check_usual(lever: Lever, problems: Problems) -> None:
    """Ask about what looks like a percentage, a change or a factor in place of another."""
    value, form, kind = lever.value, lever.form, lever.kind
    if value is None or form is None or kind not in LIMITS:
        return
    at, relative = lever.at(form), LIMITS[kind][1] <= FACTORS[1]
    low, high = USUAL_FACTORS
    if form == "times" and not low <= value <= high:
        facts = {"found": value, "low": low, "high": high, "nearest": as_factor(value)}
        problems.warning("times-unusual", at, key=term(kind), **facts)
    elif form == "add" and relative and abs(value) >= USUAL_CHANGE:
        meant = (round(value / 100, 12),) if abs(value) >= 1 else ()
        problems.warning("add-unusual", at, key=term(kind), found=value, nearest=meant)
    elif form == "set" and kind == "progression":
        low, high = USUAL_RATIO
        if value != 0 and not low <= value <= high:
            problems.warning("ratio-unusual", at, found=value, low=low, high=high)
    elif form == "set" and not relative and 0 < value < FACTORS[1] and value != int(value):
        problems.warning("set-as-factor", at, key=term(kind), found=value)


def _check_names(lever: Lever, cells: Cells, problems: Problems) -> None:
    """Refuse names that the district does not have."""
    for where, key in NAMES_OF.items():
        chosen: Names | None = getattr(lever.where, where)
        if chosen is None or not cells.district.is_valid(*NAMED[key]):
            continue
        for index, name in enumerate(chosen):
            if name is not None and name not in cells.names(key):
                at = lever.at("where", where.rstrip("_"), index)
                _unknown(key, name, cells.names(key), at, problems, cells.titles(key))
    for own in OWN_KEYS:
        if not isinstance(said := getattr(lever, own), BaseModel):
            continue
        for key, name in said:
            if name is not None and key.endswith("region"):
                _check_leaf(name, cells, lever.at(own, key), problems)
            elif name is not None and key.endswith("level"):
                _check_level(key, name, cells, lever.at(own, key), problems)


def _unknown(
    key: str,
    name: str | int,
    valid: Names,
    at: At,
    problems: Problems,
    titles: Mapping[str, Sequence[str]] | None = None,
) -> None:
    names = [str(option) for option in valid]
    listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "") or "-"
    close = titled(name, titles or {}) or nearest(name, names) if isinstance(name, str) else ()
    problems.error("lever-unknown", at, key=term(key), valid=listed, found=name, nearest=close)


def _check_level(key: str, name: str, cells: Cells, at: At, problems: Problems) -> None:
    if cells.district.is_valid("levels") and name not in cells.names("level"):
        _unknown(key, name, cells.names("level"), at, problems, cells.titles("level"))


def _check_leaf(name: str, cells: Cells, at: At, problems: Problems) -> None:
    if cells.district.is_valid("regions"):
        check_leaf(name, cells.district.regions, cells.district.leaf_regions, at, problems)


def _check_years(lever: Lever, horizon: Horizon, problems: Problems) -> None:
    """Warn of a lever that acts in no year of the horizon.

    Births and homes count by their own year, long before any pupil.
    """
    late = lever.from_ is not None and lever.from_ > horizon.last_year
    early = lever.until is not None and lever.until < horizon.base_year
    if late or (early and VARIABLES.get(lever.kind, ("",))[0] != "year"):
        at = lever.at("from") if late else lever.at("until")
        problems.warning("lever-outside", at, base=horizon.base_year, last=horizon.last_year)


def _check_progression(lever: Lever, cells: Cells, problems: Problems) -> None:
    for index, grade in enumerate(lever.where.grade or ()):
        if grade == cells.district.first_grade:
            at = lever.at("where", "grade", index)
            problems.error("lever-first-grade", at, grade=grade)


def _check_onward(lever: Lever, cells: Cells, problems: Problems) -> None:
    first = [
        level.code
        for level in cells.district.levels
        if level.grades[0] == cells.district.first_grade
    ]
    for index, level in enumerate(lever.where.level or ()):
        if level in first:
            problems.error("lever-first-level", lever.at("where", "level", index), level=level)
    chosen = cells.chosen(lever)["level"]
    unstated = [lv.code for lv in cells.district.levels if lv.code in chosen and lv.onward is None]
    if not cells.district.is_valid("onward"):
        return
    if lever.form != "times" and unstated:
        at = lever.at(lever.form or "kind")
        problems.error("lever-onward", at, levels=", ".join(unstated))


def _check_entry(lever: Lever, cells: Cells, problems: Problems) -> None:
    district = cells.district
    born = {*district.table("births")["region"], *district.table("children")["region"]}
    chosen = cells.chosen(lever)["region"] - (set(district.leaf_regions) if ALL in born else born)
    held = [region for region in district.leaf_regions if region in chosen]
    if lever.form != "times" and held:
        problems.error("lever-entry", lever.at(lever.form or "kind"), regions=", ".join(held))


def _check_delay(lever: Lever, cells: Cells, problems: Problems) -> None:
    for index, project in enumerate(lever.where.project or ()):
        if cells.projects.get(project, ("", "", ""))[1] == "open":
            at = lever.at("where", "project", index)
            problems.warning("lever-open", at, project=project)


def _check_project(lever: Lever, cells: Cells, problems: Problems) -> None:
    row = lever.add_project
    if row is None:
        return
    fields = ProjectRow.model_fields
    if row["region"] is not None:
        _check_leaf(str(row["region"]), cells, lever.at("add_project", "region"), problems)
    if row["project"] in cells.projects:
        at = lever.at("add_project", "project")
        problems.error("project-twice", at, project=row["project"])
    if not cells.district.is_valid("levels"):
        return
    valid = [f"{PLACES}{level}" for level in cells.names("level")]
    names = (*fields, *valid, *(f"{DECANT}{level}" for level in cells.names("level")))
    for key in row:
        if key not in names:
            at, close = lever.key_at("add_project", key), nearest(key, names)
            problems.error("key-unknown", at, key=key, valid=terms(names), nearest=close)
    part = isinstance(lever, PartialLever)
    if not part:
        check_project(row, partial(lever.at, "add_project"), problems)
        if cells.district.is_valid("places"):
            at = lever.at("add_project", "project")
            check_building(row, schools_of(cells.district.table("places")), at, problems)
    if not any(key.startswith(PLACES) if part else key in valid and row[key] for key in row):
        problems.error("project-no-places", lever.at("add_project"), valid=" / ".join(valid))


def _check_close(lever: Lever, cells: Cells, problems: Problems) -> None:
    said = lever.close
    if said is None or said.school is None:
        return
    places = cells.district.table("places")
    here = places[(places["region"] == said.region) & (places["level"] == said.level)]
    schools = tuple(sorted(set(here["school"]) - {""}))
    if said.school not in schools:
        _unknown("school", said.school, schools, lever.at("close", "school"), problems)


def _check_ends(lever: Lever, cells: Cells, problems: Problems) -> None:
    """Refuse places that would stay at their level, and entrants who would stay in their region."""
    axis = "level" if lever.kind == "convert" else "region"
    one, other = f"from_{axis}", f"to_{axis}"
    own = getattr(lever, lever.kind)
    if getattr(own, one) == getattr(own, other):
        problems.error("lever-same", lever.at(lever.kind, other), one=one, other=other)


_Check = Callable[[Lever, Cells, Problems], None]


def _check_flow_rows(lever: Lever, cells: Cells, problems: Problems) -> None:
    """Refuse a lever that chooses no row: what is not in the table it cannot change."""
    if cells.district.has("flows") and not cells.rows_of_flows(lever):
        problems.error("lever-empty", lever.at("where"))


def _check_flow_sums(
    levers: Sequence[Lever], cells: Cells, horizon: Horizon, problems: Problems
) -> None:
    """Ask that after all levers of a year the shares of a source sum to 1.

    So leavers are moved, not made: what one lever gives to a row another takes from its like. Of
    each source the first year is told, at the last lever on it.
    """
    if not levers or not cells.district.is_valid("flows"):
        return
    frame = cells.district.table("flows")
    stated = frame["share"].tolist()
    sources: list[Source] = list(
        zip(frame["level"], frame["from"], frame["from_group"], strict=True)
    )
    rows = {id(lever): cells.rows_of_flows(lever) for lever in levers}
    told: set[Source] = set()
    for year in range(horizon.base_year + 1, horizon.last_year + 1):
        shares, last = list(stated), dict[Source, Lever]()
        for lever in levers:
            if lever.acts_in(year) and lever.form is not None and lever.value is not None:
                for row in rows[id(lever)]:
                    shares[row] = float(formed(shares[row], lever.form, lever.value))
                    last[sources[row]] = lever
        for source, lever in last.items():
            parts = [s for s, of in zip(shares, sources, strict=True) if of == source]
            if abs(math.fsum(parts) - 1.0) > SHARES_OFF and source not in told:
                told.add(source)
                level, region, group = source
                sent = f"{region}/{group}" if group else region
                facts = {"level": level, "source": sent, "year": year, "total": math.fsum(parts)}
                problems.error("lever-shares-sum", lever.at(lever.form or "kind"), **facts)


#: What else a kind asks, and the tables and parts of district.yaml that it asks.
_CHECKS: Mapping[str, tuple[_Check, tuple[str, ...]]] = {
    "progression": (_check_progression, ("levels",)),
    "onward_share": (_check_onward, ("levels",)),
    "entry": (_check_entry, ("births", "children", "regions", "within")),
    "delay": (_check_delay, ()),
    "flows": (_check_flow_rows, ("flows", "regions", "within", "levels")),
    "add_project": (_check_project, ()),
    "close": (_check_close, ("places",)),
    "convert": (_check_ends, ()),
    "rezone": (_check_ends, ()),
}


def _check_set_once(sets: Sequence[tuple[Lever, Chosen]], problems: Problems) -> None:
    """Refuse a second set of a cell and year, unless it says that it replaces the first."""
    spans = [(lever.from_ or -inf, lever.until or inf) for lever, _ in sets]
    for number, (second, others) in enumerate(sets):
        begin, end = spans[number]
        if second.replaces:
            continue
        for (first, cells), (start, stop) in zip(sets[:number], spans[:number], strict=True):
            if begin > stop or start > end:
                continue
            if not any(cells[axis].isdisjoint(others[axis]) for axis in cells):
                if not problems.room("lever-set-twice", second.file):
                    return
                at = second.at("set")
                problems.error("lever-set-twice", at, file=first.file, line=first.line)


def _check_rezoned(levers: Sequence[Lever], horizon: Horizon, problems: Problems) -> None:
    """Refuse shares that together send away more than all entrants of a region."""
    totals: dict[tuple[str, str, int], float] = {}
    for lever in levers:
        sent = lever.rezone
        assert sent is not None
        year = horizon.base_year if lever.from_ is None else lever.from_
        here = (sent.from_region, sent.level, year)
        if here not in totals:
            totals[here] = sum(
                zone.share
                for other in levers
                if (zone := other.rezone) is not None
                and (zone.from_region, zone.level) == here[:2]
                and other.acts_in(year)
            )
        total = totals[here]
        if total > 1 + _ROUNDING:
            facts = {"region": sent.from_region, "level": sent.level, "year": year}
            problems.error("rezone-sum", lever.at("rezone", "share"), total=total, **facts)
