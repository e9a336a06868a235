"""The tab of live levers: its controls, made of what the kernel offers, its words and its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from capacity.base.words import catalog, word
from capacity.render.html import environment
from capacity.render.report.document import Tab
from capacity.results.labels import Labels
from capacity.results.result import Result
from capacity.studies.live.study import Again, kernel, live_data

if TYPE_CHECKING:
    from jinja2 import Template

CODE = "live"
#: What stands in the tab beside words and names: signs, digits and letters.
SIGNS = "".join(map(chr, range(33, 127))) + "−–—×·…“”%"
#: How far a slider goes, in % of what it moves: choices within the limits of the levers.
FACTORS = {"births": 50, "entry": 30, "progression": 10, "onward_share": 30, "places": 30}
#: Class sizes offered around that of a level; places kept free, in %; years of delay.
CLASSES, FREE, LATE = 15, 30, (-2, 5)
#: Years before the first planned one in which children were born whom a lever on births may move.
BORN = 8
#: Of an open project neither opening nor completion is in doubt.
_OPEN = "open"
#: Files of the panel, in their order: they share one scope.
_PARTS: tuple[str, ...] = ("controls", "words", "levers", "added", "address", "answer", "compass")
_PARTS += ("tables", "file", "draws", "paint")
_FACT = re.compile(r"\{(\w+)\}")
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Slider:
    """One slider: the lever that it moves, how far, and what it is called.

    Attributes
    ----------
    kind, of : str
        The kind of lever, and the level or status that it chooses ("": every one).
    label : str
    low, high, rest : float
        Its ends, and where it stands as run.
    unit : str
        How its value is said: factor, pupils, share, years.
    since : tuple of (int, str)
        First years that can be chosen, with their names; a slider with any can also be limited to
        a region.
    """

    kind: str
    of: str
    label: str
    low: float
    high: float
    rest: float
    unit: str
    since: tuple[tuple[int, str], ...] = field(default=())

    @property
    def step(self) -> str:
        """Return the step of its values: whole ones, where it stands on one as run."""
        return "1" if self.rest % 1 == 0 == (self.rest - self.low) % 1 else "any"

    @property
    def key(self) -> str:
        """Return what it is called in the address."""
        return f"{self.kind}.{self.of}" if self.of else self.kind


def live_tab(result: Result, lang: str, ran: Again | None = None) -> Tab:
    """Return the tab of live levers of a run.

    Parameters
    ----------
    result : Result
        A run, or one read back.
    lang : str
    ran : Again, optional
        As `live_data` takes it.

    Returns
    -------
    Tab
        Its data are those of `live_data` with the page's words and names of years beside them.
    """
    return tab_of(live_data(result, lang, ran), result.labels, lang, extends=_extends(result))


def _extends(result: Result) -> bool:
    """Whether a file that extends the scenario's own file gives the same run: it is as read."""
    scenario = result.scenario
    changed = scenario.since.keys() - {"name", "title", "question", "chance"}
    return not changed and scenario.path in {file.path for file in scenario.files}


def tab_of(data: Mapping[str, Any], labels: Labels, lang: str, *, extends: bool) -> Tab:
    """Return the tab of what `live_data` gives; ``extends``: its scenario has a file to extend."""
    words = words_of(lang)
    names = {year: labels.year_name(year, lang) for year in data["years"]}
    shown = {
        "words": words,
        "years": names,
        "by_level": labels.by_level,
        "headline": list(labels.target_levels),
        "extends": extends,
    }
    sliders = tuple(_sliders(data, words, labels, lang))
    markup = _template().render(
        data=data,
        words=SimpleNamespace(**words),
        year_names=names,
        coming=[year for year in data["years"] if year >= data["next_year"]],
        sliders=sliders,
        groups=_groups(sliders),
        projects=list(_projects(data, words, names)),
        leaves=[one for one in data["regions"] if one["leaf"]],
        trial=_trial(data, words),
        extends=extends,
    )
    return Tab(
        code=CODE,
        title=words["tab"],
        markup=markup,
        style=_text("panel.css"),
        scripts=(kernel(), panel()),
        data={**data, "page": shown},
        glyphs=SIGNS + markup + "".join(words.values()) + "".join(names.values()),
    )


