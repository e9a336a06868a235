"""Errors that people read: problems are collected with their place and raised once.

A problem is a code and its facts; the words for a code stand once, in both languages,
in the catalog of problems. Its text has always the same form::

    file:line:column: code: what; found X; expected Y; fix
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import PurePath

from capacity.base.shown import HtmlRepr
from capacity.base.words import entry, ranges, together, varied, word

#: Lines of problems shown before the rest is only counted.
SHOWN = 100
#: Problems of one kind that are kept of one file before the rest is only counted: as many as
#: anybody mends before asking again.
KEPT = 500
#: Characters of a value found, and of a line, that are shown before the rest is left out.
LONGEST, LONGEST_LINE = 120, 4000
#: Problems that tell that others were not looked for: they are always among those shown.
UNREAD = ("cells-unread", "rows-unread", "faults-unread")
#: The same problem in more rows than these is shown once.
FEW = 3
#: The rows in which it stands again are listed in so many runs at most.
_RUNS = 4
#: Names with which others are compared, of one kind of problem, before `nearest` is not asked.
MOST_COMPARED = 60_000
#: A name that is so many times as long as another is not near it.
_FAR = 3
#: Ends a Chinese word that stands in brackets beside a name.
CLOSING = "\N{FULLWIDTH RIGHT PARENTHESIS}"
#: Severity, code and file of a problem.
_Kind = tuple[str, str, str]


@dataclass(frozen=True)
class At:
    """Where a problem stands: a file, and in it a line and column or a workbook cell."""

    file: str
    line: int | None = None
    column: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        if self.cell is not None:
            return f"{self.file}[{self.cell}]"
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True, repr=False)
class Term:
    """A name as files have it, and the Chinese word that Chinese messages put beside it."""

    name: str
    zh: str = ""

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return repr(self.name)

    def text(self, language: str) -> str:
        """Return the name as a reader of the language sees it.

        >>> Term("places", "学位数").text("zh")
        'places（学位数）'
        """
        name = self.name if self.name.isprintable() else repr(self.name)
        if language == "zh" and self.zh:
            return word("common.name", language, name=name, word=self.zh)
        return name


@dataclass(frozen=True, repr=False)
class Phrase(Term):
    """Words of a fact, ``name`` in English and ``zh`` in their place in Chinese."""

    def text(self, language: str) -> str:
        """Return the words of the language."""
        return self.zh if language == "zh" else self.name


def phrase(key: str, **facts: object) -> Phrase:
    """Return the words of a key of a catalog as a fact."""
    return Phrase(word(key, "en", **facts), word(key, "zh", **facts))


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (or, with severity ``warning``, worth knowing).

    ``facts`` fill the templates of the code; the key ``found`` is quoted as found,
    the key ``nearest`` (a tuple of names) is offered as the name that was meant. A `Term`, or
    a tuple of them, stands in the words of each language. ``more`` others of its kind in its
    file were only counted.
    """

    code: str
    at: At
    facts: tuple[tuple[str, object], ...] = ()
    severity: str = "error"
    more: int = 0

    def text(self, language: str = "en") -> str:
        """Return the problem in one line of ``language`` ("en" or "zh"), all of it printable."""
        facts = {name: _said(fact, language) for name, fact in self.facts}
        words = {
            part: _filled(said.get(language) or said["en"], facts)
            for part, said in entry("problems", self.code).items()
        }
        parts = [words["what"]]
        if "found" in facts:
            parts.append(word("common.found", language, found=quote(facts["found"])))
        if "expected" in words:
            parts.append(word("common.expected", language, expected=words["expected"]))
        if "fix" in words:
            parts.append(words["fix"])
        if nearest := facts.get("nearest"):
            assert isinstance(nearest, tuple)
            names = " / ".join(quote(name) for name in nearest)
            parts.append(word("common.did_you_mean", language, names=names))
        joined = word("common.semicolon", language).join(parts)
        return _line(f"{self.at}: {self.code}: {joined}")

    def brief(self, language: str = "en") -> str:
        """Return what is so in few words, without code and remedy.

        What has no few words of its own has its place before it, where it has a line.
        """
        facts = {name: _said(fact, language) for name, fact in self.facts}
        words = entry("problems", self.code)
        said = words.get("brief", words["what"])
        text = _filled(said.get(language) or said["en"], facts)
        if "brief" not in words and (self.at.line is not None or self.at.cell is not None):
            at = replace(self.at, file=PurePath(self.at.file).name)
            text = word("common.placed", language, at=at, text=text)
        return _line(text)


