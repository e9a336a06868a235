"""An example's figures for a district that has none yet: its regions, its levels, its class sizes.

Regions take the figures of the example's regions in turn. Grades take those of children of the same
age: where the example has no such grade, below its first the births of the cohort, above its last
that one's pupils.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from capacity.base.axes import ALL
from capacity.inputs.districts.declared import DistrictFile, Level, leaves
from capacity.inputs.tables.columns import PLACES, Column
from capacity.inputs.tables.headers import tables_for
from capacity.templates.content import Cell, Content, Filled, of_district, titles_of
from capacity.templates.examples import Example

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District

#: Keys of an example's tables that are codes of their own: each row is there once.
_ONCE = ("project",)


def fitted(example: Example, district: District) -> Content:
    """Return tables for a district without enrolment: its own, the others filled by an example.

    Parameters
    ----------
    example : Example
    district : District
        Its codes stand in the tables.
    """
    made = _Fit(example.content(), example.district, district).content(example)
    own = {filled.spec.name: filled for filled in of_district(district)}
    further = tuple(own[name] for name in own.keys() - {one.spec.name for one in made.tables})
    return replace(
        made,
        tables=(*(own.get(one.spec.name, one) for one in made.tables), *further),
        optional=tuple(one for one in made.optional if one.spec.name not in own),
    )


@dataclass(frozen=True)
class _Fit:
    """The tables of an example, the district that they are of, and the one that they are for."""

    given: Content
    model: DistrictFile
    district: District

    def content(self, example: Example) -> Content:
        """Return the tables, each as far as the district has what it is about."""
        made: Mapping[str, Callable[[Filled], Filled]] = {
            "enrolment": self._enrolment,
            "births": self._by_region,
            "children": self._by_region,
            "places": self._places,
        }
        unborn = () if self.district.entry else ("births", "children")  # nobody could use them
        fitted = {
            filled.spec.name: made.get(filled.spec.name, self._other)(filled)
            for filled in (*self.given.tables, *self.given.optional)
            if filled.spec.name not in unborn
        }
        return Content(
            tuple(fitted[one.spec.name] for one in self.given.tables if one.spec.name in fitted),
            self.regions,
            titles_of(self.district),
            example.grades(self.district),
            tuple(
                fitted[one.spec.name]
                for one in self.given.optional
                if one.spec.name in fitted and fitted[one.spec.name].rows
            ),
        )

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The regions that tables are about."""
        return leaves(self.district.regions)

    @cached_property
    def rounds(self) -> tuple[Mapping[str, str], ...]:
        """The district's regions by the example's, whose figures they take, round by round."""
        given = self.given.regions
        starts = range(0, len(self.regions), len(given))
        return tuple(dict(zip(given, self.regions[start:], strict=False)) for start in starts)

    @cached_property
    def taken(self) -> Mapping[str, str]:
        """The region of the example whose figures each region takes."""
        return {region: given for dealt in self.rounds for given, region in dealt.items()}

    def _alike(self, grade: int) -> int:
        """Return the example's grade of a grade: that of children as old."""
        ours, theirs = self.district.entry, self.model.entry
        if ours is None or theirs is None:
            return grade
        return grade - _first(self.district) + ours.age - theirs.age + _first(self.model)

    @cached_property
    def level_of(self) -> Mapping[str, str]:
        """The district's level of each of the example's: that with children as old as its first."""
        grades = {
            self._alike(grade): level.code for level in self.district.levels for grade in _of(level)
        }
        return {
            level.code: grades[level.grades[0]]
            for level in self.model.levels
            if level.grades[0] in grades
        }

    @cached_property
    def _counted(self) -> Mapping[tuple[Any, ...], float]:
        """The example's pupils by year, region and grade."""
        return _figures(self._given("enrolment"), ("year", "region", "grade"), "pupils")

    @cached_property
    def _born(self) -> Mapping[tuple[Any, ...], float]:
        """The example's births by year and region."""
        return _figures(self._given("births"), ("year", "region"), "births")

    def _pupils(self, year: int, given: str, grade: int) -> float:
        """Return the pupils of a grade in a region that takes the figures of a given one."""
        entry = self.model.entry
        assert entry is not None
        alike = min(self._alike(grade), max(level.grades[1] for level in self.model.levels))
        if (there := self._counted.get((year, given, alike))) is not None:
            return there
        born, years = year - (alike - _first(self.model) + entry.age), [y for y, _ in self._born]
        return self._born[min(max(born, min(years)), max(years)), given]

    def _enrolment(self, filled: Filled) -> Filled:
        rows = (
            {"year": year, "region": region, "grade": grade}
            | {"pupils": self._pupils(year, given, grade)}
            for year in dict.fromkeys(year for year, _, _ in self._counted)
            for region, given in self.taken.items()
            for level in self.district.levels
            for grade in _of(level)
        )
        return _refilled(filled, rows)

    def _places(self, filled: Filled) -> Filled:
        """Give each level whole classes, as many for its pupils in their fullest year as there."""
        years = {year for year, _, _ in self._counted}
        each: dict[tuple[str, int], float] = {}  # places for each pupil
        for row in _rows(filled):
            level = next(one for one in self.model.levels if one.code == row["level"])
            places = float(row["places"] or 0) or float(row["classes"] or 0) * level.class_size
            given, grades = str(row["region"]), _of(level)
            fullest = max(sum(self._counted[year, given, g] for g in grades) for year in years)
            each |= {(given, grade): places / fullest for grade in grades}
        low, high = (pick(grade for _, grade in each) for pick in (min, max))

        def needed(year: int, given: str, grade: int) -> float:
            alike = min(max(self._alike(grade), low), high)
            return self._pupils(year, given, grade) * each[given, alike]

        rows: list[dict[str, Cell]] = []
        for region, given in self.taken.items():
            for level in self.district.levels:
                places = max(sum(needed(year, given, g) for g in _of(level)) for year in years)
                classes = math.ceil(places / level.class_size)
                row = {"region": region, "level": level.code}
                rows.append(row | {"places": classes * level.class_size})
        return _refilled(filled, rows)

    def _by_region(self, filled: Filled) -> Filled:
        """Give each region the rows of the one whose figures it takes, for children as old."""
        ours, theirs = self.district.entry, self.model.entry
        assert ours is not None and theirs is not None
        older = ours.age - theirs.age
        rows = []
        for region, given in self.taken.items():
            for row in _rows(filled):
                if row["region"] == given:
                    age = {"age": float(row["age"] or 0) + older} if "age" in row else {}
                    rows.append({**row, "region": region, **age})
        return _refilled(filled, [row for row in rows if float(row.get("age") or 0) >= 0])

    def _other(self, filled: Filled) -> Filled:
        """Give the rows whose regions, levels and grades have their like in the district."""
        spec = tables_for(titles_of(self.district), titles_of(self.district))[filled.spec.name]
        named = [column for column in filled.columns if column.kind == "region"]
        rounds = self.rounds[:1] if {*filled.spec.key} & {*_ONCE} else self.rounds
        if len(named) > 1 and len(self.regions) % len(self.given.regions):
            rounds = ()  # flows from some regions alone
        rows = (self._translated(row, filled, dealt) for dealt in rounds for row in _rows(filled))
        kept = {tuple(row.items()): row for row in rows if row is not None}
        return _refilled(replace(filled, spec=spec), kept.values())

    def _translated(
        self, row: Mapping[str, Cell], filled: Filled, dealt: Mapping[str, str]
    ) -> dict[str, Cell] | None:
        """Return a row in the codes of the district; None where it has no such."""
        said: dict[str, Cell] = {}
        places = False
        for column in filled.columns:
            name, cell = column.name, row[column.name]
            if name.startswith(PLACES):
                level = self.level_of.get(name.removeprefix(PLACES))
                if cell is not None and level is not None:
                    said[f"{PLACES}{level}"] = cell
                    places = True
                continue
            # A title is that of a school in a region of the example.
            meant = None if name == "title" else self._meant(column, cell, dealt)
            if cell is not None and meant is None and name != "title":
                return None
            said[name] = meant
        return said if places or "project" not in said else None

    def _meant(self, column: Column, cell: Cell, dealt: Mapping[str, str]) -> Cell:
        if cell is None or cell == ALL:
            return cell
        if column.kind == "region":
            return dealt.get(str(cell))
        if column.kind == "level":
            return self.level_of.get(str(cell))
        if column.kind == "grade":
            grades = (grade for level in self.district.levels for grade in _of(level))
            return next((grade for grade in grades if self._alike(grade) == cell), None)
        return cell

    def _given(self, name: str) -> Filled:
        return next(filled for filled in self.given.tables if filled.spec.name == name)


