"""A district folder: district.yaml and its tables as one frozen object."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

import pandas as pd

from capacity.base.errors import At, Problem, Problems
from capacity.base.fields import Fixed, Texts
from capacity.base.shown import HtmlRepr
from capacity.base.titles import Titles
from capacity.inputs.districts.checks import check_tables, with_counted_places
from capacity.inputs.districts.dates import check_dates
from capacity.inputs.districts.declared import (
    DistrictFile,
    Entry,
    Level,
    Lines,
    Region,
    Targets,
    leaves,
    titles_by_code,
    titles_of,
)
from capacity.inputs.districts.framed import records_of, texts_of
from capacity.inputs.districts.outlines import Outlines, outlines_of, read_outlines
from capacity.inputs.districts.parts import read_parts
from capacity.inputs.districts.streams import level_taking
from capacity.inputs.documents.jsonfile import parse_json
from capacity.inputs.documents.yaml import Document, Mark, as_document, read_yaml
from capacity.inputs.tables.files import InputFile, is_dir, is_within
from capacity.inputs.tables.folder import Tables, read_tables
from capacity.inputs.tables.frames import DEEP
from capacity.inputs.tables.named import to_rename
from capacity.inputs.tables.names import Stated
from capacity.inputs.tables.sheets import FRAMES, Change

DISTRICT_FILE = "district.yaml"
#: What outlines are called among frames.
OUTLINES = "outlines"


@dataclass(frozen=True, repr=False)
class District(HtmlRepr, page="capacity.render.pages.inputs"):
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
    bands : Lines
    targets : Targets
    grade_names : mapping of grade to Texts
    school_years : str
        How English texts call a school year: "2026" or "2026/27".
    headline : str
        ``all``, or ``levels`` where places of different levels are not added up.
    files : tuple of InputFile
        Every file read.
    changes : tuple of Change
        Every cell that was not taken as written.
    warnings : tuple of Problem
    invalid : frozenset of str
        Tables and parts of district.yaml (see `parts`) that have errors; empty in
        every district that is given out.
    outlines : Outlines or None
        Of its regions, for maps; None where the folder has none.
    texts : mapping of str to str
        Of a district of frames, what its files would hold, by their names.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> district = capacity.load_scenario("demo/baseline.yaml").district
    >>> district
    <District demo: regions=3, levels=3>
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
    bands: Lines
    targets: Targets
    grade_names: Mapping[int, Texts]
    school_years: str
    headline: str
    files: tuple[InputFile, ...]
    changes: tuple[Change, ...]
    warnings: tuple[Problem, ...]
    _frames: Mapping[str, pd.DataFrame] = field(compare=False)
    invalid: frozenset[str] = frozenset()
    outlines: Outlines | None = field(default=None, compare=False)
    texts: Mapping[str, str] = field(default_factory=Fixed, compare=False)

    @classmethod
    def from_frames(cls, tables: Mapping[str, Any]) -> District:
        """Return the district that frames are of, read and checked as files are.

        Parameters
        ----------
        tables : mapping of str to DataFrame
            By the names of tables, with the columns that their files may have; and under
            ``district`` what ``district.yaml`` states, as a mapping. Under ``outlines``, where
            there are any, those of its regions as GeoJSON, a mapping too.

        Returns
        -------
        District
            It needs no files; `capacity.Scenario.of` asks a question about it. A run of it keeps
            what its files would hold.

        Raises
        ------
        capacity.InputError
            With every problem, at its frame, row (the first is 2) and column.

        Examples
        --------
        >>> import pandas as pd
        >>> pupils = pd.DataFrame(
        ...     [(year, "north", grade, 100) for year in (2024, 2025) for grade in (1, 2)],
        ...     columns=["year", "region", "grade", "pupils"],
        ... )
        >>> level = {"code": "primary", "grades": [1, 2], "class_size": 40}
        >>> declared = {"name": "two", "regions": [{"code": "north"}], "levels": [level]}
        >>> District.from_frames({"district": declared, "enrolment": pupils})
        <District two: regions=1, levels=1>
        """
        problems = Problems()
        stated = as_document(tables.get("district", {}), FRAMES)
        frames = {name: of for name, of in tables.items() if name not in ("district", OUTLINES)}
        parts = read_parts(stated, problems, sound=True)
        district = _district(Path(FRAMES), frames, stated, parts, problems)
        outlines = None
        if (drawn := tables.get(OUTLINES)) is not None:
            text = json.dumps(drawn, ensure_ascii=False)
            document = parse_json(text, f"{FRAMES}[{OUTLINES}]", problems)
            if document is not None:
                outlines = outlines_of(document, district.regions, district.titles, problems)
        problems.raise_errors()
        texts = texts_of(DISTRICT_FILE, stated.data, frames, drawn)
        return replace(
            district,
            files=records_of(district.folder, texts, frames),
            warnings=problems.warnings,
            texts=Fixed(texts),
            outlines=outlines,
        )

    def __repr__(self) -> str:
        counts = f"regions={len(self.leaf_regions)}, levels={len(self.levels)}"
        return f"<District {self.name}: {counts}>"

    def is_valid(self, *parts: str) -> bool:
        """Whether tables and parts of district.yaml are without errors."""
        return self.invalid.isdisjoint(parts)

    def table(self, name: str) -> pd.DataFrame:
        """Return a copy of a table; without rows where the folder has none.

        Parameters
        ----------
        name : str
            As its file, without ending: ``enrolment``. Empty cells are nan, or "" in text. Beside
            the columns of the file stand where each row was read (``file``, ``line``) and which
            counts are withheld (``withheld_pupils`` and the like): `from_frames` takes no marks.

        Raises
        ------
        KeyError
            There is no such table.
        """
        if name not in self._frames:
            raise KeyError(f"no table {name!r}: one of {', '.join(self._frames)}")
        return self._frames[name].copy(deep=DEEP)

    def has(self, name: str) -> bool:
        """Whether a table has rows."""
        return name in self._frames and not self._frames[name].empty

    @cached_property
    def titles(self) -> Titles:
        """Titles of regions and levels, as messages name them."""
        return titles_by_code(self.regions, self.levels)

    @property
    def leaf_regions(self) -> tuple[str, ...]:
        """Codes of the regions without regions within them: those of the tables."""
        return leaves(self.regions)

    def children_of(self, region: str) -> tuple[str, ...]:
        """Return the leaf regions within a region; itself where it is a leaf."""
        below = self._parts.get(region, ())
        return tuple(leaf for part in below for leaf in self.children_of(part)) or (region,)

    @cached_property
    def _parts(self) -> Mapping[str, Sequence[str]]:
        """Codes of the regions directly within each region that has any."""
        parts: dict[str, list[str]] = {}
        for region in self.regions:
            if region.within is not None:
                parts.setdefault(region.within, []).append(region.code)
        return parts

    @property
    def grades(self) -> tuple[int, ...]:
        """All grades, from the first of all; once where levels share them."""
        spans = (range(level.grades[0], level.grades[1] + 1) for level in self.levels)
        return tuple(sorted({grade for span in spans for grade in span}))

    @property
    def first_grade(self) -> int:
        """The grade into which births and children come."""
        return self.levels[0].grades[0]

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups that enrolment or births name, by code; without "" (no group)."""
        names = {*self._frames["enrolment"]["group"], *self._frames["births"]["group"]}
        return tuple(sorted(names - {""}))

    def level_of(self, grade: int, group: str = "") -> Level | None:
        """Return the level to which a group's pupils of a grade belong; None where none does."""
        return level_taking(self.levels, grade, group)

    def pools_of(self, level: Level) -> tuple[tuple[str, ...], ...]:
        """Return the sets of regions in which the places of a level serve all; none by default."""
        if isinstance(level.pool, tuple):
            return level.pool
        return (tuple(sorted(self.leaf_regions)),) if level.pool == "district" else ()

    def sharing(self, level: Level) -> frozenset[str]:
        """Return the regions whose places of a level serve others too: they cut a set.

        Where the district is one set, all of them.
        """
        sets = [frozenset(one) for one in self.pools_of(level)]
        leaves = {region.code: frozenset(self.children_of(region.code)) for region in self.regions}
        if level.pool == "district":
            return frozenset(leaves)
        return frozenset(
            code for code, of in leaves.items() for one in sets if of & one and not of >= one
        )

    def level(self, code: str) -> Level:
        """Return the level of a code."""
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
    if not is_dir(folder):
        problems.error("district-folder", At(str(folder)))
        return None
    if not is_within(file, folder):
        problems.error("file-outside", At(str(file), 1, 1))
        return None
    if not file.exists():
        problems.error("folder-without", At(str(folder)), folder=folder)
        return None
    of_file = Problems()
    document, record = read_yaml(file, of_file, DISTRICT_FILE)
    problems.extend(of_file)
    if document is None:
        document = Document({}, Mark(At(str(file), 1, 1), broken=True, partial=True))
    parts = read_parts(document, problems, sound=not of_file.errors)
    return _district(folder, folder, document, parts, problems, record)


