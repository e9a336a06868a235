"""What people read, as blocks: built once, rendered as text for a terminal or as HTML.

A page is made of groups of blocks; blocks of one group belong together, and in a text a blank
line stands between two groups. Every text in a block is plain: escaping, alignment and the real
minus sign are the business of what renders it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Heading:
    """A title, and what stands beside it in plain type, such as a question or a name in files."""

    title: str
    more: Sequence[str] = ()


@dataclass(frozen=True)
class Text:
    """Running text; every line of it is a paragraph, ``small`` what few will want to read."""

    text: str
    small: bool = False


@dataclass(frozen=True)
class Table:
    """A table under its caption.

    Attributes
    ----------
    caption : str
        What it shows, with unit and sign; empty where a text before it says so.
    heads : sequence of str
    rows : sequence of sequences of str
        Cells, already formatted.
    left : int
        How many columns, from the first, are text set to the left; numbers stand to the right.
    tones : sequence of sequences of str
        What a cell is beside its text, of `TONES` or nothing, which a report colours; a row for
        each of ``rows``, or none at all.
    folded : bool
        Whether a report shows the rows only when the caption is clicked.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int = 1
    tones: Sequence[Sequence[str]] = ()
    folded: bool = False


#: What a cell can be beside its text.
TONES = ("short", "idle", "yellow", "red")


@dataclass(frozen=True)
class Coded:
    """A line that begins in fixed type, with a key, a place in a file or a call."""

    code: str
    text: str


@dataclass(frozen=True)
class Notes:
    """A list under its title.

    Attributes
    ----------
    title : str
        Empty where a text before it says what is listed.
    lines : sequence of str, Coded or Notes
        A list within a list stands under its own title.
    folded : bool
        Whether HTML shows the lines only when the title is clicked.
    numbered : bool
        Whether the order counts.
    """

    title: str
    lines: Sequence[str | Coded | Notes]
    folded: bool = False
    numbered: bool = False


class Drawn(Protocol):
    """What a notebook shows as a PNG: its bytes, and its width in pixels; axes of `charts` are."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]: ...


@dataclass(frozen=True)
class Picture:
    """A chart: a function that draws it, and what it shows in words, where no picture can be."""

    draw: Callable[[], Drawn | Axes]
    shows: str


Block = Heading | Text | Table | Notes | Picture
Page = Iterable[Sequence[Block]]