def _first(district: District | DistrictFile) -> int:
    return min(level.grades[0] for level in district.levels)


def _of(level: Level) -> range:
    """Return the grades of a level."""
    return range(level.grades[0], level.grades[1] + 1)


def _rows(filled: Filled) -> Iterator[dict[str, Cell]]:
    names = [column.name for column in filled.columns]
    return (dict(zip(names, row, strict=True)) for row in filled.rows)


def _figures(filled: Filled, key: Sequence[str], name: str) -> dict[tuple[Any, ...], float]:
    """Return a column of numbers by other columns, whose numbers are whole."""
    return {
        tuple(
            cell if isinstance(cell, str) else int(cell or 0) for cell in (row[one] for one in key)
        ): float(row[name] or 0)
        for row in _rows(filled)
    }


def _refilled(filled: Filled, rows: Iterable[Mapping[str, Cell]]) -> Filled:
    """Return a table with other rows, and the columns that its spec has for them.

    Columns of places are those of the levels; what every row of the example says of itself, every
    row says.
    """
    told = next(_rows(filled))
    said: dict[str, Cell] = {name: told[name] for name in ("source", "quality") if name in told}
    places = [column for column in filled.spec.columns if column.name.startswith(PLACES)]
    columns: dict[Column, None] = {}
    for column in filled.columns:
        columns |= dict.fromkeys(places if column.name.startswith(PLACES) else [column])
    whole = tuple(
        tuple(row.get(column.name, said.get(column.name)) for column in columns) for row in rows
    )
    return Filled(filled.spec, tuple(columns), whole)
