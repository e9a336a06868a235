"""``capacity run``: scenarios to run folders, with the answer on the terminal."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity.cli.common import BAD_INPUT, CHECK_FAILED, ENVIRONMENT, IN_USE, OK, lang_option, show

if TYPE_CHECKING:
    from capacity.inputs.scenario import Scenario
    from capacity.outputs.result import Result
    from capacity.outputs.runfolder import Options

RUNS = Path("runs")
_SHOWN = 12


def _threshold(_: click.Context, __: click.Parameter, value: str | None) -> float | None:
    if value is None:
        return None
    if not (match := re.fullmatch(r"shortage:(\d+(?:\.\d+)?)", value)):
        raise click.BadParameter("expected shortage:N, for example shortage:5000")
    return float(match[1])


@click.command("run")
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Run folder (of one).")
@click.option("--draws", type=click.IntRange(min=0), help="Sampled worlds; 0 is the central run.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the draws.  [default: 1]")
@lang_option
@click.option("--workers", type=click.IntRange(min=1), help="Processes; the cores by default.")
@click.option("--no-charts", is_flag=True, help="Tables only.")
@click.option("--overwrite", is_flag=True, help="Replace another run in the folder.")
@click.option("--fail-on", callback=_threshold, help="shortage:N exits 1 where any year has more.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def command(
    scenarios: tuple[Path, ...],
    output: Path | None,
    draws: int | None,
    seed: int | None,
    lang: str | None,
    workers: int | None,
    no_charts: bool,
    overwrite: bool,
    fail_on: float | None,
    as_json: bool,
) -> int:
    """Run SCENARIO files; each leaves a folder of tables and charts (runs/<scenario>)."""
    from capacity.outputs.runfolder import Options
    from capacity.outputs.words import language

    chosen = language(lang)
    options = Options(lang=chosen, charts=not no_charts)
    loaded = _load(scenarios, chosen)
    if loaded is None:
        return BAD_INPUT
    top = output if output is not None else RUNS
    single = output is not None and len(loaded) == 1
    codes, said = [], []
    for scenario in loaded:
        folder = top if single else top / scenario.name
        code, about = _one(scenario, folder, options, overwrite, fail_on, (draws, seed), as_json)
        codes.append(code)
        said.append(about)
    if as_json:
        body = said[0] if len(said) == 1 else {"format": "capacity.runs/1", "runs": said}
        click.echo(json.dumps(body, ensure_ascii=False, allow_nan=False))
    return max(codes)


def _load(paths: tuple[Path, ...], lang: str) -> list[Scenario] | None:
    """Read every scenario before anything is written; None where there are errors."""
    from capacity.errors import Problems
    from capacity.inputs.scenario import read_scenario

    problems, loaded = Problems(), []
    for path in paths:
        scenario = read_scenario(path, problems)
        if scenario is not None:
            loaded.append(scenario)
    show(problems.errors, lang)
    names = [scenario.name for scenario in loaded]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        click.echo(f"two scenarios are named {', '.join(twice)}: rename one", err=True)
        return None
    return None if problems.errors else loaded


def _one(
    scenario: Scenario,
    folder: Path,
    options: Options,
    overwrite: bool,
    fail_on: float | None,
    chance: tuple[int | None, int | None],
    quiet: bool,
) -> tuple[int, dict[str, Any]]:
    """Run one scenario into its folder, and say what it gives."""
    from capacity import api
    from capacity.errors import InputError
    from capacity.outputs import runfolder

    scenario = api.with_chance(scenario, *chance)
    about: dict[str, Any] = {"format": "capacity.run/1", "scenario": scenario.name}
    about |= {"folder": str(folder), "seed": scenario.chance.seed}
    try:
        finished = runfolder.holds(folder, scenario, options)
    except runfolder.FolderTakenError:
        finished = False
        if not overwrite:
            click.echo(
                f"{folder}: holds something else; choose another folder with -o, or --overwrite",
                err=True,
            )
            return BAD_INPUT, about | {"state": "refused"}
    try:
        result = api.run(scenario)
        if not finished:
            runfolder.write(result, folder, options, _progress(scenario.name))
    except InputError as error:
        show(error.problems, options.lang)
        return BAD_INPUT, about | {"state": "refused"}
    except runfolder.FolderInUseError:
        click.echo(f"{folder}: another run is writing here; wait for it to end", err=True)
        return IN_USE, about | {"state": "in use"}
    except OSError as error:
        click.echo(f"{error.filename or folder}: {error.strerror or error}", err=True)
        return ENVIRONMENT, about | {"state": "failed"}
    about["state"] = "unchanged" if finished else "done"
    if not quiet:
        _print(result, folder, options.lang, finished)
    return _verdict(result, fail_on), about | _figures(result)


def _progress(name: str) -> Callable[[str], None]:
    live = sys.stderr.isatty()

    def tell(step: str) -> None:
        if live:
            click.echo(f"\r\033[K{name}: {step}", err=True, nl=False)

    return tell


def _print(result: Result, folder: Path, lang: str, finished: bool) -> None:
    from capacity.outputs import terminal
    from capacity.outputs.labels import said

    frame, labels = result.frame(), result.labels
    if sys.stderr.isatty():
        click.echo("\r\033[K", err=True, nl=False)
    show(result.notes, lang, _SHOWN)
    following = labels.base_year + 1
    blocks = [said(labels.title, lang, labels.scenario), said(labels.question, lang, "")]
    blocks += [result.summary(lang), ""]
    if following in set(frame["year"]):
        blocks += [terminal.classes(result.entry, labels, following, lang), ""]
    blocks += [terminal.by_year(frame, labels, lang), ""]
    state = {"en": "unchanged" if finished else "written", "zh": "未变" if finished else "已写入"}
    blocks.append(f"{folder}: {state[lang]} (seed {result.scenario.chance.seed})")
    click.echo("\n".join(blocks))


def _verdict(result: Result, fail_on: float | None) -> int:
    if not result.passed:
        checks = result.checks
        for law in checks[~checks["passed"]]["law"]:
            click.echo(f"self-check failed: {law}", err=True)
        return CHECK_FAILED
    if fail_on is not None and result.greatest_shortage()[1] > fail_on:
        return CHECK_FAILED
    return OK


def _figures(result: Result) -> dict[str, Any]:
    """Give the headline as full-precision numbers; what is unknown is null."""
    frame = result.frame()
    whole = frame[(frame["region"] == "all") & (frame["level"] == "all")]
    names = ("demand", "places", "places_listed", "gap", "shortage", "shortage_after")
    years = [
        {"year": int(row["year"])} | {name: _number(row[name]) for name in names}
        for row in whole.to_dict("records")
    ]
    return {"checks_passed": result.passed, "unit": "places", "years": years}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
