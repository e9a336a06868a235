"""Errors that people read: problems are collected with their place and raised once.

A problem is a code and its facts; the words for a code stand once, in both languages,
in the catalog of problems. Its text has always the same form::

    file:line:column: code: what; found X; expected Y; fix
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from capacity.base.shown import HtmlRepr
from capacity.base.words import entry, ranges, together, varied, word

#: Lines of problems shown before the rest is only counted.
SHOWN = 100
#: The same problem in more rows than these is shown once.
FEW = 3
#: The rows in which it stands again are listed in so many runs at most.
_RUNS = 4
#: Ends a Chinese word that stands in brackets beside a name.
_CLOSING = "\N{FULLWIDTH RIGHT PARENTHESIS}"


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
    a tuple of them, stands in the words of each language.
    """

    code: str
    at: At
    facts: tuple[tuple[str, object], ...] = ()
    severity: str = "error"

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


class Problems(HtmlRepr, page="capacity.render.pages.inputs"):
    """A growing list of problems of all files, raised together."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def error(self, code: str, at: At, /, **facts: object) -> None:
        """Add what must be mended before anything can run."""
        self._found[Problem(code, at, tuple(facts.items()))] = None

    def warning(self, code: str, at: At, /, **facts: object) -> None:
        """Add what a reader of the results should know."""
        self._found[Problem(code, at, tuple(facts.items()), "warning")] = None

    def extend(self, others: Iterable[Problem]) -> None:
        """Take over problems found elsewhere."""
        self._found.update(dict.fromkeys(others))

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self._found, key=_order))

    def __repr__(self) -> str:
        return f"<Problems: errors={len(self.errors)}, warnings={len(self.warnings)}>"

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
        return f"<InputError: problems={len(self.problems)}>"

    def text(self, language: str = "en") -> str:
        """Return all problems as `problem_lines` does."""
        return "\n".join(problem_lines(self.problems, language))


def problem_lines(problems: Iterable[Problem], language: str, most: int = SHOWN) -> list[str]:
    """Return problems as text: one that stands in many rows once, and past ``most`` only a count.

    Where not all can be shown, each kind in each column is shown before more of the same.
    """
    groups = together(problems, _but_for_its_row, FEW)
    kinds = [(one.code, one.at.file, dict(one.facts).get("column")) for one, *_ in groups]
    shown = varied(kinds, most)
    lines = [_line_of_all(groups[index], language) for index in shown]
    if more := sum(map(len, groups)) - sum(len(groups[index]) for index in shown):
        lines.append(word("common.more", language, count=more))
    return lines


def _but_for_its_row(problem: Problem) -> Problem:
    """Return what a problem shares with those that only stand in another row of the file."""
    return problem if problem.at.line is None else replace(problem, at=At(problem.at.file))


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
    """Show a found value as it was written, control characters escaped."""
    return repr(value) if isinstance(value, str) else str(value)


def nearest(name: str, valid: Iterable[str]) -> tuple[str, ...]:
    """Return the valid names that are clearly nearest to ``name``; all of them on a tie.

    >>> nearest("reigon", ["region", "level"])
    ('region',)
    """
    names = [str(option) for option in valid]
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
        if isinstance(fact, str) and fact.endswith(_CLOSING):
            template = template.replace(f"{{{name}}} ", f"{{{name}}}")
    return template.format(**facts)


def _line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text)


def _order(problem: Problem) -> tuple[str, int, int, str, str]:
    at = problem.at
    return (at.file, at.line or 0, at.column or 0, at.cell or "", problem.code)