class Problems(HtmlRepr, page="capacity.render.pages.inputs"):
    """A growing list of problems of all files, raised together.

    Of one kind in one file `KEPT` are kept, and the others counted: a hostile file costs no more
    than its text. A reader of many rows asks `room` before it works out what nobody would read.
    """

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self._kept: Counter[_Kind] = Counter()
        self._more: Counter[_Kind] = Counter()

    def error(self, code: str, at: At, /, **facts: object) -> None:
        """Add what must be mended before anything can run."""
        self._add(Problem(code, at, tuple(facts.items())))

    def warning(self, code: str, at: At, /, **facts: object) -> None:
        """Add what a reader of the results should know."""
        self._add(Problem(code, at, tuple(facts.items()), "warning"))

    def room(self, code: str, file: str, severity: str = "error", *, few: int = KEPT) -> bool:
        """Whether fewer of a kind in a file are kept than that; by default than are kept at all."""
        return self._kept[severity, code, file] < few

    def count(self, code: str, file: str, more: int = 1, severity: str = "error") -> None:
        """Count problems for which there is no `room`."""
        self._more[severity, code, file] += more

    def extend(self, others: Iterable[Problem]) -> None:
        """Take over problems found elsewhere; what was counted there is counted once."""
        for problem in others:
            kind = _kind(problem)
            self._add(replace(problem, more=0) if problem.more else problem)
            self._more[kind] = max(self._more[kind], problem.more)

    def _add(self, problem: Problem) -> None:
        kind = _kind(problem)
        if problem in self._found:
            return
        if self._kept[kind] >= KEPT:
            self._more[kind] += 1
            return
        self._kept[kind] += 1
        self._found[problem] = None

    def __iter__(self) -> Iterator[Problem]:
        last = {_kind(problem): problem for problem in self._found}
        for problem in sorted(self._found, key=_order):
            more = self._more[kind] if (kind := _kind(problem)) in self._more else 0
            yield replace(problem, more=more) if more and problem is last[kind] else problem

    def __repr__(self) -> str:
        counted = {one: how_many(getattr(self, one)) for one in ("errors", "warnings")}
        return f"<Problems: errors={counted['errors']}, warnings={counted['warnings']}>"

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Errors, by file and line."""
        return tuple(problem for problem in self if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Warnings, by file and line."""
        return tuple(problem for problem in self if problem.severity == "warning")

    def raise_errors(self) -> None:
        """Raise `InputError` with all errors, if there are any."""
        if self.errors:
            raise InputError(self.errors)


def how_many(problems: Iterable[Problem]) -> int:
    """Return the number of problems, those that were only counted among them."""
    return sum(1 + problem.more for problem in problems)


def _kind(problem: Problem) -> _Kind:
    return problem.severity, problem.code, problem.at.file


class CapacityError(Exception):
    """Base of all errors that this package raises on purpose.

    Examples
    --------
    >>> import capacity
    >>> issubclass(capacity.InputError, capacity.CapacityError)
    True
    """


@dataclass(repr=False)
class InputError(HtmlRepr, CapacityError, page="capacity.render.pages.inputs"):
    """Files that cannot be used, with every problem found in them.

    Attributes
    ----------
    problems : tuple of Problem
        By file and line.

    Examples
    --------
    >>> import capacity
    >>> try:
    ...     capacity.load_scenario("none.yaml")
    ... except capacity.InputError as error:
    ...     print(error)
    none.yaml: file-missing: there is no such file
    """

    problems: tuple[Problem, ...] = field(default_factory=tuple)

    def __str__(self) -> str:
        return self.text("en")

    def __repr__(self) -> str:
        return f"<InputError: problems={how_many(self.problems)}>"

    def text(self, language: str = "en") -> str:
        """Return all problems as `problem_lines` does."""
        return "\n".join(problem_lines(self.problems, language))


