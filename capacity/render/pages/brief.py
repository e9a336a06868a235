"""A run in at most 25 lines of at most 100 columns: what the terminal answers first.

Every part has the lines that it would like and the fewest that it can do with; where they are too
many together, parts give up lines in the order of `_PARTS`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from capacity.base.errors import Problem
from capacity.base.titles import text_in
from capacity.base.words import cut, cut_within, width, word, wrap
from capacity.render import chances
from capacity.render.answer import short_answer
from capacity.render.blocks import Page, Text
from capacity.render.measured import measured_line
from capacity.render.pages.brief_tables import NOTHING, WIDE, Part, classes, years_table
from capacity.results.labels import has_draws, years_of
from capacity.results.result import Result

#: Lines of the whole.
LINES = 25


@dataclass(frozen=True)
class Brief:
    """The short answer of a run.

    Attributes
    ----------
    answer : Page
    problems : tuple of str
        What a reader must know, a line each.
    kept : str
        What became of the folder.
    """

    answer: Page
    problems: tuple[str, ...]
    kept: str


def brief(
    of: Result,
    lang: str,
    *,
    base: Result | None = None,
    kept: str = "",
    said: Sequence[str] = (),
    lines: int = LINES,
) -> Brief:
    """Return what the command prints of a run by default.

    Parameters
    ----------
    of
    lang
    base
        The result of the scenario that this one builds on, where there is one.
    kept
        What became of its folder.
    said
        What failed, to be said before what a reader must know.
    lines
        At most.
    """
    problems = [
        *(cut(line, WIDE) for line in said),
        *(cut(line, WIDE) for line in problem_lines(of.notes, lang, WIDE)),
    ]
    ending = [_kept_line(kept, lang)] if kept else []
    parts = _parts(of, base, lang)
    parts["problems"] = Part(len(problems), min(len(problems), 2), lambda n: [])
    room = lines - len(ending) - (len(_GROUPS) - 1)
    sizes = _shared({name: part for name, part in parts.items() if part.wanted}, room)
    blocks = {name: parts[name].made(size) for name, size in sizes.items()}
    groups, last = list(_GROUPS[:-1]), _GROUPS[-1]
    if sum(sizes.values()) < room:
        groups, last = [*groups, last[:1]], last[1:]
    page = [
        [block for name in group for block in blocks.get(name, ())] for group in (*groups, last)
    ]
    told = _first(problems, sizes.get("problems", 0), "brief.more", lang)
    return Brief([group for group in page if group], tuple(told), "".join(ending))


#: Parts in the order in which they are printed, a blank line between two groups; where there is
#: room also after the first of the last.
_GROUPS: tuple[tuple[str, ...], ...]
_GROUPS = (("question", "answer", "against"), ("classes",), ("years", "sure", "measured"))
#: Parts in the order in which they give up lines, and down to how many.
_PARTS = (
    *(("problems", 3), ("against", 1), ("question", 1), ("classes", 7), ("problems", 2)),
    *(("measured", 1), ("classes", 0), ("sure", 1), ("answer", 1)),
)


def _parts(of: Result, base: Result | None, lang: str) -> dict[str, Part]:
    from capacity.render.pages.run import against

    frame, labels = of.frame(), of.labels
    title = text_in(labels.title, lang, labels.scenario)
    texts = {"question": text_in(labels.question, lang, "") or title}
    texts["answer"] = short_answer(frame, labels, lang)
    texts["against"] = "" if base is None else against(of, base, lang)
    texts["sure"] = how_sure(of, frame, lang)
    texts["measured"] = measured_line(of.scenario, of.measured, lang)
    parts = {name: _text(text) for name, text in texts.items()}
    parts["classes"] = classes(of.entry, labels, labels.next_autumn(years_of(frame)), lang)
    parts["years"] = years_table(frame, labels, lang)
    return parts


def _shared(parts: Mapping[str, Part], room: int) -> dict[str, int]:
    """Share lines out among parts."""
    sizes = {name: part.wanted for name, part in parts.items()}
    for name, least in _PARTS:
        if name in sizes:
            over = max(0, sum(sizes.values()) - room)
            fewest = min(max(parts[name].least, least), sizes[name])
            sizes[name] = max(fewest, sizes[name] - over)
    return sizes


def _text(text: str) -> Part:
    """Return running text, in two lines at most and one at least."""
    if not text:
        return NOTHING
    wanted = len(wrap(text, WIDE, 2).split("\n"))
    return Part(wanted, 1, lambda n: [Text(wrap(text, WIDE, n))])


def _kept_line(kept: str, lang: str) -> str:
    """Say what became of the folder, and how to see more; of a long path both ends."""
    room = WIDE - width(word("brief.all_tables", lang, kept=""))
    return word("brief.all_tables", lang, kept=cut_within(kept, room))


def _first(lines: Sequence[str], most: int, key: str, lang: str) -> list[str]:
    """Return the first lines, the last of them saying how many are left out."""
    if len(lines) <= most:
        return list(lines)
    left = len(lines) - most + 1
    return [*lines[: most - 1], word(key, lang, n=left)][:most]


def problem_lines(notes: Sequence[Problem], lang: str, wide: float = math.inf) -> list[str]:
    """Say what a reader must know, a line for each kind; how many more there are within a width."""
    kinds: dict[str, list[Problem]] = {}
    for note in notes:
        kinds.setdefault(note.code, []).append(note)
    lines = []
    for alike in kinds.values():
        text = word("common.warning", lang, text=alike[0].brief(lang))
        if len(alike) > 1:
            more = word("brief.as_much", lang, text="", n=len(alike) - 1)
            text = cut(text, wide - width(more)) + more
        lines.append(text)
    return lines


def how_sure(of: Result, frame: pd.DataFrame, lang: str) -> str:
    """Say how sure the answer is, and that the regional split is assumed where it is."""
    if has_draws(frame):
        drawn = of.scenario.chance.draws
        said = chances.how_sure(frame, of.chance, of.labels, lang, draws=drawn, brief=True)
    else:
        said = word("brief.no_draws", lang) + word("nouns.stop", lang)
    if not of.labels.split_assumed:
        return said
    return said.removesuffix(word("nouns.stop", lang)) + "".join(
        word(f"nouns.{key}", lang) for key in ("semicolon", "split_assumed", "stop")
    )
