"""What levers must keep to: in a district, and among themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from capacity.base.errors import At, Problems, nearest
from capacity.base.settings import Horizon
from capacity.inputs.districts.declared import check_leaf
from capacity.inputs.districts.district import District
from capacity.inputs.documents.shapes import term, terms
from capacity.inputs.levers.cells import NAMED, Names, Scope
from capacity.inputs.levers.kinds import OWN_KEYS, ProjectRow, cells_of
from capacity.inputs.levers.lever import Lever, PartialLever
from capacity.inputs.tables.columns import PLACES, TABLES
from capacity.inputs.tables.readers import titled
from capacity.model.data import VARIABLES

Cells = tuple[frozenset[str] | frozenset[int], ...]
#: Names listed in a message before the rest is left out.
_LISTED = 20
_ROUNDING = 1e-9


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
    scope = Scope.of(district)
    whole = [lever for lever in levers if not isinstance(lever, PartialLever)]
    sets: dict[str, list[tuple[Lever, Cells]]] = {}
    for lever in levers:
        own = Problems()
        _known(lever, scope, own)
        if isinstance(lever, PartialLever):
            _add_project(lever, scope, own)
        elif not own.errors:
            _sound(lever, scope, horizon, sets, own)
        row = lever.add_project
        if row is not None and row["project"] is not None:
            scope.projects[str(row["project"])] = (str(row["region"]), str(row["status"]))
        problems.extend(own)
    for same_kind in sets.values():
        _set_once(same_kind, problems)
    if horizon is not None:
        zones = [lever for lever in whole if lever.rezone is not None]
        _rezone_sums(zones, horizon, problems)


def _sound(
    lever: Lever,
    scope: Scope,
    horizon: Horizon | None,
    sets: dict[str, list[tuple[Lever, Cells]]],
    problems: Problems,
) -> None:
    """Check a lever whose names are all known, and note which cells it sets."""
    _by_kind(lever, scope, problems)
    if horizon is not None:
        _years(lever, horizon, problems)
    if cells_of(lever.kind):
        cells = scope.cells(lever)
        if not problems.errors:
            _chosen(lever, cells, scope, problems)
        if lever.set is not None:
            sets.setdefault(lever.kind, []).append((lever, cells))


def _known(lever: Lever, scope: Scope, problems: Problems) -> None:
    """Refuse names that the district does not have."""
    for key in ("region", "level", "grade", "group", "project"):
        chosen: Names | None = getattr(lever.where, key)
        if chosen is None or not scope.district.is_valid(*NAMED[key]):
            continue
        valid = scope.valid(key)
        for index, name in enumerate(chosen):
            if name is not None and name not in valid:
                at = lever.at("where", key, index)
                _unknown(key, name, valid, at, problems, scope.titles(key))
    for own in OWN_KEYS:
        said = getattr(lever, own)
        for key in type(said).model_fields if said is not None else ():
            name, at = getattr(said, key), lever.at(own, key)
            if name is None:
                continue
            if key.endswith("region"):
                _leaf(name, scope, at, problems)
            elif key.endswith("level"):
                _level(key, name, scope, at, problems)


def _by_kind(lever: Lever, scope: Scope, problems: Problems) -> None:
    """Ask what the lever's kind asks, where the parts are sure that the question needs."""
    if lever.kind in _CHECKS:
        check, parts = _CHECKS[lever.kind]
        if scope.district.is_valid(*parts):
            check(lever, scope, problems)


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


def _level(key: str, name: str, scope: Scope, at: At, problems: Problems) -> None:
    if scope.district.is_valid("levels") and name not in (valid := scope.valid("level")):
        _unknown(key, name, valid, at, problems, scope.titles("level"))


def _leaf(name: str, scope: Scope, at: At, problems: Problems) -> None:
    if scope.district.is_valid("regions"):
        check_leaf(name, scope.district.regions, scope.district.leaf_regions, at, problems)


def _years(lever: Lever, horizon: Horizon, problems: Problems) -> None:
    late = lever.from_ is not None and lever.from_ > horizon.last_year
    early = lever.until is not None and lever.until < horizon.base_year
    if late or (early and not _acts_early(lever.kind)):
        at = lever.at("from") if late else lever.at("until")
        problems.warning("lever-outside", at, base=horizon.base_year, last=horizon.last_year)


def _acts_early(kind: str) -> bool:
    """Whether its years are those of births or of completed homes, long before any pupil."""
    return VARIABLES.get(kind, ("",))[0] == "year"


def _chosen(lever: Lever, cells: Cells, scope: Scope, problems: Problems) -> None:
    empty = [axis for axis, chosen in zip(cells_of(lever.kind), cells, strict=True) if not chosen]
    if not any(scope.district.is_valid(*NAMED[axis], "regions", "within") for axis in empty):
        return
    if cells_of(lever.kind) == ("project",):
        problems.warning("lever-idle", lever.at("where"))
    else:
        problems.error("lever-empty", lever.at("where"))


def _progression(lever: Lever, scope: Scope, problems: Problems) -> None:
    for index, grade in enumerate(lever.where.grade or ()):
        if grade == scope.district.first_grade:
            at = lever.at("where", "grade", index)
            problems.error("lever-first-grade", at, grade=grade)


def _onward(lever: Lever, scope: Scope, problems: Problems) -> None:
    first = scope.district.levels[0].code
    for index, level in enumerate(lever.where.level or ()):
        if level == first:
            problems.error("lever-first-level", lever.at("where", "level", index), level=level)
    chosen = scope.levels(lever)
    unstated = [lv.code for lv in scope.district.levels if lv.code in chosen and lv.onward is None]
    if not scope.district.is_valid("onward"):
        return
    if lever.form != "times" and unstated:
        at = lever.at(lever.form or "kind")
        problems.error("lever-onward", at, levels=", ".join(unstated))


