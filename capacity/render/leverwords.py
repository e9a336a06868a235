"""A lever as a person would say it, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from capacity.base.words import MINUS, word
from capacity.inputs.levers.kinds import OWN_KEYS
from capacity.inputs.levers.lever import NAMES_OF
from capacity.inputs.tables.columns import PLACES, chinese

if TYPE_CHECKING:
    from capacity.inputs.levers.lever import Lever
    from capacity.results.labels import Labels


def lever_words(lever: Lever, labels: Labels, lang: str = "en") -> str:
    """Return what a lever does, to what, where and when.

    Parameters
    ----------
    lever : Lever
    labels : Labels
        Of the scenario whose district the lever is about.
    lang : str

    Examples
    --------
    >>> import capacity
    >>> from capacity.results.build import labels_of
    >>> scenario = capacity.load_scenario("demo/delayed.yaml")
    >>> lever_words(scenario.levers[0], labels_of(scenario))
    'projects open 2 years later (status approved, planned)'
    """
    if lever.kind in OWN_KEYS:
        what = _with_own_keys(lever, labels, lang)
    elif lever.add_project is not None:
        what = _added(lever.add_project, labels, lang)
    elif lever.kind == "delay":
        what = _delayed(lever, lang)
    elif lever.kind in ("add_places", "cancel"):
        n = _figure(lever.value or 0.0, signed=True)
        what = word(f"levers.{lever.kind}", lang, n=n)
    else:
        what = _valued(lever, lang)
    limits = word("nouns.semicolon", lang).join(_limits(lever, labels, lang))
    return what + (word("levers.limits", lang, text=limits) if limits else "")


def _valued(lever: Lever, lang: str) -> str:
    """Return what set, add or times does to a number."""
    what, value = word(f"levers.of_{lever.kind}", lang), lever.value
    assert value is not None
    if lever.form == "set":
        return word("levers.is_set", lang, what=what, value=_figure(value))
    if lever.form == "add":
        return word("levers.is_changed", lang, what=what, value=_figure(value, signed=True))
    change = _figure(round((value - 1) * 100, 6), signed=True)
    return word("levers.is_times", lang, what=what, value=_figure(value), change=change)


def _delayed(lever: Lever, lang: str) -> str:
    years = int(lever.value or 0)
    form = "after" if lever.form == "set" else "sooner" if years < 0 else "later"
    number = years if lever.form == "set" else abs(years)
    span = word("levers.one_year" if number == 1 else "levers.n_years", lang, n=_figure(number))
    return word(f"levers.opens_{form}", lang, years=span)


def _added(row: Mapping[str, object], labels: Labels, lang: str) -> str:
    """Return which project is added, with its places of each level."""
    places = [
        word(
            "levers.places_of",
            lang,
            n=_figure(float(str(number)), signed=True),
            level=labels.level_name(name.removeprefix(PLACES), lang),
        )
        for name, number in row.items()
        if name.startswith(PLACES)
    ]
    return word(
        "levers.add_project",
        lang,
        project=row["project"],
        region=labels.region_name(str(row["region"]), lang),
        places=word("nouns.list", lang).join(places),
        year=row["opens"],
    )


def _with_own_keys(lever: Lever, labels: Labels, lang: str) -> str:
    """Return what a kind does by its own keys: regions and levels by name, shares in percent."""
    own, facts = dict(getattr(lever, lever.kind)), {}
    for key, value in own.items():
        if key.endswith("region"):
            facts[key] = labels.region_name(value, lang)
        elif key.endswith("level"):
            facts[key] = labels.level_name(value, lang)
        elif isinstance(value, int | float):
            facts[key] = _figure(round(value * 100, 6) if key == "share" else value)
        else:
            facts[key] = value
    school = "_school" if own.get("school") else ""
    return word(f"levers.{lever.kind}{school}", lang, **facts)


def _limits(lever: Lever, labels: Labels, lang: str) -> list[str]:
    """Return the cells and years to which a lever keeps."""
    where, comma = lever.where, word("nouns.list", lang)
    said = []
    if where.region is not None:
        said.append(comma.join(labels.region_name(code, lang) for code in where.region))
    if where.level is not None:
        said.append(comma.join(labels.level_name(code, lang) for code in where.level))
    for key in _KEYS:
        if (names := getattr(where, key)) is not None:
            listed = comma.join(_name(key, name, labels, lang) for name in names)
            said.append(word(f"levers.where_{key.rstrip('_')}", lang, names=listed))
    years = {"first": lever.from_, "last": lever.until}
    if None not in years.values():
        said.append(word("levers.in_years", lang, **years))
    elif lever.from_ is not None:
        said.append(word("levers.from_year", lang, first=lever.from_))
    elif lever.until is not None:
        said.append(word("levers.until_year", lang, last=lever.until))
    return [*said, word("levers.in_place", lang)] if lever.replaces else said


#: Keys of `Where` that are told with a word before the names.
_KEYS = ("from_", "from_group", "to", "to_group", "grade", "group", "project", "status", "kind")


def _name(key: str, name: object, labels: Labels, lang: str) -> str:
    """Return a name under a key of ``where``: a region by its title, a value in its word."""
    if NAMES_OF.get(key) == "region":
        return labels.region_name(str(name), lang)
    own = key in ("status", "kind") and lang == "zh"
    return chinese(key, str(name)) if own else str(name)


def _figure(value: float, *, signed: bool = False) -> str:
    """Return a number with all its digits: 0.95, 1,200, +20."""
    text = f"{value:+,.10g}" if signed and value else f"{value:,.10g}"
    return text.replace("-", MINUS)
