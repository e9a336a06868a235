"""What offices call things: words of headers, titles and schools, in ``words/offices.toml``.

Words that every reader knows for a column stand in ``words/tables.toml``, those of columns that no
table needs in ``words/layout.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from capacity.base.fields import Texts
from capacity.base.words import catalog
from capacity.inputs.districts.declared import Level
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.sheets import WHOLES
from capacity.inputs.tables.values import without_accents

#: Roles of columns that name a place, the most telling first.
PLACES_NAMED = ("region", "unit", "school")
#: Roles of columns that count something, with the table that they make.
MEASURES = {
    "pupils": "enrolment",
    "births": "births",
    "children": "children",
    "places": "places",
    "entry_places": "places",
    "classes": "places",
    "tracks": "places",
    "class_size": "places",
    "homes": "housing",
}
#: Roles for which the words of the tables' own columns stand too; a kind (类型) may be a level.
_SHARED = frozenset(
    (*PLACES_NAMED, *MEASURES, "year", "grade", "level", "age", "project", "status")
)
_SHARED |= {"opens", "size"}
#: Roles whose words may be dressed: 投用 as 预计投用时间.
_DRESSED = frozenset((*PLACES_NAMED, "project", "status", "opens", "size", "kind"))
#: A role that leaves a column out, and those that are read only through others.
SKIP, TOTAL, PART, NOTE = "skip", "total", "part", "note"
_BRACKETS = re.compile("[(\\[\u3010][^()\\[\\]\u3010\u3011]*[)\\]\u3011]")
_HAN = re.compile("[\u4e00-\u9fff]")
_BLANKS = re.compile(r"[\s_\-.:/]+")


@cache
def plain(text: str) -> str:
    """Return the form by which words are matched: no case, width, blanks or accents.

    >>> plain("Net Capacity") == plain("ｎｅｔ－capacity"), plain("Région")
    (True, 'region')
    """
    return _BLANKS.sub("", without_accents(text)).casefold()


def without_unit(text: str) -> str:
    """Return a header without what stands in brackets.

    >>> without_unit("在校生数（人）"), without_unit("Places (net)")
    ('在校生数', 'Places')
    """
    return _BRACKETS.sub("", unicodedata.normalize("NFKC", text)).strip()


@cache
def _roles() -> Mapping[str, str]:
    """Return every word of a header with its role: those of offices, then those of all readers."""
    roles = catalog("offices")["roles"]
    words = {plain(word): role for role, said in roles.items() for word in said}
    for word, names in _of_tables().items():
        if len(names) == 1 and (name := min(names)) in _SHARED:
            words.setdefault(word, name)
    for word in catalog("layout")["needless"]:
        words.setdefault(plain(word), SKIP)
    return words


def _of_tables() -> Mapping[str, set[str]]:
    """Return the words for the columns of the tables that offices keep, with these columns."""
    found: dict[str, set[str]] = {}
    for table in (*catalog("offices")["hints"], "units"):
        for column in TABLES[table].columns:
            for word in (column.name, *column.aliases):
                found.setdefault(plain(word), set()).add(column.name)
    return found


@lru_cache(maxsize=2**16)
def role_of(header: str) -> str:
    """Return what a header says that its column holds; nothing where it is not known.

    Words for places and projects may stand with others that say nothing of it: 计划投用时间.

    >>> role_of("NCY"), role_of("学校名称"), role_of("人数（人）"), role_of("whatever")
    ('grade', 'school', 'pupils', '')
    >>> role_of("当前进展"), role_of("拟开办时间"), role_of("行政區")
    ('status', 'opens', 'region')
    """
    known, form = _roles(), plain(without_unit(header))
    return known.get(plain(header)) or known.get(form) or _bare_roles().get(_undressed(form), "")


@cache
def _bare_roles() -> Mapping[str, str]:
    """Return the words that may be dressed, bare, but for those that are of two roles then."""
    found: dict[str, set[str]] = {}
    for word, role in _roles().items():
        found.setdefault(_undressed(word), set()).add(role)
    said = {word: min(roles) for word, roles in found.items() if len(roles) == 1}
    return {word: role for word, role in said.items() if role in _DRESSED}


def _undressed(form: str) -> str:
    """Return a word without what offices put before and after it."""
    dress = catalog("offices")["dress"]
    before = next((b for b in dress["before"] if form.startswith(b) and len(form) > len(b) + 1), "")
    form = form.removeprefix(before)
    after = next((a for a in dress["after"] if form.endswith(a) and len(form) > len(a) + 1), "")
    bare = form.removesuffix(after)
    return _undressed(bare) if before or after else bare


def total_of(header: str) -> str | None:
    """Return what a header says is added up, in its plain form; None where it is no total.

    >>> total_of("合计人数"), total_of("Total"), total_of("全区合计"), total_of("人数")
    ('人数', '', '', None)
    """
    form = plain(without_unit(header))
    words = sorted(map(plain, catalog("offices")["roles"][TOTAL]), key=len, reverse=True)
    for word in words:
        for rest in (form.removeprefix(word), form.removesuffix(word)):
            if rest != form and (not rest or rest in _roles() or rest in WHOLES):
                return "" if rest in WHOLES else rest
    return "" if form in WHOLES else None


def measure_in(text: str, roles: Iterable[str]) -> str:
    """Return the one of these counts of which a title speaks; nothing where of none or several.

    >>> measure_in("2025年各片区学位供给", MEASURES), measure_in("学位与班数", MEASURES)
    ('places', '')
    """
    form, wanted = plain(text), MEASURES.keys() & set(roles)
    found = {role for word, role in _roles().items() if role in wanted and word in form}
    return min(found) if len(found) == 1 else ""


@cache
def _hints() -> tuple[tuple[str, str], ...]:
    pairs = (
        (plain(w), table) for table, words in catalog("offices")["hints"].items() for w in words
    )
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def hinted(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the tables of which titles speak, those of the first title that speaks of any.

    >>> hinted(["births_by_ward"]), hinted(["2024学年各年级在校生"]), hinted(["Sheet1"])
    (('births',), ('enrolment',), ())
    """
    for text in texts:
        form = plain(text)
        found = dict.fromkeys(table for word, table in _hints() if word in form)
        if found:
            return tuple(found)
    return ()