def _entry(lever: Lever, scope: Scope, problems: Problems) -> None:
    held = [r for r in scope.district.leaf_regions if r in scope.regions(lever) - scope.born]
    if lever.form != "times" and held:
        problems.error("lever-entry", lever.at(lever.form or "kind"), regions=", ".join(held))


def _births(lever: Lever, scope: Scope, problems: Problems) -> None:
    if not scope.district.has("births"):
        problems.error("lever-table", lever.at("kind"), table=TABLES["births"].term)


def _housing(lever: Lever, scope: Scope, problems: Problems) -> None:
    if not scope.district.has("yields"):
        problems.error("lever-table", lever.at("kind"), table=TABLES["yields"].term)


def _delay(lever: Lever, scope: Scope, problems: Problems) -> None:
    for index, project in enumerate(lever.where.project or ()):
        if scope.projects.get(project, ("", ""))[1] == "open":
            at = lever.at("where", "project", index)
            problems.warning("lever-open", at, project=project)


def _add_project(lever: Lever, scope: Scope, problems: Problems) -> None:
    row = lever.add_project
    if row is None:
        return
    fields = ProjectRow.model_fields
    if row["region"] is not None:
        _leaf(str(row["region"]), scope, lever.at("add_project", "region"), problems)
    if row["project"] in scope.projects:
        at = lever.at("add_project", "project")
        problems.error("project-twice", at, project=row["project"])
    if not scope.district.is_valid("levels"):
        return
    valid = [f"{PLACES}{level}" for level in scope.valid("level")]
    for key in row:
        if key not in fields and key not in valid:
            names = (*fields, *valid)
            at, close = lever.key_at("add_project", key), nearest(key, names)
            problems.error("key-unknown", at, key=key, valid=terms(names), nearest=close)
    part = isinstance(lever, PartialLever)
    if not part and (facts := _decided_late(row)):
        problems.error("project-decided-late", lever.at("add_project", "decide_by"), **facts)
    if not any(key.startswith(PLACES) if part else key in valid and row[key] for key in row):
        problems.error("project-no-places", lever.at("add_project"), valid=" / ".join(valid))


def _decided_late(row: Mapping[str, object]) -> dict[str, int]:
    """Return the years of a project that is decided on only after it opens."""
    decide_by, opens = row["decide_by"], row["opens"]
    late = isinstance(decide_by, int) and isinstance(opens, int) and decide_by > opens
    return {"found": decide_by, "opens": opens} if late else {}  # type: ignore[dict-item]


def _close(lever: Lever, scope: Scope, problems: Problems) -> None:
    said = lever.close
    if said is None or said.school is None:
        return
    places = scope.district.table("places")
    here = places[(places["region"] == said.region) & (places["level"] == said.level)]
    schools = tuple(sorted(set(here["school"]) - {""}))
    if said.school not in schools:
        _unknown("school", said.school, schools, lever.at("close", "school"), problems)


def _convert(lever: Lever, scope: Scope, problems: Problems) -> None:
    if lever.convert is not None and lever.convert.from_level == lever.convert.to_level:
        at = lever.at("convert", "to_level")
        problems.error("lever-same", at, one="from_level", other="to_level")


def _rezone(lever: Lever, scope: Scope, problems: Problems) -> None:
    if lever.rezone is not None and lever.rezone.from_region == lever.rezone.to_region:
        at = lever.at("rezone", "to_region")
        problems.error("lever-same", at, one="from_region", other="to_region")


_Check = Callable[[Lever, Scope, Problems], None]
#: What each kind asks, and the tables and parts of district.yaml that it asks.
_CHECKS: Mapping[str, tuple[_Check, tuple[str, ...]]] = {
    "progression": (_progression, ("levels",)),
    "onward_share": (_onward, ("levels",)),
    "add_project": (_add_project, ()),
    "convert": (_convert, ()),
    "rezone": (_rezone, ()),
    "entry": (_entry, ("births", "children", "regions", "within")),
    "births": (_births, ("births",)),
    "housing": (_housing, ("yields",)),
    "delay": (_delay, ()),
    "close": (_close, ("places",)),
}


def _set_once(sets: Sequence[tuple[Lever, Cells]], problems: Problems) -> None:
    """Refuse a second set of a cell and year, unless it says that it replaces the first."""
    for (first, cells), (second, others) in combinations(sets, 2):
        if second.replaces or not first.acts_with(second):
            continue
        if all(one & other for one, other in zip(cells, others, strict=True)):
            at = second.at("set")
            problems.error("lever-set-twice", at, file=first.file, line=first.line)


def _rezone_sums(levers: Sequence[Lever], horizon: Horizon, problems: Problems) -> None:
    """Refuse shares that together send away more than all entrants of a region."""
    for lever in levers:
        said = lever.rezone
        assert said is not None
        year = horizon.base_year if lever.from_ is None else lever.from_
        total = 0.0
        for other in levers:
            zone = other.rezone
            assert zone is not None
            same = (zone.from_region, zone.level) == (said.from_region, said.level)
            begun = other.from_ is None or other.from_ <= year
            if same and begun and (other.until is None or other.until >= year):
                total += zone.share
        if total > 1 + _ROUNDING:
            facts = {"region": said.from_region, "level": said.level, "year": year}
            problems.error("rezone-sum", lever.at("rezone", "share"), total=total, **facts)
