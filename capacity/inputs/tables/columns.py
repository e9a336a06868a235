"""The tables of a district folder: their columns, with names, limits, keys and what they are for.

Nothing is read here, and nothing is told here: `TABLES` is what ``capacity/words/tables.toml``
says. A column, or another Chinese name for one, is added there. `tables_for` adds the columns of a
district's levels, `match_table` finds a table by a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from capacity.base.errors import Term
from capacity.base.words import LANGUAGES, WHOLE, catalog
from capacity.inputs.tables.values import fold

#: Counts from here on are taken for a wrong unit.
HUGE = 1e9
#: The columns of a level in the pipeline table are these and the level's code; a lever that adds
#: a project states the first two.
PLACES, DECANT, CLASSES = "places_", "decant_", "classes_"
PER_LEVEL = (PLACES, DECANT)
#: Kinds of flags: a year that was odd, and a change that stayed.
ODD, STEP = "odd", "step"
_LATIN = re.compile("[A-Za-z]")
#: A text by language.
Words = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """One column of a table, with the keys that the head of the catalog explains.

    Attributes
    ----------
    aliases : tuple of str
        Further names for it, in Chinese and English.
    choices : tuple of str
        Words that may stand in a choice.
    words : str
        Which list of `CHOICES` they are.
    docs : mapping of str to str
        What it holds, by language.
    """

    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    filled: bool = False
    all: bool = False
    low: float = 0.0
    high: float = HUGE
    usual: float = HUGE
    choices: tuple[str, ...] = ()
    words: str = ""
    units: tuple[str, ...] = ()
    counted: bool = False
    heads: bool = False
    sense: str = "school"
    docs: Words = field(default_factory=dict, compare=False)

    @property
    def term(self) -> Term:
        """The name, with the first of the Chinese ones."""
        return Term(self.name, next((a for a in self.aliases if not _LATIN.search(a)), ""))


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes
    ----------
    name : str
    aliases : tuple of str
        Chinese names for it.
    columns : tuple of Column
        In order.
    key : tuple of str
        Columns whose values together stand once.
    per_level : tuple of Column
        What the columns of a level are like: the first follow the required ones, the others
        stand at the end.
    units : bool
        Whether a unit of units.csv may stand for its region.
    open : bool
        Whether other columns may stand in it: nobody can tell which levels they serve.
    docs, needed, absent : mapping of str to str
        What it is for, when it is needed, and what happens without it, by language.
    """

    name: str
    aliases: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    per_level: tuple[Column, ...]
    docs: Words = field(compare=False)
    needed: Words = field(compare=False)
    absent: Words = field(compare=False)
    units: bool = False
    open: bool = False

    def column(self, name: str) -> Column:
        """Return the column called ``name``."""
        return next(column for column in self.columns if column.name == name)

    @property
    def term(self) -> Term:
        """The name, with the first of the Chinese ones."""
        return Term(self.name, next(iter(self.aliases), ""))

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(column.name for column in self.columns if column.required)


def column_of(name: str, stated: Mapping[str, Any]) -> Column:
    """Return the column that an entry of the catalog states.

    Raises
    ------
    KeyError
        It has no kind, or no words in one of `WHOLE`.
    TypeError
        It has a key that no column has.
    """
    said = {**_CATALOG["shared"].get(stated.get("like", name), {}), **stated}
    docs = _docs(said)
    for key in ("like", *LANGUAGES):
        said.pop(key, None)
    said.setdefault("filled", said.get("required", False))
    words = said.pop("words", name)
    return Column(
        name,
        aliases=tuple(said.pop("names", ())),
        choices=tuple(CHOICES[words]) if said["kind"] == "choice" else (),
        words=words if said["kind"] == "choice" else "",
        units=tuple(said.pop("units", ())),
        docs=docs,
        **said,
    )


def _docs(stated: Mapping[str, Any]) -> dict[str, str]:
    """Return what something is for by language; in English where a further one is lacking."""
    further = {language: stated.get(language, stated["en"]) for language in LANGUAGES}
    return further | {language: stated[language] for language in WHOLE}


