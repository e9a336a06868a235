"""Labels: what charts and terminal text know besides tidy frames, and how they pick from these."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from capacity.base.titles import cell_name, names_in, text_in, within_sentence
from capacity.base.words import LANGUAGES, grade_name, word

if TYPE_CHECKING:
    from capacity.inputs.districts.outlines import Outlines

#: The code of sums over regions or levels in every results frame.
ALL = "all"
#: The early-warning bands (学位预警) as entry.csv marks them, Chinese in every language, and the
#: word for each.
BANDS = {word(f"nouns.{band}", "zh"): band for band in ("yellow", "red")}
#: Places within which two figures are one: what sums of floats may differ by, and more.
TIE = 1e-6
#: The grades with which middle and high schools begin in six, three and three years.
_BEGIN = {7, 10}
#: Before the name of a region below the one that it lies in.
INDENT = " " * 3
#: (year, region, level)
Cell = tuple[int, str, str]


@dataclass(frozen=True)
class RegionLabel:
    """A region: its code, title by language, cell (row, column) on the tile grid, parent."""

    code: str
    title: Mapping[str, str]
    cell: tuple[int, int] | None = None
    within: str | None = None


@dataclass(frozen=True)
class LevelLabel:
    """A level: its code, title by language, first and last grade, and where its places serve.

    The places of a pooled level serve sets of regions (of a district, all of them). The regions
    ``shared`` are not short by themselves. ``groups`` are those that the level takes; one without
    any takes those that no other of the grade names.
    """

    code: str
    title: Mapping[str, str]
    grades: tuple[int, int]
    pools: tuple[tuple[str, ...], ...] = ()
    shared: frozenset[str] = frozenset()
    groups: tuple[str, ...] = ()

    @property
    def pooled(self) -> bool:
        """Whether any of its places serve more than their region."""
        return bool(self.pools)


@dataclass(frozen=True)
class Labels:
    """Names, targets and provenance of one run.

    Attributes
    ----------
    scenario : str
    title, question, district : mapping of str to str
        Text by language ("en", "zh").
    regions : tuple of RegionLabel
        In the order of the district, parents included.
    levels : tuple of LevelLabel
        From the lowest to the highest.
    base_year : int
    bands : tuple of float
        Shares of places in use from which the early-warning bands begin: yellow, red.
    idle : float
        Share of places in use below which they stand idle.
    new_places : float or None
        Places that the plan adds to the base year's listed places.
    new_places_by : int or None
        The autumn by which it adds them.
    gap_target : float or None
        The gap that the plan names, in places.
    target_levels : tuple of str
        Levels of which the plan speaks; empty where it is of all.
    margin : float or None
        Share of places that is kept free; None where none is, nan where levers change it.
    sources : str
    quality : str
        The worst of GREEN, AMBER, UNSTATED and RED of what was read.
    split_assumed : bool
        Whether the split of the district's figures by region is an assumption.
    run_id : str
    worst_year : int or None
        Of a run: the year of its greatest shortage, or where nothing is short that of the fewest
        places to spare (`worst_year`).
    grade_names : mapping of int to (mapping of str to str)
        What the district calls its grades, by language; others have their usual names.
    both_years : bool
        Whether English texts call a school year by both of its calendar years: 2026/27.
    by_level : bool
        Whether the district adds up no places of different levels.
    uncounted : (int, str) or None
        Of a run: the autumn from which entrants rest on births that are not counted, and on what
        in their place (`capacity.results.assumptions.uncounted_births`).
    outlines : Outlines or None
        Of the regions, for maps.
    """

    scenario: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    regions: tuple[RegionLabel, ...]
    levels: tuple[LevelLabel, ...]
    district: Mapping[str, str]
    base_year: int
    bands: tuple[float, float]
    idle: float = 0.0
    new_places: float | None = None
    new_places_by: int | None = None
    gap_target: float | None = None
    target_levels: tuple[str, ...] = ()
    margin: float | None = None
    sources: str = ""
    quality: str = ""
    split_assumed: bool = False
    run_id: str = ""
    worst_year: int | None = None
    uncounted: tuple[int, str] | None = None
    by_level: bool = False
    both_years: bool = False
    grade_names: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    outlines: Outlines | None = field(default=None, compare=False)

    @property
    def leaves(self) -> tuple[RegionLabel, ...]:
        """Regions without children: the ones that have places of their own."""
        parents = {region.within for region in self.regions}
        return tuple(region for region in self.regions if region.code not in parents)

    @property
    def tops(self) -> tuple[RegionLabel, ...]:
        """Regions without a parent."""
        return tuple(region for region in self.regions if region.within is None)

    def leaves_of(self, code: str) -> tuple[str, ...]:
        """Return the codes of the leaf regions in a region; of a leaf, its own."""
        children = [region.code for region in self.regions if region.within == code]
        if not children:
            return (code,)
        return tuple(leaf for child in children for leaf in self.leaves_of(child))

    def around(self, code: str) -> tuple[str, ...]:
        """Return the regions that a region lies in, the outermost first."""
        parent = self._parents.get(code)
        return () if parent is None else (*self.around(parent), parent)

    def is_sum(self, code: str) -> bool:
        """Whether a region has others within it, so that its figures are their sums."""
        return code in self._parents.values()

    @property
    def is_nested(self) -> bool:
        """Whether any region lies in another."""
        return len(self.leaves) < len(self.regions)

    def under_parents(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return regions, each group of them below the regions that they lie in.

        Where no region lies in another, these are the codes as they come.
        """
        tree: dict[str, Any] = {}
        for code in codes:
            node = tree
            for step in (*self.around(code), code):
                node = node.setdefault(step, {})
        return tuple(_walked(tree))

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        return {region.code: region.within for region in self.regions}

    @property
    def own_levels(self) -> tuple[LevelLabel, ...]:
        """Levels whose places serve their region only; all of them where every level is pooled."""
        own = tuple(level for level in self.levels if not level.pooled)
        return own or self.levels

    @property
    def counted(self) -> tuple[tuple[str, str], ...]:
        """Pairs (region, level) whose shortages add up to the district's, pooled levels once."""
        regions = [region.code for region in self.leaves]
        own = [level.code for level in self.levels if not level.pooled]
        pooled = [level.code for level in self.levels if level.pooled]
        cells = [(region, level) for region in regions for level in own]
        return tuple(cells + [(ALL, level) for level in pooled])

    @property
    def each_level(self) -> tuple[Labels, ...]:
        """Labels that speak of one level each, for answers that add up none."""
        codes = [level.code for level in self.levels]
        return tuple(replace(self, target_levels=(c,), by_level=False) for c in codes)

    @property
    def headline(self) -> tuple[tuple[str, str], ...]:
        """Those of `counted` of which the plan speaks: what is held against its target."""
        of = self.target_levels
        return tuple(cell for cell in self.counted if not of or cell[1] in of)

    @property
    def headline_rows(self) -> tuple[tuple[str, str], ...]:
        """The district's rows that sum up to them, also of what is not clipped."""
        of = [level.code for level in self.levels if level.code in self.target_levels]
        return tuple((ALL, level) for level in of) or ((ALL, ALL),)

    @property
    def beside(self) -> tuple[tuple[str, str], ...]:
        """Those of `counted` of which the plan does not speak."""
        return tuple(cell for cell in self.counted if cell not in self.headline)

    def target_names(self, lang: str) -> str:
        """Name the levels of which the plan speaks; nothing where it is of all."""
        names = [self.level_name(row[1], lang) for row in self.headline_rows if row[1] != ALL]
        return word("nouns.list", lang).join(names)

    def region_name(self, code: str, lang: str) -> str:
        """Return the title of a region, or the district's for ``all``.

        Its code stands beside a title that another region has too.
        """
        if code == ALL:
            return text_in(self.district, lang, self.scenario)
        return self._region_names[lang].get(code, code)

    def row_name(self, code: str, lang: str, *, net: bool = False) -> str:
        """Return the title of a region at the head of a row, set in below the one it lies in.

        ``net`` says of a sum that spare places offset missing ones.
        """
        name = self.region_name(code, lang)
        if net and (code == ALL or self.is_sum(code)):
            name = word("charts.net", lang, district=name)
        return INDENT * len(self.around(code)) + name

    def level_name(self, code: str, lang: str) -> str:
        """Return the title of a level as it stands inside a sentence: "primary", not "Primary".

        Its code stands beside a title that another level has too.
        """
        return within_sentence(self._level_names[lang].get(code, code))

    def year_name(self, year: int, lang: str) -> str:
        """Return a school year as the district calls it; in Chinese always by its autumn."""
        both = self.both_years and lang == "en"
        return f"{year}/{(year + 1) % 100:02}" if both else str(year)

    def grade_name(self, grade: int, lang: str) -> str:
        """Return a grade as the district calls it, else as people do.

        In Chinese 初一 alone, where levels begin as they do in six, three and three years.
        """
        if own := self.grade_names.get(grade):
            return text_in(own, lang, str(grade))
        begin = {level.grades[0] for level in self.levels}
        inside = {g for level in self.levels for g in range(level.grades[0], level.grades[1] + 1)}
        return grade_name(grade, lang, short=not (_BEGIN & inside) - begin)

    @cached_property
    def _region_names(self) -> dict[str, dict[str, str]]:
        titles = {region.code: region.title for region in self.regions}
        return {lang: names_in(titles, lang) for lang in LANGUAGES}

    @cached_property
    def _level_names(self) -> dict[str, dict[str, str]]:
        titles = {level.code: level.title for level in self.levels}
        return {lang: names_in(titles, lang) for lang in LANGUAGES}

    def answer_year(self, years: Iterable[int]) -> int:
        """Return the year that pictures answer for: the plan's, else the worst.

        What is not inside the horizon does not count; the last year where nothing else does.
        """
        known = set(years)
        named = (self.new_places_by, self.worst_year)
        return next((year for year in named if year in known), max(known))

    def spoken_year(self, years: Iterable[int]) -> int:
        """Return the year that sentences answer for: the plan's, else the next autumn."""
        known = set(years)
        return self.new_places_by if self.new_places_by in known else self.next_autumn(known)

    def next_autumn(self, years: Iterable[int]) -> int:
        """Return the first year that is planned for: the one after the base year."""
        known = set(years)
        return min((year for year in known if year > self.base_year), default=max(known))


