"""``import.yaml``: what was understood of an office's files, to be read, completed and mended.

What only the office can know stands there with an empty value and, beside it, what may be written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from capacity.base.errors import Problems
from capacity.base.fields import Strict
from capacity.base.words import word
from capacity.inputs.districts.declared import Entry, Level
from capacity.inputs.documents.shapes import checked
from capacity.inputs.documents.yaml import read_yaml

FILE = "import.yaml"
FORMAT: Literal["capacity.import/1"] = "capacity.import/1"
#: Leaves a table, a column, a unit or a word out.
SKIP = "skip"
#: Where the year, or the region, of a table's rows may stand, beside one that is stated.
FROM = ("column", "header", "title", "sheet", "file", "section")
#: A text that YAML takes as it is.
_BARE = re.compile(
    r"[A-Za-z\u4e00-\u9fff][\w \u4e00-\u9fff/.&()'-]*[\w\u4e00-\u9fff)]|[A-Za-z\u4e00-\u9fff]"
)
_RESERVED = re.compile(r"(?i)(true|false|null|yes|no|on|off|y|n)")
#: Candidates that are named beside an empty place.
_NAMED = 12
#: What stands in a table of the map where it says nothing.
_USUAL = (("year", "column"), ("region", "column"), ("spring", "no"), ("fill", "unknown"))


def _text(value: Any) -> Any:
    """Take a place left empty for an empty text, and a bare number for what it says."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _texts(value: Any) -> Any:
    return {str(k): _text(v) for k, v in value.items()} if isinstance(value, dict) else value


class Reading(Strict):
    """How tables of one form are read.

    A table is of this form where its headers are those of ``columns``, but for the ones that name
    years, grades or levels.
    """

    source: str = Field(alias="from", description="File, or workbook[sheet]; * stands for a year.")
    table: str = Field(default="", description="The table that it makes; skip leaves it out.")
    columns: dict[str, str] = Field(
        default_factory=dict, description="What each column holds; skip leaves it out."
    )
    counts: dict[str, str] = Field(
        default_factory=dict,
        description="What the columns named by years, grades or levels count, by the rest of "
        "their names.",
    )
    year: str = Field(default="column", description="Where the year stands, or the year itself.")
    region: str = Field(
        default="column", description="Where the region stands, or the region itself."
    )
    spring: str = Field(
        default="no",
        pattern="^(yes|no|)$",
        description="Whether years are those of a count in spring: yes for 2021 that is 2020-21.",
    )
    unit: float | None = Field(
        default=1.0, gt=0, description="How many one of its figures stands for."
    )

    fill: str = Field(
        default="unknown",
        pattern="^(yes|no|unknown|)$",
        description="Whether an empty cell below a name means the same: asked where there are any.",
    )

    _empty = field_validator("table", "year", "region", "spring", "fill", mode="before")(_text)
    _empty_columns = field_validator("columns", "counts", mode="before")(_texts)


class Named(Strict):
    """The district that the files are of; it becomes district.yaml."""

    name: str = Field(description="What files and messages call the district.")
    levels: tuple[Level, ...] = Field(description="Levels of school.")
    entry: Entry | None = Field(default=None, description="Who enters the first grade.")


class ImportMap(Strict):
    """All of an ``import.yaml``.

    Attributes
    ----------
    regions : tuple of str
        By the names that files give them, which become their codes.
    units : mapping of str to str
        Streets, wards and schools with the region of each.
    words : mapping of str to (mapping of str to str)
        Words that files use in a column, with what they mean.
    """

    format: Literal["capacity.import/1"] = Field(
        default="capacity.import/1", description="Format of this file."
    )
    district: Named = Field(description="The district.")
    regions: tuple[str, ...] = Field(default=(), description="Names of the regions in the files.")
    tables: tuple[Reading, ...] = Field(default=(), description="How each table is read.")
    units: dict[str, str] = Field(
        default_factory=dict, description="The region of each street, ward or school."
    )
    words: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="What words of a column mean."
    )

    _empty_units = field_validator("units", mode="before")(_texts)

    @field_validator("words", mode="before")
    @classmethod
    def _empty_words(cls, value: Any) -> Any:
        return {k: _texts(v) for k, v in value.items()} if isinstance(value, dict) else value


def read_map(path: Path, problems: Problems) -> ImportMap | None:
    """Read an ``import.yaml``; what is wrong with it is added to ``problems``."""
    document, _ = read_yaml(path, problems)
    return None if document is None else checked(ImportMap, document, problems)


