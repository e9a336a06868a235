"""A workbook that is being written: how its cells look, and the pages of its sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capacity.base.words import word
from capacity.render.charts.style import RED, YELLOW, of_balance, text_colour
from capacity.render.workbook.cells import FORMATS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

#: Colours of heads and of rules.
DARK, RULE = "#1F4E79", "#BFBFBF"
_FONTS = {"en": "Calibri", "zh": "Microsoft YaHei"}
_A4 = 9
#: Points of a row.
LINE = 17
#: Kinds of cells that a word fills, and in which colour, by what they say.
MARKS = ("band", "mark", "quality", "passed")
_FILLS = {
    ("band", "yellow"): YELLOW,
    ("band", "red"): RED,
    ("quality", "GREEN"): "#DDEFD9",
    ("quality", "AMBER"): "#FCEFC0",
    ("quality", "RED"): "#F8D7D4",
    ("passed", False): RED,
}


class Book:
    """A workbook that is being written, in a language, of a run."""

    def __init__(self, file: Workbook, lang: str, run_id: str) -> None:
        self.file, self.lang, self.run_id = file, lang, run_id
        self._looks: dict[tuple[tuple[str, object], ...], Format] = {}

    def look(self, **more: Any) -> Format:
        """Return a cell format; the same one for the same wishes."""
        font = _FONTS.get(self.lang, _FONTS["en"])
        wanted = {"font_name": font, "font_size": 11, "valign": "vcenter", **more}
        key = tuple(sorted(wanted.items()))
        if key not in self._looks:
            self._looks[key] = self.file.add_format(wanted)
        return self._looks[key]

    def add_sheet(self, name: str) -> Worksheet:
        """Add a sheet that prints on A4, with the run and the page below."""
        sheet = self.file.add_worksheet(name)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.set_default_row(LINE)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        run = word("nouns.run", self.lang, run=self.run_id).replace("&", "&&")
        sheet.set_footer(f"&L&A&C{run}&R&P / &N")
        return sheet

    def head(self, left: bool) -> Format:
        """Return the look of the head of a column."""
        side: dict[str, Any] = {"align": "left", "indent": 1} if left else {"align": "center"}
        framed = {"border": 1, "border_color": RULE, "text_wrap": True}
        return self.look(bold=True, bg_color=DARK, font_color="white", **framed, **side)

    def number(self, kind: str, value: float = 0.0, **more: Any) -> Format:
        """Return the look of a number; a gap in the colour of what it says."""
        if kind == "gap":
            more["font_color"] = of_balance(value, -value)
        return self.look(num_format=FORMATS.get(kind, FORMATS["value"]), **more)

    def marked(self, kind: str, cell: object, **more: Any) -> Format:
        """Return the look of a mark: of a band, say, its colour, and text that stands out."""
        if colour := _FILLS.get((kind, cell)):
            more |= {"bg_color": colour, "font_color": text_colour(colour)}
        return self.look(**more)
