"""Whether what a table counts is of the autumn, and was counted at all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from capacity.base.words import catalog
from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.columns import YEAR, Held
from capacity.inputs.importing.mapfile import FROM
from capacity.inputs.importing.sections import sections_of
from capacity.inputs.importing.spans import spans
from capacity.inputs.importing.vocabulary import plain
from capacity.inputs.tables.values import show


def names_of(block: Block) -> tuple[str, ...]:
    """Return the name of the sheet, and that of the file."""
    return (block.grid.sheet, block.stem) if block.grid.sheet else (block.stem,)


def is_forecast(block: Block) -> bool:
    """Whether a table may hold what is expected, and not what was counted."""
    texts = (*block.titles, *names_of(block), *(name for one in block.names for name in one))
    forms = [plain(text) for text in texts]
    return any(plain(word) in form for word in catalog("offices")["forecasts"] for form in forms)


def tells_season(block: Block, held: Sequence[Held], year: str) -> bool:
    """Whether a bare year is no doubt that of an autumn: no word of a title speaks of spring."""
    if year not in FROM:
        return True
    texts = (*block.titles, *names_of(block), *(one.header for one in held))
    if not any(map(_speaks_of_spring, texts)):
        return True
    if year == "header":
        labels = [one.named[YEAR][0] for one in held if YEAR in one.named]
    elif year == "section":
        labels = list(sections_of(block).values())
    elif year == "column":
        column = next((one.index for one in held if one.role == "year"), None)
        labels = [] if column is None else [show(block.cell(r, column)) for r in block.rows]
    else:
        source = {"title": block.titles, "sheet": (block.grid.sheet,)}.get(year, (block.stem,))
        found = [match for text in source for match in spans().findall(text.replace("_", " "))]
        labels = [match.strip() for match in found]
    return not any(re.fullmatch(r"\d{4}(\.0)?", label.strip()) for label in labels)


def _speaks_of_spring(text: str) -> bool:
    """Whether a text has a word for a month or term after the new year."""
    words = {part for part in re.split(r"[\W_\d]+", text.casefold())}
    return any(
        word in words if word.isascii() else re.search(rf"(?<!\d){word}", text) is not None
        for word in catalog("offices")["seasons"]["spring"]
    )
