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
from capacity.inputs.tables.columns import PLACES, Column, tables_for
from capacity.templates.content import Cell, Content, Filled, of_district, titles_of
from capacity.templates.examples import Example

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District

#: Keys of an example's tables that are codes of their own: each is there once, and whole.
_ONCE = ("project", "unit")


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
    def _levels(self) -> Mapping[int, str]:
        """The district's levels by the example's grades."""
        levels = self.district.levels
        return {self._alike(grade): level.code for level in levels for grade in _of(level)}

    @cached_property
    def level_of(self) -> Mapping[str, str]:
        """The district's level of each of the example's: that with children as old as its first.

        One of each, and the district's first for none but the example's first.
        """
        found: dict[str, str] = {}
        for level in self.model.levels:
            ours = self._levels.get(level.grades[0])
            firsts = level.grades[0] == _first(self.model), ours == self.district.levels[0].code
            if ours is not None and ours not in found.values() and firsts != (False, True):
                found[level.code] = ours
        return found

    def _nearest(self, code: str) -> str:
        """Return the district's level whose children are nearest in age to one of the example's."""
        first = next(level.grades[0] for level in self.model.levels if level.code == code)
        return self._levels[min(self._levels, key=lambda grade: abs(grade - first))]

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
        """Give each level whole classes: so many for its fullest year as where most are spare."""
        years = {year for year, _, _ in self._counted}

        def fullest(count: Callable[[int, str, int], float], given: str, level: Level) -> float:
            return max(sum(count(year, given, grade) for grade in _of(level)) for year in years)

        levels = {level.code: level for level in self.model.levels}
        each: list[float] = []  # places for a pupil
        for row in _rows(filled):
            level = levels[str(row["level"])]
            places = float(row["places"] or 0) or float(row["classes"] or 0) * level.class_size
            there = fullest(lambda *cell: self._counted[cell], str(row["region"]), level)
            each.append(places / there)
        rows: list[dict[str, Cell]] = []
        for region, given in self.taken.items():
            for level in self.district.levels:
                pupils = fullest(self._pupils, given, level)
                classes = math.ceil(pupils * max(each) / level.class_size)
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
        once = next((name for name in filled.spec.key if name in _ONCE), "")
        rounds = self.rounds[:1] if once else self.rounds
        if len(named) > 1 and len(self.regions) % len(self.given.regions):
            rounds = ()  # flows from some regions alone
        made = [
            (row, self._translated(row, filled, dealt)) for dealt in rounds for row in _rows(filled)
        ]
        parts = {row[once] for row, said in made if once and said is None}
        told = [said for row, said in made if said is not None and row.get(once) not in parts]
        kept = {tuple(row.items()): row for row in told}
        return _refilled(replace(filled, spec=spec), kept.values())

    def _translated(
        self, row: Mapping[str, Cell], filled: Filled, dealt: Mapping[str, str]
    ) -> dict[str, Cell] | None:
        """Return a row in the codes of the district; None where it has no such."""
        said: dict[str, Cell] = {}
        for column in filled.columns:
            name, cell = column.name, row[column.name]
            if name.startswith(PLACES):
                places = f"{PLACES}{self._nearest(name.removeprefix(PLACES))}"
                said[places] = float(said.get(places) or 0) + float(cell or 0) or None
            elif name != "title":  # that of a school in a region of the example
                said[name] = self._meant(column, cell, dealt)
                if cell is not None and said[name] is None:
                    return None
        return said

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
