"""How a template is filled in, in words: for a text file, a notes sheet and header comments."""

from __future__ import annotations

from collections.abc import Iterator

from capacity.base.words import word
from capacity.inputs.tables.columns import CHOICES, TABLES, Column
from capacity.templates.content import OPTIONAL, Content, Filled, sheet_name


def head(content: Content, lang: str, *, excel: bool) -> list[str]:
    """Return the lines above the list of columns: a title, and what to do."""
    lines = [word("templates.title" if content.invented else "templates.title_like", lang)]
    lines += word("templates.steps", lang).strip().splitlines()
    if content.optional:
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


def comment(content: Content, column: Column, lang: str) -> str:
    """Return the comment of a header: what its cells hold, and each word that may stand there."""
    lines = [f"{meaning(column, lang)} ({need(column, lang)})"]
    lines += [f"{choice}: {said}" for choice, said in choices(column, lang).items()]
    if column.kind == "grade" and any(grade.word for grade in content.grades):
        named = (word("templates.of_grade", lang, n=n, word=said) for n, said, _ in content.grades)
        lines.append(word("templates.grades", lang, grades=word("templates.and", lang).join(named)))
    return "\n".join(lines)


def as_text(content: Content, lang: str) -> str:
    """Return the notes of a folder of CSV files."""
    blocks = [head(content, lang, excel=False)]
    blocks += [list(_lines(one, content, lang)) for one in (*content.tables, *content.optional)]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _lines(filled: Filled, content: Content, lang: str) -> Iterator[str]:
    name = filled.spec.name
    where = f"{OPTIONAL}/" if filled in content.optional else ""
    yield f"{where}{name}.csv" + (f"  {sheet_name(name, lang)}" if lang == "zh" else "")
    yield f"  {purpose(name, lang)}"
    for column in filled.columns:
        first, *more = comment(content, column, lang).splitlines()
        yield f"  {content.heading(filled, column, lang)}: {first}"
        yield from (f"      {line}" for line in more)


def plain(text: str) -> str:
    """Return a text without the marks of a page."""
    return text.replace("`", "")