def _district(
    folder: Path,
    source: Path | Mapping[str, pd.DataFrame],
    document: Document,
    parts: tuple[DistrictFile, frozenset[str]],
    problems: Problems,
    record: InputFile | None = None,
) -> District:
    """Return the district of a declaration and its tables, with what can be told of both."""
    declared, invalid = parts
    tables = _read_tables(source, declared, invalid, problems)
    invalid |= tables.invalid
    if not tables.has("enrolment") and "enrolment" not in invalid:
        meant = [name for name, table in tables.unread if table == "enrolment"]
        at = At(str(folder / "enrolment.csv"))
        problems.error("enrolment-missing", at, rename=to_rename(meant))
    levels = tuple(sorted(declared.levels, key=lambda level: level.grades))
    frames = dict(tables.frames)
    if not invalid & {"levels", "class_size"}:
        frames["places"] = with_counted_places(frames["places"], levels, problems)
    check_tables(declared, frames, document, problems, invalid)
    check_dates(frames, declared.entry, invalid, problems)
    outlines, drawn = _read_outlines(source, declared, invalid, problems)
    return District(
        folder=folder,
        name=declared.name,
        title=declared.title,
        regions=declared.regions,
        levels=levels,
        entry=declared.entry,
        neighbours=_pairs(declared.neighbours),
        bands=declared.bands,
        targets=declared.targets,
        grade_names=declared.grade_names,
        school_years=declared.school_years,
        headline=declared.headline,
        files=(*([record] if record else []), *tables.files, *([drawn] if drawn else [])),
        changes=tables.changes,
        warnings=problems.warnings,
        invalid=invalid,
        _frames=Fixed(frames),
        outlines=outlines,
    )


