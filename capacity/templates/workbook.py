"""A template's tables as one workbook: notes, drop-downs, and text that stays text."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.base.words import LANGUAGES, word
from capacity.base.words import width as columns_of
from capacity.inputs.tables.columns import Column
from capacity.inputs.tables.values import YEARS
from capacity.inputs.tables.xlsx import letters
from capacity.templates import notes
from capacity.templates.content import TEXT, Content, Filled, sheet_name

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

#: Rows under the last one that also have drop-downs.
SPARE_ROWS = 2000
INK, MUTED, DARK, LIGHT, RULE, GREY = (
    "#1A1A1A", "#595959", "#1F4E79", "#DCE6F1", "#BFBFBF", "#A6A6A6"
)  # fmt: skip
_FONTS = {"en": "Calibri", "zh": "Microsoft YaHei"}
_A4 = 9
#: Characters across the columns of the notes, and the height of a line there.
_NOTES, _LINE = (20, 10, 100), 18
#: The least that some columns of tables have, and the most that any has.
_WIDTHS = {"source": 20, "note": 24, "title": 18, "fill": 13}
_WIDEST = 44


def write(content: Content, path: Path, lang: str) -> None:
    """Write the workbook.

    Parameters
    ----------
    content : Content
    path : Path
        Of the new .xlsx file.
    lang : str
        Of headers, sheet names and notes.
    """
    from xlsxwriter.workbook import Workbook

    # Somebody's text must not become a formula, a link or a number.
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    data = io.BytesIO()  # whole before it is written: a full disk is the system's own error
    with Workbook(data, options | {"in_memory": True}) as file:
        book = _Book(file, content, lang)
        book.write_notes()
        for filled in book.tables:
            book.write_table(filled)
        book.write_lists()
    path.write_bytes(data.getvalue())


class _Book:
    """A workbook that is being written."""

    def __init__(self, file: Workbook, content: Content, lang: str) -> None:
        self.file, self.content, self.lang = file, content, lang
        self.tables = (*content.tables, *content.optional)
        self.lists = self._lists()
        self._looks: dict[tuple[tuple[str, object], ...], Format] = {}

    def say(self, name: str, **facts: object) -> str:
        """Return words of templates in the reader's language."""
        return word(f"templates.{name}", self.lang, **facts)

    def look(self, **more: object) -> Format:
        """Return a cell format; the same one for the same wishes."""
        wanted = {"font_name": _FONTS[self.lang], "font_size": 11, **more}
        key = tuple(sorted(wanted.items()))
        if key not in self._looks:
            self._looks[key] = self.file.add_format(wanted)
        return self._looks[key]

    def name_of(self, filled: Filled) -> str:
        """Return the name of a table's sheet; readers take only those without an addition."""
        added = self.say("example") if filled in self.content.optional else ""
        return sheet_name(filled.spec.name, self.lang) + added

    def write_notes(self) -> None:
        """Write the first sheet: how to fill it in, and what every column means."""
        sheet = self.file.add_worksheet(self.say("notes"))
        for place, width in enumerate(_NOTES):
            sheet.set_column(place, place, width, self.look())
        title, *steps = notes.head(self.content, self.lang, excel=True)
        sheet.write_string(0, 0, title, self.look(bold=True, font_size=14, font_color=DARK))
        for row, line in enumerate(steps, 1):
            sheet.write_string(row, 0, line, self.look(font_color=INK))
        row = len(steps) + 2
        for filled in self.tables:
            row = self._describe(sheet, row, filled)
        sheet.hide_gridlines(2)
        _on_paper(sheet)

    def _describe(self, sheet: Worksheet, row: int, filled: Filled) -> int:
        """Write what a table is for and what its columns mean; return the row after it."""
        band = self.look(bold=True, bg_color=LIGHT, text_wrap=True, valign="top")
        plain = self.look(text_wrap=True, valign="top", bottom=1, bottom_color=RULE)
        purpose = notes.purpose(filled.spec.name, self.lang)
        _write_row(sheet, row, (self.name_of(filled), "", purpose), band)
        for column in filled.columns:
            row += 1
            name = self.content.heading(filled, column, self.lang)
            need, meaning = notes.need(column, self.lang), notes.meaning(column, self.lang)
            _write_row(sheet, row, (name, need, meaning), plain)
        return row + 2

    def write_table(self, filled: Filled) -> None:
        """Write the sheet of a table."""
        sheet = self.file.add_worksheet(self.name_of(filled))
        sheet.set_tab_color(GREY if filled in self.content.optional else DARK)
        for place, column in enumerate(filled.columns):
            self._write_column(sheet, filled, place, column)
        for line, row in enumerate(filled.rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif cell is not None:
                    sheet.write_number(line, place, cell)
        sheet.freeze_panes(1, 0)
        _on_paper(sheet, header=True)

    def _write_column(self, sheet: Worksheet, filled: Filled, place: int, column: Column) -> None:
        """Write the header of a column, and what its cells look like and may hold."""
        name = self.content.heading(filled, column, self.lang)
        cells = (str(row[place]) for row in filled.rows if row[place] is not None)
        width = max(9, *map(columns_of, (name, *cells)), _WIDTHS.get(column.name, 0))
        is_text = column.kind in TEXT
        aligned = {"align": "left", "indent": 1} if is_text else {"align": "right"}
        kind = {"num_format": "@"} if is_text else {}
        sheet.set_column(place, place, min(width + 3, _WIDEST), self.look(**aligned, **kind))
        dark = {"bg_color": DARK, "font_color": "white"}
        colours = dark if column.required else {"bg_color": LIGHT}
        head = self.look(bold=True, border=1, border_color=RULE, **aligned, **colours)
        sheet.write_string(0, place, name, head)
        said = notes.comment(self.content, column, self.lang)
        height = 12 + 19 * sum(1 + columns_of(line) // 46 for line in said.splitlines())
        sheet.write_comment(0, place, said, {"width": 340, "height": height, "font_size": 10})
        if rule := self._rule(column):
            sheet.data_validation(1, place, len(filled.rows) + SPARE_ROWS, place, rule)

    def _rule(self, column: Column) -> dict[str, Any] | None:
        """Return what the cells of a column are held to; anything else only brings up a question.

        The reader takes more than a rule can say, such as 1.2万 for a number.
        """
        asked = {"error_type": "warning", "error_title": self.say("check")}
        named = f"{column.kind}, all" if column.all else column.kind
        name = column.words if column.choices else named
        if name in self.lists:
            place = letters(2 * list(self.lists).index(name))
            last = 1 + len(self.lists[name])
            source = f"='{self.say('lists')}'!${place}$2:${place}${last}"
            chosen = {"validate": "list", "source": source}
            if column.kind == "grade":  # a number and a word are as good
                return chosen | {"show_error": False}
            return asked | chosen | {"error_message": self.say("choose")}
        low, high, kind = column.low, column.high, "decimal"
        if column.kind == "year":
            low, high, kind, message = *YEARS, "integer", self.say("year")
        elif column.kind == "number":
            message = self.say("number", low=f"{low:g}", high=f"{high:,.0f}")
        else:
            return None
        span = {"criteria": "between", "minimum": low, "maximum": high}
        return asked | span | {"validate": kind, "error_message": message}

    def _lists(self) -> dict[str, dict[str, str]]:
        """Return the words of every drop-down, each with its meaning, by a name for it."""
        regions = dict.fromkeys(self.content.regions, "")
        index = LANGUAGES.index(self.lang)
        levels = {code: titles[index] for code, titles in self.content.titles.items()}
        whole = {"all": self.say("whole")}
        lists = {"region": regions, "level": levels}
        lists |= {"region, all": regions | whole, "level, all": levels | whole}
        lists["grade"] = dict(
            (grade.word, str(grade.number)) if grade.is_read else (str(grade.number), grade.word)
            for grade in self.content.grades
        )
        for filled in self.tables:
            for column in filled.columns:
                if column.choices:
                    lists[column.words] = notes.choices(column, self.lang)
        return lists

    def write_lists(self) -> None:
        """Write the sheet that holds the words of drop-downs."""
        sheet = self.file.add_worksheet(self.say("lists"))
        head = self.look(bold=True, bg_color=LIGHT, border=1, border_color=RULE)
        text, meaning = self.look(num_format="@"), self.look(font_color=MUTED)
        number = self.look(align="left")
        for place, (name, choices) in enumerate(self.lists.items()):
            left = 2 * place
            sheet.set_column(left, left, 13, text)
            sheet.set_column(left + 1, left + 1, 20, meaning)
            sheet.write_string(0, left, name, head)
            sheet.write_string(0, left + 1, "", head)
            for row, (choice, said) in enumerate(choices.items(), 1):
                if name == "grade" and _is_whole(choice):
                    sheet.write_number(row, left, int(choice), number)
                else:
                    sheet.write_string(row, left, choice, text)
                sheet.write_string(row, left + 1, said, meaning)
        sheet.freeze_panes(1, 0)
        _on_paper(sheet, header=True)


def _write_row(sheet: Worksheet, row: int, texts: tuple[str, ...], look: Format) -> None:
    """Write a row as high as its longest text, which no program does by itself on opening."""
    for place, text in enumerate(texts):
        sheet.write_string(row, place, text, look)
    lines = (
        -(-columns_of(text) // int(0.85 * width)) for text, width in zip(texts, _NOTES, strict=True)
    )
    sheet.set_row(row, _LINE * max(1, *lines))


def _on_paper(sheet: Worksheet, *, header: bool = False) -> None:
    """Let a sheet print one page wide, with its header on every page."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    if header:
        sheet.repeat_rows(0)


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()
