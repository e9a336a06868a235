"""A template's tables as one workbook: notes, drop-downs, and text that stays text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.inputs.tables.about import Pair, meaning
from capacity.inputs.tables.columns import Column
from capacity.inputs.tables.values import YEARS
from capacity.outputs.templates import notes
from capacity.outputs.templates.content import Cell, Content, Filled, sheet_name

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

#: Rows under the last one that also have drop-downs.
SPARE_ROWS = 2000
_NAMES = {"notes": ("Notes", "填写说明"), "lists": ("Lists", "选项")}
_EXAMPLE = (" (example)", "（示例）")
_HEADS = (("sheet", "column", "", "meaning", "含义"), ("工作表", "列", "", "含义", "meaning"))
_DARK, _LIGHT, _RULE, _GREY = "#1F4E79", "#DCE6F1", "#BFBFBF", "#A6A6A6"
#: Kinds of column whose cells are codes or words, never numbers.
_TEXT = ("code", "region", "level", "levels", "choice", "month", "text")
_WIDTHS = {"source": 24, "note": 30, "title": 18, "fill": 13}


def write(content: Content, path: Path, lang: str) -> None:
    """Write the workbook.

    Parameters
    ----------
    content : Content
    path : Path
        Of the new .xlsx file.
    lang : str
        Headers, sheet names and the language that comes first in notes.
    """
    from xlsxwriter.workbook import Workbook

    # Somebody's text must not become a formula, a link or a number.
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with Workbook(str(path), plain) as book:
        maker = _Maker(book, content, lang)
        maker.notes()
        for filled in content.tables:
            maker.table(filled)
        for filled in content.optional:
            maker.table(filled, optional=True)
        maker.lists()


class _Maker:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Workbook, content: Content, lang: str) -> None:
        self.book, self.content, self.lang = book, content, lang
        self.index = int(lang == "zh")
        self.base = {"font_name": "Microsoft YaHei" if lang == "zh" else "Calibri", "font_size": 11}
        self.choices = _lists(content)

    def _format(self, **more: object) -> Any:
        return self.book.add_format({**self.base, **more})

    def _name(self, sheet: str) -> str:
        return _NAMES[sheet][self.index]

    def notes(self) -> None:
        """Write how to fill in the tables, and what every column means."""
        sheet = self.book.add_worksheet(self._name("notes"))
        first, second = (self.index, 1 - self.index)
        title = self._format(bold=True, font_size=14, font_color=_DARK)
        body, grey = self._format(), self._format(font_color="#595959")
        sheet.set_column(0, 1, 18, body)
        sheet.set_column(2, 2, 9, body)
        sheet.set_column(3, 4, 54, body)
        row = 0
        for index, look in ((first, body), (second, grey)):
            for line, pair in enumerate(notes.head(self.content, "excel")):
                sheet.write_string(row, 0, pair[index], look if line else title)
                row += 1
            row += 1
        self._meanings(sheet, row, (first, second))
        sheet.hide_gridlines(2)
        self._page(sheet, 0)

    def _meanings(self, sheet: Worksheet, row: int, order: tuple[int, int]) -> None:
        look = self._format(bold=True, font_color="white", bg_color=_DARK)
        wrapped = self._format(text_wrap=True, valign="top", bottom=1, bottom_color=_RULE)
        for place, text in enumerate(_HEADS[self.index]):
            sheet.write_string(row, place, text, look)
        for filled in (*self.content.tables, *self.content.optional):
            for column in filled.columns:
                row += 1
                said = meaning(filled.spec.name, column)
                cells = (
                    self._sheet_name(filled),
                    self.content.heading(filled, column, self.lang),
                    notes.needed(column)[self.index],
                    said[order[0]],
                    said[order[1]],
                )
                for place, text in enumerate(cells):
                    sheet.write_string(row, place, text, wrapped)

    def _sheet_name(self, filled: Filled) -> str:
        optional = _EXAMPLE[self.index] if filled in self.content.optional else ""
        return sheet_name(filled.spec.name, self.lang) + optional

    def table(self, filled: Filled, *, optional: bool = False) -> None:
        """Write one table."""
        sheet = self.book.add_worksheet(self._sheet_name(filled))
        sheet.set_tab_color(_GREY if optional else _DARK)
        for place, column in enumerate(filled.columns):
            self._column(sheet, filled, place, column)
        for line, row in enumerate(filled.rows, 1):
            for place, cell in enumerate(row):
                _write(sheet, line, place, cell)
        sheet.freeze_panes(1, 0)
        self._page(sheet, 0)

    def _column(self, sheet: Worksheet, filled: Filled, place: int, column: Column) -> None:
        """Write the header of a column, and what its cells may hold."""
        name = self.content.heading(filled, column, self.lang)
        words = [str(row[place]) for row in filled.rows[:200]]
        width = max(10, *map(_columns, (name, *words)), _WIDTHS.get(column.name, 0))
        text = column.kind in _TEXT
        sheet.set_column(
            place, place, min(width, 40) + 3, self._format(num_format="@" if text else "General")
        )
        dark = {"font_color": "white", "bg_color": _DARK}
        light = {"font_color": "#1A1A1A", "bg_color": _LIGHT}
        look = dark if column.required else light
        sheet.write_string(
            0, place, name, self._format(bold=True, border=1, border_color=_RULE, **look)
        )
        said = notes.comment(filled.spec.name, column, self.lang)
        height = 20 * (2 + said.count("\n") + len(said) // 40)
        sheet.write_comment(0, place, said, {"width": 320, "height": height, "font_size": 10})
        if rule := self._rule(column):
            sheet.data_validation(1, place, len(filled.rows) + SPARE_ROWS, place, rule)

    def _rule(self, column: Column) -> dict[str, object] | None:
        """Give what a cell of a column is held to; other values only bring up a question."""
        zh = self.lang == "zh"
        title = "请检查" if zh else "Please check"
        asked = {"error_type": "warning", "error_title": title, "ignore_blank": True}
        if source := self._list(column):
            message = "请从下拉列表中选择。" if zh else "Choose one of the list."
            return {"validate": "list", "source": source, "error_message": message, **asked}
        if column.kind == "year":
            message = "请填四位年份，如 2025。" if zh else "A year of four digits, such as 2025."
            span = {"criteria": "between", "minimum": YEARS[0], "maximum": YEARS[1]}
            return {"validate": "integer", "error_message": message, **span, **asked}
        if column.kind == "number":
            span = {"criteria": "between", "minimum": column.low, "maximum": column.high}
            low, high = f"{column.low:g}", f"{column.high:,.0f}"
            message = f"请填 {low} 至 {high} 的数。" if zh else f"A number from {low} to {high}."
            return {"validate": "decimal", "error_message": message, **span, **asked}
        return None

    def _list(self, column: Column) -> str:
        """Give the cells of the sheet of lists from which a column's are chosen."""
        key = column.kind if column.kind in ("region", "level") else column.name
        key += "+all" if column.all and column.kind in ("region", "level") else ""
        if key not in self.choices or column.kind not in ("region", "level", "choice"):
            return ""
        place = 2 * list(self.choices).index(key)
        letter = chr(ord("A") + place)
        return f"='{self._name('lists')}'!${letter}$2:${letter}${1 + len(self.choices[key])}"

    def lists(self) -> None:
        """Write what drop-downs offer, each word with its meaning."""
        sheet = self.book.add_worksheet(self._name("lists"))
        look = self._format(bold=True, bg_color=_LIGHT, border=1, border_color=_RULE)
        text, grey = self._format(num_format="@"), self._format(font_color="#595959")
        for place, (key, words) in enumerate(self.choices.items()):
            sheet.set_column(2 * place, 2 * place, 12, text)
            sheet.set_column(2 * place + 1, 2 * place + 1, 22, grey)
            sheet.write_string(0, 2 * place, key, look)
            sheet.write_string(0, 2 * place + 1, "", look)
            for row, (word, told) in enumerate(words, 1):
                sheet.write_string(row, 2 * place, word, text)
                sheet.write_string(row, 2 * place + 1, told[self.index], grey)
        sheet.freeze_panes(1, 0)
        self._page(sheet, 0)

    def _page(self, sheet: Worksheet, header: int) -> None:
        """Print on as many A4 pages as it takes, one wide, the header on each."""
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(header)


def _lists(content: Content) -> dict[str, list[tuple[str, Pair]]]:
    """Give the words of every drop-down."""
    whole = ("all", ("the whole district", "全区"))
    regions = [(code, ("", "")) for code in content.regions]
    levels = [(code, _titles(content, code)) for code in content.levels]
    lists = {"region": regions, "level": levels}
    lists |= {"region+all": [*regions, whole], "level+all": [*levels, whole]}
    for filled in (*content.tables, *content.optional):
        for column in filled.columns:
            if column.choices:
                lists[column.name] = notes.choices(column)
    return lists


def _titles(content: Content, level: str) -> Pair:
    found = content.titles.get(level, ("", ""))
    return found[0], found[1]


def _write(sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif cell is not None:
        sheet.write_number(row, column, cell)


def _columns(text: str) -> int:
    """Give how wide a text is: a Chinese character takes two."""
    return sum(2 if ord(mark) > 0x2E80 else 1 for mark in text)
