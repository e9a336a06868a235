"""Settings of a scenario that change nothing beside its other settings, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from capacity.base.errors import Problem, Problems, phrase
from capacity.base.settings import Calibration, Chance, Demand, Supply
from capacity.inputs.calendar import entry_weights
from capacity.inputs.districts.district import District
from capacity.inputs.documents.yaml import Document
from capacity.model.assumptions import SHRUNK_MEMORY

#: What each method of calibration reads beside the counts. A window of progression also says over
#: which years full schools are looked for, under every method.
METHOD_READS: Mapping[str, frozenset[str]] = {
    "mean": frozenset({"window"}),
    "pooled": frozenset({"window"}),
    "shrunk": frozenset(),
}
#: What is read only where worlds are drawn.
_DRAWN = (("chance", "seed"), ("chance", "sources"), ("supply", "completion"), ("supply", "delay"))
#: What says how entrants follow from births or children, and how births go on.
_OF_BIRTHS = (("demand", "entry"), ("demand", "births"))


@dataclass(frozen=True)
class _Asked:
    """A scenario's settings, and the district that they are about."""

    demand: Demand
    supply: Supply
    chance: Chance
    last_year: int
    district: District


def check_unused(
    document: Document,
    settings: tuple[Demand, Supply, Chance],
    last_year: int,
    district: District,
    problems: Problems,
) -> None:
    """Warn of every setting that is stated and that nothing reads, each at its place."""
    asked = _Asked(*settings, last_year, district)
    for path, why in _unread(asked):
        if _is_stated(document, path):
            name = ".".join(path)
            method = getattr(asked.demand, path[1]).method if path[-1] == "window" else ""
            facts = {"method": method, "years": int(SHRUNK_MEMORY.value)}
            reason = phrase(f"facts.unused_{why}", **facts)
            problems.warning("setting-unused", document.key_at(path), name=name, reason=reason)


def still_unused(
    warnings: Iterable[Problem],
    settings: tuple[Demand, Supply, Chance],
    last_year: int,
    district: District,
) -> Iterator[Problem]:
    """Yield warnings, those of a setting only where nothing reads it under these settings."""
    unread = {".".join(path) for path, _ in _unread(_Asked(*settings, last_year, district))}
    for warning in warnings:
        if warning.code != "setting-unused" or dict(warning.facts)["name"] in unread:
            yield warning


def _unread(asked: _Asked) -> list[tuple[tuple[str, ...], str]]:
    """Return the paths of settings that nothing reads, and why."""
    found: list[tuple[tuple[str, ...], str]] = []
    if asked.chance.draws == 0:
        found += [(path, "draws") for path in _DRAWN]
    else:
        found += _not_varied(asked)
    if not asked.district.has("births") and not asked.district.has("children"):
        found += [(path, "births") for path in _OF_BIRTHS]
    elif not _reads(asked.demand.entry, "window"):
        found.append((("demand", "entry", "window"), "method"))
    if not _reads(asked.demand.progression, "window"):
        found.append((("demand", "progression", "window"), "method_full"))
    if not asked.district.has("births") and asked.district.has("children"):
        found.append((("demand", "births"), "births"))
    elif _are_known(asked):
        found.append((("demand", "births"), "known"))
    return found


def _are_known(asked: _Asked) -> bool:
    """Whether the births of all who enter up to the last year are known, in every series."""
    births, entry = asked.district.table("births"), asked.district.entry
    if births.empty or entry is None:
        return False
    last_born = asked.last_year - min(
        entry_weights(entry.age, entry.cutoff, entry.births_year_ends)
    )
    return bool(births.groupby(["region", "group"])["year"].max().min() >= last_born)


def _reads(settings: Calibration, name: str) -> bool:
    return name in METHOD_READS[settings.method]


def _not_varied(asked: _Asked) -> list[tuple[tuple[str, ...], str]]:
    """Return the chances of projects that are not drawn: not counted, or no source of chance."""
    sources = asked.chance.sources
    if sources is not None and "projects" not in sources:
        return [(("supply", name), "sources") for name in ("completion", "delay")]
    statuses = {str(status) for status in asked.supply.count}
    return [
        (("supply", name, str(status)), "count")
        for name in ("completion", "delay")
        for status in getattr(asked.supply, name)
        if str(status) not in statuses
    ]


def _is_stated(document: Document, path: tuple[str, ...]) -> bool:
    """Whether the file, or one that it extends, has the key."""
    data: object = document.data
    for step in path:
        if not isinstance(data, dict) or step not in data:
            return False
        data = data[step]
    return True