def problem_lines(problems: Iterable[Problem], language: str, most: int = SHOWN) -> list[str]:
    """Return problems as text: one that stands in many rows once, and past ``most`` only a count.

    Where not all can be shown, each kind in each column is shown before more of the same, and what
    tells that something was not looked at before all.
    """
    groups = together(problems, _but_for_its_row, FEW)
    kinds = [(one.code, one.at.file, dict(one.facts).get("column")) for one, *_ in groups]
    unread = {index for index, (one, *_) in enumerate(groups) if one.code in UNREAD}
    shown = varied(kinds, most, unread)
    lines = [_line_of_all(groups[index], language) for index in shown]
    said = sum(len(groups[index]) for index in shown)
    if more := sum(how_many(group) for group in groups) - said:
        lines.append(word("common.more", language, count=more))
    return lines


def _but_for_its_row(problem: Problem) -> Problem:
    """Return what a problem shares with those that only stand in another row of the file."""
    here = At(problem.at.file) if problem.at.line is not None else problem.at
    return replace(problem, at=here, more=0)


def _line_of_all(alike: Sequence[Problem], language: str) -> str:
    """Return the first of like problems in full, and the lines in which it stands again."""
    first, *others = alike
    text = first.text(language)
    if first.severity == "warning":
        text = word("common.warning", language, text=text)
    if not others:
        return text
    lines = [other.at.line or 0 for other in others]
    runs = ranges(lines)
    if len(runs) > _RUNS:
        runs = [f"{min(lines)} … {max(lines)}"]
    listed = word("common.comma", language).join(runs)
    return word("common.alike", language, text=text, count=len(others), lines=listed)


def quote(value: object) -> str:
    """Show a found value as it was written, control characters escaped; a long one by its ends."""
    if isinstance(value, str):
        return repr(shortened(value))
    if isinstance(value, int) and abs(value) > sys.maxsize:  # Python refuses to write long ones
        return hex(value)[:LONGEST]
    return shortened(str(value))


def shortened(text: str, most: int = LONGEST) -> str:
    """Return a text, of a long one its beginning and its end.

    >>> shortened("12345678", 5)
    '12…78'
    """
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[:half]}…{text[-half:]}"


def nearest(name: str, valid: Iterable[str]) -> tuple[str, ...]:
    """Return the valid names that are clearly nearest to ``name``; all of them on a tie.

    >>> nearest("reigon", ["region", "level"])
    ('region',)
    """
    name = str(name)
    names = [option for option in map(str, valid) if len(name) < _FAR * (len(option) + 1)]
    folded = {option.casefold(): option for option in names}
    close = get_close_matches(str(name).casefold(), list(folded), n=3, cutoff=0.6)
    if not close:
        return ()
    best = _likeness(name.casefold(), close[0])
    return tuple(folded[option] for option in close if _likeness(name.casefold(), option) == best)


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher

    return round(SequenceMatcher(None, one, other).ratio(), 6)


def _said(fact: object, language: str) -> object:
    if isinstance(fact, Term):
        return fact.text(language)
    if isinstance(fact, tuple) and fact and all(isinstance(part, Term) for part in fact):
        return word("common.comma", language).join(part.text(language) for part in fact)
    return fact


def _filled(template: str, facts: Mapping[str, object]) -> str:
    """Fill in facts; no space follows a Chinese word in brackets."""
    for name, fact in facts.items():
        if isinstance(fact, str) and fact.endswith(CLOSING):
            template = template.replace(f"{{{name}}} ", f"{{{name}}}")
    return template.format(**facts)


def _line(text: str) -> str:
    text = shortened(text, LONGEST_LINE)
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text)


def _order(problem: Problem) -> tuple[str, int, int, str, str]:
    at = problem.at
    return (at.file, at.line or 0, at.column or 0, at.cell or "", problem.code)
