"""Random ways in which an office may lay out the tables of a district, as texts and workbooks."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

Row = Mapping[str, Any]
Cells = list[Any]
COUNTS = {"enrolment": "pupils", "births": "births", "children": "children", "housing": "homes"}
NAMES = {
    "year": ("year", "学年", "YEAR", "年 度"),
    "region": ("region", "区域", "Région", "片区"),
    "grade": ("grade", "年级", "Grade"),
    "age": ("age", "年龄"),
    "pupils": ("pupils", "在校生数", "Pupils ", "人数"),
    "births": ("births", "出生人数"),
    "children": ("children", "儿童数"),
    "homes": ("homes", "住房套数"),
    "sought": ("sought", "登记人数"),
    "group": ("group", "群体"),
}
#: What may stand across.
AXES = ("grade", "year", "age", "region")
_TITLES = ("Table 1", "示例区统计表", "Pupils by region, all schools")
_NOTES = ("注：初步数", "Source: office of statistics", "数据来源：教委")
_MARKS = {",": ".csv", ";": ".csv", "\t": ".tsv", "|": ".csv"}
_CODECS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")


@dataclass
class Layout:
    """How one table is laid out; each choice is made once, by a source of chance."""

    rng: random.Random
    table: str
    rows: Sequence[Row]
    grids: list[tuple[str, list[Cells]]] = field(default_factory=list)

    def made(self) -> Layout:
        """Lay the table out: in one grid, or in one for each year."""
        rng, self.count = self.rng, COUNTS[self.table]
        self.columns = [name for name in dict.fromkeys(k for row in self.rows for k in row)]
        self.keys = [name for name in self.columns if name not in (self.count, "sought")]
        across = [k for k in AXES if k in self.keys and (k != "region" or self._is_split())]
        self.axes = across
        plain = "sought" not in self.columns
        by = rng.choice(
            ["long", *across, *(["two"] if len(across) > 1 else [])] if plain else ["long"]
        )
        yearly = (
            "year" in self.keys and by in ("long", "grade", "age", "region") and rng.random() < 0.3
        )
        if not yearly:
            self.grids = [(self.table, self._grid(list(self.rows), by, self.keys))]
            return self
        years = sorted({row["year"] for row in self.rows})
        keys = [name for name in self.keys if name != "year"]
        form = rng.choice(["{t} {y}", "{t}_{y}", "{y}学年{t}", "{t} {y}-{n}"])
        if self.table == "births":
            form = "{t} {y}"
        for year in years:
            name = form.format(t=self.table, y=year, n=(year + 1) % 100)
            rows = [row for row in self.rows if row["year"] == year]
            self.grids.append((name, self._grid(rows, by, keys)))
        return self

    def _is_split(self) -> bool:
        """Whether names of regions tell a header: not all, a total, nor 12, a grade, nor one."""
        names = {row["region"] for row in self.rows}
        return len(names) > 1 and not any(name == "all" or name.isdigit() for name in names)

    def _name(self, column: str) -> str:
        return self.rng.choice(NAMES.get(column, (column,)))

    def _grid(self, rows: list[Row], by: str, keys: list[str]) -> list[Cells]:
        grid, self.width = self._long(rows, keys) if by == "long" else self._wide(rows, by, keys)
        above: list[Cells] = []
        if self.rng.random() < 0.4:
            above.append([self.rng.choice(_TITLES)])
        if self.rng.random() < 0.3 and self.table != "housing":
            above.append(["单位：人"])
        if above and self.rng.random() < 0.5:
            above.append([])
        below: list[Cells] = []
        if self.rng.random() < 0.3:
            below.append([self.rng.choice(_NOTES)])
        if below and self.rng.random() < 0.3:
            below.insert(0, [])
        empty = self.rng.choice([0, 0, 1, 3])
        lines = [*above, *grid, *below]
        return [[*line, *([""] * (self.width + empty - len(line)))] for line in lines]

    def _long(self, rows: list[Row], keys: list[str]) -> tuple[list[Cells], int]:
        names = [*keys, self.count, *(["sought"] if "sought" in self.columns else [])]
        self.rng.shuffle(names)
        extra = self.rng.random() < 0.3
        lines: list[Cells] = [[self._name(name) for name in names]]
        for number, row in enumerate(rows, 1):
            cells = ["" if row.get(name) is None else row[name] for name in names]
            lines.append([number, *cells] if extra else cells)
        if extra:
            lines[0].insert(0, "序号")
        elif self.rng.random() < 0.4 and self.table != "housing":
            lines.append(self._total(names, sum(row[self.count] for row in rows)))
        return lines, len(lines[0])

    def _total(self, names: list[str], total: float) -> Cells:
        """Give a row of totals, whose word stands in the first column of a key."""
        cells: Cells = ["" for _ in names]
        word = next(i for i, n in enumerate(names) if n in ("region", "year", "grade", "age"))
        cells[word] = self.rng.choice(["合计", "Total", "总 计"])
        cells[names.index(self.count)] = total
        return cells

    def _wide(self, rows: list[Row], by: str, keys: list[str]) -> tuple[list[Cells], int]:
        axes = self.rng.sample(self.axes, 2) if by == "two" else [by]
        kept = [name for name in keys if name not in axes]
        self.rng.shuffle(kept)
        values = [sorted({row[axis] for row in rows}) for axis in axes]
        columns = (
            [(a,) for a in values[0]]
            if len(axes) == 1
            else [(a, b) for a in values[0] for b in values[1]]
        )
        cells = {
            (tuple(row[k] for k in kept), tuple(row[a] for a in axes)): row[self.count]
            for row in rows
        }
        of = list(dict.fromkeys(key for key, _ in cells))
        total = self.rng.random() < 0.5
        said = self.rng.random() < 0.5
        heads: list[Cells] = []
        for level, axis in enumerate(axes):
            lead = [self._name(name) if level == 0 else "" for name in kept]
            names = [self._said(axis, column[level], said) for column in columns]
            if level == 0 and len(axes) == 2:
                names = [n if i % len(values[1]) == 0 else "" for i, n in enumerate(names)]
            heads.append([*lead, *names, *((["合计"] if level == 0 else [""]) if total else [])])
        lines = []
        for key in of:
            counts = [cells.get((key, column), "") for column in columns]
            lines.append([*key, *counts, *([sum(c for c in counts if c != "")] if total else [])])
        if self.rng.random() < 0.4 and kept:
            sums = [
                sum(line[i] for line in lines if line[i] != "")
                for i in range(len(kept), len(heads[0]))
            ]
            lines.append(["合计", *([""] * (len(kept) - 1)), *sums])
        return [*heads, *lines], len(heads[0])

    def _said(self, axis: str, value: Any, said: bool) -> Any:
        if axis == "age":
            return f"{value}岁" if said else value
        if axis == "region":
            return value
        if axis == "year":
            return f"{value}年" if said else value
        return f"{value}年级" if said and value > 0 else value

    def write(self, folder: Path) -> None:
        """Write the grids as text files, or as the sheets of a workbook."""
        if self.rng.random() < 0.5:
            with xlsxwriter.Workbook(folder / f"{self.table} of the office.xlsx") as book:
                for name, grid in self.grids:
                    sheet = book.add_worksheet(name)
                    for row, line in enumerate(grid):
                        sheet.write_row(row, 0, line)
            return
        mark = self.rng.choice(list(_MARKS))
        for name, grid in self.grids:
            text = io.StringIO()
            csv.writer(
                text, delimiter=mark, lineterminator=self.rng.choice(["\n", "\r\n"])
            ).writerows(grid)
            path = folder / f"{name}{_MARKS[mark]}"
            path.write_bytes(text.getvalue().encode(self.rng.choice(_CODECS)))
