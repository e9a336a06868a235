"""The checked tables of a district folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from capacity.base.errors import At, Problems
from capacity.inputs.tables.folder import Folder
from capacity.inputs.tables.frames import empty_frame, read_frame
from capacity.inputs.tables.headers import tables_for
from capacity.inputs.tables.readers import Names
from capacity.inputs.tables.records import Change, InputFile
from capacity.inputs.tables.rules import check_rules


@dataclass(frozen=True)
class Tables:
    """The checked tables of a district folder.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        Every table of the design; one that is absent has its columns and no rows.
        Beside its own columns each has ``line`` and ``file``.
    present : frozenset of str
        The tables that are in the folder, readable or not.
    files : tuple of InputFile
        The files read, in order of name.
    changes : tuple of Change
        Every cell changed and every total row or note dropped.
    doubtful : frozenset of str
        The tables with errors: rows may be missing from them.
    """

    frames: Mapping[str, pd.DataFrame]
    present: frozenset[str]
    files: tuple[InputFile, ...]
    changes: tuple[Change, ...]
    doubtful: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        """Tell whether the folder has this table."""
        return name in self.present


def read_tables(
    folder: Path,
    *,
    regions: Sequence[str] | None,
    levels: Sequence[tuple[str, tuple[int, int]]] | None,
    problems: Problems,
    titles: Mapping[str, Sequence[str]] | None = None,
    region_titles: Mapping[str, Sequence[str]] | None = None,
) -> Tables:
    """Read all tables of a district folder; everything wrong with them is added to ``problems``.

    Parameters
    ----------
    folder : Path
        The district folder; its path as given stands in messages.
    regions : sequence of str, or None
        Codes of the leaf regions, the only ones (beside ``all``) that tables may name;
        None where they cannot be told: any code is read.
    levels : sequence of (code, (first grade, last grade)), or None
        The levels of the district; None where they cannot be told.
    problems : Problems
        Takes the problems of all files.
    titles : mapping of str to sequence of str, optional
        Titles of the levels, which headers of the pipeline may use.
    region_titles : mapping of str to sequence of str, optional
        Titles of the regions; where a cell has a title, its problem names the code.
    """
    names = Names(
        None if regions is None else tuple(regions),
        None if levels is None else dict(levels),
        {"region": region_titles or {}, "level": titles or {}},
    )
    specs = tables_for(names.levels, titles)
    changes: list[Change] = []
    frames = {name: empty_frame(table) for name, table in specs.items()}
    if not folder.is_dir():
        problems.error("folder-missing", At(str(folder)))
        return Tables(frames, frozenset(), (), (), frozenset(specs))
    files = Folder(folder, specs, changes)
    for sheet in files.sheets():
        table, own = specs[sheet.table], files.problems[sheet.table]
        frames[sheet.table] = frame = read_frame(sheet, table, names, own, changes)
        check_rules(sheet, frame, table, names, own)
    for own in files.problems.values():
        problems.extend(own)
    doubtful = {name for name, own in files.problems.items() if own.errors}
    return Tables(
        frames, frozenset(files.present), tuple(files.read), tuple(changes), frozenset(doubtful)
    )
