"""Tables that are given as frames, in place of the files of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from capacity.base.errors import At, Problems, nearest
from capacity.inputs.tables.columns import TABLES, Table
from capacity.inputs.tables.files import InputFile
from capacity.inputs.tables.grid import Grid
from capacity.inputs.tables.sources import Source
from capacity.inputs.tables.values import Cell
from capacity.inputs.tables.xlsx import cell_of

#: In what messages say that the frames stand; the first row below the names is line 2.
FRAMES = "frames"


@dataclass
class Given:
    """Frames by table; it offers what `capacity.inputs.tables.sources.Folder` does.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        Columns and cells as files may have them.
    specs : mapping of str to Table
    problems : dict of table to its problems
    """

    frames: Mapping[str, pd.DataFrame]
    specs: Mapping[str, Table]
    problems: dict[str, Problems] = field(init=False)
    read: list[InputFile] = field(default_factory=list)
    unread: list[tuple[str, str | None]] = field(default_factory=list)
    unread_sheets: list[tuple[str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.problems = {name: Problems() for name in self.specs}

    @property
    def present(self) -> dict[str, str]:
        """The tables that are given, with the frame that each is."""
        return {name: name for name in self.frames if name in self.specs}

    def sources(self) -> dict[str, list[Source]]:
        """Return the cells of every frame that is a table."""
        return {name: [Source(grid_of(self.frames[name], name))] for name in self.present}

    def say_unread(self, problems: Problems) -> None:
        """Refuse frames that are no table, with the names that tables have."""
        known = tuple(table.term for table in TABLES.values())
        for name in self.frames:
            if name not in self.specs:
                near = nearest(name, TABLES)
                problems.error("table-name", At(FRAMES), found=name, known=known, nearest=near)


def grid_of(frame: pd.DataFrame, name: str) -> Grid:
    """Return a frame as cells; what is missing is empty."""
    rows = [list(map(str, frame.columns)), *map(list, frame.astype(object).itertuples(index=False))]
    cells = [list(map(_cell, row)) for row in rows]

    def locate(line: int, column: int) -> At:
        return At(f"{FRAMES}[{name}]", line, column + 1)

    return Grid(f"{FRAMES}[{name}]", "", cells, range(1, len(cells) + 1), locate)


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value
    return "" if pd.isna(value) else cell_of(value)  # type: ignore[call-overload]
