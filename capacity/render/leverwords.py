"""A lever as a person would say it, in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from capacity.base.words import MINUS, word
from capacity.inputs.tables.columns import PLACES

if TYPE_CHECKING:
    from capacity.inputs.levers.lever import Lever
    from capacity.results.labels import Labels


def lever_words(lever: Lever, labels: Labels, lang: str = "en") -> str:
    """Say what a lever does, to what, where and when.

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
    say = _OWN.get(lever.kind, _valued)
    what = say(lever, labels, lang)
    limits = word("nouns.semicolon", lang).join(_limits(lever, labels, lang))
    return what + (word("levers.limits", lang, text=limits) if limits else "")


def _valued(lever: Lever, labels: Labels, lang: str) -> str:
    """Say what set, add or times does to a number."""
    what, value = word(f"levers.of_{lever.kind}", lang), lever.value
    assert value is not None
    if lever.form == "set":
        return word("levers.is_set", lang, what=what, value=_figure(value))
    if lever.form == "add":
        return word("levers.is_changed", lang, what=what, value=_figure(value, signed=True))
    change = _figure(round((value - 1) * 100, 6), signed=True)
    return word("levers.is_times", lang, what=what, value=_figure(value), change=change)


def _delay(lever: Lever, labels: Labels, lang: str) -> str:
    years = int(lever.value or 0)
    key = (
        "levers.opens_after"
        if lever.form == "set"
        else "levers.opens_sooner"
        if years < 0
        else "levers.opens_later"
    )
    number = years if lever.form == "set" else abs(years)
    span = word("levers.one_year" if number == 1 else "levers.n_years", lang, n=_figure(number))
    return word(key, lang, years=span)


def _add_places(lever: Lever, labels: Labels, lang: str) -> str:
    return word("levers.adds_places", lang, n=_figure(lever.value or 0.0, signed=True))


def _cancel(lever: Lever, labels: Labels, lang: str) -> str:
    return word("levers.not_built", lang)


def _add_project(lever: Lever, labels: Labels, lang: str) -> str:
    row = lever.add_project
    assert row is not None
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
    facts = {"project": row["project"], "year": row["opens"]}
    region = labels.region_name(str(row["region"]), lang)
    return word(
        "levers.adds_project",
        lang,
        places=word("nouns.list", lang).join(places),
        region=region,
        **facts,
    )


def _close(lever: Lever, labels: Labels, lang: str) -> str:
    close = lever.close
    assert close is not None
    place = {
        "region": labels.region_name(close.region, lang),
        "level": labels.level_name(close.level, lang),
    }
    if close.places is None:
        return word("levers.closes_school", lang, school=close.school, **place)
    return word("levers.closes_places", lang, n=_figure(close.places), **place)


def _convert(lever: Lever, labels: Labels, lang: str) -> str:
    turn = lever.convert
    assert turn is not None
    return word(
        "levers.converts",
        lang,
        n=_figure(turn.places),
        region=labels.region_name(turn.region, lang),
        source=labels.level_name(turn.from_level, lang),
        target=labels.level_name(turn.to_level, lang),
    )


def _rezone(lever: Lever, labels: Labels, lang: str) -> str:
    sent = lever.rezone
    assert sent is not None
    return word(
        "levers.rezones",
        lang,
        share=_figure(round(sent.share * 100, 6)),
        level=labels.level_name(sent.level, lang),
        source=labels.region_name(sent.from_region, lang),
        target=labels.region_name(sent.to_region, lang),
    )


_OWN: dict[str, Callable[[Lever, Labels, str], str]] = {
    "delay": _delay,
    "add_places": _add_places,
    "cancel": _cancel,
    "add_project": _add_project,
    "close": _close,
    "convert": _convert,
    "rezone": _rezone,
}


def _limits(lever: Lever, labels: Labels, lang: str) -> list[str]:
    """Say the cells and years to which a lever keeps."""
    where, comma = lever.where, word("nouns.list", lang)
    said = []
    if where.region is not None:
        said.append(comma.join(labels.region_name(code, lang) for code in where.region))
    if where.level is not None:
        said.append(comma.join(labels.level_name(code, lang) for code in where.level))
    for key in ("grade", "group", "project"):
        if (names := getattr(where, key)) is not None:
            said.append(word(f"levers.where_{key}", lang, names=comma.join(map(str, names))))
    if where.status is not None:
        names = comma.join(word(f"levers.status_{status}", lang) for status in where.status)
        said.append(word("levers.where_status", lang, names=names))
    years = {"first": lever.from_, "last": lever.until}
    if None not in years.values():
        said.append(word("levers.in_years", lang, **years))
    elif lever.from_ is not None:
        said.append(word("levers.from_year", lang, first=lever.from_))
    elif lever.until is not None:
        said.append(word("levers.until_year", lang, last=lever.until))
    return [*said, word("levers.in_place", lang)] if lever.replaces else said


def _figure(value: float, *, signed: bool = False) -> str:
    """Return a number with all its digits: 0.95, 1,200, +20."""
    text = f"{value:+,.10g}" if signed and value else f"{value:,.10g}"
    return text.replace("-", MINUS)
