"""How a template is filled in, in words: for a text file, a notes sheet and header comments."""

from __future__ import annotations

from collections.abc import Iterator

from capacity.base.words import LANGUAGES, word
from capacity.inputs.tables.columns import CHOICES, TABLES, Column
from capacity.templates.content import OPTIONAL, Content, Filled, sheet_name


def both(lang: str) -> tuple[str, ...]:
    """Return both languages, the reader's first."""
    return (lang, *(other for other in LANGUAGES if other != lang))


def head(content: Content, lang: str, *, excel: bool) -> list[str]:
    """Return the lines above the list of columns: a title, and what to do."""
    invented = bool(content.optional)
    lines = [word("templates.title" if invented else "templates.title_like", lang)]
    lines += word("templates.steps", lang).strip().splitlines()
    if invented:
        form = "templates.optional_sheets" if excel else "templates.optional_files"
        lines.append(word(form, lang))
    return [*lines, word("templates.colours", lang)] if excel else lines


def purpose(table: str, lang: str) -> str:
    """Return what a table is for."""
    return plain(TABLES[table].docs[lang])


def meaning(column: Column, lang: str) -> str:
    """Return what a column holds."""
    return plain(column.docs[lang])


def need(column: Column, lang: str) -> str:
    """Return a word for whether a column must be there."""
    return word("templates.needed" if column.required else "templates.free", lang)


def choices(column: Column, lang: str) -> dict[str, str]:
    """Return the meaning of each word that may stand in a column."""
    return {choice: plain(CHOICES[column.words][choice][lang]) for choice in column.choices}


def comment(column: Column, lang: str) -> str:
    """Return the comment of a header, in both languages, the reader's first."""
    first, second = both(lang)
    lines = [f"{meaning(column, one)} ({need(column, one)})" for one in (first, second)]
    others = choices(column, second)
    for choice, said in choices(column, first).items():
        lines.append(f"{choice}: {said} {others[choice]}")
    return "\n".join(lines)


def as_text(content: Content, lang: str) -> str:
    """Return the notes of a folder of CSV files."""
    blocks = [head(content, one, excel=False) for one in both(lang)]
    blocks += [list(_lines(one, content, lang)) for one in (*content.tables, *content.optional)]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _lines(filled: Filled, content: Content, lang: str) -> Iterator[str]:
    name = filled.spec.name
    where = f"{OPTIONAL}/" if filled in content.optional else ""
    yield f"{where}{name}.csv  {sheet_name(name, 'zh')}"
    yield from (f"  {purpose(name, one)}" for one in both(lang))
    for column in filled.columns:
        first, *more = comment(column, lang).splitlines()
        yield f"  {content.heading(filled, column, lang)}: {first}"
        yield from (f"      {line}" for line in more)


def plain(text: str) -> str:
    """Return a text without the marks of a page."""
    return text.replace("`", "")
