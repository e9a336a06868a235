"""A district folder: district.yaml and its tables as one frozen object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

import pandas as pd

from capacity.base.errors import At, Problem, Problems
from capacity.base.fields import Fixed, Texts
from capacity.base.shown import Shown
from capacity.inputs.districts.checks import check_tables, leaves
from capacity.inputs.districts.declared import (
    DistrictFile,
    Entry,
    Level,
    Region,
    Targets,
    titles_of,
)
from capacity.inputs.districts.parts import read_parts
from capacity.inputs.districts.stock import with_counted_places
from capacity.inputs.documents.events import Mark
from capacity.inputs.documents.yaml import Document, read_yaml
from capacity.inputs.tables.read import Tables, read_tables
from capacity.inputs.tables.records import Change, InputFile
from capacity.inputs.tables.text import is_within

DISTRICT_FILE = "district.yaml"


@dataclass(frozen=True, repr=False)
class District(Shown):
    """What is known of a district at its time.

    Attributes
    ----------
    folder : Path
        Where it was read.
    name : str
    title : Texts
    regions : tuple of Region
        In the order of the file, parents included.
    levels : tuple of Level
        By grade.
    entry : Entry or None
        None where neither births nor children are given.
    neighbours : mapping of level to pairs of regions
        Each pair once; pupils may move either way.
    targets : Targets
    files : tuple of InputFile
        Every file read.
    changes : tuple of Change
        Every cell that was not taken as written.
    warnings : tuple of Problem
    doubtful : frozenset of str
        Tables and parts of district.yaml (see `district_parts`) that have errors; empty in
        every district that is given out.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> district = capacity.load_scenario("demo/baseline.yaml").district
    >>> district
    <District example: regions=3, levels=3>
    >>> district.table("births").columns[:3].tolist()
    ['year', 'region', 'births']
    """

    folder: Path
    name: str
    title: Texts
    regions: tuple[Region, ...]
    levels: tuple[Level, ...]
    entry: Entry | None
    neighbours: Mapping[str, tuple[tuple[str, str], ...]]
    targets: Targets
    files: tuple[InputFile, ...]
    changes: tuple[Change, ...]
    warnings: tuple[Problem, ...]
    _frames: Mapping[str, pd.DataFrame] = field(compare=False)
    doubtful: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        counts = f"regions={len(self.leaf_regions)}, levels={len(self.levels)}"
        return f"<District {self.name}: {counts}>"

    def sure(self, *parts: str) -> bool:
        """Tell whether tables and parts of district.yaml are without errors."""
        return self.doubtful.isdisjoint(parts)

    def table(self, name: str) -> pd.DataFrame:
        """Give a copy of a table; without rows where the folder has none.

        Parameters
        ----------
        name : str
            As its file, without ending: ``enrolment``. Empty cells are nan, or "" in text.

        Raises
        ------
        KeyError
            There is no such table.
        """
        if name not in self._frames:
            raise KeyError(f"no table {name!r}: one of {', '.join(self._frames)}")
        return self._frames[name].copy()

    def has(self, name: str) -> bool:
        """Tell whether a table has rows."""
        return name in self._frames and not self._frames[name].empty

    @property
    def leaf_regions(self) -> tuple[str, ...]:
        """Codes of the regions without regions within them: those of the tables."""
        parents = {region.within for region in self.regions}
        return tuple(region.code for region in self.regions if region.code not in parents)

    def children_of(self, region: str) -> tuple[str, ...]:
        """Give the leaf regions within a region; a leaf gives itself."""
        below = [part.code for part in self.regions if part.within == region]
        return tuple(leaf for part in below for leaf in self.children_of(part)) or (region,)

    @property
    def grades(self) -> tuple[int, ...]:
        """All grades, from the first of all."""
        return tuple(grade for v in self.levels for grade in range(v.grades[0], v.grades[1] + 1))

    @property
    def first_grade(self) -> int:
        """The grade into which births and children come."""
        return self.levels[0].grades[0]

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups that enrolment or births name, by code; without "" (no group)."""
        names = {*self._frames["enrolment"]["group"], *self._frames["births"]["group"]}
        return tuple(sorted(names - {""}))

    def level_of(self, grade: int) -> Level:
        """Give the level to which a grade belongs."""
        for level in self.levels:
            if level.grades[0] <= grade <= level.grades[1]:
                return level
        raise KeyError(grade)

    def level(self, code: str) -> Level:
        """Give the level of a code."""
        for level in self.levels:
            if level.code == code:
                return level
        raise KeyError(code)


