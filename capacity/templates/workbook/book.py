"""What all sheets of a template share: looks, names and paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from capacity.templates.content import Content, Filled, sheet_name

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

DARK, LIGHT, RULE, GREY, MUTED = "#1F4E79", "#DCE6F1", "#BFBFBF", "#A6A6A6", "#595959"
_FONTS = {"en": "Calibri", "zh": "Microsoft YaHei"}
_NAMES = {"notes": ("Notes", "填写说明"), "lists": ("Lists", "选项")}
#: After the name of a sheet that is not to be read.
_EXAMPLE = (" (example)", "（示例）")
_A4 = 9


@dataclass(frozen=True)
class Book:
    """A workbook that is being written.

    Attributes
    ----------
    file : xlsxwriter Workbook
    content : Content
    lang : str
        The reader's language, which comes first.
    """

    file: Workbook
    content: Content
    lang: str
    _looks: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict, repr=False)

    @property
    def index(self) -> int:
        """Which of a pair of words is the reader's."""
        return int(self.lang == "zh")

    @property
    def tables(self) -> tuple[Filled, ...]:
        """Every table, those that are only examples last."""
        return (*self.content.tables, *self.content.optional)

    def look(self, **more: object) -> Format:
        """Give a cell format; the same one for the same wishes."""
        wanted = {"font_name": _FONTS[self.lang], "font_size": 11, **more}
        key = tuple(sorted(wanted.items()))
        if key not in self._looks:
            self._looks[key] = self.file.add_format(wanted)
        return self._looks[key]

    def name(self, sheet: str) -> str:
        """Give the name of a sheet that is no table: notes or lists."""
        return _NAMES[sheet][self.index]

    def name_of(self, filled: Filled) -> str:
        """Give the name of a table's sheet; the reader takes only those without an addition."""
        added = _EXAMPLE[self.index] if filled in self.content.optional else ""
        return sheet_name(filled.spec.name, self.lang) + added


def on_paper(sheet: Worksheet, *, header: bool = True) -> None:
    """Let a sheet print one page wide, with its header on every page."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    if header:
        sheet.repeat_rows(0)


def columns_of(text: str) -> int:
    """Give how wide a text is: a Chinese character takes two columns."""
    return sum(2 if ord(mark) > 0x2E80 else 1 for mark in text)
