"""What a project builds, as offices write it: 小学24班/初中18班, 12轨九年一贯制, 1080个学位, 2FE.

Tracks (轨, forms of entry) are a class in each grade of their level; classes become places at the
class size of the level. The words stand in ``words/reading.toml``.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from capacity.base.errors import At, Problems
from capacity.base.words import catalog
from capacity.inputs.tables.columns import CLASSES, PLACES
from capacity.inputs.tables.grades import folded, stages_of
from capacity.inputs.tables.values import MAX_WORD, Levels

_SIZES: Mapping[str, Any] = catalog("reading")["sizes"]
_PART = re.compile(r"(\D*+)(\d{1,3}(?:,\d{3})++|\d++(?:\.\d++)?)(\D*+)", re.ASCII)
#: A whole with its parts in brackets behind it: 36班(小学24班、初中12班).
_INSIDE = re.compile(r"([^()]++)\(([^()]++)\)")
_MARKS = sorted(map(re.escape, _SIZES["between"]), key=len, reverse=True)
#: What stands between parts, but for a comma within a number.
_BETWEEN = re.compile("|".join(r",(?!\d{3}(?!\d))" if one == "," else one for one in _MARKS))
#: Listed places may differ from those of classes by rounding without a word.
_TOLERANCE = 0.5


class Size(NamedTuple):
    """So many ``classes`` or ``places``."""

    number: float
    unit: str


@dataclass(frozen=True)
class Sizes:
    """Reads what is built in a district of these levels.

    Attributes
    ----------
    levels : mapping of str to (int, int)
        First and last grade of each.
    titles : mapping of str to sequence of str
    class_sizes : mapping of str to float
    """

    levels: Levels
    titles: Mapping[str, Sequence[str]]
    class_sizes: Mapping[str, float]

    def read(self, text: str, level: str) -> dict[str, Size] | None:
        """Return what a text says of each level; None where it has no meaning, or two.

        ``level`` is meant where it names none; where it is empty, the only one that there is.

        Examples
        --------
        >>> sizes = Sizes({"primary": (1, 6), "middle": (7, 9)}, {}, {"primary": 40})
        >>> sizes.read("小学24班/初中18班", "")["middle"], sizes.read("12轨", "primary")["primary"]
        (Size(number=18.0, unit='classes'), Size(number=72.0, unit='classes'))
        >>> sizes.read("24班", "") is None
        True
        """
        if len(text) > MAX_WORD:
            return None
        plain = unicodedata.normalize("NFKC", text).strip()
        match = _INSIDE.fullmatch(plain)
        if match and _PART.fullmatch(match[1]) and len(re.findall(r"\d+", match[2])) > 1:
            whole, parts = (self._parts(half, level) for half in match.groups())
            given = _PART.fullmatch(match[1])
            if parts is None or given is None:
                return None
            total = math.fsum(size.number for size in parts.values())
            agrees = (
                whole is None
                or len({size.unit for size in (*whole.values(), *parts.values())}) == 1
            )
            return parts if agrees and total == _number(given[2]) else None
        return self._parts(plain, level)

    def places(self, sizes: Mapping[str, Size]) -> dict[str, float]:
        """Return the places of each level."""
        return {
            level: size.number * (self.class_sizes.get(level, 1.0) if size.unit == "classes" else 1)
            for level, size in sizes.items()
        }

    def _parts(self, text: str, level: str) -> dict[str, Size] | None:
        found: dict[str, Size] = {}
        for part in _BETWEEN.split(text):
            sizes = self._part(part.strip(), level) if part.strip() else {}
            if sizes is None or found.keys() & sizes.keys():
                return None
            found |= sizes
        return found or None

    def _part(self, text: str, level: str) -> dict[str, Size] | None:
        """Return what one part says."""
        match = _PART.fullmatch(text)
        if match is None:
            return None
        unit, after = _unit(match[3].strip())
        if not unit:
            return None
        beside = _without_asides(f"{match[1]} {after}")
        alone = tuple(self.levels) if len(self.levels) == 1 else ()
        levels = self._named(beside) if beside else (level,) if level else alone
        number = _number(match[2])
        if not levels or (len(levels) > 1 and unit != "tracks"):
            return None
        if unit == "tracks":
            spans = {one: self.levels[one] for one in levels}
            return {
                k: Size(number * (last - first + 1), "classes")
                for k, (first, last) in spans.items()
            }
        return {one: Size(number, unit) for one in levels}

    def _named(self, text: str) -> tuple[str, ...]:
        """Return the levels that a word names: a code or title, a stage, or a school of several."""
        form = folded(text)
        names = {level: (level, *self.titles.get(level, ())) for level in self.levels}
        own = tuple(level for level, said in names.items() if form in map(folded, said))
        if own:
            return own if len(own) == 1 else ()
        schools = {folded(word): stages for word, stages in _SIZES["schools"].items()}
        if form in schools:
            each = [self._of_stages({stage}, names) for stage in schools[form]]
            return tuple(dict.fromkeys(sum(each, ()))) if all(len(one) == 1 for one in each) else ()
        return self._of_stages(stages_of((text,)), names)

    def _of_stages(
        self, stages: set[str] | frozenset[str], names: Mapping[str, tuple[str, ...]]
    ) -> tuple[str, ...]:
        """Return the level of any of these stages: the one called so, else that begins so."""
        called = tuple(level for level, said in names.items() if stages_of(said) & stages)
        if called:
            return called if len(called) == 1 else ()
        stated = catalog("reading")["grades"]["stages"]
        begins = {stated[stage].get("begins") for stage in stages if stage in stated}
        first = tuple(level for level, (grade, _) in self.levels.items() if grade in begins)
        return first if len(first) == 1 else ()


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _unit(text: str) -> tuple[str, str]:
    """Return the unit with which words begin, and the words after it; none where it has none."""
    form = folded(text)
    words = [(folded(word), unit) for unit, words in _SIZES["units"].items() for word in words]
    for word, unit in sorted(words, key=lambda pair: len(pair[0]), reverse=True):
        if form.startswith(word):
            return unit, form[len(word) :]
    return "", form


def _without_asides(text: str) -> str:
    """Return words without those that say nothing of a size."""
    form = text.strip()
    for word in sorted(_SIZES["asides"], key=len, reverse=True):
        ends = rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else f"^{word}|{word}$"
        form = re.sub(ends, "", form, flags=re.IGNORECASE).strip()
    return form.strip(" :-().")


def fill_places(
    frame: pd.DataFrame,
    sizes: Sizes,
    at: Callable[[int, str], At],
    problems: Problems,
) -> pd.DataFrame:
    """Return the pipeline with places for classes and sizes, and warn where others are listed.

    Parameters
    ----------
    frame : DataFrame
        As it was read; ``at`` tells where its rows stand.
    sizes : Sizes
    at : callable
    problems : Problems
    """
    stated = [json.loads(text) if text else {} for text in frame["size"].tolist()]
    filled = frame.copy()
    for level in sizes.levels:
        listed = frame[f"{PLACES}{level}"].to_numpy(float, copy=True)
        classes = frame[f"{CLASSES}{level}"].to_numpy(float)
        size = sizes.class_sizes.get(level, 1.0)
        for row, said in enumerate(stated):
            counted = said.get(level) if math.isnan(classes[row]) else classes[row] * size
            if counted is None:
                continue
            if listed[row] and abs(listed[row] - counted) > _TOLERANCE:
                facts = {"level": level, "listed": listed[row], "counted": counted, "size": size}
                problems.warning("sizes-differ", at(row, f"{PLACES}{level}"), **facts)
            listed[row] = counted
        filled[f"{PLACES}{level}"] = listed
    return filled