@dataclass(frozen=True)
class LevelWords:
    """A level as a school system has it."""

    code: str
    title: Mapping[str, str]
    grades: tuple[int, int]
    class_size: float

    def stated(self, *, code: str = "", grades: tuple[int, int] | None = None) -> Level:
        """Return the level as a district states it, under a code and of grades of its own."""
        return Level(
            code=code or self.code,
            title=Texts(**self.title),
            grades=grades or self.grades,
            class_size=float(self.class_size),
        )


@dataclass(frozen=True)
class System:
    """A school system: its levels, and who enters the first of them."""

    name: str
    levels: tuple[LevelWords, ...]
    entry: Mapping[str, Any]
    tells: frozenset[str]

    def level_codes(self, school: str) -> tuple[str, ...]:
        """Return the levels that a word for a school means; none if it has none of this system.

        A school may have levels that the system does not: what it has there is none of its places.

        >>> systems()[0].level_codes("九年一贯制学校"), systems()[1].level_codes("Phase 9")
        (('primary', 'middle'), ())
        """
        form = plain(without_unit(school))
        codes = {level.code for level in self.levels}
        for level in self.levels:
            if form in {plain(level.code), *map(plain, level.title.values())}:
                return (level.code,)
        found = schools().get(form, ())
        return found if codes.intersection(found) else ()


@cache
def schools() -> Mapping[str, tuple[str, ...]]:
    """Return the levels of schools: of those with several as all readers know them."""
    stated = {**catalog("reading")["sizes"]["schools"], **catalog("offices")["schools"]}
    return {plain(word): tuple(codes) for word, codes in stated.items()}


@cache
def systems() -> tuple[System, ...]:
    """Return the school systems that are known."""
    return tuple(
        System(
            name=said["name"],
            levels=tuple(
                LevelWords(
                    one["code"],
                    {"en": one["en"], "zh": one["zh"]},
                    (one["grades"][0], one["grades"][1]),
                    one["class_size"],
                )
                for one in said["levels"]
            ),
            entry=said["entry"],
            tells=frozenset(said["tells"]),
        )
        for said in catalog("offices")["systems"]
    )


def system_of(words: Iterable[str]) -> System:
    """Return the system of which most words speak; else the first in the script of the words.

    >>> system_of(["NCY", "NOR", "PAN"]).name, system_of(["学校名称", "一年级人数"]).name
    ('england', 'zh')
    >>> system_of(["Area", "NOR Year 1"]).name, system_of(["Area", "Pupils"]).name
    ('england', 'england')
    """
    said = " | ".join(" ".join(re.findall(r"[^\W_]+", word.casefold())) for word in words)
    script = _HAN.search(said) is not None

    def tells(system: System) -> tuple[int, bool]:
        hits = sum(re.search(_told_by(word), said) is not None for word in system.tells)
        return hits, script == any(map(_HAN.search, system.tells))

    return max(systems(), key=tells)


@cache
def _told_by(word: str) -> str:
    """Return the pattern of a word within others; of one in letters, which stands by itself."""
    return rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)