def load_district(folder: Path, problems: Problems) -> District | None:
    """Read a district folder.

    Parameters
    ----------
    folder : Path
        Holds district.yaml and the tables.
    problems : Problems
        Takes what is wrong, in all its files.

    Returns
    -------
    District or None
        None where there are errors.
    """
    own = Problems()
    district = read_district(folder, own)
    problems.extend(own)
    return None if own.errors else district


def read_district(folder: Path, problems: Problems) -> District | None:
    """Read a district folder, with what can be told of parts that have errors.

    None only where there is nothing to read.
    """
    file = folder / DISTRICT_FILE
    if not folder.is_dir():
        problems.error("district-folder", At(str(folder)))
        return None
    if not is_within(file, folder):
        problems.error("file-outside", At(str(file), 1, 1))
        return None
    of_file = Problems()
    document, record = read_yaml(file, of_file, DISTRICT_FILE)
    problems.extend(of_file)
    if document is None and not file.exists():
        return None
    if document is None:
        document = Document({}, Mark(At(str(file), 1, 1), broken=True, partial=True))
    declared, doubtful = read_parts(document, problems, sound=not of_file.errors)
    tables = _tables(folder, declared, doubtful, problems)
    doubtful |= tables.doubtful
    if not tables.has("enrolment") and "enrolment" not in doubtful:
        problems.error("enrolment-missing", At(str(folder / "enrolment.csv")))
    levels = tuple(sorted(declared.levels, key=lambda level: level.grades))
    frames = dict(tables.frames)
    if not doubtful & {"levels", "class_size"}:
        frames["places"] = with_counted_places(frames["places"], levels, problems)
    check_tables(declared, frames, document, problems, doubtful)
    return District(
        folder=folder,
        name=declared.name,
        title=declared.title,
        regions=declared.regions,
        levels=levels,
        entry=declared.entry,
        neighbours=_pairs(declared.neighbours),
        targets=declared.targets,
        files=(*([record] if record else []), *tables.files),
        changes=tables.changes,
        warnings=problems.warnings,
        doubtful=doubtful,
        _frames=Fixed(frames),
    )


def _tables(
    folder: Path, declared: DistrictFile, doubtful: frozenset[str], problems: Problems
) -> Tables:
    """Read the tables, with the codes of district.yaml as far as they can be told."""
    regions = leaves(declared.regions)
    if "within" in doubtful:
        regions = tuple(region.code for region in declared.regions)
    levels = sorted(((level.code, level.grades) for level in declared.levels), key=itemgetter(1))
    return read_tables(
        folder,
        regions=None if "regions" in doubtful else regions,
        levels=None if "levels" in doubtful else levels,
        titles=titles_of(declared.levels),
        region_titles=titles_of(r for r in declared.regions if r.code in regions),
        problems=problems,
    )


def _pairs(
    neighbours: Mapping[str, tuple[tuple[str, str], ...]],
) -> Fixed[str, tuple[tuple[str, str], ...]]:
    """Name each pair of neighbours once, whichever way round it is given."""
    once: dict[str, dict[frozenset[str], tuple[str, str]]] = {}
    for level, pairs in neighbours.items():
        for pair in pairs:
            once.setdefault(level, {}).setdefault(frozenset(pair), pair)
    return Fixed({level: tuple(pairs.values()) for level, pairs in once.items()})
