"""What a report rests on: assumptions by weight, what is not known or measured, which run it is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from capacity import __version__
from capacity.base.words import has_words, number, sentence, word
from capacity.inputs.tables.columns import TABLES
from capacity.render.blocks import Block, Coded, Notes, Table, Text
from capacity.render.chances import percent
from capacity.render.measured import is_measured, measured_line
from capacity.render.pages.brief import problem_lines
from capacity.render.pages.run import provenance
from capacity.render.sentences import capped
from capacity.render.sources import source_in
from capacity.results.assumptions import DEFAULT, NOT_STATED, QUALITIES, site
from capacity.results.assumptions import TABLES as READ
from capacity.results.identity import NUMBERS
from capacity.results.labels import has_draws, years_of
from capacity.results.result import Result
from capacity.studies.report.study import Report

#: How much an assumption of each quality weighs: a share of the spread counts so many times.
WEIGHTS = {"GREEN": 1, "AMBER": 2, "UNSTATED": 3, "RED": 3}
#: Rows of the register, and warnings, that are listed; their files have all.
LISTED, FILE = 20, "assumptions.csv"
#: Sources of one assumption that are named, at most.
SOURCES = 3
UNSTATED = "UNSTATED"
#: The source of chance that a table feeds; of other rows by their kind.
_OF_TABLE = {
    **dict.fromkeys(("births", "children"), "births"),
    **dict.fromkeys(("ratios", "flows", "housing", "yields", "flags"), "ratios"),
    **{"pipeline": "projects", "places": "places", "enrolment": "regions"},
}
_OF_KIND = {"ratio": "ratios", "births": "births", "projects": "projects", "spread": "ratios"}


class Assumed(NamedTuple):
    """Rows of the register that say the same of how sure they are.

    ``names`` and ``sources`` are theirs; ``weight`` is the share of the spread that their source of
    chance makes, times the weight of their quality.
    """

    kind: str
    names: tuple[str, ...]
    quality: str
    sources: tuple[str, ...]
    chance: str
    share: float
    weight: float


def ranked(register: pd.DataFrame, shares: Mapping[str, float]) -> list[Assumed]:
    """Return the assumptions, those first whose quality and share of the spread weigh most.

    Parameters
    ----------
    register
        Rows of assumptions.csv.
    shares
        By source of chance, its share of the spread; empty without draws.
    """
    alike: dict[tuple[str, str, str, str], list[tuple[str, str]]] = {}
    for row in register.to_dict("records"):
        kind, name = str(row["kind"]), str(row["name"])
        quality = str(row["quality"]) or UNSTATED
        key = (kind, name if kind == "table" else "", quality, _chance_of(kind, name))
        alike.setdefault(key, []).append((name, str(row["source"])))
    found = []
    for (kind, _, quality, chance), rows in alike.items():
        share = shares.get(chance, 0.0)
        weight = share * WEIGHTS.get(quality, max(WEIGHTS.values()))
        names, sources = (tuple(dict.fromkeys(each)) for each in zip(*rows, strict=True))
        found.append(Assumed(kind, names, quality, sources, chance, share, weight))
    worst = {quality: at for at, quality in enumerate(QUALITIES)}
    return sorted(found, key=lambda one: (-one.weight, -worst.get(one.quality, len(worst))))


def _chance_of(kind: str, name: str) -> str:
    """Return the source of chance that a row of the register feeds; empty where none."""
    if kind == "table":
        return _OF_TABLE.get(name, "")
    if kind == "spread" and name.startswith("births"):
        return "births"
    return _OF_KIND.get(kind, "")


def assumptions(of: Report, lang: str) -> Iterator[Sequence[Block]]:
    """Yield the sources of chance by their share of the spread, then what is assumed of each."""
    labels = of.result.labels
    year = labels.spoken_year(years_of(of.result.frame()))
    shares = {name: own.get(year, 0.0) for name, own in of.parts.items()}
    shares = {name: 0.0 if math.isnan(share) else round(share, 6) for name, share in shares.items()}
    if any(shares.values()):
        named = labels.year_name(year, lang)
        yield (Text(word("report.parts_is", lang, year=named)), _parts(shares, named, lang))
    else:
        yield (Text(word("report.parts_none", lang)),)
    rows = [_row(one, lang) for one in ranked(of.result.assumptions, shares)]
    heads = [word(f"report.{name}", lang) for name in ("assumed", "kind", "quality", "source")]
    heads.append(word("report.share", lang))
    weights = {"green": WEIGHTS["GREEN"], "amber": WEIGHTS["AMBER"], "red": WEIGHTS["RED"]}
    caption = word("report.assumed_title", lang, **weights)
    yield capped(Table(caption, heads, rows, left=4), FILE, lang, LISTED)


def _parts(shares: Mapping[str, float], year: str, lang: str) -> Table:
    order = sorted(shares, key=lambda name: -shares[name])
    rows = [[word(f"report.chance_{name}", lang), percent(shares[name], lang)] for name in order]
    heads = [word("report.chance", lang), word("report.share", lang)]
    return Table(word("report.parts_title", lang, year=year), heads, rows)


def _row(one: Assumed, lang: str) -> list[str]:
    quality = word(f"nouns.{one.quality}", lang) if has_words(f"nouns.{one.quality}") else ""
    share = percent(one.share, lang) if one.chance and one.share else "–"
    return [_named(one, lang), _kind(one.kind, lang), quality, _sources(one, lang), share]


def _named(one: Assumed, lang: str) -> str:
    """Name a table by its title; of other kinds say how many there are, or which one it is."""
    if one.kind == "table":
        return sentence(" ".join(_table_name(name, lang) for name in one.names))
    if len(one.names) == 1 and lang == "en":
        return one.names[0]
    return word("report.n_assumed", lang, n=len(one.names), kind=_kind(one.kind, lang))


def _table_name(name: str, lang: str) -> str:
    """Return what people call a table."""
    return TABLES[name].aliases[0] if lang == "zh" and name in TABLES else name


def _kind(kind: str, lang: str) -> str:
    return word(f"workbook.kind_{kind}", lang) if has_words(f"workbook.kind_{kind}") else kind


def _sources(one: Assumed, lang: str) -> str:
    """Return the first sources as the register has them; what the program wrote, in words."""
    named = dict.fromkeys(said for source in one.sources for said in _said(source, one.kind, lang))
    listed, more = list(named)[:SOURCES], len(named) - SOURCES
    rest = [word("common.more", lang, count=more)] if more > 0 else []
    return word("nouns.semicolon", lang).join([*listed, *rest])


def _said(source: str, kind: str, lang: str) -> Iterator[str]:
    """Yield the sources that a row of the register names."""
    if kind in ("spread", "projects") and source.startswith(DEFAULT):
        yield word("report.source_default", lang)
    elif kind in ("scenario", "projects"):
        yield word("sources.scenario_choice", lang)
    elif (said := source_in(source, lang)) is not None:
        yield said
    else:
        yield from (site(part) for part in map(str.strip, source.split(";")) if part)


def signing(signed: Sequence[str], lang: str) -> Text:
    """Say who has signed the report off, or that nobody has."""
    if not signed:
        return Text(word("report.unsigned", lang))
    names = word("nouns.list", lang).join(signed)
    return Text(word("report.signed", lang, names=names))


def caveats(of: Report, lang: str) -> Iterator[Sequence[Block]]:
    """Yield what was not read, not checked and not measured."""
    result = of.result
    yield (signing(of.signed, lang),)
    for key, listed in (
        ("not_read", _not_read(result, lang)),
        ("not_checked", _not_checked(result, lang)),
        ("not_measured", _not_measured(result, lang)),
    ):
        yield (Notes(word(f"report.{key}", lang), list(listed)),)
    if told := problem_lines(of.notes, lang):
        full = [note.text(lang) for note in of.notes]
        title = word("workbook.problems", lang)
        yield (Notes(title, told), Notes(word("report.in_full", lang), full, folded=True))


def _not_read(of: Result, lang: str) -> Iterator[str]:
    district = of.scenario.district
    lacking = [_table_name(name, lang) for name in READ if not district.has(name)]
    if lacking:
        yield word("report.no_tables", lang, tables=word("nouns.list", lang).join(lacking))
    changes = sum(change.count for change in district.changes)
    if changes:
        yield word("report.read_otherwise", lang, n=number(changes))
    if of.unknown:
        yield word("report.no_places", lang, n=len(of.unknown))
    if not lacking and not changes and not of.unknown:
        yield word("report.all_read", lang)


def _not_checked(of: Result, lang: str) -> Iterator[str]:
    checks = of.checks
    failed = checks.loc[~checks["passed"], "check"]
    if len(failed):
        names = word("nouns.list", lang).join(map(str, failed))
        yield word("report.laws_fail", lang, names=names)
    else:
        yield word("report.laws_hold", lang, n=len(checks))
    rows = of.assumptions
    tables = rows[rows["kind"] == "table"]
    counts = pd.to_numeric(tables["value"], errors="coerce").fillna(0)
    red = int(counts[tables["quality"] == "RED"].sum())
    yield word("report.red_rows", lang, n=number(red), total=number(int(counts.sum())))
    unsourced = int(counts[tables["source"] == NOT_STATED].sum())
    if unsourced:
        yield word("report.unsourced", lang, n=number(unsourced))
    if of.labels.split_assumed:
        yield sentence(word("nouns.split_assumed", lang)) + word("nouns.stop", lang)
    yield word("report.not_schools", lang)


def _not_measured(of: Result, lang: str) -> Iterator[str]:
    folder = Path(of.scenario.district.folder.name)
    if not is_measured(of.scenario, of.measured):
        yield measured_line(of.scenario, of.measured, lang, folder)
    if not has_draws(of.frame()):
        yield word("brief.no_draws", lang) + word("nouns.stop", lang)
    yield word("report.not_cost", lang)


def identity(of: Result, lang: str) -> Iterator[Sequence[Block]]:
    """Yield which run this is, and every file that it read, with its hash."""
    chance = of.scenario.chance
    facts = [
        Coded(word(f"report.fact_{name}", lang), str(value))
        for name, value in (
            ("scenario", of.scenario.name),
            ("run", of.labels.run_id),
            ("version", f"{__version__} / {NUMBERS}"),
            ("draws", number(chance.draws)),
            ("seed", chance.seed),
        )
    ]
    yield Notes("", facts), Text(" · ".join(provenance(of, lang)), small=True)
    heads = [word(f"report.file_{name}", lang) for name in ("name", "sha256", "rows", "size")]
    rows = [
        [record.name, record.sha256, _count(record.rows), number(record.size)]
        for record in of.scenario.files
    ]
    yield (Table(word("report.files", lang), heads, rows, left=2),)


def _count(rows: Any) -> str:
    return "" if rows is None else number(float(rows))
