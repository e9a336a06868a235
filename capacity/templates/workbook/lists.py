"""Drop-downs: the sheet that holds their words, and the rule of each column."""

from __future__ import annotations

from typing import Any

from capacity.inputs.tables.about import Pair
from capacity.inputs.tables.columns import Column
from capacity.inputs.tables.xlsx import letters
from capacity.inputs.tables.years import YEARS
from capacity.templates import notes
from capacity.templates.content import Content
from capacity.templates.workbook.book import LIGHT, MUTED, RULE, Book, on_paper

Words = list[tuple[str, Pair]]

_TITLE = ("Please check", "请检查")
_CHOOSE = ("Choose one from the list.", "请从下拉列表中选择。")
_YEAR = ("A year of four digits, such as 2025.", "请填四位年份，如 2025。")
_NUMBER = ("A number from {low} to {high}.", "请填 {low} 至 {high} 的数。")
_WHOLE = ("all", ("the whole district", "全区"))


def lists_of(content: Content) -> dict[str, Words]:
    """Give the words of every drop-down, each with its meaning, by a name for it."""
    regions: Words = [(code, ("", "")) for code in content.regions]
    levels: Words = [(code, content.titles[code]) for code in content.levels]
    lists = {"region": regions, "level": levels}
    lists |= {"region, all": [*regions, _WHOLE], "level, all": [*levels, _WHOLE]}
    for filled in (*content.tables, *content.optional):
        for column in filled.columns:
            if column.choices:
                lists[column.name] = notes.choices(column)
    return lists


def write(book: Book) -> None:
    """Write the sheet of lists."""
    sheet = book.file.add_worksheet(book.name("lists"))
    head = book.look(bold=True, bg_color=LIGHT, border=1, border_color=RULE)
    text, meaning = book.look(num_format="@"), book.look(font_color=MUTED)
    for number, (name, words) in enumerate(lists_of(book.content).items()):
        left = 2 * number
        sheet.set_column(left, left, 13, text)
        sheet.set_column(left + 1, left + 1, 20, meaning)
        sheet.write_string(0, left, name, head)
        sheet.write_string(0, left + 1, "", head)
        for row, (word, said) in enumerate(words, 1):
            sheet.write_string(row, left, word, text)
            sheet.write_string(row, left + 1, said[book.index], meaning)
    sheet.freeze_panes(1, 0)
    on_paper(sheet)


def rule(book: Book, column: Column) -> dict[str, Any] | None:
    """Give what the cells of a column are held to; anything else only brings up a question.

    The reader takes more than a rule can say, such as 1.2万 for a number.
    """
    asked = {"error_type": "warning", "error_title": _TITLE[book.index]}
    if source := _source(book, column):
        message = _CHOOSE[book.index]
        return {"validate": "list", "source": source, "error_message": message, **asked}
    if column.kind == "year":
        low, high, message = *YEARS, _YEAR[book.index]
        kind = "integer"
    elif column.kind == "number":
        low, high, kind = column.low, column.high, "decimal"  # type: ignore[assignment]
        message = _NUMBER[book.index].format(low=f"{low:g}", high=f"{high:,.0f}")
    else:
        return None
    span = {"criteria": "between", "minimum": low, "maximum": high}
    return {"validate": kind, "error_message": message, **span, **asked}


def _source(book: Book, column: Column) -> str:
    """Give the cells of the sheet of lists from which a column is chosen."""
    if column.kind in ("region", "level"):
        name = f"{column.kind}, all" if column.all else column.kind
    elif column.choices:
        name = column.name
    else:
        return ""
    lists = lists_of(book.content)
    letter = letters(2 * list(lists).index(name))
    return f"='{book.name('lists')}'!${letter}$2:${letter}${1 + len(lists[name])}"