def map_text(
    found: ImportMap, candidates: Mapping[tuple[str, ...], Sequence[str]], lang: str
) -> str:
    """Return the text of an ``import.yaml``.

    Parameters
    ----------
    found : ImportMap
    candidates : mapping of (way to an empty place) to what may be written there
    lang : str
        Of the comments.
    """

    def place(value: str, *way: str) -> str:
        return (
            value
            if way[-1] == "unit" and value
            else scalar(value)
            if value
            else _asked(candidates.get(way, ()), way, lang)
        )

    lines = [f"# {line}" for line in word("importing.head", lang).split("\n")]
    lines += [f"format: {found.format}", "district:", f"  name: {scalar(found.district.name)}"]
    if (entry := found.district.entry) is not None:
        lines += [f"  # {word('importing.entry', lang)}", f"  entry: {stated_entry(entry)}"]
    lines += [f"  # {word('importing.levels', lang)}", "  levels:"]
    lines += [f"    - {{{titled_level(level)}}}" for level in found.district.levels]
    lines += [f"# {word('importing.regions', lang)}", "regions:"]
    lines += [f"  - {scalar(region)}" for region in found.regions] or ["  []"]
    lines += [f"# {word('importing.tables', lang)}", "tables:"]
    for number, reading in enumerate(found.tables):
        lines += _reading(
            reading, lambda value, *way, n=str(number): place(value, "tables", n, *way)
        )
    if found.units:
        lines += [f"# {word('importing.units', lang)}", "units:"]
        lines += [f"  {scalar(k)}: {place(v, 'units', k)}".rstrip() for k, v in found.units.items()]
    if found.words:
        lines += [f"# {word('importing.words', lang)}", "words:"]
    for column, words in found.words.items():
        lines += [f"  {column}:"]
        lines += [
            f"    {scalar(k)}: {place(v, 'words', column, k)}".rstrip() for k, v in words.items()
        ]
    return "\n".join(lines) + "\n"


def _reading(reading: Reading, place: Any) -> Iterator[str]:
    """Give the lines of one table; what stands as it does by default is left out."""
    yield f"  - from: {scalar(reading.source)}"
    yield f"    table: {place(reading.table, 'table')}".rstrip()
    if reading.columns:
        yield "    columns:"
        for header, role in reading.columns.items():
            yield f"      {scalar(header)}: {place(role, 'columns', header)}".rstrip()
    if reading.counts:
        yield "    counts:"
        for header, role in reading.counts.items():
            yield f"      {scalar(header)}: {place(role, 'counts', header)}".rstrip()
    for key, usual in _USUAL:
        if (value := getattr(reading, key)) != usual:
            yield f"    {key}: {place(value, key)}".rstrip()
    if reading.unit != 1:
        yield f"    unit: {place('' if reading.unit is None else f'{reading.unit:.15g}', 'unit')}"


def _asked(candidates: Iterable[str], way: Sequence[str], lang: str) -> str:
    """Return the comment beside an empty place: what may be written there."""
    named = list(dict.fromkeys(candidates))
    if not named:
        key = "any_count" if "withheld" in way else "any_region"
        return f" # {word(f'importing.{key}', lang)}"
    if len(named) > _NAMED:  # the last one leaves it out
        more = word("importing.more", lang, count=len(named) - _NAMED)
        named = [*named[: _NAMED - 1], more, named[-1]]
    listed = word("common.comma", lang).join(named)
    return f" # {word('importing.asked', lang, candidates=listed)}"


def titled_level(level: Level) -> str:
    """Return what a level states, as it stands within braces in YAML."""
    title = level.title.model_dump()
    titles = ", ".join(f"{key}: {scalar(text)}" for key, text in title.items() if text)
    first, last = level.grades
    return (
        f"code: {scalar(level.code)}, title: {{{titles}}}, grades: [{first}, {last}], "
        f"class_size: {level.class_size:.15g}"
    )


def stated_entry(entry: Entry) -> str:
    """Return who enters as a mapping in YAML."""
    ends = day(entry.births_year_ends)
    return f"{{age: {entry.age}, cutoff: {day(entry.cutoff)}, births_year_ends: {ends}}}"


def day(date: tuple[int, int]) -> str:
    """Return a month and day as YAML has them."""
    return f'"{date[0]:02d}-{date[1]:02d}"'


def scalar(text: str) -> str:
    """Return a text as YAML writes it, quoted where it must be.

    >>> scalar("Ashford North"), scalar("2024"), scalar("no"), scalar("a: b"), scalar("小学")
    ('Ashford North', '"2024"', '"no"', '"a: b"', '小学')
    """
    if _BARE.fullmatch(text) and not _RESERVED.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def open_places(found: ImportMap) -> Iterator[tuple[str, ...]]:
    """Give the way to every place that is still empty."""
    for number, reading in enumerate(found.tables):
        way = ("tables", str(number))
        if reading.table == SKIP:
            continue
        if not reading.table:
            yield (*way, "table")
        yield from ((*way, "columns", k) for k, role in reading.columns.items() if not role)
        yield from ((*way, "counts", k) for k, role in reading.counts.items() if not role)
        yield from ((*way, key) for key, _ in _USUAL if not getattr(reading, key))
        if reading.unit is None:
            yield (*way, "unit")
    yield from (("units", unit) for unit, region in found.units.items() if not region)
    for column, words in found.words.items():
        yield from (("words", column, said) for said, meant in words.items() if not meant)
