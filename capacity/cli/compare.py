"""``capacity compare``: how runs or scenarios differ from the first, and in what inputs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity.base.words import word
from capacity.cli.common import (
    BAD_INPUT,
    CHECK_FAILED,
    ENVIRONMENT,
    IN_USE,
    OK,
    lang_option,
    problem_lines,
)

if TYPE_CHECKING:
    from capacity.results.result import Result
    from capacity.results.runfolder import Options
    from capacity.studies.compare.study import Comparison

COMPARISONS = Path("comparisons")
#: Notes shown on the terminal; `Comparison.notes` has all of them.
_SHOWN = 12


@click.command("compare")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="A B...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR",
    help="Folder of the comparison; of several, each goes to DIR/<B>.  "
    "[default: comparisons/<A>-<B>]",
)  # fmt: skip
@lang_option
@click.option("--no-charts", is_flag=True, help="Tables only.")
@click.option("--overwrite", is_flag=True, help="Replace another comparison in the folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[Path, ...],
    output: Path | None,
    lang: str | None,
    no_charts: bool,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Compare B, and any more, with A: each a run folder or a scenario file.

    Every change is B - A; a gap that grows is above 0. Each comparison leaves a folder with
    difference.csv (every year, region and level), headline.csv (the district by year),
    inputs.csv (what differs in the inputs) and a chart.
    """
    from capacity.base.words import language
    from capacity.results.runfolder import Options

    if len(runs) < 2:
        raise click.UsageError("name two runs or scenarios at least: A B", ctx)
    chosen = language(lang)
    if (found := _compared(runs, chosen)) is None:
        return BAD_INPUT
    results = [found[0].a, *(one.b for one in found)]
    names = _names(results)
    if twice := sorted({name for name in names[1:] if names[1:].count(name) > 1}):
        click.echo(word("cli.compare_twice", chosen, name=", ".join(twice)), err=True)
        return BAD_INPUT
    options = Options(chosen, not no_charts)
    reports = []
    for comparison, name in zip(found, names[1:], strict=True):
        folder = COMPARISONS / f"{names[0]}-{name}" if output is None else output
        if output is not None and len(found) > 1:
            folder = output / name
        report = _keep(comparison, folder, options, overwrite)
        for line in report.messages:
            click.echo(line, err=True)
        if not as_json:
            click.echo(report.text)
        reports.append(report)
    if as_json:
        _print_json([report.figures for report in reports])
    elif len(found) > 1:
        from capacity.studies.compare.page import side_by_side

        click.echo(side_by_side(results, names, chosen))
    return max(report.code for report in reports)


@dataclass(frozen=True)
class Report:
    """What a comparison gives to print."""

    code: int
    figures: dict[str, Any]
    text: str
    messages: list[str] = field(default_factory=list)


def _compared(runs: Sequence[Path], lang: str) -> list[Comparison] | None:
    """Read or run all, and compare each with the first; None where any has errors."""
    from capacity import api
    from capacity.base.errors import InputError, Problem

    results: list[Result] = []
    wrong: dict[Problem, None] = {}
    for path in runs:
        try:
            results.append(api.result_from(path))
        except InputError as error:
            wrong |= dict.fromkeys(error.problems)
    if not wrong:
        try:
            return [api.compare(results[0], other) for other in results[1:]]
        except InputError as error:
            wrong |= dict.fromkeys(error.problems)
    for line in problem_lines(wrong, lang):
        click.echo(line, err=True)
    return None


def _names(results: Sequence[Result]) -> list[str]:
    """Name results by their scenario; runs of one name that differ, also by their id."""
    ids: dict[str, set[str]] = {}
    for result in results:
        ids.setdefault(result.scenario.name, set()).add(result.labels.run_id)
    return [
        name if len(ids[name]) == 1 else f"{name}-{result.labels.run_id}"
        for result in results
        for name in [result.scenario.name]
    ]


def _keep(comparison: Comparison, folder: Path, options: Options, overwrite: bool) -> Report:
    """Write one comparison, and say what it gives."""
    from capacity.results import draft
    from capacity.studies.compare import folder as comparison_folder

    lang = options.lang
    figures = _figures(comparison) | {"folder": str(folder)}
    messages = problem_lines(comparison.notes, lang, _SHOWN)
    text = comparison.summary(lang) + "\n"

    def stopped(code: int, state: str, line: str) -> Report:
        return Report(code, figures | {"state": state}, text, [*messages, line])

    try:
        state = comparison_folder.keep(comparison, folder, options, overwrite=overwrite)
    except draft.FolderTakenError as error:
        line = error.text(lang)
        if not overwrite:
            line = word("cli.taken", lang, said=line) + word("cli.or_overwrite", lang)
        return stopped(BAD_INPUT, "refused", line)
    except draft.FolderInUseError:
        return stopped(IN_USE, "in use", word("cli.compare_in_use", lang, folder=folder))
    except OSError as error:
        line = f"{error.filename or folder}: {error.strerror or error}"
        return stopped(ENVIRONMENT, "failed", line)
    failed = [side.scenario.name for side in (comparison.a, comparison.b) if not side.passed]
    messages += [word("cli.compare_failed", lang, name=name) for name in failed]
    figures["state"] = "written" if state == "written" else "unchanged"
    text += "\n" + word(f"cli.is_{state}", lang, folder=folder)
    return Report(CHECK_FAILED if failed else OK, figures, text, messages)


def _figures(comparison: Comparison) -> dict[str, Any]:
    """Give the headline as full-precision numbers; what is unknown is null."""
    sides = {"a": comparison.a, "b": comparison.b}
    runs = {
        side: {"scenario": result.scenario.name, "run_id": result.labels.run_id}
        for side, result in sides.items()
    }
    years = [dict(_cells(row)) for row in comparison.headline.to_dict("records")]
    counts: dict[str, int] = {}
    for change in comparison.changes:
        counts[change.what] = counts.get(change.what, 0) + 1
    facts = {"format": "capacity.comparison/1", **runs, "unit": "places", "change": "b - a"}
    return facts | {"inputs_changed": counts, "years": years}


def _cells(row: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        known = int(value) if name == "year" else None if math.isnan(value) else float(value)
        yield str(name), known


def _print_json(said: list[dict[str, Any]]) -> None:
    several = {"format": "capacity.comparisons/1", "comparisons": said}
    click.echo(
        json.dumps(said[0] if len(said) == 1 else several, ensure_ascii=False, allow_nan=False)
    )