def panel() -> str:
    """Return what moves the tab, as a script; it stands right after that of the kernel."""
    parts = "\n".join(_text(f"panel/{name}.js") for name in _PARTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def words_of(lang: str) -> dict[str, str]:
    """Return the words of the tab, with the names in braces that the page fills in."""
    facts = {name for texts in catalog("panel").values() for name in _FACT.findall(texts["en"])}
    blank = {name: f"{{{name}}}" for name in facts}
    return {key: word(f"panel.{key}", lang, **blank) for key in catalog("panel")}


def _sliders(
    data: Mapping[str, Any], words: Mapping[str, str], labels: Labels, lang: str
) -> Iterator[Slider]:
    """Give the sliders of what is offered, in the order of the page."""
    offered = data["offered"]
    first = data["next_year"]
    years = [year for year in data["years"] if year >= first]
    since = tuple((y, words["since_year"].format(year=labels.year_name(y, lang))) for y in years)
    born = range(first - BORN, years[-1] - 1)
    births = tuple((y, words["since_birth"].format(year=y)) for y in born)
    for kind in ("births", "entry", "progression", "onward_share"):
        if kind in offered:
            low, high = 100 - FACTORS[kind], 100 + FACTORS[kind]
            named = births if kind == "births" else since
            yield Slider(kind, "", words[kind], low, high, 100, "factor", named)
    for level in data["levels"] if "class_size" in offered else ():
        size = level["class_size"]
        label = words["class_size"].format(level=level["title"])
        low = max(1, size - CLASSES)
        yield Slider("class_size", level["code"], label, low, size + CLASSES, size, "pupils")
    for level in data["levels"] if "places" in offered else ():
        label = words["existing"].format(level=level["title"])
        low, high = 100 - FACTORS["places"], 100 + FACTORS["places"]
        yield Slider("places", level["code"], label, low, high, 100, "factor")
    if "margin" in offered:
        yield Slider("margin", "", words["margin"], 0, FREE, 0, "points")
    built = {one["status"] for one in _counted(data)} - {_OPEN}
    statuses = [one for one in data["statuses"] if one["code"] in built]
    for one in statuses if "delay" in offered else ():
        label = words["delay"].format(status=one["title"])
        yield Slider("delay", one["code"], label, *LATE, 0, "years")
    for one in statuses if "completion" in offered and data["luck"] else ():
        label = words["completion"].format(status=one["title"])
        rest = round(100 * one["completion"], 9)
        yield Slider("completion", one["code"], label, 0, 100, rest, "share")


def _groups(sliders: Sequence[Slider]) -> dict[str, list[Slider]]:
    """Return the sliders under the head that each stands under."""
    heads = {"class_size": "places", "places": "places", "margin": "places"}
    heads |= {"delay": "projects", "completion": "projects"}
    groups: dict[str, list[Slider]] = {"demand": [], "places": [], "projects": []}
    for one in sliders:
        groups[heads.get(one.kind, "demand")].append(one)
    return groups


def _counted(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the projects that the run counts, after the levers of its scenario."""
    supply = data["model"]["supply"]
    return [one for one in supply["projects"] if one["status"] in supply["count"]]


def _projects(
    data: Mapping[str, Any], words: Mapping[str, str], names: Mapping[int, str]
) -> Iterator[tuple[str, str]]:
    """Give code and line of every project that can be cancelled."""
    titles = {one["code"]: one["title"] for one in data["regions"]}
    regions = data["model"]["axes"]["regions"]
    for one in _counted(data):
        code, region = one["code"], regions[one["region"]]
        places = words["list"].join(
            words["places_of"].format(n=f"{round(n):,}", level=level["title"])
            for level, n in zip(data["levels"], one["places"], strict=True)
            if n
        )
        facts = {
            "title": data["project_titles"].get(code, code),
            "region": titles.get(region, region),
            "year": names.get(one["opens"], str(one["opens"])),
            "places": places,
        }
        yield code, words["project_line"].format(**facts)


def _trial(data: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, str]:
    """Return what the scenario file is called as long as the reader says nothing else."""
    scenario = data["scenario"]
    title = scenario["title"] or scenario["name"]
    return {
        "name": f"{scenario['name'][:56]}-trial",
        "title": words["title_is"].format(title=title),
        "question": words["question_is"].format(title=title),
    }


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    return environment().from_string(_text("panel.html.j2"))
