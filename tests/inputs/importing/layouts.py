"""Random tables of pupils as offices lay them out, with what they say."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

Counts = dict[tuple[int, str, int], int]
Line = list[Any]

SYSTEMS: dict[str, dict[str, Any]] = {
    "zh": {
        "regions": ["北部", "中部", "南部", "东部"],
        "schools": ["第一小学", "第二小学", "实验学校", "附属学校"],
        "grades": {
            **{n: f"{word}年级" for n, word in enumerate("一二三四五六", 1)},
            **{n: f"初{word}" for n, word in enumerate("一二三", 7)},
        },
        "heads": {
            "year": ["学年", "年份"],
            "region": ["区域", "学区"],
            "school": ["学校名称", "学校"],
            "grade": ["年级"],
            "pupils": ["在校生数", "人数", "学生人数（人）"],
        },
        "total": "合计",
        "whole": "全区合计",
        "title": "各年级在校生统计表",
        "unit": "单位：人",
        "note": "注：数据来自学籍系统。",
    },
    "england": {
        "regions": ["North Area", "Brookside", "St. Mary's", "Elm Park"],
        "schools": ["Oak School", "Elm School", "Ash School", "Yew School"],
        "grades": {0: "Reception", **{grade: f"Year {grade}" for grade in range(1, 12)}},
        "heads": {
            "year": ["Academic year", "School Year"],
            "region": ["Planning Area", "Area"],
            "school": ["School", "School name"],
            "grade": ["Year group", "NCY"],
            "pupils": ["NOR", "Number on roll", "Pupils"],
        },
        "total": "Total",
        "whole": "District Total",
        "title": "Number on roll by planning area",
        "unit": "",
        "note": "Source: school census",
    },
    "us": {
        "regions": ["North Zone", "East Zone", "West Zone", "Hill Zone"],
        "schools": ["Lincoln Elementary", "Adams Elementary", "Hill Elementary", "Lake Elementary"],
        "grades": {0: "Kindergarten", **{grade: f"Grade {grade}" for grade in range(1, 9)}},
        "heads": {
            "year": ["School Year"],
            "region": ["Zone", "Region"],
            "school": ["School"],
            "grade": ["Grade"],
            "pupils": ["Enrollment", "Students"],
        },
        "total": "Total",
        "whole": "District Total",
        "title": "Enrollment by grade",
        "unit": "",
        "note": "Note: fall count",
    },
}
YEAR_WORDS = {
    "zh": ["{0}", "{0}学年", "{0}-{1}学年"],
    "england": ["{0}/{2}", "{0}-{1}", "{0}/{1}"],
    "us": ["{0}-{2}", "SY {0}-{1}", "{0}-{1}"],
}


@dataclass
class Layout:
    """How one table is laid out; what a random office chooses."""

    rng: random.Random
    system: str
    years: Sequence[int] = ()
    regions: Sequence[str] = ()
    schools: Sequence[str] = ()
    grades: Sequence[int] = ()
    counts: dict[tuple[int, str, str, int], int] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, Any]:
        return SYSTEMS[self.system]

    def truth(self) -> Counts:
        """Pupils by year, region and grade, schools added up."""
        found: Counts = {}
        for (year, region, _, grade), count in self.counts.items():
            key = year, region, grade
            found[key] = found.get(key, 0) + count
        return found


def random_layout(seed: int) -> Layout:
    rng = random.Random(seed)
    system = rng.choice(list(SYSTEMS))
    words = SYSTEMS[system]
    layout = Layout(rng, system)
    first = rng.randint(2015, 2022)
    layout.years = range(first, first + rng.randint(2, 4))
    layout.regions = words["regions"][: rng.randint(2, 4)]
    layout.schools = words["schools"][: rng.randint(1, 3)] if rng.random() < 0.5 else ("",)
    every = sorted(words["grades"])
    layout.grades = every[: rng.randint(5, len(every))]
    for year in layout.years:
        for region in layout.regions:
            for school in layout.schools:
                for grade in layout.grades:
                    layout.counts[year, region, school, grade] = rng.randint(30, 2400)
    return layout


@dataclass
class Form:
    """How the sheets of a layout look: what is drawn once for all of them."""

    layout: Layout
    heads: dict[str, str]
    said: dict[int, str]
    sums: bool
    across: bool
    sums_first: bool
    counted: bool

    @property
    def keys(self) -> Line:
        names = ["region", *(["school"] if self.layout.schools != ("",) else [])]
        return [self.heads[name] for name in names]

    @property
    def rows(self) -> list[tuple[str, str]]:
        return [(r, s) for r in self.layout.regions for s in self.layout.schools]

    def names(self, region: str, school: str) -> Line:
        return [region, *([school] if len(self.keys) == 2 else [])]

    def head_by_grade(self, *, with_year: bool) -> Line:
        words = self.layout.words
        year = [self.heads["year"]] if with_year else []
        grades = [words["grades"][grade] for grade in self.layout.grades]
        if self.counted:
            pupils = self.heads["pupils"]
            zh = self.layout.system == "zh"
            grades = [f"{name}{pupils}" if zh else f"{pupils} {name}" for name in grades]
        return [*year, *self.keys, *grades, *([words["total"]] if self.across else [])]

    def by_grade(self, year: int, *, with_year: bool) -> Iterator[Line]:
        layout, lead = self.layout, [self.said[year]] if with_year else []
        lines = []
        for region, school in self.rows:
            cells = [layout.counts[year, region, school, grade] for grade in layout.grades]
            lines.append(
                [*lead, *self.names(region, school), *cells, *([sum(cells)] * self.across)]
            )
        if self.sums:
            sums = [sum(layout.counts[year, r, s, g] for r, s in self.rows) for g in layout.grades]
            gap = [""] * (len(self.keys) - 1)
            whole = [*lead, layout.words["total"], *gap, *sums, *([sum(sums)] * self.across)]
            lines.insert(0 if self.sums_first else len(lines), whole)
        yield from lines

    def long(self) -> Iterator[Line]:
        heads = self.heads
        yield [heads["year"], *self.keys, heads["grade"], heads["pupils"]]
        for (year, region, school, grade), count in self.layout.counts.items():
            label = self.layout.words["grades"][grade]
            yield [self.said[year], *self.names(region, school), label, count]

    def by_year(self) -> Iterator[Line]:
        layout = self.layout
        yield [*self.keys, self.heads["grade"], *self.said.values()]
        for region, school in self.rows:
            for grade in layout.grades:
                cells = [layout.counts[year, region, school, grade] for year in layout.years]
                yield [*self.names(region, school), layout.words["grades"][grade], *cells]

    def by_region(self) -> Iterator[Line]:
        """Regions across, a row for each year and grade."""
        layout, words = self.layout, self.layout.words
        whole = [words["whole"]] if self.across else []
        yield [self.heads["year"], self.heads["grade"], *layout.regions, *whole]
        for year in layout.years:
            for grade in layout.grades:
                cells = [layout.counts[year, region, "", grade] for region in layout.regions]
                yield [
                    self.said[year],
                    words["grades"][grade],
                    *cells,
                    *([sum(cells)] * len(whole)),
                ]

    def regions_over(self) -> Iterator[Line]:
        """Grades across under each region, a row for each year."""
        layout, words = self.layout, self.layout.words
        gap = [""] * (len(layout.grades) - 1)
        yield [self.heads["year"], *(cell for r in layout.regions for cell in (r, *gap))]
        yield ["", *(words["grades"][grade] for _ in layout.regions for grade in layout.grades)]
        for year in layout.years:
            counts = [layout.counts[year, r, "", g] for r in layout.regions for g in layout.grades]
            yield [self.said[year], *counts]


def blanked(layout: Layout, lines: list[Line], head: str) -> list[Line]:
    """The lines with each region written once, above the empty cells that mean it too."""
    found, column, last = [], -1, ""
    for line in lines:
        if head in line:
            column, last = line.index(head), ""
        elif 0 <= column < len(line):
            region = line[column]
            if region == last and region in layout.regions:
                found.append([*line[:column], "", *line[column + 1 :]])
                continue
            last = region
        found.append(line)
    return found


def sectioned(layout: Layout, lines: list[Line], head: str) -> list[Line]:
    """The lines without a column of regions: each stands in a row of its own above its schools."""
    found: list[Line] = []
    column, last = -1, ""
    for line in lines:
        if head in line:
            column, last = line.index(head), ""
        if not 0 <= column < len(line) or len(line) == 1:
            found.append(line)
            continue
        region = line[column]
        if region in layout.regions and region != last:
            found.append([region])
        last = region
        kept = column + 1 if region == layout.words["total"] else column
        found.append([cell for c, cell in enumerate(line) if c != kept])
    return found


def sheets(layout: Layout, *, asks: bool = False) -> list[tuple[str, list[Line]]]:
    """The sheets of a random form: long, wide by grade or by year, one a year, or stacked.

    With ``asks`` regions may stand once above empty cells, or in rows of their own.
    """
    rng = layout.rng
    form, found = _sheets(layout)
    if asks and rng.random() < 0.4:
        change = sectioned if layout.schools != ("",) and rng.random() < 0.5 else blanked
        found = [(name, change(layout, lines, form.heads["region"])) for name, lines in found]
    return found


def _sheets(layout: Layout) -> tuple[Form, list[tuple[str, list[Line]]]]:
    rng, words = layout.rng, layout.words
    spelt = rng.choice(YEAR_WORDS[layout.system])
    form = Form(
        layout,
        {key: rng.choice(names) for key, names in words["heads"].items()},
        {y: spelt.format(y, y + 1, f"{(y + 1) % 100:02d}") for y in layout.years},
        sums=rng.random() < 0.5,
        across=rng.random() < 0.5,
        sums_first=rng.random() < 0.3,
        counted=rng.random() < 0.3,
    )
    unit = [[words["unit"]]] if words["unit"] and rng.random() < 0.5 else []
    above = [[words["title"]], *unit] if rng.random() < 0.6 else []
    below: list[Line] = [[], [words["note"]]] if rng.random() < 0.5 else []
    kinds = ["long", "by_grade", "by_year", "sheet_a_year", "stacked"]
    kind = rng.choice([*kinds, *(["by_region", "regions_over"] if not form.keys[1:] else [])])
    if kind in ("by_region", "regions_over"):
        return form, [("Sheet1", [*above, *getattr(form, kind)(), *below])]
    if kind == "long":
        return form, [("Sheet1", [*above, *form.long(), *below])]
    if kind == "by_year":
        return form, [(words["title"], [*above, *form.by_year(), *below])]
    if kind == "by_grade":
        lines = [line for year in layout.years for line in form.by_grade(year, with_year=True)]
        return form, [("Sheet1", [*above, form.head_by_grade(with_year=True), *lines, *below])]
    parts = [
        (year, [form.head_by_grade(with_year=False), *form.by_grade(year, with_year=False), *below])
        for year in layout.years
    ]
    if kind == "sheet_a_year":
        return form, [(form.said[year].replace("/", "-"), lines) for year, lines in parts]
    stacked: list[Line] = []
    for year, lines in parts:
        stacked += [[f"{form.said[year]} {words['title']}"], *lines, []]
    return form, [("Sheet1", stacked)]


def write(folder: Path, sheets: list[tuple[str, list[Line]]], rng: random.Random) -> list[Path]:
    """Write sheets as one workbook, or each as a CSV file."""
    folder.mkdir(parents=True, exist_ok=True)
    if rng.random() < 0.5:
        path = folder / "book.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            for name, lines in sheets:
                sheet = book.add_worksheet(name[:31])
                for row, line in enumerate(lines):
                    for column, cell in enumerate(line):
                        if cell != "":
                            sheet.write(row, column, cell)
        return [path]
    paths = []
    mark = rng.choice([",", ";", "\t"])
    for name, lines in sheets:
        path = folder / f"{name}.csv"
        width = max(map(len, lines))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=mark)
            writer.writerows([*line, *[""] * (width - len(line))] for line in lines)
        paths.append(path)
    return paths