def _walked(tree: Mapping[str, Any]) -> Iterator[str]:
    for code, inner in tree.items():
        yield code
        yield from _walked(inner)


def named(cells: Sequence[tuple[str, str]], labels: Labels, lang: str, most: int = 3) -> str:
    """Name cells (region, level) in a list; past ``most`` only their count."""
    names = [
        cell_name(labels.region_name(r, lang), labels.level_name(k, lang), lang)
        for r, k in cells[:most]
    ]
    listed = word("nouns.list", lang).join(names)
    return listed + (
        word("sentences.others", lang, n=len(cells) - most) if len(cells) > most else ""
    )


def pooled_levels(labels: Labels, lang: str) -> str:
    """Say which levels are pooled, and where; "" where none is."""
    comma, every = word("nouns.list", lang), {region.code for region in labels.leaves}
    whole = [level for level in labels.levels if every in map(set, level.pools)]
    said = [
        word(
            "nouns.pooled_sets",
            lang,
            level=labels.level_name(level.code, lang),
            sets=comma.join(
                word("nouns.plus", lang).join(labels.region_name(code, lang) for code in one)
                for one in level.pools
            ),
        )
        for level in labels.levels
        if level.pooled and level not in whole
    ]
    if whole:
        names = comma.join(labels.level_name(level.code, lang) for level in whole)
        said = [word("nouns.pooled_district", lang, levels=names), *said]
    return word("nouns.semicolon", lang).join(said)


