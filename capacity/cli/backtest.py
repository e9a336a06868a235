"""``capacity backtest``: how good forecasts of a district's own past were."""

from __future__ import annotations

import json
import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity.base.words import word
from capacity.cli.common import (
    BAD_INPUT,
    ENVIRONMENT,
    IN_USE,
    OK,
    lang_option,
    problem_lines,
    system_words,
    tell,
)

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District
    from capacity.studies.backtest.study import BacktestResult

BACKTESTS = Path("backtests")


def _grades(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, int] | None:
    if value is None:
        return None
    if not (match := re.fullmatch(r"(-?\d+)[-–](-?\d+)", value.strip())):
        raise click.BadParameter("expected FIRST-LAST, for example 0-11")
    return int(match[1]), int(match[2])


@click.command("backtest")
@click.argument("district", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR",
    help="Folder of the back-test.  [default: backtests/<district>]",
)  # fmt: skip
@click.option("--horizons", type=click.IntRange(1, 60), default=6, show_default=True)
@click.option(
    "--draws", type=click.IntRange(0, 1_000_000), default=1000, show_default=True,
    help="Sampled worlds behind each band; 0 gives no bands.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True)
@click.option("--grades", callback=_grades, metavar="A-B", help="Of these grades alone: 0-11.")
@click.option("--write", is_flag=True, help="Store the accuracy in DIR, for its runs to show.")
@lang_option
@click.option("--workers", type=click.IntRange(min=1), help="Threads; the cores by default.")
@click.option("--no-charts", is_flag=True, help="Tables only.")
@click.option("--overwrite", is_flag=True, help="Replace another back-test in the folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def command(
    district: Path,
    output: Path | None,
    horizons: int,
    draws: int,
    seed: int,
    grades: tuple[int, int] | None,
    write: bool,
    lang: str | None,
    workers: int | None,
    no_charts: bool,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Measure forecasts of the district in DIR on its own past.

    From every year with three before it, what would have been forecast with what was known
    then, beside what came: accuracy.csv, forecasts.csv, years.csv and a chart.
    """
    from capacity import api
    from capacity.base.errors import InputError
    from capacity.base.words import language

    chosen = language(lang)
    try:
        whole = api.district_from(district)
        result = api.backtest(
            whole,
            horizons=horizons,
            draws=draws,
            seed=seed,
            grades=grades,
            workers=workers or os.cpu_count(),
            progress=lambda year: tell(word("cli.backtest_origin", chosen, year=year)),
        )
    except InputError as error:
        tell("")
        for line in problem_lines(error.problems, chosen):
            click.echo(line, err=True)
        return BAD_INPUT
    tell("")
    for line in problem_lines(whole.warnings, chosen):
        click.echo(line, err=True)
    folder = output or BACKTESTS / result.district.name
    code, state, line = _keep(result, folder, chosen, charts=not no_charts, overwrite=overwrite)
    if as_json:
        said = _figures(result) | {"folder": str(folder), "state": state}
        click.echo(json.dumps(said, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(result.summary(chosen) + "\n")
    click.echo(line, err=as_json or code != OK)
    return code or (_store(result, whole, chosen) if write else OK)


def _keep(
    result: BacktestResult, folder: Path, lang: str, *, charts: bool, overwrite: bool
) -> tuple[int, str, str]:
    """Write the folder; give the exit code, the state and how to say it."""
    from capacity.results import draft, runfolder
    from capacity.studies.backtest import folder as backtest_folder

    options = runfolder.Options(lang, charts)
    try:
        state = backtest_folder.keep(result, folder, options, overwrite=overwrite)
    except draft.FolderTakenError as error:
        line = word("cli.taken", lang, said=error.text(lang))
        more = "" if overwrite else word("cli.or_overwrite", lang)
        return BAD_INPUT, "refused", line + more
    except draft.FolderInUseError:
        return IN_USE, "in use", word("cli.backtest_in_use", lang, folder=folder)
    except OSError as error:
        return ENVIRONMENT, "failed", system_words(error, folder, lang)
    line = word(f"cli.backtest_is_{state}", lang, folder=folder, seed=result.seed)
    return OK, "written" if state == "written" else "unchanged", line


def _store(result: BacktestResult, whole: District, lang: str) -> int:
    from capacity.studies.backtest import folder as backtest_folder

    try:
        path = backtest_folder.store(result, whole)
    except OSError as error:
        click.echo(system_words(error, whole.folder, lang), err=True)
        return ENVIRONMENT
    click.echo(word("cli.backtest_stored", lang, path=path), err=True)
    return OK


def _figures(result: BacktestResult) -> dict[str, Any]:
    """Give the scores as full-precision numbers; what is unknown is null."""
    from capacity.studies.backtest import folder as backtest_folder

    rows = [
        {str(name): _number(value) for name, value in row.items()}
        for row in result.accuracy.to_dict("records")
    ]
    facts = {"format": backtest_folder.FORMAT, "identity": result.identity}
    return facts | backtest_folder.facts(result) | {"accuracy": rows}


def _number(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