def _read_outlines(
    source: Path | Mapping[str, pd.DataFrame],
    declared: DistrictFile,
    invalid: frozenset[str],
    problems: Problems,
) -> tuple[Outlines | None, InputFile | None]:
    """Read the outlines of a folder, for the regions of district.yaml where these can be told."""
    if not isinstance(source, Path):
        return None, None
    regions = None if invalid & {"regions", "within"} else declared.regions
    titles = titles_by_code(declared.regions, declared.levels)
    return read_outlines(source, regions, titles, problems)


def _read_tables(
    folder: Path | Mapping[str, pd.DataFrame],
    declared: DistrictFile,
    invalid: frozenset[str],
    problems: Problems,
) -> Tables:
    """Read the tables, with the codes of district.yaml as far as they can be told."""
    regions = leaves(declared.regions)
    if "within" in invalid:
        regions = tuple(region.code for region in declared.regions)
    levels = sorted(((level.code, level.grades) for level in declared.levels), key=itemgetter(1))
    entry = declared.entry
    return read_tables(
        folder,
        regions=None if "regions" in invalid else regions,
        levels=None if "levels" in invalid else levels,
        titles=titles_of(declared.levels),
        region_titles=titles_of(r for r in declared.regions if r.code in regions),
        stated=Stated(
            entry.births_year_ends if entry and entry.says_births_year_ends else None,
            declared.withheld,
            {level.code: level.class_size for level in declared.levels},
        ),
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
