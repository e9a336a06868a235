"""Rows with one key: which column tells them apart, what they add up to, and only then a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capacity.base.errors import Phrase, Problems, phrase
from capacity.base.words import WHOLE, word
from capacity.inputs.tables.columns import Table
from capacity.inputs.tables.extras import is_needless
from capacity.inputs.tables.headers import as_written
from capacity.inputs.tables.numbering import numbered
from capacity.inputs.tables.sheets import Sheet
from capacity.inputs.tables.values import is_empty, normal_code, show

#: Columns, and characters of a cell that are shown.
_COLUMNS, _CELL = 3, 24


def refuse_twice(
    frame: pd.DataFrame, table: Table, sheet: Sheet, found: Mapping[str, int], problems: Problems
) -> None:
    """Name every row whose key has stood before, with the line of the first and the ways out."""
    key = list(table.key)
    keys = {name: frame[name] for name in key}
    if "basis" in keys:
        keys["basis"] = keys["basis"].replace("", "births")
    numbers = numbered([column.to_numpy() for column in keys.values()])
    _, first = np.unique(numbers, return_index=True)
    if len(first) == len(frame):
        return
    twice = first[numbers] < np.arange(len(frame))
    given = [name for name in key if name in found]
    terms = tuple(as_written(sheet.header[found[name]], table.column(name)) for name in given)
    ways = _Ways(frame, table, sheet, found, numbers)
    file = sheet.path
    for row in np.flatnonzero(twice).tolist():
        if not problems.room("key-twice", file):
            problems.count("key-twice", file)
            continue
        other = int(first[numbers[row]])
        problems.error(
            "key-twice",
            sheet.at(row, found[given[0]]),
            found=", ".join(str(keys[name].iloc[row]) for name in given),
            key=terms,
            other=_line_beside(sheet, other, row),
            **ways.out_of(other, row),
        )


def _line_beside(sheet: Sheet, other: int, row: int) -> object:
    """Return the line of a row, with its file where that is not the one of another row."""
    if sheet.file_of(other) == sheet.file_of(row):
        return sheet.lines[other]
    return str(sheet.at(other))


@dataclass
class _Ways:
    """What to do with rows of one key: ``numbers`` tells each row's key."""

    frame: pd.DataFrame
    table: Table
    sheet: Sheet
    found: Mapping[str, int]
    numbers: np.ndarray

    def out_of(self, first: int, row: int) -> dict[str, Phrase]:
        """Return the ways out for two rows: in what they differ, and what follows from that."""
        alike = not self._differing(first, row, range(len(self.sheet.header)))
        apart = self._differing(first, row, sorted(self.sheet.spare))
        telling = [index for index in apart if not is_needless(self.sheet.header[index])]
        spelt = [] if telling else self._spelt(first, row)
        first_of_all = (
            "twice_spelt" if spelt else "" if telling else "twice_alike" if alike else "twice_parts"
        )
        ways = (self._said(first_of_all, first, language) for language in WHOLE)
        told = self._apart("spelt", first, row, spelt) if spelt else None
        return {
            "apart": told or self._apart("apart", first, row, telling or apart),
            "ways": Phrase(*ways),
        }

    def _spelt(self, first: int, row: int) -> list[int]:
        """Return the columns of the key that two rows write otherwise, width and blanks aside."""
        keys = [self.found[name] for name in self.table.key if name in self.found]
        one, other = self.sheet.rows[first], self.sheet.rows[row]
        return [k for k in keys if normal_code(show(one[k])) != normal_code(show(other[k]))]

    def _differing(self, first: int, row: int, columns: Sequence[int] | range) -> list[int]:
        """Return the columns in whose cells two rows differ."""
        one, other = self.sheet.rows[first], self.sheet.rows[row]
        return [index for index in columns if one[index] != other[index]]

    def _apart(self, key: str, first: int, row: int, columns: Sequence[int]) -> Phrase:
        """Say in which columns, that are not read or are written otherwise, two rows differ."""
        if not columns:
            return Phrase("", "")
        names = [self.sheet.header[index].strip() for index in columns[:_COLUMNS]]
        index = columns[0]
        one, other = (show(self.sheet.rows[at][index]).strip()[:_CELL] for at in (first, row))
        return phrase(f"facts.{key}", names=", ".join(names), one=one, other=other)

    def _said(self, key: str, first: int, language: str) -> str:
        """Return the ways out in words: add them up, tell them apart, or drop a copy."""
        unnamed = [
            column.term.text(language)
            for name in self.table.key
            if (column := self.table.column(name)).kind == "code" and not column.required
        ]
        facts = {"row": self._sum(first)}
        parts = [word(f"facts.{key}", language)] if key else []
        if facts["row"]:
            parts.append(word("facts.twice_sum", language, **facts))
        if unnamed:
            names = word("common.comma", language).join(unnamed)
            parts.append(word("facts.twice_column", language, names=names))
        if key != "twice_alike":
            parts.append(word("facts.twice_copy", language))
        return word("common.semicolon", language).join(parts)

    def _sum(self, first: int) -> str:
        """Return one row of the file with the sums of all rows of a key; nothing where none is."""
        rows = np.flatnonzero(self.numbers == self.numbers[first])
        counted = [c.name for c in self.table.columns if c.counted and c.name in self.found]
        sums = {self.found[name]: self.frame[name].iloc[rows].sum(skipna=False) for name in counted}
        if not sums or any(np.isnan(value) for value in sums.values()):
            return ""
        cells = list(self.sheet.rows[first])
        kept = {self.found[name] for name in (*self.table.key, *counted) if name in self.found}
        return ",".join(
            f"{sums[index]:.15g}" if index in sums else show(cells[index]).strip()[:_CELL]
            for index in sorted(kept)
            if index in sums or not is_empty(cells[index])
        )