def table_of(name: str, stated: Mapping[str, Any]) -> Table:
    """Return the table that an entry of the catalog states, with the columns of every table."""
    columns = {**stated["column"], **_CATALOG["common"]}
    per_level = stated.get("per_level", {})
    return Table(
        name,
        aliases=tuple(stated["names"]),
        columns=tuple(column_of(one, said) for one, said in columns.items()),
        key=tuple(stated["key"]),
        per_level=tuple(column_of(f"{one}_", said) for one, said in per_level.items()),
        docs=_docs(stated),
        needed=stated["needed"],
        absent=stated["absent"],
        units=stated.get("units", False),
    )


_CATALOG = catalog("tables")
#: The words of each column of choices, with what they mean and the Chinese words for them.
CHOICES: Mapping[str, Mapping[str, Mapping[str, Any]]] = _CATALOG["choice"]
#: Every table by name; the pipeline's columns per level are added by `tables_for`.
TABLES: Mapping[str, Table] = {
    name: table_of(name, stated) for name, stated in _CATALOG["table"].items()
}


def limits(table: str, column: str) -> tuple[float, float]:
    """Return the limits of a column's numbers, both allowed.

    >>> limits("ratios", "ratio")
    (0.0, 5)
    """
    return next((one.low, one.high) for one in TABLES[table].columns if one.name == column)


#: Sources of births that are not counted: the planner's own rows for years ahead.
PROJECTION: tuple[str, ...] = tuple(catalog("reading")["projections"])


def chinese(column: str, choice: str) -> str:
    """Return the Chinese word for a choice of a column; nothing where it has none.

    >>> chinese("status", "idea")
    '设想'
    """
    words: str = CHOICES.get(column, {}).get(choice, {"zh": ""})["zh"]
    return words.partition("\N{FULLWIDTH COMMA}")[0]


def listed_words(column: str) -> dict[str, str]:
    """Return every further word that may stand in a column, with the choice that it means."""
    return {
        word: choice
        for choice, said in CHOICES.get(column, {}).items()
        for word in (chinese(column, choice), *said.get("also", ()))
    }


def unclear_words(column: str) -> dict[str, tuple[str, ...]]:
    """Return every word that may mean one choice of a column or another, with all of these."""
    choices = CHOICES.get(column, {})
    words = {word for said in choices.values() for word in said.get("maybe", ())}
    return {
        word: tuple(name for name, said in choices.items() if word in said.get("maybe", ()))
        for word in words
    }


def tables_for(
    levels: Iterable[str] | None, titles: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Table]:
    """Return the tables of a district, with the pipeline's columns of places for its levels.

    Parameters
    ----------
    levels : iterable of str, or None
        Codes; None where they cannot be told.
    titles : mapping of str to sequence of str, optional
        Titles of levels, which may stand in a header in place of the code.
    """
    pipeline = TABLES["pipeline"]
    if levels is None:
        return {**TABLES, "pipeline": replace(pipeline, open=True)}
    codes = tuple(levels)
    named = {code: {fold(code), *map(fold, (titles or {}).get(code, ()))} for code in codes}
    count = Counter(name for names in named.values() for name in names)
    places, *others = (
        tuple(
            replace(
                column,
                name=f"{column.name}{code}",
                aliases=tuple(
                    joined
                    for name in sorted(named[code])
                    if name == fold(code) or count[name] == 1  # a title of two names neither
                    for alias in (column.name.rstrip("_"), *column.aliases)
                    for joined in (f"{alias}{name}", f"{name}{alias}")
                ),
            )
            for code in codes
        )
        for column in pipeline.per_level
    )
    first = len(pipeline.required)
    columns = (*pipeline.columns[:first], *places, *pipeline.columns[first:], *sum(others, ()))
    return {**TABLES, "pipeline": replace(pipeline, columns=columns)}


def match_table(name: str) -> Table | None:
    """Find the table that a sheet names, by its own or a Chinese name."""
    for table in TABLES.values():
        if fold(name) in {fold(option) for option in (table.name, *table.aliases)}:
            return table
    return None
