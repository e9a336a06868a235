"""What an import found and asks, as people read it."""

from __future__ import annotations

from collections import Counter

from capacity.base.words import number, word
from capacity.inputs.importing.imported import Imported
from capacity.inputs.importing.mapfile import SKIP
from capacity.render.blocks import Coded, Heading, Notes, Page, Table, Text
from capacity.render.text import as_text

#: Tables, and empty places, that are listed.
_LISTED, _ASKED = 8, 6


def shown(of: Imported, lang: str) -> Page:
    """Yield what a notebook shows: what each table is, what is asked, what was changed."""
    yield (Heading(of.map.district.name),)
    yield (_readings(of, lang),)
    yield (_asked(of, lang),) if of.open else (_tables(of, lang), Text(_changes(of, lang)))


def summary(of: Imported, lang: str) -> str:
    """Return what was found, and what is asked or what was done."""
    page = list(shown(of, lang))[1:]
    return as_text(page)


def _readings(of: Imported, lang: str) -> Table:
    rows = [(reading.source, reading.table or "?") for reading in of.map.tables[:_LISTED]]
    if more := len(of.map.tables) - _LISTED:
        rows += [(word("importing.more", lang, count=more), "")] if more > 0 else []
    heads = [word(f"importing.{key}", lang) for key in ("head_file", "head_table")]
    return Table(word("importing.found", lang, files=len(of.files)), heads, rows, left=2)


def _asked(of: Imported, lang: str) -> Notes:
    """List the empty places: those of one kind together."""
    kinds: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for way in of.open:
        kind = way[:1] if way[0] == "units" else way[:2]
        kinds.setdefault(kind, []).append(way)
    lines: list[str | Coded | Notes] = []
    for kind, ways in list(kinds.items())[:_ASKED]:
        names = word("common.comma", lang).join(dict.fromkeys(way[-1] for way in ways[:_ASKED]))
        more = len(ways) - _ASKED
        names += word("importing.and_more", lang, count=more) if more > 0 else ""
        lines.append(Coded(".".join(_known(of, kind)), f"{number(len(ways))}: {names}"))
    if (more := len(kinds) - _ASKED) > 0:
        lines.append(word("importing.more", lang, count=more))
    return Notes(word("importing.asks", lang, n=number(len(of.open))), lines)


def _known(of: Imported, kind: tuple[str, ...]) -> tuple[str, ...]:
    """Name a table of the map by its source, not its number."""
    return ("tables", of.map.tables[int(kind[1])].source) if kind[0] == "tables" else kind


def _tables(of: Imported, lang: str) -> Table:
    rows = []
    for name, frame in of.tables.items():
        years = f"{frame['year'].min():.0f}-{frame['year'].max():.0f}" if "year" in frame else ""
        rows.append((f"{name}.csv", number(len(frame)), years))
    heads = [word(f"importing.{key}", lang) for key in ("head_table", "head_rows", "head_years")]
    return Table("", heads, rows)


def _changes(of: Imported, lang: str) -> str:
    """Say how many cells were changed, summed and left out."""
    counts = Counter(one.what for one in of.changes)
    keys = {"changed": "n_changed", "summed": "n_summed", "left out": "n_left_out"}
    said = [word(f"importing.{k}", lang, n=number(counts[what])) for what, k in keys.items()]
    skipped = sum(reading.table == SKIP for reading in of.map.tables)
    said += [word("importing.n_skipped", lang, n=skipped)] if skipped else []
    return word("nouns.semicolon", lang).join(said) + word("nouns.stop", lang)