def column(frame: pd.DataFrame, name: str, *, year: int | None = None) -> dict[Cell, float]:
    """Return one column of a results frame by (year, region, level); empty is NaN."""
    rows = _rows(frame, year)
    numbers = pd.to_numeric(frame[name]).to_numpy(dtype=float)[rows]
    return dict(zip(_cells(frame, rows), numbers.tolist(), strict=True))


def constrained(frame: pd.DataFrame, *, year: int | None = None) -> frozenset[Cell]:
    """Return the cells whose demand is a lower bound, also from a frame read back as text."""
    rows = _rows(frame, year)
    said = frame["constrained"].to_numpy()[rows].tolist()
    marks = (str(mark).strip().lower() in {"true", "1", "1.0"} for mark in said)
    return frozenset(cell for cell, mark in zip(_cells(frame, rows), marks, strict=True) if mark)


def places_known(frame: pd.DataFrame, labels: Labels) -> bool:
    """Whether the gap of any region and level that counts is known in any year.

    Where none is, a run says what it knows: demand.
    """
    counted = set(labels.counted)
    return any(
        cell[1:] in counted and not math.isnan(gap) for cell, gap in column(frame, "gap").items()
    )


def has_draws(frame: pd.DataFrame) -> bool:
    """Whether a results frame has what draws say."""
    return "prob_shortage" in frame.columns


def years_of(frame: pd.DataFrame) -> tuple[int, ...]:
    """Return the years of a frame, in order."""
    return tuple(sorted({int(year) for year in frame["year"].unique()}))


def first_greatest(values: Mapping[int, float]) -> int:
    """Return the first year whose figure is the greatest, to within `TIE`.

    >>> first_greatest({2029: 1.0, 2030: 40_000.0, 2033: 40_000.000000001})
    2030
    """
    most = max(values.values())
    return min(year for year, value in values.items() if value >= most - TIE)


def worst_year(frame: pd.DataFrame, labels: Labels) -> int:
    """Return the first year of the greatest shortage, of what the plan speaks of.

    Where nothing is ever short, that of the fewest places to spare; where no places are known, that
    of the greatest demand.
    """
    years = years_of(frame)
    if not places_known(frame, labels):
        return first_greatest(_summed(column(frame, "demand"), labels.headline_rows, years))
    short = _summed(column(frame, "shortage"), labels.headline, years)
    if any(round(places) for places in short.values()):
        return first_greatest(short)
    return first_greatest(_summed(column(frame, "gap"), labels.headline, years))


def _summed(
    values: Mapping[Cell, float], cells: Iterable[tuple[str, str]], years: Iterable[int]
) -> dict[int, float]:
    """Sum what is known of some cells (region, level), by year."""
    parts = {year: [values.get((year, *cell), math.nan) for cell in cells] for year in years}
    return {year: sum(v for v in own if not math.isnan(v)) for year, own in parts.items()}


def _rows(frame: pd.DataFrame, year: int | None) -> Any:
    """Return which rows are of a year, to be taken of columns: quicker than rows of a frame."""
    return slice(None) if year is None else frame["year"].to_numpy() == year


def _cells(frame: pd.DataFrame, rows: Any) -> list[Cell]:
    years = map(int, frame["year"].to_numpy()[rows].tolist())
    regions, levels = (map(str, frame[n].to_numpy()[rows].tolist()) for n in ("region", "level"))
    return list(zip(years, regions, levels, strict=True))
