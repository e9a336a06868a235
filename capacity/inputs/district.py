"""A district folder: district.yaml and its tables as one frozen object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import index
from pathlib import Path

import pandas as pd

from capacity.errors import At, Problem, Problems, register
from capacity.inputs.district_checks import GRADES, check_district_file, check_tables
from capacity.inputs.district_file import DistrictFile, Entry, Level, Region, Targets
from capacity.inputs.fields import Texts, as_code
from capacity.inputs.records import Change, InputFile
from capacity.inputs.shapes import checked
from capacity.inputs.stock import with_counted_places
from capacity.inputs.tables import Tables, read_tables
from capacity.inputs.words_district import MESSAGES
from capacity.inputs.yaml import Document, read_yaml

DISTRICT_FILE = "district.yaml"
#: Faults after which every row of a table would be a problem of its own.
_MISLEADING = ("code-twice", "region-cycle", "grades-order", "grades-overlap")

register(MESSAGES)


@dataclass(frozen=True)
class District:
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
    _frames: Mapping[str, pd.DataFrame] = field(repr=False)

    def table(self, name: str) -> pd.DataFrame:
        """Give a copy of a table; without rows where the folder has none."""
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
    """Read a district folder, with what can be read of tables that have errors."""
    if not folder.is_dir():
        problems.error("district-folder", At(str(folder)))
        return None
    if not (folder / DISTRICT_FILE).resolve().is_relative_to(folder.resolve()):
        problems.error("file-outside", At(str(folder / DISTRICT_FILE)))
        return None
    document, record = read_yaml(folder / DISTRICT_FILE, problems, DISTRICT_FILE)
    if document is None or record is None:
        return None
    declared = checked(DistrictFile, document, problems)
    if declared is not None:
        check_district_file(declared, document, problems)
    sound = not problems.errors
    codes_sound = not any(problem.code in _MISLEADING for problem in problems.errors)
    tables = _tables(folder, document, problems) if codes_sound else None
    if declared is None or tables is None or not sound:
        return None
    if not tables.has("enrolment"):
        problems.error("enrolment-missing", At(str(folder)))
    levels = tuple(sorted(declared.levels, key=lambda level: level.grades))
    frames = dict(tables.frames)
    frames["places"] = with_counted_places(frames["places"], levels, problems)
    if not problems.errors:
        check_tables(declared, frames, document, problems)
    return District(
        folder=folder,
        name=declared.name,
        title=declared.title,
        regions=declared.regions,
        levels=levels,
        entry=declared.entry,
        neighbours=_pairs(declared.neighbours),
        targets=declared.targets,
        files=(record, *tables.files),
        changes=tables.changes,
        warnings=problems.warnings,
        _frames=frames,
    )


def _tables(folder: Path, document: Document, problems: Problems) -> Tables | None:
    """Read the tables even where district.yaml has faults, if its codes can be told."""
    regions, levels = document.data.get("regions"), document.data.get("levels")
    if not isinstance(regions, tuple) or not isinstance(levels, tuple):
        return None
    try:
        parents = {region.get("within") for region in regions}
        codes = [as_code(region["code"]) for region in regions]
        grades = [
            (as_code(level["code"]), (index(level["grades"][0]), index(level["grades"][1])))
            for level in levels
        ]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None
    leaves = [code for code in codes if code not in parents]
    if not leaves or len(set(codes)) < len(codes) or parents - {None, *codes}:
        return None
    if not all(GRADES[0] <= first <= last <= GRADES[1] for _, (first, last) in grades):
        return None
    grades.sort(key=lambda level: level[1])
    return read_tables(folder, regions=leaves, levels=grades, problems=problems)


def _pairs(
    neighbours: Mapping[str, tuple[tuple[str, str], ...]],
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Name each pair of neighbours once, whichever way round it is given."""
    once: dict[str, dict[frozenset[str], tuple[str, str]]] = {}
    for level, pairs in neighbours.items():
        for pair in pairs:
            once.setdefault(level, {}).setdefault(frozenset(pair), pair)
    return {level: tuple(pairs.values()) for level, pairs in once.items()}
