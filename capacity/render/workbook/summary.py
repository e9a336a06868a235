"""The first sheet: the run in short, the blocks of the short answer as rows of cells."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from capacity.base.words import word
from capacity.render.answer import short_answer
from capacity.render.blocks import Block, Heading, Notes, Table, Text
from capacity.render.chances import percent
from capacity.render.measured import measured_line
from capacity.render.pages.brief import how_sure, problem_lines
from capacity.render.pages.brief_tables import years_table
from capacity.render.pages.run import heading, provenance
from capacity.render.pages.tables import LISTED
from capacity.render.workbook.tables import name_of
from capacity.results.labels import ALL, BANDS, years_of
from capacity.results.result import Result

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)")


@dataclass(frozen=True)
class Line:
    """A row of the sheet: its cells, and how they look.

    ``look`` is ``title``, ``text``, ``small``, ``caption``, ``heads``, ``row`` or ``blank``; the
    cells of a text are one, across the sheet. ``bands`` are those of the cells, where they have
    any.
    """

    look: str
    cells: Sequence[Any] = ()
    bands: Sequence[str] = ()


def summary(of: Result, names: Sequence[str], lang: str) -> Iterator[Line]:
    """Yield the rows of the first sheet.

    Parameters
    ----------
    of
    names
        Of the other sheets, for the list of what there is.
    lang
    """
    frame, labels = of.frame(), of.labels
    named = heading(of, lang)
    title = word("workbook.title", lang, district=labels.region_name(ALL, lang), title=named.title)
    yield from _lines([Heading(title, named.more), Text(short_answer(frame, labels, lang))])
    sure = how_sure(of, frame, lang)
    folder = Path(of.scenario.district.folder.name)  # nobody else has the rest of its path
    measured = measured_line(of.scenario, of.measured, lang, folder)
    yield from _lines([Text(sure), Text(measured)])
    yield Line("blank")
    years = years_table(frame, labels, lang, wide=math.inf)
    yield from _lines(years.made(years.wanted))
    yield Line("blank")
    yield from _classes(of, lang)
    if problems := problem_lines(of.notes, lang):
        yield Line("blank")
        yield from _lines([Notes(word("workbook.problems", lang), problems)])
    yield Line("blank")
    listed = word("nouns.list", lang).join(names)
    notes = [word("workbook.contents", lang, sheets=listed), word("workbook.signs", lang)]
    yield from _lines([Text(note, small=True) for note in notes])
    yield from _lines([Text(" · ".join(provenance(of, lang)), small=True)])


def _lines(blocks: Sequence[Block]) -> Iterator[Line]:
    """Yield blocks as rows of cells; numbers in tables are numbers again."""
    for block in blocks:
        match block:
            case Heading(title, more):
                yield Line("title", (title,))
                yield from (Line("text", (text,)) for text in more if text)
            case Text(text, small):
                parts = filter(None, text.split("\n"))
                yield from (Line("small" if small else "text", (part,)) for part in parts)
            case Table(caption, heads, rows):
                if caption:
                    yield Line("caption", (caption,))
                yield Line("heads", [_cell(text) for text in heads])
                yield from (Line("row", [_cell(text) for text in row]) for row in rows)
            case Notes(title, lines):
                yield Line("caption", (title,))
                yield from (Line("text", (line,)) for line in lines)


def _cell(text: str) -> Any:
    """Return the number that a cell says, else its text."""
    return int(text.replace(",", "")) if _NUMBER.fullmatch(text.strip()) else text


def _classes(of: Result, lang: str) -> Iterator[Line]:
    """Yield the classes to open next autumn, a row per region and a column per level."""
    labels, entry = of.labels, of.entry
    year = labels.next_autumn(years_of(of.frame()))
    found = entry[entry["year"] == year]
    keys = zip(found["region"].map(str), found["level"].map(str), strict=True)
    rows = dict(zip(keys, found.to_dict("records"), strict=True))
    if not rows:
        return
    levels = [level.code for level in labels.levels]
    caption = word("brief.classes", lang, year=year)
    if any(found["band"] != ""):
        yellow, red = (percent(line, lang) for line in labels.bands)
        caption = word("workbook.classes", lang, classes=caption, yellow=yellow, red=red)
    yield Line("caption", (caption,))
    heads = [labels.level_name(level, lang) for level in levels]
    yield Line("heads", [word("nouns.region", lang), *heads])

    def bands(code: str) -> list[str]:
        own = (rows.get((code, level), {}).get("band", "") for level in levels)
        return [BANDS.get(str(band), "") for band in own]

    leaves = [region.code for region in labels.leaves]
    reds = {code: bands(code).count("red") for code in leaves}
    shown = (
        sorted(leaves, key=lambda code: -reds[code])[:LISTED] if len(leaves) > LISTED else leaves
    )
    for code in (*labels.under_parents(shown), ALL):
        cells = [rows.get((code, level), {}).get("classes_needed", math.nan) for level in levels]
        yield Line("row", [labels.row_name(code, lang), *cells], ["", *bands(code)])
    if len(leaves) > LISTED:
        facts = {"n": len(leaves) - LISTED, "sheet": name_of("entry", lang)}
        yield Line("small", (word("workbook.more_regions", lang, **facts),))
