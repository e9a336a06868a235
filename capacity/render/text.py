"""Blocks as plain text, aligned in any script.

Only characters that a Chinese (GBK) console has are added to what the blocks hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capacity.base.words import width
from capacity.render.blocks import Block, Coded, Heading, Notes, Page, Picture, Table, Text


def as_text(page: Page) -> str:
    """Return a page as plain text, a blank line between its groups."""
    groups = ([line for block in group for line in _lines(block)] for group in page if group)
    return "\n\n".join("\n".join(lines) for lines in groups)


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(title, more):
            yield from (title, *more)
        case Text(text) | Picture(_, text):
            yield text
        case Table(caption, heads, rows, left):
            yield from filter(None, [caption])
            yield table(heads, rows, left=left)
        case Notes():
            yield from _listed(block)


def _listed(notes: Notes) -> Iterator[str]:
    yield from filter(None, [notes.title])
    for number, line in enumerate(notes.lines, start=1):
        mark = f"{number}. " if notes.numbered else ""
        match line:
            case Notes():
                yield from (f"  {within}" for within in _listed(line))
            case Coded(code, text):
                yield f"  {mark}{code} {text}"
            case _:
                yield f"  {mark}{line}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Align cells under their heads, Chinese characters counted as two columns wide.

    Parameters
    ----------
    heads : sequence of str
    rows : sequence of sequence of str
        Cells, already formatted.
    left : int
        How many columns, from the first, are text set to the left; numbers stand to the right.

    Examples
    --------
    >>> print(table(["区域", "gap"], [["north", "+12"], ["中部", "-1"]]))
    区域   gap
    north  +12
    中部    -1
    """
    lines = [heads, *rows]
    widths = [max(width(line[k]) for line in lines) for k in range(len(heads))]
    return "\n".join(_aligned(line, widths, left) for line in lines)


def _aligned(cells: Sequence[str], widths: Sequence[int], left: int) -> str:
    padded = []
    for k, (cell, wide) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (wide - width(cell))
        padded.append(cell + space if k < left else space + cell)
    return "  ".join(padded).rstrip()
